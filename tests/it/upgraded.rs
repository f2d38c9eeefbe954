//! An upgraded archive is held against its source by readers that share nothing with the program:
//! the `zip` crate for the ZIP, a DOM for `data.xml`, lines for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;
use zip::ZipArchive;

use super::support::dom::{self, Item};
use super::support::run::run;
use super::support::{archives, corpus, fixtures};

#[test]
fn only_what_the_plan_says_differs_in_every_fixture() {
    for fixture in fixtures::FIXTURES {
        check(&fixture.archive());
    }
}

#[test]
fn only_what_the_plan_says_differs_in_every_real_archive() {
    for archive in corpus::archives().into_iter().flatten() {
        check(&archive);
    }
}

#[test]
fn only_what_the_plan_says_differs_in_every_odd_archive() {
    for archive in corpus::cases().into_iter().flatten() {
        check_form(&archive, "staged");
    }
}

#[test]
fn migrating_again_in_either_form_changes_no_byte() {
    for archive in archives() {
        let folder = tempfile::tempdir().unwrap();
        for form in ["staged", "final"] {
            let Some(once) = migrate(folder.path(), &archive, form) else {
                continue;
            };
            let name = archive.display();
            let again = migrate(folder.path(), &once.path, form);
            assert!(
                again.is_none(),
                "{name} changes when migrated again ({form})"
            );
        }
    }
}

#[test]
fn final_of_a_staged_archive_is_final_of_its_source() {
    let mut compared = 0;
    for archive in archives() {
        let folder = tempfile::tempdir().unwrap();
        let Some(staged) = migrate(folder.path(), &archive, "staged") else {
            continue;
        };
        let Some(of_staged) = migrate(folder.path(), &staged.path, "final") else {
            continue;
        };
        let of_source = migrate(folder.path(), &archive, "final").unwrap();
        let [one, other] = [of_staged, of_source].map(|it| fs_err::read(it.path).unwrap());
        assert!(one == other, "{}: the two differ", archive.display());
        compared += 1;
    }
    assert!(compared > 1);
}

struct Upgraded {
    path: PathBuf,
    report: Value,
}

/// Migrates into `folder`; none when there is nothing to do, or the archive is refused.
fn migrate(folder: &Path, archive: &Path, form: &str) -> Option<Upgraded> {
    let name = format!("{form}-{}", archive.file_name().unwrap().to_str().unwrap());
    let words = [
        "migrate", "--quiet", "--format", "json", "--form", form, "--output", &name,
    ];
    let outcome = run(folder, &[&words[..], &[archive.to_str().unwrap()]].concat());
    let report = outcome.archive();
    if report["outcome"] != "migrated" {
        assert!(matches!(outcome.code, 0 | 3), "{}", outcome.stderr);
        assert!(
            !folder.join(&name).exists(),
            "something was written for {name}"
        );
        return None;
    }
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    Some(Upgraded {
        path: folder.join(name),
        report,
    })
}

fn check(archive: &Path) {
    for form in ["staged", "final"] {
        check_form(archive, form);
    }
}

fn check_form(archive: &Path, form: &str) {
    let folder = tempfile::tempdir().unwrap();
    let before = fs_err::read(archive).unwrap();
    let Some(upgraded) = migrate(folder.path(), archive, form) else {
        return;
    };
    let after = fs_err::read(&upgraded.path).unwrap();
    let name = format!("{} {form}", archive.display());
    assert!(
        fs_err::read(archive).unwrap() == before,
        "{name}: the source was changed"
    );
    check_entries(&name, &before, &after);
    check_data(&name, &upgraded.report, &before, &after);
    check_project(&name, &upgraded.report, &before, &after);
    check_stamps(&name, &upgraded.report, &before, &after);
    let left = fs_err::read_dir(folder.path()).unwrap().count();
    // The archive, its log, and the state folder where there is one.
    assert!(
        (2..=3).contains(&left),
        "{name}: {left} files in the target's folder"
    );
}

const REWRITTEN: [&str; 3] = ["properties.xml", "data.xml", "project.yml"];

/// Same entries in the same order; those that are not documents with the same bytes throughout.
fn check_entries(name: &str, before: &[u8], after: &[u8]) {
    let (before, after) = (entries(before), entries(after));
    let names = |entries: &[Entry]| -> Vec<String> {
        entries.iter().map(|entry| entry.name.clone()).collect()
    };
    assert_eq!(names(&before), names(&after), "{name}");
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.header, after.header, "{name}: {}", before.name);
        if !REWRITTEN.contains(&before.name.as_str()) {
            assert!(
                before.bytes == after.bytes,
                "{name}: {} differs",
                before.name
            );
            assert_eq!(before.crc, after.crc, "{name}: {}", before.name);
        }
    }
}

struct Entry {
    name: String,
    /// Time, method, attributes, extra field and comment.
    header: String,
    crc: u32,
    /// From the local header to the next entry.
    bytes: Vec<u8>,
}

fn entries(archive: &[u8]) -> Vec<Entry> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let directory = zip.central_directory_start();
    let starts: BTreeSet<u64> = (0..zip.len())
        .map(|index| zip.by_index_raw(index).unwrap().header_start())
        .chain([directory])
        .collect();
    let count = zip.len();
    let entry = |index| {
        let entry = zip.by_index_raw(index).unwrap();
        let start = entry.header_start();
        let end = *starts.range(start + 1..).next().unwrap();
        let header = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            entry.last_modified(),
            entry.compression(),
            entry.unix_mode(),
            entry.extra_data(),
            entry.comment()
        );
        Entry {
            name: entry.name().unwrap().into_owned(),
            header,
            crc: entry.crc32(),
            bytes: archive[start as usize..end as usize].to_vec(),
        }
    };
    (0..count).map(entry).collect()
}

