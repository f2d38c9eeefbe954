//! How a file gets its name on Windows.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf, Prefix};
use std::thread::sleep;
use std::time::Duration;

use super::OutputError;

/// To delete a file, which is what replacing it takes (documented: `DELETE`).
const DELETE: u32 = 0x0001_0000;
/// Whoever has it open may go on (documented: `FILE_SHARE_READ`, `_WRITE`, `_DELETE`).
const WITH_OTHERS: u32 = 7;
/// The system removes it when it is closed (documented: `FILE_FLAG_DELETE_ON_CLOSE`).
const UNTIL_CLOSED: u32 = 0x0400_0000;
/// A virus scanner looks at every new file, and keeps it from its name meanwhile.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// The path in the form that is not limited to 260 characters (documented: "Maximum Path Length
/// Limitation"); parts that it would not know are resolved before.
pub(super) fn whole_path(path: &Path) -> PathBuf {
    let Ok(path) = std::path::absolute(path) else {
        return path.to_owned();
    };
    let mut parts = path.components();
    let Some(Component::Prefix(prefix)) = parts.next() else {
        return path;
    };
    let mut whole = match prefix.kind() {
        Prefix::Disk(_) => OsString::from(r"\\?\"),
        Prefix::UNC(..) => OsString::from(r"\\?\UNC\"),
        _ => return path,
    };
    match prefix.kind() {
        Prefix::UNC(server, share) => {
            whole.push(server);
            whole.push(r"\");
            whole.push(share);
        }
        _ => whole.push(prefix.as_os_str()),
    }
    whole.push(parts.as_path());
    whole.into()
}

/// Whether Windows would take another name for this one: it leaves out dots and blanks at the end.
pub(super) fn is_another_name(path: &Path) -> bool {
    let last = path
        .file_name()
        .map(OsStr::as_encoded_bytes)
        .unwrap_or_default()
        .last();
    matches!(last, Some(b'.' | b' '))
}

/// Fails where an existing file cannot be replaced, which would else be found out when everything is
/// written.
pub(super) fn try_to_replace(path: &Path) -> Result<(), OutputError> {
    let refused = |what| OutputError::NotReplaceable {
        path: path.into(),
        what,
    };
    let metadata = path
        .metadata()
        .map_err(|error| OutputError::write(path, error))?;
    if metadata.permissions().readonly() {
        return Err(refused("read-only"));
    }
    let mut options = OpenOptions::new();
    options.access_mode(DELETE).share_mode(WITH_OTHERS);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if is_busy(&error) => Err(refused("open in another program")),
        Err(error) => Err(OutputError::write(path, error)),
    }
}

/// Gives a file its name; where somebody has it open, tries for a second.
pub(super) fn patiently<T>(
    mut temp: T,
    give: impl Fn(T) -> Result<File, (io::Error, T)>,
) -> io::Result<File> {
    for _ in 1..TRIES {
        match give(temp) {
            Ok(file) => return Ok(file),
            Err((error, unnamed)) if is_busy(&error) => temp = unnamed,
            Err((error, _)) => return Err(error),
        }
        sleep(PAUSE);
    }
    give(temp).map_err(|(error, _)| error)
}

/// Removes a file unless somebody has it open: nobody else may open it meanwhile.
pub(super) fn remove_unless_open(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.access_mode(DELETE).share_mode(0);
    options.custom_flags(UNTIL_CLOSED).open(path).map(drop)
}

/// Another has it open, or may (documented: `ERROR_SHARING_VIOLATION`, `ERROR_ACCESS_DENIED`).
fn is_busy(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(32 | 5))
}
