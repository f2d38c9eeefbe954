//! The history stays true when something goes wrong.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

use flowlift::archive::Digesting;
use flowlift::clock::Clock;
use flowlift::history::{Asked, Filter, History, HistoryError, TaskRecord, TaskState};
use flowlift::migrate::{Checking, MigrateOptions, Unchanged, migrate, prepare};
use flowlift::output::{Files, Overwrite};
use flowlift::plan::Options;
use flowlift::watch::{Interrupted, Stage, Watch};
use rusqlite::Connection;

use super::scene::Scene;

/// Neither a target nor anything unfinished is in the scene.
fn assert_nothing_migrated(scene: &Scene) {
    let names = fs_err::read_dir(scene.folder()).unwrap();
    let names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("city-2026.1"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

fn assert_stops(scene: &Scene, evidence: &str) {
    let (code, _, stderr) = scene.run(&["migrate", "city.fsconfig"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains(evidence), "{stderr}");
    assert!(stderr.contains("--no-history"), "{stderr}");
    assert_nothing_migrated(scene);
    scene.done(&["migrate", "city.fsconfig", "--no-history"]);
}

#[test]
fn a_damaged_history_stops_the_run_before_anything_is_migrated() {
    let scene = Scene::with(&["city.fsconfig"]);
    fs_err::write(scene.history(), "SQLite format 3\0 and then something else").unwrap();
    assert_stops(&scene, "is damaged");
}

#[test]
fn a_history_whose_middle_is_damaged_stops_the_run_as_well() {
    let scene = Scene::with(&["city.fsconfig", "archive-2.16.fsproject"]);
    scene.done(&["migrate", "archive-2.16.fsproject"]);
    scene
        .database()
        .pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .ok();
    let mut bytes = fs_err::read(scene.history()).unwrap();
    bytes[4096..].fill(0x5a);
    fs_err::write(scene.history(), bytes).unwrap();
    assert_stops(&scene, "is damaged");
}

#[test]
fn a_history_of_a_later_version_stops_the_run() {
    let scene = Scene::with(&["city.fsconfig"]);
    drop(History::open(&scene.history()).unwrap());
    scene
        .database()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert_stops(&scene, "has version 99, this flowlift knows 2");
}

#[test]
fn another_programs_database_is_left_alone() {
    let scene = Scene::with(&["city.fsconfig"]);
    let other = Connection::open(scene.history()).unwrap();
    other.execute_batch("CREATE TABLE birds (name)").unwrap();
    drop(other);
    let before = fs_err::read(scene.history()).unwrap();
    let (code, _, stderr) = scene.run(&["migrate", "city.fsconfig"]);
    assert_eq!(code, 4);
    assert!(stderr.contains("no history of flowlift"), "{stderr}");
    assert_nothing_migrated(&scene);
    assert_eq!(before, fs_err::read(scene.history()).unwrap());
}

#[test]
fn a_folder_that_is_not_there_stops_the_run() {
    let scene = Scene::with(&["city.fsconfig"]);
    let words = [
        "migrate",
        "city.fsconfig",
        "--history",
        "no/such/folder.sqlite",
    ];
    let (code, _, stderr) = scene.run(&words);
    assert_eq!(code, 4);
    assert!(stderr.contains("cannot open the history"), "{stderr}");
    assert_nothing_migrated(&scene);
}

#[test]
fn a_history_that_stays_locked_is_an_error_that_says_so() {
    let scene = Scene::with(&[]);
    drop(History::open(&scene.history()).unwrap());
    let mut holder = scene.database();
    let held = holder
        .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)
        .unwrap();
    // A reader is not hindered in WAL mode, a writer is once it writes.
    let history = History::open_within(&scene.history(), Duration::from_millis(50)).unwrap();
    let asked = Asked {
        source: "city.fsconfig".as_ref(),
        options: Options::default(),
        overwrite: Overwrite::Refused,
    };
    let clock = Clock::System;
    let refused = TaskRecord::submit(Some(&history), asked, &clock);
    assert!(matches!(refused, Err(HistoryError::Locked { .. })));
    drop(held);
    assert!(TaskRecord::submit(Some(&history), asked, &clock).is_ok());
}

#[test]
fn that_a_locked_history_is_waited_for_is_said_and_then_the_run_goes_on() {
    let scene = Scene::with(&["city.fsconfig"]);
    drop(History::open(&scene.history()).unwrap());
    let holder = scene.database();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut waiting = scene.command(&["migrate", "city.fsconfig"]);
    waiting.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut waiting = waiting.spawn().unwrap();
    let stderr = BufReader::new(waiting.stderr.take().unwrap());
    let said = stderr.lines().next().unwrap().unwrap();
    assert!(said.starts_with("warning: the history "), "{said}");
    assert!(
        said.contains("locked by another process: waiting for it"),
        "{said}"
    );
    holder.execute_batch("ROLLBACK").unwrap();
    assert!(waiting.wait().unwrap().success());
}

/// Somebody else takes the history as soon as the upgraded archive is being written.
struct Taking(Mutex<Connection>);

impl Watch for Taking {
    fn begin(&self, stage: Stage, _: u64) {
        if stage == Stage::Write {
            let taken = self.0.lock().unwrap();
            taken.execute_batch("BEGIN IMMEDIATE").unwrap();
        }
    }

    fn advance(&self, _: u64) -> Result<(), Interrupted> {
        Ok(())
    }

    fn end(&self) {}
}

#[test]
fn a_target_gets_no_name_when_that_cannot_be_recorded() {
    let scene = Scene::with(&["city.fsconfig"]);
    let source = scene.path("city.fsconfig");
    let history = History::open_within(&scene.history(), Duration::from_millis(50)).unwrap();
    let manner = MigrateOptions {
        digesting: Digesting::Both,
        unchanged: Unchanged::Left,
        options: Options::default(),
        overwrite: Overwrite::Refused,
        checking: Checking::Quick,
    };
    let asked = Asked {
        source: &source,
        options: manner.options,
        overwrite: manner.overwrite,
    };
    let clock = Clock::System;
    let mut record = TaskRecord::submit(Some(&history), asked, &clock).unwrap();
    let watch = Taking(Mutex::new(scene.database()));
    let prepared = prepare(&source, manner.options, &clock, &watch).unwrap();
    let target = scene.path("city-2026.1.fsconfig");
    let done = migrate(
        &prepared,
        &target,
        &Files::default(),
        manner,
        &clock,
        &watch,
        &mut record,
    );
    let error = done.unwrap_err();
    assert!(error.is(|error| matches!(error, HistoryError::Locked { .. })));
    assert_nothing_migrated(&scene);

    assert!(record.fail(&error).is_err());
    drop((watch, record));
    drop(history);
    let history = History::read(&scene.history()).unwrap();
    let task = history.tasks(&Filter::default()).unwrap().pop().unwrap();
    assert_eq!(task.status, TaskState::Interrupted);
    let result = history.detail(&task.id).unwrap().task.result.unwrap();
    assert!(result.ends_with("there is none"), "{result}");
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
fn a_read_only_history_stops_the_run() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::with(&["city.fsconfig"]);
    drop(History::open(&scene.history()).unwrap());
    let read_only = std::fs::Permissions::from_mode(0o400);
    fs_err::set_permissions(scene.history(), read_only).unwrap();
    if fs_err::OpenOptions::new()
        .append(true)
        .open(scene.history())
        .is_ok()
    {
        eprintln!("skipped: this user may write read-only files");
        return;
    }
    assert_stops(&scene, "is read-only");
}

/// Kills a migration at 50 moments spread over twice its length, and at more where a busy machine
/// has not shown every outcome by then. `Child::kill` is SIGKILL on Unix and just as sudden on
/// Windows.
#[test]
fn a_run_killed_at_any_moment_leaves_no_target_or_a_complete_one_and_a_history_that_says_which() {
    let reference = Scene::with(&["city.fsconfig"]);
    let begun = Instant::now();
    reference.done(&["migrate", "city.fsconfig"]);
    let length = begun.elapsed();
    let complete = fs_err::read(reference.path("city-2026.1.fsconfig")).unwrap();
    let (mut with, mut without, mut interrupted) = (0, 0, 0);
    for moment in 0..400 {
        if moment >= 50 && with > 0 && without > 0 && interrupted > 2 {
            return;
        }
        let scene = Scene::with(&["city.fsconfig"]);
        let mut child = scene
            .command(&["migrate", "-q", "city.fsconfig"])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        sleep(length * (moment % 50) / 25);
        child.kill().unwrap();
        child.wait().unwrap();

        let target = fs_err::read(scene.path("city-2026.1.fsconfig")).ok();
        if let Some(target) = &target {
            assert!(*target == complete, "the target is torn");
            with += 1;
        } else {
            without += 1;
        }
        if !scene.history().exists() {
            assert!(target.is_none());
            continue;
        }
        let history = match History::read(&scene.history()) {
            Ok(history) => history,
            Err(error) => {
                // Killed while the history was made.
                assert!(matches!(error, HistoryError::Missing { .. }), "{error}");
                assert!(target.is_none());
                continue;
            }
        };
        let Some(task) = history.tasks(&Filter::default()).unwrap().pop() else {
            assert!(target.is_none());
            continue;
        };
        match task.status {
            TaskState::Success => assert!(target.is_some()),
            TaskState::Interrupted => {
                interrupted += 1;
                let result = history.detail(&task.id).unwrap().task.result.unwrap();
                let complete = result.ends_with("it is complete");
                assert_eq!(complete, target.is_some(), "{result}");
            }
            other => panic!("{other}"),
        }
        let check: String = scene
            .database()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(check, "ok");
    }
    panic!("not every outcome was seen: {with} {without} {interrupted}");
}
