//! The rows below a task: its apps, their grants and its log. There may be a million of them, so
//! texts that are repeated are stored once.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Transaction, params};
use serde::Serialize;

use super::detail::AppDetail;
use super::grants::{GrantRow, grants};
use super::task_log::LogLine;
use crate::plan::Plan;

/// Adds a plan's apps with their grants.
pub(super) fn put_apps(
    transaction: &Transaction<'_>,
    task: i64,
    plan: &Plan,
) -> rusqlite::Result<()> {
    let mut words = WordTable::new(transaction);
    let mut put_app = transaction.prepare(
        "INSERT INTO apps (task, app, identifier, kind, name, owner_id, owner, enabled, planned)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut put_grant = transaction.prepare(
        "INSERT INTO grant_rows (task, app, number, category, item, permissions, fate, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for ((app, grants), number) in plan.apps.iter().zip(grants(plan)).zip(1_i64..) {
        put_app.execute(params![
            task,
            number,
            app.identifier.to_string(),
            app.kind.as_str(),
            app.name,
            app.owner.id,
            app.owner.name,
            app.enabled,
            json(&AppDetail::of(app))?,
        ])?;
        for (grant, place) in grants.into_iter().zip(1_i64..) {
            let GrantRow {
                category,
                item,
                permissions,
                fate,
                reason,
            } = grant;
            put_grant.execute(params![
                task,
                number,
                place,
                words.number(category)?,
                item.map(|item| words.number(item)).transpose()?,
                words.number(&permissions)?,
                words.number(fate.as_str())?,
                words.number(reason)?,
            ])?;
        }
    }
    Ok(())
}

/// Adds lines after the first `after`, one at a time; returns how many there are now.
pub(super) fn put_lines(
    transaction: &Transaction<'_>,
    task: i64,
    lines: impl IntoIterator<Item = LogLine>,
    after: i64,
) -> rusqlite::Result<i64> {
    let mut words = WordTable::new(transaction);
    let mut put = transaction.prepare(
        "INSERT INTO log_lines (task, number, at, level, code, message, app, finding, fact)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut count = after;
    for line in lines {
        count += 1;
        let finding = line.finding.as_ref();
        put.execute(params![
            task,
            count,
            line.time.timestamp().as_millisecond(),
            line.severity.as_str(),
            line.code,
            line.message,
            line.app.and_then(|app| i64::try_from(app).ok()),
            finding
                .map(|finding| words.number(finding.code()))
                .transpose()?,
            finding.map(|finding| json(&finding.fact)).transpose()?,
        ])?;
    }
    Ok(count)
}

fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Turns texts into their numbers.
struct WordTable<'a> {
    transaction: &'a Transaction<'a>,
    known: BTreeMap<Arc<str>, i64>,
}

impl<'a> WordTable<'a> {
    const fn new(transaction: &'a Transaction<'a>) -> Self {
        Self {
            transaction,
            known: BTreeMap::new(),
        }
    }

    fn number(&mut self, text: &str) -> rusqlite::Result<i64> {
        if let Some(&number) = self.known.get(text) {
            return Ok(number);
        }
        let add = "INSERT INTO words (text) VALUES (?1) ON CONFLICT DO NOTHING";
        self.transaction.prepare_cached(add)?.execute([text])?;
        let find = "SELECT word FROM words WHERE text = ?1";
        let number = self
            .transaction
            .prepare_cached(find)?
            .query_row([text], |row| row.get(0))?;
        self.known.insert(text.into(), number);
        Ok(number)
    }
}
