//! Why two archives cannot be compared.

use crate::error::Problem;
use crate::exit::Exit;
use std::path::PathBuf;

use crate::flow::Build;

/// Why two archives cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The export was named first.
    #[error("BEFORE is made by build {before} and AFTER by build {after}: they are swapped")]
    Swapped {
        /// Of the first archive.
        before: Build,
        /// Of the second.
        after: Build,
    },
    /// The second archive still has app tokens.
    #[error("AFTER is made by build {build}, before 2026.1: it is no export of the new server")]
    NotExported {
        /// Its build.
        build: Build,
    },
    /// Both are one archive.
    #[error("BEFORE and AFTER are the same archive, byte for byte")]
    SameArchive,
    /// There is nothing to compare.
    #[error("BEFORE holds no Flow App")]
    NoApps,
    /// No app of one is in the other.
    #[error(
        "the archives are unrelated: none of the {before} apps of BEFORE is among the {after} of AFTER"
    )]
    Unrelated {
        /// Apps in the first.
        before: usize,
        /// Apps in the second.
        after: usize,
    },
    /// The server's log cannot be read.
    #[error("cannot read the log {}: {why}", path.display())]
    Log {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl Problem for CompareError {
    fn help(&self) -> &'static str {
        match self {
            Self::Swapped { .. } => {
                "give the archive that was planned first: flowlift compare BEFORE AFTER"
            }
            Self::NotExported { .. } => {
                "AFTER is a backup or an export that FME Flow 2026.1 or later made after the restore"
            }
            Self::SameArchive => {
                "AFTER is a backup or an export that the new server made after the restore"
            }
            Self::NoApps => "nothing was planned for it, so there is nothing to compare",
            Self::Unrelated { .. } => {
                "check that AFTER is from the server that BEFORE was restored on, and holds its apps"
            }
            Self::Log { .. } => {
                "give the text of the restore or import log, or the JSON of /log/parsed"
            }
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Log { .. } => Exit::Failed,
            _ => Exit::Refused,
        }
    }
}
