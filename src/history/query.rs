//! What the history says about tasks.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use serde::Serialize;

use super::error::HistoryError;
use super::filter::Filter;
use super::run::{Process, process};
use super::store::History;
use super::task::{ArchiveRecord, State, Task};
use crate::archive::sha256;

/// How many tasks an ambiguous id names at most.
const CANDIDATES: usize = 10;

/// Everything about a task but its log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// The task itself.
    #[serde(flatten)]
    pub task: Task,
    /// The archive's apps, by kind and name.
    pub apps: Vec<AppRecord>,
    /// What there was to say.
    pub findings: Vec<FindingRecord>,
}

/// An app of a migrated archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppRecord {
    /// `workspace`, `automation`, `ar`, `gallery` or `other`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its Flow App Identifier.
    pub identifier: String,
    /// Who owned it: key and login name.
    pub owner: OwnerRecord,
    /// Whether it runs; none where no token is involved.
    pub enabled: Option<bool>,
    /// What its token was granted.
    pub grants: Vec<GrantRecord>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerRecord {
    /// Key.
    pub id: String,
    /// Login name.
    pub name: String,
}

/// What a token was granted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GrantRecord {
    /// `NamedConnections` or `SharedResources`.
    pub category: String,
    /// None for a permission on the category as such.
    pub item: Option<String>,
    /// Sorted; none where a token named none.
    pub permissions: Vec<String>,
    /// `carried`, `dropped` or `not-carried`.
    pub fate: String,
    /// The finding that says it.
    pub reason: String,
}

/// A finding as it was logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingRecord {
    /// Its code.
    pub code: String,
    /// Its weight.
    pub level: String,
    /// The app it is about.
    pub app: Option<String>,
    /// That app's identifier.
    pub identifier: Option<String>,
    /// The line of the log.
    pub message: String,
}

impl History {
    /// Whether a migration that succeeded made this very archive, wherever it lies now.
    ///
    /// # Errors
    /// When the history or the archive cannot be read.
    pub fn has_made(&self, archive: &Path) -> Result<bool, HistoryError> {
        let Ok(metadata) = archive.metadata() else {
            return Ok(false);
        };
        let digests: BTreeSet<String> = self.ask(|connection| {
            let mut query = connection.prepare(
                "SELECT DISTINCT target_sha256 FROM tasks WHERE status = 'success'
                 AND target_size = ?1 AND target_sha256 IS NOT NULL",
            )?;
            query
                .query_map([metadata.len()], |row| row.get(0))?
                .collect()
        })?;
        // The archive is read only where one of its size was made.
        let is_known = |digest: Arc<str>| digests.contains(&*digest);
        Ok(!digests.is_empty() && sha256(archive).is_ok_and(is_known))
    }

