//! A table for people, in as many columns as the terminal has.

use std::fmt::Write;

use super::columns::columns;
use super::{ArchiveReport, Outcome};
use crate::flow::Permissions;
use crate::plan::{Counts, PlannedApp};
use crate::sanitize::sanitize;
use crate::shell::quoted;
use crate::target::Form;

/// What is said of an archive in which no byte would change.
const UNCHANGED: &str = "nothing to carry or drop, no byte changes: restore the original";

/// What came of an archive, at most `width` columns wide.
pub fn table(report: &ArchiveReport, width: u16) -> String {
    let mut text = heading(report);
    if !report.apps.is_empty() {
        let rows: Vec<_> = report.apps.iter().map(row).collect();
        let header = ["KIND", "APP", "OWNER", "RUNS", "CARRIED", "DROPPED"];
        text.push('\n');
        text += &columns(header, &rows, width.into());
    }
    if report.error.is_none() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{}", Counts::of(&report.apps, &report.findings));
        if !report.apps.is_empty() {
            let _ = writeln!(text, "{}", report.impacts);
        }
    }
    text += &closing(report);
    if matches!(report.outcome, Outcome::Planned | Outcome::Migrated)
        && let Some(form) = report.form
    {
        let _ = writeln!(text, "{}", form.sentence());
    }
    text
}

/// What was written, what needs action, and where all of it is written down.
fn closing(report: &ArchiveReport) -> String {
    let (Outcome::Migrated, Some(output)) = (report.outcome, &report.output) else {
        return String::new();
    };
    let counts = Counts::of(&report.apps, &report.findings);
    let source = sanitize(&report.path);
    let target = sanitize(&output.path);
    let action = if counts.warnings == 0 {
        "nothing".to_owned()
    } else {
        let things = if counts.warnings == 1 {
            "warning"
        } else {
            "warnings"
        };
        format!(
            "{} {things}, see them by app: flowlift audit {}",
            counts.warnings,
            quoted(&source)
        )
    };
    format!("  written: {target}\n  action:  {action}\n  log:     {target}.log\n")
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
        (Outcome::Planned, Some((output, _))) => format!("would become {output}"),
        (Outcome::Migrated, Some((output, _))) => format!("became {output}"),
        (Outcome::Current, None) => "comes from 2026.1 or later, nothing to do".to_owned(),
        (Outcome::Unchanged, None) => UNCHANGED.to_owned(),
        (Outcome::Current, Some((_, path))) => {
            format!("comes from 2026.1 or later, copied to {path}")
        }
        (Outcome::Unchanged, Some((_, path))) => format!("{UNCHANGED}; copied to {path}"),
        (Outcome::Refused, _) => "refused, nothing written".to_owned(),
        (Outcome::Failed, _) => "failed".to_owned(),
        _ => return text,
    };
    text + "  " + &fate + "\n"
}

fn row(app: &PlannedApp) -> [String; 6] {
    let runs = match app.enabled {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    };
    let carried = app.carried.iter().map(|c| (&c.connection, &c.permissions));
    let dropped = app.dropped.iter().map(|d| (&d.resource, &d.permissions));
    [
        app.kind.to_string(),
        sanitize(&app.name).into_owned(),
        sanitize(&app.owner.name).into_owned(),
        runs.to_owned(),
        cell(carried.map(|(name, permissions)| (&**name, permissions))),
        cell(dropped.map(|(name, permissions)| (resource(name), permissions))),
    ]
}

/// An item a line, each with its permissions.
fn cell<'a>(items: impl Iterator<Item = (&'a str, &'a Permissions)>) -> String {
    let lines: Vec<String> = items
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
