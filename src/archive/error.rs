//! What can be wrong with an archive, each with its evidence, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::read::looks::Looks;
use crate::io_error::{help_to_read, help_to_write};
use crate::watch::Interrupted;

/// Whose fault it is; the exit code follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The archive is not one that may be migrated, or not to that target.
    Refused,
    /// Reading or writing failed; the archive may well be good.
    Io,
    /// The work was asked to stop.
    Interrupted,
}

/// An archive could not be opened, read or written.
///
/// Names come from the archive as they are; whoever shows a message to people cleans it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)] // each message says what its fields are
pub enum ArchiveError {
    #[error("not a file: {}", path.display())]
    NotAFile { path: PathBuf },
    #[error("not a ZIP: {looks}")]
    NotAZip { looks: Looks },
    #[error("a folder, and not the archive that was unpacked into it: {}", path.display())]
    Unpacked { path: PathBuf },
    #[error("truncated: {evidence}")]
    Truncated { evidence: String },
    #[error("{count} bytes follow the end of the archive at byte {at}")]
    TrailingBytes { at: u64, count: u64 },
    #[error("{count} bytes precede the archive and its offsets do not count them")]
    Prefixed { count: u64 },
    #[error("written without zip64: {what} are counted modulo {span}")]
    Wrapped {
        what: &'static str,
        span: &'static str,
    },
    #[error("part of a multi-disk archive: {evidence}")]
    MultiDisk { evidence: String },
    #[error("contradictory end records: {evidence}")]
    EndRecords { evidence: String },
    #[error("broken central directory at byte {at}: {evidence}")]
    Directory { at: u64, evidence: String },
    #[error("wrong number of entries: got {found}, the end record says {claimed}")]
    EntryCount { found: u64, claimed: u64 },
    #[error("entry {name} lies outside the archive's data: bytes {start} to {end} of {limit}")]
    Outside {
        name: String,
        start: u64,
        end: u64,
        limit: u64,
    },
    #[error("entry {name} at byte {at} overlaps the one before it, which ends at byte {end}")]
    Overlap { name: String, at: u64, end: u64 },
    #[error("entry {name} is encrypted (flags {flags:04x}, method {method})")]
    Encrypted {
        name: String,
        flags: u16,
        method: u16,
    },
    #[error("unsafe entry name {name:?}: {evidence}")]
    UnsafeName {
        name: String,
        evidence: &'static str,
    },
    #[error("two entries for one document: {first} and {second}")]
    Duplicate { first: String, second: String },
    #[error("entry {name:?} is not called {document}, but would be unpacked as that")]
    Misspelt {
        name: String,
        document: &'static str,
    },
    #[error("entry {name} uses compression method {method}")]
    Method { name: String, method: u16 },
    #[error("entry {name}: no local header at byte {at}")]
    NoLocalHeader { name: String, at: u64 },
    #[error("entry {name}: local {field} is {local}, central {field} is {central}")]
    Mismatch {
        name: String,
        field: &'static str,
        local: String,
        central: String,
    },
    #[error("entry {name}: the data descriptor at byte {at} does not repeat the central record")]
    Descriptor { name: String, at: u64 },
    #[error("entry {name}: bad CRC: got {got:08x}, expected {expected:08x}")]
    Crc {
        name: String,
        got: u32,
        expected: u32,
    },
    #[error("entry {name}: bad size: got {}{got} bytes, expected {expected}", 
        if *got > *expected { "at least " } else { "" })]
    Size {
        name: String,
        got: u64,
        expected: u64,
    },
    #[error("entry {name}: corrupt deflate stream: {evidence}")]
    Deflate { name: String, evidence: String },
    #[error("entry {name} ends before the last edit, after {size} bytes")]
    EditsOutside { name: String, size: u64 },
    #[error("entry {name} has no room left for a zip64 extra field")]
    ExtraFull { name: String },
    #[error("the source changed while it was read: {}", path.display())]
    SourceChanged { path: PathBuf },
    #[error("the source shrank while it was read: {} ends before byte {at}", path.display())]
    SourceShrank { path: PathBuf, at: u64 },
    #[error("cannot read {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("no room for {}: it takes {needed} bytes, {free} are free", path.display())]
    NoSpace {
        path: PathBuf,
        needed: u64,
        free: u64,
    },
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl ArchiveError {
    /// The file that it names, if it names one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::NotAFile { path }
            | Self::Unpacked { path }
            | Self::SourceChanged { path }
            | Self::SourceShrank { path, .. }
            | Self::Read { path, .. }
            | Self::NoSpace { path, .. }
            | Self::Write { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::SourceChanged { .. }
            | Self::SourceShrank { .. }
            | Self::Read { .. }
            | Self::NoSpace { .. }
            | Self::Write { .. } => ErrorKind::Io,
            Self::Interrupted(_) => ErrorKind::Interrupted,
            _ => ErrorKind::Refused,
        }
    }

    /// What the reader of the message can do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotAZip { looks } => looks.help(),
            Self::NotAFile { .. } => "give the archive itself, as it was exported",
            Self::Truncated { .. } | Self::TrailingBytes { .. } | Self::EndRecords { .. } => {
                "the file was not transferred completely or was changed; copy or export it again"
            }
            Self::Prefixed { .. } => {
                "export the archive again, or unzip it, check its content and zip it again"
            }
            Self::Wrapped { .. } => {
                "macOS's Finder (Compress) and old tools write such archives, and the server may not \
                 read them either; export it again, or unzip it where it was made and zip its content \
                 with a tool that knows zip64, such as 7-Zip"
            }
            Self::Unpacked { .. } => {
                "give the archive itself; if that is lost, zip what is in the folder, and not the folder"
            }
            Self::Misspelt { .. } => {
                "zip the archive again with exactly that name, without a folder and without ./"
            }
            Self::MultiDisk { .. } => "join the parts into one archive first",
            Self::Directory { .. } | Self::EntryCount { .. } => {
                "the archive is damaged; copy or export it again"
            }
            Self::Outside { .. } | Self::Overlap { .. } | Self::UnsafeName { .. } => {
                "no export has such entries; find out where it comes from, or export it again"
            }
            Self::Encrypted { .. } => "decrypt the archive with the tool that encrypted it",
            Self::Duplicate { .. } => "keep one of the two entries and zip the archive again",
            Self::Method { .. } => "zip the archive again with deflate or without compression",
            Self::NoLocalHeader { .. } | Self::Mismatch { .. } | Self::Descriptor { .. } => {
                "the archive contradicts itself; unzip it, check its content and zip it again"
            }
            Self::Crc { .. } | Self::Size { .. } | Self::Deflate { .. } => {
                "the entry is damaged; copy or export the archive again"
            }
            Self::EditsOutside { .. } | Self::SourceChanged { .. } | Self::SourceShrank { .. } => {
                "something else writes to the archive; wait for it to finish and try again"
            }
            Self::ExtraFull { .. } => "zip the archive again without extra fields",
            Self::Read { source, .. } => help_to_read(source),
            Self::NoSpace { .. } => "free some space, or choose a target on another disk",
            Self::Write { source, .. } => help_to_write(source),
            Self::Interrupted(_) => "nothing was written; run it again",
        }
    }

    /// Carries this error through a [`std::io::Read`] or [`std::io::Write`].
    pub(super) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }

    /// The archive error that an [`EntryReader`](super::EntryReader)'s `io::Error` carries.
    ///
    /// # Errors
    /// Gives back an error that carries none.
    pub fn from_io(error: io::Error) -> Result<Self, io::Error> {
        error.downcast::<Self>()
    }
}
