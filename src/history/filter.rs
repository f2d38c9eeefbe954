//! Which tasks are meant.

use jiff::Timestamp;
use rusqlite::{Row, ToSql, named_params};

use super::task::{TaskState, stamp};
use crate::package::PackageKind;

/// Which tasks are meant; what is not said does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of backups or of projects.
    pub kind: Option<PackageKind>,
    /// In this state now.
    pub status: Option<TaskState>,
    /// Begun at this time or later.
    pub since: Option<Timestamp>,
    /// With this source or target: its file name, its path or its SHA-256.
    pub archive: Option<String>,
}

impl Filter {
    /// The condition on `tasks`; the state is not in it, since it is not only in the file.
    pub(super) const CONDITION: &str = "(:kind IS NULL OR kind = :kind)
         AND (:since IS NULL OR started >= :since)
         AND (:archive IS NULL
              OR :archive IN (source, source_name, source_sha256, target, target_sha256)
              OR :absolute IN (source, target)
              OR substr(target, -length(:archive) - 1) IN ('/' || :archive, '\\' || :archive))";

    /// Runs a query that has the condition in it.
    pub(super) fn rows<T>(
        &self,
        query: &mut rusqlite::Statement<'_>,
        of_row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let archive = self.archive.as_deref();
        let absolute = archive.and_then(|archive| std::path::absolute(archive).ok());
        let values: &[(&str, &dyn ToSql)] = named_params! {
            ":kind": self.kind.map(PackageKind::as_str),
            ":since": self.since.map(stamp),
            ":archive": archive,
            ":absolute": absolute.map(|path| path.to_string_lossy().into_owned()),
        };
        query.query_map(values, of_row)?.collect()
    }
}
