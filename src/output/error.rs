//! Why a file is not written, each with its evidence, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::io_error::help_to_write;

/// A file could not, or must not, be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)] // each message says what its fields are
pub enum OutputError {
    #[error(transparent)]
    Clash(#[from] Box<Clash>),
    #[error("{} is a stream, and only files will do", path.display())]
    Stream { path: PathBuf },
    #[error("the target exists: {}", path.display())]
    Exists { path: PathBuf },
    #[error("the target is {what}: {}", path.display())]
    NotRegular { path: PathBuf, what: &'static str },
    #[error("the target is {what}: {}", path.display())]
    NotReplaceable { path: PathBuf, what: &'static str },
    #[error("not a log of flowlift's: {}", path.display())]
    NotALog { path: PathBuf },
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Two files of a run are one, and one of them is written.
#[derive(Debug, thiserror::Error)]
#[error("{output} and {other} are one file: {why}")]
pub struct Clash {
    /// What is written, the later one of two.
    pub output: NamedFile,
    /// The other one.
    pub other: NamedFile,
    /// What shows that they are.
    pub why: String,
}

/// A file, and what it is in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Such as "the history".
    pub role: String,
    /// As it was given.
    pub path: PathBuf,
}

impl fmt::Display for NamedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.path.display(), self.role)
    }
}

impl OutputError {
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.into(),
            source,
        }
    }

    /// What the reader of the message can do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Clash(_) => {
                "give the output another name or folder; what a run reads or writes is never replaced"
            }
            Self::Stream { .. } => {
                "name a file; one that is called - is ./-, and what has no file goes to stdout"
            }
            Self::Exists { .. } => "choose another target, or replace it with --force",
            Self::NotRegular { .. } => {
                "only regular files are replaced; name a file that is none yet, or one of that kind"
            }
            Self::NotReplaceable { .. } => {
                "close it there, or take the setting from it; or choose another target"
            }
            Self::NotALog { .. } => {
                "events are added only to a file that is new, empty or holds events; name another"
            }
            Self::Write { source, .. } => help_to_write(source),
        }
    }

    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Clash(_) | Self::Stream { .. } | Self::NotALog { .. } => Exit::Usage,
            Self::Exists { .. } => Exit::Exists,
            Self::NotRegular { .. } | Self::NotReplaceable { .. } | Self::Write { .. } => {
                Exit::Failed
            }
        }
    }
}
