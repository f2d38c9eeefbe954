//! An audit as one page, to be handed to app owners: read on a phone, ticked off, printed.
//!
//! The page holds all it needs. A policy in it forbids any network and any script or style but its
//! own, which it names by their digests; names from archives are escaped by the template.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::Zoned;

use super::chart::{Chart, chart};
use super::{AuditedApp, AuditedArchive, Fate, Impact, Row};
use crate::finding::Actor;
use crate::plan::Impacts;
use crate::report::page::{digest, embedded};
use crate::report::table::short;
use crate::sanitize::sanitize;
use crate::target::Form;

/// The page for all archives, made `now`.
///
/// # Errors
/// Only such as writing to memory can have.
pub fn html(archives: &[AuditedArchive], now: &Zoned) -> askama::Result<String> {
    let (style, script) = (
        embedded(include_str!("../../../templates/audit.css")),
        embedded(include_str!("../../../templates/audit.js")),
    );
    let audited = || {
        let of = |archive| move |app| (archive, app);
        archives
            .iter()
            .flat_map(move |it: &AuditedArchive| it.apps.iter().map(of(it)))
    };
    let (owners, ids) = owners(audited().map(|(_, app)| app));
    let mut apps: Vec<_> = audited().collect();
    // Stable: those of an archive stay by name.
    apps.sort_by_key(|(_, app)| std::cmp::Reverse(app.impact));
    let all: Vec<&AuditedApp> = apps.iter().map(|(_, app)| *app).collect();
    let app = |(id, (archive, app)): (usize, (&AuditedArchive, &AuditedApp))| App {
        id,
        owner_id: ids.get(&*app.owner).copied().unwrap_or_default(),
        ..App::of(archive, app)
    };
    Page {
        version: env!("CARGO_PKG_VERSION"),
        when: now.strftime("%-d %B %Y, %H:%M %Z").to_string(),
        policy: format!(
            "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; \
             form-action 'none'",
            digest(&style),
            digest(&script)
        ),
        restores: restores(archives),
        totals: Totals::of(&all, &owners),
        chart: chart(&all),
        archives: archives.iter().map(Archive::of).collect(),
        fixes: archives.iter().flat_map(Share::of).collect(),
        apps: apps.into_iter().enumerate().map(app).collect(),
        owners,
        style,
        script,
    }
    .render()
}

/// The page's data; all text in it is fit to be shown, and yet to be escaped.
#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    version: &'static str,
    when: String,
    policy: String,
    style: String,
    script: String,
    /// What is known of a restore, a sentence for each form.
    restores: Vec<&'static str>,
    totals: Totals,
    chart: Chart,
    archives: Vec<Archive>,
    fixes: Vec<Share>,
    owners: Vec<Owner>,
    apps: Vec<App>,
}

struct Totals {
    impacts: Impacts,
    carried: usize,
    dropped: usize,
    tasks: usize,
}

struct Archive {
    path: String,
    description: String,
    error: Option<String>,
    notes: Vec<String>,
}

/// A connection to be shared.
struct Share {
    actor: String,
    connection: String,
    users: String,
    impact: Impact,
    archive: String,
}

struct Owner {
    id: usize,
    name: String,
    tasks: Vec<Task>,
}

/// Something an owner has to do.
struct Task {
    id: usize,
    app: String,
    about: String,
    impact: Impact,
    actions: Vec<String>,
    facts: Vec<String>,
}

struct App {
    id: usize,
    name: String,
    kind: &'static str,
    owner_id: usize,
    owner: String,
    archive: String,
    identifier: String,
    runs: Option<&'static str>,
    impact: Impact,
    rows: Vec<TableRow>,
}

/// A row of an app's table.
struct TableRow {
    concern: &'static str,
    item: String,
    permissions: String,
    fate: Option<&'static str>,
    impact: Impact,
    facts: Vec<String>,
    actions: Vec<String>,
}

impl Totals {
    fn of(apps: &[&AuditedApp], owners: &[Owner]) -> Self {
        Self {
            impacts: apps.iter().map(|app| app.impact).collect(),
            carried: apps.iter().map(|app| app.count(Fate::Carried)).sum(),
            dropped: apps.iter().map(|app| app.count(Fate::Dropped)).sum(),
            tasks: owners.iter().map(|owner| owner.tasks.len()).sum(),
        }
    }
}

