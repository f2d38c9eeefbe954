//! What came of several archives: those about which there is something to say, then what all of them
//! come to.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use super::columns::columns;
use super::table::{Detail, and_more};
use super::{Answer, ArchiveOutcome, ArchiveReport};
use crate::finding::{Impact, counted};
use crate::plan::{Counts, Impacts};
use crate::sanitize::sanitize;

/// Folders that are named of many.
const FOLDERS: usize = 3;

/// What several archives come to; less than their reports, so that hundreds can be kept.
#[derive(Debug, Default)]
pub struct Summary {
    lines: Vec<Line>,
    outcomes: [usize; ArchiveOutcome::ALL.len()],
    /// What is known of a restore, a sentence for each form.
    restores: BTreeSet<&'static str>,
    /// Folders that archives were written to.
    folders: BTreeSet<PathBuf>,
    /// How many of these archives are copies, which have no log.
    copies: usize,
    answer: Answer,
}

/// An archive about which there is something to say.
#[derive(Debug)]
struct Line {
    path: String,
    outcome: ArchiveOutcome,
    counts: Counts,
    impacts: Impacts,
}

impl Summary {
    /// Adds an archive.
    pub fn add(&mut self, report: &ArchiveReport) {
        for (outcome, count) in ArchiveOutcome::ALL.iter().zip(&mut self.outcomes) {
            *count += usize::from(*outcome == report.outcome);
        }
        self.answer.add(report);
        self.restores.extend(report.restore());
        self.folders.extend(report.written_to());
        self.copies += usize::from(report.output.as_ref().is_some_and(|it| it.copied));
        let counts = Counts::of(&report.apps, &report.findings);
        let impacts = report.impacts;
        if report.error.is_none() && (counts.warnings > 0 || impacts.greatest() > Impact::None) {
            self.lines.push(Line {
                path: report.path.clone(),
                outcome: report.outcome,
                counts,
                impacts,
            });
        }
    }

    /// How many archives ended so.
    pub fn count(&self, outcome: ArchiveOutcome) -> usize {
        let mut counts = ArchiveOutcome::ALL.iter().zip(&self.outcomes);
        let found = counts.find(|(other, _)| **other == outcome);
        found.map_or(0, |(_, count)| *count)
    }

    /// Whether an app will not or may not work as it did.
    pub fn needs_someone(&self) -> bool {
        self.answer.impacts().greatest() > Impact::None
    }

    /// All of it, at most `width` columns wide.
    pub fn text(&self, detail: Detail, width: u16) -> String {
        let mut lines: Vec<_> = self.lines.iter().collect();
        // Stable: what matters equally stays in the order of the command line.
        lines.sort_by_key(|line| std::cmp::Reverse((line.impacts.action, line.impacts.check)));
        let shown = detail.of(lines.len());
        let rows: Vec<_> = lines.iter().take(shown).map(|line| line.row()).collect();
        let mut text = String::new();
        if !rows.is_empty() {
            let header = [
                "ARCHIVE", "OUTCOME", "APPS", "CARRIED", "DROPPED", "BREAK", "ASK",
            ];
            text += "\n";
            text += &columns(header, &rows, width.into());
        }
        text += &and_more(lines.len().saturating_sub(shown), "archive");
        text += &self.answer.text(width);
        // Writing to a string does not fail.
        for restore in &self.restores {
            let _ = writeln!(text, "{restore}");
        }
        text += &self.written();
        let _ = writeln!(text, "{}", self.outcomes());
        text
    }

    /// Where the archives are, where some were written.
    fn written(&self) -> String {
        let some = self.folders.iter().take(FOLDERS);
        let some: Vec<_> = some
            .map(|folder| match folder.to_string_lossy() {
                here if here == "." => "this folder".to_owned(),
                folder => sanitize(&folder).into_owned(),
            })
            .collect();
        let more = match self.folders.len().saturating_sub(FOLDERS) {
            0 => String::new(),
            more => format!(" and {}", counted(more, "more folder")),
        };
        if some.is_empty() {
            return String::new();
        }
        let logs = match (self.count(ArchiveOutcome::Migrated), self.copies) {
            (0, _) => "",
            (_, 0) => ", each with its log",
            _ => ", what was migrated with its log",
        };
        format!("written to: {}{more}{logs}\n", some.join(", "))
    }

    /// `5 archives: 3 migrated, 1 current, 1 refused`
    fn outcomes(&self) -> String {
        let counts = ArchiveOutcome::ALL.iter().zip(&self.outcomes);
        let some: Vec<_> = counts
            .filter(|(_, count)| **count > 0)
            .map(|(outcome, count)| format!("{count} {}", outcome.in_words()))
            .collect();
        let all = self.outcomes.iter().sum();
        format!("{}: {}", counted::<usize>(all, "archive"), some.join(", "))
    }
}

impl Line {
    fn row(&self) -> [String; 7] {
        let numbers = [
            self.counts.apps,
            self.counts.carried,
            self.counts.dropped,
            self.impacts.action,
            self.impacts.check,
        ];
        let [apps, carried, dropped, action, check] = numbers.map(|n| n.to_string());
        let name = sanitize(&self.path).into_owned();
        let outcome = self.outcome.as_str().to_owned();
        [name, outcome, apps, carried, dropped, action, check]
    }
}
