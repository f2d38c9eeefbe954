//! The fixtures hold what they promise: archives equal to their trees, in FME Flow's own ZIP shape,
//! with invented secrets only.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek};

use zip::ZipArchive;

use super::support::corpus;
use super::support::fixtures::{FIXTURES, folder};
use super::support::java_zip::{DosTime, JavaZip};

/// The codes that the fixtures show between them; the others have tests of their own.
const FINDINGS: [&str; 23] = [
    "app-kind-unverified",
    "connection-carried",
    "connection-needed-not-granted",
    "connection-not-in-archive",
    "connection-unused",
    "form-unconfirmed",
    "general-connection-dropped",
    "general-resource-dropped",
    "owner-lacks-connection",
    "resource-action-needed",
    "resource-dropped",
    "resource-without-file-parameter",
    "role-kept",
    "token-ambiguous",
    "token-disabled",
    "token-expired",
    "token-expiry-lost",
    "token-expiry-unreadable",
    "token-missing",
    "token-owner-differs",
    "token-retired",
    "token-shared",
    "token-unrestricted",
];

#[test]
fn fixtures_are_built_from_their_trees() {
    for fixture in FIXTURES {
        let committed = fs_err::read(fixture.archive()).unwrap();
        assert!(
            fixture.build().unwrap() == committed,
            "{} is not what its tree makes: cargo run --example build-fixtures",
            fixture.name
        );
    }
}

#[test]
fn every_fixture_has_a_tree_an_archive_and_an_expectation() {
    let mut expected = BTreeSet::from(["README.md".to_owned(), ".gitattributes".to_owned()]);
    for fixture in FIXTURES {
        expected.insert(fixture.name.to_owned());
        expected.insert(format!("{}.{}", fixture.name, fixture.extension));
        expected.insert(format!("{}.expected.json", fixture.name));
    }
    let found = fs_err::read_dir(folder()).unwrap();
    let found = found
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(expected, found);
}

#[test]
fn a_second_reader_finds_every_entry_whole_and_the_map_complete() {
    for fixture in FIXTURES {
        let mut archive = ZipArchive::new(Cursor::new(fixture.build().unwrap())).unwrap();
        let mut files = BTreeSet::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap(); // checks the CRC
            files.extend(file_root(&entry.name().unwrap()));
        }
        let map = text(&mut archive, "files.map");
        let mapped: BTreeSet<String> = map.lines().skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(files, mapped, "{}", fixture.name);
        let data = text(&mut archive, "data.xml");
        assert!(
            data.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package><itemtypes>")
        );
        assert!(data.ends_with("</itemtypes></package>"));
        assert!(
            !data.contains("> <") && !data.contains(">\n<i"),
            "{}",
            fixture.name
        );
    }
}

/// `files/<N>_<name>`, the part of an entry's name the map speaks of.
fn file_root(entry: &str) -> Option<String> {
    let (name, _) = entry
        .strip_prefix("files/")?
        .split_once('/')
        .unwrap_or((&entry[6..], ""));
    Some(format!("files/{name}"))
}

fn text(archive: &mut ZipArchive<impl Read + Seek>, name: &str) -> String {
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn every_secret_in_a_fixture_is_plainly_a_fake() {
    let mut ciphertexts = 0;
    for fixture in FIXTURES {
        let mut archive = ZipArchive::new(Cursor::new(fixture.build().unwrap())).unwrap();
        for index in 0..archive.len() {
            let mut bytes = Vec::new();
            archive
                .by_index(index)
                .unwrap()
                .read_to_end(&mut bytes)
                .unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for (at, _) in text.match_indices("fme_enc") {
                let value = text[at..].split('<').next().unwrap();
                assert!(
                    value.contains(":FIXTURE-SECRET-"),
                    "{}: {value}",
                    fixture.name
                );
                ciphertexts += 1;
            }
        }
        let data = text(&mut archive, "data.xml");
        for (attribute, fake) in [
            ("tokenvalue", "fme_enc"),
            ("userpassword", "f1x7u4e"),
            ("uid", "FIXTURE-SECRET-"),
        ] {
            for value in values(&data, attribute) {
                assert!(
                    value.is_empty() || value.starts_with(fake),
                    "{}: {value}",
                    fixture.name
                );
            }
        }
        for value in values(&data, "token") {
            let name = value.contains(' '); // apps hold a token's name, tokens its hash
            assert!(
                name || value.starts_with("f1x7u4e"),
                "{}: {value}",
                fixture.name
            );
        }
        let stamp = text(&mut archive, "properties.xml");
        let stamp = stamp
            .split_once("CONFIG_SERVER_ENCRYPT</name>\n    <value>")
            .unwrap()
            .1;
        assert!(stamp.starts_with("FIXTURE-SECRET-"), "{}", fixture.name);
    }
    assert!(ciphertexts > 20);
}

/// The values of every string attribute of this name.
fn values<'a>(data: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!("<attribute><name>{attribute}</name><type>string</type><value>");
    let rest = data.split(&start).skip(1);
    rest.map(|rest| rest.split_once("</value>").unwrap().0)
        .collect()
}

