//! Histories that older versions of the program wrote.

use super::scene::Scene;

/// A scene whose history is one of version 1, as that program left it.
fn version_1() -> Scene {
    let scene = Scene::with(&[]);
    let dump = include_str!("version-1.sql");
    scene.database().execute_batch(dump).unwrap();
    scene
}

fn version(scene: &Scene) -> i64 {
    let query = "SELECT user_version FROM pragma_user_version";
    let found = scene.database().query_row(query, [], |row| row.get(0));
    found.unwrap()
}

const PARKS: &str = "019a0002-0000-7000-8000-000000000000";

#[test]
fn a_history_of_version_1_is_read_as_it_is() {
    let scene = version_1();
    let shown = scene.done(&["history", "show", PARKS]);
    insta::with_settings!({filters => [(r"flowlift \d\S+", "flowlift <version>")], snapshot_path => "../snapshots"}, {
        insta::assert_snapshot!("history_version_1_show", shown);
    });
    let csv = scene.done(&["audit", "--from-history", "--format", "csv"]);
    insta::with_settings!({snapshot_path => "../snapshots"}, {
        insta::assert_snapshot!("history_version_1_audit", csv.replace('\r', ""));
    });
    assert_eq!(scene.tasks(&[]).len(), 5);
    assert_eq!(scene.done(&["history", "export"]).lines().count(), 61);
    assert_eq!(version(&scene), 1);
}

#[test]
fn what_version_1_did_not_keep_is_left_out_of_json_and_not_denied() {
    let scene = version_1();
    let json = ["audit", "--from-history", "--format", "json"];
    let document: serde_json::Value = serde_json::from_str(&scene.done(&json)).unwrap();
    let archive = &document["archives"][1];
    assert_eq!(archive["path"], "/archives/harbour-2.57.fsproject");
    let app = archive["apps"][0].as_object().unwrap();
    assert_eq!(app["name"], "berth-booking");
    assert_eq!(app["carried"][0]["connection"], "Harbour SQL Server");
    for unknown in ["token", "temporary_uploads", "workspaces"] {
        assert!(!app.contains_key(unknown), "{unknown}");
    }
}

#[test]
fn writing_brings_a_history_of_version_1_up_to_date() {
    let scene = version_1();
    let show = ["history", "show", PARKS, "--format", "json"];
    let before = scene.done(&show);
    let name = "archive-2.16.fsproject";
    fs_err::copy(
        super::super::support::fixtures::folder().join(name),
        scene.path(name),
    )
    .unwrap();
    scene.done(&["migrate", "-q", name]);
    assert_eq!(version(&scene), 2);
    assert_eq!(scene.done(&show), before);
    assert_eq!(scene.tasks(&[]).len(), 6);
}

#[test]
fn a_history_of_version_1_is_merged_as_it_is() {
    let there = version_1();
    let here = Scene::with(&["archive-2.16.fsproject"]);
    here.done(&["migrate", "-q", "archive-2.16.fsproject"]);
    let other = there.history();
    here.done(&["history", "merge", other.to_str().unwrap()]);
    assert_eq!(version(&there), 1);
    let show = ["history", "show", PARKS, "--format", "json"];
    assert_eq!(here.done(&show), there.done(&show));
}
