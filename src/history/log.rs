//! The stored log of a task: the text of its `.log` file, or the shape in which the server gives
//! its own logs (`/log/parsed`, seen).

use jiff::{Timestamp, tz::TimeZone};
use rusqlite::Row;
use serde::Serialize;

use super::error::HistoryError;
use super::store::History;
use super::task::Task;
use super::task_log::{self, LogLine, Severity};

/// Some lines of a log. Serialises to the server's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogPage {
    /// The lines.
    pub items: Vec<ParsedLine>,
    /// How many there are without `limit` and `offset`.
    pub total_count: usize,
    /// How many were asked for; all where nothing was said.
    pub limit: usize,
    /// How many were left out before them.
    pub offset: usize,
}

/// A line of a log, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParsedLine {
    /// Its place in the log, from 1.
    pub number: usize,
    /// UTC, to the millisecond.
    pub time: String,
    /// Its level.
    pub status: &'static str,
    /// Its text.
    pub message: String,
    /// The whole line.
    pub line: String,
}

impl History {
    /// The log of a task as its `.log` file has it.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn log_text(&self, task: &Task) -> Result<String, HistoryError> {
        Ok(task_log::text(self.lines(task)?).collect())
    }

    /// Lines of a task's log at `least` or above.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn log(
        &self,
        task: &Task,
        least: Severity,
        limit: Option<usize>,
        offset: usize,
    ) -> Result<LogPage, HistoryError> {
        let lines = self.lines(task)?;
        let meant = || {
            let numbered = lines.iter().zip(1..);
            numbered.filter(|(line, _)| line.severity >= least)
        };
        let total_count = meant().count();
        let limit = limit.unwrap_or(total_count);
        let items = meant().skip(offset).take(limit);
        let items = items.map(|(line, number)| ParsedLine {
            number,
            time: format!("{:.3}", line.time.timestamp()),
            status: line.severity.as_str(),
            message: line.message.clone(),
            line: line.to_string(),
        });
        Ok(LogPage {
            items: items.collect(),
            total_count,
            limit,
            offset,
        })
    }

    fn lines(&self, task: &Task) -> Result<Vec<LogLine>, HistoryError> {
        let zone = TimeZone::fixed(task.offset);
        let line = |row: &Row<'_>| {
            let time = Timestamp::from_millisecond(row.get(0)?).unwrap_or_default();
            Ok(LogLine {
                time: time.to_zoned(zone.clone()),
                severity: Severity::recorded(&row.get::<_, String>(1)?),
                code: row.get(2)?,
                message: row.get(3)?,
                app: None,
                finding: None,
            })
        };
        self.ask(|connection| {
            let mut query = connection.prepare(
                "SELECT at, level, code, message FROM log_lines WHERE task = ?1 ORDER BY number",
            )?;
            query.query_map([task.row], line)?.collect()
        })
    }
}
