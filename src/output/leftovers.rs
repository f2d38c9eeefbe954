//! What killed runs left, told from what is being written by a lock.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// How the name of every unfinished file ends, so that what a killed run left can be told.
pub(super) const TEMP_SUFFIX: &str = ".flowlift-tmp";

/// A temporary file that is locked while it is written, so that nobody takes it for one that a
/// killed run left. It may be taken for one before it is locked; then another is made.
#[cfg(unix)]
pub(super) fn claimed(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let temp = builder.tempfile_in(folder)?;
        // A file system without locks has none that could be cleared, either.
        if temp.as_file().lock().is_err() || temp.path().exists() {
            return Ok(temp);
        }
    }
}

/// Removes what killed runs left of the same target: its unfinished files that nobody has locked or,
/// where a lock would keep others from reading, open. What cannot be removed does no harm.
pub(super) fn clear(folder: &Path, prefix: &OsStr) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let middle = name
            .strip_prefix(prefix.as_encoded_bytes())
            .and_then(|rest| rest.strip_suffix(TEMP_SUFFIX.as_bytes()));
        let is_ours =
            middle.is_some_and(|it| it.len() == 6 && it.iter().all(u8::is_ascii_alphanumeric));
        // Not through a link, and nothing that would wait to be opened.
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if remove_left(&entry.path()).is_ok() {
            tracing::debug!("removed what a killed run left: {}", entry.path().display());
        }
    }
}

#[cfg(unix)]
fn remove_left(path: &Path) -> io::Result<()> {
    let left = fs::File::open(path)?;
    left.try_lock()?;
    fs::remove_file(path)
}

#[cfg(windows)]
use super::windows::remove_unless_open as remove_left;

/// Nothing tells a file that is left from one that is being written.
#[cfg(not(any(unix, windows)))]
fn remove_left(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Elsewhere a lock would keep the check from reading the file.
#[cfg(not(unix))]
pub(super) fn claimed(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    builder.tempfile_in(folder)
}
