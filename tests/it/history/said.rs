//! What the commands say, whole.

use super::super::support::run::slashes;
use super::scene::Scene;

/// Compares with a snapshot; ids, digests, folders, users, hosts and versions are not its concern.
fn snapshot(name: &str, scene: &Scene, text: &str) {
    let canonical = scene.folder().canonicalize().unwrap();
    let names = [scene.folder(), &*canonical].map(|folder| slashes(&folder.to_string_lossy()));
    let folder = format!("({})/", names.join("|"));
    let text = slashes(text);
    let filters = [
        (&*folder, "<folder>/"),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>"),
        (r"[0-9a-f]{64}", "<sha256>"),
        (
            r"\S+ on \S+, flowlift \d\S+",
            "<user> on <host>, flowlift <version>",
        ),
        (r#""user": ".*""#, r#""user": "<user>""#),
        (r#""host": ".*""#, r#""host": "<host>""#),
        (r#""version": ".*""#, r#""version": "<version>""#),
        (r"flowlift \d\S+ (upgrades|reads)", "flowlift <version> $1"),
    ];
    insta::with_settings!({filters => filters, snapshot_path => "../snapshots"}, {
        insta::assert_snapshot!(format!("history_{name}"), text);
    });
}

fn scene() -> Scene {
    let scene = Scene::with(&["harbour-2.57.fsproject", "next-2.111.fsproject"]);
    fs_err::write(scene.path("bad.fsconfig"), "no ZIP").unwrap();
    for (archive, code) in [
        ("harbour-2.57.fsproject", 0),
        ("next-2.111.fsproject", 0),
        ("bad.fsconfig", 3),
    ] {
        assert_eq!(scene.run(&["migrate", "-q", archive]).0, code);
    }
    // A table makes room for what differs from run to run.
    let anybody = "UPDATE tasks SET user = 'mira', host = 'harbour-gis',
                   id = printf('019a%04d-0000-7000-8000-000000000000', task)";
    scene.database().execute_batch(anybody).unwrap();
    scene
}

#[test]
fn the_commands_say() {
    let scene = scene();
    let list = scene.done(&["history", "list"]);
    snapshot("list", &scene, &list);
    snapshot(
        "list_json",
        &scene,
        &scene.done(&["history", "list", "--format", "json"]),
    );
    let tasks = scene.tasks(&["--archive", "harbour-2.57.fsproject"]);
    let id = tasks[0]["id"].as_str().unwrap();
    snapshot("show", &scene, &scene.done(&["history", "show", id]));
    let show_json = ["history", "show", id, "--format", "json"];
    snapshot("show_json", &scene, &scene.done(&show_json));
    snapshot(
        "log",
        &scene,
        &scene.done(&["history", "log", id, "--level", "warn"]),
    );
    let log_json = ["history", "log", id, "--limit", "2", "--format", "json"];
    snapshot("log_json", &scene, &scene.done(&log_json));
    snapshot("export", &scene, &scene.done(&["history", "export"]));
    let jsonl = scene.done(&["history", "export", "--format", "jsonl"]);
    snapshot("export_jsonl", &scene, &jsonl);

    let other = Scene::with(&[]);
    let path = scene.history();
    let merged = other.done(&["history", "merge", path.to_str().unwrap()]);
    snapshot("merge", &scene, &merged);
    let (_, _, stderr) = scene.run(&["history", "show", "f"]);
    snapshot("no_task", &scene, &stderr);
    let (_, _, stderr) = scene.run(&["history", "list", "--history", "absent.sqlite"]);
    snapshot("absent", &scene, &stderr);
}
