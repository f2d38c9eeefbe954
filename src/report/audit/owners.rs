//! Who has to do what: each app owner's tasks, and the letter that tells him.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use sha2::{Digest, Sha256};

use super::file_name::link;
use super::{AuditedApp, AuditedArchive, Concern, Fate, Impact, Row};
use crate::finding::{Actor, counted};
use crate::sanitize::sanitize;
use crate::sorted::naturally;

/// Someone, and what he has to do. All text is fit to be shown.
pub(super) struct OwnerTasks<'a> {
    pub(super) name: Cow<'a, str>,
    /// What matters most first.
    pub(super) due: Vec<Due<'a>>,
    /// The number of the first task on the page.
    first: usize,
    are_several: bool,
    when: &'a str,
    /// Where his own page and letter are, without their endings, as a link has it.
    pub(super) file: Option<String>,
}

/// Something that has to be done.
pub(super) struct OwnerTask<'a> {
    /// Its number on the page.
    pub(super) id: usize,
    /// What it is known by wherever it stands, whatever words it is told in.
    pub(super) key: String,
    pub(super) app: Cow<'a, str>,
    pub(super) archive: Cow<'a, str>,
    pub(super) about: String,
    pub(super) impact: Impact,
    pub(super) actions: Vec<Cow<'a, str>>,
    pub(super) facts: Vec<Cow<'a, str>>,
}

/// A thing to do for an app of an archive.
pub(super) type Due<'a> = (&'a AuditedArchive, &'a AuditedApp, &'a Row);

/// The owners of apps by name, then whoever runs the upgrade; letters are dated `when`.
pub(super) fn owners<'a>(archives: &[&'a AuditedArchive], when: &'a str) -> Vec<OwnerTasks<'a>> {
    let mut by_name: BTreeMap<&str, Vec<Due<'_>>> = BTreeMap::new();
    let mut engineers = Vec::new();
    for &archive in archives {
        for app in &archive.apps {
            let due = app.rows.iter().filter(|row| row.impact > Impact::None);
            let (engineer, own): (Vec<_>, Vec<_>) = due
                .map(|row| (archive, app, row))
                .partition(|(_, _, row)| row.actor == Some(Actor::UpgradeEngineer));
            engineers.extend(engineer);
            by_name.entry(&app.owner).or_default().extend(own);
        }
    }
    let engineers =
        (!engineers.is_empty()).then(|| ("(whoever runs the upgrade)".into(), engineers));
    let mut in_order: Vec<_> = by_name.into_iter().collect();
    in_order.sort_by(|(a, _), (b, _)| naturally(a, b));
    let mut next = 0;
    in_order
        .into_iter()
        .map(|(name, due)| (owner_name(name), due))
        .chain(engineers)
        .map(|(name, mut due)| {
            due.sort_by_key(|(_, _, row)| std::cmp::Reverse(row.impact));
            let first = next;
            next += due.len();
            OwnerTasks {
                name,
                due,
                first,
                are_several: archives.len() > 1,
                when,
                file: None,
            }
        })
        .collect()
}

impl<'a> OwnerTasks<'a> {
    /// The archives that hold his tasks, up to three by name, else how many there are.
    pub(super) fn archives(&self) -> String {
        let archives = self.due.iter().map(|(archive, ..)| &*archive.path);
        let archives: BTreeSet<&str> = archives.collect();
        match archives.len() {
            0..=3 => archives
                .into_iter()
                .map(sanitize)
                .collect::<Vec<_>>()
                .join(" · "),
            many => counted(many, "archive"),
        }
    }

    /// The name as a link has it.
    pub(super) fn link(&self) -> String {
        link(&self.name)
    }

    /// What he has to do.
    pub(super) fn tasks(&self) -> impl Iterator<Item = OwnerTask<'a>> {
        let due = (self.first..).zip(&self.due);
        due.map(|(id, &due)| OwnerTask::of(id, due))
    }

    /// The same as plain text, addressed to him.
    pub(super) fn letter(&self) -> Letter<'_> {
        Letter { owner: self }
    }
}

/// A letter to an app owner.
#[derive(Template)]
#[template(path = "letter.txt")]
pub(super) struct Letter<'a> {
    owner: &'a OwnerTasks<'a>,
}

impl Letter<'_> {
    fn todo(&self) -> String {
        counted(self.owner.due.len(), "task")
    }
}

impl<'a> OwnerTask<'a> {
    fn of(id: usize, (archive, app, row): Due<'a>) -> Self {
        let actions = match row.actor {
            Some(Actor::UpgradeEngineer) => &row.actions,
            _ => &row.tasks,
        };
        Self {
            id,
            key: key(app, row),
            app: sanitize(&app.name),
            archive: sanitize(&archive.path),
            about: format!("{} {}", row.concern.as_str(), item(row)),
            impact: row.impact,
            actions: shown(actions).collect(),
            facts: shown(&row.facts).collect(),
        }
    }
}

/// What a row of an app is known by: a page that is made again, by another version too, has the
/// same.
fn key(app: &AuditedApp, row: &Row) -> String {
    let fate = row.fate.map_or("", Fate::label);
    let is_check = row.concern == Concern::Readiness;
    let check = if is_check {
        row.codes.join(" ")
    } else {
        String::new()
    };
    digest([
        app.identifier.to_string().as_str(),
        row.concern.as_str(),
        row.item.as_deref().unwrap_or_default(),
        fate,
        // Checks of readiness are about one item each.
        &check,
    ])
}

/// What an archive is known by, wherever it lies.
pub(super) fn archive_key(path: &str, apps: &[AuditedApp]) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut apps: Vec<_> = apps.iter().collect();
    apps.sort_by_key(|app| app.identifier.to_string());
    let rows = apps.into_iter().flat_map(|app| {
        let due = app.rows.iter().filter(|row| row.impact > Impact::None);
        let keys = due.map(|row| key(app, row));
        std::iter::once(app.identifier.to_string()).chain(keys)
    });
    let parts: Vec<_> = std::iter::once(name.to_owned()).chain(rows).collect();
    digest(parts.iter().map(String::as_str))
}

/// The first 64 bits of a SHA-256 over texts, in hexadecimal.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn owner_name(name: &str) -> Cow<'_, str> {
    if name.is_empty() {
        "(no owner)".into()
    } else {
        sanitize(name)
    }
}

pub(super) fn item(row: &Row) -> Cow<'_, str> {
    match (&row.item, row.fate) {
        (Some(item), _) => sanitize(item),
        (None, Some(_)) => "(all of them)".into(),
        (None, None) => "".into(),
    }
}

pub(super) fn shown(sentences: &[String]) -> impl Iterator<Item = Cow<'_, str>> {
    sentences.iter().map(|it| sanitize(it))
}
