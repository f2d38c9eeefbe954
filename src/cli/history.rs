//! `flowlift history`: what was done to which archive.

mod export;
mod list;
mod log;
mod merge;
mod show;
mod which;

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Context;
use crate::exit::Exit;
use crate::history::export::ExportError;
use crate::history::{History, HistoryError, default_place};
use crate::output::Role;

/// Say what was migrated, and what became of every permission
///
/// Every run of migrate is recorded: who migrated which archive when, how it ended, its log, and
/// each permission that was carried or dropped. An id may be shortened as long as it names one task.
#[derive(Debug, Args)]
pub(super) struct HistoryCommand {
    #[command(subcommand)]
    question: Question,
    #[command(flatten)]
    place: HistoryPlace,
}

/// Where the history is.
#[derive(Debug, Args)]
pub(super) struct HistoryPlace {
    /// The history's file [default: history.sqlite in this system's folder for the state of
    /// flowlift]
    #[arg(
        long,
        global = true,
        env = "FLOWLIFT_HISTORY",
        value_name = "FILE",
        hide_env_values = true
    )]
    history: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Question {
    List(list::List),
    Show(show::Show),
    Log(log::Log),
    Export(export::Export),
    Merge(merge::Merge),
}

impl HistoryPlace {
    /// Adds its files to those of the run, whether or not it is used: nothing may be written over it.
    pub(super) fn add(&self, context: &Context) -> Result<(), Exit> {
        let Some(history) = self.history.clone().or_else(|| default_place().ok()) else {
            return Ok(());
        };
        // What SQLite keeps beside it (documented: "Temporary Files Used By SQLite").
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut file = history.clone().into_os_string();
            file.push(end);
            context.add(Role::History, Path::new(&file))?;
        }
        Ok(())
    }

    /// Opens the history for writing.
    pub(super) fn open(&self) -> Result<History, HistoryError> {
        match &self.history {
            Some(file) => History::open(file),
            None => History::open_default(),
        }
    }

    /// Opens the history for reading.
    pub(super) fn read(&self) -> Result<History, HistoryError> {
        match &self.history {
            Some(file) => History::read(file),
            None => History::read(&default_place()?),
        }
    }
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    content: &'a T,
}

impl HistoryCommand {
    pub(super) fn run(&self, context: &Context) -> Exit {
        if let Err(exit) = self.place.add(context).and_then(|()| context.begin()) {
            return exit;
        }
        let answer = match &self.question {
            Question::List(list) => list.answer(context, &self.place),
            Question::Show(show) => show.answer(context, &self.place),
            Question::Log(log) => log.answer(&self.place),
            Question::Export(export) => export.answer(context, &self.place),
            Question::Merge(merge) => merge.answer(&self.place),
        };
        match answer {
            Ok(text) => context.show(&text),
            Err(Trouble::History(error)) => context.history_error(&error),
            Err(Trouble::Usage(message)) => {
                context.voice.error(None, &message, None);
                Exit::Usage
            }
            Err(Trouble::Unheard(error)) => context.shown(Err(error)),
        }
    }
}

/// Why there is no answer.
enum Trouble {
    History(HistoryError),
    Usage(String),
    Unheard(io::Error),
}

impl From<HistoryError> for Trouble {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<ExportError> for Trouble {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::History(error) => Self::History(error),
            ExportError::Write(error) => Self::Unheard(error),
        }
    }
}

fn json(content: &impl Serialize) -> String {
    pretty(&Document {
        schema_version: 1,
        content,
    })
}

/// Nothing that is written here can fail: all keys are texts.
fn pretty(content: &impl Serialize) -> String {
    crate::json::pretty(content).unwrap_or_default()
}
