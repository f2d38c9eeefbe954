//! Takes in the tasks of other histories, such as those of colleagues' machines. A task keeps its id
//! wherever it goes, so that taking it in twice changes nothing.

use std::fs::canonicalize;
use std::path::Path;

use serde::Serialize;

use super::error::HistoryError;
use super::older;
use super::store::History;

/// What came of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// Tasks that were not known.
    pub added: u64,
    /// Tasks that were known, but further in the other history.
    pub updated: u64,
    /// Tasks that stayed as they were known.
    pub known: u64,
}

impl History {
    /// Takes in every task of the history at `file`, wholly or not at all. The other history is
    /// only read; a task that is open there is open here.
    ///
    /// # Errors
    /// When `file` is no history that can be read, is this one, or this one cannot be written.
    pub fn merge(&self, file: &Path) -> Result<Merged, HistoryError> {
        let version = Self::read(file)?.version()?;
        if let (Ok(here), Ok(there)) = (canonicalize(self.path()), canonicalize(file))
            && here == there
        {
            return Err(HistoryError::Itself { path: file.into() });
        }
        let path = file.to_string_lossy();
        let at_file = |error| HistoryError::of(file, error);
        self.attempt(|connection| {
            connection.execute("ATTACH DATABASE ?1 AS other", [path])?;
            connection.execute_batch(&older::views("other", version, "their_"))
        })
        .map_err(at_file)?;
        let merged = self.write(|transaction| {
            transaction.execute_batch(include_str!("merge.sql"))?;
            let merged = transaction.query_row(
                "SELECT count(*) - count(known), count(known),
                        (SELECT count(*) FROM other.tasks) - count(*)
                 FROM taken",
                [],
                |row| {
                    Ok(Merged {
                        added: row.get(0)?,
                        updated: row.get(1)?,
                        known: row.get(2)?,
                    })
                },
            )?;
            transaction
                .execute_batch("DROP TABLE taken; DROP TABLE tasks_here; DROP TABLE words_here;")?;
            Ok(merged)
        });
        let detached = self.ask(|connection| {
            connection.execute_batch(
                "DROP VIEW their_apps; DROP VIEW their_log_lines; DETACH DATABASE other;",
            )
        });
        merged.and_then(|merged| detached.map(|()| merged))
    }
}
