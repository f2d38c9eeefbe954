//! How a file gets its name on Windows.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
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

/// Fails for a name that Windows takes for another, for a device, or for too long only when a file gets it.
pub(super) fn check_name(path: &Path) -> Result<(), OutputError> {
    let refused = |what| OutputError::NotRegular {
        path: path.into(),
        what,
    };
    if is_another_name(path) {
        return Err(refused(
            "without its last dots and blanks, as Windows takes it",
        ));
    }
    if is_device(path) {
        return Err(refused("a device or a pipe"));
    }
    if is_too_long(path) {
        let too_long = io::ErrorKind::InvalidFilename.into();
        return Err(OutputError::write(path, too_long));
    }
    Ok(())
}

/// Whether Windows leaves something out of the name: dots and blanks at its end.
fn is_another_name(path: &Path) -> bool {
    let last = path
        .file_name()
        .map(OsStr::as_encoded_bytes)
        .unwrap_or_default()
        .last();
    matches!(last, Some(b'.' | b' '))
}

/// Whether a part of the path is longer than a name can be (documented: 255 characters).
fn is_too_long(path: &Path) -> bool {
    path.iter().any(|name| name.encode_wide().count() > 255)
}

/// Whether the path is a device by a name that every folder seems to have, such as NUL.
fn is_device(path: &Path) -> bool {
    let whole = std::path::absolute(path).unwrap_or_default();
    let first = whole.components().next();
    matches!(first, Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::DeviceNS(_)))
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const BUSY: i32 = 32;

    #[test]
    fn a_whole_path_has_no_limit_and_nothing_that_would_have_to_be_resolved() {
        for (path, expected) in [
            (r"C:\exports\a.fsproject", r"\\?\C:\exports\a.fsproject"),
            (
                r"C:/exports/./x/../a.fsproject",
                r"\\?\C:\exports\a.fsproject",
            ),
            (r"\\server\exports\a", r"\\?\UNC\server\exports\a"),
            (r"\\?\C:\exports\a", r"\\?\C:\exports\a"),
        ] {
            assert_eq!(whole_path(Path::new(path)), Path::new(expected));
        }
    }

    #[test]
    fn names_that_windows_takes_for_others_are_known() {
        for (name, is_another) in [("dot.", true), ("blank ", true), ("a.fsproject", false)] {
            assert_eq!(is_another_name(Path::new(name)), is_another, "{name}");
        }
        for (name, is_a_device) in [("NUL", true), ("null", false)] {
            assert_eq!(is_device(Path::new(name)), is_a_device, "{name}");
        }
        for (length, is_fine) in [(255, true), (256, false)] {
            let name = "n".repeat(length);
            assert_eq!(check_name(Path::new(&name)).is_ok(), is_fine);
        }
    }

    #[test]
    fn a_name_is_tried_again_while_somebody_has_the_file_open_and_not_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = || {
            fs_err::File::create(folder.path().join("file"))
                .unwrap()
                .into_parts()
                .0
        };
        for (failures, number, named) in [(2, BUSY, true), (1000, BUSY, false), (1, 3, false)] {
            let tried = Cell::new(0);
            let given = patiently((), |()| {
                tried.set(tried.get() + 1);
                if tried.get() <= failures {
                    return Err((io::Error::from_raw_os_error(number), ()));
                }
                Ok(file())
            });
            assert_eq!(given.is_ok(), named, "{failures} {number}");
            let expected = if number == BUSY {
                TRIES.min(failures + 1)
            } else {
                1
            };
            assert_eq!(tried.get(), expected);
        }
    }

    #[test]
    fn what_is_read_only_or_open_elsewhere_is_known_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("target");
        fs_err::write(&path, "old").unwrap();
        assert!(try_to_replace(&path).is_ok());
        let said = || try_to_replace(&path).unwrap_err().to_string();
        let open = OpenOptions::new()
            .read(true)
            .share_mode(1)
            .open(&path)
            .unwrap();
        assert!(said().contains("open in another program"), "{}", said());
        drop(open);
        let plain = fs_err::metadata(&path).unwrap().permissions();
        let mut read_only = plain.clone();
        read_only.set_readonly(true);
        fs_err::set_permissions(&path, read_only).unwrap();
        assert!(said().contains("read-only"), "{}", said());
        fs_err::set_permissions(&path, plain).unwrap();
        assert_eq!(fs_err::read(&path).unwrap(), b"old");
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("left");
        let written = fs_err::File::create(&path).unwrap();
        assert!(remove_unless_open(&path).is_err());
        assert!(path.exists());
        drop(written);
        remove_unless_open(&path).unwrap();
        assert!(!path.exists());
    }
}
