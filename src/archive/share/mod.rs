//! Sharing: blocks of the disk that source and target stand on together, where a file system can.

pub(in crate::archive) mod blocks;
pub(in crate::archive) mod disk;
pub(in crate::archive) mod padding;
