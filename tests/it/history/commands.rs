//! What the commands answer.

use std::collections::BTreeSet;

use super::scene::Scene;

#[test]
fn a_migration_is_recorded_with_both_archives_and_everything_that_became_of_its_grants() {
    let scene = Scene::with(&["city.fsconfig"]);
    scene.done(&["migrate", "--form=final", "city.fsconfig"]);
    let tasks = scene.tasks(&[]);
    let [task] = &tasks[..] else {
        panic!("{tasks:?}")
    };
    assert_eq!(task["kind"], "backup");
    assert_eq!(task["status"], "success");
    assert_eq!(task["started"], "2026-11-21T12:00:00.000Z");
    assert_eq!(task["source"]["schema"], "2.99");
    assert_eq!(task["target"]["schema"], "2.111");
    assert_eq!(
        task["source"]["path"],
        scene.path("city.fsconfig").to_str().unwrap()
    );
    for archive in ["source", "target"] {
        let path = task[archive]["path"].as_str().unwrap();
        assert_eq!(task[archive]["size"], fs_err::metadata(path).unwrap().len());
        let digest = flowlift::archive::sha256(path.as_ref()).unwrap();
        assert_eq!(task[archive]["sha256"], &*digest);
    }

    let shown = scene.done(&[
        "history",
        "show",
        task["id"].as_str().unwrap(),
        "--format",
        "json",
    ]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let apps = shown["task"]["apps"].as_array().unwrap();
    let expected =
        fs_err::read(super::super::support::fixtures::folder().join("city.expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let expected = expected["apps"].as_array().unwrap();
    assert_eq!(apps.len(), expected.len());
    for (app, expected) in apps.iter().zip(expected) {
        assert_eq!(app["name"], expected["name"]);
        assert_eq!(app["enabled"], expected["enabled"]);
        for fate in ["carried", "dropped"] {
            let found = app["grants"].as_array().unwrap().iter();
            let found: serde_json::Map<_, _> = found
                .filter(|grant| grant["fate"] == fate && !grant["item"].is_null())
                .map(|grant| {
                    let item = grant["item"].as_str().unwrap();
                    (item.to_owned(), grant["permissions"].clone())
                })
                .collect();
            assert_eq!(
                serde_json::Value::Object(found),
                expected[fate],
                "{}",
                app["name"]
            );
        }
    }
}

#[test]
fn the_stored_log_is_the_log_beside_the_target() {
    let scene = Scene::with(&["city.fsconfig"]);
    scene.done(&["migrate", "city.fsconfig"]);
    let id = scene.tasks(&[])[0]["id"].as_str().unwrap().to_owned();
    let file = fs_err::read_to_string(scene.path("city-2026.1.fsconfig.log")).unwrap();
    assert_eq!(scene.done(&["history", "log", &id]), file);
    assert!(file.lines().count() > 50);

    let parsed = scene.done(&["history", "log", &id, "--format", "json"]);
    let parsed: serde_json::Value = serde_json::from_str(&parsed).unwrap();
    let items = parsed["items"].as_array().unwrap();
    assert_eq!(parsed["totalCount"], items.len());
    for ((item, line), number) in items.iter().zip(file.lines().skip(1)).zip(1..) {
        assert_eq!(item["line"], line);
        assert_eq!(item["number"], number);
        assert_eq!(item["time"], "2026-11-21T12:00:00.000Z");
    }

    let some = ["--level", "warn", "--limit", "2", "--offset", "1"];
    let some = [&["history", "log", &id, "--format", "json"], &some[..]].concat();
    let some: serde_json::Value = serde_json::from_str(&scene.done(&some)).unwrap();
    let warnings: Vec<_> = items
        .iter()
        .filter(|item| item["status"] == "WARN")
        .collect();
    assert_eq!(some["totalCount"], warnings.len());
    assert_eq!(some["items"][0], *warnings[1]);
    assert_eq!(some["items"][1], *warnings[2]);
    assert_eq!((&some["limit"], &some["offset"]), (&2.into(), &1.into()));
}

#[test]
fn planning_leaves_no_task_and_neither_does_a_dry_run_or_a_run_without_history() {
    let scene = Scene::with(&["city.fsconfig"]);
    scene.done(&["plan", "city.fsconfig"]);
    scene.done(&["migrate", "--dry-run", "city.fsconfig"]);
    scene.done(&["migrate", "--no-history", "city.fsconfig"]);
    assert!(scene.path("city-2026.1.fsconfig.log").exists());
    assert!(!scene.history().exists());
}

#[test]
fn something_refused_leaves_a_failed_task_with_the_reason() {
    let scene = Scene::with(&[]);
    fs_err::write(scene.path("bad.fsproject"), "no ZIP").unwrap();
    let (code, _, _) = scene.run(&["migrate", "bad.fsproject"]);
    assert_eq!(code, 3);
    let tasks = scene.tasks(&["--status", "failure", "--projects"]);
    let reason = tasks[0]["result"].as_str().unwrap();
    assert!(reason.starts_with("not a ZIP"), "{reason}");
    assert!(tasks[0]["target"].is_null());
    let log = scene.done(&["history", "log", tasks[0]["id"].as_str().unwrap()]);
    assert!(
        log.contains("   ERROR   main   926008 : not a ZIP"),
        "{log}"
    );
}

#[test]
fn an_archive_with_nothing_to_do_is_a_success_without_a_target() {
    let scene = Scene::with(&["next-2.111.fsproject"]);
    scene.done(&["migrate", "next-2.111.fsproject"]);
    let tasks = scene.tasks(&["--status", "success"]);
    assert_eq!(tasks[0]["result"], "current, nothing to do");
    assert!(tasks[0]["target"].is_null());
}

#[test]
fn a_list_can_be_narrowed() {
    let scene = Scene::with(&["city.fsconfig", "harbour-2.57.fsproject"]);
    scene.done(&["migrate", "city.fsconfig", "harbour-2.57.fsproject"]);
    let count = |more: &[&str]| scene.tasks(more).len();
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&["--backups"]), 1);
    assert_eq!(count(&["--projects"]), 1);
    assert_eq!(count(&["--status", "failure"]), 0);
    assert_eq!(count(&["--since", "2026-11-21"]), 2);
    assert_eq!(count(&["--since", "1d"]), 2);
    assert_eq!(count(&["--since", "2026-11-22"]), 0);
    let digest = flowlift::archive::sha256(&scene.path("city-2026.1.fsconfig")).unwrap();
    let path = scene.path("city.fsconfig");
    for archive in [
        "city.fsconfig",
        "city-2026.1.fsconfig",
        &digest,
        path.to_str().unwrap(),
    ] {
        let tasks = scene.tasks(&["--archive", archive]);
        assert_eq!(tasks.len(), 1, "{archive}");
        assert_eq!(tasks[0]["kind"], "backup");
    }
    assert_eq!(count(&["--archive", "y.fsconfig"]), 0);
    let (code, _, stderr) = scene.run(&["history", "list", "--since", "tomorrow-ish"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("no date"), "{stderr}");
}

#[test]
fn an_id_may_be_shortened_as_long_as_it_names_one_task() {
    let scene = Scene::with(&["city.fsconfig", "harbour-2.57.fsproject"]);
    scene.done(&["migrate", "city.fsconfig", "harbour-2.57.fsproject"]);
    let listed = scene.done(&["history", "list"]);
    let short: BTreeSet<_> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next().filter(|id| id.len() >= 8))
        .collect();
    assert_eq!(short.len(), 2, "{listed}");
    for id in short {
        scene.done(&["history", "show", id]);
    }
    let (code, _, stderr) = scene.run(&["history", "show", "01"]);
    assert_eq!(code, 2);
    for task in scene.tasks(&[]) {
        let id = task["id"].as_str().unwrap();
        let name = task["source"]["path"].as_str().unwrap();
        let name = std::path::Path::new(name).file_name().unwrap();
        let said = format!(
            "{id} (2026-11-21T12:00:00.000Z, {})",
            name.to_str().unwrap()
        );
        assert!(stderr.contains(&said), "{stderr}");
    }
    let (code, _, _) = scene.run(&["history", "show", "ff"]);
    assert_eq!(code, 2);
}

#[test]
fn a_task_can_be_named_by_its_archive_and_the_newest_is_the_last() {
    let scene = Scene::with(&["city.fsconfig", "harbour-2.57.fsproject"]);
    for archive in ["city.fsconfig", "harbour-2.57.fsproject"] {
        scene.done(&["migrate", archive]);
        // The clock of these tests stands still.
        let earlier = "UPDATE tasks SET started = '2026-11-20T12:00:00.000Z'
                       WHERE source_name = 'city.fsconfig'";
        scene.database().execute_batch(earlier).unwrap();
    }
    let source = |name: &str| {
        let shown = scene.done(&["history", "show", name, "--format", "json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        shown["task"]["source"]["path"].as_str().unwrap().to_owned()
    };
    assert!(source("last").ends_with("harbour-2.57.fsproject"));
    assert!(source("city.fsconfig").ends_with("city.fsconfig"));
    assert!(source("city-2026.1.fsconfig").ends_with("city.fsconfig"));
    let log = scene.done(&["history", "log", "last"]);
    assert!(log.contains("harbour-2.57.fsproject"), "{log}");
    let empty = Scene::with(&[]);
    drop(flowlift::history::History::open(&empty.history()).unwrap());
    let (code, _, stderr) = empty.run(&["history", "show", "last"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn a_table_of_many_tasks_shows_the_newest_and_how_to_see_the_others() {
    let scene = Scene::with(&["archive-2.16.fsproject"]);
    for number in 0..22 {
        let name = format!("{number}.fsproject");
        fs_err::hard_link(scene.path("archive-2.16.fsproject"), scene.path(&name)).unwrap();
    }
    let names: Vec<_> = (0..22)
        .map(|number| format!("{number}.fsproject"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    scene.done(&[&["migrate", "-q"], &names[..]].concat());
    let tasks = |more: &[&str]| {
        let text = scene.done(&[&["history", "list"], more].concat());
        (text.matches(".fsproject").count(), text)
    };
    let (shown, text) = tasks(&[]);
    assert_eq!(shown, 20);
    assert!(
        text.ends_with("\n20 of 22 tasks; all of them: -n 0\n"),
        "{text}"
    );
    assert!(text.contains("2026-11-21 12:00 +00:00"), "{text}");
    assert_eq!(tasks(&["-n", "3"]).0, 3);
    assert_eq!(tasks(&["-n", "0"]).0, 22);
    assert_eq!(scene.tasks(&[]).len(), 22);
    assert_eq!(scene.tasks(&["-n", "3"]).len(), 3);
}

#[test]
fn no_secret_of_any_fixture_is_stored() {
    let fixtures = [
        "city.fsconfig",
        "harbour-2.57.fsproject",
        "next-2.111.fsproject",
    ];
    let scene = Scene::with(&fixtures);
    scene.done(&[&["migrate"], &fixtures[..]].concat());
    drop(scene.database()); // the last connection writes the log into the file
    let bytes = fs_err::read(scene.history()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("Cadastre Oracle"));
    for secret in ["fme_enc", "FIXTURE-SECRET", "f1x7u4e"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_a_history() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::with(&["archive-2.16.fsproject"]);
    scene.done(&["migrate", "archive-2.16.fsproject"]);
    let reader = scene.database();
    let _: i64 = reader
        .query_row("SELECT count(*) FROM tasks", [], |row| row.get(0))
        .unwrap();
    for name in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"] {
        let mode = fs_err::metadata(scene.path(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
