//! Histories of several machines become one.

use super::scene::Scene;

/// The whole content of a history that means something, by the words of the stored program.
fn content(scene: &Scene) -> Vec<String> {
    let tasks = scene.tasks(&[]);
    let ids = tasks.iter().map(|task| task["id"].as_str().unwrap());
    let mut content: Vec<String> = ids
        .flat_map(|id| {
            [
                scene.done(&["history", "show", id, "--format", "json"]),
                scene.done(&["history", "log", id]),
            ]
        })
        .collect();
    content.push(scene.done(&["history", "export"]));
    content
}

fn counts(scene: &Scene, file: &str) -> (u64, u64, u64) {
    let merged = scene.done(&["history", "merge", file, "--format", "json"]);
    let merged: serde_json::Value = serde_json::from_str(&merged).unwrap();
    let count = |name: &str| merged["files"][0][name].as_u64().unwrap();
    (count("added"), count("updated"), count("known"))
}

#[test]
fn another_history_is_taken_in_whole_and_only_once() {
    let there = Scene::with(&["city.fsconfig", "harbour-2.57.fsproject"]);
    there.done(&["migrate", "city.fsconfig", "harbour-2.57.fsproject"]);
    let other = there.history();
    let other = other.to_str().unwrap();

    let empty = Scene::with(&[]);
    assert_eq!(counts(&empty, other), (2, 0, 0));
    assert_eq!(content(&empty), content(&there));

    let here = Scene::with(&["harbour-2.57.fsproject"]);
    here.done(&["migrate", "harbour-2.57.fsproject"]);
    let before = here.tasks(&[]);
    assert_eq!(counts(&here, other), (2, 0, 0));
    let once = content(&here);
    assert_eq!(counts(&here, other), (0, 0, 2));
    assert_eq!(content(&here), once);
    let tasks = here.tasks(&[]);
    assert_eq!(tasks.len(), 3);
    assert!(before.iter().all(|task| tasks.contains(task)));
}

#[test]
fn an_open_task_is_taken_in_as_it_is_and_brought_up_to_date_later() {
    let there = Scene::with(&["city.fsconfig"]);
    there.done(&["migrate", "city.fsconfig"]);
    let closed = content(&there);
    let reopen = "UPDATE tasks SET status = 'running', finished = NULL, result = NULL,
                  host = 'elsewhere'";
    there.database().execute_batch(reopen).unwrap();

    let here = Scene::with(&[]);
    let other = there.history();
    let other = other.to_str().unwrap();
    assert_eq!(counts(&here, other), (1, 0, 0));
    assert_eq!(here.tasks(&[])[0]["status"], "running");
    assert_eq!(counts(&here, other), (0, 0, 1));

    let close = "UPDATE tasks SET status = 'success', finished = started, result = 'migrated'";
    there.database().execute_batch(close).unwrap();
    assert_eq!(counts(&here, other), (0, 1, 0));
    assert_eq!(content(&here)[1..], closed[1..]);

    // What is closed here is not opened by an older copy.
    there.database().execute_batch(reopen).unwrap();
    assert_eq!(counts(&here, other), (0, 0, 1));
    assert_eq!(here.tasks(&[])[0]["status"], "success");
}

#[test]
fn what_is_no_other_history_is_refused_and_changes_nothing() {
    let scene = Scene::with(&["archive-2.16.fsproject"]);
    scene.done(&["migrate", "archive-2.16.fsproject"]);
    let before = content(&scene);
    fs_err::write(
        scene.path("text"),
        "no database at all, but long enough to be one",
    )
    .unwrap();
    for (file, code, evidence) in [
        (
            "history.sqlite",
            2,
            "(a history that is merged) are one file",
        ),
        ("absent.sqlite", 4, "no history at"),
        ("text", 4, "is damaged"),
    ] {
        let (found, _, stderr) = scene.run(&["history", "merge", file]);
        assert_eq!(found, code, "{stderr}");
        assert!(stderr.contains(evidence), "{stderr}");
        assert!(!scene.path("absent.sqlite").exists());
    }
    assert_eq!(content(&scene), before);
}
