//! What it all comes to: the last thing that is shown, so that it can be read without scrolling back.
//!
//! Findings are grouped by code, for hundreds of them say the same; each by itself is said with `-v`
//! and by `audit`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use super::ArchiveReport;
use super::columns::columns;
use crate::finding::{Actor, Finding, Impact, Level, counted};
use crate::flow::{AppKind, Identifier};
use crate::plan::{Counts, Impacts};
use crate::sanitize::sanitize;
use crate::sorted::naturally;

/// Names that are shown of many.
const SOME: usize = 3;

/// What one archive or several come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    counts: Counts,
    impacts: Impacts,
    warnings: BTreeMap<String, Group>,
    app_owners: BTreeMap<Arc<str>, usize>,
    connection_owners: BTreeMap<String, usize>,
    engineer: usize,
    /// Gallery Apps, of all apps.
    galleries: usize,
}

/// Warnings of one code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Group {
    count: usize,
    impact: Impact,
    /// The first apps it is about, and how many there are.
    apps: Vec<Arc<str>>,
    of_apps: usize,
}

impl Answer {
    /// Of one archive.
    pub fn of(report: &ArchiveReport) -> Self {
        let mut answer = Self::default();
        answer.add(report);
        answer
    }

    /// Adds an archive. Totals count what happened: one that was refused adds nothing.
    pub fn add(&mut self, report: &ArchiveReport) {
        if report.error.is_some() {
            return;
        }
        self.counts = self.counts + Counts::of(&report.apps, &report.findings);
        self.impacts = self.impacts + report.impacts;
        let galleries = report.apps.iter();
        let galleries = galleries.filter(|app| app.kind == AppKind::Gallery);
        self.galleries += galleries.count();
        let mut groups: BTreeMap<&str, (Group, BTreeSet<Identifier>)> = BTreeMap::new();
        let mut by_owner: BTreeSet<(Arc<str>, Option<Identifier>)> = BTreeSet::new();
        for finding in &report.findings {
            self.act(finding, &mut by_owner);
            if finding.level() < Level::Warn {
                continue;
            }
            let (group, known) = groups.entry(finding.code()).or_default();
            group.count += 1;
            group.impact = group.impact.max(finding.impact());
            if let Some(app) = &finding.app
                && known.insert(app.identifier)
            {
                group.of_apps += 1;
                if group.apps.len() < SOME && !group.apps.contains(&app.name) {
                    group.apps.push(Arc::clone(&app.name));
                }
            }
        }
        for (code, (group, _)) in &groups {
            let all = self.warnings.entry((*code).to_owned()).or_default();
            all.add(group);
        }
        for (owner, _) in by_owner {
            *self.app_owners.entry(owner).or_default() += 1;
        }
        for fix in &report.fixes {
            *self.connection_owners.entry(fix.actor()).or_default() += 1;
        }
    }

