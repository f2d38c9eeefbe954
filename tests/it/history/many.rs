//! Several processes write one history.

use std::collections::BTreeSet;
use std::thread;

use super::scene::Scene;

const PROCESSES: usize = 8;
const MIGRATIONS: usize = 25;

#[test]
fn two_hundred_migrations_by_eight_processes_at_once_are_all_recorded_once() {
    let scene = Scene::with(&["harbour-2.57.fsproject"]);
    let archive = scene.path("harbour-2.57.fsproject");
    let mut expected = BTreeSet::new();
    let mut batches = vec![vec!["migrate".to_owned(), "-q".to_owned()]; PROCESSES];
    for (process, batch) in batches.iter_mut().enumerate() {
        for migration in 0..MIGRATIONS {
            let name = format!("{process}-{migration}.fsproject");
            fs_err::hard_link(&archive, scene.path(&name)).unwrap();
            batch.push(name.clone());
            expected.insert(name);
        }
    }
    thread::scope(|scope| {
        for batch in &batches {
            let words: Vec<&str> = batch.iter().map(String::as_str).collect();
            let scene = &scene;
            scope.spawn(move || scene.done(&words));
        }
    });

    let tasks = scene.tasks(&[]);
    assert_eq!(tasks.len(), PROCESSES * MIGRATIONS);
    let mut found = BTreeSet::new();
    for task in &tasks {
        assert_eq!(task["status"], "success", "{task}");
        let path = task["source"]["path"].as_str().unwrap();
        let name = std::path::Path::new(path).file_name().unwrap();
        found.insert(name.to_str().unwrap().to_owned());
    }
    assert_eq!(found, expected);
    let (check, lines): (String, i64) = scene
        .database()
        .query_row(
            "SELECT integrity_check, (SELECT count(*) FROM log_lines)
             FROM pragma_integrity_check",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(check, "ok");
    let log = scene.path("0-0-2026.1.fsproject.log");
    let lines_each = fs_err::read_to_string(log).unwrap().lines().count() - 1;
    assert_eq!(usize::try_from(lines).unwrap(), lines_each * tasks.len());
    let left = fs_err::read_dir(scene.path("history.sqlite-runs")).unwrap();
    assert_eq!(left.count(), 0, "a process left its lock behind");
}
