//! Documents that stay true: generated where they can be, complete where they list.

use std::collections::BTreeSet;
use std::path::Path;

use flowlift::finding::Code;

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
