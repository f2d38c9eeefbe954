//! What the history says about tasks.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::detail::TaskDetail;
use super::error::HistoryError;
use super::filter::Filter;
use super::process_lock::{Process, process};
use super::store::History;
use super::task::{ArchiveRecord, Task, TaskState, stamp};
use crate::archive::sha256;

/// How many tasks an ambiguous id names at most.
const CANDIDATES: usize = 10;
/// Stands for the newest task. No id begins like that.
const LAST: &str = "last";

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

    /// The one task that is meant: `last`, the beginning of its id, or of an archive the newest.
    ///
    /// # Errors
    /// When there is none, or several ids begin that way, or the history cannot be read.
    pub fn task(&self, name: &str) -> Result<Task, HistoryError> {
        let newest = |archive: Option<&str>| {
            let archive = archive.map(str::to_owned);
            let filter = Filter {
                archive,
                ..Filter::default()
            };
            Ok::<_, HistoryError>(self.tasks(&filter)?.into_iter().next())
        };
        let found = if name == LAST {
            newest(None)?
        } else {
            match self.begins(name)? {
                Some(task) => Some(task),
                None => newest(Some(name))?,
            }
        };
        found.ok_or_else(|| HistoryError::NoTask {
            prefix: name.to_owned(),
        })
    }

    /// The one task whose id begins with `prefix`, if any does.
    fn begins(&self, prefix: &str) -> Result<Option<Task>, HistoryError> {
        let lower = prefix.to_ascii_lowercase();
        let query = format!(
            "SELECT {} FROM tasks WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id",
            Task::COLUMNS
        );
        let mut tasks: Vec<Task> = self.ask(|connection| {
            let mut query = connection.prepare(&query)?;
            query.query_map([&lower], Task::of_row)?.collect()
        })?;
        if tasks.len() > 1 {
            let first = tasks.iter().take(CANDIDATES);
            let candidate =
                |task: &Task| format!("{} ({}, {})", task.id, stamp(task.started), task.name());
            return Err(HistoryError::Ambiguous {
                prefix: prefix.to_owned(),
                count: tasks.len(),
                candidates: first.map(candidate).collect(),
            });
        }
        if let Some(task) = tasks.last_mut() {
            self.settle(task)?;
        }
        Ok(tasks.pop())
    }

    /// Everything about the last migration of each archive that succeeded, by path; `put` gets one at
    /// a time.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn last_of_each(
        &self,
        filters: &[Filter],
        mut put: impl FnMut(TaskDetail),
    ) -> Result<(), HistoryError> {
        let mut last = BTreeMap::new();
        for filter in filters {
            let filter = Filter {
                status: Some(TaskState::Success),
                ..filter.clone()
            };
            for task in self.tasks(&filter)? {
                last.entry(task.source.path.clone()).or_insert(task);
            }
        }
        for task in last.into_values() {
            put(self.ask(|connection| TaskDetail::read(connection, task))?);
        }
        Ok(())
    }

    /// Everything about the task that is meant. Of an interrupted one, the result says what became of its target, as far as the file itself tells.
    ///
    /// # Errors
    /// Those of [`History::task`].
    pub fn detail(&self, name: &str) -> Result<TaskDetail, HistoryError> {
        let mut task = self.task(name)?;
        if task.status == TaskState::Interrupted {
            task.result = Some(after_interruption(task.target.as_ref()));
        }
        self.ask(|connection| TaskDetail::read(connection, task))
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
                task.status = TaskState::Interrupted;
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
