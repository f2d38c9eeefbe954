//! `flowlift audit`: who loses what, does it matter, what to do.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Context;
use super::history::HistoryPlace;
use super::inputs::{Input, inputs};
use super::limits::LimitArgs;
use super::options::FormArgs;
use crate::exit::Exit;
use crate::finding::Impact;
use crate::history::{Detail, Filter, HistoryError};
use crate::migrate::{default_target, prepare};
use crate::output::{Access, OutputError, Overwrite, Role, Target, TempOutput};
use crate::plan::Options;
use crate::report::audit::{AuditedArchive, csv, html, recalled_json, summary, table};
use crate::report::{ArchiveReport, json};
use crate::sanitize::sanitize;

/// Columns of a table that goes to a file.
pub(super) const FILE_WIDTH: u16 = 100;

/// Say who loses what, whether it matters, and what to do
///
/// Reads each archive and the workspaces of its apps, and says for every app which Connections it
/// keeps or needs, which Resources it loses, whether that matters to it, and what its owner has to
/// do after the restore: what needs action first. Writes nothing but the report.
#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    /// Backups (.fsconfig), projects (.fsproject), and folders to be searched for them; with
    /// --from-history what to limit it to: archives by name, path or SHA-256
    #[arg(required_unless_present = "from_history", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say it from what the history recorded, without the archives: of each the last migration
    #[arg(long)]
    from_history: bool,
    #[command(flatten)]
    history: HistoryPlace,
    /// How the result is shown [default: by the extension of --output, else table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write the report to this file, and to stdout only a summary
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a report that exists
    #[arg(long, requires = "output")]
    force: bool,
    /// Exit with 1 when there is an app of this impact or a greater one
    #[arg(long, value_enum, value_name = "IMPACT")]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

/// How an audit is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: what needs action, and what should be checked
    Table,
    /// For programs: one document for all archives
    Json,
    /// For spreadsheets: a row per app, category, item and permission
    Csv,
    /// For app owners: one page that can be filtered, ticked off and printed
    Html,
}

/// What makes an audit fail.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    /// An app will not work as it did until someone has acted
    Action,
    /// An app may not work as it did
    Check,
}

impl From<FailOn> for Impact {
    fn from(least: FailOn) -> Self {
        match least {
            FailOn::Action => Self::Action,
            FailOn::Check => Self::Check,
        }
    }
}

