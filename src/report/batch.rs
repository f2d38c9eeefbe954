//! What came of several archives, a line each.

use super::columns::columns;
use super::{ArchiveReport, Outcome};
use crate::plan::Counts;
use crate::sanitize::sanitize;

/// A line for an archive; less than its report, so that hundreds can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    path: String,
    /// How it ended.
    pub outcome: Outcome,
    counts: Counts,
}

impl From<&ArchiveReport> for Line {
    fn from(report: &ArchiveReport) -> Self {
        Self {
            path: report.path.clone(),
            outcome: report.outcome,
            // Totals count what happened, not what was planned.
            counts: match report.outcome {
                Outcome::Refused | Outcome::Failed => Counts::default(),
                _ => Counts::of(&report.apps, &report.findings),
            },
        }
    }
}

/// All archives in one table, at most `width` columns wide.
pub fn summary(lines: &[Line], width: u16) -> String {
    let row = |name: String, outcome: String, counts: Counts| {
        let numbers = [
            counts.apps,
            counts.carried,
            counts.dropped,
            counts.retired,
            counts.warnings,
        ];
        let [apps, carried, dropped, retired, warnings] = numbers.map(|n| n.to_string());
        [name, outcome, apps, carried, dropped, retired, warnings]
    };
    let mut rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let name = sanitize(&line.path).into_owned();
            row(name, line.outcome.as_str().to_owned(), line.counts)
        })
        .collect();
    let total = lines
        .iter()
        .fold(Counts::default(), |sum, line| sum + line.counts);
    rows.push(row(
        format!("{} archives", lines.len()),
        String::new(),
        total,
    ));
    let header = [
        "ARCHIVE", "OUTCOME", "APPS", "CARRIED", "DROPPED", "RETIRED", "WARNINGS",
    ];
    "\n".to_owned() + &columns(header, &rows, width.into())
}
