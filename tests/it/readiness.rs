//! What else of an archive breaks at 2026.1: what is found where it stands, and no secret with it.

use serde_json::Value;

use super::support::altered::with_text;
use super::support::corpus;
use super::support::fixtures::FIXTURES;
use super::support::run::{Outcome, run};

/// What a token looks like.
const TOKEN: &str = "0123456789abcdef0123456789abcdef01234567";

fn fixture(name: &str) -> Vec<u8> {
    let fixture = FIXTURES.into_iter().find(|it| it.name == name);
    fixture.unwrap().build().unwrap()
}

fn audit(archive: &[u8], words: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("x.fsproject"), archive).unwrap();
    let words = [&["audit", "--readiness"], words, &["x.fsproject"]].concat();
    run(folder.path(), &words)
}

/// Codes and messages of what is found, without what is always said.
fn told(archive: &[u8]) -> Vec<(String, String)> {
    let archive = audit(archive, &["--format", "json"]).archive();
    let findings = archive["findings"].as_array().unwrap().iter();
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    let told = findings.filter(|it| it["category"] == "readiness");
    let told = told.map(|it| (text(it, "code"), text(it, "message")));
    told.filter(|(code, _)| code != "outside-the-archive" && code != "texts-read")
        .collect()
}

fn codes(archive: &[u8]) -> Vec<String> {
    told(archive).into_iter().map(|(code, _)| code).collect()
}

/// Parks with text in the header of a workspace.
fn with_header(text: &str) -> Vec<u8> {
    let after = format!("{text}\n#! <DATASETS>");
    let name = "files/1_bench report.fmw";
    with_text(&fixture("parks-2.99"), name, "#! <DATASETS>", &after)
}

#[test]
fn without_being_asked_an_audit_says_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("x.fsproject"), fixture("parks-2.99")).unwrap();
    let outcome = run(folder.path(), &["audit", "--format", "json", "x.fsproject"]);
    assert!(!outcome.stdout.contains("readiness"));
}

#[test]
fn every_header_is_searched_and_the_place_is_told() {
    let before = codes(&fixture("parks-2.99"));
    let header = "#!   A=\"https://fme/fmerest/v3/jobs\" B=\"/fmerest&lt;solidus&gt;v2&lt;solidus&gt;a\"\n\
                  #!   C=\"/fmeapiv4/jobs/\" D=\"/fmetoken/generate\"\n#!   TYPE=\"FMEServerJobSubmitter\"";
    let after = told(&with_header(header));
    let new: Vec<_> = after
        .iter()
        .filter(|(code, _)| !before.contains(code))
        .collect();
    let codes: Vec<_> = new.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "old-api-called",
            "slash-at-end",
            "token-service-called",
            "transformer-deprecated"
        ]
    );
    assert!(
        new[0]
            .1
            .ends_with("files/1_bench report.fmw, line 18, 2 times"),
        "{}",
        new[0].1
    );
    assert!(new[3].1.contains("FMEServerJobSubmitter"), "{}", new[3].1);
}

#[test]
fn a_token_is_found_and_never_shown() {
    let archive = with_header(&format!("#!   A=\"https://fme/x?token={TOKEN}\""));
    for format in ["table", "json", "csv", "html"] {
        let outcome = audit(&archive, &["--format", format]);
        let text = outcome.text();
        let told = ["visible to everyone", "token-in-text"];
        assert!(told.iter().any(|it| text.contains(it)), "{format}: {text}");
        assert!(!text.contains(&TOKEN[..8]), "{format}");
    }
}

#[test]
fn a_call_in_a_value_of_data_xml_is_told_with_its_item() {
    let empty = "<name>footertext</name><type>string</type><value><";
    let call = "<name>footertext</name><type>string</type><value>a /fmerest/v3/b<";
    let archive = with_text(&fixture("parks-2.99"), "data.xml", empty, call);
    let told = told(&archive);
    let called = told.iter().find(|(code, _)| code == "old-api-called");
    let message = &called.unwrap().1;
    assert!(
        message.contains("data.xml: ") && message.contains("footertext"),
        "{message}"
    );
}

#[test]
fn a_webhook_that_asks_nobody_who_he_is_is_a_warning() {
    let city = fixture("city");
    let webhook = |value: &str| {
        let manual = "<name>value</name><type>string</type><value>manual<";
        let archive = with_text(
            &city,
            "data.xml",
            manual,
            &manual.replace("manual", "webhook"),
        );
        let parameter = "<item><name>jsonTrigger</name>";
        let required = parameter.replace("jsonTrigger", "REQUIRES_AUTHENTICATION");
        let archive = with_text(&archive, "data.xml", parameter, &required);
        let (is, shall) = ("<value>false</value>", format!("<value>{value}</value>"));
        with_text(&archive, "data.xml", is, &shall)
    };
    let is_open = |archive: &[u8]| codes(archive).contains(&"webhook-open".to_owned());
    assert!(!is_open(&city));
    assert!(is_open(&webhook("false")));
    assert!(!is_open(&webhook("true")));
}

#[test]
fn what_no_archive_can_show_is_asked_each_with_what_to_do() {
    let outcome = audit(&fixture("parks-2.99"), &["--format", "csv"]);
    let rows = outcome.stdout.lines();
    let asked: Vec<_> = rows
        .filter(|row| row.contains("outside-the-archive"))
        .collect();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked.iter().any(|row| row.contains("fmeflow-cli 1.4")));
}

#[test]
fn what_is_searched_is_counted_and_what_is_not_too() {
    let archive = audit(&fixture("parks-2.99"), &["--format", "json"]).archive();
    let findings = archive["findings"].as_array().unwrap().iter();
    let mut counted = findings.filter(|it| it["code"] == "texts-read");
    let message = counted.next().unwrap()["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.starts_with("searched: 3 workspace headers and 4 texts; not"),
        "{message}"
    );
}

#[test]
fn the_figures_are_those_without_readiness_and_say_what_that_adds() {
    let archive = fixture("parks-2.99");
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("x.fsproject"), &archive).unwrap();
    let figures = |outcome: &Outcome| {
        let line = outcome
            .stdout
            .lines()
            .find(|line| line.contains(" warnings"));
        line.unwrap().to_owned()
    };
    let without = figures(&run(folder.path(), &["audit", "x.fsproject"]));
    assert_eq!(
        figures(&audit(&archive, &[])),
        without + " and 1 of readiness"
    );
}

#[test]
fn real_archives_are_not_full_of_warnings() {
    let Some(archives) = corpus::archives() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for path in archives {
        let path = path.to_str().unwrap();
        let words = ["audit", "--readiness", "--format", "json", path];
        let archive = run(folder.path(), &words).archive();
        let findings = archive["findings"].as_array().unwrap().iter();
        let readiness = findings.filter(|it| it["category"] == "readiness");
        let warnings = readiness.filter(|it| it["level"] == "WARN").count();
        assert!(warnings <= 1, "{path}: {warnings}");
    }
}