#[test]
fn between_them_the_fixtures_show_every_finding() {
    let mut shown = BTreeSet::new();
    for fixture in FIXTURES {
        let expected = expected(fixture.name);
        let findings = expected["findings"].as_object().unwrap();
        shown.extend(findings.keys().cloned());
        let apps: Vec<_> = expected["apps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|app| &app["name"])
            .collect();
        for app in findings.values().flat_map(|apps| apps.as_array().unwrap()) {
            assert!(apps.contains(&app), "{}: no app {app}", fixture.name);
        }
    }
    assert_eq!(shown, FINDINGS.map(str::to_owned).into());
}

#[test]
fn expectations_name_the_stamps_and_apps_of_their_archives() {
    for fixture in FIXTURES {
        let mut archive = ZipArchive::new(Cursor::new(fixture.build().unwrap())).unwrap();
        let (stamps, data) = (
            text(&mut archive, "properties.xml"),
            text(&mut archive, "data.xml"),
        );
        let expected = expected(fixture.name);
        for (stamp, value) in [
            ("SERVER", expected["build"].to_string()),
            ("SCHEMA", expected["schema"].as_str().unwrap().to_owned()),
        ] {
            let stamp = format!("CONFIG_{stamp}_VERSION</name>\n    <value>{value}</value>");
            assert!(stamps.contains(&stamp), "{}: {stamp}", fixture.name);
        }
        for app in expected["apps"].as_array().unwrap() {
            let name = app["name"].as_str().unwrap().replace('&', "&amp;");
            let name = name.replace('<', "&lt;").replace('>', "&gt;");
            assert!(
                values(&data, "name").contains(&name.as_str()),
                "{}: {name}",
                fixture.name
            );
        }
    }
}

fn expected(name: &str) -> serde_json::Value {
    let text = fs_err::read(folder().join(format!("{name}.expected.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn a_real_archive_packed_again_is_the_same_bytes() {
    for path in corpus::archives().into_iter().flatten() {
        let real = fs_err::read(&path).unwrap();
        assert!(pack_again(&real) == real, "{}", path.display());
    }
}

#[test]
fn more_entries_than_a_short_can_count_are_found_through_zip64() {
    let mut crafted = JavaZip::new(Vec::new());
    for index in 0..=u16::MAX {
        let name = index.to_string();
        crafted
            .entry(
                &name,
                DosTime::new((2025, 1, 2), (3, 4, 6)),
                name.as_bytes(),
            )
            .unwrap();
    }
    let mut archive = ZipArchive::new(Cursor::new(crafted.finish().unwrap())).unwrap();
    assert_eq!(archive.len(), 65_536);
    assert_eq!(text(&mut archive, "65535"), "65535");
}

#[test]
fn a_hole_is_read_back_as_zeros() {
    let time = DosTime::new((2025, 11, 19), (20, 24, 34));
    let mut zip = JavaZip::new(Cursor::new(Vec::new()));
    zip.hole("hole", time, 70_001).unwrap();
    zip.entry("file", time, &b"whole"[..]).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut hole = Vec::new();
    // The end of an entry is where the reader checks its CRC-32.
    zip.by_name("hole").unwrap().read_to_end(&mut hole).unwrap();
    assert_eq!(hole, vec![0; 70_001]);
    assert_eq!(text(&mut zip, "file"), "whole");
}

/// Reads an archive with the `zip` crate and writes its entries in FME Flow's shape.
fn pack_again(archive: &[u8]) -> Vec<u8> {
    let mut source = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut target = JavaZip::new(Vec::new());
    for index in 0..source.len() {
        let entry = source.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let time = entry.last_modified().unwrap();
        let time = DosTime {
            date: time.datepart(),
            time: time.timepart(),
        };
        target.entry(&name, time, entry).unwrap();
    }
    target.finish().unwrap()
}
