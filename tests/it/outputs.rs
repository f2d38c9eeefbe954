//! No output harms a file: every clash is refused before anything is opened, and every file is
//! afterwards what it was before, to the last byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::support::fixtures::folder as fixtures;
use super::support::run::{Outcome, run};

/// `a.fsproject`, another project by the name that its target would have, and a history.
fn scene() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (fixture, name) in [
        ("parks-2.99.fsproject", "a.fsproject"),
        ("harbour-2.57.fsproject", "a-2026.1.fsproject"),
    ] {
        fs_err::copy(fixtures().join(fixture), folder.path().join(name)).unwrap();
    }
    let words = ["migrate", "-q", "-o", "made", "a.fsproject"];
    let made = run(folder.path(), &words);
    assert_eq!(made.code, 0, "{}", made.stderr);
    folder
}

/// Every file in a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let walk = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| (entry.path().to_owned(), fs_err::read(entry.path()).unwrap()))
        .collect()
}

/// Runs what must change nothing; returns what came of it.
fn harmless(folder: &Path, words: &[&str]) -> Outcome {
    let before = files(folder);
    let outcome = run(folder, words);
    assert_ne!(outcome.code, 0, "{words:?}: {outcome:?}");
    let after = files(folder);
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after), "{words:?}: {outcome:?}");
    for (path, bytes) in before {
        let same = after[&path] == bytes;
        assert!(same, "{words:?} changed {}", path.display());
    }
    outcome
}

/// The same, for what is refused as a clash; both files are named.
fn clash(folder: &Path, words: &[&str], output: &str, other: &str) {
    let outcome = harmless(folder, words);
    assert_eq!(outcome.code, 2, "{words:?}: {outcome:?}");
    for part in [output, other, " are one file: "] {
        assert!(outcome.stderr.contains(part), "{words:?}: {outcome:?}");
    }
}

#[test]
fn no_output_of_any_kind_is_an_archive_that_is_read() {
    let folder = scene();
    let (a, b) = ("a.fsproject", "a-2026.1.fsproject");
    let cases: [(&[&str], &str); 12] = [
        (&["plan", "--log-file", a, a], a),
        (&["inspect", "--log-file", a, a], a),
        (&["verify", "--log-file", a, a, "made"], a),
        (&["verify", "--log-file", "made", a, "made"], "made"),
        (&["plan", "--history", a, a], a),
        (&["migrate", "--history", a, a], a),
        (&["migrate", "--force", "-o", "./a.fsproject", a], a),
        (&["migrate", "--force", a, b], b),
        (&["migrate", a, b], b),
        (&["migrate", "--force", "."], b),
        (&["audit", "--force", "-o", a, "."], a),
        (
            &[
                "audit",
                "--from-history",
                "--force",
                "-o",
                "made",
                "--format",
                "csv",
            ],
            "made",
        ),
    ];
    for (words, archive) in cases {
        clash(folder.path(), words, archive, "(an archive that is read)");
    }
}

#[test]
fn no_output_is_another_output_or_the_history() {
    let folder = scene();
    let history = "state/flowlift/history.sqlite";
    let a = "a.fsproject";
    let cases: [(&[&str], &str, &str); 9] = [
        (
            &["migrate", "--force", "-o", history, a],
            history,
            "(the history)",
        ),
        (
            &["migrate", "--force", "--no-history", "-o", history, a],
            history,
            "(the history)",
        ),
        (
            &["audit", "--force", "-o", history, a],
            history,
            "(the history)",
        ),
        (
            &["audit", "-o", "h-wal", "--history", "h", a],
            "h-wal",
            "(the history)",
        ),
        (
            &["audit", "-o", "h-shm", "--history", "h", a],
            "h-shm",
            "(the history)",
        ),
        (
            &["migrate", "-o", "new", "--log-file", "new", a],
            "new",
            "(the log file)",
        ),
        (
            &["migrate", "-o", "new", "--log-file", "new.log", a],
            "new.log",
            "(the log file)",
        ),
        (
            &["migrate", "-o", "new", "--history", "new.log", a],
            "new.log",
            "(the history)",
        ),
        (
            &["audit", "-o", "new", "--log-file", "./new", a],
            "new",
            "(the log file)",
        ),
    ];
    for (words, output, other) in cases {
        clash(folder.path(), words, output, other);
    }
}

