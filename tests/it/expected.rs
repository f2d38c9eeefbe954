//! A plan is held against expectations that were not made by it: by hand for the fixtures, by an
//! independent program for the grafted archives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::support::run::run;
use super::support::{corpus, fixtures};

#[test]
fn the_plan_of_every_fixture_is_what_was_worked_out_by_hand() {
    for fixture in fixtures::FIXTURES {
        let archive = fixture.archive();
        let expected = expectation(&archive).unwrap();
        let mut planned = plan(&archive, "staged");
        for form in ["staged", "final"] {
            let outcome = plan(&archive, form);
            if outcome["outcome"] == "refused" {
                continue;
            }
            planned = outcome;
            assert_eq!(
                comparable(&planned, &expected),
                apps(&expected),
                "{} {form}",
                fixture.name
            );
        }
        for (code, apps) in expected["findings"].as_object().unwrap() {
            let found = findings(&planned, code);
            assert!(!found.is_empty(), "{}: no {code}", fixture.name);
            for app in apps.as_array().unwrap() {
                assert!(found.contains(&app), "{}: no {code} of {app}", fixture.name);
            }
        }
    }
}

#[test]
fn the_plan_of_every_grafted_archive_is_what_an_independent_program_computed() {
    let mut compared = 0;
    let Some(archives) = corpus::archives() else {
        return;
    };
    for archive in archives {
        if let Some(expected) = expectation(&archive) {
            let planned = plan(&archive, "staged");
            assert_eq!(
                comparable(&planned, &expected),
                apps(&expected),
                "{}",
                archive.display()
            );
            assert_eq!(planned["build"], expected["build"]);
            assert_eq!(planned["schema"], expected["schema"]);
            compared += 1;
        }
    }
    assert!(compared > 0, "the corpus has no expectation");
}

#[test]
fn every_real_archive_is_planned_without_an_error() {
    for archive in corpus::archives().into_iter().flatten() {
        let planned = plan(&archive, "staged");
        assert_eq!(planned["error"], Value::Null, "{}", archive.display());
    }
}

fn plan(archive: &Path, form: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive.to_str().unwrap();
    let outcome = run(
        folder.path(),
        &[
            "plan", "--quiet", "--form", form, "--format", "json", archive,
        ],
    );
    assert!(outcome.code == 0 || form == "final", "{}", outcome.stderr);
    outcome.archive()
}

fn expectation(archive: &Path) -> Option<Value> {
    let path: PathBuf = archive.with_extension("expected.json");
    let text = fs_err::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The expected apps, by kind and name; an identifier that no hand can compute is not compared.
fn apps(expected: &Value) -> BTreeMap<(String, String), Value> {
    let apps = expected["apps"].as_array().unwrap().iter();
    apps.map(|app| (key(app), app.clone())).collect()
}

/// The planned apps in the words of an expectation.
fn comparable(planned: &Value, expected: &Value) -> BTreeMap<(String, String), Value> {
    let expected = apps(expected);
    let by_item = |list: &Value, item: &str| -> Value {
        let items = list.as_array().unwrap().iter();
        items
            .map(|it| {
                (
                    it[item].as_str().unwrap().to_owned(),
                    it["permissions"].clone(),
                )
            })
            .collect()
    };
    let planned = planned["apps"].as_array().unwrap().iter().map(|app| {
        let known = expected
            .get(&key(app))
            .is_some_and(|app| !app["identifier"].is_null());
        let compared = json!({
            "kind": app["kind"],
            "name": app["name"],
            "owner": app["owner"]["id"],
            "identifier": if known { app["identifier"].clone() } else { Value::Null },
            "token": app["token"]["name"],
            "enabled": app["enabled"],
            "temporary_uploads": app["temporary_uploads"],
            "carried": by_item(&app["carried"], "connection"),
            "dropped": by_item(&app["dropped"], "resource"),
        });
        (key(app), compared)
    });
    planned.collect()
}

fn key(app: &Value) -> (String, String) {
    (
        app["kind"].as_str().unwrap().to_owned(),
        app["name"].as_str().unwrap().to_owned(),
    )
}

/// The apps that have a finding, the archive itself as null.
fn findings<'a>(planned: &'a Value, code: &str) -> Vec<&'a Value> {
    let findings = planned["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["code"] == code)
        .map(|finding| &finding["app"])
        .collect()
}
