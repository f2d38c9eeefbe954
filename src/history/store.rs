//! The SQLite file: opened, checked, brought to the current version, and written one whole step at
//! a time.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use uuid::Uuid;

use super::error::HistoryError;
use super::older;
use super::place::default_place;
use super::process_lock::ProcessLock;
use super::wait::patiently;
use crate::output::private;

/// Says in the file's header that it is a history of flowlift ("flow").
const APPLICATION: i32 = 0x666c_6f77;
/// How a database begins, how long its header is, and where that says whose it is (documented: SQLite,
/// "Database File Format", 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 100;
const OWNER: Range<usize> = 68..72;
/// What leads from each version to the next. One that was published never changes.
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("version-2.sql")];
/// The version this flowlift writes.
pub(super) const VERSION: i64 = 2;
/// How long to wait for other processes. They hold the file for milliseconds; a backup with a
/// million grants takes seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open history. Threads and processes may share it.
#[derive(Debug)]
pub struct History {
    path: PathBuf,
    connection: Mutex<Connection>,
    run: Mutex<Option<ProcessLock>>,
}

impl History {
    /// Opens the history at `path` for writing, and makes it where there is none.
    ///
    /// # Errors
    /// When it cannot be created, is locked, read-only or damaged, or belongs to someone else.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        Self::open_within(path, PATIENCE)
    }

    /// Opens the history in its default place for writing, and makes it and its folder where there
    /// are none.
    ///
    /// # Errors
    /// Those of [`History::open`], and when this user has no place for it.
    pub fn open_default() -> Result<Self, HistoryError> {
        let path = default_place()?;
        if let Some(folder) = path.parent() {
            private::folder(folder).map_err(|source| cannot_open(&path, source))?;
        }
        Self::open(&path)
    }

    /// The same as [`History::open`], with `patience` for other processes.
    ///
    /// # Errors
    /// Those of [`History::open`].
    pub fn open_within(path: &Path, patience: Duration) -> Result<Self, HistoryError> {
        let is_new = match private::create(path) {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(source) => return Err(cannot_open(path, source)),
        };
        let opened = Self::open_there(path, patience);
        // Nothing stands in it yet, as where the disk is full.
        if opened.is_err() && is_new && path.metadata().is_ok_and(|it| it.len() == 0) {
            let _ = private::remove(path);
        }
        opened
    }

    /// Opens a file that is there, for writing.
    fn open_there(path: &Path, patience: Duration) -> Result<Self, HistoryError> {
        let history = Self::connect(path, patience)?;
        let version = history.version()?;
        // First of all, so that the file itself says whose it is, not only the log beside it.
        if version < VERSION {
            history.upgrade()?;
        }
        history.ask(|connection| {
            if connection.is_readonly("main")? {
                return Ok(Err(HistoryError::ReadOnly { path: path.into() }));
            }
            connection.pragma_update(None, "foreign_keys", true)?;
            // A task that was recorded as running has to be there after a power cut as well.
            connection.pragma_update(None, "synchronous", "FULL")?;
            Ok(Ok(()))
        })??;
        let set = write_ahead(&mut history.connection(), path, patience);
        set.map_err(|error| HistoryError::of(path, error))?;
        Ok(history)
    }

    /// Opens the history at `path` for reading.
    ///
    /// # Errors
    /// When there is none, it is locked or damaged, or belongs to someone else.
    pub fn read(path: &Path) -> Result<Self, HistoryError> {
        if !path.try_exists().unwrap_or(true) {
            return Err(HistoryError::Missing { path: path.into() });
        }
        // What a killed process left half-written can be taken back only by who may write; SQLite
        // itself falls back to reading where that is not allowed.
        let history = Self::connect(path, PATIENCE)?;
        let version = history.version()?;
        if version == 0 {
            return Err(HistoryError::Missing { path: path.into() });
        }
        history.ask(|connection| {
            if version < VERSION {
                connection.execute_batch(&older::views("main", version, ""))?;
            }
            connection.pragma_update(None, "query_only", true)
        })?;
        Ok(history)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that opens it")]
    fn connect(path: &Path, patience: Duration) -> Result<Self, HistoryError> {
        let failed = |error| match error {
            rusqlite::Error::SqliteFailure(code, _) if code.code == ErrorCode::CannotOpen => {
                cannot_open(path, io::Error::other("SQLite cannot open it"))
            }
            error => HistoryError::of(path, error),
        };
        is_ours(path)?;
        let how = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, how).map_err(failed)?;
        let handler = Some(patiently(path.into(), patience));
        connection.busy_handler(handler).map_err(failed)?;
        // A history may come from elsewhere: nothing in its schema may do more than the words say.
        connection
            .pragma_update(None, "trusted_schema", false)
            .map_err(failed)?;
        Ok(Self {
            path: path.into(),
            connection: Mutex::new(connection),
            run: Mutex::new(None),
        })
    }

    /// The version of its schema; 0 for a file that holds nothing yet.
    pub(super) fn version(&self) -> Result<i64, HistoryError> {
        let (application, version, things) = self.ask(|connection| {
            connection.query_row(
                "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
                 FROM pragma_application_id, pragma_user_version",
                [],
                |row| Ok((row.get::<_, i32>(0)?, row.get(1)?, row.get::<_, i64>(2)?)),
            )
        })?;
        let path = self.path.clone();
        match (application, version) {
            (0, 0) if things == 0 => Ok(0),
            (APPLICATION, found @ 1..=VERSION) => Ok(found),
            (APPLICATION, found) if found > VERSION => Err(HistoryError::Newer {
                path,
                found,
                known: VERSION,
            }),
            _ => Err(HistoryError::Foreign { path }),
        }
    }

    /// Brings it to the current version. Of several processes that try, one does it.
    fn upgrade(&self) -> Result<(), HistoryError> {
        self.write(|transaction| {
            let version: i64 = transaction.query_row(
                "SELECT user_version FROM pragma_user_version",
                [],
                |row| row.get(0),
            )?;
            let done = usize::try_from(version).unwrap_or(STEPS.len());
            for step in STEPS.iter().skip(done) {
                transaction.execute_batch(step)?;
            }
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", VERSION)
        })
    }

    /// Asks for something; what a transaction changes meanwhile is not seen in between.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        question(&self.connection()).map_err(|error| HistoryError::of(&self.path, error))
    }

    /// The same, for errors that concern another file.
    pub(super) fn attempt<T>(
        &self,
        attempt: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        attempt(&self.connection())
    }

    /// Changes something, wholly or not at all. It waits for its turn at the beginning, so that it
    /// cannot be refused halfway.
    pub(super) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let mut connection = self.connection();
        let all = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let changed = change(&transaction)?;
            transaction.commit()?;
            Ok(changed)
        };
        all().map_err(|error| HistoryError::of(&self.path, error))
    }

    /// The file that this process keeps locked, taken when the first task is recorded.
    pub(super) fn run(&self, id: Uuid) -> Result<Option<PathBuf>, HistoryError> {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if run.is_none() {
            *run = ProcessLock::start(&self.path, id)
                .map_err(|source| cannot_open(&self.path, source))?;
        }
        Ok(run.as_ref().map(|run| run.path().to_owned()))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a log of changes to come, so that nobody who reads waits for one who writes. The file
/// remembers that. Where several want it at once, SQLite refuses them without waiting; whoever is
/// refused can leave it to the next.
fn write_ahead(
    connection: &mut Connection,
    path: &Path,
    patience: Duration,
) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    let set = connection.pragma_update(None, "journal_mode", "WAL");
    connection.busy_handler(Some(patiently(path.into(), patience)))?;
    match set {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        set => set,
    }
}

/// Fails for what is no history by what its first bytes say, before SQLite opens it: SQLite would bring
/// a database that was left in the middle of something to an end, whoever's it is.
fn is_ours(path: &Path) -> Result<(), HistoryError> {
    let found = path.metadata().map_err(|error| cannot_open(path, error))?;
    if found.is_dir() {
        return Err(cannot_open(path, io::ErrorKind::IsADirectory.into()));
    }
    // A pipe would wait for its other end.
    if !found.is_file() {
        return Err(cannot_open(path, io::Error::other("it is no regular file")));
    }
    let mut header = [0; HEADER];
    let mut file = File::open(path).map_err(|error| cannot_open(path, error))?;
    match file.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
        read => read.map_err(|error| cannot_open(path, error))?,
    }
    let owner = header.get(OWNER).unwrap_or_default();
    if header.starts_with(MAGIC) && owner != APPLICATION.to_be_bytes() {
        return Err(HistoryError::Foreign { path: path.into() });
    }
    Ok(())
}

fn cannot_open(path: &Path, source: io::Error) -> HistoryError {
    HistoryError::Open {
        path: path.into(),
        source,
    }
}
