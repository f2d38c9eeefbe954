//! Reading: an archive is checked once, then read at positions and never written.

pub(in crate::archive) mod central;
pub(in crate::archive) mod content;
pub(in crate::archive) mod end_records;
pub(in crate::archive) mod entry;
pub(in crate::archive) mod extra;
pub(in crate::archive) mod input;
pub(in crate::archive) mod local;
pub(in crate::archive) mod looks;
pub(in crate::archive) mod names;
pub(in crate::archive) mod preflight;
pub(in crate::archive) mod source;
pub(in crate::archive) mod wanted;
pub(in crate::archive) mod wire;
