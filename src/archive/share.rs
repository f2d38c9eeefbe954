//! Sharing blocks: where a file system lets two files stand on the same blocks of the disk
//! (reflink), untouched bytes are not copied at all, and an upgrade takes no longer for being large.
//!
//! Only whole blocks can be shared, and only with a place as far into a block. But an edit of
//! `data.xml` moves everything behind it by any number of bytes. So an entry that is written anew
//! before a long untouched span gets as many empty blocks of deflate before its last one as it takes
//! for the span to move by whole blocks of the disk: at most 4095 of five bytes each. No reader sees
//! them, and unlike an extra field they change no header and can still be written when all that
//! comes before them is. An entry that is not deflated has no room for them; what follows it is
//! copied.
//!
//! The blocks are there on every disk, so that the same source becomes the same bytes everywhere.
//! Whether the disk shares is tried once, beforehand; where it does not, or stops to, bytes are
//! copied as ever.

use std::fmt;
use std::io;
use std::path::Path;

use super::error::ArchiveError;
use super::input::Input;
use crate::edit::Span;

/// Bytes of a block of the disk, as btrfs and XFS have it unless they are told otherwise. A disk
/// with larger ones refuses, and bytes are copied.
pub(super) const BLOCK: u64 = 4096;

/// How long a span has to be for its blocks to be shared, and for the entry before it to grow by up
/// to 20 kB; shorter ones are copied in no time.
pub(super) const WORTH: u64 = 1 << 20;

/// How much is shared at once: little enough to stop in between, more than a file system keeps in
/// one piece. Tests have several.
pub(super) const PIECE: u64 = if cfg!(test) { 1 << 20 } else { 1 << 30 };

/// An empty block of deflate, not the last one, from a byte's first bit on (documented: RFC 1951,
/// 3.2.4).
pub(super) const EMPTY: [u8; 5] = [0, 0, 0, 0xff, 0xff];

/// The inverse of five, modulo [`BLOCK`].
const FIFTH: u64 = 3277;

/// How many empty blocks of deflate make what ends at `end` end as far into a block as `like`.
pub(super) const fn empties(end: u64, like: u64) -> u64 {
    like.wrapping_sub(end).wrapping_mul(FIFTH) % BLOCK
}

/// The whole blocks in a span of the source that goes to `to`, where it is worth it and both lie
/// alike.
pub(super) fn whole(span: Span, to: u64) -> Option<Span> {
    let alike = span.start % BLOCK == to % BLOCK;
    (alike && span.len() >= WORTH).then(|| Span {
        start: span.start.next_multiple_of(BLOCK),
        end: span.end - span.end % BLOCK,
    })
}

/// How an untouched span gets into the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Its whole blocks are shared.
    Share,
    /// Byte by byte.
    Copy,
}

/// The disk that an archive is written to, as far as it is asked for more than to take bytes.
pub(super) trait Disk: fmt::Debug + Sync {
    /// Sees to it that there is room for `bytes` in all at `target`, and returns how `spans` of `input`
    /// get there; what is shared needs no room.
    fn prepare(
        &self,
        target: &Path,
        input: &Input,
        bytes: u64,
        spans: &[Span],
    ) -> Result<Way, ArchiveError>;

    /// Makes whole blocks of `input` those of the target from `to` on, where the target ends so far,
    /// and goes on behind them. Whatever it did before an error is written over.
    fn share(&self, input: &Input, span: Span, to: u64) -> io::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_blocks_move_any_end_to_any_place_within_a_block() {
        for like in [0, 1, 4095, 4096, 123_456_789] {
            for end in 0..2 * BLOCK {
                let blocks = empties(end, like);
                assert!(blocks < BLOCK);
                assert_eq!((end + 5 * blocks) % BLOCK, like % BLOCK);
            }
        }
    }

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
