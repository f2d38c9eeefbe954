//! The copy loop and where its bytes go: the one place that decides how fast an upgrade is.

use std::io::{self, Read, Write};
use std::path::Path;

use super::digest::{CHUNK, Tap};
use super::error::ArchiveError;
use super::input::Input;
use crate::edit::Span;
use crate::watch::Watch;

/// Where an archive is written to.
#[derive(Debug)]
pub struct Sink<'a, W> {
    /// What error messages call it.
    pub path: &'a Path,
    /// Receives the bytes, in order.
    pub out: W,
}

/// A sink that knows its position. Small writes are gathered, so that all leave in chunks that
/// begin at multiples of their size: the system then never has to fill in half a page.
pub(super) struct Output<'a, W: Write> {
    out: W,
    path: &'a Path,
    /// A chunk's room, of which the first `filled` bytes are on their way.
    chunk: Vec<u8>,
    filled: usize,
    /// Position behind what has left.
    left: u64,
    tap: Option<Tap>,
}

impl<'a, W: Write> Output<'a, W> {
    /// `tap` takes everything to the digests that are wanted.
    pub(super) fn new(sink: Sink<'a, W>, mut tap: Option<Tap>) -> Self {
        let chunk = tap.as_mut().map_or_else(|| vec![0; CHUNK], Tap::buffer);
        Self {
            out: sink.out,
            path: sink.path,
            chunk,
            filled: 0,
            left: 0,
            tap,
        }
    }

    /// Bytes written so far.
    pub(super) fn at(&self) -> u64 {
        self.left + self.filled as u64
    }

    pub(super) fn put(&mut self, mut bytes: &[u8]) -> Result<(), ArchiveError> {
        while !bytes.is_empty() {
            let room = self.room();
            let free = self.chunk.get_mut(self.filled..room).unwrap_or_default();
            let take = free.len().min(bytes.len());
            let (first, rest) = bytes.split_at_checked(take).unwrap_or_default();
            if let Some(free) = free.get_mut(..take) {
                free.copy_from_slice(first);
            }
            self.filled += take;
            bytes = rest;
            if self.filled == room {
                self.send(Origin::Written)?;
            }
        }
        Ok(())
    }

    /// Writes what is left, and ends the digests' input.
    pub(super) fn finish(mut self) -> Result<u64, ArchiveError> {
        self.send(Origin::Written)?;
        self.out.flush().map_err(|e| self.failed(e))?;
        Ok(self.left)
    }

    /// Copies a span of the source as it is.
    pub(super) fn copy(
        &mut self,
        input: &Input,
        span: Span,
        watch: &dyn Watch,
    ) -> Result<(), ArchiveError> {
        self.send(Origin::Written)?;
        let mut extent = input.extent(span.start, span.end);
        while extent.left() > 0 {
            let room = self.room();
            let chunk = self.chunk.get_mut(..room).unwrap_or_default();
            self.filled = extent.read(chunk).map_err(|e| input.reading(e))?;
            let count = self.filled as u64;
            self.send(Origin::Copied)?;
            watch.advance(count)?;
        }
        Ok(())
    }

    /// Leaves out a span of the source, which its digest still is of.
    pub(super) fn pass(&mut self, span: Span) {
        if let Some(tap) = &self.tap {
            tap.passed(span);
        }
    }

    pub(super) fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::from_io(source).unwrap_or_else(|source| ArchiveError::Write {
            path: self.path.into(),
            source,
        })
    }

    /// Bytes up to the next multiple of the chunk size.
    fn room(&self) -> usize {
        let within = self.left % CHUNK as u64;
        CHUNK - usize::try_from(within).unwrap_or_default()
    }

    fn send(&mut self, origin: Origin) -> Result<(), ArchiveError> {
        let bytes = self.chunk.get(..self.filled).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(bytes).map_err(|e| self.failed(e))?;
        self.left += bytes.len() as u64;
        if let Some(tap) = &mut self.tap {
            let mut bytes = std::mem::take(&mut self.chunk);
            bytes.truncate(self.filled);
            match origin {
                Origin::Written => tap.written(bytes),
                Origin::Copied => tap.copied(bytes),
            }
            self.chunk = tap.buffer();
        }
        self.filled = 0;
        Ok(())
    }
}

/// Where the bytes of a chunk come from.
#[derive(Debug, Clone, Copy)]
enum Origin {
    Written,
    Copied,
}

/// For encoders: the errors carry an [`ArchiveError`], so that they are not taken for read errors.
impl<W: Write> Write for Output<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes).map_err(ArchiveError::into_io)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // once, at the end
    }
}
