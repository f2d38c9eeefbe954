//! Tasks as tables for people.

use std::fmt::Write;

use jiff::{Timestamp, tz::TimeZone};

use super::columns::{columns, unbroken};
use crate::history::{AppRecord, ArchiveRecord, Task, TaskDetail};
use crate::sanitize::sanitize;

/// Letters of an id that are shown at least.
const SHORTEST_ID: usize = 8;
/// A time with the offset of its zone.
const TO_THE_SECOND: &str = "%Y-%m-%d %H:%M:%S %:z";

/// A line a task, at most `width` columns wide; `ids` are those of all tasks, sorted, so that each
/// can be shortened. Times are in `zone` and say its offset.
pub fn list_table(tasks: &[Task], ids: &[String], zone: &TimeZone, width: u16) -> String {
    if tasks.is_empty() {
        return "no tasks\n".to_owned();
    }
    let rows = tasks.iter().map(|task| {
        [
            short_id(&task.id, ids).to_owned(),
            unbroken(&local(task.started, zone, "%Y-%m-%d %H:%M %:z")),
            task.status.to_string(),
            task.kind.clone().unwrap_or_else(|| "-".to_owned()),
            sanitize(&task.name()).into_owned(),
            sanitize(&task.user).into_owned(),
            sanitize(task.result.as_deref().unwrap_or("-")).into_owned(),
        ]
    });
    let header = [
        "ID", "STARTED", "STATUS", "KIND", "ARCHIVE", "USER", "RESULT",
    ];
    columns(header, &rows.collect::<Vec<_>>(), width.into())
}

/// Everything about a task but its log, at most `width` columns wide. Times are in `zone`.
pub fn detail_table(detail: &TaskDetail, zone: &TimeZone, width: u16) -> String {
    let task = &detail.task;
    let mut text = format!("task {}: {}\n", task.id, task.status);
    let mut say = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {name:<9} {}", sanitize(value));
    };
    if let Some(result) = &task.result {
        say("result", result);
    }
    if let Some(kind) = &task.kind {
        say("kind", kind);
    }
    say("source", &archive(&task.source));
    if let Some(target) = &task.target {
        say("target", &archive(target));
    }
    if let Some(form) = task.form {
        say("form", form.as_str());
    }
    say("started", &local(task.started, zone, TO_THE_SECOND));
    if let Some(finished) = task.finished {
        say("finished", &local(finished, zone, TO_THE_SECOND));
    }
    let version = &task.version;
    say(
        "by",
        &format!("{} on {}, flowlift {version}", task.user, task.host),
    );
    say("options", &task.options.to_string());

    if !detail.apps.is_empty() {
        let rows: Vec<_> = detail.apps.iter().flat_map(rows).collect();
        let header = ["APP", "OWNER", "RUNS", "FATE", "ITEM", "PERMISSIONS"];
        text.push('\n');
        text += &columns(header, &rows, width.into());
    }
    if !detail.findings.is_empty() {
        text.push('\n');
        for finding in &detail.findings {
            let _ = writeln!(
                text,
                "{:<6} {}: {}",
                finding.level(),
                finding.code(),
                sanitize(&finding.line())
            );
        }
    }
    text
}

/// What is left of an id that still names one task.
fn short_id<'a>(id: &'a str, ids: &[String]) -> &'a str {
    let at = ids.partition_point(|other| other.as_str() < id);
    let before = at.checked_sub(1).and_then(|before| ids.get(before));
    let shared = |other: Option<&String>| {
        let letters = other.map_or("", String::as_str).bytes();
        letters.zip(id.bytes()).take_while(|(a, b)| a == b).count()
    };
    let needed = shared(before).max(shared(ids.get(at + 1))) + 1;
    id.get(..needed.max(SHORTEST_ID)).unwrap_or(id)
}

fn rows(app: &AppRecord) -> Vec<[String; 6]> {
    let runs = match app.enabled {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    };
    let name = format!("{} ({})", sanitize(&app.name), app.kind);
    let head = [
        name,
        sanitize(&app.owner.name).into_owned(),
        runs.to_owned(),
    ];
    let row = |grant: [String; 3], first: bool| {
        let [name, owner, runs] = if first {
            head.clone()
        } else {
            Default::default()
        };
        let [fate, item, permissions] = grant;
        [name, owner, runs, fate, item, permissions]
    };
    if app.grants.is_empty() {
        return vec![row(["-", "-", "-"].map(str::to_owned), true)];
    }
    let cells = app.grants.iter().map(|grant| {
        let item = grant.item.as_deref().map_or_else(
            || format!("({})", grant.category),
            |item| sanitize(item).into_owned(),
        );
        let permissions = sanitize(&grant.permissions.join(", ")).into_owned();
        [grant.fate.clone(), item, permissions]
    });
    cells
        .enumerate()
        .map(|(place, grant)| row(grant, place == 0))
        .collect()
}

fn archive(archive: &ArchiveRecord) -> String {
    let mut text = archive.path.clone();
    let mut more = Vec::new();
    if let Some(build) = archive.build {
        more.push(format!("build {build}"));
    }
    if let Some(schema) = &archive.schema {
        more.push(format!("schema {schema}"));
    }
    if let Some(size) = archive.size {
        more.push(format!("{size} bytes"));
    }
    if let Some(sha256) = &archive.sha256 {
        more.push(format!("SHA-256 {sha256}"));
    }
    if !more.is_empty() {
        text += &format!(" ({})", more.join(", "));
    }
    text
}

fn local(time: Timestamp, zone: &TimeZone, format: &str) -> String {
    let time = time.to_zoned(zone.clone());
    time.strftime(format).to_string()
}
