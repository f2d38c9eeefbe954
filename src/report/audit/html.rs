//! An audit as one page, to be handed to app owners: read on a phone, ticked off, printed.
//!
//! The page holds all it needs. A policy in it forbids any network and any script or style but its
//! own, which it names by their digests; names from archives are escaped by the template.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use askama::Template;
use jiff::Zoned;

use super::chart::{Chart, chart};
use super::file_name::link;
use super::owners::{OwnerTasks, item, owner_name, owners, shown};
use super::ranking::restores;
use super::{AuditedApp, AuditedArchive, Fate, Impact, Row};
use crate::flow::AppKind;
use crate::plan::Impacts;
use crate::report::Fix;
use crate::report::answer;
use crate::report::page::{digest, embedded};
use crate::report::table::short;
use crate::sanitize::sanitize;

/// Of more apps than this only what is shown is rendered: a browser takes seconds for thousands.
const AT_ONCE: usize = 500;

/// Of more apps than this only checklists are printed, unless more is asked for.
const ON_PAPER: usize = 100;

/// Writes the page for all archives, made `now`: it may be larger than what it is made from.
///
/// # Errors
/// Those of `out`.
pub fn write_html(out: &mut dyn Write, archives: &[AuditedArchive], now: &Zoned) -> io::Result<()> {
    write_page(out, archives, now, &Audience::Engineer(&[]))
}

/// Whom a page is for.
pub(super) enum Audience<'a> {
    /// Who runs the upgrade; with the names of app owners' own files, in the order of their names.
    Engineer(&'a [String]),
    /// The only owner of the apps.
    Owner,
}

/// Writes the page.
pub(super) fn write_page(
    out: &mut dyn Write,
    archives: &[AuditedArchive],
    now: &Zoned,
    reader: &Audience<'_>,
) -> io::Result<()> {
    let (style, script) = (
        embedded(include_str!("../../../templates/audit.css")),
        embedded(include_str!("../../../templates/audit.js")),
    );
    // What could not be audited comes first.
    let mut archives: Vec<_> = archives.iter().collect();
    archives.sort_by_key(|archive| archive.error.is_none());
    let when = day(now);
    let mut owners = owners(&archives, &when);
    match reader {
        Audience::Engineer(files) => {
            for (owner, file) in owners.iter_mut().zip(*files) {
                owner.file = Some(link(file));
            }
        }
        Audience::Owner => owners.truncate(1),
    }
    let audited = archives
        .iter()
        .flat_map(|&archive| archive.apps.iter().map(move |app| (archive, app)));
    let mut apps: Vec<_> = audited.collect();
    // Stable: those of an archive stay by name.
    apps.sort_by_key(|(_, app)| std::cmp::Reverse(app.impact));
    let all: Vec<&AuditedApp> = apps.iter().map(|(_, app)| *app).collect();
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        is_lazy: apps.len() > AT_ONCE,
        policy: format!(
            "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; \
             form-action 'none'",
            digest(&style),
            digest(&script)
        ),
        restores: restores(archives.iter().copied()),
        owner: match reader {
            Audience::Owner => owners.first().map(|owner| owner.name.clone()),
            Audience::Engineer(_) => None,
        },
        is_long: apps.len() > ON_PAPER,
        nothing: nothing(&archives, &all),
        totals: Totals::of(&all, &owners),
        chart: chart(&all),
        refused: archives.iter().filter(|it| it.error.is_some()).count(),
        archives: archives.iter().map(|&it| Archive::of(it)).collect(),
        fixes: archives.iter().flat_map(|&it| shares(it)).collect(),
        apps: apps
            .into_iter()
            .map(|(archive, app)| App { archive, app })
            .collect(),
        owners,
        when: &when,
        style,
        script,
    };
    page.write_into(out)
}

/// The day that a page and a letter say.
pub(super) fn day(now: &Zoned) -> String {
    now.strftime("%-d %B %Y, %H:%M %Z").to_string()
}

