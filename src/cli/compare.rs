//! `flowlift compare`: what a restore really did.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Context;
use super::audit::{FILE_WIDTH, write};
use super::history::HistoryPlace;
use super::limits::LimitArgs;
use super::profile::read_profile;
use crate::compare::{Aids, Before, Comparison, compare};
use crate::exit::Exit;
use crate::history::Detail;
use crate::output::{Access, Overwrite, Role, Target, TempOutput};
use crate::report::{comparison_html, comparison_json, comparison_table};
use crate::sanitize::sanitize;

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
                context.add(Role::Archive, Path::new(&detail.task.source.path))?;
                (Planned::Task(Box::new(detail)), after)
            }
            ([before, after], None) => (Planned::Archive(before), after),
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
            context.add(Role::Archive, archive)?;
        }
        if let Some(log) = &self.log {
            context.add(Role::ServerLog, log)?;
        }
        if let Some(output) = &self.output {
            context.add(Role::Report, output)?;
        }
        if let Some(profile) = &self.profile {
            context.add(Role::Profile, profile)?;
        }
        context.begin()?;
        let profile = self
            .profile
            .as_deref()
            .map(|path| read_profile(context, path));
        let profile = profile.transpose()?;
        let report = self.create(context)?;
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
            Ok(comparison) => Ok(self.answer(context, report, &comparison)),
            Err(error) => {
                context.voice.error(None, &error.line(), error.help());
                Err(error.exit())
            }
        }
    }

    /// The report, empty as yet, so that whether it can be written is known before anything is read.
    fn create<'a>(&'a self, context: &'a Context) -> Result<Option<TempOutput<'a>>, Exit> {
        let created = self.output.as_deref().map(|path| {
            let target = Target {
                path,
                role: Role::Report,
                overwrite: Overwrite::when(self.force),
                access: Access::Default,
            };
            TempOutput::create(&context.files, target)
        });
        created
            .transpose()
            .map_err(|error| context.unwritten(&error))
    }

    fn answer(
        &self,
        context: &Context,
        output: Option<TempOutput<'_>>,
        comparison: &Comparison,
    ) -> Exit {
        let answer = if comparison.is_as_planned() {
            Exit::Done
        } else {
            Exit::No
        };
        let text = match self.text(context, comparison) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("cannot make the report: {error}");
                context.voice.error(None, &message, None);
                return Exit::Failed;
            }
        };
        let Some(output) = output else {
            return answer.max(context.show(&text));
        };
        let written = sanitize(&output.target().to_string_lossy()).into_owned();
        match write(output, &text) {
            Ok(()) => {
                let table = comparison_table(comparison, context.voice.width());
                let summary = table.trim_end().lines().last().unwrap_or_default();
                answer.max(context.show(&format!("{summary}\nwritten to {written}\n")))
            }
            Err(error) => context.unwritten(&error),
        }
    }

    fn format(&self) -> Format {
        let by_name = || {
            let extension = self.output.as_deref().and_then(Path::extension)?;
            Format::from_str(extension.to_str()?, true).ok()
        };
        self.format.or_else(by_name).unwrap_or(Format::Table)
    }

    fn text(
        &self,
        context: &Context,
        comparison: &Comparison,
    ) -> Result<String, Box<dyn std::error::Error>> {
        let width = match self.output {
            Some(_) => FILE_WIDTH,
            None => context.voice.width(),
        };
        Ok(match self.format() {
            Format::Table => comparison_table(comparison, width),
            Format::Json => comparison_json(comparison)?,
            Format::Html => comparison_html(comparison, &context.clock.now())?,
        })
    }
}

/// What was planned, as it was named.
enum Planned<'a> {
    Archive(&'a Path),
    Task(Box<Detail>),
}

impl Planned<'_> {
    fn borrowed(&self) -> Before<'_> {
        match self {
            Self::Archive(path) => Before::Archive(path),
            Self::Task(detail) => Before::Task(detail),
        }
    }
}
