//! A profile in use: compare, the probe, and the round trip that confirms it.

use std::collections::BTreeSet;

use super::*;

#[test]
fn a_restore_is_compared_through_the_profile_that_was_learned_from_another() {
    for place in Place::LEARNABLE {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, bytes: Vec<u8>| fs_err::write(folder.path().join(name), bytes).unwrap();
        let server = Server::usual();
        let restored = Server::import(&server.old_project(), place);
        write("before.fsproject", server.old_project());
        write("after.fsproject", restored.export(place, Noise::default()));
        let words = [
            "calibrate",
            "before.fsproject",
            "after.fsproject",
            "-o",
            "server.toml",
        ];
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 0, "{place:?}: {}", outcome.text());
        // Another server of that kind.
        let other = Server::new((2, 5, 9), |at| match at {
            0 | 4 => vec![(4, "RUN"), (2, "RUN,WRITE")],
            _ => vec![(at % 5, "RUN")],
        });
        let mut after = Server::import(&other.old_project(), place);
        write("before.fsproject", other.old_project());
        write(
            "after.fsproject",
            after.export(
                place,
                Noise {
                    salt: 8,
                    reversed: true,
                },
            ),
        );
        let words = [
            "compare",
            "--profile",
            "server.toml",
            "before.fsproject",
            "after.fsproject",
        ];
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 0, "{place:?}: {}", outcome.text());
        let gained = BTreeSet::from(["NAMEDCONNECTIONS_RUN".to_owned()]);
        let app = after
            .apps
            .iter_mut()
            .find(|app| app.name == "app-1")
            .unwrap();
        app.held.remove("Connection 1");
        app.held.insert("Connection 3".to_owned(), gained);
        write("after.fsproject", after.export(place, Noise::default()));
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 1, "{place:?}: {}", outcome.text());
        assert!(
            outcome.stdout.contains("Connection 1: missing"),
            "{}",
            outcome.stdout
        );
        assert!(
            outcome.stdout.contains("Connection 3: extra"),
            "{}",
            outcome.stdout
        );
        // A profile is for exactly what it was learned from.
        fs_err::rename(
            folder.path().join("after.fsproject"),
            folder.path().join("after.fsconfig"),
        )
        .unwrap();
        let words = [
            "compare",
            "--profile",
            "server.toml",
            "before.fsproject",
            "after.fsconfig",
        ];
        assert_eq!(run(folder.path(), &words).code, 3);
    }
}

#[test]
fn a_probe_is_planned_migrated_verified_and_enough_to_learn_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    done(
        folder.path(),
        &["calibrate", "probe", "-o", "probe.fsproject"],
    );
    let plan = run(
        folder.path(),
        &["plan", "--format", "json", "probe.fsproject"],
    );
    assert_eq!(plan.code, 0, "{}", plan.text());
    let apps = plan.archive()["apps"].as_array().unwrap().clone();
    let held = |at: usize| apps[at]["carried"].as_array().unwrap().len();
    assert_eq!((apps.len(), held(0), held(1), held(2)), (3, 2, 1, 2));
    assert!(!plan.stdout.contains("connection-undeclared"));
    done(folder.path(), &["migrate", "-q", "probe.fsproject"]);
    done(
        folder.path(),
        &["verify", "probe.fsproject", "probe-2026.1.fsproject"],
    );
    for place in Place::LEARNABLE {
        let restored = Server::import(&fs_err::read(path("probe.fsproject")).unwrap(), place);
        assert_eq!(restored.apps.len(), 3);
        fs_err::write(
            path("after.fsproject"),
            restored.export(place, Noise::default()),
        )
        .unwrap();
        let words = [
            "calibrate",
            "probe.fsproject",
            "after.fsproject",
            "-o",
            "p.toml",
            "--force",
        ];
        done(folder.path(), &words);
    }
}

#[test]
fn a_profile_is_confirmed_when_the_server_has_taken_what_was_written_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let write =
        |name: &str, bytes: Vec<u8>| fs_err::write(folder.path().join(name), bytes).unwrap();
    let (server, place) = (Server::usual(), Place::Children);
    let restored = Server::import(&server.old_project(), place);
    write("before.fsproject", server.old_project());
    write("after.fsproject", restored.export(place, Noise::default()));
    let words = [
        "calibrate",
        "before.fsproject",
        "after.fsproject",
        "-o",
        "server.toml",
    ];
    done(folder.path(), &words);
    let noise = Noise {
        salt: 2,
        reversed: true,
    };
    let written = restored.export(place, noise);
    let mut taken = Server::import(&written, place);
    write("written.fsproject", written);
    let words = [
        "calibrate",
        "confirm",
        "server.toml",
        "written.fsproject",
        "taken.fsproject",
    ];
    let at = taken
        .apps
        .iter()
        .position(|app| app.held.len() > 1)
        .unwrap();
    let lost = std::mem::take(&mut taken.apps[at].held);
    write("taken.fsproject", taken.export(place, Noise::default()));
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 3, "{}", outcome.text());
    let profile = || fs_err::read_to_string(folder.path().join("server.toml")).unwrap();
    assert!(profile().contains("status = \"learned\""));
    taken.apps[at].held = lost;
    write("taken.fsproject", taken.export(place, Noise::default()));
    done(folder.path(), &words);
    assert!(
        profile().contains("status = \"confirmed\""),
        "{}",
        profile()
    );
}
