//! The ZIP around a package: read by its central directory, copied span by span.
//!
//! Nothing is unpacked and packed again. A [`Source`] is checked once when it is opened;
//! [`upgrade()`] streams it to a sink and only the entries with edits are written anew. What lies
//! between two rewritten entries (local headers, compressed bytes, descriptors, even gaps) travels as
//! one span of the file, so it is identical by construction.

mod central;
mod copy;
mod digest;
mod disk;
mod document;
mod ends;
mod entry;
mod error;
mod extra;
mod input;
mod local;
mod looks;
mod names;
mod pack;
mod piece;
mod preflight;
mod read;
mod rewrite;
mod share;
mod sink;
mod source;
mod stored;
mod tap;
mod upgrade;
mod wire;

#[cfg(test)]
mod tests;

pub use digest::{Digesting, Digests, sha256};
pub use disk::Flushed;
pub use document::Document;
pub use entry::Entry;
pub use error::{ArchiveError, Kind};
pub use names::Names;
pub use read::EntryReader;
pub use rewrite::Rewrite;
pub use sink::Sink;
pub use source::{Entries, Source};
pub use tap::Digesters;
pub use upgrade::{Written, upgrade};
