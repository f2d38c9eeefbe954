//! Where the history is.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::context::Context;
use crate::exit::Exit;
use crate::history::{History, HistoryError, default_place};
use crate::output::FileRole;

/// Where the history is.
#[derive(Debug, Args)]
pub(in crate::cli) struct HistoryPlace {
    /// The history's file [default: history.sqlite in this system's folder for the state of
    /// flowlift]
    #[arg(
        long,
        global = true,
        env = VARIABLE,
        value_name = "FILE",
        hide_env_values = true
    )]
    history: Option<PathBuf>,
}

/// What says where the history is, where no option does.
const VARIABLE: &str = "FLOWLIFT_HISTORY";

impl HistoryPlace {
    /// The option's value, where the environment does not say the same.
    pub(in crate::cli) fn given(&self) -> Option<&Path> {
        let told = std::env::var_os(VARIABLE);
        let given = self.history.as_deref();
        given.filter(|given| told.as_deref() != Some(given.as_os_str()))
    }

    /// Adds its files to those of the run, whether or not it is used: nothing may be written over it.
    pub(in crate::cli) fn add(&self, context: &Context) -> Result<(), Exit> {
        let Some(history) = self.history.clone().or_else(|| default_place().ok()) else {
            return Ok(());
        };
        add(context, FileRole::History, &history)
    }

    /// Opens the history for writing.
    pub(in crate::cli) fn open(&self) -> Result<History, HistoryError> {
        match &self.history {
            Some(file) => History::open(file),
            None => History::open_default(),
        }
    }

    /// Opens the history for reading.
    pub(in crate::cli) fn read(&self) -> Result<History, HistoryError> {
        match &self.history {
            Some(file) => History::read(file),
            None => History::read(&default_place()?),
        }
    }
}

/// Adds a history to the files of the run, with what SQLite keeps beside it (documented: "Temporary
/// Files Used By SQLite").
pub(super) fn add(context: &Context, role: FileRole, history: &Path) -> Result<(), Exit> {
    ["", "-wal", "-shm", "-journal"].iter().try_for_each(|end| {
        let mut file = history.as_os_str().to_owned();
        file.push(end);
        context.add(role, Path::new(&file))
    })
}