    /// The tasks that are meant, newest first.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn tasks(&self, filter: &Filter) -> Result<Vec<Task>, HistoryError> {
        let query = format!(
            "SELECT {} FROM tasks WHERE {} ORDER BY started DESC, task DESC",
            Task::COLUMNS,
            Filter::CONDITION
        );
        let mut tasks = self.ask(|connection| {
            let mut query = connection.prepare(&query)?;
            filter.rows(&mut query, Task::of_row)
        })?;
        for task in &mut tasks {
            self.settle(task)?;
        }
        if let Some(status) = filter.status {
            tasks.retain(|task| task.status == status);
        }
        Ok(tasks)
    }

    /// The ids of all tasks, sorted.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, HistoryError> {
        self.ask(|connection| {
            let mut query = connection.prepare("SELECT id FROM tasks ORDER BY id")?;
            query.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// The one task whose id begins with `prefix`.
    ///
    /// # Errors
    /// When there is none or more than one, or the history cannot be read.
    pub fn task(&self, prefix: &str) -> Result<Task, HistoryError> {
        let lower = prefix.to_ascii_lowercase();
        let query = format!(
            "SELECT {} FROM tasks WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id",
            Task::COLUMNS
        );
        let mut tasks: Vec<Task> = self.ask(|connection| {
            let mut query = connection.prepare(&query)?;
            query.query_map([&lower], Task::of_row)?.collect()
        })?;
        let prefix = prefix.to_owned();
        match tasks.pop() {
            None => Err(HistoryError::NoTask { prefix }),
            Some(mut task) if tasks.is_empty() => {
                self.settle(&mut task)?;
                Ok(task)
            }
            Some(task) => {
                tasks.push(task);
                let first = tasks.iter().take(CANDIDATES);
                Err(HistoryError::Ambiguous {
                    prefix,
                    count: tasks.len(),
                    candidates: first.map(|task| task.id.clone()).collect(),
                })
            }
        }
    }

    /// Everything about the one task whose id begins with `prefix`. Of an interrupted one, the
    /// result says what became of its target, as far as the file itself tells.
    ///
    /// # Errors
    /// Those of [`History::task`].
    pub fn detail(&self, prefix: &str) -> Result<Detail, HistoryError> {
        let mut task = self.task(prefix)?;
        if task.status == State::Interrupted {
            task.result = Some(after_interruption(task.target.as_ref()));
        }
        let row = task.row;
        self.ask(|connection| {
            Ok(Detail {
                apps: apps(connection, row)?,
                findings: findings(connection, row)?,
                task,
            })
        })
    }

    /// Finds out whether an open task's process is still there. The process may have closed it
    /// since the task was read, so the history is asked once more before it counts as interrupted.
    fn settle(&self, task: &mut Task) -> Result<(), HistoryError> {
        if task.status.is_closed() {
            return Ok(());
        }
        let lock = task.lock.as_deref();
        let gone = match lock.map_or(Process::Unknown, |lock| process(Path::new(lock))) {
            Process::Alive => false,
            Process::Gone => true,
            // Its file is gone as well, or lies on another machine.
            Process::Unknown => lock.is_some() && is_here(&task.host),
        };
        if gone {
            let query = format!("SELECT {} FROM tasks WHERE id = ?1", Task::COLUMNS);
            let id = &task.id;
            let again = self.ask(|connection| connection.query_row(&query, [id], Task::of_row))?;
            *task = again;
            if !task.status.is_closed() {
                task.status = State::Interrupted;
            }
        }
        Ok(())
    }
}

fn is_here(host: &str) -> bool {
    whoami::hostname().is_ok_and(|here| here == host)
}

/// What is left of a task that was not closed. Its target's size is recorded just before the target
/// gets its name.
fn after_interruption(target: Option<&ArchiveRecord>) -> String {
    let no_target = "interrupted before the target got its name: there is none";
    let Some((target, size)) = target.and_then(|target| Some((target, target.size?))) else {
        return no_target.to_owned();
    };
    let path = Path::new(&target.path);
    let found = match path.metadata() {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return "interrupted: the target's name is not a file's".to_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return "interrupted when the target was to get its name: it is not there".to_owned();
        }
        Err(error) => {
            return format!("interrupted when the target was to get its name: {error}");
        }
    };
    let same = found == size
        && target
            .sha256
            .as_ref()
            .is_none_or(|recorded| sha256(path).is_ok_and(|found| *found == **recorded));
    let text = if same {
        "interrupted after the target got its name: it is complete"
    } else {
        "interrupted when the target was to get its name: what is there now is another file"
    };
    text.to_owned()
}

fn apps(connection: &Connection, task: i64) -> rusqlite::Result<Vec<AppRecord>> {
    let mut query = connection.prepare(
        "SELECT app, kind, name, identifier, owner_id, owner, enabled FROM apps WHERE task = ?1
         ORDER BY app",
    )?;
    let mut grants = connection.prepare(
        "SELECT category.text, item.text, permissions.text, fate.text, reason.text
         FROM grant_rows
         JOIN words AS category ON category.word = grant_rows.category
         LEFT JOIN words AS item ON item.word = grant_rows.item
         JOIN words AS permissions ON permissions.word = grant_rows.permissions
         JOIN words AS fate ON fate.word = grant_rows.fate
         JOIN words AS reason ON reason.word = grant_rows.reason
         WHERE task = ?1 AND app = ?2 ORDER BY number",
    )?;
    let apps = query.query_map([task], |row| {
        let app: i64 = row.get(0)?;
        let of_app = grants.query_map([task, app], |row| {
            let permissions: String = row.get(2)?;
            let words = permissions.split(',').filter(|word| !word.is_empty());
            Ok(GrantRecord {
                category: row.get(0)?,
                item: row.get(1)?,
                permissions: words.map(str::to_owned).collect(),
                fate: row.get(3)?,
                reason: row.get(4)?,
            })
        })?;
        Ok(AppRecord {
            grants: of_app.collect::<rusqlite::Result<_>>()?,
            kind: row.get(1)?,
            name: row.get(2)?,
            identifier: row.get(3)?,
            owner: OwnerRecord {
                id: row.get(4)?,
                name: row.get(5)?,
            },
            enabled: row.get(6)?,
        })
    })?;
    apps.collect()
}

fn findings(connection: &Connection, task: i64) -> rusqlite::Result<Vec<FindingRecord>> {
    let mut query = connection.prepare(
        "SELECT code.text, level, apps.name, apps.identifier, message
         FROM log_lines
         JOIN words AS code ON code.word = log_lines.finding
         LEFT JOIN apps USING (task, app)
         WHERE task = ?1 ORDER BY number",
    )?;
    let findings = query.query_map([task], |row| {
        Ok(FindingRecord {
            code: row.get(0)?,
            level: row.get(1)?,
            app: row.get(2)?,
            identifier: row.get(3)?,
            message: row.get(4)?,
        })
    })?;
    findings.collect()
}
