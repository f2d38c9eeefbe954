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

/// All Markdown of the repository, without what is built or brought in.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules"
            {
                // Trees of fixtures hold documents of invented projects.
                if path.parent() != Some(&root().join("fixtures")) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
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
