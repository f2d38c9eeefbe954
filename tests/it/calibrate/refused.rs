//! What does not tell is refused, with the evidence.

use std::collections::BTreeSet;

use super::*;

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
    // Where one app alone holds something, another list may be the same by chance.
    for place in Place::LEARNABLE
        .into_iter()
        .filter(|it| *it != Place::Declared)
    {
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
            match learn(&before, &after, Strength::Strong) {
                // A list of who may write that is not the rule leaves a list of who may run, which by
                // itself is good for reading alone.
                Ok(learned) if place == Place::RunAndWrite => {
                    assert!(!learned.profile.incomplete.is_empty());
                }
                other => drop(refused(other)),
            }
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
fn what_is_encrypted_or_goes_by_a_hash_is_no_place() {
    for place in [Place::Encrypted, Place::Hashed] {
        let error = refused(learned(&Server::usual(), place, Noise::default()));
        assert!(
            matches!(error, CalibrateError::NoPlace { .. }),
            "{place:?}: {error}"
        );
    }
}

#[test]
fn what_comes_close_is_shown_with_what_is_wrong_with_it() {
    let server = Server::usual();
    let before = server.old_project();
    let mut restored = Server::import(&before, Place::Children);
    let mut named = restored.apps.iter_mut();
    let app = named.find(|app| app.name == "app-0").unwrap();
    app.held.remove("Connection 1");
    let after = restored.export(Place::Children, Noise::default());
    let said = refused(learn(&before, &after, Strength::Strong)).to_string();
    let closest = "{app.key}/namedConnections/{item}: 6 of 7 pairs, and 0 others";
    assert!(said.contains(closest), "{said}");
    for (name, _) in &server.connections {
        assert!(!said.contains(name.as_str()), "{said}");
    }
}

#[test]
fn a_place_on_which_more_hangs_than_is_understood_is_for_reading_only() {
    let folder = tempfile::tempdir().unwrap();
    profile_in(folder.path(), Place::Principal);
    let profile = fs_err::read_to_string(folder.path().join("server.toml")).unwrap();
    assert!(
        profile.contains("incomplete = [\"categories/roles\"]"),
        "{profile}"
    );
    let words = [
        "compare",
        "--profile",
        "server.toml",
        "probe.fsproject",
        "probed.fsproject",
    ];
    done(folder.path(), &words);
    let words = ["migrate", "--profile", "server.toml", "probe.fsproject"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 3, "{}", outcome.text());
    assert!(
        outcome.stderr.contains("reading only"),
        "{}",
        outcome.stderr
    );
}
