//! The copy loop and where its bytes go: the one place that decides how fast an upgrade is.

use std::io::{self, Read, Write};

use super::chunk::CHUNK;
use super::pipeline::Pipeline;
use crate::archive::error::ArchiveError;
use crate::archive::read::input::InputFile;
use crate::archive::share::blocks::{AT_ONCE, SpanCopy, whole};
use crate::edit::Span;
use crate::watch::{Interrupted, Watch};

/// The target, as far as it is written. Small writes are gathered, so that all leave in chunks that
/// begin at multiples of their size: the system then never has to fill in half a page.
#[derive(Debug)]
pub(in crate::archive) struct TargetWriter {
    /// A chunk's room, of which the first `filled` bytes are on their way.
    chunk: Vec<u8>,
    filled: usize,
    /// Position behind what has left.
    left: u64,
    way: SpanCopy,
    pipeline: Pipeline,
}

impl TargetWriter {
    pub(in crate::archive) fn new(mut pipeline: Pipeline, way: SpanCopy) -> Self {
        Self {
            chunk: pipeline.chunk(),
            filled: 0,
            left: 0,
            way,
            pipeline,
        }
    }

    /// Bytes written so far.
    pub(in crate::archive) fn at(&self) -> u64 {
        self.left + self.filled as u64
    }

    pub(in crate::archive) fn put(&mut self, mut bytes: &[u8]) -> Result<(), Interrupted> {
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

    /// Lets go of what is left; returns the size of the target in bytes.
    pub(in crate::archive) fn finish(mut self) -> Result<u64, Interrupted> {
        self.send(Origin::Written)?;
        Ok(self.left)
    }

    /// Copies a span of the source as it is, or shares its blocks.
    pub(in crate::archive) fn copy(
        &mut self,
        input: &InputFile,
        span: Span,
        watch: &dyn Watch,
    ) -> Result<(), ArchiveError> {
        self.send(Origin::Written)?;
        let mut rest = span;
        if self.way == SpanCopy::Share
            && let Some(blocks) = whole(span, self.left)
        {
            rest.end = blocks.start;
            self.carry(input, rest, Origin::Copied, watch)?;
            rest.start = self.share(input, blocks, watch)?;
            rest.end = span.end;
        }
        self.carry(input, rest, Origin::Copied, watch)
    }

    /// Shares whole blocks for as long as the disk does, and returns how far that is.
    fn share(
        &mut self,
        input: &InputFile,
        blocks: Span,
        watch: &dyn Watch,
    ) -> Result<u64, ArchiveError> {
        let mut at = blocks.start;
        while at < blocks.end {
            let end = blocks.end.min(at + AT_ONCE);
            let part = Span { start: at, end };
            self.way = self.pipeline.share(part, self.left)?;
            if self.way == SpanCopy::Copy {
                break;
            }
            self.carry(input, part, Origin::Shared, watch)?;
            at = end;
        }
        Ok(at)
    }

    /// Passes a span of the source on to all who want its bytes.
    fn carry(
        &mut self,
        input: &InputFile,
        span: Span,
        origin: Origin,
        watch: &dyn Watch,
    ) -> Result<(), ArchiveError> {
        if origin == Origin::Shared && !self.pipeline.digests() {
            self.left += span.len();
            return Ok(watch.advance(span.len())?);
        }
        let mut extent = input.extent(span.start, span.end);
        while extent.left() > 0 {
            let room = self.room();
            let chunk = self.chunk.get_mut(..room).unwrap_or_default();
            self.filled = extent.read(chunk).map_err(|e| input.reading(e))?;
            let count = self.filled as u64;
            self.send(origin)?;
            watch.advance(count)?;
        }
        Ok(())
    }

    /// Leaves out a span of the source, which its digest still is of.
    pub(in crate::archive) fn pass(&mut self, span: Span) {
        self.pipeline.passed(span);
    }

    /// Bytes up to the next multiple of the chunk size.
    fn room(&self) -> usize {
        let within = self.left % CHUNK as u64;
        CHUNK - usize::try_from(within).unwrap_or_default()
    }

    fn send(&mut self, origin: Origin) -> Result<(), Interrupted> {
        if self.filled == 0 {
            return Ok(());
        }
        let mut bytes = std::mem::take(&mut self.chunk);
        bytes.truncate(self.filled);
        self.left += self.filled as u64;
        self.filled = 0;
        match origin {
            Origin::Written => self.pipeline.written(bytes)?,
            Origin::Copied => self.pipeline.copied(bytes)?,
            Origin::Shared => self.pipeline.shared(bytes),
        }
        self.chunk = self.pipeline.chunk();
        Ok(())
    }
}

/// Where the bytes of a chunk come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Written,
    Copied,
    /// In the target already, and wanted by the digests alone.
    Shared,
}

/// For encoders: the errors carry an [`ArchiveError`], so that they are not taken for read errors.
impl Write for TargetWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes)
            .map_err(|stopped| ArchiveError::from(stopped).into_io())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // once, at the end
    }
}