impl Audit {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let done = if self.from_history {
            self.recall(context)
        } else {
            self.read(context)
        };
        done.unwrap_or_else(|exit| exit)
    }

    /// Adds what is written to the files of the run.
    fn begin(&self, context: &Context) -> Result<(), Exit> {
        self.history.add(context)?;
        if let Some(output) = &self.output {
            context.add(Role::Report, output)?;
        }
        context.begin()
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

    /// Audits from what the history recorded.
    fn recall(&self, context: &Context) -> Result<Exit, Exit> {
        self.begin(context)?;
        let details = self.recorded();
        let details = details.map_err(|error| context.history_error(&error))?;
        for detail in &details {
            let archives = [Some(&detail.task.source), detail.task.target.as_ref()];
            for archive in archives.into_iter().flatten() {
                context.add(Role::Archive, Path::new(&archive.path))?;
            }
        }
        let report = self.create(context)?;
        if details.is_empty() {
            let help = Some("flowlift history list shows what was migrated");
            let message = "the history has no such migration that succeeded";
            context.voice.error(None, message, help);
            return Err(Exit::Usage);
        }
        let archives: Vec<_> = details.iter().map(AuditedArchive::from).collect();
        let document = || {
            let recorded: Result<Vec<_>, _> = details.iter().map(recalled_json).collect();
            json(&recorded?)
        };
        Ok(self
            .answer(&archives)
            .max(self.show(context, report, &archives, &document)))
    }

    /// The last migration of each archive that succeeded, by path.
    fn recorded(&self) -> Result<Vec<Detail>, HistoryError> {
        let history = self.history.read()?;
        let of = |archive| Filter {
            archive,
            ..Filter::default()
        };
        let paths = self.paths.iter();
        let mut filters: Vec<_> = paths
            .map(|path| of(Some(path.to_string_lossy().into_owned())))
            .collect();
        if filters.is_empty() {
            filters.push(of(None));
        }
        let mut details = Vec::new();
        history.last_of_each(&filters, |detail| details.push(detail))?;
        Ok(details)
    }

    /// Audits archives.
    fn read(&self, context: &Context) -> Result<Exit, Exit> {
        let (inputs, mut exit) = inputs(context, &self.paths, Some(&self.history))?;
        self.begin(context)?;
        let output = self.create(context)?;
        let mut reports = Vec::new();
        for Input { path, .. } in &inputs {
            let (report, ended) = self.audit(context, path);
            exit = exit.max(ended);
            reports.push(report);
            if ended == Exit::Interrupted {
                return Ok(exit);
            }
        }
        if reports.is_empty() {
            return Ok(exit);
        }
        let archives: Vec<_> = reports.iter().map(AuditedArchive::from).collect();
        Ok(exit
            .max(self.answer(&archives))
            .max(self.show(context, output, &archives, &|| json(&reports))))
    }

    fn audit(&self, context: &Context, path: &Path) -> (ArchiveReport, Exit) {
        let shown = path.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let options = Options {
            form: self.form.asked().unwrap_or_default(),
            limits: self.limits.limits(),
            ..Options::default()
        };
        match prepare(path, options, &context.clock, &watch) {
            Ok(prepared) => {
                let target = default_target(path);
                let report = ArchiveReport::planned(path, prepared.plan, &target);
                (report, Exit::Done)
            }
            Err(error) => {
                let ended = context.stopped(path, &error);
                (ArchiveReport::refused(path, &error), ended)
            }
        }
    }

    /// What the apps make of the exit code.
    fn answer(&self, archives: &[AuditedArchive]) -> Exit {
        let Some(least) = self.fail_on.map(Impact::from) else {
            return Exit::Done;
        };
        let mut apps = archives.iter().flat_map(|archive| &archive.apps);
        if apps.any(|app| app.impact >= least) {
            Exit::No
        } else {
            Exit::Done
        }
    }

    /// Shows `archives`, or the `document` of JSON about them.
    fn show(
        &self,
        context: &Context,
        output: Option<TempOutput<'_>>,
        archives: &[AuditedArchive],
        document: &dyn Fn() -> io::Result<String>,
    ) -> Exit {
        let text = match self.text(context, archives, document) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("cannot make the report: {error}");
                context.voice.error(None, &message, None);
                return Exit::Failed;
            }
        };
        let Some(output) = output else {
            return context.show(&text);
        };
        let written = sanitize(&output.target().to_string_lossy()).into_owned();
        match write(output, &text) {
            Ok(()) => {
                let summaries: String = archives.iter().map(summary).collect();
                context.show(&format!("{summaries}\nwritten to {written}\n"))
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
        archives: &[AuditedArchive],
        document: &dyn Fn() -> io::Result<String>,
    ) -> Result<String, Box<dyn std::error::Error>> {
        let width = match self.output {
            Some(_) => FILE_WIDTH,
            None => context.voice.width(),
        };
        Ok(match self.format() {
            Format::Table => {
                let tables: Vec<_> = archives.iter().map(|it| table(it, width)).collect();
                tables.join("\n")
            }
            Format::Json => document()?,
            Format::Csv => csv(archives)?,
            Format::Html => html(archives, &context.clock.now())?,
        })
    }
}

/// A report gets its name only when it is complete.
pub(super) fn write(mut output: TempOutput<'_>, text: &str) -> Result<(), OutputError> {
    let written = output.sink().out.write_all(text.as_bytes());
    written.map_err(|error| output.failed(error))?;
    output.sync()?.commit()
}
