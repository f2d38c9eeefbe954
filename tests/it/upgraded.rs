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
fn migrating_again_says_current_or_changes_no_byte() {
    for archive in archives() {
        let folder = tempfile::tempdir().unwrap();
        let Some(once) = migrate(folder.path(), &archive) else {
            continue;
        };
        let stamped = once.report["output"]["schema"] == "2.111";
        match migrate(folder.path(), &once.path) {
            None => assert!(stamped, "{} is current without a stamp", archive.display()),
            Some(twice) => {
                assert!(!stamped, "{} is stamped but not current", archive.display());
                let same = fs_err::read(&twice.path).unwrap() == fs_err::read(&once.path).unwrap();
                assert!(same, "{} changes when migrated again", archive.display());
            }
        }
    }
}

struct Upgraded {
    path: PathBuf,
    report: Value,
}

/// Migrates into `folder`; none when there is nothing to do.
fn migrate(folder: &Path, archive: &Path) -> Option<Upgraded> {
    let name = format!("out-{}", archive.file_name().unwrap().to_str().unwrap());
    let words = ["migrate", "--quiet", "--format", "json", "--output", &name];
    let outcome = run(folder, &[&words[..], &[archive.to_str().unwrap()]].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let report = outcome.archive();
    if report["outcome"] == "current" {
        assert!(
            !folder.join(&name).exists(),
            "something was written for {name}"
        );
        return None;
    }
    assert_eq!(report["outcome"], "migrated", "{}", outcome.stderr);
    Some(Upgraded {
        path: folder.join(name),
        report,
    })
}

fn check(archive: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let before = fs_err::read(archive).unwrap();
    let Some(upgraded) = migrate(folder.path(), archive) else {
        return;
    };
    let after = fs_err::read(&upgraded.path).unwrap();
    let name = archive.display().to_string();
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
    let retired = dom::retire(&mut expected, &tokens(report));
    for app in report["apps"].as_array().unwrap() {
        lift(&mut expected, app, report["output"]["schema"] == "2.111");
    }
    expected.prune();
    assert_eq!(expected, found, "{name}");
    for trace in &retired.keys {
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

/// Owner's key and name of every retired token.
fn tokens(report: &Value) -> BTreeSet<String> {
    let apps = report["apps"].as_array().unwrap().iter();
    let retired = apps.filter(|app| app["token"]["retired"] == true);
    retired
        .map(|app| app["token"]["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Gives an app its 2026.1 form.
fn lift(tree: &mut Item, app: &Value, stamped: bool) {
    let (kind, name) = (app["kind"].as_str().unwrap(), app["name"].as_str().unwrap());
    let Some(stored) = tree.find_app(kind, name) else {
        panic!("no app {name}")
    };
    if kind == "workspace" && stamped {
        for parameter in stored.children_mut("params") {
            let name = "dynamicParameterQueryConfigurationEnabled";
            if !parameter.attributes.contains_key(name) {
                parameter.set(name, "boolean", "false");
            }
        }
    }
    let upgraded = stored.attributes.contains_key("enabled") && app["token"].is_null();
    if kind == "gallery" || upgraded {
        return;
    }
    stored.attributes.remove("token");
    stored.attributes.remove("tokenvalue");
    stored.set("enabled", "boolean", &app["enabled"].to_string());
    if kind == "workspace" {
        let uploads = app["temporary_uploads"].to_string();
        stored.set("allowTemporaryUploads", "boolean", &uploads);
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
    for token in tokens(report) {
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
    if tokens(report).is_empty() && !stamped {
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
