//! Documents that stay true: generated where they can be, run where they show commands, complete
//! where they list.

use std::collections::BTreeSet;
use std::path::Path;

use flowlift::finding::Code;

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
        }
    }
}

fn read(name: &str) -> String {
    fs_err::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn every_code_has_a_heading_with_its_number_and_every_heading_is_a_code() {
    let text = read("docs/findings.md");
    let sections: Vec<&str> = text.split("\n### ").skip(1).collect();
    let headings: BTreeSet<&str> = sections.iter().filter_map(|s| s.lines().next()).collect();
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(headings, codes);
    for code in Code::ALL {
        let section = sections
            .iter()
            .find(|s| s.lines().next() == Some(code.as_str()))
            .unwrap();
        let number = code.number().to_string();
        assert!(
            section.contains(&number),
            "{} does not say {number}",
            code.as_str()
        );
    }
}
