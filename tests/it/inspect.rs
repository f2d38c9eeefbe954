//! `inspect` against independent readings of the same archives, and what people see of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use roxmltree::Node;

use super::secrets::secrets;
use super::support::run::{Outcome, run};
use super::support::{archives, fixtures};

/// Runs `inspect` among the fixtures, so that paths are short.
fn inspect(words: &[&str]) -> Outcome {
    run(&fixtures::folder(), &[&["inspect"], words].concat())
}

fn data_xml(archive: &Path) -> String {
    let mut zip = zip::ZipArchive::new(fs_err::File::open(archive).unwrap()).unwrap();
    let mut text = String::new();
    let mut entry = zip.by_name("data.xml").unwrap();
    entry.read_to_string(&mut text).unwrap();
    text
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn name<'a>(node: Node<'a, 'a>) -> &'a str {
    child(node, "name")
        .and_then(|name| name.text())
        .unwrap_or_default()
}

/// Itemtypes of an item, or of the document, with their items.
fn lists<'a>(node: Node<'a, 'a>) -> Vec<(&'a str, Vec<Node<'a, 'a>>)> {
    let lists = child(node, "itemtypes")
        .into_iter()
        .flat_map(|it| it.children());
    let elements = lists.filter(Node::is_element);
    elements
        .map(|list| {
            let items = child(list, "items")
                .into_iter()
                .flat_map(|it| it.children());
            (name(list), items.filter(Node::is_element).collect())
        })
        .collect()
}

