//! An upgraded archive is tampered with in every way a verification claims to notice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flowlift::clock::Clock;
use flowlift::flow::ServerTime;
use flowlift::plan::Options;
use flowlift::verify::{AsOf, Kind, Verdict, verify};
use flowlift::watch::Unwatched;
use tempfile::TempDir;

use super::support::run::{NOW, run};
use super::support::surgery::{Part, Parts};
use super::support::{corpus, fixtures};

/// The role and the token of the first app of `parks-2.99`.
const TOKEN: &str = "Workspace App - tree-inspection";
const ROLE: &str = "token:mira.Workspace App - tree-inspection";
const LIST: &str = "<name>connectionPermissions</name><items>";

type Tamper = fn(&mut Parts, source: &mut Parts);

/// Ways to tamper with the upgraded `parks-2.99`, and what must be noticed.
const TAMPERS: &[(&str, Kind, Tamper)] = &[
    ("an entry is removed", Kind::EntryMissing, |it, _| {
        it.parts.remove(5);
    }),
    ("the last entry is removed", Kind::EntryMissing, |it, _| {
        it.parts.pop();
    }),
    ("an entry is added", Kind::EntryExtra, |it, _| {
        it.parts.insert(4, Part::new("files/9_extra", "extra"));
    }),
    ("an entry is there twice", Kind::EntryExtra, |it, _| {
        let twice = it.parts[5].clone();
        it.parts.push(twice);
    }),
    ("an entry is renamed", Kind::EntryExtra, |it, _| {
        it.parts[4].name.push(b'x');
    }),
    (
        "an entry is renamed in its local header",
        Kind::EntryChanged,
        |it, _| {
            it.parts[4].local_name = Some(b"files/0_Tree Inspection.fmx".to_vec());
        },
    ),
    ("two entries change places", Kind::EntryMoved, |it, _| {
        it.parts.swap(4, 5);
    }),
    (
        "the directory lists them in another order",
        Kind::EntryMoved,
        |it, _| {
            let mut order: Vec<usize> = (0..it.parts.len()).collect();
            order.swap(4, 5);
            it.order = Some(order);
        },
    ),
    (
        "two entries change places under the same directory",
        Kind::EntryMoved,
        |it, _| {
            let mut order: Vec<usize> = (0..it.parts.len()).collect();
            order.swap(4, 5);
            it.parts.swap(4, 5);
            it.order = Some(order);
        },
    ),
    (
        "a byte of the payload is flipped",
        Kind::EntryChanged,
        |it, _| {
            it.parts[4].data[100] ^= 1;
        },
    ),
    (
        "the payload is replaced, with the right sums",
        Kind::EntryChanged,
        |it, _| {
            it.parts[4].edit(|text| text.replace("FME", "EMF"));
        },
    ),
    (
        "the payload is packed in another way",
        Kind::EntryChanged,
        |it, _| {
            let content = it.parts[4].content();
            it.parts[4].method = 0;
            it.parts[4].pack(&content.clone(), content);
        },
    ),
    (
        "a byte of a rewritten document is flipped",
        Kind::ContentDamaged,
        |it, _| {
            it.part("data.xml").data[5000] ^= 1;
        },
    ),
    ("a CRC is changed", Kind::RecordChanged, |it, _| {
        it.parts[4].claimed_crc = Some(7);
    }),
    (
        "a CRC is changed in both places",
        Kind::RecordChanged,
        |it, _| it.parts[4].crc ^= 1,
    ),
    (
        "the CRC of a rewritten document is changed",
        Kind::ContentDamaged,
        |it, _| {
            it.part("project.yml").crc ^= 1;
        },
    ),
    ("a size is changed", Kind::RecordChanged, |it, _| {
        it.parts[4].claimed_size = Some(7);
    }),
    ("a time is changed", Kind::RecordChanged, |it, _| {
        it.parts[4].time += 1;
    }),
    (
        "a time is changed in the local header",
        Kind::EntryChanged,
        |it, _| {
            it.parts[4].local_time = Some(0x5b73_a312);
        },
    ),
    (
        "the time of a rewritten document is changed",
        Kind::RecordChanged,
        |it, _| {
            it.part("data.xml").time += 1;
        },
    ),
    (
        "its local header is changed",
        Kind::EntryChanged,
        |it, _| {
            it.part("data.xml").local_extra = vec![9, 9, 0, 0];
        },
    ),
    (
        "external attributes are changed",
        Kind::RecordChanged,
        |it, _| {
            it.parts[4].external = 0o100_777 << 16;
        },
    ),
    (
        "internal attributes are changed",
        Kind::RecordChanged,
        |it, _| it.parts[4].internal = 1,
    ),
    (
        "the version made by is changed",
        Kind::RecordChanged,
        |it, _| {
            it.parts[4].version.0 = 0x0314;
        },
    ),
    ("flags are changed", Kind::RecordChanged, |it, _| {
        it.parts[4].flags ^= 0x0800;
    }),
    ("an extra field is added", Kind::RecordChanged, |it, _| {
        it.parts[4].extra = vec![9, 9, 1, 0, 7];
    }),
    (
        "an entry's comment is changed",
        Kind::RecordChanged,
        |it, _| {
            it.parts[4].comment = b"hello".to_vec();
        },
    ),
    ("a descriptor is changed", Kind::EntryChanged, |it, _| {
        let descriptor = super::support::surgery::Descriptor::Raw(vec![0; 16]);
        it.parts[4].descriptor = descriptor;
    }),
    (
        "a rewritten document's descriptor is changed",
        Kind::EntryChanged,
        |it, _| {
            let descriptor =
                super::support::surgery::Descriptor::Raw(b"PK\x07\x08????????????".to_vec());
            it.part("properties.xml").descriptor = descriptor;
        },
    ),
    (
        "bytes are hidden between entries",
        Kind::EntryChanged,
        |it, _| {
            it.parts[5].gap = b"hidden".to_vec();
        },
    ),
    (
        "bytes are hidden behind a rewritten document",
        Kind::EntryChanged,
        |it, _| {
            it.parts[2].gap = b"hidden".to_vec();
        },
    ),
    (
        "bytes are hidden before the directory",
        Kind::EntryChanged,
        |it, _| {
            it.gap = b"hidden".to_vec();
        },
    ),
    (
        "bytes are put before the first entry",
        Kind::ArchiveChanged,
        |it, _| {
            it.prefix = b"#!/bin/sh\n".to_vec();
        },
    ),
    (
        "the archive's comment is changed",
        Kind::ArchiveChanged,
        |it, _| {
            it.comment = b"hello".to_vec();
        },
    ),
    (
        "the end is written as zip64",
        Kind::ArchiveChanged,
        |it, _| it.wide_end = true,
    ),
    (
        "an attribute elsewhere is changed",
        Kind::DocumentChanged,
        |it, _| {
            it.part("data.xml")
                .edit(|data| data.replacen("<value>true</value>", "<value>false</value>", 1));
        },
    ),
    (
        "data.xml goes on behind its end",
        Kind::DocumentChanged,
        |it, _| {
            it.part("data.xml").edit(|data| format!("{data}\n"));
        },
    ),
    ("data.xml is cut", Kind::DocumentChanged, |it, _| {
        it.part("data.xml")
            .edit(|data| data[..data.len() / 2].to_owned());
    }),
    ("data.xml is the source's", Kind::TraceLeft, |it, source| {
        *it.part("data.xml") = source.part("data.xml").clone();
    }),
    (
        "project.yml is the source's",
        Kind::TraceLeft,
        |it, source| {
            *it.part("project.yml") = source.part("project.yml").clone();
        },
    ),
    (
        "properties.xml is the source's",
        Kind::StampWrong,
        |it, source| {
            *it.part("properties.xml") = source.part("properties.xml").clone();
        },
    ),
    ("the build is another", Kind::StampWrong, |it, _| {
        it.part("properties.xml")
            .edit(|text| text.replace("26121", "26124"));
    }),
    ("the schema is another", Kind::StampWrong, |it, _| {
        it.part("properties.xml")
            .edit(|text| text.replace("2.111", "2.112"));
    }),
    ("the minimum build is another", Kind::StampWrong, |it, _| {
        it.part("project.yml")
            .edit(|text| text.replace("26121", "26000"));
    }),
    (
        "the schema is no longer a version",
        Kind::ContentDamaged,
        |it, _| {
            it.part("properties.xml")
                .edit(|text| text.replace("2.111", "new"));
        },
    ),
    ("a token is left", Kind::TraceLeft, |it, source| {
        let tokens = list_of(&source.part("data.xml").text(), "user_tokens");
        let security = "<name>security</name><type>categories</type><itemtypes>";
        insert(it, security, &tokens);
    }),
    ("a role is left", Kind::TraceLeft, |it, source| {
        let role = item_with(&source.part("data.xml").text(), ROLE);
        insert(it, "<name>roles</name><items>", &role);
    }),
    ("a grant is left", Kind::TraceLeft, |it, source| {
        let text = source.part("data.xml").text();
        let role = item_with(&text, ROLE);
        let key = &role["<item><name>".len()..][..36];
        let grant = item_with(
            &text,
            &format!("<name>{key}</name><type>role_permissions</type>"),
        );
        insert(it, "<name>role_permissions</name><items>", &grant);
    }),
    (
        "a role's key is left in a value",
        Kind::TraceLeft,
        |it, source| {
            let role = item_with(&source.part("data.xml").text(), ROLE);
            let key = role["<item><name>".len()..][..36].to_uppercase();
            insert(it, "<value>", &key);
        },
    ),
    (
        "a role's key is left in files.map",
        Kind::TraceLeft,
        |it, source| {
            let role = item_with(&source.part("data.xml").text(), ROLE);
            let key = &role["<item><name>".len()..][..36];
            it.part("files.map")
                .edit(|map| format!("{map}/x/{key}\nfiles/0\n"));
        },
    ),
    ("an app keeps its token's name", Kind::TraceLeft, |it, _| {
        let kept = format!(
            "<attribute><name>token</name><type>string</type><value>{TOKEN}</value></attribute>"
        );
        let enabled = "<attribute><name>enabled</name>";
        it.part("data.xml")
            .edit(|data| data.replacen(enabled, &(kept + enabled), 1));
    }),
    ("a line of project.yml is left", Kind::TraceLeft, |it, _| {
        let lines = format!("  tokens:\n  - mira/{TOKEN}\n  workspaces:\n");
        it.part("project.yml")
            .edit(|text| text.replace("  workspaces:\n", &lines));
    }),
    ("a role in project.yml is left", Kind::TraceLeft, |it, _| {
        let line = format!("  roles:\n  - {ROLE}\n");
        it.part("project.yml")
            .edit(|text| text.replace("  roles:\n", &line));
    }),
    (
        "an app gets one more permission",
        Kind::PermissionExtra,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let run = "<value>NAMEDCONNECTIONS_RUN</value>";
                data.replacen(
                    run,
                    "<value>NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE</value>",
                    1,
                )
            });
        },
    ),
    (
        "an app gets one more connection",
        Kind::PermissionExtra,
        |it, _| {
            let text = it.part("data.xml").text();
            let entry = item_with(
                &text,
                "<name>City Slack</name><type>connectionPermissions</type>",
            );
            insert(it, LIST, &entry.replace("City Slack", "City Oracle"));
        },
    ),
    (
        "an app gets a connection without a word",
        Kind::PermissionExtra,
        |it, _| {
            let text = it.part("data.xml").text();
            let entry = item_with(
                &text,
                "<name>City Slack</name><type>connectionPermissions</type>",
            );
            let entry = entry.replace("City Slack", "X");
            insert(
                it,
                LIST,
                &entry.replace("NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE", ""),
            );
        },
    ),
    (
        "an app loses a permission",
        Kind::PermissionMissing,
        |it, _| {
            it.part("data.xml").edit(|data| {
                data.replacen(
                    "NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE",
                    "NAMEDCONNECTIONS_RUN",
                    1,
                )
            });
        },
    ),
    (
        "an app loses a connection",
        Kind::PermissionMissing,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let kind = "<name>City Slack</name><type>connectionPermissions</type>";
                data.replacen(&item_with(data, kind), "", 1)
            });
        },
    ),
    (
        "permissions are bound to another app",
        Kind::AppForm,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let bound = "<name>appIdentifier</name><type>uuid</type><value>dddddddd";
                data.replacen(bound, &bound.replace("dddddddd", "eeeeeeee"), 1)
            });
        },
    ),
    (
        "an app that could not run is switched on",
        Kind::AppForm,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let app = item_with(
                    data,
                    "<name>name</name><type>string</type><value>legacy-form</value>",
                );
                let off = "<name>enabled</name><type>boolean</type><value>false</value>";
                data.replace(&app, &app.replace(off, &off.replace("false", "true")))
            });
        },
    ),
    (
        "an app does not say whether it runs",
        Kind::AppForm,
        |it, _| {
            it.part("data.xml")
                .edit(|data| data.replacen("<name>enabled</name>", "<name>on</name>", 1));
        },
    ),
    ("an app is gone", Kind::AppForm, |it, _| {
        it.part("data.xml").edit(|data| {
            data.replace(
                &item_with(
                    data,
                    "<name>name</name><type>string</type><value>legacy-form</value>",
                ),
                "",
            )
        });
    }),
    (
        "an expiry is judged as it was not",
        Kind::DocumentChanged,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let on = "<name>enabled</name><type>boolean</type><value>true</value>";
                data.replacen(on, &on.replace("true", "false"), 1)
            });
        },
    ),
];

