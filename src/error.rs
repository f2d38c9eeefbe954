//! Everything that can stop the work on an archive.

use crate::archive::{ArchiveError, Kind};
use crate::calibrate::CalibrateError;
use crate::compare::CompareError;
use crate::exit::Exit;
use crate::history::HistoryError;
use crate::output::OutputError;
use crate::package::PackageError;
use crate::profile::ProfileError;

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
    /// Nothing was learned from two archives.
    #[error(transparent)]
    Calibrate(#[from] CalibrateError),
    /// A profile cannot be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Two archives cannot be compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// The task could not be recorded.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The upgraded archive does not say what it should; it was not kept.
    #[error("the upgraded archive failed its check: {0}")]
    Check(String),
    /// The task log did not get its name; the upgraded archive is complete.
    #[error("the task log: {0}")]
    TaskLog(#[source] OutputError),
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
    /// What can be done about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Archive(error) => Some(error.help()),
            Self::Output(error) => Some(error.help()),
            Self::Package(error) => error.help(),
            Self::Calibrate(error) => Some(error.help()),
            Self::Compare(error) => Some(error.help()),
            Self::Profile(_) => Some("learn one from a restore with flowlift calibrate"),
            Self::History(error) => Some(error.help()),
            Self::Check(_) => Some("please report this; the source is as it was"),
            Self::TaskLog(_) => Some("the upgraded archive is complete; only its log is missing"),
        }
    }

    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Archive(error) => match error.kind() {
                Kind::Refused => Exit::Refused,
                Kind::Io => Exit::Failed,
                Kind::Interrupted => Exit::Interrupted,
            },
            Self::Output(error) => error.exit(),
            Self::Package(PackageError::Read(_))
            | Self::Compare(CompareError::Log { .. })
            | Self::History(_)
            | Self::Check(_)
            | Self::TaskLog(_) => Exit::Failed,
            Self::Calibrate(_) | Self::Compare(_) | Self::Profile(_) | Self::Package(_) => {
                Exit::Refused
            }
        }
    }

    /// The error and what caused it, in one line.
    pub fn line(&self) -> String {
        let mut line = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            line += &format!(": {error}");
            cause = error.source();
        }
        line
    }
}
