//! From findings to rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::owners::archive_key;
use super::{AuditedApp, AuditedArchive, Concern, Row};
use crate::finding::{Fact, Finding};
use crate::flow::Identifier;
use crate::plan::PlannedApp;
use crate::report::{Answer, ArchiveOutcome, ArchiveReport};
use crate::sorted::naturally;

impl From<&ArchiveReport> for AuditedArchive {
    fn from(report: &ArchiveReport) -> Self {
        let mut of_apps: BTreeMap<Option<Identifier>, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            of_apps
                .entry(finding.identifier())
                .or_default()
                .push(finding);
        }
        let mut findings = |of| of_apps.remove(&of).unwrap_or_default();
        let mut apps: Vec<_> = report
            .apps
            .iter()
            .map(|app| audited(app, &findings(Some(app.identifier))))
            .collect();
        // Stable: those of one name stay by kind.
        apps.sort_by(|a, b| {
            let names = || naturally(&a.name, &b.name);
            b.impact.cmp(&a.impact).then_with(names)
        });
        Self {
            path: report.path.as_str().into(),
            key: archive_key(&report.path, &apps),
            description: description(report),
            form: report.form.filter(|_| {
                matches!(
                    report.outcome,
                    ArchiveOutcome::Planned | ArchiveOutcome::Migrated
                )
            }),
            is_current: report.outcome == ArchiveOutcome::Current,
            error: report.error.clone(),
            answer: Answer::of(report),
            fixes: report.fixes.clone(),
            apps,
            rows: rows(&findings(None)),
        }
    }
}

fn description(report: &ArchiveReport) -> String {
    let (Some(kind), Some(build), Some(schema)) = (report.kind, report.build, &report.schema)
    else {
        return String::new();
    };
    let kind = kind.as_str();
    let done = match report.outcome {
        ArchiveOutcome::Current => "; made by 2026.1 or later",
        ArchiveOutcome::Unchanged => "; no byte changes, restore the original",
        _ => "",
    };
    format!("{kind} of build {build}, schema {schema}{done}")
}

fn audited(app: &PlannedApp, findings: &[&Finding]) -> AuditedApp {
    AuditedApp {
        kind: app.kind,
        name: Arc::clone(&app.name),
        identifier: app.identifier,
        owner: Arc::clone(&app.owner.name),
        enabled: app.enabled,
        impact: app.impact,
        rows: rows(findings),
    }
}

/// A row for each thing that findings are about, what matters most first.
fn rows(findings: &[&Finding]) -> Vec<Row> {
    let mut rows: BTreeMap<_, Row> = BTreeMap::new();
    for finding in findings {
        let described = finding.description();
        let item = described.item.cloned();
        // What was checked stands by itself: one has nothing to do with another.
        let check = (described.concern == Concern::Readiness).then(|| finding.message());
        let row = rows
            .entry((described.concern, item.clone(), described.fate, check))
            .or_insert_with(|| Row {
                concern: described.concern,
                item,
                fate: described.fate,
                ..Row::nothing()
            });
        row.codes.push(described.code.to_owned());
        row.permissions = described.permissions.or(row.permissions.take());
        // What matters less is left unsaid beside what matters more.
        let impact = finding.impact();
        if impact > row.impact || is_verdict(&finding.fact) {
            row.unsay();
            row.impact = impact;
        }
        if impact == row.impact {
            row.say(finding);
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.impact));
    rows
}

impl Row {
    fn unsay(&mut self) {
        self.facts.clear();
        self.actions.clear();
        self.tasks.clear();
        self.who.clear();
        self.decisive.clear();
        self.actor = None;
    }

    fn say(&mut self, finding: &Finding) {
        self.facts.push(finding.message());
        self.decisive.push(finding.code().to_owned());
        self.actions.extend(finding.help());
        self.actions.dedup();
        self.tasks.extend(finding.task());
        self.tasks.dedup();
        let Some(actor) = finding.description().actor else {
            return;
        };
        if self.actor.is_none() {
            self.actor = Some(actor);
        }
        if self.actor == Some(actor) {
            self.who
                .extend(finding.who().into_iter().map(str::to_owned));
            self.who.dedup();
        }
    }
}

/// Whether it says what a dropped resource means to the app, in place of [`Fact::ResourceDropped`]
/// before it.
const fn is_verdict(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ResourceActionNeeded { .. }
            | Fact::ResourceNamed { .. }
            | Fact::ResourceWithoutFileParameter { .. }
    )
}
