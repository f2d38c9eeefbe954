//! What came of an archive, for people and for programs: one model, one file per format.

mod answer;
pub mod audit;
mod batch;
mod columns;
mod comparison;
mod diff;
mod fixes;
mod history;
mod inspection;
mod json;
mod page;
mod table;
mod verdict;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::error::Error;
use crate::finding::Finding;
use crate::flow::{Build, Schema};
use crate::migrate::{Done, default_target};
use crate::package::PackageKind;
use crate::plan::{self, Impacts, Plan, PlannedApp};
use crate::target::Form;
pub use answer::Answer;
pub use batch::Summary;
pub use comparison::{comparison_html, comparison_table, write_comparison_json};
pub use diff::diff;
pub use fixes::{Fix, fixes};
pub use history::{detail_table, list_table};
pub use inspection::{InspectionPart, InspectionReport, entry, entry_header, inspection, node};
pub use json::write_json;
pub use table::{Detail, table};
pub use verdict::{verdict_json, verdict_text};

/// How it ended for an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ArchiveOutcome {
    /// It would be migrated.
    Planned,
    /// It was migrated.
    Migrated,
    /// No byte of it would change.
    Unchanged,
    /// It comes from 2026.1 or later.
    Current,
    /// Its target was there already.
    Exists,
    /// It is not one that may be migrated.
    Refused,
    /// Reading or writing failed.
    Failed,
}

impl ArchiveOutcome {
    /// All of them, what went well first.
    pub const ALL: [Self; 7] = [
        Self::Planned,
        Self::Migrated,
        Self::Unchanged,
        Self::Current,
        Self::Exists,
        Self::Refused,
        Self::Failed,
    ];

    /// The words for people, after a number of archives.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Planned => "to migrate",
            Self::Current => "of 2026.1 or later",
            Self::Exists => "there already",
            _ => self.as_str(),
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Migrated => "migrated",
            Self::Unchanged => "unchanged",
            Self::Current => "current",
            Self::Exists => "exists",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// What came of an archive. Serialises to an element of `archives` in the JSON contract.
#[derive(Debug, Serialize)]
pub struct ArchiveReport {
    /// As given on the command line.
    pub path: String,
    /// Project or backup; none when that was not found out.
    pub kind: Option<PackageKind>,
    /// `CONFIG_SERVER_VERSION`.
    pub build: Option<Build>,
    /// `CONFIG_SCHEMA_VERSION`.
    pub schema: Option<Schema>,
    /// The form of the upgraded archive.
    pub form: Option<Form>,
    /// How it ended.
    pub outcome: ArchiveOutcome,
    /// Why it did not go on.
    pub error: Option<String>,
    /// What can be done about that.
    pub help: Option<&'static str>,
    /// The upgraded archive, written or planned.
    pub output: Option<UpgradedArchive>,
    /// How many of its apps will work as they did.
    pub impacts: Impacts,
    /// What owners of connections have to share.
    pub fixes: Vec<Fix>,
    /// Its apps.
    pub apps: Vec<PlannedApp>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

/// An upgraded archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpgradedArchive {
    /// Where it is, or would be.
    pub path: String,
    /// Its build.
    pub build: Build,
    /// Its schema.
    pub schema: Schema,
    /// Its SHA-256 in hexadecimal, once it is written and known.
    pub sha256: Option<Arc<str>>,
    /// Whether it is a copy of the source, in which no byte would change.
    pub copied: bool,
}

impl ArchiveReport {
    /// Of an archive that was planned, to be written beside its source.
    pub fn planned_beside(path: &Path, plan: Plan) -> Self {
        Self::planned(path, plan, &default_target(path))
    }

    /// Of an archive that was planned, to be written to `target`.
    pub fn planned(path: &Path, plan: Plan, target: &Path) -> Self {
        let output = UpgradedArchive {
            path: target.to_string_lossy().into_owned(),
            build: plan.target.build,
            schema: plan.target.schema,
            sha256: None,
            copied: false,
        };
        let (outcome, output) = match plan.outcome {
            plan::Outcome::Current => (ArchiveOutcome::Current, None),
            plan::Outcome::Unchanged => (ArchiveOutcome::Unchanged, None),
            plan::Outcome::Planned => (ArchiveOutcome::Planned, Some(output)),
        };
        Self {
            path: path.to_string_lossy().into_owned(),
            kind: Some(plan.kind),
            build: Some(plan.source.build),
            schema: Some(plan.source.schema),
            form: Some(plan.form),
            outcome,
            error: None,
            help: None,
            output,
            impacts: plan.apps.iter().map(|app| app.impact).collect(),
            fixes: fixes(&plan.findings),
            apps: plan.apps,
            findings: plan.findings,
        }
    }

    /// Of an archive that was migrated as planned, or of which a copy was written to `target`.
    #[must_use]
    pub fn migrated(mut self, done: Done, target: &Path) -> Self {
        let (copied, digests) = match done {
            Done::Nothing => return self,
            Done::Copied(digests) => (true, digests),
            Done::Upgraded(digests) => {
                self.outcome = ArchiveOutcome::Migrated;
                (false, digests)
            }
        };
        let stamps = self.build.zip(self.schema.clone());
        let copy = stamps.map(|(build, schema)| UpgradedArchive {
            path: target.to_string_lossy().into_owned(),
            build,
            schema,
            sha256: None,
            copied,
        });
        let sha256 = digests.map(|digests| digests.target);
        let output = self.output.or(copy);
        self.output = output.map(|output| UpgradedArchive { sha256, ..output });
        self
    }

    /// What is known of a restore of the upgraded archive; none where there is none.
    pub fn restore(&self) -> Option<&'static str> {
        let is_upgraded = matches!(
            self.outcome,
            ArchiveOutcome::Planned | ArchiveOutcome::Migrated
        );
        self.form.filter(|_| is_upgraded).map(Form::sentence)
    }

    /// The folder with what was written; none where nothing was.
    fn written_to(&self) -> Option<PathBuf> {
        let output = self.output.as_ref();
        let written = output.filter(|it| self.outcome == ArchiveOutcome::Migrated || it.copied)?;
        let folder = Path::new(&written.path).parent()?;
        let is_here = folder.as_os_str().is_empty();
        Some(if is_here { Path::new(".") } else { folder }.to_owned())
    }

    /// Of an archive that was passed over, for its target is there.
    pub fn exists(path: &Path) -> Self {
        Self::nothing(path, ArchiveOutcome::Exists)
    }

    /// Of an archive that could not be read or understood.
    pub fn refused(path: &Path, error: &Error) -> Self {
        Self {
            error: Some(error.line()),
            help: error.help(),
            ..Self::nothing(path, outcome(error))
        }
    }

    /// Of an archive of which nothing is known.
    fn nothing(path: &Path, outcome: ArchiveOutcome) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            kind: None,
            build: None,
            schema: None,
            form: None,
            outcome,
            error: None,
            help: None,
            output: None,
            impacts: Impacts::default(),
            fixes: Vec::new(),
            apps: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Of an archive whose migration failed after it was planned.
    #[must_use]
    pub fn failed(self, error: &Error) -> Self {
        Self {
            outcome: outcome(error),
            error: Some(error.line()),
            help: error.help(),
            output: None,
            ..self
        }
    }
}

fn outcome(error: &Error) -> ArchiveOutcome {
    match error.exit() {
        crate::exit::Exit::Exists => ArchiveOutcome::Exists,
        crate::exit::Exit::Refused => ArchiveOutcome::Refused,
        _ => ArchiveOutcome::Failed,
    }
}
