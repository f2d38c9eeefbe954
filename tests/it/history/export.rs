//! Grants leave the history complete.

use std::collections::BTreeSet;

use super::scene::Scene;

#[test]
fn every_permission_of_every_app_is_a_row() {
    let scene = Scene::with(&["city.fsconfig", "harbour-2.57.fsproject"]);
    scene.done(&["migrate", "city.fsconfig", "harbour-2.57.fsproject"]);
    let id = scene.tasks(&["--backups"])[0]["id"].clone();
    let shown = scene.done(&["history", "show", id.as_str().unwrap(), "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let mut expected = BTreeSet::new();
    for app in shown["task"]["apps"].as_array().unwrap() {
        for grant in app["grants"].as_array().unwrap() {
            let permissions = grant["permissions"].as_array().unwrap();
            let row = |permission: &str| {
                let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
                [
                    text(&app["name"]),
                    text(&grant["category"]),
                    text(&grant["item"]),
                    permission.to_owned(),
                    text(&grant["fate"]),
                ]
            };
            if permissions.is_empty() {
                expected.insert(row(""));
            }
            expected.extend(permissions.iter().map(|word| row(word.as_str().unwrap())));
        }
    }
    assert!(expected.len() > 20);

    let csv = scene.done(&["history", "export", "--archive", "city.fsconfig"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let wanted = ["app", "category", "item", "permission", "fate"].map(column);
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        wanted.map(|column| row[column].to_owned())
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), expected.len());
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected);

    let lines = scene.done(&["history", "export", "--backups", "--format", "jsonl"]);
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), expected.len());
    assert!(lines.iter().all(|line| line["task"] == id));
    let all = scene.done(&["history", "export"]);
    assert!(all.lines().count() > lines.len() + 1);
}

#[test]
fn an_export_of_nothing_is_a_heading() {
    let scene = Scene::with(&["archive-2.16.fsproject"]);
    scene.done(&["migrate", "archive-2.16.fsproject"]);
    assert_eq!(scene.done(&["history", "export"]).lines().count(), 1);
    assert_eq!(scene.done(&["history", "export", "--format", "jsonl"]), "");
}
