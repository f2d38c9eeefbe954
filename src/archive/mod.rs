//! ZIP, and nothing of what is in it: read by the central directory, copied span by span.
//!
//! Nothing is unpacked and packed again. A [`Source`] is checked once when it is opened;
//! [`upgrade()`] streams it to a sink and only the entries with edits are written anew. What lies
//! between two rewritten entries (local headers, compressed bytes, descriptors, even gaps) travels as
//! one span of the file, so it is identical by construction.

mod error;
mod read;
mod share;
mod write;

#[cfg(test)]
mod tests;

pub use error::{ArchiveError, ErrorKind};
pub use read::content::EntryReader;
pub use read::entry::Entry;
pub use read::looks::Looks;
pub use read::names::Names;
pub use read::source::{Entries, Source};
pub use read::wanted::Wanted;
pub use share::disk::Flushed;
pub use write::digest::{Digesting, Digests, sha256};
pub use write::pipeline::Digesters;
pub use write::rewrite::Rewrite;
pub use write::sink::Sink;
pub use write::upgrade::{Written, upgrade};
