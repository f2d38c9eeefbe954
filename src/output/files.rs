//! All files of a run: what it reads, and what it will write.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::{Clash, NamedFile, OutputError};
use super::identity::{FileIdentity, Identities};

/// What a file is in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRole<'a> {
    /// An archive that is read.
    Archive,
    /// A log of FME Flow's own that is read.
    ServerLog,
    /// A profile that is read.
    Profile,
    /// A profile that is written.
    NewProfile,
    /// The history, or a file that SQLite keeps beside it.
    History,
    /// A history that is merged.
    OtherHistory,
    /// Where events go as they happen.
    EventLog,
    /// A report for people or programs.
    Report,
    /// A page of the manual.
    ManPage,
    /// The upgraded archive of the one that is named.
    Target(&'a Path),
    /// The task log of the archive that is named.
    TaskLog(&'a Path),
}

impl FileRole<'_> {
    const fn is_read(self) -> bool {
        matches!(
            self,
            Self::Archive | Self::ServerLog | Self::Profile | Self::OtherHistory
        )
    }
}

impl fmt::Display for FileRole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive => f.write_str("an archive that is read"),
            Self::ServerLog => f.write_str("the server's log"),
            Self::Profile => f.write_str("a profile that is read"),
            Self::NewProfile => f.write_str("the profile"),
            Self::History => f.write_str("the history"),
            Self::OtherHistory => f.write_str("a history that is merged"),
            Self::EventLog => f.write_str("the log file"),
            Self::Report => f.write_str("the report"),
            Self::ManPage => f.write_str("a man page"),
            Self::Target(source) => write!(f, "the target of {}", source.display()),
            Self::TaskLog(source) => write!(f, "the task log of {}", source.display()),
        }
    }
}

/// Every file that a run reads or will write. Whoever adds one learns whether one of them would harm
/// the other; all are added before any is opened.
#[derive(Debug, Default)]
pub struct Files {
    known: Mutex<KnownFiles>,
}

#[derive(Debug, Default)]
struct KnownFiles {
    files: BTreeMap<FileIdentity, Entry>,
    identities: Identities,
}

/// A file, and whether it is only read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    file: NamedFile,
    is_read: bool,
}

impl Files {
    /// Adds a file. The same one may be read twice, and one that is written may be added again as
    /// what it was.
    ///
    /// # Errors
    /// [`OutputError::Clash`] when it is another file of the run, and one of the two is written;
    /// [`OutputError::Stream`] for a name of stdin or stdout, which only events may go to.
    pub fn add(&self, role: FileRole<'_>, path: &Path) -> Result<(), OutputError> {
        self.add_known(role, path).map(drop)
    }

    /// The same; returns what identifies the file now.
    pub(super) fn add_known(
        &self,
        role: FileRole<'_>,
        path: &Path,
    ) -> Result<Vec<FileIdentity>, OutputError> {
        if is_stream(path) && (path == Path::new("-") || role != FileRole::EventLog) {
            return Err(OutputError::Stream { path: path.into() });
        }
        let new = Entry {
            file: NamedFile {
                role: role.to_string(),
                path: path.to_owned(),
            },
            is_read: role.is_read(),
        };
        let mut known = self.known();
        let KnownFiles { files, identities } = &mut *known;
        let keys = identities.keys(path);
        for key in &keys {
            let clashing = files
                .get(key)
                .filter(|old| **old != new && !(old.is_read && new.is_read));
            // Another process may have replaced the other file, and its number have gone to this one.
            if let Some(old) = clashing.filter(|old| key.is_still(&old.file.path)) {
                let why = key.why(path);
                // What is written comes first: it is what has to change.
                let (output, other) = if new.is_read {
                    (old.file.clone(), new.file)
                } else {
                    (new.file, old.file.clone())
                };
                return Err(Box::new(Clash { output, other, why }).into());
            }
        }
        for key in &keys {
            let known = files.entry(key.clone()).or_insert_with(|| new.clone());
            if !key.is_still(&known.file.path) {
                *known = new.clone();
            }
        }
        Ok(keys)
    }

    /// A file that was `before` has been replaced, so that the system knows it by another number.
    pub(super) fn replaced(&self, before: &[FileIdentity], path: &Path) {
        let mut known = self.known();
        let KnownFiles { files, identities } = &mut *known;
        let Some(file) = before.iter().find_map(|key| files.get(key)).cloned() else {
            return;
        };
        for key in before {
            files.remove(key);
        }
        let now = identities.keys(path);
        files.extend(now.into_iter().map(|key| (key, file.clone())));
    }

    fn known(&self) -> MutexGuard<'_, KnownFiles> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a path is a usual name for stdin, stdout, or another file that is open already.
fn is_stream(path: &Path) -> bool {
    let standard = ["/dev/stdin", "/dev/stdout", "/dev/stderr"];
    let is_open = |folder: &Path| {
        folder == Path::new("/dev/fd") || folder.starts_with("/proc") && folder.ends_with("fd")
    };
    path == Path::new("-")
        || cfg!(unix)
            && (standard.iter().any(|it| path == Path::new(it))
                || path.parent().is_some_and(is_open))
}
