//! What `audit --out-dir` hands to app owners.

use std::path::Path;

use super::support::fixtures::FIXTURES;
use super::support::run::{Outcome, run};

fn scene() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let city = FIXTURES.into_iter().find(|it| it.name == "city").unwrap();
    fs_err::write(folder.path().join("city.fsconfig"), city.build().unwrap()).unwrap();
    fs_err::create_dir(folder.path().join("out")).unwrap();
    folder
}

fn hand_out(folder: &Path, words: &[&str]) -> Outcome {
    let all = [&["audit", "--out-dir", "out", "city.fsconfig"], words].concat();
    run(folder, &all)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder.join("out")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn read(folder: &Path, name: &str) -> String {
    fs_err::read_to_string(folder.join("out").join(name)).unwrap()
}

#[test]
fn each_app_owner_gets_a_page_and_a_text_and_the_index_leads_to_them() {
    let folder = scene();
    let outcome = hand_out(folder.path(), &[]);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    assert!(
        outcome
            .stdout
            .contains("index.html, with a page and a text for 4 app owners")
    );
    let names = names(folder.path());
    assert_eq!(
        names,
        [
            "admin.html",
            "admin.txt",
            "anna.berg.html",
            "anna.berg.txt",
            "björn.html",
            "björn.txt",
            "chen.html",
            "chen.txt",
            "index.html",
        ]
    );
    let index = read(folder.path(), "index.html");
    for link in ["anna.berg.html", "anna.berg.txt", "bj%C3%B6rn.html"] {
        assert!(index.contains(&format!("href=\"{link}\"")), "{link}");
    }
    let page = read(folder.path(), "anna.berg.html");
    assert!(page.contains("data-owner=\"anna.berg\""));
    for other in [
        "data-owner=\"björn\"",
        "data-owner=\"chen\"",
        "whoever runs",
    ] {
        assert!(!page.contains(other), "{other}");
    }
    // A tick on one page is one on the other.
    let tasks: Vec<_> = page.match_indices(" data-task=\"").collect();
    assert!(!tasks.is_empty());
    for (at, _) in tasks {
        assert!(index.contains(&page[at..at + 29]));
    }
    let key = page.find(" data-key=\"").unwrap();
    assert!(index.contains(&page[key..key + 28]));
}

#[test]
fn a_text_is_a_letter_with_what_its_reader_has_to_do() {
    let folder = scene();
    hand_out(folder.path(), &[]);
    insta::assert_snapshot!("handouts_letter", read(folder.path(), "anna.berg.txt"));
}

#[test]
fn nothing_is_replaced_unless_that_is_asked_for() {
    let folder = scene();
    fs_err::write(folder.path().join("out/chen.txt"), "mine").unwrap();
    let refused = hand_out(folder.path(), &[]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(refused.stderr.contains("chen.txt"));
    assert_eq!(names(folder.path()), ["chen.txt"]);
    assert_eq!(read(folder.path(), "chen.txt"), "mine");
    let forced = hand_out(folder.path(), &["--force"]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(read(folder.path(), "chen.txt").starts_with("Subject: "));
}

#[test]
fn an_archive_that_has_the_name_of_a_page_is_not_harmed() {
    let folder = scene();
    let archive = fs_err::read(folder.path().join("city.fsconfig")).unwrap();
    fs_err::write(folder.path().join("out/index.html"), &archive).unwrap();
    let words = ["audit", "--force", "--out-dir", "out", "out/index.html"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert_eq!(
        fs_err::read(folder.path().join("out/index.html")).unwrap(),
        archive
    );
    assert_eq!(names(folder.path()), ["index.html"]);
}

#[test]
fn a_folder_that_is_not_there_is_one_error_before_anything_is_read() {
    let folder = scene();
    let words = ["audit", "--out-dir", "elsewhere", "city.fsconfig"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome
            .stderr
            .contains("--out-dir names no folder: elsewhere")
    );
    assert_eq!(outcome.stdout, "");
}
