//! Whether a permission that is carried or lost matters to the app, as its workspaces tell.

use std::collections::{BTreeMap, BTreeSet};

use super::support::altered::with_text;
use super::support::fixtures::{FIXTURES, Fixture};
use flowlift::clock::Clock;
use flowlift::finding::{Finding, Impact, Level};
use flowlift::migrate::prepare;
use flowlift::plan::Options;
use flowlift::watch::Unwatched;

const BENCH: &str = "Bench & bin \"report\" <100% öffentlich + frei> for the whole city";

#[test]
fn a_lost_resource_matters_where_the_app_asks_for_files() {
    let findings = findings(&parks(), Change::None);
    let needed = one(&findings, "resource-action-needed", "tree-inspection");
    assert_eq!(needed.level(), Level::Warn);
    assert!(needed.message().contains("\"SourceDataset_CSV2\""));
    assert_eq!(
        needed.help().unwrap(),
        "after the restore, open the app's Edit page, go to Resource Permissions, click Add \
         Resources, choose Data (FME_SHAREDRESOURCE_DATA) and give it what it had: \
         SHAREDRESOURCE_DOWNLOAD, SHAREDRESOURCE_READ, SHAREDRESOURCE_UPLOAD"
    );
    let unneeded = one(&findings, "resource-without-file-parameter", BENCH);
    assert_eq!(unneeded.level(), Level::Inform);
}

#[test]
fn a_connection_the_owner_may_run_is_needed_only_where_it_is_published() {
    let findings = findings(&parks(), Change::None);
    let internal = one(
        &findings,
        "connection-needed-not-granted",
        "tree-inspection",
    );
    assert_eq!((internal.level(), internal.help()), (Level::Inform, None));
    let published = one(&findings, "connection-needed-not-granted", BENCH);
    assert_eq!(published.level(), Level::Warn);
    assert!(
        published
            .help()
            .unwrap()
            .ends_with("add \"Parks PostGIS\" with Run")
    );
}

#[test]
fn an_internal_connection_that_the_owner_may_not_run_is_a_warning() {
    let city = FIXTURES.into_iter().find(|it| it.name == "city").unwrap();
    let findings = findings(&city, Change::None);
    let internal = findings
        .iter()
        .find(|finding| finding.message().contains("uses connection"))
        .unwrap();
    assert_eq!(internal.app_name(), Some("open-data"));
    assert_eq!(internal.level(), Level::Warn);
    assert!(
        internal
            .message()
            .contains("owner \"björn\" may not run it"),
        "{}",
        internal.message()
    );
}

#[test]
fn of_a_workspace_that_is_missing_nothing_is_concluded() {
    let change = Change::Text("files.map", "bench+report.fmw", "another.fmw");
    let findings = findings(&parks(), change);
    let found = by_code(&findings);
    assert!(found["workspace-missing"].contains(BENCH));
    nothing_is_concluded(&found);
}

#[test]
fn of_a_workspace_that_cannot_be_read_nothing_is_concluded() {
    let change = Change::Text("files/1_bench report.fmw", "#! </WORKSPACE>", "#! ");
    let findings = findings(&parks(), change);
    let unreadable = one(&findings, "workspace-unreadable", BENCH);
    assert_eq!(unreadable.level(), Level::Warn);
    assert!(
        unreadable
            .message()
            .starts_with("what workspace \"Parks and Trees/bench report.fmw\" needs is unknown: "),
        "{}",
        unreadable.message()
    );
    nothing_is_concluded(&by_code(&findings));
}

fn nothing_is_concluded(found: &BTreeMap<&str, BTreeSet<&str>>) {
    for code in [
        "connection-needed-not-granted",
        "connection-unused",
        "resource-action-needed",
        "resource-without-file-parameter",
    ] {
        let apps = found.get(code);
        assert!(apps.is_none_or(|apps| !apps.contains(BENCH)), "{code}");
    }
}

#[test]
fn a_workspace_too_old_to_declare_connections_makes_none_unused() {
    let declares = |build| {
        let stamp = format!("FME_BUILD_NUM=\"{build}\"");
        let change = Change::Text(
            "files/1_bench report.fmw",
            "FME_BUILD_NUM=\"25645\"",
            &stamp,
        );
        let findings = findings(&parks(), change);
        by_code(&findings)["connection-unused"].contains(BENCH)
    };
    assert!(declares(22337));
    assert!(!declares(22336));
}