#[test]
fn every_kind_of_tampering_is_noticed_for_what_it_is() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", &[]);
    let verdict = upgraded.verdict();
    assert!(verdict.is_good(), "{verdict:#?}");
    let mut kinds = BTreeSet::new();
    let [source, good] = [&upgraded.source, &upgraded.target].map(|p| parts(p));
    let tampered = upgraded.folder.path().join("tampered.fsproject");
    for (what, kind, tamper) in TAMPERS {
        let mut archive = good.clone();
        tamper(&mut archive, &mut source.clone());
        let bytes = archive.build();
        assert!(bytes != good.build(), "{what}: nothing was tampered with");
        fs_err::write(&tampered, bytes).unwrap();
        let verdict = judge(&upgraded.source, &tampered);
        assert!(!verdict.is_good(), "{what}: not noticed");
        let noticed = verdict.differences.iter().any(|it| it.kind == *kind);
        assert!(noticed, "{what}: no {} in {verdict:#?}", kind.as_str());
        kinds.insert(*kind);
    }
    assert_eq!(
        kinds.len(),
        13,
        "a kind of difference that no tampering shows"
    );
    super::counts::say("ways of tampering, all noticed", TAMPERS.len());
}

#[test]
fn a_byte_changed_anywhere_is_noticed_or_refused() {
    let upgraded = Upgraded::of("archive-2.16.fsproject", &[]);
    let good = fs_err::read(&upgraded.target).unwrap();
    let tampered = upgraded.folder.path().join("tampered.fsproject");
    // A prime, so that every kind of place is met.
    let step = if super::counts::long() { 13 } else { 499 };
    let mut tried = 0;
    for at in (0..good.len()).step_by(step) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fs_err::write(&tampered, bytes).unwrap();
        let judged = verdict(&upgraded.source, &tampered, AsOf::Derived);
        assert!(
            !judged.is_ok_and(|verdict| verdict.is_good()),
            "byte {at} is not judged"
        );
        tried += 1;
    }
    super::counts::say("single bytes changed, all noticed", tried);
}

