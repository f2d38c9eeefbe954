//! Where an archive is written to.

use std::fs::File;
use std::path::Path;

use crate::archive::error::ArchiveError;
use crate::archive::read::input::InputFile;
use crate::archive::share::blocks::{Disk, SpanCopy};
use crate::archive::share::disk::Flushed;
use crate::edit::Span;

/// A place for an archive.
#[derive(Debug)]
pub struct Sink<'a, W> {
    /// What error messages call it.
    pub path: &'a Path,
    /// Receives the bytes, in order.
    pub out: W,
    /// Where they end up, if that can do more.
    pub(in crate::archive) disk: Option<&'a dyn Disk>,
}

impl<'a> Sink<'a, Flushed<'a>> {
    /// An empty file, which is or will be at `path`.
    pub fn file(path: &'a Path, file: &'a File) -> Self {
        Self {
            path,
            out: Flushed::new(file),
            disk: Some(file),
        }
    }
}

impl<'a, W> Sink<'a, W> {
    /// One that only receives.
    pub const fn new(path: &'a Path, out: W) -> Self {
        Self {
            path,
            out,
            disk: None,
        }
    }

    /// Sees to it that there is room for `bytes` in all, and says how `spans` of the source get
    /// there.
    pub(in crate::archive) fn prepare(
        &self,
        input: &InputFile,
        bytes: u64,
        spans: &[Span],
    ) -> Result<SpanCopy, ArchiveError> {
        self.disk.map_or(Ok(SpanCopy::Copy), |disk| {
            disk.prepare(self.path, input, bytes, spans)
        })
    }

    /// Shares blocks of the source, or says that they have to be copied.
    pub(in crate::archive) fn share(&self, input: &InputFile, blocks: Span, to: u64) -> SpanCopy {
        let shared = self.disk.map(|disk| disk.share(input, blocks, to));
        match shared {
            Some(Ok(())) => SpanCopy::Share,
            Some(Err(error)) => {
                let at = blocks.start;
                tracing::debug!(
                    "the disk shares nothing from byte {at} on, so it is copied: {error}"
                );
                SpanCopy::Copy
            }
            None => SpanCopy::Copy,
        }
    }
}
