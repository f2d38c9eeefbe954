//! Many archives in one call: folders, patterns, where the results go, and what is said at the end.

use std::path::Path;

use super::support::fixtures::folder as fixtures;
use super::support::run::{command, run};

/// `exports/` with archives at two levels, and one that is none.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (fixture, name) in [
        ("city.fsconfig", "exports/city.fsconfig"),
        ("harbour-2.57.fsproject", "exports/harbour.fsproject"),
        ("parks-2.99.fsproject", "exports/north/parks.FSPROJECT"),
        ("next-2.111.fsproject", "exports/north/next.fsproject"),
    ] {
        let to = folder.path().join(name);
        fs_err::create_dir_all(to.parent().unwrap()).unwrap();
        fs_err::copy(fixtures().join(fixture), to).unwrap();
    }
    fs_err::write(folder.path().join("exports/broken.fsproject"), "no archive").unwrap();
    fs_err::write(folder.path().join("exports/notes.txt"), "no archive").unwrap();
    folder
}

fn archives(json: &str) -> Vec<(String, String)> {
    let document: serde_json::Value = serde_json::from_str(json).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().replace('\\', "/");
    let archives = document["archives"].as_array().unwrap().iter();
    archives
        .map(|it| (text(&it["path"]), text(&it["outcome"])))
        .collect()
}

#[test]
fn a_folder_stands_for_the_archives_in_it_and_its_structure_is_mirrored() {
    let folder = folder();
    fs_err::create_dir(folder.path().join("out")).unwrap();
    let words = [
        "migrate",
        "-q",
        "--format",
        "json",
        "--out-dir",
        "out",
        "exports",
    ];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    let expected = [
        ("exports/broken.fsproject", "refused"),
        ("exports/city.fsconfig", "migrated"),
        ("exports/harbour.fsproject", "migrated"),
        ("exports/north/next.fsproject", "current"),
        ("exports/north/parks.FSPROJECT", "migrated"),
    ];
    let expected = expected.map(|(path, outcome)| (path.to_owned(), outcome.to_owned()));
    assert_eq!(archives(&outcome.stdout), expected);
    for made in [
        "city-2026.1.fsconfig",
        "harbour-2026.1.fsproject",
        "north/parks-2026.1.FSPROJECT",
    ] {
        assert!(folder.path().join("out").join(made).exists(), "{made}");
        assert!(
            folder
                .path()
                .join("out")
                .join(format!("{made}.log"))
                .exists(),
            "{made}"
        );
    }
}

#[test]
fn what_a_migration_made_in_a_folder_is_passed_over_by_the_next() {
    let folder = folder();
    let words = ["migrate", "-q", "--format", "json", "exports/north"];
    assert_eq!(run(folder.path(), &words).code, 0);
    let again = run(
        folder.path(),
        &["plan", "-q", "--format", "json", "exports/north"],
    );
    assert_eq!(archives(&again.stdout).len(), 2, "{}", again.stdout);
}

#[test]
fn what_a_migration_made_is_told_without_a_history_too() {
    let folder = folder();
    let only = folder.path().join("exports/north/next.fsproject");
    fs_err::remove_file(only).unwrap();
    let words = ["migrate", "-q", "--no-history", "exports/north"];
    assert_eq!(run(folder.path(), &words).code, 0);
    let json = ["plan", "-q", "--format", "json", "exports/north"];
    let again = run(folder.path(), &json);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(archives(&again.stdout).len(), 1, "{}", again.stdout);
}

#[test]
fn a_pattern_that_no_shell_has_expanded_is_expanded() {
    let folder = folder();
    let words = [
        "plan",
        "-q",
        "--format",
        "json",
        "exports/*.fsconfig",
        "exports/**/n*.fsproject",
    ];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let found: Vec<_> = archives(&outcome.stdout)
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        found,
        ["exports/city.fsconfig", "exports/north/next.fsproject"]
    );
    let nothing = run(folder.path(), &["plan", "exports/*.zip"]);
    assert_eq!(nothing.code, 2);
    assert!(
        nothing.stderr.contains("no file matches this pattern"),
        "{}",
        nothing.stderr
    );
}

#[test]
fn a_folder_without_archives_is_a_mistake_and_the_rest_goes_on() {
    let folder = folder();
    fs_err::create_dir(folder.path().join("empty")).unwrap();
    let words = [
        "plan",
        "-q",
        "--format",
        "json",
        "empty",
        "exports/city.fsconfig",
    ];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome
            .stderr
            .contains("there is no archive in this folder")
    );
    assert_eq!(archives(&outcome.stdout).len(), 1);
}

#[test]
fn two_archives_are_never_written_to_one_target() {
    let folder = folder();
    let other = folder.path().join("exports/north/city.fsconfig");
    fs_err::copy(folder.path().join("exports/city.fsconfig"), other).unwrap();
    let words = [
        "migrate",
        "--force",
        "--out-dir",
        ".",
        "exports/city.fsconfig",
    ];
    let outcome = run(
        folder.path(),
        &[&words[..], &["exports/north/city.fsconfig"]].concat(),
    );
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stderr.contains(" are one file: both are "),
        "{}",
        outcome.stderr
    );
    assert!(!folder.path().join("city-2026.1.fsconfig").exists());
}

#[test]
fn several_archives_end_in_one_table() {
    let folder = folder();
    let outcome = run(folder.path(), &["plan", "-q", "exports"]);
    let (_, end) = outcome.stdout.split_once(" ARCHIVE").unwrap();
    insta::assert_snapshot!("batch_summary", end.replace('\\', "/"));
}