#[test]
fn two_archives_never_become_one_target_not_even_by_names_that_differ_only_in_case() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in [
        "one/city.fsproject",
        "two/City.fsproject",
        "two/city.fsproject",
    ] {
        fs_err::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs_err::copy(fixtures().join("parks-2.99.fsproject"), at(name)).unwrap();
    }
    fs_err::create_dir(at("out")).unwrap();
    let words = [
        "migrate",
        "--force",
        "--out-dir",
        "out",
        "one/city.fsproject",
    ];
    let same = [&words[..], &["two/city.fsproject"]].concat();
    clash(
        folder.path(),
        &same,
        "one/city.fsproject",
        "two/city.fsproject",
    );
    let other_case = [&words[..], &["two/City.fsproject"]].concat();
    if at("ONE").exists() {
        clash(
            folder.path(),
            &other_case,
            "one/city.fsproject",
            "two/City.fsproject",
        );
    } else {
        assert_eq!(run(folder.path(), &other_case).code, 0);
        assert_eq!(files(&at("out")).len(), 4);
    }
}

#[test]
fn a_project_that_only_has_the_name_of_a_target_is_an_archive_like_any_other() {
    let folder = scene();
    // Its target would be the other project, which is no migration's.
    clash(
        folder.path(),
        &["plan", "."],
        "a-2026.1.fsproject",
        "(the target of ",
    );
    fs_err::create_dir(folder.path().join("out")).unwrap();
    for name in ["made", "made.log"] {
        fs_err::remove_file(folder.path().join(name)).unwrap();
    }
    let apart = run(folder.path(), &["migrate", "-q", "--out-dir", "out", "."]);
    assert_eq!(apart.code, 0, "{apart:?}");
    assert!(folder.path().join("out/a-2026.1.fsproject").exists());
    assert!(folder.path().join("out/a-2026.1-2026.1.fsproject").exists());
}

#[test]
fn the_log_is_a_part_of_its_target() {
    let folder = scene();
    fs_err::write(folder.path().join("new.log"), "a stranger's").unwrap();
    let words = ["migrate", "--format", "json", "-o", "new", "a.fsproject"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 5, "{outcome:?}");
    assert_eq!(outcome.archive()["outcome"], "exists");
    assert!(outcome.stderr.contains("the target exists: new.log"));
    assert!(!folder.path().join("new").exists());
    assert_eq!(
        fs_err::read(folder.path().join("new.log")).unwrap(),
        b"a stranger's"
    );
    let forced = run(folder.path(), &[&words[..], &["--force"]].concat());
    assert_eq!(forced.code, 0, "{forced:?}");
    let log = fs_err::read_to_string(folder.path().join("new.log")).unwrap();
    assert!(log.starts_with("Opening log file"), "{log}");
}

#[test]
fn a_log_whose_name_is_too_long_is_known_before_its_archive_is_written() {
    let folder = scene();
    // 255 bytes are the most on every file system in common use; with ".log" it has more.
    let name = "n".repeat(253);
    let outcome = run(
        folder.path(),
        &["migrate", "-q", "-o", &name, "a.fsproject"],
    );
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(
        outcome.stderr.contains(&format!("cannot write {name}.log")),
        "{outcome:?}"
    );
    assert!(!folder.path().join(&name).exists());
}

