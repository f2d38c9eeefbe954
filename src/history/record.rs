//! Writes a task down while it happens: before it begins, before its target gets its name, and
//! when it is over.
//!
//! A migration without a history goes through the same steps, so that its task log is the same.

use std::collections::BTreeMap;
use std::iter::once;
use std::path::{Path, PathBuf};

use jiff::{Zoned, tz::TimeZone};
use rusqlite::{Transaction, params};
use serde_json::json;
use uuid::{NoContext, Timestamp, Uuid};

use super::error::HistoryError;
use super::rows::{put_apps, put_lines};
use super::store::History;
use super::task::{TaskState, stamp};
use super::task_log::{self, LogLine};
use crate::archive::Digests;
use crate::clock::Clock;
use crate::error::Error;
use crate::limits::{Limit, Limits};
use crate::load::kind_of_name;
use crate::output::Overwrite;
use crate::package::PackageKind;
use crate::plan::{Options, Plan, Unrestricted};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The archive.
    pub source: &'a Path,
    /// What the user chose.
    pub options: Options,
    /// Whether an existing target may be replaced.
    pub overwrite: Overwrite,
}

/// The record of one task, written as it goes.
#[derive(Debug)]
pub struct TaskRecord<'a> {
    stored: Option<(&'a History, i64)>,
    source: PathBuf,
    clock: &'a Clock,
    started: Zoned,
    /// The first line, once the archive is read.
    first: Option<LogLine>,
    /// When what was decided was written down, and in how many lines.
    decided: Option<(Zoned, i64)>,
    /// The last line, once the target has its name.
    last: Option<LogLine>,
    closed: bool,
}

impl<'a> TaskRecord<'a> {
    /// Records that a migration is asked for, before anything of it is done.
    ///
    /// # Errors
    /// When the history cannot be written; the migration has to be given up then.
    pub fn submit(
        history: Option<&'a History>,
        asked: Asked<'_>,
        clock: &'a Clock,
    ) -> Result<Self, HistoryError> {
        // One offset for all its lines, so that the stored ones say what the file says even where
        // the clocks change meanwhile.
        let now = clock.now();
        let started = now.with_time_zone(TimeZone::fixed(now.offset()));
        let stored = history
            .map(|history| Ok::<_, HistoryError>((history, submit(history, asked, &started)?)))
            .transpose()?;
        Ok(Self {
            stored,
            source: asked.source.to_owned(),
            clock,
            started,
            first: None,
            decided: None,
            last: None,
            closed: false,
        })
    }

