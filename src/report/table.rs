//! A table for people, in as many columns as the terminal has.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::columns::columns;
use super::{Answer, ArchiveOutcome, ArchiveReport};
use crate::finding::counted;
use crate::flow::{AppKind, Identifier, Permissions};
use crate::plan::PlannedApp;
use crate::sanitize::sanitize;
use crate::sorted::naturally;
use crate::target::Form;

/// What is said of an archive in which no byte would change.
const UNCHANGED: &str = "nothing to carry or drop, no byte changes: restore the original";

/// Lines of a list that are shown where nobody asked for all.
pub(super) const SOME: usize = 20;

/// How many of the apps are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Those that matter most.
    Brief,
    /// All.
    Full,
}

impl Detail {
    /// How many are shown of so many.
    pub(super) fn of(self, all: usize) -> usize {
        match self {
            Self::Brief => all.min(SOME),
            Self::Full => all,
        }
    }
}

/// What came of an archive, at most `width` columns wide. What it comes to stands last.
pub fn table(report: &ArchiveReport, detail: Detail, width: u16) -> String {
    let mut text = heading(report);
    text += &apps(report, detail, width);
    if report.error.is_none() && report.outcome != ArchiveOutcome::Exists {
        text += &Answer::of(report).text(width);
    }
    text += &closing(report);
    if let Some(restore) = report.restore() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{restore}");
    }
    text
}

/// Why apps do not run, in a word or two.
pub(super) fn stopped(report: &ArchiveReport) -> BTreeMap<Identifier, &'static str> {
    let stopped = report
        .findings
        .iter()
        .filter_map(|finding| finding.identifier().zip(finding.fact.stops_app()));
    stopped.collect()
}

/// The apps, those that matter most first.
fn apps(report: &ArchiveReport, detail: Detail, width: u16) -> String {
    if report.apps.is_empty() {
        return String::new();
    }
    let stopped = stopped(report);
    let mut apps: Vec<_> = report.apps.iter().collect();
    apps.sort_by(|a, b| {
        let names = || naturally(&a.name, &b.name);
        b.impact.cmp(&a.impact).then_with(names)
    });
    let shown = detail.of(apps.len());
    let rows: Vec<_> = apps
        .iter()
        .take(shown)
        .map(|app| row(app, stopped.get(&app.identifier).copied()))
        .collect();
    let header = ["IMPACT", "APP", "OWNER", "ENABLED", "CARRIED", "DROPPED"];
    let text = "\n".to_owned() + &columns(header, &rows, width.into());
    text + &and_more(apps.len().saturating_sub(shown), "app")
}

/// That a list goes on, where it does.
pub(super) fn and_more(rest: usize, thing: &str) -> String {
    match rest {
        0 => String::new(),
        _ => format!(
            " and {}: -v shows all\n",
            counted(rest, &format!("more {thing}"))
        ),
    }
}

/// What was written, and where all of it is written down.
fn closing(report: &ArchiveReport) -> String {
    let (ArchiveOutcome::Migrated, Some(output)) = (report.outcome, &report.output) else {
        return String::new();
    };
    let target = sanitize(&output.path);
    format!("written: {target}\n    log: {target}.log\n")
}

/// What the archive is, and what becomes of it.
fn heading(report: &ArchiveReport) -> String {
    let mut text = sanitize(&report.path).into_owned();
    if let (Some(kind), Some(build), Some(schema)) = (report.kind, report.build, &report.schema) {
        let _ = write!(
            text,
            ": {} of build {build}, schema {schema}",
            kind.as_str()
        );
    }
    text.push('\n');
    let output = report.output.as_ref().map(|output| {
        let path = sanitize(&output.path).into_owned();
        let stamps = format!("build {}, schema {}", output.build, output.schema);
        let form = report.form.map_or("", Form::as_str);
        (format!("{path} ({form}, {stamps})"), path)
    });
    let fate = match (report.outcome, output) {
        (ArchiveOutcome::Planned, Some((output, _))) => format!("would become {output}"),
        (ArchiveOutcome::Migrated, Some((output, _))) => format!("became {output}"),
        (ArchiveOutcome::Current, None) => "comes from 2026.1 or later, nothing to do".to_owned(),
        (ArchiveOutcome::Unchanged, None) => UNCHANGED.to_owned(),
        (ArchiveOutcome::Current, Some((_, path))) => {
            format!("comes from 2026.1 or later, copied to {path}")
        }
        (ArchiveOutcome::Unchanged, Some((_, path))) => format!("{UNCHANGED}; copied to {path}"),
        (ArchiveOutcome::Exists, _) => "passed over, its target is there".to_owned(),
        (ArchiveOutcome::Refused, _) => "refused, nothing written".to_owned(),
        (ArchiveOutcome::Failed, _) => "failed".to_owned(),
        _ => return text,
    };
    text + "  " + &fate + "\n"
}

fn row(app: &PlannedApp, stopped: Option<&str>) -> [String; 6] {
    let enabled = match (app.enabled, stopped) {
        (Some(true), _) => "yes".to_owned(),
        (Some(false), Some(why)) => format!("no: {why}"),
        (Some(false), None) => "no".to_owned(),
        (None, _) => "-".to_owned(),
    };
    let name = sanitize(&app.name);
    let name = match app.kind {
        AppKind::Workspace => name.into_owned(),
        kind => format!("{name} ({kind})"),
    };
    let carried = app.carried.iter();
    let carried = carried.map(|it| (&*it.connection, &it.permissions));
    let resources = app.carried_resources.iter();
    let resources = resources.map(|it| (resource(&it.resource), &it.permissions));
    let dropped = app.dropped.iter().map(|d| (&d.resource, &d.permissions));
    [
        app.impact.as_str().to_owned(),
        name,
        sanitize(&app.owner.name).into_owned(),
        enabled,
        cell(carried.chain(resources)),
        cell(dropped.map(|(name, permissions)| (resource(name), permissions))),
    ]
}

/// An item a line, each with its permissions.
fn cell<'a>(items: impl Iterator<Item = (&'a str, &'a Permissions)>) -> String {
    let mut items: Vec<_> = items.collect();
    items.sort_by(|(a, _), (b, _)| naturally(a, b));
    let lines: Vec<String> = items
        .into_iter()
        .map(|(name, p)| format!("{}: {}", sanitize(name), short(p)))
        .collect();
    if lines.is_empty() {
        "-".to_owned()
    } else {
        lines.join("\n")
    }
}

/// A resource without what all of them begin with.
pub(super) fn resource(name: &str) -> &str {
    name.strip_prefix("FME_SHAREDRESOURCE_").unwrap_or(name)
}

/// Permissions without what they all begin with; the full words are in the log and in JSON.
pub(super) fn short(permissions: &Permissions) -> String {
    let words = permissions
        .iter()
        .map(|word| word.split_once('_').map_or(word, |(_, rest)| rest));
    words
        .map(|word| sanitize(word).into_owned())
        .collect::<Vec<_>>()
        .join(", ")
}
