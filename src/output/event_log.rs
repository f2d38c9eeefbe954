//! The log file of `--log-file`: every event is added to it, and nothing in it is ever changed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::OutputError;
use super::files::{FileRole, Files};

/// How each of its lines begins, so that a file of somebody else's can be told.
const FIRST_WORDS: &[u8] = br#"{"timestamp":"#;

/// A file that events are added to. What happens before all files of the run are known is kept until
/// it is opened.
#[derive(Debug)]
pub struct EventLog {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// Not opened yet; what is to be written then.
    Waiting(Vec<u8>),
    Open(File),
    /// A write failed; the rest is not tried.
    Failed(io::Error),
    Closed,
}

impl EventLog {
    /// Nothing is opened yet.
    pub const fn new(path: PathBuf) -> Self {
        let state = Mutex::new(State::Waiting(Vec::new()));
        Self { path, state }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it, unless it is open, and adds what has happened so far. A device or a pipe will do.
    ///
    /// # Errors
    /// When it is another file of the run or holds something else, or cannot be opened.
    pub fn open(&self, files: &Files) -> Result<(), OutputError> {
        let mut state = self.state();
        let State::Waiting(kept) = &mut *state else {
            return Ok(());
        };
        let kept = mem::take(kept);
        *state = State::Closed;
        files.add(FileRole::EventLog, &self.path)?;
        let file = open(&self.path)?;
        *state = State::Open(file);
        state.add(&kept);
        Ok(())
    }

    /// Ends it: nothing is added any more. One that was never opened is not made.
    ///
    /// # Errors
    /// The first write that failed.
    pub fn close(&self) -> Result<(), OutputError> {
        match mem::replace(&mut *self.state(), State::Closed) {
            State::Failed(error) => Err(OutputError::write(&self.path, error)),
            _ => Ok(()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Waiting(kept) => kept.extend_from_slice(bytes),
            Self::Open(file) => {
                if let Err(error) = file.write_all(bytes) {
                    *self = Self::Failed(error);
                }
            }
            Self::Failed(_) | Self::Closed => {}
        }
    }
}

/// Whoever writes goes on when it fails: [`EventLog::close`] says so in the end.
impl Write for &EventLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.state().add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn open(path: &Path) -> Result<File, OutputError> {
    let failed = |error| OutputError::write(path, error);
    let is_regular = match path.metadata() {
        Ok(found) => found.is_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Not through a link that leads nowhere.
            let new = OpenOptions::new().append(true).create_new(true).open(path);
            return new.map_err(failed);
        }
        Err(error) => return Err(failed(error)),
    };
    if is_regular && !is_ours(path).map_err(failed)? {
        return Err(OutputError::NotALog { path: path.into() });
    }
    OpenOptions::new().append(true).open(path).map_err(failed)
}

/// Whether a file is empty or begins as a log of events does.
fn is_ours(path: &Path) -> io::Result<bool> {
    let mut first = Vec::new();
    let most = FIRST_WORDS.len() as u64;
    File::open(path)?.take(most).read_to_end(&mut first)?;
    Ok(first.is_empty() || first == FIRST_WORDS)
}
