//! `flowlift history show`: everything about a task but its log.

use clap::Args;
use serde::Serialize;

use super::answer::{Trouble, json};
use super::place::HistoryPlace;
use crate::cli::Context;
use crate::cli::options::Format;
use crate::history::TaskDetail;
use crate::report::detail_table;

/// Show everything about a task
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The task: the beginning of its id, or an archive's name for its newest task, or last
    #[arg(value_name = "TASK")]
    id: String,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Serialize)]
struct One {
    task: TaskDetail,
}

impl Show {
    pub(super) fn answer(
        &self,
        context: &Context,
        place: &HistoryPlace,
    ) -> Result<String, Trouble> {
        let task = place.read()?.detail(&self.id)?;
        Ok(match self.format {
            Format::Json => json(&One { task }),
            Format::Table => {
                let zone = context.clock.now().time_zone().clone();
                detail_table(&task, &zone, context.voice.width())
            }
        })
    }
}
