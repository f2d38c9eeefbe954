//! What every command works with: how it shows what it has found, and how it ends where that cannot
//! be shown.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::suggest::nearest;
use crate::clock::Clock;
use crate::error::Problem;
use crate::exit::Exit;
use crate::history::HistoryError;
use crate::io_error::line;
use crate::output::{EventLog, FileRole, Files, OutputError};
use crate::report::Detail;
use crate::ui::Voice;

/// What a command works with.
pub(super) struct Context {
    pub(super) voice: Voice,
    /// How much is shown.
    pub(super) detail: Detail,
    pub(super) clock: Clock,
    /// Every file that the run reads or writes.
    pub(super) files: Files,
    /// Where events go beside stderr.
    pub(super) log_file: Option<Arc<EventLog>>,
}

impl Context {
    /// Adds a file of the run; all are added before [`Context::begin`].
    pub(super) fn add(&self, role: FileRole<'_>, path: &Path) -> Result<(), Exit> {
        let added = self.files.add(role, path);
        added.map_err(|error| self.unwritten(&error))
    }

    /// All files of the run are known, and none harms another: from here on they are opened.
    pub(super) fn begin(&self) -> Result<(), Exit> {
        let opened = self.log_file.iter().map(|log| log.open(&self.files));
        let opened: Result<(), _> = opened.collect();
        opened.map_err(|error| self.unwritten(&error))
    }

    /// The run is over; says if not all events got into the log file.
    pub(super) fn end(&self) -> Exit {
        let closed = self.log_file.iter().map(|log| log.close());
        let closed: Result<(), _> = closed.collect();
        closed.map_or_else(|error| self.unwritten(&error), |()| Exit::Done)
    }

    /// Says why a file is not written.
    pub(super) fn unwritten(&self, error: &OutputError) -> Exit {
        self.voice.error(None, &line(error), Some(error.help()));
        error.exit()
    }

    /// Says why a history cannot be used.
    pub(super) fn history_error(&self, error: &HistoryError) -> Exit {
        self.voice.error(None, &line(error), Some(error.help()));
        if error.is_mistake() {
            Exit::Usage
        } else {
            Exit::Failed
        }
    }

    /// Says why the work on an archive stopped, and which archive may have been meant.
    pub(super) fn stopped(&self, archive: &Path, error: &crate::error::Error) -> Exit {
        let help = help(archive, error);
        let shown = archive.to_string_lossy();
        let shown = (!error.names(archive)).then_some(&*shown);
        self.voice.error(shown, &error.line(), help.as_deref());
        error.exit()
    }

    /// Shows a result on stdout.
    pub(super) fn show(&self, text: &str) -> Exit {
        self.shown(self.voice.data(text))
    }

    /// How it ends, now that something was shown.
    pub(super) fn shown(&self, shown: io::Result<()>) -> Exit {
        match shown {
            Ok(()) => Exit::Done,
            Err(error) => {
                let message = format!("cannot write the result: {error}");
                self.voice.error(
                    None,
                    &message,
                    Some("check the disk or what stdout leads to"),
                );
                Exit::Failed
            }
        }
    }
}

/// The file that was meant by the name of one that is not there.
fn meant(archive: &Path) -> Option<String> {
    if archive.exists() || archive.is_symlink() {
        return None;
    }
    let folder = match archive.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let entries = fs_err::read_dir(folder).ok()?.flatten();
    let names: Vec<_> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let name = archive.file_name()?.to_str()?;
    let near = nearest(name, names.iter().map(String::as_str))?;
    Some(format!(
        "did you mean {}?",
        archive.with_file_name(near).display()
    ))
}

/// What to do about an error, and which archive may have been meant.
pub(super) fn help(archive: &Path, error: &crate::error::Error) -> Option<String> {
    meant(archive).or_else(|| error.help().map(str::to_owned))
}
