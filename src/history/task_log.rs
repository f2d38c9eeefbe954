//! The task log in the grammar of FME Flow's own (seen):
//!
//! ```text
//! Opening log file using character encoding UTF-8
//! Wed-19-Nov-2025 08:24:34.172 PM   INFORM   Thread-8   409504 : Upgrading migration …
//! ```
//!
//! Three blanks between columns and a 12-hour clock. The codes are this tool's own: those of FME
//! Flow 2026.1 are unknown.

use std::fmt;
use std::iter::once;
use std::path::Path;

use jiff::Zoned;

use crate::finding::{Finding, Level};
use crate::plan::{Counts, Outcome, Plan, PlannedApp, Stamp};
use crate::sanitize::sanitize;

/// The first line of every log (seen).
const OPENING: &str = "Opening log file using character encoding UTF-8";

/// The task begins.
const BEGUN: u32 = 926_001;
/// What becomes of an app.
const APP: u32 = 926_002;
/// What is known of the form.
const FORM: u32 = 926_003;
/// The task ended without a target.
const FAILED: u32 = 926_008;
/// The task is over.
const FINISHED: u32 = 926_009;

/// A line of a task log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, to the millisecond; shown in its own zone.
    pub time: Zoned,
    /// Its weight.
    pub severity: Severity,
    /// What it is about.
    pub code: u32,
    /// Its text, fit to be shown.
    pub message: String,
    /// The app it is about, counted from 1 in the plan's order.
    pub app: Option<usize>,
    /// The finding it says.
    pub finding: Option<Finding>,
}

/// The weight of a line, in the words of the server's own log (seen). An error is what ended the
/// task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the server's own words")]
pub enum Severity {
    Inform,
    Warn,
    Error,
}

impl Severity {
    /// The server log's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inform => "INFORM",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }

    /// The recorded one; the schema allows these words only.
    pub(super) fn recorded(word: &str) -> Self {
        match word {
            "ERROR" => Self::Error,
            "WARN" => Self::Warn,
            _ => Self::Inform,
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Inform => Self::Inform,
            Level::Warn => Self::Warn,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time.strftime("%a-%d-%b-%Y %I:%M:%S.%3f %p");
        write!(
            f,
            "{time}   {}   main   {} : {}",
            self.severity, self.code, self.message
        )
    }
}

impl LogLine {
    fn new(time: &Zoned, severity: Severity, code: u32, message: &str) -> Self {
        Self {
            time: time.clone(),
            severity,
            code,
            message: sanitize(message).into_owned(),
            app: None,
            finding: None,
        }
    }
}

/// The first line about an archive that was read.
pub fn begun(plan: &Plan, source: &Path, time: &Zoned) -> LogLine {
    let message = format!(
        "flowlift {} upgrades the {} {} ({})",
        env!("CARGO_PKG_VERSION"),
        plan.kind.as_str(),
        source.display(),
        stamp(&plan.source)
    );
    LogLine::new(time, Severity::Inform, BEGUN, &message)
}

/// The first line about an archive that could not be read.
pub fn asked(source: &Path, time: &Zoned) -> LogLine {
    let message = format!(
        "flowlift {} reads {}",
        env!("CARGO_PKG_VERSION"),
        source.display()
    );
    LogLine::new(time, Severity::Inform, BEGUN, &message)
}

/// What is known of the form, what becomes of each app, and everything there is to say: a line each,
/// made when it is asked for. Nothing about an archive from 2026.1 or later.
pub fn decided<'a>(plan: &'a Plan, time: &'a Zoned) -> impl Iterator<Item = LogLine> + 'a {
    let form = (plan.outcome == Outcome::Planned)
        .then(|| LogLine::new(time, Severity::Inform, FORM, plan.form.sentence()));
    let apps = plan.findings_by_app().zip(1..);
    let apps = apps.filter(|_| plan.outcome != Outcome::Current);
    let of_apps = apps.flat_map(move |((app, findings), number)| {
        let first = LogLine::new(time, Severity::Inform, APP, &summary(app));
        let findings = findings.iter().map(|finding| of_finding(finding, time));
        let lines = once(first).chain(findings);
        lines.map(move |line| LogLine {
            app: Some(number),
            ..line
        })
    });
    let of_archive = plan.archive_findings();
    let of_archive = of_archive.map(|finding| of_finding(finding, time));
    form.into_iter().chain(of_apps).chain(of_archive)
}

/// The last line about an archive that was written.
pub fn finished(plan: &Plan, target: &Path, time: &Zoned) -> LogLine {
    let target = target.display();
    let message = if plan.outcome == Outcome::Planned {
        let counts = Counts::of(&plan.apps, &plan.findings);
        format!("{counts}; written to {target} ({})", stamp(&plan.target))
    } else {
        format!("{}; copied to {target}", nothing(plan.outcome))
    };
    LogLine::new(time, Severity::Inform, FINISHED, &message)
}

/// The last line about an archive in which no byte changes.
pub fn nothing_to_do(plan: &Plan, time: &Zoned) -> LogLine {
    LogLine::new(time, Severity::Inform, FINISHED, nothing(plan.outcome))
}

const fn nothing(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Current => "it comes from 2026.1 or later, nothing to do",
        _ => "nothing to carry or drop, no byte changes: restore the original",
    }
}

/// The last line about an archive that was not written.
pub fn failed(reason: &str, time: &Zoned) -> LogLine {
    LogLine::new(time, Severity::Error, FAILED, reason)
}

/// The whole log, every line with its end.
pub fn text(lines: impl IntoIterator<Item = LogLine>) -> impl Iterator<Item = String> {
    let lines = lines.into_iter().map(|line| format!("{line}\n"));
    once(format!("{OPENING}\n")).chain(lines)
}

/// What an app gets, in one line.
fn summary(app: &PlannedApp) -> String {
    let state = match app.enabled {
        Some(true) => "enabled",
        Some(false) => "disabled",
        None => "no token, nothing to do",
    };
    format!(
        "{} \"{}\" of \"{}\", identifier {}: {state}, {} connections carried, {} resources dropped",
        app.kind.title(),
        app.name,
        app.owner.name,
        app.identifier,
        app.carried.len(),
        app.dropped.len(),
    )
}

fn of_finding(finding: &Finding, time: &Zoned) -> LogLine {
    let described = finding.description();
    LogLine {
        finding: Some(finding.clone()),
        ..LogLine::new(
            time,
            described.level.into(),
            described.number,
            &finding.line(),
        )
    }
}

fn stamp(stamp: &Stamp) -> String {
    format!("build {}, schema {}", stamp.build, stamp.schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_looks_like_the_servers_own() {
        let time = jiff::civil::date(2025, 11, 19).at(20, 24, 34, 172_000_000);
        let line = LogLine::new(
            &time.in_tz("UTC").unwrap(),
            Severity::Inform,
            409_504,
            "Upgrading migration package schema version.",
        );
        assert_eq!(
            line.to_string(),
            "Wed-19-Nov-2025 08:24:34.172 PM   INFORM   main   409504 : Upgrading migration package \
             schema version."
        );
    }
}
