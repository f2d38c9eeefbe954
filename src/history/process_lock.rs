//! Whether the process behind a task is still there.
//!
//! A process id says little: ids are used again. So a process that records tasks holds a lock on a
//! file of its own, beside the history in `<history>-runs/`, as long as it lives. The system takes
//! the lock away however the process ends; a task that is not closed and whose lock is free was
//! interrupted. Killed runs leave their empty files behind; removing them changes no answer.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::output::private;

/// This process, as others can see it. Its lock goes when it is dropped.
#[derive(Debug)]
pub(super) struct ProcessLock {
    path: PathBuf,
    file: Option<File>,
}

/// What a lock says about its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Process {
    /// It holds the lock.
    Alive,
    /// The lock is free.
    Gone,
    /// There is no such file, or this system cannot lock it.
    Unknown,
}

impl ProcessLock {
    /// Takes a lock beside the history at `history`. None where the file system knows no locks.
    pub(super) fn start(history: &Path, id: Uuid) -> io::Result<Option<Self>> {
        let mut folder = std::path::absolute(history)?.into_os_string();
        folder.push("-runs");
        let folder = PathBuf::from(folder);
        private::folder(&folder)?;
        let path = folder.join(id.to_string());
        let file = private::create(&path)?;
        if file.try_lock().is_err() {
            private::remove(&path)?;
            return Ok(None);
        }
        Ok(Some(Self {
            path,
            file: Some(file),
        }))
    }

    /// The locked file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ProcessLock {
    /// An open file cannot be removed everywhere, so the lock goes first. By then the tasks are
    /// closed.
    fn drop(&mut self) {
        drop(self.file.take());
        // A file that stays says the same as none: nobody is there.
        let _ = private::remove(&self.path);
    }
}

/// Whether the process that locked `path` is still there.
pub(super) fn process(path: &Path) -> Process {
    // A pipe would wait for its other end; a history from elsewhere may name one.
    if !path.is_file() {
        return Process::Unknown;
    }
    let Ok(file) = File::open(path) else {
        return Process::Unknown;
    };
    match file.try_lock_shared() {
        Ok(()) => Process::Gone,
        Err(TryLockError::WouldBlock) => Process::Alive,
        Err(TryLockError::Error(_)) => Process::Unknown,
    }
}
