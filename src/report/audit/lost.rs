//! Who lost access to what: of an audit the rows that say so, narrowed to whom or what is asked for.

use serde::Serialize;

use super::{Actor, AuditedApp, AuditedArchive, Concern, Fate, Impact, Row};
use crate::flow::{AppKind, Permissions};
use crate::json::pretty;
use crate::report::columns::columns;
use crate::report::table::{resource, short};
use crate::sanitize::sanitize;

/// Whose losses are meant; what is not said does not matter. Names are meant when they hold the text,
/// in capitals or not.
#[derive(Debug, Clone, Default)]
pub struct Losses {
    /// The app's owner.
    pub owner: Option<String>,
    /// The app.
    pub app: Option<String>,
    /// The connection or the resource.
    pub item: Option<String>,
    /// The app's kind.
    pub kind: Option<AppKind>,
}

impl Losses {
    /// What is meant of an audit; none where that is nothing.
    pub fn of(&self, mut archive: AuditedArchive) -> Option<AuditedArchive> {
        archive.apps.retain_mut(|app| {
            let meant = holds(&app.owner, self.owner.as_deref())
                && holds(&app.name, self.app.as_deref())
                && self.kind.is_none_or(|kind| kind == app.kind);
            app.rows.retain(|row| {
                is_lost(row) && holds(row.item.as_deref().unwrap_or(""), self.item.as_deref())
            });
            meant && !app.rows.is_empty()
        });
        archive.rows.clear();
        (!archive.apps.is_empty()).then_some(archive)
    }
}

fn holds(name: &str, part: Option<&str>) -> bool {
    part.is_none_or(|part| name.to_lowercase().contains(&part.to_lowercase()))
}

/// Whether an app had it and has it no longer, or needs it and never had it by name.
fn is_lost(row: &Row) -> bool {
    match row.fate {
        Some(Fate::Dropped) => true,
        Some(Fate::NotCarried) => row.impact > Impact::None,
        Some(Fate::Carried) | None => false,
    }
}

/// What stands above losses that nobody has to do anything about.
pub(super) const LOST: &str = "LOST, WITHOUT EXPECTED EFFECT";

/// Whether it is lost though nobody has to act.
pub(super) fn is_quiet_loss(row: &Row) -> bool {
    row.fate == Some(Fate::Dropped) && row.impact == Impact::None
}

/// What is lost though nobody has to act.
pub(super) fn quiet_losses(archive: &AuditedArchive) -> impl Iterator<Item = (&AuditedApp, &Row)> {
    let rows = archive.apps.iter();
    let rows = rows.flat_map(|app| app.rows.iter().map(move |row| (app, row)));
    rows.filter(|(_, row)| is_quiet_loss(row))
}

/// What was lost, by name.
pub(super) fn lost_item(row: &Row) -> String {
    match &row.item {
        Some(item) => sanitize(resource(item)).into_owned(),
        None => format!("({}s as such)", row.concern.as_str()),
    }
}

/// What it could do.
pub(super) fn lost_permissions(row: &Row) -> String {
    match (&row.permissions, &row.item) {
        (Some(permissions), Some(_)) => short(permissions),
        // Without their endings they would be one.
        (Some(permissions), None) => permissions.to_string().replace(',', ", "),
        (None, _) => String::new(),
    }
}

/// A line for each app and item, what matters most first, in at most `width` columns.
pub fn lost_table(archives: &[AuditedArchive], width: u16) -> String {
    let rows = lost(archives).map(|(archive, app, row)| {
        // A history may come from another system.
        let name = archive.path.rsplit(['/', '\\']).next();
        [
            sanitize(&app.name).into_owned(),
            sanitize(&app.owner).into_owned(),
            lost_item(row),
            lost_permissions(row),
            row.impact.as_str().to_owned(),
            sanitize(name.unwrap_or(&archive.path)).into_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return "nothing was lost\n".to_owned();
    }
    let header = ["APP", "OWNER", "LOST", "PERMISSIONS", "IMPACT", "ARCHIVE"];
    columns(header, &rows, width.into())
}

/// The same for programs: an object for each app and item.
///
/// # Errors
/// Only such as writing to memory can have.
pub fn lost_json(archives: &[AuditedArchive]) -> std::io::Result<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        schema_version: u32,
        lost: Vec<Lost<'a>>,
    }
    let lost = lost(archives).map(|(archive, app, row)| Lost::of(archive, app, row));
    pretty(&Document {
        schema_version: 1,
        lost: lost.collect(),
    })
}

/// The columns of the audit's CSV.
#[derive(Serialize)]
struct Lost<'a> {
    archive: &'a str,
    app: &'a str,
    kind: AppKind,
    owner: &'a str,
    category: Concern,
    item: Option<&'a str>,
    permissions: Vec<&'a str>,
    fate: Option<Fate>,
    impact: Impact,
    action: &'a [String],
    findings: &'a [String],
    actor: Option<Actor>,
    who: &'a [String],
}

impl<'a> Lost<'a> {
    fn of(archive: &'a AuditedArchive, app: &'a AuditedApp, row: &'a Row) -> Self {
        let permissions = row.permissions.iter().flat_map(Permissions::iter);
        Self {
            archive: &archive.path,
            app: &app.name,
            kind: app.kind,
            owner: &app.owner,
            category: row.concern,
            item: row.item.as_deref(),
            permissions: permissions.collect(),
            fate: row.fate,
            impact: row.impact,
            action: &row.actions,
            findings: &row.codes,
            actor: row.actor,
            who: &row.who,
        }
    }
}

/// Every row, what matters most first.
fn lost(archives: &[AuditedArchive]) -> impl Iterator<Item = (&AuditedArchive, &AuditedApp, &Row)> {
    Impact::ALL.into_iter().flat_map(move |impact| {
        archives.iter().flat_map(move |archive| {
            let apps = archive.apps.iter();
            apps.flat_map(move |app| {
                let rows = app.rows.iter().filter(move |row| row.impact == impact);
                rows.map(move |row| (archive, app, row))
            })
        })
    })
}
