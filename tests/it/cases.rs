//! Small archives that showed a fault, or an odd situation: each has the outcome that is right, in both
//! forms, and so has the same archive said in another way. They lie outside the repository, like the
//! corpus.

use std::path::{Path, PathBuf};

use super::counts;
use super::support::corpus;
use super::support::run::{Outcome, run};
use super::support::surgery::Parts;

/// What is right for an archive in one form.
#[derive(Debug, Clone, Copy)]
enum Right {
    /// It is upgraded, and the result is verified.
    Upgraded,
    /// It is refused, for this reason.
    Refused(&'static str),
}
use Right::{Refused, Upgraded};

/// Schemas that FME Flow itself has to upgrade have no final form.
const NOT_FINAL: Right = Refused("cannot be written in the form final");

/// What is right for each archive: staged, then final.
const CASES: [(&str, Right, Right); 42] = [
    ("automation-not-exported", Upgraded, NOT_FINAL),
    (
        "blanks-in-a-permission",
        Refused("blanks"),
        Refused("blanks"),
    ),
    ("blanks-in-all-names", Refused("blanks"), Refused("blanks")),
    ("carriage-return-in-a-name", Upgraded, Upgraded),
    ("connection-by-expression", Upgraded, Upgraded),
    (
        "empty-permission",
        Refused("permission"),
        Refused("permission"),
    ),
    ("enabled-without-token", Upgraded, Upgraded),
    (
        "entries-already-there",
        Refused("identifier entries"),
        Refused("identifier entries"),
    ),
    ("gallery-with-token", Upgraded, Upgraded),
    ("german-date", Upgraded, Upgraded),
    ("iso-date", Upgraded, Upgraded),
    ("long-mail-body", Upgraded, NOT_FINAL),
    ("manual-file-parameter", Upgraded, NOT_FINAL),
    (
        "min-build-anchor",
        Upgraded,
        Refused("not written in plain digits"),
    ),
    (
        "min-build-literal",
        Upgraded,
        Refused("not written in plain digits"),
    ),
    (
        "min-build-null",
        Upgraded,
        Refused("not written in plain digits"),
    ),
    ("orphaned-map-in-project-yml", Upgraded, Upgraded),
    ("other-project-version-2026.1", Upgraded, NOT_FINAL),
    ("owner-changed", Upgraded, Upgraded),
    ("owner-disabled", Upgraded, Upgraded),
    ("owner-in-user-mappings", Upgraded, Upgraded),
    ("owner-not-in-the-archive", Upgraded, Upgraded),
    ("plus-in-workspace-name", Upgraded, Upgraded),
    ("role-missing", Upgraded, Upgraded),
    ("role-named-like-a-user", Upgraded, Upgraded),
    ("role-names-another-user", Upgraded, Upgraded),
    ("same-app-key-twice", Refused(""), Refused("")),
    ("same-app-name-two-owners", Upgraded, Upgraded),
    ("same-connection-two-owners", Upgraded, Upgraded),
    (
        "same-identifier-by-name",
        Refused("share the Flow App Identifier"),
        NOT_FINAL,
    ),
    ("same-identifier-upper-case", Upgraded, Upgraded),
    ("same-token-key-twice", Refused(""), Refused("")),
    ("secrets-in-urls", Upgraded, NOT_FINAL),
    ("slash-in-names", Upgraded, Upgraded),
    ("superuser-in-a-project", Upgraded, Upgraded),
    ("superuser-owns-the-app", Upgraded, Upgraded),
    ("token-on-a-users-role", Upgraded, Upgraded),
    ("token-used-elsewhere", Upgraded, Upgraded),
    ("two-tokens-of-one-name", Upgraded, Upgraded),
    ("two-values", Refused("value"), Refused("value")),
    ("unknown-category-with-token", Upgraded, Upgraded),
    ("unknown-schema-2.104", Upgraded, NOT_FINAL),
];

const FORMS: [&str; 2] = ["staged", "final"];

/// What secrets that were planted begin with.
const SECRET: &str = "S3CR3T";

/// Plans, migrates and verifies; whatever is said has no secret in it.
fn attempt(folder: &Path, archive: &Path, form: &str, right: Right) -> Result<(), String> {
    let archive = archive.to_str().unwrap();
    let target = folder.join("target");
    for path in [target.clone(), folder.join("target.log")] {
        let _ = fs_err::remove_file(path);
    }
    let planned = run(folder, &["plan", "--form", form, archive]);
    let words = [
        "migrate", "--verify", "full", "--form", form, "-o", "target", archive,
    ];
    let migrated = run(folder, &words);
    if planned.code != migrated.code {
        return Err(format!(
            "plan exits with {}, migrate with {}",
            planned.code, migrated.code
        ));
    }
    let mut outcomes = vec![planned, migrated.clone()];
    match right {
        Upgraded if migrated.code == 0 => {
            // Where there is nothing to do, there is no target.
            if target.exists() {
                let verified = run(folder, &["verify", archive, "target"]);
                if verified.code != 0 {
                    return Err(format!("not verified: {}", verified.text()));
                }
                outcomes.push(verified);
                let log = fs_err::read_to_string(folder.join("target.log")).unwrap();
                if log.contains(SECRET) {
                    return Err("the task log has a secret".to_owned());
                }
            }
        }
        Refused(evidence) if migrated.code == 3 => {
            if !migrated.stderr.contains(evidence) || target.exists() {
                return Err(format!("refused otherwise: {}", migrated.stderr));
            }
        }
        _ => return Err(format!("exit {}: {}", migrated.code, migrated.stderr)),
    }
    match outcomes.iter().find(|outcome| is_bad(outcome)) {
        Some(outcome) => Err(format!("a secret or a panic: {}", outcome.text())),
        None => Ok(()),
    }
}

fn is_bad(outcome: &Outcome) -> bool {
    let text = outcome.text();
    text.contains(SECRET) || text.contains("panicked")
}

/// The archive of a case.
fn archive(name: &str) -> Option<PathBuf> {
    let cases = corpus::cases()?.into_iter();
    cases.into_iter().find(|path| name_of(path) == name)
}

fn name_of(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// Tries all cases, each after `change`, and says which came out wrong.
fn try_all(change: impl Fn(&mut Parts), what: &str) {
    try_all_as(None, change, what);
}

/// The same as files with another extension.
fn try_all_as(extension: Option<&str>, change: impl Fn(&mut Parts), what: &str) {
    if corpus::cases().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (name, staged, last) in CASES {
        let Some(path) = archive(name) else {
            wrong.push(format!("{name}: not there"));
            continue;
        };
        let mut parts = Parts::parse(&fs_err::read(&path).unwrap());
        change(&mut parts);
        let mut changed = folder.path().join(path.file_name().unwrap());
        if let Some(extension) = extension {
            changed.set_extension(extension);
        }
        let bytes = parts.build();
        fs_err::write(&changed, &bytes).unwrap();
        for (form, right) in FORMS.into_iter().zip([staged, last]) {
            if let Err(why) = attempt(folder.path(), &changed, form, right) {
                wrong.push(format!("{name}, {form}: {why}"));
            }
        }
        assert!(
            fs_err::read(&changed).unwrap() == bytes,
            "{name}: the source is another"
        );
    }
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
    counts::say(what, CASES.len() * FORMS.len());
}

#[test]
fn every_case_has_the_outcome_that_is_right() {
    try_all(|_| {}, "cases, each in both forms");
}

#[test]
fn a_case_packed_in_another_way_has_the_same_outcome() {
    try_all(
        |parts| {
            for part in &mut parts.entries {
                let content = part.content();
                part.method = 0;
                part.pack(&content.clone(), content);
            }
        },
        "cases without compression",
    );
}

#[test]
fn a_case_in_other_words_of_xml_and_yaml_has_the_same_outcome() {
    try_all(
        |parts| {
            for part in &mut parts.entries {
                match &*part.name {
                    b"project.yml" => {
                        let text = part.text().replace('\n', "\r\n");
                        part.fill(("# by hand\r\n".to_owned() + &text).as_bytes());
                    }
                    b"data.xml" => {
                        let text = part
                            .text()
                            .replace("Workspace App", "Work&#115;pace &#x41;pp");
                        let text = text.replace("</item><item>", "</item>\n  <!-- x --><item>");
                        part.fill(text.as_bytes());
                    }
                    _ => {}
                }
            }
        },
        "cases in other words of XML and YAML",
    );
}

/// The entries of a list in `project.yml`, each in double quotes; what is more than a text stays.
fn with_quotes(text: &str) -> String {
    let line = |line: &str| {
        let body = line.trim_start();
        let Some(entry) = body.strip_prefix("- ") else {
            return format!("{line}\n");
        };
        let indent = " ".repeat(line.len() - body.len());
        let is_plain = !entry.starts_with(['\'', '"', '[', '{', '&', '*', '!', '|', '>'])
            && !entry.contains(": ")
            && !entry.ends_with(':');
        if is_plain {
            let entry = entry.replace('\\', "\\\\").replace('"', "\\\"");
            format!("{indent}- \"{entry}\"\n")
        } else {
            format!("{line}\n")
        }
    };
    text.lines().map(line).collect()
}

/// The attributes of every item in reverse, and empty elements as tags that end themselves.
fn in_reverse(text: &str) -> String {
    let mut parts = text.split("<attributes>");
    let mut reversed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (attributes, rest) = part.split_once("</attributes>").unwrap();
        let mut attributes: Vec<_> = attributes.split_inclusive("</attribute>").collect();
        attributes.reverse();
        reversed += &format!("<attributes>{}</attributes>{rest}", attributes.concat());
    }
    reversed.replace("<value></value>", "<value/>")
}

#[test]
fn a_case_whose_lines_are_quoted_and_whose_attributes_are_reversed_has_the_same_outcome() {
    try_all(
        |parts| {
            for part in &mut parts.entries {
                match &*part.name {
                    b"project.yml" => part.fill(with_quotes(&part.text()).as_bytes()),
                    b"data.xml" => part.fill(in_reverse(&part.text()).as_bytes()),
                    _ => {}
                }
            }
        },
        "cases with quoted lines and reversed attributes",
    );
}

#[test]
fn a_project_that_is_called_a_backup_has_the_same_outcome() {
    try_all_as(
        Some("fsconfig"),
        |parts| parts.entries.retain(|part| *part.name != *b"README.md"),
        "cases that are called backups",
    );
}

#[test]
fn every_case_has_its_line_here() {
    let Some(cases) = corpus::cases() else { return };
    let mut names: Vec<_> = cases.iter().map(|path| name_of(path)).collect();
    names.sort_unstable();
    assert_eq!(names, CASES.map(|(name, ..)| name));
}

#[test]
fn no_command_shows_a_secret_of_an_address_a_header_or_a_text() {
    let Some(path) = archive("secrets-in-urls") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = path.to_str().unwrap();
    for words in [
        &["inspect", path][..],
        &["inspect", "--tree", "/", path],
        &["inspect", "--tree", "/", "--format", "json", path],
        &[
            "inspect",
            "--connections",
            "--tokens",
            "--apps",
            "--entries",
            path,
        ],
        &["inspect", "--format", "json", path],
        &["plan", "-vvv", path],
        &["plan", "--format", "json", path],
        &["audit", path],
        &["audit", "--format", "json", path],
        &["audit", "--format", "html", path],
        &["audit", "--format", "csv", path],
        &["history", "list"],
    ] {
        let outcome = run(folder.path(), words);
        assert!(!is_bad(&outcome), "{words:?}: {}", outcome.text());
        assert_ne!(outcome.code, 2, "{words:?}: {}", outcome.text());
    }
}

#[test]
fn dates_in_other_spellings_are_read() {
    for name in ["german-date", "iso-date"] {
        let Some(path) = archive(name) else { return };
        let folder = tempfile::tempdir().unwrap();
        let words = ["plan", "--format", "json", path.to_str().unwrap()];
        let archive = run(folder.path(), &words).archive();
        let token = &archive["apps"][0]["token"];
        assert_eq!(token["expires"], "2035-10-13T23:00:00", "{name}");
        assert_eq!(archive["apps"][0]["enabled"], true, "{name}");
    }
}