#[test]
fn every_archive_that_was_migrated_is_verified_whatever_the_options() {
    for options in [
        &[][..],
        &["--keep-tokens"],
        &["--stamp", "source"],
        &[
            "--stamp",
            "target",
            "--target-build",
            "26200",
            "--expand-unrestricted",
        ],
    ] {
        let fixtures = fixtures::FIXTURES.iter().map(fixtures::Fixture::archive);
        let corpus = corpus::archives().into_iter().flatten();
        let corpus = corpus.filter(|_| options.is_empty());
        for archive in fixtures.chain(corpus) {
            let folder = tempfile::tempdir().unwrap();
            let source = archive.to_str().unwrap();
            let migrate = [
                &["migrate", "-q", "-o", "up", "--verify", "full"],
                options,
                &[source],
            ];
            let outcome = run(folder.path(), &migrate.concat());
            assert_eq!(outcome.code, 0, "{source} {options:?}: {outcome:?}");
            if !folder.path().join("up").exists() {
                continue; // it is of 2026.1
            }
            let outcome = run(
                folder.path(),
                &[&["verify"], options, &[source, "up"]].concat(),
            );
            assert_eq!(outcome.code, 0, "{source} {options:?}: {}", outcome.text());
            assert!(outcome.stdout.starts_with("verified: "));
        }
    }
}

