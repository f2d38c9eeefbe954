//! The copy loop and where its bytes go: the one place that decides how fast an upgrade is.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::error::ArchiveError;
use super::input::Input;
use crate::edit::Span;
use crate::watch::Watch;

/// Bytes moved at once.
const CHUNK: usize = 1 << 20;

/// Where an archive is written to.
#[derive(Debug)]
pub struct Sink<'a, W> {
    /// What error messages call it.
    pub path: &'a Path,
    /// Receives the bytes, in order.
    pub out: W,
}

/// A sink that knows its position; small writes are gathered, chunks pass through.
pub(super) struct Output<'a, W: Write> {
    out: BufWriter<W>,
    path: &'a Path,
    at: u64,
}

impl<'a, W: Write> Output<'a, W> {
    pub(super) fn new(sink: Sink<'a, W>) -> Self {
        Self {
            out: BufWriter::with_capacity(CHUNK / 8, sink.out),
            path: sink.path,
            at: 0,
        }
    }

    /// Bytes written so far.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.out.write_all(bytes).map_err(|e| self.failed(e))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<u64, ArchiveError> {
        self.out.flush().map_err(|e| self.failed(e))?;
        Ok(self.at)
    }

    /// Copies a span of the source as it is.
    pub(super) fn copy(
        &mut self,
        input: &Input,
        span: Span,
        watch: &dyn Watch,
    ) -> Result<(), ArchiveError> {
        let room = usize::try_from(span.len()).unwrap_or(CHUNK).min(CHUNK);
        let mut chunk = vec![0; room];
        let mut extent = input.extent(span.start, span.end);
        while extent.left() > 0 {
            let count = extent.read(&mut chunk).map_err(|e| input.reading(e))?;
            self.put(chunk.get(..count).unwrap_or_default())?;
            watch.advance(count as u64)?;
        }
        Ok(())
    }

    pub(super) fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::from_io(source).unwrap_or_else(|source| ArchiveError::Write {
            path: self.path.into(),
            source,
        })
    }
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
