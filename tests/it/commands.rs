//! What a user sees: whole outcomes of the commands, with the clock stopped.

use std::path::{Path, PathBuf};

use super::support::fixtures::{FIXTURES, Fixture};
use super::support::run::{Outcome, run};

/// A folder with copies of fixtures, so that paths in output are short and the same everywhere.
fn folder(fixtures: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in fixtures {
        let archive = archive(name);
        fs_err::copy(&archive, folder.path().join(archive.file_name().unwrap())).unwrap();
    }
    folder
}

fn archive(name: &str) -> PathBuf {
    FIXTURES
        .iter()
        .find(|fixture| fixture.name == name)
        .map(Fixture::archive)
        .unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "state" && !name.starts_with(".local"))
        .collect();
    names.sort();
    names
}

fn snapshot(name: &str, outcome: &Outcome) {
    // The digest of a target is that of the deflate library's choices too.
    insta::with_settings!({filters => [(r#""[0-9a-f]{64}""#, r#""<sha256>""#)]}, {
        insta::assert_snapshot!(name, outcome.text());
    });
}

#[test]
fn plan_shows_every_app_and_writes_nothing() {
    let folder = folder(&["parks-2.99"]);
    snapshot(
        "plan",
        &run(folder.path(), &["plan", "parks-2.99.fsproject"]),
    );
    assert_eq!(files(folder.path()), ["parks-2.99.fsproject"]);
}

#[test]
fn a_dry_run_is_the_plan() {
    let folder = folder(&["city"]);
    let planned = run(
        folder.path(),
        &["plan", "--format", "json", "city.fsconfig"],
    );
    let words = ["migrate", "--dry-run", "--format", "json", "city.fsconfig"];
    assert_eq!(run(folder.path(), &words), planned);
    assert_eq!(files(folder.path()), ["city.fsconfig"]);
}

#[test]
fn migrate_says_what_it_wrote_and_logs_it_in_the_servers_grammar() {
    let folder = folder(&["harbour-2.57"]);
    snapshot(
        "migrate",
        &run(folder.path(), &["migrate", "harbour-2.57.fsproject"]),
    );
    let log = folder.path().join("harbour-2.57-2026.1.fsproject.log");
    insta::assert_snapshot!("migrate_log", fs_err::read_to_string(log).unwrap());
}

#[test]
fn the_json_of_a_backup_keeps_the_contract() {
    let folder = folder(&["city"]);
    let words = ["migrate", "--quiet", "--format", "json", "city.fsconfig"];
    snapshot("migrate_json", &run(folder.path(), &words));
}

#[test]
fn a_diff_shows_what_goes_and_what_comes_in_every_document() {
    let folder = folder(&["harbour-2.57", "parks-2.99", "next-2.111"]);
    let staged = [
        "plan",
        "--diff",
        "harbour-2.57.fsproject",
        "next-2.111.fsproject",
    ];
    snapshot("plan_diff", &run(folder.path(), &staged));
    let words = ["plan", "--diff", "--form", "final", "parks-2.99.fsproject"];
    let diff = run(folder.path(), &words).stdout;
    for part in [
        "--- properties.xml",
        "-2.99\n+2.111",
        "--- project.yml",
        "-token (string) = Workspace App - tree-inspection",
        "-tokenvalue (string) = (not shown: ",
        "+enabled (boolean) = true",
        "  - mira/Workspace App - tree-inspection",
    ] {
        assert!(diff.contains(part), "{part}");
    }
    let secret = diff.contains("fme_enc") || diff.contains("tokenvalue (string) = cc");
    assert!(!secret);
}

#[test]
fn archives_of_different_content_are_not_taken_for_a_migration_that_went_wrong() {
    let folder = folder(&["city", "parks-2.99"]);
    let words = ["verify", "city.fsconfig", "parks-2.99.fsproject"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .stdout
            .starts_with("UPGRADED was not made from SOURCE: ")
    );
    assert!(outcome.stdout.lines().count() < 8, "{}", outcome.stdout);
    let all = run(folder.path(), &[&words[..], &["-v"]].concat());
    assert!(all.stdout.contains("entry-missing: "), "{}", all.stdout);
}

#[test]
fn an_archive_of_2026_1_is_left_alone() {
    let folder = folder(&["next-2.111"]);
    snapshot(
        "current",
        &run(folder.path(), &["migrate", "next-2.111.fsproject"]),
    );
    assert_eq!(files(folder.path()), ["next-2.111.fsproject"]);
}

#[test]
fn an_archive_in_which_no_byte_changes_is_left_or_copied_into_a_folder_for_all() {
    let folder = folder(&["archive-2.16"]);
    snapshot(
        "without_apps",
        &run(folder.path(), &["migrate", "archive-2.16.fsproject"]),
    );
    let written = folder.path().join("archive-2.16-2026.1.fsproject");
    assert!(!written.exists());
    fs_err::create_dir(folder.path().join("out")).unwrap();
    let words = ["migrate", "--out-dir", "out", "archive-2.16.fsproject"];
    snapshot("without_apps_copied", &run(folder.path(), &words));
    let copy = fs_err::read(folder.path().join("out/archive-2.16-2026.1.fsproject")).unwrap();
    assert!(copy == fs_err::read(archive("archive-2.16")).unwrap());
}

#[test]
fn copies_have_no_log_and_none_is_promised() {
    let folder = folder(&["archive-2.16", "next-2.111"]);
    fs_err::create_dir(folder.path().join("out")).unwrap();
    let words = [
        "migrate",
        "--out-dir",
        "out",
        "archive-2.16.fsproject",
        "next-2.111.fsproject",
    ];
    let outcome = run(folder.path(), &words);
    assert!(
        outcome.stdout.contains("written to: out\n"),
        "{}",
        outcome.stdout
    );
    let copies = [
        "archive-2.16-2026.1.fsproject",
        "next-2.111-2026.1.fsproject",
    ];
    assert_eq!(files(&folder.path().join("out")), copies);
}

#[test]
fn one_refused_archive_does_not_stop_the_others() {
    let folder = folder(&["parks-2.99", "harbour-2.57"]);
    fs_err::write(folder.path().join("broken.fsproject"), "no archive").unwrap();
    let words = [
        "migrate",
        "--out-dir",
        ".",
        "parks-2.99.fsproject",
        "broken.fsproject",
    ];
    let outcome = run(
        folder.path(),
        &[&words[..], &["harbour-2.57.fsproject"]].concat(),
    );
    snapshot("batch", &outcome);
    assert!(files(folder.path()).contains(&"harbour-2.57-2026.1.fsproject".to_owned()));
}

#[test]
fn an_existing_target_is_replaced_only_by_force() {
    let folder = folder(&["harbour-2.57"]);
    let target = folder.path().join("out.fsproject");
    fs_err::write(&target, "precious").unwrap();
    let words = ["migrate", "-o", "out.fsproject", "harbour-2.57.fsproject"];
    snapshot("target_exists", &run(folder.path(), &words));
    assert_eq!(fs_err::read(&target).unwrap(), b"precious");
    assert_eq!(
        files(folder.path()),
        ["harbour-2.57.fsproject", "out.fsproject"]
    );
    let forced = run(folder.path(), &[&words[..], &["--force"]].concat());
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(fs_err::read(&target).unwrap().starts_with(b"PK"));
}

#[test]
fn the_source_is_never_the_target_not_even_by_force() {
    let folder = folder(&["harbour-2.57"]);
    let words = [
        "migrate",
        "--force",
        "-o",
        "./harbour-2.57.fsproject",
        "harbour-2.57.fsproject",
    ];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 2);
    let expected = "./harbour-2.57.fsproject (the target of harbour-2.57.fsproject) and \
                    harbour-2.57.fsproject (an archive that is read) are one file: ";
    assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    let source = fs_err::read(folder.path().join("harbour-2.57.fsproject")).unwrap();
    assert!(source == fs_err::read(archive("harbour-2.57")).unwrap());
}

#[test]
fn a_folder_that_is_not_there_is_a_failure_to_write() {
    let folder = folder(&["harbour-2.57"]);
    let words = ["migrate", "--out-dir", "missing", "harbour-2.57.fsproject"];
    snapshot("no_folder", &run(folder.path(), &words));
}

#[test]
fn options_shape_the_plan() {
    let folder = folder(&["city", "harbour-2.57"]);
    let archive = |words: &[&str]| {
        let words = [&["plan", "-q", "--format", "json"], words].concat();
        run(folder.path(), &words).archive()
    };
    let retired = |report: &serde_json::Value| {
        let apps = report["apps"].as_array().unwrap().iter();
        apps.filter(|app| app["token"]["retired"] == true).count()
    };
    let staged = archive(&["city.fsconfig"]);
    assert_eq!((&staged["form"], retired(&staged)), (&"staged".into(), 0));
    assert_eq!(staged["output"]["schema"], "2.99");
    let last = archive(&[
        "--form",
        "final",
        "--target-build",
        "26200",
        "city.fsconfig",
    ]);
    assert_eq!(last["form"], "final");
    assert!(retired(&last) > 0);
    assert_eq!(
        (&last["output"]["build"], &last["output"]["schema"]),
        (&26200.into(), &"2.111".into())
    );
    let old = archive(&["--form", "final", "harbour-2.57.fsproject"]);
    assert_eq!(old["outcome"], "refused");
    let help = old["help"].as_str().unwrap();
    assert!(help.contains("--form staged"), "{help}");
    let expanded = archive(&["--expand-unrestricted", "city.fsconfig"]);
    let open_data = expanded["apps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|app| app["name"] == "open-data");
    let carried = &open_data.unwrap()["carried"];
    assert_eq!(carried.as_array().unwrap().len(), 1, "{carried}");
    assert_eq!(carried[0]["connection"], "Sensor Hub");
    assert_eq!(
        carried[0]["permissions"],
        serde_json::json!(["NAMEDCONNECTIONS_RUN"])
    );
}

#[test]
fn what_makes_no_sense_is_a_mistake_of_usage() {
    let folder = folder(&[]);
    for words in [
        &["migrate"][..],
        &["migrate", "--form", "later", "a.fsproject"],
        &["migrate", "--target-build", "25609", "a.fsproject"],
        &["migrate", "-o", "c.fsproject", "a.fsproject", "b.fsproject"],
        &["lift"],
    ] {
        let outcome = run(folder.path(), words);
        assert_eq!(outcome.code, 2, "{words:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("error"),
            "{words:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn the_log_file_has_what_stopped_the_work_on_an_archive() {
    let folder = folder(&[]);
    fs_err::write(folder.path().join("page.fsproject"), "<html>").unwrap();
    let words = ["plan", "--log-file", "events.jsonl", "page.fsproject"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 3);
    assert_eq!(
        outcome.stderr.matches("not a ZIP").count(),
        1,
        "{}",
        outcome.stderr
    );
    let line = fs_err::read_to_string(folder.path().join("events.jsonl")).unwrap();
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["level"], "ERROR");
    assert_eq!(event["archive"], "page.fsproject");
    assert_eq!(event["message"], "not a ZIP: a web page (HTML)");
}

#[test]
fn the_log_file_gets_a_line_of_json_for_each_finding() {
    let folder = folder(&["parks-2.99"]);
    let words = [
        "plan",
        "-q",
        "--log-file",
        "events.jsonl",
        "parks-2.99.fsproject",
    ];
    assert_eq!(run(folder.path(), &words).stderr, "");
    let lines = fs_err::read_to_string(folder.path().join("events.jsonl")).unwrap();
    let mut dropped = 0;
    for line in lines.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["archive"], "parks-2.99.fsproject");
        dropped += usize::from(event["code"] == "resource-dropped" && event["level"] == "WARN");
    }
    assert!(dropped > 0, "{lines}");
}
