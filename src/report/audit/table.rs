//! An audit for people, in as many columns as the terminal has; eighty are enough.

use comfy_table::{ColumnConstraint, Width};

use super::brief::{briefly, fix_list};
use super::lost::{LOST, is_quiet_loss, lost_item, lost_permissions, quiet_losses};
use super::ranking::ranking;
use super::{AuditedApp, AuditedArchive, Concern, Impact, Row};
use crate::report::Detail;
use crate::report::columns::{columns, styled, text_of};
use crate::report::table::{SOME, and_more};
use crate::sanitize::sanitize;
use crate::target::Form;

/// What an archive is, and how many of its apps need what.
pub fn summary(archive: &AuditedArchive) -> String {
    title(archive) + &conclusion(archive)
}

/// What needs action and what needs a look, in at most `width` columns; of the rest the number. Of
/// many apps each is told by itself only in full.
pub fn table(archives: &[AuditedArchive], detail: Detail, width: u16) -> String {
    let apps_by_themselves = if is_short(archives, detail) {
        Detail::Brief
    } else {
        Detail::Full
    };
    match (archives, apps_by_themselves) {
        ([archive], Detail::Brief) => one(archive, &briefly(archive, width), detail, width),
        ([archive], Detail::Full) => one(archive, &by_app(archive, width), detail, width),
        (_, Detail::Brief) => ranking(archives, detail, width),
        (_, Detail::Full) => {
            let told = archives.iter().filter(|it| has_something(it));
            let told = told.map(|it| one(it, &by_app(it, width), detail, width) + "\n");
            told.collect::<String>() + &ranking(archives, detail, width)
        }
    }
}

/// Whether there are more apps to tell something of than are told by themselves.
pub fn is_short(archives: &[AuditedArchive], detail: Detail) -> bool {
    let apps = archives.iter().flat_map(|archive| &archive.apps);
    let told = apps.filter(|app| app.impact > Impact::None || app.rows.iter().any(is_quiet_loss));
    detail == Detail::Brief && told.count() > SOME
}

/// Whether an archive of several is shown: one about which there is nothing to say only counts.
fn has_something(archive: &AuditedArchive) -> bool {
    let counts = archive.answer.counts();
    archive.error.is_none() && counts.warnings + counts.readiness > 0
}

/// An archive, with what was said of its `apps`. What it comes to stands last.
fn one(archive: &AuditedArchive, apps: &str, detail: Detail, width: u16) -> String {
    let mut text = title(archive) + apps + &fix_list(archive, detail, width);
    let rows = archive.rows.iter().filter(|row| row.is_shown());
    let (readiness, itself): (Vec<_>, Vec<_>) =
        rows.partition(|row| row.concern == Concern::Readiness);
    for (heading, rows) in [
        ("THE ARCHIVE ITSELF", itself),
        ("WHAT ELSE BREAKS AT 2026.1", readiness),
    ] {
        let shown = detail.of(rows.len());
        let some = block(rows.iter().copied().take(shown), width);
        if !some.is_empty() {
            let rest = and_more(rows.len().saturating_sub(shown), "finding");
            text += &format!("\n{heading}\n\n{some}{rest}");
        }
    }
    text + &conclusion(archive)
}

fn title(archive: &AuditedArchive) -> String {
    let mut text = format!("{}\n", sanitize(&archive.path));
    if !archive.description.is_empty() {
        text += &format!("  {}\n", sanitize(&archive.description));
    }
    text
}

/// The same figures as those of `plan` and `migrate`.
fn conclusion(archive: &AuditedArchive) -> String {
    if let Some(error) = &archive.error {
        return format!("  not audited: {}\n", sanitize(error));
    }
    let restore = archive.form.map(Form::sentence);
    let restore = restore.map(|sentence| format!("{sentence}\n"));
    archive.answer.figures() + &restore.unwrap_or_default()
}

/// What there is to say of each app.
fn by_app(archive: &AuditedArchive, width: u16) -> String {
    let mut text = String::new();
    for impact in [Impact::Action, Impact::Check] {
        let apps = archive.apps.iter().filter(|app| app.impact == impact);
        let mut apps = apps.peekable();
        if apps.peek().is_some() {
            text += &format!("\n{}\n", impact.label().to_uppercase());
        }
        for app in apps {
            let rows = app.rows.iter().filter(|row| row.is_shown());
            text += &format!("\n{}\n{}", heading(app), block(rows, width));
        }
    }
    text + &lost(archive, width)
}

/// What is dropped though nobody has to act: it is lost all the same.
fn lost(archive: &AuditedArchive, width: u16) -> String {
    let rows: Vec<_> = quiet_losses(archive)
        .map(|(app, row)| {
            [
                sanitize(&app.name).into_owned(),
                sanitize(&app.owner).into_owned(),
                lost_item(row),
                lost_permissions(row),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let header = ["APP", "OWNER", "LOST", "PERMISSIONS"];
    let table = columns(header, &rows, width.into());
    format!("\n{LOST}\n\n{table}")
}

/// Two lines: a name may be as long as the terminal is wide.
fn heading(app: &AuditedApp) -> String {
    let runs = match app.enabled {
        Some(false) => ", will not run",
        _ => "",
    };
    let (name, owner) = (sanitize(&app.name), sanitize(&app.owner));
    format!("{name}\n {} of {owner}{runs}", app.kind.title())
}

/// The item beside what is the case and what to do.
fn block<'a>(rows: impl IntoIterator<Item = &'a Row>, width: u16) -> String {
    // A blank goes before each line.
    let mut table = styled(width.saturating_sub(1).into());
    for row in rows {
        let mut said: Vec<String> = row
            .facts
            .iter()
            .map(|fact| sanitize(fact).into_owned())
            .collect();
        said.extend(
            row.actions
                .iter()
                .map(|action| format!("→ {}", sanitize(action))),
        );
        table.add_row([item(row), said.join("\n")]);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::Absolute(Width::Percentage(32)));
    }
    if table.is_empty() {
        return String::new();
    }
    let lines = text_of(&table);
    lines.lines().map(|line| format!(" {line}\n")).collect()
}

fn item(row: &Row) -> String {
    let mut text = row.concern.as_str().to_owned();
    if let Some(item) = &row.item {
        text += &format!("\n{}", sanitize(item));
    }
    if let Some(fate) = row.fate {
        text += &format!("\n{}", fate.label());
    }
    text
}
