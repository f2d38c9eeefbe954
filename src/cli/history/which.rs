//! Which tasks a command is about.

use clap::{Args, ValueEnum};
use jiff::{Span, Timestamp, Zoned, civil};

use super::answer::Trouble;
use crate::history::{Filter, TaskState};
use crate::package::PackageKind;

/// Which tasks are meant.
#[derive(Debug, Args)]
pub(super) struct Which {
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

impl Which {
    pub(super) fn filter(&self, now: &Zoned) -> Result<Filter, Trouble> {
        let kind = match (self.backups, self.projects) {
            (true, _) => Some(PackageKind::Backup),
            (_, true) => Some(PackageKind::Project),
            _ => None,
        };
        let since = self.since.as_deref().map(|text| since(text, now));
        Ok(Filter {
            kind,
            status: self.status.map(|status| match status {
                Status::Submitted => TaskState::Submitted,
                Status::Running => TaskState::Running,
                Status::Interrupted => TaskState::Interrupted,
                Status::Success => TaskState::Success,
                Status::Failure => TaskState::Failure,
            }),
            since: since.transpose()?,
            archive: self.archive.clone(),
        })
    }
}

/// A point in time, a day or a moment of the user's own zone, or a span before now.
pub(super) fn since(text: &str, now: &Zoned) -> Result<Timestamp, Trouble> {
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
