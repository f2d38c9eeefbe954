//! Who lost access to what, months later, without the archives.

use super::scene::Scene;

fn scene() -> Scene {
    let archives = ["city.fsconfig", "harbour-2.57.fsproject"];
    let scene = Scene::with(&archives);
    scene.done(&[&["migrate", "-q"], &archives[..]].concat());
    for archive in archives {
        fs_err::remove_file(scene.path(archive)).unwrap();
    }
    scene
}

/// App and item of each loss.
fn lost(scene: &Scene, more: &[&str]) -> Vec<(String, String)> {
    let words = [&["history", "lost", "--format", "json"], more].concat();
    let document: serde_json::Value = serde_json::from_str(&scene.done(&words)).unwrap();
    let rows = document["lost"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    rows.map(|row| (text(&row["app"]), text(&row["item"])))
        .collect()
}

#[test]
fn what_was_lost_is_listed_what_matters_most_first() {
    let scene = scene();
    let shown = scene.done(&["history", "lost"]);
    insta::with_settings!({snapshot_path => "../snapshots"}, {
        insta::assert_snapshot!("history_lost", shown);
    });
}

#[test]
fn losses_are_narrowed_by_owner_app_item_kind_and_time() {
    let scene = scene();
    let all = lost(&scene, &[]);
    let of_anna = lost(&scene, &["--owner", "ANNA"]);
    let data = || "FME_SHAREDRESOURCE_DATA".to_owned();
    let expected = [
        ("sensor-map".to_owned(), data()),
        ("two-roles".to_owned(), data()),
    ];
    assert_eq!(of_anna, expected);
    assert_eq!(lost(&scene, &["--app", "sensor"]), expected[..1]);
    let items = lost(&scene, &["--item", "engine"]);
    assert_eq!(items.len(), 2, "{all:?}");
    let automations = lost(&scene, &["--kind", "automation"]);
    assert!(
        automations.iter().all(|(app, _)| app == "Flood alert 洪水"),
        "{automations:?}"
    );
    assert_eq!(lost(&scene, &["--since", "2026-11-21"]), all);
    assert_eq!(lost(&scene, &["--since", "2026-11-22"]), []);
    let nothing = scene.done(&["history", "lost", "--app", "no such app"]);
    assert_eq!(nothing, "nothing was lost\n");
}

#[test]
fn the_rows_are_those_of_the_audit() {
    let scene = scene();
    let rows = |words: &[&str]| -> Vec<String> {
        let text = scene.done(&[words, &["--format", "csv"]].concat());
        text.lines().map(str::to_owned).collect()
    };
    let audited = rows(&["audit", "--from-history"]);
    let lost = rows(&["history", "lost"]);
    assert!(lost.len() > 10, "{lost:?}");
    for row in lost {
        assert!(audited.contains(&row), "{row}");
    }
}
