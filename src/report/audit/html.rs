//! An audit as one page, to be handed to app owners: read on a phone, ticked off, printed.
//!
//! The page holds all it needs. A policy in it forbids any network and any script or style but its
//! own, which it names by their digests; names from archives are escaped by the template.

use std::collections::BTreeSet;

use askama::Template;
use jiff::Zoned;

use super::chart::{Chart, chart};
use super::file_name::link;
use super::owners::{Owner, item, owner_name, owners, shown};
use super::ranking::restores;
use super::{AuditedApp, AuditedArchive, Fate, Impact, Row};
use crate::flow::AppKind;
use crate::plan::Impacts;
use crate::report::answer;
use crate::report::page::{digest, embedded};
use crate::report::table::short;
use crate::sanitize::sanitize;

/// Of more apps than this only what is shown is rendered: a browser takes seconds for thousands.
const AT_ONCE: usize = 500;

/// Of more apps than this only checklists are printed, unless more is asked for.
const ON_PAPER: usize = 100;

/// The page for all archives, made `now`.
///
/// # Errors
/// Only such as writing to memory can have.
pub fn html(archives: &[AuditedArchive], now: &Zoned) -> askama::Result<String> {
    page(archives, now, &Reader::Engineer(&[])).map(|(page, _)| page)
}

/// Whom a page is for.
pub(super) enum Reader<'a> {
    /// Who runs the upgrade; with the names of app owners' own files, in the order of their names.
    Engineer(&'a [String]),
    /// The only owner of the apps.
    Owner,
}

/// The page, and the letter to the first owner on it.
pub(super) fn page(
    archives: &[AuditedArchive],
    now: &Zoned,
    reader: &Reader<'_>,
) -> askama::Result<(String, String)> {
    let (style, script) = (
        embedded(include_str!("../../../templates/audit.css")),
        embedded(include_str!("../../../templates/audit.js")),
    );
    // What could not be audited comes first.
    let mut archives: Vec<_> = archives.iter().collect();
    archives.sort_by_key(|archive| archive.error.is_none());
    let when = now.strftime("%-d %B %Y, %H:%M %Z").to_string();
    let mut owners = owners(&archives, &when)?;
    match reader {
        Reader::Engineer(files) => {
            for (owner, file) in owners.iter_mut().zip(*files) {
                owner.file = Some(link(file));
            }
        }
        Reader::Owner => owners.truncate(1),
    }
    let letter = owners.first().map(|owner| owner.letter.clone());
    let audited = archives
        .iter()
        .flat_map(|&archive| archive.apps.iter().map(move |app| (archive, app)));
    let mut apps: Vec<_> = audited.collect();
    // Stable: those of an archive stay by name.
    apps.sort_by_key(|(_, app)| std::cmp::Reverse(app.impact));
    let all: Vec<&AuditedApp> = apps.iter().map(|(_, app)| *app).collect();
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        when,
        is_lazy: apps.len() > AT_ONCE,
        policy: format!(
            "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; \
             form-action 'none'",
            digest(&style),
            digest(&script)
        ),
        restores: restores(archives.iter().copied()),
        owner: match reader {
            Reader::Owner => owners.first().map(|owner| owner.name.clone()),
            Reader::Engineer(_) => None,
        },
        is_long: apps.len() > ON_PAPER,
        nothing: nothing(&archives, &all),
        totals: Totals::of(&all, &owners),
        chart: chart(&all),
        refused: archives.iter().filter(|it| it.error.is_some()).count(),
        archives: archives.iter().map(|&it| Archive::of(it)).collect(),
        fixes: archives.iter().flat_map(|&it| Share::of(it)).collect(),
        apps: apps
            .into_iter()
            .map(|(archive, app)| App::of(archive, app))
            .collect(),
        owners,
        style,
        script,
    };
    Ok((page.render()?, letter.unwrap_or_default()))
}

/// The page's data; all text in it is fit to be shown, and yet to be escaped.
#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    version: &'static str,
    when: String,
    /// Whether what is not shown waits to be rendered.
    is_lazy: bool,
    /// Whether only checklists are printed, unless more is asked for.
    is_long: bool,
    /// Whose page it is, where it is an app owner's.
    owner: Option<String>,
    /// Why there is little or nothing to be seen.
    nothing: Option<&'static str>,
    policy: String,
    style: String,
    script: String,
    /// What is known of a restore, a sentence for each form.
    restores: BTreeSet<&'static str>,
    totals: Totals,
    chart: Chart,
    /// Those that could not be audited come first.
    archives: Vec<Archive>,
    refused: usize,
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
    key: String,
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

struct App {
    name: String,
    kind: &'static str,
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
            key: archive.key.clone(),
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
            name: sanitize(&app.name).into_owned(),
            kind: app.kind.title(),
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

/// Why there is little or nothing to be seen, where that is so.
fn nothing(archives: &[&AuditedArchive], apps: &[&AuditedApp]) -> Option<&'static str> {
    let audited = archives.iter().filter(|it| it.error.is_none());
    if audited.clone().count() == 0 {
        return Some("No archive could be audited.");
    }
    if audited.clone().all(|it| it.is_current) {
        return Some(
            "Made by FME Flow 2026.1 or later, where apps have no tokens: there is nothing to upgrade.",
        );
    }
    let galleries = apps.iter().filter(|app| app.kind == AppKind::Gallery);
    let count = |fate| apps.iter().map(|app| app.count(fate)).sum();
    let (carried, dropped) = (count(Fate::Carried), count(Fate::Dropped));
    answer::nothing(apps.len(), galleries.count(), carried, dropped)
}
