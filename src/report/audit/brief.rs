//! Of more apps than anyone reads in a terminal: those that matter most, and what many have in common
//! said once.

use std::collections::BTreeMap;

use super::lost::{LOST, lost_item, lost_permissions, quiet_losses};
use super::{AuditedApp, AuditedArchive, Impact, Row};
use crate::report::columns::{columns, styled, text_of};
use crate::report::table::and_more;
use crate::report::{Detail, Fix};
use crate::sanitize::sanitize;
use crate::sorted::naturally;

/// Names that are shown of many.
const NAMES: usize = 3;

/// The apps that need someone, a line for each thing, and what was lost by what it is.
pub(super) fn briefly(archive: &AuditedArchive, width: u16) -> String {
    let needing = archive.apps.iter().filter(|app| app.impact > Impact::None);
    let needing: Vec<_> = needing.collect();
    let mut text = String::new();
    if !needing.is_empty() {
        let shown = Detail::Brief.of(needing.len());
        let rows: Vec<_> = needing.iter().take(shown).map(|app| line(app)).collect();
        let header = ["IMPACT", "APP", "OWNER", "WHY"];
        text += "\n";
        text += &columns(header, &rows, width.into());
        text += &and_more(needing.len().saturating_sub(shown), "app");
    }
    text + &lost_by_item(archive, width)
}

fn line(app: &AuditedApp) -> [String; 4] {
    let why = app.rows.iter().filter(|row| row.impact > Impact::None);
    let why: Vec<_> = why.map(reason).collect();
    [
        app.impact.as_str().to_owned(),
        sanitize(&app.name).into_owned(),
        sanitize(&app.owner).into_owned(),
        why.join("\n"),
    ]
}

/// The codes, which `explain` knows, and of what.
fn reason(row: &Row) -> String {
    let mut codes = row.decisive.clone();
    codes.dedup();
    let codes = codes.join(", ");
    match &row.item {
        Some(item) => format!("{codes}: {}", sanitize(item)),
        None => codes,
    }
}

/// What was lost without expected effect, each thing once.
fn lost_by_item(archive: &AuditedArchive, width: u16) -> String {
    let mut lost: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for (app, row) in quiet_losses(archive) {
        let what = (lost_item(row), lost_permissions(row));
        lost.entry(what).or_default().push(&app.name);
    }
    if lost.is_empty() {
        return String::new();
    }
    let mut lost: Vec<_> = lost.into_iter().collect();
    // Stable: what as many lose stays by name.
    lost.sort_by_key(|(_, apps)| std::cmp::Reverse(apps.len()));
    let shown = Detail::Brief.of(lost.len());
    let rest = and_more(lost.len().saturating_sub(shown), "row");
    let rows = lost.into_iter().take(shown);
    let rows: Vec<_> = rows
        .map(|((item, permissions), apps)| [apps.len().to_string(), item, permissions, names(apps)])
        .collect();
    let header = ["COUNT", "LOST", "PERMISSIONS", "APPS"];
    let table = columns(header, &rows, width.into());
    format!("\n{LOST}\n\n{table}{rest}")
}

/// What has to be shared, a line each, or several where it is long.
pub(super) fn fix_list(archive: &AuditedArchive, detail: Detail, width: u16) -> String {
    if archive.fixes.is_empty() {
        return String::new();
    }
    let mut fixes: Vec<_> = archive.fixes.iter().collect();
    let shown = detail.of(fixes.len());
    let rest = fixes.len().saturating_sub(shown);
    if rest > 0 {
        // Stable: what matters equally stays by owner.
        fixes.sort_by_key(|fix| std::cmp::Reverse((fix.impact, fix.apps.len())));
    }
    let lines = fixes.into_iter().take(shown).map(|fix| match detail {
        Detail::Full => fix.to_string(),
        Detail::Brief => share(fix),
    });
    let mut table = styled(width.into());
    table.add_rows(lines.map(|line| [sanitize(&line).into_owned()]));
    let (table, rest) = (text_of(&table), and_more(rest, "connection"));
    format!("\nFIX LIST BY CONNECTION\n\n{table}{rest}")
}

fn share(fix: &Fix) -> String {
    let users = names(fix.share_with.iter().map(|user| &**user));
    fix.shared_with(&users)
}

/// The first of them, and how many more there are.
fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by(|a, b| naturally(a, b));
    let more = names.len().saturating_sub(NAMES);
    let some: Vec<_> = names.into_iter().take(NAMES).map(sanitize).collect();
    match more {
        0 => some.join(", "),
        _ => format!("{} and {more} more", some.join(", ")),
    }
}
