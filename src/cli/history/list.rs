//! `flowlift history list`: tasks, a line each.

use clap::Args;
use serde::Serialize;

use super::answer::{Trouble, json};
use super::place::HistoryPlace;
use super::which::Which;
use crate::cli::Context;
use crate::cli::options::Format;
use crate::history::Task;
use crate::report::list_table;

/// Tasks that a table shows where nothing else is said.
const AT_ONCE: usize = 20;

/// List tasks, newest first
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    which: Which,
    /// Show at most so many, 0 for all [default: 20, of json all]
    #[arg(short = 'n', long, value_name = "COUNT")]
    number: Option<usize>,
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
        let mut tasks = history.tasks(&self.which.filter(&context.clock.now())?)?;
        let total = tasks.len();
        let most = match (self.number, self.format) {
            (Some(0), _) | (None, Format::Json) => total,
            (Some(number), _) => number,
            (None, Format::Table) => AT_ONCE,
        };
        tasks.truncate(most);
        Ok(match self.format {
            Format::Json => json(&Tasks { tasks }),
            Format::Table => {
                let zone = context.clock.now().time_zone().clone();
                let width = context.voice.width();
                let mut text = list_table(&tasks, &history.ids()?, &zone, width);
                if total > most {
                    text += &format!("\n{most} of {total} tasks; all of them: -n 0\n");
                }
                text
            }
        })
    }
}
