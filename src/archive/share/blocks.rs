//! Where a file system lets two files stand on the same blocks of the disk (reflink), untouched bytes
//! are not copied at all, and an upgrade takes no longer for being large.
//!
//! Whether the disk shares is tried once, beforehand; where it does not, or stops to, bytes are
//! copied as ever.

use std::fmt;
use std::io;
use std::path::Path;

use super::padding::BLOCK;
use crate::archive::error::ArchiveError;
use crate::archive::read::input::InputFile;
use crate::edit::Span;

/// How many bytes a span has to have for its blocks to be shared, and for the entry before it to grow
/// by up to 20 kB; shorter ones are copied in no time.
pub(in crate::archive) const WORTH: u64 = 1 << 20;

/// How much is shared at once: little enough to stop in between, more than a file system keeps in
/// one piece. Tests have several.
pub(in crate::archive) const AT_ONCE: u64 = if cfg!(test) { 1 << 20 } else { 1 << 30 };

/// The whole blocks in a span of the source that goes to `to`, where it is worth it and both lie
/// alike.
pub(in crate::archive) fn whole(span: Span, to: u64) -> Option<Span> {
    let alike = span.start % BLOCK == to % BLOCK;
    (alike && span.len() >= WORTH).then(|| Span {
        start: span.start.next_multiple_of(BLOCK),
        end: span.end - span.end % BLOCK,
    })
}

/// How an untouched span gets into the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::archive) enum SpanCopy {
    /// Its whole blocks are shared.
    Share,
    /// Byte by byte.
    Copy,
}

/// The disk that an archive is written to, as far as it is asked for more than to take bytes.
pub(in crate::archive) trait Disk: fmt::Debug + Sync {
    /// Sees to it that there is room for `bytes` in all at `target`, and returns how `spans` of `input`
    /// get there; what is shared needs no room.
    fn prepare(
        &self,
        target: &Path,
        input: &InputFile,
        bytes: u64,
        spans: &[Span],
    ) -> Result<SpanCopy, ArchiveError>;

    /// Makes whole blocks of `input` those of the target from `to` on, where the target ends so far,
    /// and goes on behind them. Whatever it did before an error is written over.
    fn share(&self, input: &InputFile, span: Span, to: u64) -> io::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_blocks_are_shared_and_only_where_both_lie_alike() {
        let span = |start, end| Span { start, end };
        let long = span(4000, 4096 + 2 * WORTH + 7);
        let blocks = span(4096, 4096 + 2 * WORTH);
        assert_eq!(whole(long, 4000), Some(blocks));
        assert_eq!(whole(long, 4000 + 5 * BLOCK), Some(blocks));
        assert_eq!(whole(long, 4001), None);
        assert_eq!(whole(blocks, 0), Some(blocks));
        assert_eq!(whole(span(1, WORTH), 1), None);
    }
}