    /// Records what was planned, before anything is written.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub fn started(&mut self, plan: &Plan, target: &Path) -> Result<(), HistoryError> {
        let first = task_log::begun(plan, &self.source, &self.started);
        self.first = Some(first.clone());
        self.write(|transaction, task| {
            transaction.execute(
                "UPDATE tasks SET status = 'running', kind = ?2, source_build = ?3,
                 source_schema = ?4, target = ?5, target_build = ?6, target_schema = ?7
                 WHERE task = ?1",
                params![
                    task,
                    plan.kind.as_str(),
                    plan.source.build.0,
                    plan.source.schema.to_string(),
                    absolute(target),
                    plan.target.build.0,
                    plan.target.schema.to_string(),
                ],
            )?;
            put_apps(transaction, task, plan)?;
            put_lines(transaction, task, [first], 0)
        })?;
        Ok(())
    }

    /// Records the finished target, before it gets its name: from here on a task that is not closed
    /// may have one.
    ///
    /// # Errors
    /// When the history cannot be written; the target must not get its name then.
    pub fn about_to_commit(
        &mut self,
        plan: &Plan,
        bytes: u64,
        digests: Option<&Digests>,
    ) -> Result<(), HistoryError> {
        let now = self.now();
        let lines = task_log::decided(plan, &now);
        let count = self.write(|transaction, task| {
            transaction.execute(
                "UPDATE tasks SET target_size = ?2, source_sha256 = ?3, target_sha256 = ?4
                 WHERE task = ?1",
                params![
                    task,
                    bytes,
                    digests.map(|digests| &*digests.source),
                    digests.map(|digests| &*digests.target)
                ],
            )?;
            put_lines(transaction, task, lines, 1)
        })?;
        self.decided = Some((now, count.unwrap_or_default()));
        Ok(())
    }

    /// Ends the log of a target that has its name, and gives all of it to `write`, a line at a time.
    pub fn finish<T>(
        &mut self,
        plan: &Plan,
        target: &Path,
        write: impl FnOnce(&mut dyn Iterator<Item = String>) -> T,
    ) -> T {
        let last = task_log::finished(plan, target, &self.now());
        self.last = Some(last.clone());
        let decided = self.decided.iter();
        let decided = decided.flat_map(|(time, _)| task_log::decided(plan, time));
        let lines = self.first.iter().cloned().chain(decided).chain([last]);
        write(&mut task_log::text(lines))
    }

    /// Closes a task whose target is complete; `result` says how it went.
    ///
    /// # Errors
    /// When the history cannot be written; the task shows as interrupted then.
    pub fn succeed(&mut self, result: &str) -> Result<(), HistoryError> {
        let after = self.decided.as_ref().map_or(0, |(_, count)| *count);
        let last = self.last.take();
        self.close(TaskState::Success, result, |transaction, task| {
            put_lines(transaction, task, last, after)
        })
    }

    /// Closes a task that found nothing to do.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub fn nothing_to_do(&mut self, plan: &Plan) -> Result<(), HistoryError> {
        let now = self.now();
        let begun = task_log::begun(plan, &self.source, &self.started);
        let decided = task_log::decided(plan, &now);
        let last = task_log::nothing_to_do(plan, &now);
        let lines: Vec<_> = once(begun).chain(decided).chain([last]).collect();
        let result = format!("{}, nothing to do", plan.outcome);
        self.close(TaskState::Success, &result, |transaction, task| {
            put_apps(transaction, task, plan)?;
            put_lines(transaction, task, lines, 0)?;
            transaction.execute(
                "UPDATE tasks SET kind = ?2, source_build = ?3, source_schema = ?4 WHERE task = ?1",
                params![
                    task,
                    plan.kind.as_str(),
                    plan.source.build.0,
                    plan.source.schema.to_string(),
                ],
            )
        })
    }

    /// Closes a task that has no target, unless it is closed already: nothing was carried or
    /// dropped then, and nothing is left that says so.
    ///
    /// # Errors
    /// When the history cannot be written; the task shows as interrupted then.
    pub fn fail(&mut self, error: &Error) -> Result<(), HistoryError> {
        if self.closed {
            return Ok(());
        }
        let reason = crate::sanitize::sanitize(&error.line()).into_owned();
        let asked = || task_log::asked(&self.source, &self.started);
        let first = self.first.clone().unwrap_or_else(asked);
        let lines = [first, task_log::failed(&reason, &self.now())];
        self.close(TaskState::Failure, &reason, |transaction, task| {
            transaction.execute("DELETE FROM log_lines WHERE task = ?1", [task])?;
            transaction.execute("DELETE FROM apps WHERE task = ?1", [task])?;
            put_lines(transaction, task, lines, 0)?;
            transaction.execute(
                "UPDATE tasks SET target = NULL, target_size = NULL, target_sha256 = NULL,
                 target_build = NULL, target_schema = NULL WHERE task = ?1",
                [task],
            )
        })
    }

    /// Stores how it ended, after `first`.
    fn close<T>(
        &mut self,
        state: TaskState,
        result: &str,
        first: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<(), HistoryError> {
        self.closed = true;
        let finished = self.now();
        self.write(|transaction, task| {
            first(transaction, task)?;
            transaction.execute(
                "UPDATE tasks SET status = ?2, result = ?3, finished = ?4 WHERE task = ?1",
                params![task, state.as_str(), result, stamp(finished.timestamp())],
            )
        })?;
        Ok(())
    }

    fn now(&self) -> Zoned {
        let zone = self.started.time_zone().clone();
        self.clock.now().with_time_zone(zone)
    }

    /// Changes the stored task, where there is one.
    fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, HistoryError> {
        let write = |(history, task): (&History, i64)| history.write(|it| change(it, task));
        self.stored.map(write).transpose()
    }
}

/// Adds a task; returns its row.
fn submit(history: &History, asked: Asked<'_>, started: &Zoned) -> Result<i64, HistoryError> {
    let id = new_id(started);
    let lock = history.run(id)?;
    let unknown = || "unknown".to_owned();
    let name = asked.source.file_name().unwrap_or_default();
    let size = fs_err::metadata(asked.source).map(|metadata| metadata.len());
    history.write(|transaction| {
        transaction.execute(
            "INSERT INTO tasks (id, kind, status, user, host, version, lock, options, source,
             source_name, source_size, started, utc_offset)
             VALUES (?1, ?2, 'submitted', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                id.to_string(),
                kind_of_name(asked.source).map(PackageKind::as_str),
                whoami::username().unwrap_or_else(|_| unknown()),
                whoami::hostname().unwrap_or_else(|_| unknown()),
                env!("CARGO_PKG_VERSION"),
                lock.map(|lock| lock.to_string_lossy().into_owned()),
                options(asked).to_string(),
                absolute(asked.source),
                name.to_string_lossy(),
                size.ok(),
                stamp(started.timestamp()),
                started.offset().seconds(),
            ],
        )?;
        Ok(transaction.last_insert_rowid())
    })
}

/// An id that sorts by time.
fn new_id(time: &Zoned) -> Uuid {
    let since_1970 = time.timestamp().as_duration();
    let seconds = u64::try_from(since_1970.as_secs()).unwrap_or(0);
    let nanoseconds = u32::try_from(since_1970.subsec_nanos()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanoseconds))
}

fn options(asked: Asked<'_>) -> serde_json::Value {
    let Asked {
        options, overwrite, ..
    } = asked;
    let raised: BTreeMap<_, _> = Limit::ALL
        .into_iter()
        .map(|limit| (limit, options.limits.of(limit)))
        .filter(|(limit, bytes)| *bytes != Limits::default().of(*limit))
        .map(|(limit, bytes)| (limit.as_str(), bytes))
        .collect();
    json!({
        "form": options.form,
        "expand_unrestricted": options.unrestricted == Unrestricted::Declared,
        "target_build": options.target_build,
        "force": overwrite == Overwrite::Allowed,
        "limits": raised,
    })
}

/// A path that means the same from everywhere.
fn absolute(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.to_string_lossy().into_owned()
}
