//! `flowlift history`: what was done to which archive.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::{Span, Timestamp, Zoned, civil};
use serde::Serialize;

use super::Context;
use super::options::Format;
use crate::exit::Exit;
use crate::finding::Level;
use crate::history::{
    Filter, History, HistoryError, State, default_place, detail_table, list_table,
};
use crate::package::PackageKind;

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
    List(List),
    Show(Show),
    Log(Log),
}

/// List tasks, newest first
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    which: Which,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Show everything about a task
#[derive(Debug, Args)]
struct Show {
    /// The task's id, or its beginning
    id: String,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Print the log of a task, as the .log file beside its target has it
#[derive(Debug, Args)]
struct Log {
    /// The task's id, or its beginning
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

/// Which tasks are meant.
#[derive(Debug, Args)]
struct Which {
    /// Only of backups
    #[arg(long, conflicts_with = "projects")]
    backups: bool,
    /// Only of projects
    #[arg(long)]
    projects: bool,
    /// Only in this state
    #[arg(long, value_enum, value_name = "STATUS")]
    status: Option<Status>,
    /// Only since then: a date, a date and time, or a span such as 30d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only of this archive, source or target: its file name, its path or its SHA-256
    #[arg(long, value_name = "ARCHIVE")]
    archive: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Weight {
    Inform,
    Warn,
    Error,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Status {
    /// Asked for
    Submitted,
    /// Being written
    Running,
    /// Not closed, and its process is gone
    Interrupted,
    /// Its target is complete, or there was nothing to do
    Success,
    /// It has no target
    Failure,
}

impl HistoryPlace {
    /// Opens the history for writing.
    pub(super) fn open(&self) -> Result<History, HistoryError> {
        match &self.history {
            Some(file) => History::open(file),
            None => History::open_default(),
        }
    }

    fn read(&self) -> Result<History, HistoryError> {
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

#[derive(Serialize)]
struct Tasks {
    tasks: Vec<crate::history::Task>,
}

#[derive(Serialize)]
struct One {
    task: crate::history::Detail,
}

impl HistoryCommand {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let answer = match &self.question {
            Question::List(list) => list.answer(context, &self.place),
            Question::Show(show) => show.answer(context, &self.place),
            Question::Log(log) => log.answer(&self.place),
        };
        match answer {
            Ok(text) => context.show(&text),
            Err(Trouble::History(error)) => context.history_error(&error),
            Err(Trouble::Usage(message)) => {
                context.voice.error(None, &message, None);
                Exit::Usage
            }
        }
    }
}

/// Why there is no answer.
enum Trouble {
    History(HistoryError),
    Usage(String),
}

impl From<HistoryError> for Trouble {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl List {
    fn answer(&self, context: &Context, place: &HistoryPlace) -> Result<String, Trouble> {
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

impl Show {
    fn answer(&self, context: &Context, place: &HistoryPlace) -> Result<String, Trouble> {
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

impl Log {
    fn answer(&self, place: &HistoryPlace) -> Result<String, Trouble> {
        let history = place.read()?;
        let task = history.task(&self.id)?;
        let all = self.level.is_none() && self.limit.is_none() && self.offset == 0;
        if all && self.format == Format::Table {
            return Ok(history.log_text(&task)?);
        }
        let level = match self.level {
            None | Some(Weight::Inform) => Level::Inform,
            Some(Weight::Warn) => Level::Warn,
            Some(Weight::Error) => Level::Error,
        };
        let page = history.log(&task, level, self.limit, self.offset)?;
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

impl Which {
    fn filter(&self, now: &Zoned) -> Result<Filter, Trouble> {
        let kind = match (self.backups, self.projects) {
            (true, _) => Some(PackageKind::Backup),
            (_, true) => Some(PackageKind::Project),
            _ => None,
        };
        let since = self.since.as_deref().map(|text| since(text, now));
        Ok(Filter {
            kind,
            status: self.status.map(|status| match status {
                Status::Submitted => State::Submitted,
                Status::Running => State::Running,
                Status::Interrupted => State::Interrupted,
                Status::Success => State::Success,
                Status::Failure => State::Failure,
            }),
            since: since.transpose()?,
            archive: self.archive.clone(),
        })
    }
}

/// A point in time, a day or a moment of the user's own zone, or a span before now.
fn since(text: &str, now: &Zoned) -> Result<Timestamp, Trouble> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let local = text.parse::<civil::DateTime>();
    let local = local.and_then(|local| local.to_zoned(now.time_zone().clone()));
    let before = || {
        text.parse::<Span>()
            .and_then(|span| now.checked_sub(span.abs()))
    };
    let time = local.or_else(|_| before()).map_err(|_| {
        Trouble::Usage(format!(
            "--since {text:?} is no date such as 2026-11-21 and no span such as 30d"
        ))
    })?;
    Ok(time.timestamp())
}

fn json(content: &impl Serialize) -> String {
    pretty(&Document {
        schema_version: 1,
        content,
    })
}

/// Nothing that is written here can fail: all keys are texts.
fn pretty(content: &impl Serialize) -> String {
    serde_json::to_string_pretty(content).unwrap_or_default() + "\n"
}
