//! Where the history lies.

use std::path::PathBuf;

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
