//! CSV for spreadsheets: one row per app, category, item and permission.
//!
//! The file begins with a byte order mark, without which a spreadsheet takes UTF-8 for something
//! else; lines end as RFC 4180 has it. Names come from archives, so no cell may start a formula.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

use super::{AuditedApp, AuditedArchive, Impact, Row};
use crate::finding::Actor;
use crate::sanitize;

/// Tells a spreadsheet that UTF-8 follows.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const HEADER: [&str; 13] = [
    "archive",
    "app",
    "kind",
    "owner",
    "category",
    "item",
    "permission",
    "fate",
    "impact",
    "action",
    "findings",
    "actor",
    "who",
];

/// Writes all rows of all archives, what matters most first.
///
/// # Errors
/// Those of `out`.
pub fn write_csv(out: &mut dyn Write, archives: &[AuditedArchive]) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(out);
    writer.write_record(HEADER)?;
    for impact in Impact::ALL {
        for archive in archives {
            for app in &archive.apps {
                for row in app.rows.iter().filter(|row| row.impact == impact) {
                    write(&mut writer, archive, Some(app), row)?;
                }
                if app.rows.is_empty() && impact == Impact::None {
                    write(&mut writer, archive, Some(app), &Row::nothing())?;
                }
            }
            for row in archive.rows.iter().filter(|row| row.impact == impact) {
                write(&mut writer, archive, None, row)?;
            }
        }
    }
    writer.flush()
}

fn write(
    writer: &mut csv::Writer<impl Write>,
    archive: &AuditedArchive,
    app: Option<&AuditedApp>,
    row: &Row,
) -> io::Result<()> {
    let permissions: Vec<&str> = match &row.permissions {
        Some(permissions) if !permissions.is_empty() => permissions.iter().collect(),
        _ => vec![""],
    };
    for permission in permissions {
        let actions = row.actions.join("; ");
        let codes = row.codes.join(" ");
        let who = row.who.join("; ");
        writer.write_record(
            [
                &*archive.path,
                app.map_or("", |app| &app.name),
                app.map_or("", |app| app.kind.as_str()),
                app.map_or("", |app| &app.owner),
                row.concern.as_str(),
                row.item.as_deref().unwrap_or_default(),
                permission,
                row.fate.map_or("", super::Fate::as_str),
                row.impact.as_str(),
                &actions,
                &codes,
                row.actor.map_or("", Actor::as_str),
                &who,
            ]
            .map(|cell| sanitize::cell(cell).into_owned()),
        )?;
    }
    Ok(())
}