#[test]
fn a_verdict_is_signed_off_with_both_digests_in_either_format() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", &[]);
    let words = ["verify", upgraded.source.to_str().unwrap(), "up.fsproject"];
    let outcome = run(upgraded.folder.path(), &words);
    assert_eq!(outcome.code, 0);
    let digests = [&upgraded.source, &upgraded.target].map(|path| digest(path));
    for digest in &digests {
        assert!(
            outcome.stdout.contains(&format!("sha256:{digest}")),
            "{}",
            outcome.stdout
        );
    }
    let outcome = run(
        upgraded.folder.path(),
        &[&words[..], &["--format", "json"]].concat(),
    );
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["verified"], true);
    assert_eq!(json["source"]["sha256"], digests[0]);
    assert_eq!(json["upgraded"]["sha256"], digests[1]);
    assert_eq!(json["entries"], 15);
    assert_eq!(json["untouched"], 12);
    assert_eq!(json["differences"], serde_json::json!([]));
}

#[test]
fn a_difference_is_said_with_its_place_and_exits_with_one() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", &["--stamp", "source"]);
    let source = upgraded.source.to_str().unwrap();
    let outcome = run(upgraded.folder.path(), &["verify", source, "up.fsproject"]);
    assert_eq!(outcome.code, 1);
    let first = "stamp-wrong: properties.xml: build 25645 with schema 2.99, declared are build \
                 26121 with schema 2.111";
    assert!(outcome.stdout.contains(first), "{}", outcome.stdout);
    assert!(
        outcome
            .stdout
            .contains("hint: its stamps are the source's: --stamp source")
    );
    assert!(
        outcome.stdout.contains("NOT verified: "),
        "{}",
        outcome.stdout
    );
    let kept = Upgraded::of("parks-2.99.fsproject", &["--keep-tokens"]).verdict();
    assert!(
        kept.hints.iter().any(|hint| hint.contains("--keep-tokens")),
        "{kept:#?}"
    );
    let built = Upgraded::of("parks-2.99.fsproject", &["--target-build", "26300"]).verdict();
    assert!(
        built
            .hints
            .iter()
            .any(|hint| hint.contains("--target-build 26300")),
        "{built:#?}"
    );
}

