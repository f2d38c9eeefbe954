//! What the system says of a file that cannot be read or written, in words for people.

use std::error::Error;
use std::io;

/// An error and what caused it, in one line.
pub(crate) fn line(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line += ": ";
        line += &error
            .downcast_ref()
            .map_or_else(|| error.to_string(), in_words);
        cause = error.source();
    }
    line
}

/// What the system says, without its number and alike on all systems where it is one of the usual.
pub(crate) fn in_words(error: &io::Error) -> String {
    let usual = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::StorageFull => "no space left on the disk",
        io::ErrorKind::QuotaExceeded => "the quota on the disk is used up",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "what should be a folder is none",
        _ => {
            let text = error.to_string();
            let number = error.raw_os_error().map(|it| format!(" (os error {it})"));
            let words = number.and_then(|number| text.strip_suffix(&*number));
            return words.unwrap_or(&text).to_owned();
        }
    };
    usual.to_owned()
}

/// What can be done where something cannot be written.
pub(crate) fn help_to_write(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "make the folder first, or name a target in another"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "name a target in a folder that you may write to"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, or name a target on another disk"
        }
        _ => "check the target's folder, or name a target in another",
    }
}

/// What can be done where something cannot be read.
pub(crate) fn help_to_read(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "check the name, and whether the disk it is on is there"
        }
        io::ErrorKind::PermissionDenied => {
            "run it as someone who may read it, or copy it to where you may"
        }
        _ => "check the disk and the network it is read from, and try again",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_quoted_without_its_numbers() {
        let missing = fs_err::read("/there is no/such file").unwrap_err();
        assert_eq!(in_words(&missing), "there is no such file or folder");
        #[cfg(unix)]
        {
            let odd = io::Error::from_raw_os_error(5);
            assert!(odd.to_string().contains("os error"));
            assert!(!in_words(&odd).contains("os error"));
        }
        assert_eq!(in_words(&io::Error::other("as it is")), "as it is");
    }

    #[test]
    fn what_to_do_depends_on_the_cause() {
        for kind in [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied] {
            let (error, other) = (io::Error::from(kind), io::ErrorKind::StorageFull.into());
            assert_ne!(help_to_write(&error), help_to_write(&other));
            assert_ne!(help_to_read(&error), help_to_read(&other));
        }
    }
}
