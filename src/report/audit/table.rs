//! An audit for people, in as many columns as the terminal has; eighty are enough.

use comfy_table::{ColumnConstraint, Width};

use super::lost::{lost_item, lost_permissions};
use super::{AuditedApp, AuditedArchive, Concern, Fate, Impact, Row};
use crate::plan::{Counts, Impacts};
use crate::report::Fix;
use crate::report::columns::{columns, styled, text_of};
use crate::sanitize::sanitize;

/// What an archive is, and how many of its apps need what.
pub fn summary(archive: &AuditedArchive) -> String {
    let mut text = format!("{}\n", sanitize(&archive.path));
    if !archive.description.is_empty() {
        text += &format!("  {}\n", sanitize(&archive.description));
    }
    match &archive.error {
        Some(error) => text += &format!("  not audited: {}\n", sanitize(error)),
        None => text += &figures(archive.counts, archive.impacts),
    }
    if let Some(form) = archive.form {
        text += &format!("  {}\n", form.sentence());
    }
    text
}

/// What needs action and what needs a look, in at most `width` columns; of the rest the number.
pub fn table(archive: &AuditedArchive, width: u16) -> String {
    let mut text = summary(archive);
    for impact in [Impact::Action, Impact::Check] {
        let mut apps = archive
            .apps
            .iter()
            .filter(|app| app.impact == impact)
            .peekable();
        if apps.peek().is_some() {
            text += &format!("\n{}\n", impact.label().to_uppercase());
        }
        for app in apps {
            text += &format!("\n{}\n{}", heading(app), block(&app.rows, width));
        }
    }
    text += &lost(archive, width);
    if !archive.fixes.is_empty() {
        text += "\nFIX LIST BY CONNECTION\n\n";
        text += &list(archive.fixes.iter().map(Fix::to_string), width);
    }
    let rows = archive.rows.iter().cloned();
    let (readiness, itself): (Vec<_>, Vec<_>) =
        rows.partition(|row| row.concern == Concern::Readiness);
    for (title, rows) in [
        ("THE ARCHIVE ITSELF", itself),
        ("WHAT ELSE BREAKS AT 2026.1", readiness),
    ] {
        let rows = block(&rows, width);
        if !rows.is_empty() {
            text += &format!("\n{title}\n\n{rows}");
        }
    }
    text
}

/// The same figures as those of `plan` and `migrate`.
fn figures(counts: Counts, impacts: Impacts) -> String {
    match counts.apps {
        0 => "  no apps\n".to_owned(),
        _ => format!("  {counts}\n  {impacts}\n"),
    }
}

/// What several archives come to, and which of them need someone most, in at most `width` columns.
pub fn ranking(archives: &[AuditedArchive], width: u16) -> String {
    let counts = archives.iter().map(|it| it.counts);
    let impacts = archives.iter().map(|it| it.impacts);
    let mut ranked: Vec<_> = archives
        .iter()
        .filter(|it| it.impacts.greatest() > Impact::None)
        .collect();
    // Stable: what matters equally stays in order.
    ranked.sort_by_key(|it| std::cmp::Reverse((it.impacts.action, it.impacts.check)));
    let rows: Vec<_> = ranked
        .into_iter()
        .map(|it| {
            let Impacts {
                action,
                check,
                none,
            } = it.impacts;
            let [action, check, none] = [action, check, none].map(|n| n.to_string());
            [sanitize(&it.path).into_owned(), action, check, none]
        })
        .collect();
    let mut text = format!("ALL {} ARCHIVES\n\n", archives.len());
    if !rows.is_empty() {
        let header = ["ARCHIVE", "BREAK", "ASK", "READY"];
        text += &columns(header, &rows, width.into());
        text.push('\n');
    }
    let sum = |sum: Counts, other| sum + other;
    text + &figures(
        counts.fold(Counts::default(), sum),
        impacts.fold(Impacts::default(), |sum, other| sum + other),
    )
}

/// What is dropped though nobody has to act: it is lost all the same.
fn lost(archive: &AuditedArchive, width: u16) -> String {
    let rows: Vec<_> = archive
        .apps
        .iter()
        .flat_map(|app| app.rows.iter().map(move |row| (app, row)))
        .filter(|(_, row)| row.fate == Some(Fate::Dropped) && row.impact == Impact::None)
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
    format!("\nLOST, WITHOUT EXPECTED EFFECT\n\n{table}")
}

/// A line each, or several where it is long.
fn list(lines: impl Iterator<Item = String>, width: u16) -> String {
    let mut table = styled(width.into());
    table.add_rows(lines.map(|line| [sanitize(&line).into_owned()]));
    text_of(&table)
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

/// The rows that someone should do something about: the item beside what is the case and what to do.
fn block(rows: &[Row], width: u16) -> String {
    // A blank goes before each line.
    let mut table = styled(width.saturating_sub(1).into());
    for row in rows.iter().filter(|row| row.is_shown()) {
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
