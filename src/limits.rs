//! How much of anything is believed before it is refused, and why.
//!
//! Memory follows the number of entries and grants, never what an archive claims about itself;
//! each limit below keeps one such claim in bounds.

/// Longest name of a ZIP entry, in bytes: the format's own 16-bit limit.
pub const ENTRY_NAME_BYTES: usize = u16::MAX as usize;
