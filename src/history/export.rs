//! Grants for other programs: a row for each permission of each app, as CSV or as lines of JSON.

use std::io;

use rusqlite::Connection;
use serde::Serialize;

use super::error::HistoryError;
use super::filter::Filter;
use super::store::History;
use super::task::{Task, stamp};
use crate::json;
use crate::sanitize;

/// Bytes that are gathered before they are handed on.
const CHUNK: usize = 1 << 16;

/// How grants are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// With a heading; a text that a spreadsheet would take for a formula begins with `'`.
    Csv,
    /// An object a line.
    JsonLines,
}

/// Why grants could not be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The history cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// Nobody takes what it says.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// The CSV's heading: the names of a row's fields.
const HEADING: [&str; 14] = [
    "task",
    "started",
    "status",
    "archive",
    "sha256",
    "kind",
    "app",
    "identifier",
    "owner",
    "category",
    "item",
    "permission",
    "fate",
    "reason",
];

/// A permission and its fate.
#[derive(Debug, Serialize)]
struct Row<'a> {
    task: &'a str,
    /// When the task began, UTC.
    started: &'a str,
    status: &'a str,
    /// Path of the source, and its SHA-256.
    archive: &'a str,
    sha256: Option<&'a str>,
    /// Of the app.
    kind: &'a str,
    app: &'a str,
    identifier: &'a str,
    owner: &'a str,
    category: &'a str,
    /// None for a permission on the category as such.
    item: Option<&'a str>,
    /// None where a token named none.
    permission: Option<&'a str>,
    fate: &'a str,
    reason: &'a str,
}

/// Rows in their form, as far as they were not handed on.
enum Rows {
    Csv(Box<csv::Writer<Vec<u8>>>),
    JsonLines(Vec<u8>),
}

impl Rows {
    fn new(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(Vec::new()))),
            ExportFormat::JsonLines => Self::JsonLines(Vec::new()),
        }
    }

    fn heading(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(writer) => Ok(writer.write_record(HEADING)?),
            Self::JsonLines(_) => Ok(()),
        }
    }

    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        match self {
            Self::Csv(writer) => {
                let cells = row.cells().map(sanitize::cell);
                Ok(writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?)
            }
            Self::JsonLines(out) => json::write_line(out, row),
        }
    }

    /// Whether there is enough of them to be handed on.
    fn is_chunk(&self) -> bool {
        let out = match self {
            Self::Csv(writer) => writer.get_ref(),
            Self::JsonLines(out) => out,
        };
        out.len() >= CHUNK
    }

    /// What there is of them, whole rows.
    fn take(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Csv(writer) => {
                let next = Box::new(csv::Writer::from_writer(Vec::new()));
                let writer = std::mem::replace(writer, next);
                writer.into_inner().map_err(csv::IntoInnerError::into_error)
            }
            Self::JsonLines(out) => Ok(std::mem::take(out)),
        }
    }
}

impl Row<'_> {
    fn cells(&self) -> [&str; HEADING.len()] {
        [
            self.task,
            self.started,
            self.status,
            self.archive,
            self.sha256.unwrap_or_default(),
            self.kind,
            self.app,
            self.identifier,
            self.owner,
            self.category,
            self.item.unwrap_or_default(),
            self.permission.unwrap_or_default(),
            self.fate,
            self.reason,
        ]
    }
}

impl History {
    /// Gives the grants of the tasks that are meant to `put`, newest task first, in pieces of whole
    /// rows.
    ///
    /// # Errors
    /// When the history cannot be read, and those of `put`.
    pub fn export(
        &self,
        filter: &Filter,
        format: ExportFormat,
        put: &mut dyn FnMut(&str) -> io::Result<()>,
    ) -> Result<(), ExportError> {
        let mut rows = Rows::new(format);
        rows.heading()?;
        let mut put = |rows: &mut Rows| put(&String::from_utf8_lossy(&rows.take()?));
        for task in self.tasks(filter)? {
            // A task can have more of them than there is memory.
            self.ask(|connection| {
                each_row(connection, &task, &mut |row| {
                    rows.row(row)?;
                    if rows.is_chunk() {
                        put(&mut rows)
                    } else {
                        Ok(())
                    }
                })
            })??;
        }
        Ok(put(&mut rows)?)
    }
}

/// Tells of every row of a task, until that fails.
fn each_row(
    connection: &Connection,
    task: &Task,
    told: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
) -> rusqlite::Result<io::Result<()>> {
    let mut query = connection.prepare_cached(
        "SELECT kind, name, identifier, owner, category.text, item.text, permissions.text,
                fate.text, reason.text
         FROM grant_rows
         JOIN apps USING (task, app)
         JOIN words AS category ON category.word = grant_rows.category
         LEFT JOIN words AS item ON item.word = grant_rows.item
         JOIN words AS permissions ON permissions.word = grant_rows.permissions
         JOIN words AS fate ON fate.word = grant_rows.fate
         JOIN words AS reason ON reason.word = grant_rows.reason
         WHERE grant_rows.task = ?1 ORDER BY app, number",
    )?;
    let started = stamp(task.started);
    let mut found = query.query([task.row])?;
    while let Some(grant) = found.next()? {
        let text = |at| Ok::<_, rusqlite::Error>(grant.get_ref(at)?.as_str()?);
        let permissions = text(6)?;
        for permission in permissions.split(',') {
            let row = Row {
                task: &task.id,
                started: &started,
                status: task.status.as_str(),
                archive: &task.source.path,
                sha256: task.source.sha256.as_deref(),
                kind: text(0)?,
                app: text(1)?,
                identifier: text(2)?,
                owner: text(3)?,
                category: text(4)?,
                item: grant.get_ref(5)?.as_str_or_null()?,
                permission: Some(permission).filter(|permission| !permission.is_empty()),
                fate: text(7)?,
                reason: text(8)?,
            };
            if let Err(error) = told(&row) {
                return Ok(Err(error));
            }
        }
    }
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row<'static> {
        Row {
            task: "1",
            started: "2",
            status: "success",
            archive: "a.fsconfig",
            sha256: None,
            kind: "workspace",
            app: "=HYPERLINK(\"x\")",
            identifier: "5",
            owner: "Müller, Anna",
            category: "NamedConnections",
            item: Some("two\nlines"),
            permission: None,
            fate: "carried",
            reason: "connection-carried",
        }
    }

    #[test]
    fn a_name_that_looks_like_a_formula_is_text_in_a_spreadsheet() {
        let mut rows = Rows::new(ExportFormat::Csv);
        rows.row(&row()).unwrap();
        assert_eq!(
            String::from_utf8(rows.take().unwrap()).unwrap(),
            "1,2,success,a.fsconfig,,workspace,\"'=HYPERLINK(\"\"x\"\")\",5,\"Müller, Anna\",\
             NamedConnections,two\\u{a}lines,,carried,connection-carried\n"
        );
    }

    #[test]
    fn the_heading_names_the_fields() {
        let object = serde_json::to_string(&row()).unwrap();
        let mut at = 0;
        for name in HEADING {
            let key = format!("\"{name}\":");
            at += object[at..].find(&key).unwrap() + key.len();
        }
    }
}
