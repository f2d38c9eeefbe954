//! `flowlift history list`: tasks, a line each.

use clap::Args;
use serde::Serialize;

use super::answer::{Trouble, json};
use super::place::HistoryPlace;
use super::which::Which;
use crate::cli::Context;
use crate::cli::options::Format;
use crate::history::{Task, list_table};

/// List tasks, newest first
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    which: Which,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Serialize)]
struct Tasks {
    tasks: Vec<Task>,
}

impl List {
    pub(super) fn answer(
        &self,
        context: &Context,
        place: &HistoryPlace,
    ) -> Result<String, Trouble> {
        let history = place.read()?;
        let tasks = history.tasks(&self.which.filter(&context.clock.now())?)?;
        Ok(match self.format {
            Format::Json => json(&Tasks { tasks }),
            Format::Table => {
                let zone = context.clock.now().time_zone().clone();
                list_table(&tasks, &history.ids()?, &zone, context.voice.width())
            }
        })
    }
}