#[test]
fn every_list_and_entry_is_counted_as_an_independent_reader_counts_it() {
    for archive in archives() {
        let path = archive.to_str().unwrap();
        let report = inspect(&["--format", "json", "--entries", path]).archive();
        let text = data_xml(&archive);
        let document = roxmltree::Document::parse(&text).unwrap();
        let mut expected: Vec<(String, BTreeMap<String, u64>)> = Vec::new();
        for category in &lists(document.root_element())[0].1 {
            let mut counts = BTreeMap::new();
            for (list, items) in lists(*category) {
                *counts.entry(list.to_owned()).or_default() += items.len() as u64;
                for (inner, inside) in items.iter().flat_map(|item| lists(*item)) {
                    *counts.entry(format!("{list}/{inner}")).or_default() += inside.len() as u64;
                }
            }
            expected.push((name(*category).to_owned(), counts));
        }
        let categories = report["categories"].as_array().unwrap();
        let found: Vec<(String, BTreeMap<String, u64>)> = categories
            .iter()
            .map(|category| {
                let name = category["name"].as_str().unwrap().to_owned();
                (
                    name,
                    serde_json::from_value(category["lists"].clone()).unwrap(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{path}");

        let mut zip = zip::ZipArchive::new(fs_err::File::open(&archive).unwrap()).unwrap();
        let names: Vec<String> = (0..zip.len())
            .map(|i| zip.by_index_raw(i).unwrap().name().unwrap().into_owned())
            .collect();
        let listed = report["entry_list"].as_array().unwrap().iter();
        let listed: Vec<&str> = listed
            .map(|entry| entry["name"].as_str().unwrap())
            .collect();
        assert_eq!(listed, names, "{path}");
        let kinds = report["entries"].as_object().unwrap().values();
        let counted: u64 = kinds.map(|kind| kind["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, names.len() as u64, "{path}");
    }
}

#[test]
fn no_secret_is_shown_by_any_part_of_it() {
    for archive in archives() {
        let path = archive.to_str().unwrap();
        let secrets = secrets(&archive);
        for words in [
            &["--tree", "/"][..],
            &["--tree", "/", "--format", "json"],
            &["--format", "json", "--entries"],
            &["--apps", "--tokens", "--connections"],
            &["-vvv"],
        ] {
            let outcome = inspect(&[words, &[path]].concat());
            assert_eq!(outcome.code, 0, "{}", outcome.stderr);
            let said = outcome.stdout + &outcome.stderr;
            for secret in &secrets {
                assert!(!said.contains(secret.as_str()), "{path} leaks {secret}");
            }
            assert!(!said.contains("fme_enc"), "{path} leaks a ciphertext");
        }
    }
}

#[test]
fn an_outline_shows_every_name_that_an_independent_reader_finds() {
    let archive = fixtures::folder().join("parks-2.99.fsproject");
    let text = data_xml(&archive);
    let document = roxmltree::Document::parse(&text).unwrap();
    let outline = inspect(&["--tree", "/", "--format", "json", archive.to_str().unwrap()]);
    let report = outline.archive();
    let nodes = report["tree"].as_array().unwrap();
    let of_kind = |kinds: &[&str]| {
        let of_kind = nodes
            .iter()
            .filter(|node| kinds.contains(&node["kind"].as_str().unwrap()));
        of_kind.count()
    };
    let of_tag = |tags: &[&str]| {
        let elements = document.descendants().filter(Node::is_element);
        elements
            .filter(|node| tags.contains(&node.tag_name().name()))
            .count()
    };
    assert_eq!(of_kind(&["item"]), of_tag(&["item", "file", "dir"]));
    assert_eq!(
        of_kind(&["list", "files", "folders"]),
        of_tag(&["itemtype", "filetype", "dirtype"])
    );
    assert_eq!(of_kind(&["attribute"]), of_tag(&["attribute"]));
}

#[test]
fn people_see_what_is_in_a_project_a_backup_and_a_2026_1_project() {
    insta::assert_snapshot!("inspect_project", inspect(&["parks-2.99.fsproject"]).text());
    insta::assert_snapshot!("inspect_backup", inspect(&["city.fsconfig"]).text());
    insta::assert_snapshot!("inspect_current", inspect(&["next-2.111.fsproject"]).text());
    let tokens = inspect(&["--tokens", "city.fsconfig"]);
    insta::assert_snapshot!("inspect_tokens", tokens.text());
    let tree = inspect(&["--tree", "security/user_tokens", "harbour-2.57.fsproject"]);
    insta::assert_snapshot!("inspect_tree", tree.text());
}

#[test]
fn the_apps_of_an_upgraded_archive_hold_their_connections_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let source = fixtures::folder().join("parks-2.99.fsproject");
    let source = source.to_str().unwrap();
    let migrated = run(
        folder.path(),
        &[
            "migrate",
            "-q",
            "--form",
            "final",
            "-o",
            "up.fsproject",
            source,
        ],
    );
    assert_eq!(migrated.code, 0, "{}", migrated.stderr);
    let report = run(
        folder.path(),
        &["inspect", "--format", "json", "up.fsproject"],
    )
    .archive();
    let mut held = BTreeSet::new();
    for connection in report["connections"].as_array().unwrap() {
        for holder in connection["holders"].as_array().unwrap() {
            assert_ne!(holder["kind"], "token", "{holder}");
            if holder["kind"] == "app" {
                held.insert((
                    holder["name"].clone().to_string(),
                    connection["name"].to_string(),
                ));
            }
        }
    }
    let has = |app: &str, connection: &str| {
        held.contains(&(format!("{app:?}"), format!("{connection:?}")))
    };
    assert!(has("tree-inspection", "Parks PostGIS") && has("Storm damage intake", "City Slack"));
}

#[test]
fn a_path_that_leads_nowhere_is_answered_with_the_nearest_name() {
    let outcome = inspect(&["--tree", "security/user_tokenz", "city.fsconfig"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .stderr
            .contains("did you mean security/user_tokens?"),
        "{}",
        outcome.stderr
    );
    let outcome = inspect(&["--tree", "zzz", "city.fsconfig"]);
    assert!(
        outcome.stderr.contains("the categories are: automation, "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_refused_archive_is_named_and_the_others_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("broken.fsproject"), "no archive").unwrap();
    let good = fixtures::folder().join("city.fsconfig");
    let words = [
        "inspect",
        "--format",
        "json",
        "broken.fsproject",
        good.to_str().unwrap(),
    ];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 3);
    let document: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(document["archives"][0]["outcome"], "refused");
    assert_eq!(document["archives"][1]["entries"]["documents"]["count"], 3);
}
