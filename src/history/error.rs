//! What can be wrong with a history. Each stops a migration before it begins: a task that is not
//! recorded is worse than one that has not happened yet.

use crate::error::Problem;
use crate::exit::Exit;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A history could not be used, or does not have what was asked for.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // each message says what its fields are
pub enum HistoryError {
    #[error("no place for the history: this user has no home folder")]
    NoPlace,
    #[error("no history at {}", path.display())]
    Missing { path: PathBuf },
    #[error("cannot open the history {}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("the history {} is locked by another process", path.display())]
    Locked { path: PathBuf },
    #[error("the history {} is read-only", path.display())]
    ReadOnly { path: PathBuf },
    #[error("the history {} is damaged: {evidence}", path.display())]
    Corrupt { path: PathBuf, evidence: String },
    #[error("{} is a database, but no history of flowlift", path.display())]
    Foreign { path: PathBuf },
    #[error("the history {} has version {found}, this flowlift knows {known}", path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("no room for the history {}", path.display())]
    Full { path: PathBuf },
    #[error("cannot use the history {}", path.display())]
    Database {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("the history cannot be merged into itself: {}", path.display())]
    Itself { path: PathBuf },
    #[error(
        "no task has an id that begins with {prefix:?}, and none is of an archive of that name"
    )]
    NoTask { prefix: String },
    #[error("{count} tasks have an id that begins with {prefix:?}: {}", candidates.join(", "))]
    Ambiguous {
        prefix: String,
        count: usize,
        candidates: Vec<String>,
    },
}

impl HistoryError {
    /// What SQLite said about the history at `path`.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt {
                path,
                evidence: source.to_string(),
            },
            _ => Self::Database { path, source },
        }
    }

    /// Whether what was asked for makes no sense, rather than the history being in trouble.
    pub const fn is_mistake(&self) -> bool {
        matches!(
            self,
            Self::Itself { .. } | Self::NoTask { .. } | Self::Ambiguous { .. }
        )
    }
}

impl Problem for HistoryError {
    fn help(&self) -> &'static str {
        match self {
            Self::NoPlace => "name a file with --history, or migrate without one: --no-history",
            Self::Missing { .. } => {
                "the first migration makes it; name another with --history or FLOWLIFT_HISTORY"
            }
            Self::Open { .. } | Self::Database { .. } => {
                "check the file and its folder; another one can be named with --history, and \
                 migrate --no-history does without"
            }
            Self::Full { .. } => {
                "free some space on its disk, or name another with --history; migrate --no-history \
                 does without"
            }
            Self::Locked { .. } => {
                "end the process that holds it and try again; migrate --no-history does without"
            }
            Self::ReadOnly { .. } => {
                "make it writable or name another with --history; migrate --no-history does without"
            }
            Self::Corrupt { .. } => {
                "keep it for sqlite3's .recover and begin another with --history; migrate \
                 --no-history does without"
            }
            Self::Foreign { .. } => "name another file with --history",
            Self::Newer { .. } => {
                "use the flowlift that wrote it, or begin another with --history; migrate \
                 --no-history does without"
            }
            Self::Itself { .. } => "name the files of other histories",
            Self::NoTask { .. } => "flowlift history list shows ids and archives",
            Self::Ambiguous { .. } => "write more of the id",
        }
    }

    fn exit(&self) -> Exit {
        Exit::Failed
    }
}
