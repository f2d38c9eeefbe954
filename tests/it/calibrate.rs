//! Learns from simulated servers where they keep what their apps may do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use flowlift::calibrate::{CalibrateError, Learned, Strength, calibrate};
use flowlift::clock::Clock;
use flowlift::error::Error;
use flowlift::limits::Limits;
use flowlift::profile::Profile;
use flowlift::watch::Unwatched;

use super::support::run::{NOW, run};
use super::support::server::{Held, Noise, Place, Server};

fn learn(before: &[u8], after: &[u8], strength: Strength) -> Result<Learned, Error> {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (
        folder.path().join("a.fsproject"),
        folder.path().join("b.fsproject"),
    );
    fs_err::write(&one, before).unwrap();
    fs_err::write(&other, after).unwrap();
    let clock = Clock::Stopped(NOW.parse().unwrap());
    calibrate(
        &one,
        &other,
        strength,
        Limits::default(),
        &clock,
        &Unwatched,
    )
}

/// What is learned from a server and its restore.
fn learned(server: &Server, place: Place, noise: Noise) -> Result<Learned, Error> {
    let before = server.old_project();
    let restored = Server::import(&before, place);
    learn(&before, &restored.export(place, noise), Strength::Strong)
}

fn refused(result: Result<Learned, Error>) -> CalibrateError {
    match result {
        Err(Error::Other(error)) => error.downcast().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_simulated_server_is_learned_and_its_profile_is_written_and_read() {
    for place in Place::LEARNABLE {
        let learned = learned(&Server::usual(), place, Noise::default());
        let learned = learned.unwrap_or_else(|e| panic!("{place:?}: {}", e.line()));
        let text = learned.profile.to_toml().unwrap();
        assert_eq!(
            Profile::from_toml(&text).unwrap(),
            learned.profile,
            "{text}"
        );
    }
}

#[test]
fn a_profile_names_nobody() {
    let server = Server::usual();
    for place in Place::LEARNABLE {
        let text = learned(&server, place, Noise::default())
            .unwrap()
            .profile
            .to_toml()
            .unwrap();
        let users = server.users.iter().flat_map(|(key, name)| [key, name]);
        let apps = server.apps.iter().flat_map(|app| [&app.key, &app.name]);
        let connections = server.connections.iter().map(|(name, _)| name);
        for name in users.chain(apps).chain(connections) {
            assert!(!text.contains(name.as_str()), "{place:?}: {name}\n{text}");
        }
        assert!(!text.contains("SECRET"));
    }
}

#[test]
fn dates_uuids_order_and_renamed_users_do_not_matter() {
    for place in Place::LEARNABLE {
        let server = Server::usual();
        let before = server.old_project();
        let profile = |noise, renamed| {
            let mut restored = Server::import(&before, place);
            if renamed {
                restored.rename_users();
            }
            let after = restored.export(place, noise);
            let learned = learn(&before, &after, Strength::Strong);
            let learned = learned.unwrap_or_else(|e| panic!("{place:?}: {}", e.line()));
            learned.profile.places
        };
        let plain = profile(Noise::default(), false);
        let noise = Noise {
            salt: 5,
            reversed: true,
        };
        assert_eq!(profile(noise, false), plain, "{place:?}");
        assert_eq!(profile(noise, true), plain, "{place:?}");
    }
}

#[test]
fn what_does_not_tell_is_refused_with_the_evidence() {
    let usual = Server::usual();
    let nowhere = refused(learned(&usual, Place::Nowhere, Noise::default()));
    assert!(
        matches!(nowhere, CalibrateError::NoPlace { .. }),
        "{nowhere}"
    );
    let hidden = refused(learned(&usual, Place::Encrypted, Noise::default()));
    assert!(matches!(hidden, CalibrateError::NoPlace { .. }), "{hidden}");
    let two = refused(learned(&usual, Place::Two, Noise::default()));
    assert!(matches!(two, CalibrateError::SeveralPlaces { .. }), "{two}");
    let one = Server::new((1, 3, 1), |_| vec![(0, "RUN"), (1, "RUN")]);
    let same = Server::new((1, 3, 2), |_| vec![(0, "RUN"), (1, "RUN")]);
    let none = Server::new((1, 3, 2), |_| vec![]);
    for place in Place::LEARNABLE {
        let error = refused(learned(&one, place, Noise::default()));
        assert!(
            matches!(error, CalibrateError::Weak { .. }),
            "{place:?}: {error}"
        );
        let error = refused(learned(&same, place, Noise::default()));
        assert!(
            matches!(error, CalibrateError::Weak { .. }),
            "{place:?}: {error}"
        );
        let error = refused(learned(&none, place, Noise::default()));
        assert!(
            matches!(error, CalibrateError::NothingGranted),
            "{place:?}: {error}"
        );
    }
    let before = same.old_project();
    let after = Server::import(&before, Place::Children).export(Place::Children, Noise::default());
    assert!(learn(&before, &after, Strength::Weak).is_ok());
}

#[test]
fn an_app_that_has_more_or_less_than_its_token_had_is_never_learned_as_the_rule() {
    for place in Place::LEARNABLE {
        let server = Server::usual();
        let before = server.old_project();
        let run = || BTreeSet::from(["NAMEDCONNECTIONS_RUN".to_owned()]);
        let changed = |change: &dyn Fn(&mut Held)| {
            let mut restored = Server::import(&before, place);
            let app = restored.apps.iter_mut().find(|app| app.name == "app-0");
            change(&mut app.unwrap().held);
            let after = restored.export(place, Noise::default());
            refused(learn(&before, &after, Strength::Strong))
        };
        changed(&|held| drop(held.remove("Connection 1")));
        changed(&|held| drop(held.insert("Connection 3".to_owned(), run())));
        changed(&|held| drop(held.insert("Connection 1".to_owned(), run())));
    }
}

#[test]
fn a_connection_that_is_called_like_an_app_is_not_mistaken_for_it() {
    for place in Place::LEARNABLE {
        let mut server = Server::usual();
        for app in &mut server.apps {
            if let Some(words) = app.held.remove("Connection 0") {
                app.held.insert("app-1".to_owned(), words);
            }
        }
        server.connections[0].0 = "app-1".to_owned();
        match learned(&server, place, Noise::default()) {
            Ok(learned) => {
                let plain = self::learned(&Server::usual(), place, Noise::default()).unwrap();
                assert_eq!(learned.profile.places, plain.profile.places, "{place:?}");
            }
            Err(Error::Other(error)) => assert!(!error.to_string().is_empty()),
            Err(error) => panic!("{place:?}: {}", error.line()),
        }
    }
}

#[test]
fn hundreds_of_apps_and_thousands_of_pairs_are_learned() {
    let server = Server::new((20, 60, 575), |at| {
        let count = 8 + at % 3;
        (0..count)
            .map(|n| {
                (
                    (at * 7 + n * 5) % 60,
                    if (at + n) % 4 == 0 {
                        "RUN,WRITE"
                    } else {
                        "RUN"
                    },
                )
            })
            .collect()
    });
    for place in [Place::LEARNABLE[2], Place::JsonList] {
        let learned = learned(&server, place, Noise::default());
        let learned = learned.unwrap_or_else(|e| panic!("{place:?}: {}", e.line()));
        assert!(
            learned.profile.evidence.pairs > 4000,
            "{:?}",
            learned.profile.evidence
        );
    }
}

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

/// Runs the program in `folder`, which has to succeed.
fn done(folder: &Path, words: &[&str]) -> String {
    let outcome = run(folder, words);
    assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.text());
    outcome.stdout
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

/// What every app holds, by name.
fn held(server: &Server) -> BTreeMap<String, Held> {
    let apps = server
        .apps
        .iter()
        .map(|app| (app.name.clone(), app.held.clone()));
    apps.collect()
}

/// A profile of `place` in `folder`, as `server.toml`.
fn profile_in(folder: &Path, place: Place) {
    let server = Server::usual();
    let restored = Server::import(&server.old_project(), place);
    fs_err::write(folder.join("probe.fsproject"), server.old_project()).unwrap();
    let after = restored.export(place, Noise::default());
    fs_err::write(folder.join("probed.fsproject"), after).unwrap();
    let words = [
        "calibrate",
        "probe.fsproject",
        "probed.fsproject",
        "-o",
        "server.toml",
        "--force",
    ];
    done(folder, &words);
}

#[test]
fn what_is_written_through_a_profile_gives_every_app_exactly_what_its_token_had() {
    let folder = tempfile::tempdir().unwrap();
    for place in Place::LEARNABLE {
        profile_in(folder.path(), place);
        for seed in 0..4 {
            let random = |at: usize| number(seed, at as u64) as usize;
            let server = Server::new((2, 5, 1 + random(0) % 8), |app| {
                let some = (0..5).filter(|at| random(100 + app * 10 + at) % 3 == 0);
                let words = |at| {
                    if random(200 + app * 10 + at) % 2 == 0 {
                        "RUN"
                    } else {
                        "RUN,WRITE"
                    }
                };
                some.map(|at| (at, words(at))).collect()
            });
            fs_err::write(folder.path().join("before.fsproject"), server.old_project()).unwrap();
            let words = [
                "migrate",
                "-q",
                "--force",
                "--profile",
                "server.toml",
                "-o",
                "written.fsproject",
            ];
            done(folder.path(), &[&words[..], &["before.fsproject"]].concat());
            let verify = [
                "verify",
                "--profile",
                "server.toml",
                "before.fsproject",
                "written.fsproject",
            ];
            done(folder.path(), &verify);
            let written = fs_err::read(folder.path().join("written.fsproject")).unwrap();
            assert_eq!(
                held(&Server::import(&written, place)),
                held(&server),
                "{place:?} {seed}"
            );
            let again = run(
                folder.path(),
                &["migrate", "--profile", "server.toml", "written.fsproject"],
            );
            assert!(again.stdout.contains("nothing to do"), "{}", again.text());
        }
    }
}

#[test]
fn what_was_never_seen_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for place in Place::LEARNABLE {
        profile_in(folder.path(), place);
        let mut server = Server::usual();
        let odd = BTreeSet::from(["NAMEDCONNECTIONS_TEST".to_owned()]);
        server.apps[0].held.insert("Connection 2".to_owned(), odd);
        fs_err::write(folder.path().join("before.fsproject"), server.old_project()).unwrap();
        let words = ["migrate", "--profile", "server.toml", "before.fsproject"];
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 3, "{place:?}: {}", outcome.text());
        assert!(outcome.stderr.contains("not seen"), "{}", outcome.stderr);
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
const fn number(seed: u64, position: u64) -> u64 {
    let mut z = seed.wrapping_add(position.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
