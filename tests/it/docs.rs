//! Documents that stay true: generated where they can be, run where they show commands, complete
//! where they list, and with links that lead somewhere.

use std::path::{Path, PathBuf};

use super::support::outcomes::record;
use super::support::run::run;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_reference_is_what_the_program_says_of_itself() {
    let path = root().join("docs/reference.md");
    let expected = flowlift::cli::reference();
    if std::env::var_os("FLOWLIFT_UPDATE").is_some() {
        fs_err::write(&path, &expected).unwrap();
    }
    let written = fs_err::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        written == expected,
        "docs/reference.md is out of date: FLOWLIFT_UPDATE=1 cargo test --test it reference"
    );
}

/// All files of the repository, without what is built or brought in.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let is_built = path.join("CACHEDIR.TAG").exists() || name == "node_modules";
            if path.is_dir() && !name.starts_with('.') && !is_built {
                // Trees of fixtures hold documents of invented projects.
                if path.parent() != Some(&root().join("fixtures")) {
                    folders.push(path);
                }
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|it| it == ending)
}

/// All Markdown of the repository.
fn documents() -> Vec<PathBuf> {
    let mut files = files();
    files.retain(|path| has_ending(path, "md"));
    files
}

/// The anchor that a heading gets: lower case, blanks as hyphens, no punctuation.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Link targets in a document, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let rest = &line[at + 2..];
            links.push(rest[..rest.find(')').unwrap_or(rest.len())].to_owned());
        }
    }
    links
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut checked = 0;
    for document in documents() {
        let text = fs_err::read_to_string(&document).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, section) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                document.clone()
            } else {
                document.parent().unwrap().join(file)
            };
            let name = document.strip_prefix(root()).unwrap().display();
            assert!(
                target.exists(),
                "{name} links to {link}, which is not there"
            );
            if !section.is_empty() && target.extension().is_some_and(|it| it == "md") {
                let target = fs_err::read_to_string(target).unwrap();
                let mut headings = target.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|it| anchor(it) == section),
                    "{name} links to {link}: no such heading"
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 5, "only {checked} links found");
}

/// The file or folder, in the words of a path's end, that each word in backticks names: `plan/app.rs`.
/// Of Rust only comments are read; blocks of a document are not.
fn named(path: &Path, text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && (!has_ending(path, "rs") || line.trim_start().starts_with("//")) {
            words.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    words.retain(|word| {
        let is_path = word
            .chars()
            .all(|c| c.is_alphanumeric() || "_-/.".contains(c));
        let is_room = word.ends_with('/') && path.ends_with("docs/architecture.md");
        is_path && (has_ending(Path::new(word), "rs") || is_room)
    });
    words
}

#[test]
fn every_source_file_and_room_that_a_document_or_a_comment_names_is_there() {
    let files = files();
    let relative = |path: &PathBuf| {
        let path = path.strip_prefix(root()).unwrap().to_str().unwrap();
        // The end of a line is where a path ends.
        format!("/{}\n", path.replace('\\', "/"))
    };
    let paths: Vec<_> = files.iter().map(relative).collect();
    let mut checked = 0;
    for path in &files {
        // What a changelog tells of was there once.
        let is_read = has_ending(path, "rs") || has_ending(path, "md");
        if !is_read || path.ends_with("CHANGELOG.md") {
            continue;
        }
        for word in named(path, &fs_err::read_to_string(path).unwrap()) {
            let end = if word.ends_with('/') { "" } else { "\n" };
            let within = format!("/{word}{end}");
            let is_there = paths.iter().any(|it| it.contains(&within));
            let name = path.display();
            assert!(is_there, "{name} names {word}, which is not there");
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} names found");
}

/// The commands of a document's `console` blocks.
fn commands(name: &str) -> Vec<String> {
    let text = read(name);
    let blocks = text.split("```console\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    let commands = lines.filter_map(|line| line.trim().strip_prefix("$ flowlift "));
    commands.map(str::to_owned).collect()
}

#[test]
fn every_command_in_the_guide_and_the_readme_works_as_it_stands() {
    for (name, least) in [("docs/guide.md", 15), ("README.md", 4)] {
        let commands = commands(name);
        assert!(commands.len() >= least, "{name}: {commands:?}");
        let folder = super::help::folder();
        for command in commands {
            let words = shlex::split(&command).unwrap();
            let outcome = run(folder.path(), &words);
            assert_eq!(outcome.code, 0, "{name}: {command}: {}", outcome.stderr);
            let place = Path::new(name).file_stem().unwrap().to_string_lossy();
            record(&place, &command, folder.path(), &outcome);
        }
    }
}

fn read(name: &str) -> String {
    fs_err::read_to_string(root().join(name)).unwrap()
}
