//! Resources and expiry: what FME Flow itself drops, carried where a profile knows the place.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::support::server::Expiry;
use super::super::support::server::place::RoleName;
use super::*;

/// The places that keep Resources, too.
const OF_RESOURCES: [Place; 14] = [
    Place::Children,
    Place::ChildrenByUuid,
    Place::ChildrenByFlags,
    Place::ChildrenByPath,
    Place::Role(RoleName::OwnerAndApp),
    Place::Role(RoleName::Registered),
    Place::SecurityFlat,
    Place::SecurityByKeys,
    Place::OnConnection,
    Place::Identifier,
    Place::JsonList,
    Place::JsonMap,
    Place::Separated,
    Place::OtherWords,
];

fn set(words: &str) -> BTreeSet<String> {
    let words = words
        .split(',')
        .map(|word| format!("SHAREDRESOURCE_{word}"));
    words.collect()
}

fn resources(all: &[(&str, &str)]) -> Held {
    let all = all.iter();
    all.map(|(name, words)| (format!("FME_SHAREDRESOURCE_{name}"), set(words)))
        .collect()
}

/// A server whose apps have different Resource permissions.
fn server() -> Server {
    let mut server = Server::usual();
    let all = [
        resources(&[("DATA", "READ,WRITE"), ("ENGINE", "READ")]),
        resources(&[("DATA", "READ")]),
        resources(&[("ENGINE", "READ")]),
        resources(&[("DATA", "READ,WRITE")]),
        resources(&[("ENGINE", "READ"), ("DATA", "READ")]),
        resources(&[("DATA", "READ,WRITE"), ("ENGINE", "READ")]),
        resources(&[]),
    ];
    for (app, resources) in server.apps.iter_mut().zip(all) {
        app.resources = resources;
    }
    server
}

/// What of a server's Resource permissions somebody gave back on the new one, in words of the command line.
fn given_back(restored: &mut Server, server: &Server, apps: &[usize]) -> Vec<String> {
    let mut words = Vec::new();
    for at in apps {
        let had = &server.apps[*at];
        let mut named = restored.apps.iter_mut();
        let app = named.find(|app| app.name == had.name).unwrap();
        app.resources = had.resources.clone();
        for resource in had.resources.keys() {
            let shown = match resource.strip_prefix("FME_SHAREDRESOURCE_") {
                Some("DATA") => "Data",
                _ => resource,
            };
            words.extend([
                "--resource".to_owned(),
                format!("{}={shown}", had.name.to_uppercase()),
            ]);
        }
    }
    words
}

fn names(all: &[String]) -> Vec<&str> {
    all.iter().map(|it| &**it).collect()
}

/// A profile of `place` that knows Resources, as `server.toml`.
fn profile_of_resources(folder: &Path, place: Place) -> String {
    let server = server();
    fs_err::write(folder.join("probe.fsproject"), server.old_project()).unwrap();
    let mut restored = Server::import(&server.old_project(), place);
    let told = given_back(&mut restored, &server, &[0, 1, 2, 5]);
    let after = restored.export(place, Noise::default());
    fs_err::write(folder.join("probed.fsproject"), after).unwrap();
    let words = "calibrate probe.fsproject probed.fsproject -o server.toml --force";
    let words: Vec<&str> = words.split(' ').chain(names(&told)).collect();
    let outcome = run(folder, &words);
    assert_eq!(outcome.code, 0, "{place:?}: {}", outcome.text());
    outcome.stdout
}

