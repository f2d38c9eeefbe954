//! How long an auditor waits: 10,000 tasks with 1,000,000 grants, and the answers people ask for.
//!
//! `cargo bench --bench history`; `docs/history.md` has the figures.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark that cannot be set up has no figure"
)]

use std::path::PathBuf;
use std::sync::LazyLock;

use divan::black_box;
use flowlift::history::export::ExportFormat;
use flowlift::history::{Filter, History};
use flowlift::report::list_table;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use tempfile::TempDir;

/// A history of 10,000 tasks, each with 5 apps of 20 grants and 106 lines of log.
const FILL: &str = "
BEGIN;
CREATE TEMP TABLE n (n INTEGER PRIMARY KEY);
WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 10000)
INSERT INTO n SELECT n FROM up;
INSERT INTO tasks (task, id, kind, status, result, user, host, version, options, source, source_name,
                   source_size, source_sha256, source_build, source_schema, target, target_size,
                   target_sha256, target_build, target_schema, started, finished, utc_offset)
SELECT n, printf('019a0000-%04x-7000-8000-%012x', n, n * 7919), 'backup', 'success', 'migrated',
       'operator', 'gis-host-17', '0.1.0', '{}',
       printf('/srv/backups/flow/%04d/city-%d.fsconfig', n % 50, n), printf('city-%d.fsconfig', n),
       n * 1000000, printf('%064x', n), 25645, '2.99',
       printf('/srv/backups/flow/%04d/city-%d-2026.1.fsconfig', n % 50, n), n * 999999,
       printf('%064x', -n), 26121, '2.111',
       strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + n * 60, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%fZ', 1767225642 + n * 60, 'unixepoch'), 3600
FROM n;
INSERT INTO words (text) VALUES ('NamedConnections'), ('NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE'),
                                ('carried'), ('connection-carried');
INSERT INTO words (word, text)
SELECT 100 + n, printf('Connection %d of the water department', n) FROM n WHERE n <= 2000;
INSERT INTO apps (task, app, identifier, kind, name, owner_id, owner, enabled)
SELECT tasks.task, n, printf('0624e7c4-71b1-4835-ac6d-%012x', tasks.task * 5 + n), 'workspace',
       printf('water quality report %d', n), 'aaaaaaaa-0000-4000-8000-000000000001', 'anna.berg', 1
FROM tasks, n WHERE n <= 5;
INSERT INTO grant_rows (task, app, number, category, item, permissions, fate, reason)
SELECT task, app, n, 1, 101 + (task * 31 + app * 7 + n) % 2000, 2, 3, 4 FROM apps, n WHERE n <= 20;
INSERT INTO log_lines (task, number, at, level, code, message, app, finding)
SELECT task, n, 1767225600000 + task * 60000, 'INFORM', 926101,
       printf('App \"water quality report %d\": connection \"Connection %d of the water department\" '
              || 'carried with NAMEDCONNECTIONS_RUN, NAMEDCONNECTIONS_WRITE', n % 5, n),
       1 + n % 5, 4
FROM tasks, n WHERE n <= 106;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
";

struct Filled {
    _folder: TempDir,
    path: PathBuf,
}

static FILLED: LazyLock<Filled> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.sqlite");
    drop(History::open(&path).expect("a history"));
    let connection = Connection::open(&path).expect("its database");
    connection.execute_batch(FILL).expect("its rows");
    let grants: i64 = connection
        .query_row("SELECT count(*) FROM grant_rows", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(grants, 1_000_000, "the benchmark is about a million grants");
    Filled {
        _folder: folder,
        path,
    }
});

fn main() {
    LazyLock::force(&FILLED);
    divan::main();
}

/// As the command does it: the history is opened for each answer.
fn history() -> History {
    History::read(&FILLED.path).expect("the history")
}

fn of_archive(name: &str) -> Filter {
    Filter {
        archive: Some(name.to_owned()),
        ..Filter::default()
    }
}

#[divan::bench]
fn list_of_all_tasks() -> String {
    let history = history();
    let tasks = history.tasks(&Filter::default()).expect("tasks");
    assert_eq!(tasks.len(), 10_000);
    let ids = history.ids().expect("ids");
    list_table(&tasks, &ids, &TimeZone::UTC, 100)
}

#[divan::bench]
fn list_of_one_archive() -> usize {
    let filter = of_archive("city-7777.fsconfig");
    let tasks = history().tasks(&filter).expect("tasks").len();
    assert_eq!(tasks, 1);
    tasks
}

#[divan::bench(args = ["019a0000-1e61", "019a0000-0001"])]
fn show_one_task(id: &str) -> usize {
    let detail = history().detail(id).expect("a task");
    assert_eq!(detail.apps.len(), 5);
    detail.findings.len()
}

#[divan::bench]
fn export_of_one_archive() -> usize {
    export(&of_archive("city-7777.fsconfig"), 201)
}

#[divan::bench(sample_count = 5)]
fn export_of_everything() -> usize {
    export(&Filter::default(), 2_000_001)
}

fn export(filter: &Filter, lines: usize) -> usize {
    let (mut bytes, mut found) = (0, 0);
    let mut put = |text: &str| {
        bytes += black_box(text).len();
        found += text.lines().count();
        Ok(())
    };
    history()
        .export(filter, ExportFormat::Csv, &mut put)
        .expect("rows");
    assert_eq!(found, lines);
    bytes
}

/// Who could ever use this connection: by the index on items.
#[divan::bench]
fn sql_grants_on_one_connection() -> i64 {
    let connection = Connection::open(&FILLED.path).expect("the database");
    let query =
        "SELECT count(*) FROM grants WHERE item = 'Connection 1234 of the water department'";
    let count = connection
        .query_row(query, [], |row| row.get(0))
        .expect("a count");
    assert!(count > 100);
    count
}
