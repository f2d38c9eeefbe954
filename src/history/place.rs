//! Where the history lies, and that nobody else may read it.

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::error::HistoryError;

/// Name of the file in the default place.
const FILE: &str = "history.sqlite";

/// The file in this system's folder for an application's state, such as
/// `~/.local/state/flowlift/history.sqlite`; where a system has no such folder, in the one for
/// local data.
///
/// # Errors
/// [`HistoryError::NoPlace`] for a user without a home.
pub fn default_place() -> Result<PathBuf, HistoryError> {
    let folders = ProjectDirs::from("", "", "flowlift").ok_or(HistoryError::NoPlace)?;
    let folder = folders
        .state_dir()
        .unwrap_or_else(|| folders.data_local_dir());
    Ok(folder.join(FILE))
}

/// Makes a folder, and those above it, for this user alone.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// How to make a file for this user alone. SQLite gives the files beside it the same mode.
pub(super) fn private_file() -> fs_err::OpenOptions {
    let mut options = fs_err::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