    /// Adds what others come to.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.counts = self.counts + other.counts;
        self.impacts = self.impacts + other.impacts;
        self.engineer += other.engineer;
        self.galleries += other.galleries;
        for (code, group) in &other.warnings {
            self.warnings.entry(code.clone()).or_default().add(group);
        }
        for (owner, count) in &other.app_owners {
            *self.app_owners.entry(Arc::clone(owner)).or_default() += count;
        }
        for (owner, count) in &other.connection_owners {
            *self.connection_owners.entry(owner.clone()).or_default() += count;
        }
        self
    }

    /// What the plans come to.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// How many apps have which impact.
    pub const fn impacts(&self) -> Impacts {
        self.impacts
    }

    fn act(&mut self, finding: &Finding, by_owner: &mut BTreeSet<(Arc<str>, Option<Identifier>)>) {
        if finding.impact() == Impact::None {
            return;
        }
        match (finding.description().actor, &finding.app) {
            (Some(Actor::AppOwner), Some(app)) => {
                by_owner.insert((Arc::clone(&app.owner), finding.identifier()));
            }
            (Some(Actor::UpgradeEngineer), _) => self.engineer += 1,
            _ => {}
        }
    }

    /// Warnings by code, figures and who has to act, at most `width` columns wide.
    pub fn text(&self, width: u16) -> String {
        self.warnings(width) + &self.figures()
    }

    /// Figures, and who has to act.
    pub fn figures(&self) -> String {
        let mut text = format!("\n{}\n", self.counts);
        // Writing to a string does not fail.
        if self.counts.apps > 0 {
            let _ = writeln!(text, "{}", self.impacts);
        }
        if let Some(nothing) = self.nothing() {
            let _ = writeln!(text, "{nothing}");
        }
        text + &self.actors()
    }

    fn nothing(&self) -> Option<&'static str> {
        let Counts {
            apps,
            carried,
            dropped,
            ..
        } = self.counts;
        nothing(apps, self.galleries, carried, dropped)
    }

    fn warnings(&self, width: u16) -> String {
        if self.warnings.is_empty() {
            return String::new();
        }
        let mut groups: Vec<_> = self.warnings.iter().collect();
        groups.sort_by(|(a, x), (b, y)| (y.impact, y.count, a).cmp(&(x.impact, x.count, b)));
        let rows: Vec<_> = groups
            .into_iter()
            .map(|(code, group)| {
                let impact = group.impact.as_str().to_owned();
                let count = group.count.to_string();
                [impact, count, code.clone(), group.apps()]
            })
            .collect();
        "\n".to_owned() + &columns(["IMPACT", "COUNT", "WARNING", "APPS"], &rows, width.into())
    }

    fn actors(&self) -> String {
        let mut text = String::new();
        let app_owners = self.app_owners.iter().map(|(owner, count)| match &**owner {
            "" => ("unknown", *count),
            owner => (owner, *count),
        });
        let sharers = self.connection_owners.iter();
        let sharers = sharers.map(|(owner, count)| (&**owner, *count));
        for (what, people) in [
            ("to do by app owners", ranked(app_owners, "app")),
            ("to share by their owners", ranked(sharers, "Connection")),
        ] {
            if let Some(people) = people {
                let _ = writeln!(text, "{what}: {people}");
            }
        }
        if self.engineer > 0 {
            let _ = writeln!(text, "to do by you: {}", counted(self.engineer, "finding"));
        }
        text
    }
}

impl Group {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.impact = self.impact.max(other.impact);
        self.impact = self.impact.max(other.impact);
        self.of_apps += other.of_apps;
        for name in &other.apps {
            if self.apps.len() < SOME && !self.apps.contains(name) {
                self.apps.push(Arc::clone(name));
            }
        }
    }

    fn apps(&self) -> String {
        let names: Vec<_> = self.apps.iter().map(|name| sanitize(name)).collect();
        match self.of_apps.saturating_sub(names.len()) {
            0 if names.is_empty() => "-".to_owned(),
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }
}

/// Why there is little or nothing to be seen of so many apps, where that is so.
pub(super) fn nothing(
    apps: usize,
    galleries: usize,
    carried: usize,
    dropped: usize,
) -> Option<&'static str> {
    match (apps, carried, dropped) {
        (0, ..) => Some("There are no apps, so no app loses anything."),
        (_, 0, 0) if apps == galleries => {
            Some("There are only Gallery Apps, which have no token: they lose nothing.")
        }
        (_, 0, 1..) => Some(
            "No app has a Connection that is carried over: all that their tokens allowed is lost.",
        ),
        _ => None,
    }
}

/// People by how much each has to do, the first of them by name; none where there are none.
fn ranked<'a>(people: impl Iterator<Item = (&'a str, usize)>, thing: &str) -> Option<String> {
    let mut people: Vec<_> = people.collect();
    people.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| naturally(a, b)));
    let more = people.len().saturating_sub(SOME);
    let shown = people.iter().take(SOME).enumerate();
    let mut shown: Vec<String> = shown
        .map(|(place, (name, count))| match place {
            0 => format!("{} ({})", sanitize(name), counted(*count, thing)),
            _ => format!("{} ({count})", sanitize(name)),
        })
        .collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    Some(shown.join(", ")).filter(|text| !text.is_empty())
}
