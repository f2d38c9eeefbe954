//! What is learned, and that nothing but the place matters for it.

use flowlift::profile::Profile;

use super::*;

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
    let learned = learned(&server, Place::JsonList, Noise::default());
    let learned = learned.unwrap_or_else(|e| panic!("{}", e.line()));
    assert!(
        learned.profile.evidence.pairs > 4000,
        "{:?}",
        learned.profile.evidence
    );
}