#[test]
fn resources_are_carried_where_the_profile_knows_them_and_each_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes| fs_err::write(folder.path().join(name), bytes).unwrap();
    for place in OF_RESOURCES {
        let said = profile_of_resources(folder.path(), place);
        assert!(!said.contains("reading only"), "{place:?}: {said}");
        let mut server = server();
        // What nobody gave back when the profile was learned is not known.
        server.apps[6].resources = resources(&[("DATA", "READ,DELETE"), ("ENGINE", "READ")]);
        write("before.fsproject", server.old_project());
        let words = "migrate -q --force --format json --profile server.toml --carry-resources \
                     -o written.fsproject before.fsproject";
        let said = done(folder.path(), &words.split_whitespace().collect::<Vec<_>>());
        let json: Value = serde_json::from_str(&said).unwrap();
        let of = |code: &str| {
            let findings = json["archives"][0]["findings"].as_array().unwrap().iter();
            let of = findings.filter(|it| it["code"] == code);
            of.map(|it| format!("{} {} {}", it["level"], it["app"], it["item"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("resource-dropped"),
            ["\"WARN\" \"app-6\" \"FME_SHAREDRESOURCE_DATA\""],
            "{place:?}"
        );
        assert_eq!(of("resource-carried").len(), 10, "{place:?}");
        assert!(
            of("resource-carried")
                .iter()
                .all(|it| it.starts_with("\"INFORM\""))
        );
        let verify =
            "verify --profile server.toml --carry-resources before.fsproject written.fsproject";
        done(folder.path(), &verify.split(' ').collect::<Vec<_>>());
        let written = fs_err::read(folder.path().join("written.fsproject")).unwrap();
        let imported = Server::import(&written, place);
        server.apps[6].resources = resources(&[("ENGINE", "READ")]);
        let of_all = |server: &Server| -> BTreeMap<String, Held> {
            let apps = server.apps.iter();
            apps.map(|app| (app.name.clone(), app.resources.clone()))
                .collect()
        };
        assert_eq!(of_all(&imported), of_all(&server), "{place:?}");
        assert_eq!(held(&imported), held(&server), "{place:?}");
        // Without being asked for, nothing of it is carried.
        let words =
            "migrate -q --force --profile server.toml -o written.fsproject before.fsproject";
        done(folder.path(), &words.split(' ').collect::<Vec<_>>());
        let written = fs_err::read(folder.path().join("written.fsproject")).unwrap();
        let imported = Server::import(&written, place);
        assert!(of_all(&imported).values().all(Held::is_empty), "{place:?}");
    }
}

#[test]
fn a_restore_with_resources_given_back_is_compared_through_the_profile() {
    let folder = tempfile::tempdir().unwrap();
    profile_of_resources(folder.path(), Place::Children);
    let words = "compare --profile server.toml probe.fsproject probed.fsproject";
    let said = done(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert!(said.contains("added-again"), "{said}");
}

#[test]
fn resources_that_are_said_to_be_given_back_have_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let server = server();
    fs_err::write(folder.path().join("b.fsproject"), server.old_project()).unwrap();
    let restored = Server::import(&server.old_project(), Place::Children);
    let after = restored.export(Place::Children, Noise::default());
    fs_err::write(folder.path().join("a.fsproject"), after).unwrap();
    for (told, said) in [
        (vec!["app-0=Data", "app-1=Data"], "no place in AFTER holds"),
        (vec!["app-9=Data"], "exactly one app of that name"),
        (vec!["app-1=Logs"], "had no permission on that Resource"),
    ] {
        let told = told.iter().flat_map(|it| ["--resource", it]);
        let words = "calibrate b.fsproject a.fsproject -o p.toml";
        let words: Vec<&str> = words.split(' ').chain(told).collect();
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 3, "{}", outcome.text());
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    let words = "calibrate b.fsproject a.fsproject -o p.toml --resource Data";
    let outcome = run(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert_eq!(outcome.code, 2, "{}", outcome.text());
    let words = "migrate --carry-resources b.fsproject";
    let outcome = run(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert_eq!(outcome.code, 2, "Resources are carried by a profile only");
}

/// A server whose apps expire on different days.
fn expiring() -> Server {
    let mut server = Server::usual();
    for (at, app) in server.apps.iter_mut().enumerate() {
        app.expires = format!("Thu-{:02}-Oct-2037 0{}:00:00 PM", 1 + at, 1 + at);
    }
    // ServerTime tells no weekday; the server's own form has the right one.
    for app in &mut server.apps {
        let date: flowlift::flow::ServerTime = app.expires.parse().unwrap();
        app.expires = date.0.strftime("%a-%d-%b-%Y %I:%M:%S %p").to_string();
    }
    server
}

#[test]
fn expiry_is_carried_where_the_profile_knows_it_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for expiry in [Expiry::Server, Expiry::Iso, Expiry::Milliseconds] {
        let server = expiring();
        fs_err::write(path("before.fsproject"), server.old_project()).unwrap();
        let mut restored = Server::import(&server.old_project(), Place::Children);
        restored.expiry = expiry;
        let after = restored.export(Place::Children, Noise::default());
        fs_err::write(path("after.fsproject"), after).unwrap();
        let words = "calibrate before.fsproject after.fsproject -o server.toml --force";
        let said = done(folder.path(), &words.split(' ').collect::<Vec<_>>());
        assert!(said.contains("expiry: categories"), "{expiry:?}: {said}");
        let words = "migrate -q --force --format json --profile server.toml \
                     -o written.fsproject before.fsproject";
        let said = done(folder.path(), &words.split_whitespace().collect::<Vec<_>>());
        assert_eq!(said.matches("\"expiry-carried\"").count(), 7, "{said}");
        assert!(!said.contains("token-expiry-lost"));
        let verify = "verify --profile server.toml before.fsproject written.fsproject";
        done(folder.path(), &verify.split(' ').collect::<Vec<_>>());
        let written = fs_err::read(path("written.fsproject")).unwrap();
        let dates = |server: &Server| -> BTreeMap<String, String> {
            let apps = server.apps.iter();
            apps.map(|app| (app.name.clone(), app.expires.clone()))
                .collect()
        };
        let imported = Server::import(&written, Place::Children);
        assert_eq!(dates(&imported), dates(&server), "{expiry:?}");
    }
}

#[test]
fn an_expiry_that_may_be_chance_is_not_learned_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::usual();
    let mut restored = Server::import(&server.old_project(), Place::Children);
    restored.expiry = Expiry::Iso;
    let after = restored.export(Place::Children, Noise::default());
    fs_err::write(folder.path().join("b.fsproject"), server.old_project()).unwrap();
    fs_err::write(folder.path().join("a.fsproject"), after).unwrap();
    let words = "calibrate b.fsproject a.fsproject -o p.toml";
    let said = done(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert!(said.contains("all tokens expire on one day"), "{said}");
    let words = "migrate -q --format json --profile p.toml -o w.fsproject b.fsproject";
    let said = done(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert!(said.contains("token-expiry-lost"), "{said}");
}
