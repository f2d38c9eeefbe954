//! Which file a path means, whatever it is called: two paths mean one file where they share a key.
//!
//! A file that exists is known by the number the system has for it, which sees through links, bind
//! mounts and names in another case. One that does not exist yet is known by the last folder above
//! it that does, and the names from there on. A file that exists has both keys, so that it is still
//! recognised if it is only made, or replaced, later.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

pub(super) use system::Number;

/// How many names of a folder are looked at to find out whether it tells upper from lower case.
const PROBES: usize = 100;

/// What identifies a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileIdentity {
    /// An existing file.
    Number(Number),
    /// Names in an existing folder, in lower case where its disk does not tell upper from lower.
    Name(Number, OsString),
}

impl FileIdentity {
    /// Whether the file at `path`, which had this key, has it now.
    pub(super) fn is_still(&self, path: &Path) -> bool {
        match self {
            Self::Number(number) => system::number(path).is_ok_and(|now| now == *number),
            Self::Name(..) => true,
        }
    }

    /// Why `path`, which has this key, is the same file as another that has it.
    pub(super) fn why(&self, path: &Path) -> String {
        match self {
            Self::Number(number) => format!("the system knows both as {number}"),
            Self::Name(_, name) => {
                let folder = existing_folder(path);
                let folder = fs::canonicalize(&folder).unwrap_or(folder);
                format!("both are {} in {}", name.display(), folder.display())
            }
        }
    }
}

/// Finds keys, and remembers which folders ignore case.
#[derive(Debug, Default)]
pub(super) struct Identities {
    ignore_case: BTreeMap<Number, bool>,
}

impl Identities {
    /// The keys of a file that may or may not exist; none where its folders cannot be looked at.
    pub(super) fn keys(&mut self, path: &Path) -> Vec<FileIdentity> {
        let number = system::number(path).ok().map(FileIdentity::Number);
        number.into_iter().chain(self.name(path)).collect()
    }

    fn name(&mut self, path: &Path) -> Option<FileIdentity> {
        let folder = existing_folder(path);
        let number = system::number(&folder).ok()?;
        let path = std::path::absolute(path).ok()?;
        let name = path.strip_prefix(&folder).ok()?;
        if name.as_os_str().is_empty() {
            return None;
        }
        let known = self.ignore_case.entry(number.clone());
        let ignored = known.or_insert_with(|| ignores_case(&folder));
        let name = match name.to_str() {
            Some(name) if *ignored => name.to_lowercase().into(),
            _ => name.as_os_str().to_owned(),
        };
        Some(FileIdentity::Name(number, name))
    }
}

/// The last folder above a file that exists.
fn existing_folder(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut above = path.ancestors().skip(1);
    let found = above.find(|folder| folder.is_dir());
    found.unwrap_or(&path).to_owned()
}

/// Whether the disk takes a name for the same in upper and lower case. Only looks: at the names that
/// are there, then at the folder's own. Where no name has letters, what is usual for the system.
fn ignores_case(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let inside = entries.map(|entry| entry.path()).take(PROBES);
    let mut probes = inside.chain(fs::canonicalize(folder));
    let found = probes.find_map(|path| {
        let other = other_case(path.file_name()?)?;
        let number = system::number(&path).ok()?;
        Some(system::number(&path.with_file_name(other)).ok() == Some(number))
    });
    found.unwrap_or(cfg!(any(windows, target_os = "macos")))
}

/// A name in another case, if it has one.
fn other_case(name: &OsStr) -> Option<String> {
    let name = name.to_str()?;
    let upper = name.to_uppercase();
    let other = if upper == name {
        name.to_lowercase()
    } else {
        upper
    };
    (other != name).then_some(other)
}

#[cfg(unix)]
mod system {
    use std::fmt;
    use std::fs;
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub(in crate::output) struct Number {
        device: u64,
        inode: u64,
    }

    impl fmt::Display for Number {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "inode {} of device {}", self.inode, self.device)
        }
    }

    pub(super) fn number(path: &Path) -> io::Result<Number> {
        let metadata = fs::metadata(path)?;
        Ok(Number {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }
}

#[cfg(windows)]
mod system {
    use std::fmt;
    use std::fs::OpenOptions;
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    /// Lets a folder be opened (documented: `CreateFileW`, `FILE_FLAG_BACKUP_SEMANTICS`).
    const FOLDERS_TOO: u32 = 0x0200_0000;

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub(in crate::output) struct Number {
        volume: u64,
        index: u64,
    }

    impl fmt::Display for Number {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "file {:x} of volume {:x}", self.index, self.volume)
        }
    }

    pub(super) fn number(path: &Path) -> io::Result<Number> {
        let mut options = OpenOptions::new();
        // Asks for no right to its content.
        let file = options
            .access_mode(0)
            .custom_flags(FOLDERS_TOO)
            .open(path)?;
        let information = winapi_util::file::information(&file)?;
        Ok(Number {
            volume: information.volume_serial_number(),
            index: information.file_index(),
        })
    }
}

/// The whole name, where the system has no numbers that a program may know.
#[cfg(not(any(unix, windows)))]
mod system {
    use std::fmt;
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub(in crate::output) struct Number(PathBuf);

    impl fmt::Display for Number {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.display().fmt(f)
        }
    }

    pub(super) fn number(path: &Path) -> io::Result<Number> {
        fs::canonicalize(path).map(Number)
    }
}
