//! A task as it was recorded, and as it looks now.

use std::fmt;

use jiff::{Timestamp, tz::Offset};
use rusqlite::Row;
use serde::{Serialize, Serializer};

use crate::target::Form;

/// How far a task is. All but `Interrupted` are recorded, in the server's own words (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    /// It is asked for; the archive is being read.
    Submitted,
    /// It is being written.
    Running,
    /// It was not closed, and its process is gone.
    Interrupted,
    /// Its target is complete, or there was nothing to do.
    Success,
    /// It has no target.
    Failure,
}

impl TaskState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }

    /// Whether nothing more will be recorded.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Success | Self::Failure)
    }

    /// The recorded state; the schema allows these words only.
    fn recorded(word: &str) -> Self {
        match word {
            "submitted" => Self::Submitted,
            "success" => Self::Success,
            "failure" => Self::Failure,
            _ => Self::Running,
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A migration that was asked for. Serialises to an element of `tasks` in JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Task {
    /// Its place in this history's file.
    #[serde(skip)]
    pub(super) row: i64,
    /// `UUIDv7`.
    pub id: String,
    /// `backup` or `project`; none where that was not found out.
    pub kind: Option<String>,
    /// How far it is.
    pub status: TaskState,
    /// How it ended, in words.
    pub result: Option<String>,
    /// Who ran it.
    pub user: String,
    /// Where.
    pub host: String,
    /// The version of flowlift.
    pub version: String,
    /// What was migrated.
    pub source: ArchiveRecord,
    /// What was written.
    pub target: Option<ArchiveRecord>,
    /// The form of what was written; none before there were forms.
    pub form: Option<Form>,
    /// What was asked for.
    pub options: serde_json::Value,
    /// When it began.
    #[serde(serialize_with = "stamped")]
    pub started: Timestamp,
    /// When it ended.
    #[serde(serialize_with = "maybe_stamped")]
    pub finished: Option<Timestamp>,
    /// The zone of its log.
    #[serde(skip)]
    pub(super) offset: Offset,
    /// The file its process locks.
    #[serde(skip)]
    pub(super) lock: Option<String>,
}

/// An archive as it was at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveRecord {
    /// Absolute path.
    pub path: String,
    /// Bytes.
    pub size: Option<u64>,
    /// In hexadecimal.
    pub sha256: Option<String>,
    /// `CONFIG_SERVER_VERSION`.
    pub build: Option<u32>,
    /// `CONFIG_SCHEMA_VERSION`.
    pub schema: Option<String>,
}

impl Task {
    /// What [`Task::of_row`] reads, in its order.
    pub(super) const COLUMNS: &str = "task, id, kind, status, result, user, host, version, lock, \
        options, source, source_size, source_sha256, source_build, source_schema, target, \
        target_size, target_sha256, target_build, target_schema, started, finished, utc_offset";

    /// The source's name without its folder.
    pub fn name(&self) -> String {
        // A history may come from another system.
        let parts = self.source.path.rsplit(['/', '\\']);
        parts.take(1).collect()
    }

    pub(super) fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let archive = |at: usize| -> rusqlite::Result<Option<ArchiveRecord>> {
            let Some(path) = row.get(at)? else {
                return Ok(None);
            };
            Ok(Some(ArchiveRecord {
                path,
                size: row.get(at + 1)?,
                sha256: row.get(at + 2)?,
                build: row.get(at + 3)?,
                schema: row.get(at + 4)?,
            }))
        };
        let options: String = row.get("options")?;
        // The schema lets no other text in.
        let options: serde_json::Value = serde_json::from_str(&options).unwrap_or_default();
        let form = options.get("form").and_then(serde_json::Value::as_str);
        let source = archive(10)?;
        Ok(Self {
            row: row.get("task")?,
            id: row.get("id")?,
            kind: row.get("kind")?,
            status: TaskState::recorded(&row.get::<_, String>("status")?),
            result: row.get("result")?,
            user: row.get("user")?,
            host: row.get("host")?,
            version: row.get("version")?,
            source: source.ok_or(rusqlite::Error::InvalidQuery)?,
            target: archive(15)?,
            form: form.and_then(|form| form.parse().ok()),
            options,
            started: time(&row.get::<_, String>("started")?)?,
            finished: row
                .get::<_, Option<String>>("finished")?
                .map(|text| time(&text))
                .transpose()?,
            offset: Offset::from_seconds(row.get("utc_offset")?).unwrap_or(Offset::UTC),
            lock: row.get("lock")?,
        })
    }
}

/// A time as the history keeps it, which sorts as a text.
pub(super) fn stamp(time: Timestamp) -> String {
    format!("{time:.3}")
}

fn stamped<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&stamp(*time))
}

#[allow(clippy::ref_option, reason = "serde's signature")]
fn maybe_stamped<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(stamp).serialize(serializer)
}

fn time(text: &str) -> rusqlite::Result<Timestamp> {
    text.parse().map_err(|error: jiff::Error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}