#[test]
fn of_several_archives_those_with_nothing_to_say_only_count_and_what_went_wrong_stands_last() {
    let folder = folder();
    let outcome = run(folder.path(), &["plan", "exports"]);
    assert_eq!(outcome.code, 3);
    assert!(!outcome.stdout.contains("next"), "{}", outcome.stdout);
    let totals = "5 archives: 3 to migrate, 1 of 2026.1 or later, 1 refused";
    assert!(outcome.stdout.contains(totals), "{}", outcome.stdout);
    // No finding by itself, and one error: the reader is not to look for it among hundreds of lines.
    assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
    let all = run(folder.path(), &["plan", "-v", "exports"]);
    assert!(all.stdout.contains("next.fsproject"), "{}", all.stdout);
    assert!(all.stderr.contains("[resource-dropped]"), "{}", all.stderr);
}

#[test]
fn what_no_archive_can_be_written_to_is_one_mistake_before_anything_is_done() {
    let folder = folder();
    for command in ["plan", "migrate"] {
        let outcome = run(folder.path(), &[command, "--out-dir", "nowhere", "exports"]);
        assert_eq!(outcome.code, 2, "{command}");
        assert_eq!(outcome.stderr.matches("error: ").count(), 1, "{command}");
        assert!(
            outcome
                .stderr
                .contains("--out-dir names no folder: nowhere")
        );
        for report in ["x.html", "x.PDF", "x.json"] {
            let words = [command, "exports/city.fsconfig", "-o", report];
            let outcome = run(folder.path(), &words);
            assert_eq!(outcome.code, 2, "{command} {report}");
            assert!(
                outcome.stderr.contains("flowlift audit -o"),
                "{}",
                outcome.stderr
            );
            assert!(!folder.path().join(report).exists());
        }
    }
    let tasks = run(folder.path(), &["history", "list"]);
    assert!(!tasks.stdout.contains("city"), "{}", tasks.stdout);
}

#[test]
fn a_repeated_run_passes_over_what_is_there_and_says_what_is_new() {
    let folder = folder();
    let words = [
        "migrate",
        "--skip-existing",
        "exports/city.fsconfig",
        "exports/harbour.fsproject",
    ];
    assert_eq!(run(folder.path(), &words[..3]).code, 0);
    let target = folder.path().join("exports/city-2026.1.fsconfig");
    let before = fs_err::metadata(&target).unwrap().modified().unwrap();
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let totals = "2 archives: 1 migrated, 1 there already";
    assert!(outcome.stdout.contains(totals), "{}", outcome.stdout);
    let after = fs_err::metadata(&target).unwrap().modified().unwrap();
    assert_eq!(before, after);
    let one = run(folder.path(), &words[..3]);
    assert!(
        one.stdout.contains("passed over, its target is there"),
        "{}",
        one.stdout
    );
    // Without the option it is the exit code of targets that are there.
    assert_eq!(run(folder.path(), &["migrate", words[2]]).code, 5);
}

#[test]
fn an_archive_without_a_command_is_planned() {
    let folder = folder();
    let planned = run(folder.path(), &["plan", "exports/city.fsconfig"]);
    let named = run(folder.path(), &["exports/city.fsconfig"]);
    assert_eq!(named.code, 0);
    assert_eq!(named.stdout, planned.stdout);
    assert_eq!(run(folder.path(), &["city.fsconfig"]).code, 2);
}

#[test]
fn a_plan_ends_with_the_command_that_applies_it() {
    let folder = folder();
    let last = |words: &[&str]| {
        let said = run(folder.path(), words).stdout;
        said.lines().last().unwrap().to_owned()
    };
    let plan = ["plan", "-q", "--form=final", "exports/city.fsconfig"];
    let applied = "to apply: flowlift migrate --form final exports/city.fsconfig";
    assert_eq!(last(&plan), applied);
    let dry = [
        "migrate",
        "--dry-run",
        "-q",
        "--form=final",
        "exports/city.fsconfig",
    ];
    assert_eq!(last(&dry), applied);
    let words = ["migrate", "-q", "--form=final", "exports/city.fsconfig"];
    assert_eq!(run(folder.path(), &words).code, 0);
    assert!(folder.path().join("exports/city-2026.1.fsconfig").exists());
    let nothing = run(folder.path(), &["plan", "exports/north/next.fsproject"]).stdout;
    assert!(!nothing.contains("to apply"), "{nothing}");
}

#[test]
fn a_mistyped_archive_is_answered_with_the_nearest_file() {
    let folder = folder();
    for command in ["plan", "inspect", "audit"] {
        let outcome = run(folder.path(), &[command, "exports/ctiy.fsconfig"]);
        assert_eq!(outcome.code, 4, "{command}");
        let meant = Path::new("exports").join("city.fsconfig");
        let meant = format!("did you mean {}?", meant.display());
        assert!(
            outcome.stderr.contains(&meant),
            "{command}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let folder = folder();
    let has_colour = |variables: &[(&str, &str)], words: &[&str]| {
        let mut command = command(
            folder.path(),
            &[words, &["exports/broken.fsproject"]].concat(),
        );
        command
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied());
        command.output().unwrap().stderr.contains(&0x1b)
    };
    assert!(!has_colour(&[], &["plan"]), "into a pipe");
    assert!(has_colour(&[], &["plan", "--color", "always"]));
    assert!(has_colour(&[("CLICOLOR_FORCE", "1")], &["plan"]));
    assert!(!has_colour(
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
        &["plan", "--color", "never"]
    ));
    assert!(!has_colour(
        &[("CLICOLOR_FORCE", "1")],
        &["plan", "--color", "never"]
    ));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = folder();
    let mut command = command(
        folder.path(),
        &["inspect", "--tree", "/", "exports/city.fsconfig"],
    );
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