#[test]
fn archives_that_cannot_be_read_are_refused_and_not_judged() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", &[]);
    let folder = upgraded.folder.path();
    fs_err::write(folder.join("junk"), "junk").unwrap();
    let source = upgraded.source.to_str().unwrap();
    assert_eq!(run(folder, &["verify", source, "junk"]).code, 3);
    assert_eq!(run(folder, &["verify", "junk", "up.fsproject"]).code, 3);
    assert_eq!(run(folder, &["verify", source, "absent"]).code, 4);
    assert_eq!(run(folder, &["verify", source]).code, 2);
}

#[test]
fn the_time_of_the_migration_is_derived_from_the_apps() {
    // Before 2026-03-01 the token of `expired-permit` had not expired.
    let folder = tempfile::tempdir().unwrap();
    let source = fixtures::folder().join("city.fsconfig");
    let words = ["migrate", "-q", "-o", "up", source.to_str().unwrap()];
    let early = ServerTime("2026-02-28T12:00:00".parse().unwrap());
    let mut migrate = super::support::run::command(folder.path(), &words);
    let status = migrate
        .env("FLOWLIFT_NOW", "2026-02-28T12:00:00[UTC]")
        .output();
    assert!(status.unwrap().status.success());
    let up = folder.path().join("up");
    let derived = verdict(&source, &up, AsOf::Derived).unwrap();
    assert!(derived.is_good(), "{derived:#?}");
    assert!(derived.as_of.0 < "2026-03-01T00:00:00".parse().unwrap());
    assert!(verdict(&source, &up, AsOf::Time(early)).unwrap().is_good());
    let late = ServerTime("2026-11-21T12:00:00".parse().unwrap());
    assert!(!verdict(&source, &up, AsOf::Time(late)).unwrap().is_good());
}

