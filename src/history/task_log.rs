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
use std::path::Path;

use jiff::civil::DateTime;

use crate::finding::{Finding, Level};
use crate::flow::AppKind;
use crate::plain::plain;
use crate::plan::{Counts, Plan, PlannedApp, Stamp};

/// The first line of every log (seen).
const OPENING: &str = "Opening log file using character encoding UTF-8";

/// The task begins.
const BEGUN: u32 = 926_001;
/// What becomes of an app.
const APP: u32 = 926_002;
/// The task is over.
const FINISHED: u32 = 926_009;

/// A line of a task log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Local time, to the millisecond.
    pub time: DateTime,
    /// Its weight.
    pub level: Level,
    /// What it is about.
    pub code: u32,
    /// Its text, fit to be shown.
    pub message: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time.strftime("%a-%d-%b-%Y %I:%M:%S.%3f %p");
        write!(
            f,
            "{time}   {}   main   {} : {}",
            self.level, self.code, self.message
        )
    }
}

/// The lines about a migration: one for its beginning, for each app, for each finding, and for its
/// end.
pub fn lines(
    plan: &Plan,
    source: &Path,
    target: &Path,
    started: DateTime,
    finished: DateTime,
) -> Vec<Line> {
    let line = |time, level, code, message: String| Line {
        time,
        level,
        code,
        message: plain(&message).into_owned(),
    };
    let inform = Level::Inform;
    let mut lines = vec![line(
        started,
        inform,
        BEGUN,
        format!(
            "flowlift {} upgrades the {} {} ({})",
            env!("CARGO_PKG_VERSION"),
            plan.kind.as_str(),
            source.display(),
            stamp(&plan.source)
        ),
    )];
    let mut findings = plan.findings.iter().peekable();
    for app in &plan.apps {
        lines.push(line(finished, inform, APP, summary(app)));
        while let Some(finding) =
            findings.next_if(|finding| finding.app.as_ref() == Some(&app.name))
        {
            lines.push(of_finding(finding, finished));
        }
    }
    lines.extend(findings.map(|finding| of_finding(finding, finished)));
    let counts = Counts::of(&plan.apps, &plan.findings);
    lines.push(line(
        finished,
        inform,
        FINISHED,
        format!(
            "{counts}; written to {} ({})",
            target.display(),
            stamp(&plan.target)
        ),
    ));
    lines
}

/// The whole log, every line with its end.
pub fn text(lines: &[Line]) -> String {
    let mut text = format!("{OPENING}\n");
    for line in lines {
        text += &line.to_string();
        text.push('\n');
    }
    text
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
        title(app.kind),
        app.name,
        app.owner.name,
        app.identifier,
        app.carried.len(),
        app.dropped.len(),
    )
}

/// FME Flow's name for a kind of app.
pub const fn title(kind: AppKind) -> &'static str {
    match kind {
        AppKind::Ar => "AR App",
        AppKind::Automation => "Automation App",
        AppKind::Gallery => "Gallery App",
        AppKind::Other => "App of an unknown kind",
        AppKind::Workspace => "Workspace App",
    }
}

fn of_finding(finding: &Finding, time: DateTime) -> Line {
    let message = match &finding.app {
        Some(app) => format!("App \"{app}\": {}", finding.message()),
        None => finding.message(),
    };
    Line {
        time,
        level: finding.level(),
        code: finding.code().number(),
        message: plain(&message).into_owned(),
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
        let line = Line {
            time: jiff::civil::date(2025, 11, 19).at(20, 24, 34, 172_000_000),
            level: Level::Inform,
            code: 409_504,
            message: "Upgrading migration package schema version.".to_owned(),
        };
        assert_eq!(
            line.to_string(),
            "Wed-19-Nov-2025 08:24:34.172 PM   INFORM   main   409504 : Upgrading migration package \
             schema version."
        );
    }
}
