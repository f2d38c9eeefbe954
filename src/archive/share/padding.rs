//! The padding that lets blocks be shared, alone in this file with its reason.
//!
//! A disk shares only whole blocks, and only with a place as far into a block. But an edit in an entry
//! moves everything behind it by any number of bytes. So an entry that is written anew before a long
//! untouched span gets as many empty blocks of deflate before its last one as it takes for the span to
//! move by whole blocks of the disk: at most 4095 of five bytes each. No reader sees them, and unlike
//! an extra field they change no header and can still be written when all that comes before them is.
//! An entry that is not deflated has no room for them; what follows it is copied.
//!
//! The padding is there on every disk, so that the same source becomes the same bytes everywhere.

/// Bytes of a block of the disk, as btrfs and XFS have it unless they are told otherwise. A disk
/// with larger ones refuses, and bytes are copied.
pub(in crate::archive) const BLOCK: u64 = 4096;

/// An empty block of deflate, not the last one, from a byte's first bit on (documented: RFC 1951,
/// 3.2.4).
pub(in crate::archive) const EMPTY: [u8; 5] = [0, 0, 0, 0xff, 0xff];

/// The inverse of five, modulo [`BLOCK`].
const FIFTH: u64 = 3277;

/// How many empty blocks of deflate make what ends at `end` end as far into a block as `like`.
pub(in crate::archive) const fn empties(end: u64, like: u64) -> u64 {
    like.wrapping_sub(end).wrapping_mul(FIFTH) % BLOCK
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
}
