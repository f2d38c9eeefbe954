//! Help that teaches: every command explains itself, and its examples work as they stand.

use std::path::Path;

use super::support::fixtures::folder as fixtures;
use super::support::outcomes::record;
use super::support::run::run;
use super::support::server::{Noise, Place, Server};

/// Every command, by the words that lead to it, found through help itself.
fn commands() -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut next = 0;
    while let Some(words) = found.get(next).cloned() {
        next += 1;
        let help = help(&words, "-h");
        let Some((_, listed)) = help.split_once("Commands:\n") else {
            continue;
        };
        for line in listed.lines().take_while(|line| line.starts_with("  ")) {
            let name = line.strip_prefix("  ").unwrap().split(' ').next().unwrap();
            if !name.is_empty() && name != "help" {
                found.push([&words[..], &[name.to_owned()]].concat());
            }
        }
    }
    found
}

fn help(words: &[String], flag: &str) -> String {
    let words = [words, &[flag.to_owned()]].concat();
    let outcome = run(Path::new("."), &words);
    assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.stderr);
    outcome.stdout
}

/// The command lines among a help's examples.
fn examples(help: &str) -> Vec<String> {
    let (_, examples) = help.split_once("Examples:\n").unwrap_or_default();
    let lines = examples
        .lines()
        .filter_map(|line| line.strip_prefix("  flowlift "));
    lines.map(str::to_owned).collect()
}

/// A folder with everything that examples name.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let archives = [
        ("city.fsconfig", "backup.fsconfig"),
        ("parks-2.99.fsproject", "parks.fsproject"),
        ("harbour-2.57.fsproject", "harbour.fsproject"),
        ("parks-2.99.fsproject", "projects/north/parks.fsproject"),
        ("parks-2.99.fsproject", "exports/north/parks.fsproject"),
        ("city.fsconfig", "exports/city.fsconfig"),
        ("harbour-2.57.fsproject", "projects/harbour.fsproject"),
    ];
    for (fixture, name) in archives {
        let to = folder.path().join(name);
        fs_err::create_dir_all(to.parent().unwrap()).unwrap();
        fs_err::copy(fixtures().join(fixture), to).unwrap();
    }
    let server = Server::usual();
    let restored = Server::import(&server.old_project(), Place::Own);
    let exported = restored.export(Place::Own, Noise::default());
    fs_err::write(folder.path().join("before.fsproject"), server.old_project()).unwrap();
    fs_err::write(folder.path().join("after.fsproject"), exported).unwrap();
    let noise = Noise {
        salt: 3,
        reversed: true,
    };
    let written = restored.export(Place::Own, noise);
    let taken = Server::import(&written, Place::Own).export(Place::Own, Noise::default());
    fs_err::write(folder.path().join("written.fsproject"), written).unwrap();
    fs_err::write(folder.path().join("written-after.fsproject"), taken).unwrap();
    fs_err::write(folder.path().join("restore.log"), "nothing\n").unwrap();
    for name in [
        "upgraded",
        "handouts",
        ".local/share/bash-completion/completions",
        ".zfunc",
        ".config/fish/completions",
    ] {
        fs_err::create_dir_all(folder.path().join(name)).unwrap();
    }
    folder
}

#[test]
fn every_command_has_a_summary_a_paragraph_and_examples() {
    let commands = commands();
    assert!(commands.len() > 6, "{commands:?}");
    for words in commands {
        let long = help(&words, "--help");
        let (about, _) = long.split_once("\n\nUsage: ").unwrap();
        let (summary, paragraph) = about.split_once("\n\n").unwrap_or((about, ""));
        assert!(
            !summary.contains('\n') && !summary.ends_with('.'),
            "{words:?}: {summary}"
        );
        let is_group = long.contains("\nCommands:\n") && !words.is_empty();
        if !is_group {
            let paragraph = words.len() > 1 || paragraph.len() > 60;
            assert!(paragraph, "{words:?} has no paragraph");
            assert!(!examples(&long).is_empty(), "{words:?} has no examples");
            assert_eq!(examples(&long), examples(&help(&words, "-h")), "{words:?}");
        }
        for line in long.lines() {
            assert!(line.chars().count() <= 100, "{words:?}: too wide: {line}");
        }
    }
}

#[test]
fn every_example_in_help_works_as_it_stands() {
    for words in commands() {
        let folder = folder();
        for line in examples(&help(&words, "--help")) {
            // Where the example looks at what a migration made, there was one.
            let earlier = ["verify", "history"].iter().any(|it| line.starts_with(it))
                || line.contains("--from-history");
            let made = folder.path().join("backup-2026.1.fsconfig");
            if earlier && !made.exists() {
                for file in [&[][..], &["--force", "--history", "history.sqlite"]] {
                    let words = [&["migrate", "-q", "backup.fsconfig"], file].concat();
                    let outcome = run(folder.path(), &words);
                    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
                }
            }
            let line = line
                .replace("~/", "")
                .replace(">> $PROFILE", "> profile.ps1");
            let (command, file) = line.split_once(" > ").unwrap_or((&line, ""));
            let arguments: Vec<&str> = command.split_whitespace().collect();
            let outcome = run(folder.path(), &arguments);
            assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
            let place = ["help", &words.join("-")].concat();
            record(&place, &line, folder.path(), &outcome);
            let to_file = ["-dir", "-o "].iter().any(|it| line.contains(it));
            assert!(!outcome.stdout.is_empty() || to_file, "{line} says nothing");
            if !file.is_empty() {
                fs_err::write(folder.path().join(file), outcome.stdout).unwrap();
            }
        }
    }
}

#[test]
fn a_slip_is_answered_with_the_word_that_was_meant() {
    let folder = folder();
    let said = |words: &[&str]| run(folder.path(), words).stderr;
    assert!(
        said(&["migrat"]).contains("'migrate'"),
        "{}",
        said(&["migrat"])
    );
    assert!(said(&["plan", "--fromat", "json", "x"]).contains("'--format'"));
}
