//! `flowlift audit`: who loses what, does it matter, what to do.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Context;
use super::command_line::CommandLine;
use super::destination::{Destination, folder_for_all};
use super::handouts::hand_out;
use super::history::HistoryPlace;
use super::inputs::{Input, inputs};
use super::limits::LimitArgs;
use super::options::FormArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::Impact;
use crate::history::{Filter, HistoryError, TaskDetail};
use crate::migrate::{Prepared, prepare_with_package};
use crate::output::{FileRole, Overwrite};
use crate::plan::{Options, Plan};
use crate::readiness::readiness;
use crate::report::audit::{
    AuditedArchive, Recalled, is_short, ranking, summary, table, write_csv, write_html,
};
use crate::report::{ArchiveReport, write_json};
use crate::sanitize::sanitize;
use crate::watch::Watch;

/// Say who loses what, whether it matters, and what to do
///
/// Reads each archive and the workspaces of its apps, and says for every app which Connections it
/// keeps or needs, which Resources it loses, whether that matters to it, and what its owner has to
/// do after the restore: what needs action first. Of more than 20 apps the terminal shows the first,
/// and what many have in common once; a file, any other format and -v have all of them. Writes
/// nothing but the report.
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
    #[arg(short, long, value_name = "FILE", group = "written")]
    output: Option<PathBuf>,
    /// Write a page and a ready text for each app owner into this folder, beside index.html about
    /// everything
    #[arg(long, value_name = "DIR", group = "written", conflicts_with = "format")]
    out_dir: Option<PathBuf>,
    /// Replace a report that exists
    #[arg(long, requires = "written")]
    force: bool,
    /// Exit with 1 when there is an app of this impact or a greater one
    #[arg(long, value_enum, value_name = "IMPACT")]
    fail_on: Option<FailOn>,
    /// Say too what else of the archive breaks at 2026.1: calls of old REST APIs, tokens in texts,
    /// webhooks without authentication and more; reads the headers of all workspaces and texts up
    /// to 4 MiB
    #[arg(long, conflicts_with = "from_history")]
    readiness: bool,
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
        folder_for_all(context, self.out_dir.as_deref())?;
        if let Some(output) = &self.output {
            context.add(FileRole::Report, output)?;
        }
        context.begin()
    }

    fn destination<'a>(&'a self, context: &'a Context) -> Result<Destination<'a, Format>, Exit> {
        let (asked, output) = (self.format, self.output.as_deref());
        Destination::open(
            context,
            asked,
            output,
            Overwrite::when(self.force),
            Format::Table,
        )
    }

    /// Audits from what the history recorded.
    fn recall(&self, context: &Context) -> Result<Exit, Exit> {
        self.begin(context)?;
        let details = self.recorded();
        let details = details.map_err(|error| context.history_error(&error))?;
        for detail in &details {
            let archives = [Some(&detail.task.source), detail.task.target.as_ref()];
            for archive in archives.into_iter().flatten() {
                context.add(FileRole::Archive, Path::new(&archive.path))?;
            }
        }
        let destination = self.destination(context)?;
        if details.is_empty() {
            let help = Some("flowlift history list shows what was migrated");
            let message = "the history has no such migration that succeeded";
            context.voice.error(None, message, help);
            return Err(Exit::Usage);
        }
        let archives: Vec<_> = details.iter().map(AuditedArchive::from).collect();
        let document = |out: &mut dyn Write| {
            let recorded: Vec<_> = details.iter().map(Recalled).collect();
            write_json(out, &recorded)
        };
        Ok(self
            .answer(&archives)
            .max(self.show(context, destination, &archives, &document)))
    }

    /// The last migration of each archive that succeeded, by path.
    fn recorded(&self) -> Result<Vec<TaskDetail>, HistoryError> {
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
        let destination = self.destination(context)?;
        let mut stopped = Vec::new();
        let mut reports = Vec::new();
        for Input { path, .. } in &inputs {
            match self.audit(context, path) {
                Ok(report) => reports.push(report),
                Err(error) => {
                    exit = exit.max(error.exit());
                    reports.push(ArchiveReport::refused(path, &error));
                    let is_over = error.exit() == Exit::Interrupted;
                    stopped.push((path, error));
                    if is_over {
                        break;
                    }
                }
            }
        }
        if reports.is_empty() {
            return Ok(exit);
        }
        // Where there is nothing but an error, that is said once.
        let is_said = (inputs.len(), stopped.len()) == (1, 1)
            && destination.format == Format::Table
            && self.output.is_none()
            && self.out_dir.is_none();
        if exit != Exit::Interrupted && !is_said {
            let archives: Vec<_> = reports.iter().map(AuditedArchive::from).collect();
            exit = exit.max(self.answer(&archives)).max(self.show(
                context,
                destination,
                &archives,
                &|out| write_json(out, &reports),
            ));
        }
        // What went wrong stands last, where it is seen.
        for (path, error) in stopped {
            context.stopped(path, &error);
        }
        Ok(exit)
    }

    fn audit(&self, context: &Context, path: &Path) -> Result<ArchiveReport, Error> {
        let shown = path.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let options = Options {
            form: self.form.asked().unwrap_or_default(),
            limits: self.limits.limits(),
            ..Options::default()
        };
        let plan = self.plan(path, options, context, &watch)?;
        Ok(ArchiveReport::planned_beside(path, plan))
    }

    /// The plan of an archive, with its readiness where that is asked for.
    fn plan(
        &self,
        path: &Path,
        options: Options,
        context: &Context,
        watch: &dyn Watch,
    ) -> Result<Plan, Error> {
        let prepared = prepare_with_package(path, options, &context.clock, watch)?;
        let (Prepared { source, mut plan }, package) = prepared;
        if self.readiness {
            let now = context.clock.timestamp();
            let told = readiness(&source, &package, now, options.limits, watch)?;
            plan.findings.extend(told);
        }
        Ok(plan)
    }

    /// Shows what was found, or hands it out.
    fn show(
        &self,
        context: &Context,
        destination: Destination<'_, Format>,
        archives: &[AuditedArchive],
        document: &Document<'_>,
    ) -> Exit {
        match &self.out_dir {
            Some(folder) => {
                let summary = in_short(context, archives);
                let overwrite = Overwrite::when(self.force);
                hand_out(context, folder, overwrite, archives, &summary)
            }
            None => show(context, destination, archives, document, &self.as_page()),
        }
    }

    /// The line that makes a page of the same.
    fn as_page(&self) -> String {
        let mut line = CommandLine::new("audit")
            .flag("--from-history", self.from_history)
            .path("--history", self.history.given())
            .flag("--readiness", self.readiness)
            .value("--form", self.form.word());
        for limit in self.limits.words() {
            line = line.value("--limit", Some(limit));
        }
        let page = Some(Path::new("audit.html"));
        line.path("--output", page).about(&self.paths).to_string()
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
}

/// Writes the JSON.
type Document<'a> = dyn Fn(&mut dyn Write) -> io::Result<()> + 'a;

/// Shows `archives`, or the `document` of JSON about them; `page` is the line that shows all of it.
fn show(
    context: &Context,
    destination: Destination<'_, Format>,
    archives: &[AuditedArchive],
    document: &Document<'_>,
    page: &str,
) -> Exit {
    let format = destination.format;
    let (detail, width) = (destination.detail(context), destination.width(context));
    destination.write(
        context,
        |out| match format {
            Format::Table => {
                out.write_all(table(archives, detail, width).as_bytes())?;
                if is_short(archives, detail) {
                    writeln!(out, "details: {} (here: -v)", sanitize(page))?;
                }
                Ok(())
            }
            Format::Json => document(out),
            Format::Csv => write_csv(out, archives),
            Format::Html => write_html(out, archives, &context.clock.now()),
        },
        || in_short(context, archives),
    )
}

/// What is shown where the report itself is written.
fn in_short(context: &Context, archives: &[AuditedArchive]) -> String {
    match archives {
        [archive] => summary(archive),
        _ => ranking(archives, context.detail, context.voice.width()),
    }
}
