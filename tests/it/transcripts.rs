//! What someone tired sees in a terminal, narrow and wide: the answer, and not more than can be read.

use std::path::Path;

use clap::Parser;
use unicode_width::UnicodeWidthStr;

use super::support::fixtures::folder;
use super::support::run::{Outcome, command};
use super::support::scale::Scale;

/// Rows of a terminal of old, less the one where the next command is typed.
const ROWS: usize = 23;

/// Runs the program in a terminal so wide; no line is wider.
fn transcript(folder: &Path, columns: usize, words: &[&str]) -> Outcome {
    let mut command = command(folder, words);
    let output = command
        .env("COLUMNS", columns.to_string())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let outcome = Outcome {
        code: output.status.code().unwrap(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    for line in outcome.stdout.lines() {
        assert!(line.width() <= columns, "{words:?}: {line}");
    }
    outcome
}

fn many_apps(folder: &Path, apps: &str) {
    let archive = folder.join("many.fsconfig");
    let (apps, archive) = (["--apps", apps], archive.to_str().unwrap());
    let words = ["scale", "--users", "20", "--connections", "40"];
    let scale = Scale::try_parse_from([&words[..], &apps, &[archive]].concat());
    scale.unwrap().write().unwrap();
}

/// So many archives, and two that cannot be read.
fn many_archives(folder: &Path, archives: usize) {
    fs_err::create_dir(folder.join("exports")).unwrap();
    for number in 0..archives {
        let archive = folder.join(format!("exports/server-{number}.fsconfig"));
        let (apps, seed) = ((number % 4).to_string(), number.to_string());
        let words = [
            "scale",
            "--apps",
            &apps,
            "--seed",
            &seed,
            archive.to_str().unwrap(),
        ];
        Scale::try_parse_from(words).unwrap().write().unwrap();
    }
    let whole = fs_err::read(folder.join("exports/server-1.fsconfig")).unwrap();
    fs_err::write(folder.join("exports/cut.fsconfig"), &whole[..2000]).unwrap();
    fs_err::write(folder.join("exports/text.fsconfig"), "no archive").unwrap();
}

#[test]
fn of_fifteen_apps_the_answer_is_on_the_screen_without_scrolling_back() {
    let place = tempfile::tempdir().unwrap();
    let city = folder().join("city.fsconfig");
    fs_err::copy(city, place.path().join("city.fsconfig")).unwrap();
    for columns in [80, 200] {
        let planned = transcript(place.path(), columns, &["plan", "city.fsconfig"]);
        let lines: Vec<_> = planned.stdout.lines().collect();
        let seen = lines[lines.len() - ROWS..].join("\n");
        for part in [
            " IMPACT  COUNT  WARNING",
            "15 apps, ",
            "Ready 7 ",
            "to apply: flowlift migrate",
        ] {
            assert!(seen.contains(part), "{columns}: {part}");
        }
        insta::assert_snapshot!(format!("fifteen_apps_{columns}"), planned.text());
    }
}

#[test]
fn of_hundreds_of_apps_the_answer_is_as_short_and_all_of_it_is_a_word_away() {
    let place = tempfile::tempdir().unwrap();
    many_apps(place.path(), "500");
    for columns in [80, 200] {
        for command in ["plan", "audit"] {
            let told = transcript(place.path(), columns, &[command, "many.fsconfig"]);
            assert!(told.stdout.lines().count() < 100, "{command}");
            assert!(
                told.stdout.contains(" more apps: -v shows all"),
                "{command}"
            );
            let name = format!("hundreds_of_apps_{command}_{columns}");
            insta::assert_snapshot!(name, told.text());
        }
    }
    let all = transcript(place.path(), 80, &["audit", "-v", "many.fsconfig"]);
    let file = transcript(
        place.path(),
        80,
        &["audit", "many.fsconfig", "-o", "all.txt"],
    );
    assert_eq!(file.code, 0, "{}", file.stderr);
    let file = fs_err::read_to_string(place.path().join("all.txt")).unwrap();
    for text in [all.stdout, file] {
        assert!(!text.contains("-v shows all"));
        assert_eq!(text.matches(" App of user").count(), 539);
    }
}

#[test]
fn an_inspection_of_hundreds_of_apps_is_as_short() {
    let place = tempfile::tempdir().unwrap();
    many_apps(place.path(), "500");
    let told = transcript(place.path(), 80, &["inspect", "many.fsconfig"]);
    let lines = told.stdout.lines().count();
    assert!(lines < 200, "{lines}");
    assert!(
        told.stdout
            .contains("… and 20 more: --connections lists all")
    );
    let all = transcript(
        place.path(),
        80,
        &["inspect", "--connections", "many.fsconfig"],
    );
    assert_eq!(all.stdout.matches(" token user").count(), 1000);
}

#[test]
fn of_many_archives_the_bad_ones_stand_last() {
    let place = tempfile::tempdir().unwrap();
    many_archives(place.path(), 40);
    fs_err::create_dir(place.path().join("upgraded")).unwrap();
    for columns in [80, 200] {
        for words in [
            &["plan", "exports"][..],
            &["audit", "exports"],
            &["migrate", "--dry-run", "exports"],
        ] {
            let told = transcript(place.path(), columns, words);
            assert!(told.stdout.lines().count() < 50, "{words:?}");
            assert_eq!(told.stderr.matches("error: ").count(), 2, "{words:?}");
            if words[0] != "migrate" {
                let name = format!("many_archives_{}_{columns}", words[0]);
                insta::assert_snapshot!(name, told.text());
            }
        }
    }
    let words = ["migrate", "--out-dir", "upgraded", "exports"];
    let told = transcript(place.path(), 80, &words);
    let lines: Vec<_> = told.stdout.lines().collect();
    let end = &lines[lines.len() - 3..];
    let what = "written to: upgraded, what was migrated with its log";
    assert_eq!(end[0], what);
    assert_eq!(end[1], "42 archives: 30 migrated, 10 unchanged, 2 refused");
}