#[test]
fn a_path_in_a_lost_resource_is_to_be_checked_where_nothing_asks_for_files() {
    let change = Change::Text(
        "files/1_bench report.fmw",
        "#! <DATASETS>",
        "#! <DATASETS>\n#! <DATASET\n#!   DATASET=\"$(FME_SHAREDRESOURCE_DATA)/benches.csv\"\n#! />",
    );
    let findings = findings(&parks(), change);
    let named = one(&findings, "resource-named", BENCH);
    assert_eq!(
        (named.level(), named.impact()),
        (Level::Warn, Impact::Check)
    );
    assert!(
        named.message().contains("bench report.fmw"),
        "{}",
        named.message()
    );
    let of_app = findings.iter().filter(|it| it.app_name() == Some(BENCH));
    let verdicts = of_app.filter(|it| it.code() == "resource-without-file-parameter");
    assert_eq!(verdicts.count(), 0);
}

#[test]
fn an_automation_that_is_stopped_is_said() {
    let city = FIXTURES.into_iter().find(|it| it.name == "city").unwrap();
    let change = Change::Text(
        "data.xml",
        "<name>isenabled</name><type>boolean</type><value>true<",
        "<name>isenabled</name><type>boolean</type><value>false<",
    );
    let findings = findings(&city, change);
    let stopped = findings.iter().find(|it| it.code() == "automation-stopped");
    let message = stopped.unwrap().message();
    assert!(message.contains("\"Flood watch\""), "{message}");
}

#[test]
fn a_connection_named_by_an_expression_is_neither_needed_nor_makes_another_unused() {
    let fixture = parks();
    let before = findings(&fixture, Change::None);
    assert!(by_code(&before)["connection-unused"].contains(BENCH));
    let change = Change::Text(
        "files/1_bench report.fmw",
        "NAME=\"Parks PostGIS\"",
        "NAME=\"@Value(_authentication)\"",
    );
    let findings = findings(&fixture, change);
    let found = by_code(&findings);
    assert!(found["connection-by-expression"].contains(BENCH));
    for code in ["connection-needed-not-granted", "connection-unused"] {
        let apps = found.get(code);
        assert!(apps.is_none_or(|apps| !apps.contains(BENCH)), "{code}");
    }
}

#[test]
fn a_link_of_a_gallery_leads_to_an_app_that_is_there_and_runs() {
    let city = FIXTURES.into_iter().find(|it| it.name == "city").unwrap();
    let link = |name: &str| format!("<name>link</name><type>string</type><value>{name}<");
    let told = |name: &str| {
        let (before, after) = (link("cadastre-extract"), link(name));
        let findings = findings(&city, Change::Text("data.xml", &before, &after));
        let of_links = findings.iter().filter(|it| it.code().starts_with("link-"));
        let told = of_links.map(|it| (it.code().to_owned(), it.message()));
        told.collect::<Vec<_>>()
    };
    assert_eq!(told("cadastre-extract"), []);
    assert_eq!(told("Cadastre-Extract"), []);
    let gone = told("gone");
    assert!(
        gone[0].0 == "link-missing" && gone[0].1.contains("\"gone\""),
        "{gone:?}"
    );
    let stopped = told("expired-permit");
    assert_eq!(stopped[0].0, "link-disabled", "{stopped:?}");
}

/// What is different from the fixture: in one entry, one text for another.
#[derive(Clone, Copy)]
enum Change<'a> {
    None,
    Text(&'a str, &'a str, &'a str),
}

fn parks() -> Fixture {
    FIXTURES
        .into_iter()
        .find(|it| it.name == "parks-2.99")
        .unwrap()
}

/// The findings of a fixture with a change.
fn findings(fixture: &Fixture, change: Change<'_>) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(fixture.archive().file_name().unwrap());
    let archive = fixture.build().unwrap();
    let archive = match change {
        Change::None => archive,
        Change::Text(name, before, after) => with_text(&archive, name, before, after),
    };
    fs_err::write(&path, archive).unwrap();
    let clock = Clock::Stopped("2026-11-21T12:00:00[UTC]".parse().unwrap());
    prepare(&path, Options::default(), &clock, &Unwatched)
        .unwrap()
        .plan
        .findings
}

fn by_code(findings: &[Finding]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut apps: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for finding in findings {
        let of_code = apps.entry(finding.code()).or_default();
        of_code.extend(finding.app_name());
    }
    apps
}

fn one<'a>(findings: &'a [Finding], code: &str, app: &str) -> &'a Finding {
    let mut found = findings
        .iter()
        .filter(|it| it.code() == code && it.app_name() == Some(app));
    let first = found.next().unwrap();
    assert!(found.next().is_none(), "{code} twice");
    first
}
