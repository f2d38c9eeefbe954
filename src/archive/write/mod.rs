//! Writing: untouched spans are copied, entries with edits written anew, everything into a sink that
//! is given.

pub(in crate::archive) mod chunk;
pub(in crate::archive) mod digest;
pub(in crate::archive) mod pack;
pub(in crate::archive) mod pipeline;
pub(in crate::archive) mod rewrite;
pub(in crate::archive) mod sink;
pub(in crate::archive) mod stored;
pub(in crate::archive) mod target;
pub(in crate::archive) mod upgrade;
