//! What is read of `project.yml`, and what is left of it.

use super::*;
use crate::edit::{Edit, Edits};
use crate::limits::Limits;

const PROJECT: &str = "uid: ''\nminimum_fme_build: 25609\nproject_content:\n  projects:\n  - one\n  \
    roles:\n  - user:admin\n  - token:admin.Workspace App - X\n  tokens:\n  - admin/Workspace App - X\n  \
    users:\n  - admin\nversion: 1.0.0\n";

/// The document after edits.
fn edited(text: &str, edits: impl IntoIterator<Item = Edit>) -> String {
    let mut out = Vec::new();
    let edits = Edits::new(edits.into_iter().collect()).unwrap();
    edits.apply(text.as_bytes(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The document after the names with an X in them are gone.
fn without_x(text: &str) -> Result<String, PackageError> {
    let project = read(text.as_bytes(), Limits::default())?;
    let has_x = |name: &str| name.contains('X');
    Ok(edited(text, project.without(has_x, has_x)?))
}

/// The document after the minimum build is another.
fn with_minimum(text: &str) -> Result<String, PackageError> {
    let project = read(text.as_bytes(), Limits::default())?;
    Ok(edited(text, project.with_minimum("26121")?))
}

#[test]
fn a_name_goes_with_its_line_and_the_last_one_with_its_list() {
    let expected = PROJECT
        .replace("  - token:admin.Workspace App - X\n", "")
        .replace("  tokens:\n  - admin/Workspace App - X\n", "");
    assert_eq!(without_x(PROJECT).unwrap(), expected);
}

#[test]
fn quoted_folded_and_foreign_names_are_found() {
    let text = "project_content:\n  tokens:\n  - 'ädmin/it''s X'\n  - \"ädmin/\\\"X\\\"\"\n  \
                - ädmin/a very long name that\n    is folded X\n  - 世界/+%\n";
    let names: Vec<_> = read(text.as_bytes(), Limits::default())
        .unwrap()
        .tokens
        .names()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        names,
        [
            "ädmin/it's X",
            "ädmin/\"X\"",
            "ädmin/a very long name that is folded X",
            "世界/+%"
        ]
    );
    assert_eq!(
        without_x(text).unwrap(),
        "project_content:\n  tokens:\n  - 世界/+%\n"
    );
}

#[test]
fn windows_line_ends_and_a_missing_last_one_are_kept() {
    let text = "\u{FEFF}project_content:\r\n  tokens:\r\n  - a/X\r\n  - b/Y";
    assert_eq!(
        without_x(text).unwrap(),
        "\u{FEFF}project_content:\r\n  tokens:\r\n  - b/Y"
    );
}

#[test]
fn a_name_without_lines_of_its_own_is_refused_only_when_it_has_to_go() {
    let text = "project_content:\n  tokens: [a/X, b/Y]\n";
    assert!(without_x(text).unwrap_err().to_string().contains("line 2"));
    let text = text.replace('X', "Z");
    assert_eq!(without_x(&text).unwrap(), text);
    let text = "project_content:\n  tokens:\n  - &a b/X\n  - *a\n";
    assert!(without_x(text).unwrap_err().to_string().contains("line 3"));
}

#[test]
fn a_minimum_build_of_plain_or_simply_quoted_digits_becomes_another() {
    for written in [
        "25609",
        "'25609'",
        "\"25609\"",
        "25609 # of 2025.2",
        "  25609  ",
        "\n  25609",
    ] {
        let text = PROJECT.replace("25609", written);
        let expected = text.replace("25609", "26121");
        assert_eq!(with_minimum(&text).unwrap(), expected);
    }
    let oldest = "minimum_fme_server_build: '18310'\n";
    let expected = oldest.replace("18310", "26121");
    assert_eq!(with_minimum(oldest).unwrap(), expected);
    assert_eq!(with_minimum("name: x\n").unwrap(), "name: x\n");
}

#[test]
fn a_minimum_build_in_any_other_writing_is_refused_and_only_when_it_has_to_change() {
    for written in [
        "",
        "~",
        "null",
        "soon",
        "|\n  25609",
        ">-\n  25609",
        "&m 25609",
        "!!int 25609",
        "!!str 25609",
        "*m",
        "[25609]",
        "{build: 25609}",
        "0x6409",
        "25_609",
        "+25609",
        "25609.0",
        "\"2560\\x39\"",
        "'25609'''",
        "\n- 25609",
    ] {
        let text = "m: &m 1\n".to_owned() + &PROJECT.replace("25609", written);
        assert!(!without_x(&text).unwrap().contains('X'));
        let error = with_minimum(&text).unwrap_err().to_string();
        assert!(
            error.starts_with("project.yml: line "),
            "{written}: {error}"
        );
    }
    for twice in ["minimum_fme_build: 1\n", "minimum_fme_server_build: 1\n"] {
        let error = with_minimum(&(twice.to_owned() + PROJECT)).unwrap_err();
        assert!(error.to_string().contains("twice"), "{error}");
    }
    let anchored = "&all\n".to_owned() + PROJECT;
    let error = with_minimum(&anchored).unwrap_err().to_string();
    assert!(error.contains("anchor"), "{error}");
}

#[test]
fn a_list_that_holds_something_else_too_keeps_its_key() {
    let text = "project_content:\n  tokens:\n  - a/X\n  - {name: x}\n  - - y\n  users:\n  - b\n";
    assert_eq!(without_x(text).unwrap(), text.replace("  - a/X\n", ""));
}

#[test]
fn a_list_that_does_not_say_what_is_in_it_is_refused() {
    for (list, why) in [
        ("tokens: *all\n", "not written as a list"),
        ("tokens: a/X\n", "not written as a list"),
        ("tokens: {a: X}\n", "not written as a list"),
        ("tokens: !!null\n", "not written as a list"),
        ("tokens:\n  - a/X\n  - *one\n", "alias"),
        ("tokens: &t\n  - a/X\n  users: *t\n", "anchor"),
        ("tokens:\n  - a/X\n  tokens:\n  - b/Y\n", "twice"),
        ("tokens:\n  - a/X\n  <<: *map\n", "merge key"),
        ("tokens: [a/X]\n", "lines of its own"),
        ("tokens:\n  - |-\n    a/X\n", "lines of its own"),
        ("tokens:\n  - &x a/X\n", "lines of its own"),
        ("tokens:\n  - !!str a/X\n", "lines of its own"),
        ("tokens:\n  - a/X\n", "something else"),
    ] {
        let before = "all: &all [x]\none: &one x\nmap: &map {x: y}\n";
        let text = format!("{before}project_content:\n  {list}");
        let error = without_x(&text).unwrap_err().to_string();
        assert!(error.contains(why), "{list}: {error}");
    }
    for content in ["*all", "[tokens]", "tokens"] {
        let text = format!("all: &all {{x: y}}\nproject_content: {content}\n");
        let error = without_x(&text).unwrap_err().to_string();
        assert!(error.contains("mapping"), "{error}");
    }
}

#[test]
fn a_collection_as_a_key_does_not_make_values_keys() {
    let keys = "? [a]\n: minimum_fme_build\n? {b: c}\n: project_content\n";
    let text = keys.to_owned() + PROJECT;
    assert_eq!(with_minimum(&text).unwrap(), text.replace("25609", "26121"));
    assert!(!without_x(&text).unwrap().contains('X'));
}

#[test]
fn an_empty_list_has_nothing_to_take_out() {
    for empty in ["", " ~", " []", " null"] {
        let text = format!("project_content:\n  tokens:{empty}\n  users:\n  - a\n");
        assert_eq!(without_x(&text).unwrap(), text);
    }
}

#[test]
fn what_is_no_yaml_is_refused() {
    let error = read(&b"a: [1\nb: 2"[..], Limits::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("project.yml is not well-formed"),
        "{error}"
    );
    assert!(read(&b"\xFF"[..], Limits::default()).is_err());
}