/// The source's tree, changed as the rules say in the plainest way, is the upgraded tree.
fn check_data(name: &str, report: &Value, before: &[u8], after: &[u8]) {
    let source = text(before, "data.xml").unwrap();
    let upgraded = text(after, "data.xml").unwrap();
    let mut expected = dom::read(&source);
    let found = dom::read(&upgraded);
    let retired = if report["form"] == "staged" {
        let used = tokens(report, |app| !is_used_elsewhere(report, app));
        dom::drop_resources(&mut expected, &used);
        BTreeSet::new()
    } else {
        dom::retire(&mut expected, &tokens(report, is_retired))
    };
    for app in report["apps"].as_array().unwrap() {
        lift(&mut expected, app, report["form"] == "final");
    }
    expected.prune();
    assert_eq!(expected.difference(&found), None, "{name}");
    for trace in &retired {
        assert!(
            !upgraded.contains(trace.as_str()),
            "{name}: {trace} is left in data.xml"
        );
    }
    assert!(
        !upgraded.contains("<items></items>"),
        "{name}: an empty list is left"
    );
    assert!(
        !upgraded.contains("<itemtypes></itemtypes>"),
        "{name}: an empty list is left"
    );
}

/// Names of the tokens that apps use.
fn tokens(report: &Value, which: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let apps = report["apps"].as_array().unwrap().iter();
    let named = apps.filter(|app| app["token"]["retired"].is_boolean() && which(app));
    named
        .map(|app| app["token"]["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether something else names the app's token too.
fn is_used_elsewhere(report: &Value, app: &Value) -> bool {
    let mut findings = report["findings"].as_array().unwrap().iter();
    findings.any(|it| it["code"] == "token-used-elsewhere" && it["item"] == app["token"]["name"])
}

fn is_retired(app: &Value) -> bool {
    app["token"]["retired"] == true
}

/// Gives an app its identifier entries and, in the final form, the attributes of 2026.1.
fn lift(tree: &mut Item, app: &Value, is_final: bool) {
    let (kind, name) = (app["kind"].as_str().unwrap(), app["name"].as_str().unwrap());
    let owner = app["owner"]["id"].as_str().unwrap();
    let Some(stored) = tree.find_app(kind, name, owner) else {
        panic!("no app {name}")
    };
    if kind == "gallery" {
        return;
    }
    if is_final {
        for parameter in stored.children_mut("params") {
            let name = "dynamicParameterQueryConfigurationEnabled";
            if kind == "workspace" && !parameter.attributes.contains_key(name) {
                parameter.set(name, "boolean", "false");
            }
        }
        stored.attributes.remove("token");
        stored.attributes.remove("tokenvalue");
        stored.set("enabled", "boolean", &app["enabled"].to_string());
        if kind == "workspace" {
            let uploads = app["temporary_uploads"].to_string();
            stored.set("allowTemporaryUploads", "boolean", &uploads);
        }
    }
    for carried in app["carried"].as_array().unwrap() {
        let permissions = carried["permissions"].as_array().unwrap().iter();
        let permissions: Vec<&str> = permissions.map(|word| word.as_str().unwrap()).collect();
        let mut entry = Item::new(carried["connection"].as_str().unwrap());
        entry.set("appIdentifier", "uuid", app["identifier"].as_str().unwrap());
        entry.set("permissions", "string", &permissions.join(","));
        stored.add("connectionPermissions", entry);
    }
}

/// No line but those of retired tokens and the minimum build differs in `project.yml`.
fn check_project(name: &str, report: &Value, before: &[u8], after: &[u8]) {
    let Some(before) = text(before, "project.yml") else {
        assert!(text(after, "project.yml").is_none());
        return;
    };
    let after = text(after, "project.yml").unwrap();
    for token in tokens(report, is_retired) {
        assert!(
            !after.contains(&format!("/{token}\n")),
            "{name}: {token} is left"
        );
        assert!(
            !after.contains(&format!(".{token}\n")),
            "{name}: {token} is left"
        );
    }
    let left: BTreeMap<&str, usize> = after.lines().fold(BTreeMap::new(), |mut lines, line| {
        *lines.entry(line).or_default() += 1;
        lines
    });
    let stamped = report["output"]["build"] == 26121;
    for line in left.keys() {
        let is_stamp = stamped && line.starts_with("minimum_fme");
        assert!(
            is_stamp || before.lines().any(|known| known == *line),
            "{name}: new line {line}"
        );
    }
    if tokens(report, is_retired).is_empty() && !stamped {
        assert_eq!(before, after, "{name}");
    }
}

/// The two stamps differ as the report says, and nothing else does.
fn check_stamps(name: &str, report: &Value, before: &[u8], after: &[u8]) {
    let stamp = |value: &Value| format!("<value>{}</value>", value.to_string().trim_matches('"'));
    let output = &report["output"];
    let expected = text(before, "properties.xml")
        .unwrap()
        .replace(&stamp(&report["build"]), &stamp(&output["build"]))
        .replace(&stamp(&report["schema"]), &stamp(&output["schema"]));
    assert_eq!(text(after, "properties.xml").unwrap(), expected, "{name}");
}

fn text(archive: &[u8], entry: &str) -> Option<String> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut text = String::new();
    zip.by_name(entry).ok()?.read_to_string(&mut text).unwrap();
    Some(text)
}
