//! `flowlift history log`: a task's log, as text or in the server's shape.

use clap::{Args, ValueEnum};

use super::answer::{Trouble, pretty};
use super::place::HistoryPlace;
use crate::cli::options::Format;
use crate::history::task_log::Severity;

/// Print the log of a task, as the .log file beside its target has it
#[derive(Debug, Args)]
pub(super) struct Log {
    /// The task: the beginning of its id, or an archive's name for its newest task, or last
    #[arg(value_name = "TASK")]
    id: String,
    /// Only lines of this level or above
    #[arg(long, value_enum, ignore_case = true, value_name = "LEVEL")]
    level: Option<Weight>,
    /// At most so many lines
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    /// Leave out so many lines first
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    offset: usize,
    /// How the result is shown; json has the form of FME Flow's own parsed logs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Weight {
    Inform,
    Warn,
    Error,
}

impl Log {
    pub(super) fn answer(&self, place: &HistoryPlace) -> Result<String, Trouble> {
        let history = place.read()?;
        let task = history.task(&self.id)?;
        let all = self.level.is_none() && self.limit.is_none() && self.offset == 0;
        if all && self.format == Format::Table {
            return Ok(history.log_text(&task)?);
        }
        let least = match self.level {
            None | Some(Weight::Inform) => Severity::Inform,
            Some(Weight::Warn) => Severity::Warn,
            Some(Weight::Error) => Severity::Error,
        };
        let page = history.log(&task, least, self.limit, self.offset)?;
        Ok(match self.format {
            Format::Json => pretty(&page),
            Format::Table => page
                .items
                .iter()
                .map(|item| item.line.clone() + "\n")
                .collect(),
        })
    }
}
