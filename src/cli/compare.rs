//! `flowlift compare`: what a restore really did.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Context;
use super::destination::Destination;
use super::history::HistoryPlace;
use super::limits::LimitArgs;
use super::profile::read_profile;
use crate::compare::{Aids, Before, Comparison, compare};
use crate::exit::Exit;
use crate::history::TaskDetail;
use crate::output::{FileRole, Overwrite};
use crate::report::{comparison_html, comparison_table, write_comparison_json};

/// Say what a restore really did, from an export of the new server
///
/// BEFORE is the archive that was planned, original or upgraded; AFTER is a backup or an export that
/// FME Flow 2026.1 or later made after the restore. For every app it says whether it is there, whether
/// it runs as planned and belongs to the same user, and for each of its Connections whether the
/// permission arrived; what the export does not show is said as that and never counts as success.
/// Exits with 0 when everything is as planned, with 1 when something differs or cannot be told, and with 3
/// when the archives cannot be compared.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "flowlift compare [OPTIONS] <BEFORE> <AFTER>\n       \
    flowlift compare [OPTIONS] --from-history <ID> <AFTER>"
)]
pub(super) struct Compare {
    /// What was planned, and what the new server exported; with --from-history only the latter
    #[arg(required = true, num_args = 1..=2, value_names = ["BEFORE", "AFTER"])]
    archives: Vec<PathBuf>,
    /// Take what was planned from the history: a migration by the beginning of its id
    #[arg(long, value_name = "ID")]
    from_history: Option<String>,
    #[command(flatten)]
    history: HistoryPlace,
    /// Look for permissions where this profile says that the server keeps them
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// The server's restore or import log, text or the JSON of /log/parsed: says beside each
    /// Connection whether a message names it together with its app
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// How the result is shown [default: by the extension of --output, else table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write the report to this file, and to stdout only a summary
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a report that exists
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    limits: LimitArgs,
}

/// How a comparison is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: what is not as planned
    Table,
    /// For programs
    Json,
    /// To be printed and signed
    Html,
}

impl Compare {
    pub(super) fn run(&self, context: &Context) -> Exit {
        self.done(context).unwrap_or_else(|exit| exit)
    }

    fn done(&self, context: &Context) -> Result<Exit, Exit> {
        let (before, after) = match (&self.archives[..], &self.from_history) {
            ([after], Some(id)) => {
                self.history.add(context)?;
                let detail = self.history.read().and_then(|history| history.detail(id));
                let detail = detail.map_err(|error| context.history_error(&error))?;
                context.add(FileRole::Archive, Path::new(&detail.task.source.path))?;
                (PlannedBy::Task(Box::new(detail)), after)
            }
            ([before, after], None) => (PlannedBy::Archive(before), after),
            ([..], from_history) => {
                let message = if from_history.is_some() {
                    "--from-history takes the place of BEFORE, so only AFTER is to be named"
                } else {
                    "AFTER is missing: the archive that the new server exported"
                };
                let help = Some("flowlift compare BEFORE AFTER");
                context.voice.error(None, message, help);
                return Err(Exit::Usage);
            }
        };
        for archive in &self.archives {
            context.add(FileRole::Archive, archive)?;
        }
        if let Some(log) = &self.log {
            context.add(FileRole::ServerLog, log)?;
        }
        if let Some(output) = &self.output {
            context.add(FileRole::Report, output)?;
        }
        if let Some(profile) = &self.profile {
            context.add(FileRole::Profile, profile)?;
        }
        context.begin()?;
        let profile = self
            .profile
            .as_deref()
            .map(|path| read_profile(context, path));
        let profile = profile.transpose()?;
        let (asked, output) = (self.format, self.output.as_deref());
        let overwrite = Overwrite::when(self.force);
        let destination = Destination::open(context, asked, output, overwrite, Format::Table)?;
        let shown = after.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let compared = compare(
            before.borrowed(),
            after,
            Aids {
                log: self.log.as_deref(),
                profile: profile.as_ref(),
            },
            self.limits.limits(),
            &context.clock,
            &watch,
        );
        match compared {
            Ok(comparison) => Ok(answer(context, destination, &comparison)),
            Err(error) => {
                context.voice.error(None, &error.line(), error.help());
                Err(error.exit())
            }
        }
    }
}

fn answer(
    context: &Context,
    destination: Destination<'_, Format>,
    comparison: &Comparison,
) -> Exit {
    let answer = if comparison.is_as_planned() {
        Exit::Done
    } else {
        Exit::No
    };
    let (format, width) = (destination.format, destination.width(context));
    let report = |out: &mut dyn Write| match format {
        Format::Table => out.write_all(comparison_table(comparison, width).as_bytes()),
        Format::Json => write_comparison_json(out, comparison),
        Format::Html => {
            let page = comparison_html(comparison, &context.clock.now());
            out.write_all(page.map_err(io::Error::other)?.as_bytes())
        }
    };
    answer.max(destination.write(context, report, || {
        let table = comparison_table(comparison, context.voice.width());
        let last = table.trim_end().lines().last();
        last.unwrap_or_default().to_owned()
    }))
}

/// What was planned, as it was named.
enum PlannedBy<'a> {
    Archive(&'a Path),
    Task(Box<TaskDetail>),
}

impl PlannedBy<'_> {
    fn borrowed(&self) -> Before<'_> {
        match self {
            Self::Archive(path) => Before::Archive(path),
            Self::Task(detail) => Before::Task(detail),
        }
    }
}
