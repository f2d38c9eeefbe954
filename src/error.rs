//! Everything that can stop the work on an archive.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::archive::{ArchiveError, ErrorKind};
use crate::exit::Exit;
use crate::io_error;
use crate::output::OutputError;
use crate::package::PackageError;

/// Why the work on an archive stopped. Names in it are as the archive has them; whoever shows a
/// message cleans it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ZIP is refused, or could not be read or written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What should be written may not or cannot be.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// What is in it is refused.
    #[error(transparent)]
    Package(PackageError),
    /// The same, where several archives are read and only one of them is meant.
    #[error("{}: {}", path.display(), error.line())]
    In {
        /// That one.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<Self>,
    },
    /// What a room says that builds on this one.
    #[error(transparent)]
    Other(AnyProblem),
    /// The upgraded archive does not say what it should; it was not kept.
    #[error("the upgraded archive failed its check: {0}")]
    Check(String),
    /// The task log did not get its name; the upgraded archive is complete.
    #[error("the task log: {0}")]
    TaskLog(#[source] OutputError),
}

/// What else can go wrong; `calibrate`, `compare`, `history` and `profile` have errors of their own.
pub trait Problem: std::error::Error + Send + Sync + 'static {
    /// What can be done about it.
    fn help(&self) -> &'static str;

    /// The exit code it leads to.
    fn exit(&self) -> Exit {
        Exit::Refused
    }
}

/// Any [`Problem`].
#[derive(Debug)]
pub struct AnyProblem(Box<dyn Problem>);

impl<P: Problem> From<P> for Error {
    fn from(problem: P) -> Self {
        Self::Other(AnyProblem(Box::new(problem)))
    }
}

impl AnyProblem {
    /// It, if it is of this kind.
    pub fn downcast<P: Problem>(self) -> Option<P> {
        let error: Box<dyn std::error::Error> = self.0;
        error.downcast().ok().map(|error| *error)
    }
}

impl fmt::Display for AnyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AnyProblem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl From<PackageError> for Error {
    /// A reader of an entry hides the archive's own errors in those of reading.
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::Read(error) => match ArchiveError::from_io(error) {
                Ok(error) => Self::Archive(error),
                Err(error) => Self::Package(PackageError::Read(error)),
            },
            error => Self::Package(error),
        }
    }
}

impl Error {
    /// Whether it is such a problem.
    pub fn is<P: Problem>(&self, such: impl Fn(&P) -> bool) -> bool {
        let Self::Other(AnyProblem(problem)) = self else {
            return false;
        };
        let error: &(dyn std::error::Error + 'static) = &**problem;
        error.downcast_ref().is_some_and(such)
    }

    /// Whether its message names this archive, which then need not stand before it.
    pub fn names(&self, archive: &Path) -> bool {
        match self {
            Self::Archive(error) => error.path() == Some(archive),
            Self::In { path, .. } => path == archive,
            _ => false,
        }
    }

    /// The same error, which says what archive is meant.
    #[must_use]
    pub fn of(self, archive: &Path) -> Self {
        let is_of_one = match &self {
            Self::Archive(error) => error.kind() != ErrorKind::Interrupted,
            Self::Package(_) => true,
            _ => false,
        };
        if !is_of_one || self.names(archive) {
            return self;
        }
        Self::In {
            path: archive.to_owned(),
            error: Box::new(self),
        }
    }

    /// What can be done about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Archive(error) => Some(help(error)),
            Self::Output(error) => Some(error.help()),
            Self::Package(error) => error.help(),
            Self::In { error, .. } => error.help(),
            Self::Other(AnyProblem(problem)) => Some(problem.help()),
            Self::Check(_) => Some("please report this; the source is as it was"),
            Self::TaskLog(_) => Some("the upgraded archive is complete; only its log is missing"),
        }
    }

    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Archive(error) => match error.kind() {
                ErrorKind::Refused => Exit::Refused,
                ErrorKind::Io => Exit::Failed,
                ErrorKind::Interrupted => Exit::Interrupted,
            },
            Self::Output(error) => error.exit(),
            Self::In { error, .. } => error.exit(),
            Self::Other(AnyProblem(problem)) => problem.exit(),
            Self::Package(PackageError::Read(_)) | Self::Check(_) | Self::TaskLog(_) => {
                Exit::Failed
            }
            Self::Package(_) => Exit::Refused,
        }
    }

    /// The error and what caused it, in one line.
    pub fn line(&self) -> String {
        io_error::line(self)
    }
}

/// What can be done about an archive: where `archive` can say no more than that it is no good one,
/// FME Flow's own words help more.
fn help(error: &ArchiveError) -> &'static str {
    match error {
        ArchiveError::NotAFile { .. } => GIVE_THE_FILE,
        ArchiveError::NotAZip { looks } if looks.is_unknown() => GIVE_THE_FILE,
        ArchiveError::NotAZip { looks } if looks.is_packed() => {
            "unpack it, and give the .fsproject or .fsconfig file in it"
        }
        ArchiveError::Unpacked { .. } => {
            "give the .fsproject or .fsconfig file itself; if that is lost, zip what is in the \
             folder, and not the folder"
        }
        ArchiveError::Misspelt { .. } => {
            "zip the archive again with the names that FME Flow writes: properties.xml, data.xml, \
             project.yml and files.map, in lower case, without a folder and without ./"
        }
        ArchiveError::Outside { .. }
        | ArchiveError::Overlap { .. }
        | ArchiveError::UnsafeName { .. } => {
            "FME Flow writes no such archive; find out where it comes from, or export it again"
        }
        error => error.help(),
    }
}

const GIVE_THE_FILE: &str = "give the .fsproject or .fsconfig file as FME Flow wrote it";