/// The page's data; all text that is shown of it is fit to be shown, and yet to be escaped.
#[derive(Template)]
#[template(path = "audit.html")]
struct Page<'a> {
    version: &'static str,
    when: &'a str,
    /// Whether what is not shown waits to be rendered.
    is_lazy: bool,
    /// Whether only checklists are printed, unless more is asked for.
    is_long: bool,
    /// Whose page it is, where it is an app owner's.
    owner: Option<Cow<'a, str>>,
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
    archives: Vec<Archive<'a>>,
    refused: usize,
    fixes: Vec<Share<'a>>,
    owners: Vec<OwnerTasks<'a>>,
    apps: Vec<App<'a>>,
}

struct Totals {
    impacts: Impacts,
    carried: usize,
    dropped: usize,
    tasks: usize,
}

struct Archive<'a> {
    key: &'a str,
    path: Cow<'a, str>,
    description: &'a str,
    error: Option<Cow<'a, str>>,
    notes: Vec<&'a Row>,
}

/// A connection to be shared.
struct Share<'a> {
    archive: &'a AuditedArchive,
    fix: &'a Fix,
}

/// An app. What is shown of it is made when it is written, for all of it is many times the model.
struct App<'a> {
    archive: &'a AuditedArchive,
    app: &'a AuditedApp,
}

/// A row of an app's table.
struct TableRow<'a> {
    concern: &'static str,
    item: Cow<'a, str>,
    permissions: String,
    fate: Option<&'static str>,
    impact: Impact,
    facts: Vec<Cow<'a, str>>,
    actions: Vec<Cow<'a, str>>,
}

impl Totals {
    fn of(apps: &[&AuditedApp], owners: &[OwnerTasks<'_>]) -> Self {
        Self {
            impacts: apps.iter().map(|app| app.impact).collect(),
            carried: apps.iter().map(|app| app.count(Fate::Carried)).sum(),
            dropped: apps.iter().map(|app| app.count(Fate::Dropped)).sum(),
            tasks: owners.iter().map(|owner| owner.due.len()).sum(),
        }
    }
}

impl<'a> Archive<'a> {
    fn of(archive: &'a AuditedArchive) -> Self {
        let notes = archive.rows.iter().filter(|row| row.is_shown());
        Self {
            key: &archive.key,
            path: sanitize(&archive.path),
            description: &archive.description,
            error: archive.error.as_deref().map(sanitize),
            notes: notes.collect(),
        }
    }

    fn notes(&self) -> impl Iterator<Item = Cow<'a, str>> {
        self.notes.iter().flat_map(|row| shown(&row.facts))
    }
}

fn shares(archive: &AuditedArchive) -> impl Iterator<Item = Share<'_>> {
    let fixes = archive.fixes.iter();
    fixes.map(move |fix| Share { archive, fix })
}

impl Share<'_> {
    fn actor(&self) -> String {
        sanitize(&self.fix.actor()).into_owned()
    }

    fn connection(&self) -> Cow<'_, str> {
        sanitize(&self.fix.connection)
    }

    fn users(&self) -> String {
        sanitize(&self.fix.users()).into_owned()
    }

    fn archive(&self) -> Cow<'_, str> {
        sanitize(&self.archive.path)
    }
}

impl App<'_> {
    fn name(&self) -> Cow<'_, str> {
        sanitize(&self.app.name)
    }

    fn owner(&self) -> Cow<'_, str> {
        owner_name(&self.app.owner)
    }

    fn archive(&self) -> Cow<'_, str> {
        sanitize(&self.archive.path)
    }

    fn runs(&self) -> Option<&'static str> {
        self.app.enabled.map(|it| {
            if it {
                "will run"
            } else {
                "will not run, as before"
            }
        })
    }

    fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.app.rows.iter().map(TableRow::of)
    }
}

impl<'a> TableRow<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            concern: row.concern.as_str(),
            item: item(row),
            permissions: row.permissions.as_ref().map_or_else(String::new, short),
            fate: row.fate.map(Fate::label),
            impact: row.impact,
            facts: shown(&row.facts).collect(),
            actions: shown(&row.actions).collect(),
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
