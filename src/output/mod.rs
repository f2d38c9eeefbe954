//! Every file that the program writes takes its name here, so that none can harm another.
//!
//! [`Files`] knows all files of a run: what it reads and what it will write. An output that is an
//! input or another output, by whatever name, is refused before anything is written. A
//! [`TempOutput`] is written beside its target and takes its place when it is complete; it replaces
//! a regular file where that was asked for, and nothing else ever. An [`EventLog`] only grows, and
//! SQLite fills the history, whose files come from [`private`].
//!
//! No other room makes a folder, or creates, opens for writing, renames or removes a file; `clippy.toml` names
//! the calls that do. SQLite's files are opened in `history/store.rs` and, attached, in
//! `history/merge.rs`.

#![allow(
    clippy::disallowed_methods,
    reason = "this is the room that opens files for writing"
)]

mod error;
mod event_log;
mod files;
mod identity;
mod leftovers;
pub mod private;
mod temp;
mod turn;
mod unfinished;
#[cfg(windows)]
mod windows;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;

pub use error::OutputError;
pub use event_log::EventLog;
pub use files::{FileRole, Files};
pub use temp::{FileAccess, NewFile, SyncedOutput, TempOutput};
pub use turn::Turn;
#[cfg(feature = "cli")]
pub(crate) use unfinished::abandon;

/// Makes a folder, and those above it; one that is there stays as it is.
///
/// # Errors
/// Those of the system.
pub fn create_folder(path: &Path) -> io::Result<()> {
    fs_err::create_dir_all(path)
}

/// Whether an existing file may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// It may, if it is a regular file.
    Allowed,
    /// It is an error.
    Refused,
}

impl Overwrite {
    /// What `--force` means.
    pub const fn when(force: bool) -> Self {
        if force { Self::Allowed } else { Self::Refused }
    }
}