#[test]
fn events_are_added_only_to_a_file_that_is_empty_or_holds_events() {
    let folder = scene();
    let plan = |log: &str| ["plan", "-q", "--log-file", log, "a.fsproject"].map(str::to_owned);
    for (name, bytes) in [
        ("notes", &b"notes"[..]),
        ("made.json", b"{\"archives\": []}"),
    ] {
        fs_err::write(folder.path().join(name), bytes).unwrap();
        let words = plan(name);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let outcome = harmless(folder.path(), &words);
        assert_eq!(outcome.code, 2, "{outcome:?}");
    }
    fs_err::write(folder.path().join("events"), "").unwrap();
    for more in 1..3 {
        assert_eq!(run(folder.path(), &plan("events")).code, 0);
        let events = fs_err::read_to_string(folder.path().join("events")).unwrap();
        assert!(events.lines().count() >= more, "{events}");
        assert!(
            events
                .lines()
                .all(|line| line.starts_with("{\"timestamp\":"))
        );
    }
}

#[test]
fn pages_of_the_manual_are_replaced_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("flowlift-plan.1"), "a stranger's").unwrap();
    let outcome = harmless(folder.path(), &["man", "--out-dir", "."]);
    assert_eq!(outcome.code, 5, "{outcome:?}");
    let forced = run(folder.path(), &["man", "--force", "--out-dir", "."]);
    assert_eq!(forced.code, 0, "{forced:?}");
    assert!(files(folder.path()).len() > 8);
}

#[test]
fn a_stream_is_not_taken_for_a_file() {
    let folder = scene();
    let mut cases = vec![
        vec!["plan", "-"],
        vec!["verify", "a.fsproject", "-"],
        vec!["migrate", "-o", "-", "a.fsproject"],
        vec!["audit", "-o", "-", "a.fsproject"],
        vec!["plan", "--log-file", "-", "a.fsproject"],
    ];
    if cfg!(unix) {
        cases.push(vec!["plan", "/dev/stdin"]);
        cases.push(vec!["audit", "--force", "-o", "/dev/stdout", "a.fsproject"]);
    }
    for words in cases {
        let outcome = harmless(folder.path(), &words);
        assert_eq!(outcome.code, 2, "{words:?}: {outcome:?}");
        assert!(
            outcome.stderr.contains("is a stream"),
            "{words:?}: {outcome:?}"
        );
    }
}