impl Archive {
    fn of(archive: &AuditedArchive) -> Self {
        let notes = archive.rows.iter().filter(|row| row.is_shown());
        Self {
            path: sanitize(&archive.path).into_owned(),
            description: archive.description.clone(),
            error: archive.error.as_deref().map(|it| sanitize(it).into_owned()),
            notes: notes.flat_map(|row| shown(&row.facts)).collect(),
        }
    }
}

impl Share {
    fn of(archive: &AuditedArchive) -> impl Iterator<Item = Self> {
        archive.fixes.iter().map(|fix| Self {
            actor: sanitize(&fix.actor()).into_owned(),
            connection: sanitize(&fix.connection).into_owned(),
            users: sanitize(&fix.users()).into_owned(),
            impact: fix.impact,
            archive: sanitize(&archive.path).into_owned(),
        })
    }
}

impl App {
    fn of(archive: &AuditedArchive, app: &AuditedApp) -> Self {
        Self {
            id: 0,
            name: sanitize(&app.name).into_owned(),
            kind: app.kind.title(),
            owner_id: 0,
            owner: owner_name(&app.owner),
            archive: sanitize(&archive.path).into_owned(),
            identifier: app.identifier.to_string(),
            runs: app.enabled.map(|it| {
                if it {
                    "will run"
                } else {
                    "will not run, as before"
                }
            }),
            impact: app.impact,
            rows: app.rows.iter().map(TableRow::of).collect(),
        }
    }
}

impl TableRow {
    fn of(row: &Row) -> Self {
        Self {
            concern: row.concern.as_str(),
            item: item(row),
            permissions: row.permissions.as_ref().map_or_else(String::new, short),
            fate: row.fate.map(Fate::label),
            impact: row.impact,
            facts: shown(&row.facts),
            actions: shown(&row.actions),
        }
    }
}

/// Who has to do what, what matters most first: owners by name, then whoever runs the upgrade; and
/// the owners' numbers.
fn owners<'a>(
    apps: impl Iterator<Item = &'a AuditedApp>,
) -> (Vec<Owner>, BTreeMap<&'a str, usize>) {
    let mut by_name: BTreeMap<&str, Vec<(&AuditedApp, &Row)>> = BTreeMap::new();
    let mut engineers = Vec::new();
    for app in apps {
        let due = app.rows.iter().filter(|row| row.impact > Impact::None);
        let (engineer, own): (Vec<_>, Vec<_>) = due
            .map(|row| (app, row))
            .partition(|(_, row)| row.actor == Some(Actor::UpgradeEngineer));
        engineers.extend(engineer);
        by_name.entry(&app.owner).or_default().extend(own);
    }
    let mut next = 0..;
    let mut owner = |id, name, mut due: Vec<(&AuditedApp, &Row)>| {
        due.sort_by_key(|(_, row)| std::cmp::Reverse(row.impact));
        let task = |(app, row): (&AuditedApp, &Row)| Task {
            id: next.next().unwrap_or_default(),
            app: sanitize(&app.name).into_owned(),
            about: format!("{} {}", row.concern.as_str(), item(row)),
            impact: row.impact,
            actions: shown(match row.actor {
                Some(Actor::UpgradeEngineer) => &row.actions,
                _ => &row.tasks,
            }),
            facts: shown(&row.facts),
        };
        let tasks = due.into_iter().map(task).collect();
        Owner { id, name, tasks }
    };
    let mut ids = BTreeMap::new();
    let mut owners = Vec::new();
    for ((name, due), id) in by_name.into_iter().zip(1..) {
        ids.insert(name, id);
        owners.push(owner(id, owner_name(name), due));
    }
    if !engineers.is_empty() {
        let name = "(whoever runs the upgrade)".to_owned();
        owners.push(owner(owners.len() + 1, name, engineers));
    }
    (owners, ids)
}

/// What is known of a restore of the archives that would be upgraded.
fn restores(archives: &[AuditedArchive]) -> Vec<&'static str> {
    let forms = archives.iter().filter_map(|archive| archive.form);
    let sentences: BTreeSet<_> = forms.map(Form::sentence).collect();
    sentences.into_iter().collect()
}

fn owner_name(name: &str) -> String {
    if name.is_empty() {
        "(no owner)".to_owned()
    } else {
        sanitize(name).into_owned()
    }
}

fn item(row: &Row) -> String {
    match (&row.item, row.fate) {
        (Some(item), _) => sanitize(item).into_owned(),
        (None, Some(_)) => "(all of them)".to_owned(),
        (None, None) => String::new(),
    }
}

fn shown(sentences: &[String]) -> Vec<String> {
    sentences
        .iter()
        .map(|it| sanitize(it).into_owned())
        .collect()
}
