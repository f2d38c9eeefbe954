//! How a rewritten entry is compressed: the way it was.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::stored::Stored;
use crate::archive::error::ArchiveError;
use crate::archive::read::entry::Entry;

/// Compresses into `W`.
pub(in crate::archive) enum Pack<W: Write> {
    Plain(W),
    Stored(Stored<W>),
    /// With room for what is compressed and not in `W` yet.
    Deflate(DeflateEncoder<Vec<u8>>, W),
}

impl<W: Write> Pack<W> {
    /// By the entry's method; a deflate stream no smaller than its content was made at level 0.
    /// Some writers store so (seen).
    pub(in crate::archive) fn like(entry: &Entry, inner: W) -> Result<Self, ArchiveError> {
        match entry.method {
            Entry::STORE => Ok(Self::Plain(inner)),
            Entry::DEFLATE if entry.compressed_size >= entry.size => {
                Ok(Self::Stored(Stored::new(inner)))
            }
            Entry::DEFLATE => Ok(Self::Deflate(
                DeflateEncoder::new(Vec::new(), Compression::default()),
                inner,
            )),
            method => Err(ArchiveError::Method {
                name: entry.name().into(),
                method,
            }),
        }
    }

    /// Brings a deflate stream to the end of a block and of a byte, where other blocks can follow.
    pub(in crate::archive) fn seal(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) | Self::Stored(_) => Ok(()),
            Self::Deflate(deflate, inner) => {
                deflate.flush()?;
                drain(deflate, inner)
            }
        }
    }

    /// Ends the stream but for its last bytes, which are returned apart; once it is sealed they are
    /// its last block.
    pub(in crate::archive) fn end(self) -> io::Result<(W, Vec<u8>)> {
        match self {
            Self::Plain(inner) => Ok((inner, vec![])),
            Self::Stored(stored) => stored.end(),
            Self::Deflate(deflate, inner) => Ok((inner, deflate.finish()?)),
        }
    }
}

/// Passes on what is compressed.
fn drain(deflate: &mut DeflateEncoder<Vec<u8>>, inner: &mut impl Write) -> io::Result<()> {
    let packed = deflate.get_mut();
    inner.write_all(packed)?;
    packed.clear();
    Ok(())
}

impl<W: Write> Write for Pack<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => inner.write(bytes),
            Self::Stored(stored) => stored.write(bytes),
            Self::Deflate(deflate, inner) => {
                let count = deflate.write(bytes)?;
                drain(deflate, inner)?;
                Ok(count)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // would end a deflate block early
    }
}