#[test]
fn a_history_that_is_no_regular_file_or_somebody_elses_is_left_alone() {
    let folder = scene();
    let words = |history| ["migrate", "-o", "new", "--history", history, "a.fsproject"];
    assert_eq!(harmless(folder.path(), &words("state")).code, 4);
    // A database with what it was last told still beside it.
    let database = folder.path().join("theirs.sqlite");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .unwrap();
    connection
        .execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('one');")
        .unwrap();
    let copy = folder.path().join("copy.sqlite");
    let beside = |path: &Path, end: &str| PathBuf::from(format!("{}{end}", path.display()));
    for end in ["", "-wal"] {
        fs_err::copy(beside(&database, end), beside(&copy, end)).unwrap();
    }
    drop(connection);
    fs_err::remove_file(&database).unwrap();
    assert!(fs_err::metadata(beside(&copy, "-wal")).unwrap().len() > 0);
    for words in [
        &words("copy.sqlite")[..],
        &["history", "list", "--history", "copy.sqlite"],
        &["history", "merge", "copy.sqlite"],
    ] {
        let outcome = harmless(folder.path(), words);
        assert!(
            outcome.stderr.contains("no history of flowlift"),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_history_that_is_merged_is_not_the_log_file() {
    let folder = scene();
    fs_err::write(folder.path().join("other"), "").unwrap();
    // Nor is it what SQLite keeps beside it, whether that is there or not.
    for log in ["other", "other-wal"] {
        let words = ["history", "merge", "other", "--log-file", log];
        let outcome = harmless(folder.path(), &words);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert!(
            outcome.stderr.contains("a history that is merged"),
            "{outcome:?}"
        );
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt, symlink};
    use std::process::Command;

    use super::super::support::run::command;
    use super::*;

    #[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
    fn skipped(why: &str) {
        eprintln!("skipped: {why}");
    }

    #[test]
    fn a_link_to_an_archive_is_that_archive() {
        let folder = scene();
        symlink("a.fsproject", folder.path().join("soft")).unwrap();
        fs_err::hard_link(
            folder.path().join("a.fsproject"),
            folder.path().join("hard"),
        )
        .unwrap();
        for link in ["soft", "hard"] {
            let read = "(an archive that is read)";
            clash(
                folder.path(),
                &["plan", "--log-file", link, "a.fsproject"],
                link,
                read,
            );
            clash(
                folder.path(),
                &["audit", "--force", "-o", link, "a.fsproject"],
                link,
                read,
            );
            clash(
                folder.path(),
                &["migrate", "--force", "-o", link, "a.fsproject"],
                link,
                read,
            );
        }
    }

    #[test]
    fn a_folder_that_is_mounted_twice_is_one_folder() {
        let folder = scene();
        let other = folder.path().join("other");
        let here = folder.path().join("here");
        for name in [&other, &here] {
            fs_err::create_dir(name).unwrap();
        }
        fs_err::copy(folder.path().join("a.fsproject"), here.join("a.fsproject")).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["--bind"]).args([&here, &other]);
        if !mount.output().is_ok_and(|output| output.status.success()) {
            return skipped("this user may not mount a folder twice");
        }
        let read = "(an archive that is read)";
        let archive = "here/a.fsproject";
        let tried = std::panic::catch_unwind(|| {
            for words in [
                &["migrate", "--force", "-o", "other/a.fsproject", archive][..],
                &["plan", "--log-file", "other/a.fsproject", archive],
                &["audit", "--force", "-o", "other/a.fsproject", archive],
            ] {
                clash(folder.path(), words, "other/a.fsproject", read);
            }
            // Neither exists yet.
            let words = [
                "migrate",
                "-o",
                "here/new",
                "--log-file",
                "other/new",
                archive,
            ];
            clash(folder.path(), &words, "here/new", "other/new");
        });
        Command::new("umount").arg(&other).status().unwrap();
        tried.unwrap();
    }

    #[test]
    fn a_pipe_and_a_device_stay_what_they_are() {
        let folder = scene();
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            return skipped("there is no mkfifo");
        }
        for target in ["pipe", "/dev/null"] {
            for words in [
                &[
                    "migrate",
                    "--force",
                    "--no-history",
                    "-o",
                    target,
                    "a.fsproject",
                ][..],
                &["audit", "--force", "-o", target, "a.fsproject"],
                &["migrate", "--history", target, "-o", "new", "a.fsproject"],
            ] {
                let outcome = harmless(folder.path(), words);
                assert_eq!(outcome.code, 4, "{words:?}: {outcome:?}");
            }
        }
        let kind = fs_err::symlink_metadata(pipe).unwrap().file_type();
        assert!(kind.is_fifo());
    }

    #[test]
    fn events_that_the_log_file_could_not_take_are_a_failed_write() {
        let folder = scene();
        if !Path::new("/dev/full").exists() {
            return skipped("there is no /dev/full");
        }
        let words = ["plan", "-q", "--log-file", "/dev/full", "a.fsproject"];
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 4, "{outcome:?}");
        assert!(
            outcome.stderr.contains("cannot write /dev/full"),
            "{outcome:?}"
        );
        assert!(!outcome.stdout.is_empty(), "the plan is shown all the same");
    }

    #[test]
    fn of_runs_that_replace_one_target_the_log_is_that_of_the_archive() {
        for round in 0..5 {
            let folder = scene();
            let start = |archive: &str| {
                let words = ["migrate", "-q", "--force", "-o", "target", archive];
                let mut command = command(folder.path(), &words);
                command.stdout(std::process::Stdio::null()).spawn().unwrap()
            };
            let archives = ["a.fsproject", "a-2026.1.fsproject"];
            let children: Vec<_> = (0..8).map(|n| start(archives[n % 2])).collect();
            for mut child in children {
                assert_eq!(child.wait().unwrap().code(), Some(0));
            }
            let log = fs_err::read_to_string(folder.path().join("target.log")).unwrap();
            let by_log = archives
                .iter()
                .find(|it| log.contains(&format!(" {it} (")))
                .unwrap();
            let same = run(folder.path(), &["verify", by_log, "target"]);
            assert_eq!(same.code, 0, "round {round}: {same:?}");
        }
    }
}
