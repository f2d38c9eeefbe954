//! How a rewritten entry is compressed: the way it was.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::entry::Entry;
use super::error::ArchiveError;
use super::stored::Stored;

/// Compresses into `W`.
pub(super) enum Pack<W: Write> {
    Plain(W),
    Stored(Stored<W>),
    Deflate(DeflateEncoder<W>),
}

impl<W: Write> Pack<W> {
    /// By the entry's method; a deflate stream no smaller than its content was made at level 0,
    /// as FME Flow does (seen).
    pub(super) fn like(entry: &Entry, inner: W) -> Result<Self, ArchiveError> {
        match entry.method {
            Entry::STORE => Ok(Self::Plain(inner)),
            Entry::DEFLATE if entry.compressed_size >= entry.size => {
                Ok(Self::Stored(Stored::new(inner)))
            }
            Entry::DEFLATE => Ok(Self::Deflate(DeflateEncoder::new(
                inner,
                Compression::default(),
            ))),
            method => Err(ArchiveError::Method {
                name: entry.name().into(),
                method,
            }),
        }
    }

    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(inner) => Ok(inner),
            Self::Stored(stored) => stored.finish(),
            Self::Deflate(deflate) => deflate.finish(),
        }
    }
}

impl<W: Write> Write for Pack<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => inner.write(bytes),
            Self::Stored(stored) => stored.write(bytes),
            Self::Deflate(deflate) => deflate.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // would end a deflate block early
    }
}