/// A fixture that was migrated.
struct Upgraded {
    folder: TempDir,
    source: PathBuf,
    target: PathBuf,
}

impl Upgraded {
    fn of(name: &str, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = fixtures::folder().join(name);
        let target = folder.path().join("up.fsproject");
        let words = [
            "migrate",
            "-q",
            "-o",
            "up.fsproject",
            source.to_str().unwrap(),
        ];
        let outcome = run(folder.path(), &[&words[..], options].concat());
        assert_eq!(outcome.code, 0, "{outcome:?}");
        Self {
            folder,
            source,
            target,
        }
    }

    fn verdict(&self) -> Verdict {
        judge(&self.source, &self.target)
    }
}

fn judge(source: &Path, upgraded: &Path) -> Verdict {
    verdict(source, upgraded, AsOf::Derived).unwrap()
}

fn verdict(source: &Path, upgraded: &Path, as_of: AsOf) -> Result<Verdict, flowlift::error::Error> {
    let clock = Clock::Stopped(NOW.parse().unwrap());
    verify(
        source,
        upgraded,
        Options::default(),
        as_of,
        &clock,
        &Unwatched,
    )
}

fn parts(path: &Path) -> Parts {
    Parts::parse(&fs_err::read(path).unwrap())
}

fn digest(path: &Path) -> String {
    use sha2::Digest;
    let sum = sha2::Sha256::digest(fs_err::read(path).unwrap());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Puts `text` behind the first `mark` of `data.xml`.
fn insert(archive: &mut Parts, mark: &str, text: &str) {
    archive
        .part("data.xml")
        .edit(|data| data.replacen(mark, &format!("{mark}{text}"), 1));
}

/// The innermost item that holds `mark`.
fn item_with(text: &str, mark: &str) -> String {
    let at = text.find(mark).unwrap_or_else(|| panic!("no {mark}"));
    let mut depth = 0;
    let mut start = at;
    loop {
        start = text[..start].rfind("item>").unwrap();
        if text[..start].ends_with("</") {
            depth += 1;
        } else if depth == 0 {
            break;
        } else {
            depth -= 1;
        }
    }
    element(&text[start - 1..], "item")
}

/// The itemtype called `name`.
fn list_of(text: &str, name: &str) -> String {
    let mark = format!("<itemtype><name>{name}</name>");
    element(&text[text.find(&mark).unwrap()..], "itemtype")
}

/// The element that `text` begins with.
fn element(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let (mut at, mut depth) = (0, 0);
    loop {
        let rest = &text[at..];
        let end = rest.find(&close).unwrap();
        if let Some(start) = rest.find(&open).filter(|start| *start < end) {
            depth += 1;
            at += start + open.len();
        } else {
            depth -= 1;
            at += end + close.len();
            if depth == 0 {
                return text[..at].to_owned();
            }
        }
    }
}
