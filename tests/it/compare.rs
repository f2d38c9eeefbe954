//! What a restore really did, on a simulated server: no false alarm, and every planted difference
//! found.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::counts;
use super::support::run::{Outcome, run};
use super::support::server::{Noise, Place, Server};

/// A folder with `before.fsproject` and `after.fsproject`.
fn folder(before: &[u8], after: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("before.fsproject"), before).unwrap();
    fs_err::write(folder.path().join("after.fsproject"), after).unwrap();
    folder
}

fn compare(folder: &Path, more: &[&str]) -> Outcome {
    run(
        folder,
        &[&["compare", "before.fsproject", "after.fsproject"], more].concat(),
    )
}

fn json(folder: &Path, more: &[&str]) -> (i32, Value) {
    let outcome = compare(folder, &[&["--format", "json"], more].concat());
    let json = serde_json::from_str(&outcome.stdout);
    (
        outcome.code,
        json.unwrap_or_else(|e| panic!("{e}: {outcome:?}")),
    )
}

/// Every outcome that is not as planned: the app, and what is not.
fn differences(comparison: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for app in comparison["apps"].as_array().unwrap() {
        let mut add = |what: String| found.insert((text(&app["name"]), what));
        for outcome in app["outcomes"].as_array().unwrap() {
            if outcome != "same" {
                add(text(outcome));
            }
        }
        for it in app["connections"].as_array().unwrap() {
            if it["outcome"] != "present" {
                add(format!(
                    "{} {}",
                    text(&it["connection"]),
                    text(&it["outcome"])
                ));
            }
        }
        if app["token"]["outcome"] == "still-alive" {
            add("token still-alive".to_owned());
        }
    }
    found
}

/// A server after the restore of what `server` exported.
fn restored(server: &Server) -> Server {
    Server::import(&server.old_project(), Place::Own)
}

#[test]
fn an_archive_and_its_restore_have_no_difference_whatever_the_noise() {
    let server = Server::usual();
    for (salt, reversed, renamed) in [(0, false, false), (3, true, false), (4, false, true)] {
        let mut after = restored(&server);
        if renamed {
            after.rename_users();
        }
        let noise = Noise { salt, reversed };
        let folder = folder(&server.old_project(), &after.export(Place::Own, noise));
        let (code, comparison) = json(folder.path(), &[]);
        assert_eq!(differences(&comparison), BTreeSet::new());
        assert_eq!((code, &comparison["as_planned"]), (0, &Value::Bool(true)));
    }
}

#[test]
fn what_the_export_does_not_show_is_no_success() {
    let server = Server::usual();
    let after = restored(&server).export(Place::Nowhere, Noise::default());
    let folder = folder(&server.old_project(), &after);
    let outcome = compare(folder.path(), &[]);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!("compare_not_observable", outcome.text());
}

/// Plants a difference in a restored server; returns what has to be found.
fn plant(server: &mut Server, kind: usize, at: usize) -> BTreeSet<(String, String)> {
    let at = at % server.apps.len();
    let name = server.apps[at].name.clone();
    let held: Vec<String> = server.apps[at].held.keys().cloned().collect();
    let all: Vec<String> = server
        .connections
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let free = all
        .iter()
        .find(|name| !held.contains(name))
        .unwrap()
        .clone();
    let app = &mut server.apps[at];
    let one = |what: String| BTreeSet::from([(name.clone(), what)]);
    match kind {
        0 => {
            let gone = held
                .iter()
                .map(|it| (name.clone(), format!("{it} missing")));
            let gone = gone.chain([(name.clone(), "missing".to_owned())]).collect();
            server.apps.remove(at);
            gone
        }
        1 => {
            let mut extra = app.clone();
            "somebody else's".clone_into(&mut extra.name);
            extra.key = super::support::server::uuid("somebody else's");
            server.apps.push(extra);
            BTreeSet::from([("somebody else's".to_owned(), "extra".to_owned())])
        }
        2 => {
            app.enabled = false;
            one("disabled".to_owned())
        }
        3 => {
            let owner = server.users.iter().find(|(_, user)| *user != app.owner);
            app.owner = owner.unwrap().1.clone();
            one("owner-changed".to_owned())
        }
        4 if !app.automation => {
            app.uploads = true;
            one("uploads-changed".to_owned())
        }
        5 if !held.is_empty() => {
            app.held.remove(&held[0]);
            one(format!("{} missing", held[0]))
        }
        6 => {
            app.held.insert(
                free.clone(),
                BTreeSet::from(["NAMEDCONNECTIONS_RUN".to_owned()]),
            );
            one(format!("{free} extra"))
        }
        7 if !held.is_empty() => {
            let words = app.held.get_mut(&held[0]).unwrap();
            if !words.remove("NAMEDCONNECTIONS_WRITE") {
                words.insert("NAMEDCONNECTIONS_WRITE".to_owned());
            }
            one(format!("{} level-differs", held[0]))
        }
        8 => {
            let token = (app.owner.clone(), Server::token_name(app));
            server.tokens.push(token);
            one("token still-alive".to_owned())
        }
        _ => BTreeSet::new(),
    }
}

#[test]
fn a_hundred_planted_differences_of_every_kind_are_found_and_nothing_else() {
    let server = Server::usual();
    let before = server.old_project();
    let mut planted = 0;
    for case in 0..140 {
        let mut after = restored(&server);
        let expected = plant(&mut after, case % 9, case / 9);
        if expected.is_empty() {
            continue;
        }
        let after = after.export(
            Place::Own,
            Noise {
                salt: case as u64,
                reversed: case % 2 == 0,
            },
        );
        let folder = folder(&before, &after);
        let (code, comparison) = json(folder.path(), &[]);
        assert_eq!(differences(&comparison), expected, "case {case}");
        assert_eq!(code, 1, "case {case}");
        planted += 1;
    }
    assert!(planted >= 100, "{planted}");
    counts::say("planted differences found", planted);
}

#[test]
fn an_app_that_comes_alive_is_found() {
    let mut server = Server::usual();
    server.apps[0].enabled = false;
    let mut after = restored(&server);
    assert!(!after.apps[0].enabled);
    after.apps[0].enabled = true;
    let folder = folder(
        &server.old_project(),
        &after.export(Place::Own, Noise::default()),
    );
    let (code, comparison) = json(folder.path(), &[]);
    let expected = ("app-0".to_owned(), "enabled-unexpectedly".to_owned());
    assert_eq!(
        (code, differences(&comparison)),
        (1, BTreeSet::from([expected]))
    );
}

#[test]
fn apps_with_new_keys_are_found_by_name_whatever_its_case_and_never_guessed() {
    let server = Server::usual();
    let mut after = restored(&server);
    for app in &mut after.apps {
        app.key = super::support::server::uuid(&format!("anew {}", app.key));
        app.name = app.name.to_uppercase();
    }
    let folder = folder(
        &server.old_project(),
        &after.export(Place::Own, Noise::default()),
    );
    assert_eq!(json(folder.path(), &[]).0, 0);
    // The same name twice, of users that BEFORE does not know.
    let mut twice = after.apps[0].clone();
    for (app, owner) in [(&mut after.apps[0], "new1"), (&mut twice, "new2")] {
        owner.clone_into(&mut app.owner);
        app.key = super::support::server::uuid(owner);
    }
    after.apps.push(twice);
    for user in ["new1", "new2"] {
        after
            .users
            .push((super::support::server::uuid(user), user.to_owned()));
    }
    let after = after.export(Place::Own, Noise::default());
    fs_err::write(folder.path().join("after.fsproject"), after).unwrap();
    let (code, comparison) = json(folder.path(), &[]);
    let found = differences(&comparison);
    assert!(
        found.contains(&("app-0".to_owned(), "ambiguous".to_owned())),
        "{found:?}"
    );
    assert_eq!(code, 1);
}

#[test]
fn archives_that_cannot_be_compared_are_said_to_be_so() {
    let server = Server::usual();
    let (old, new) = (
        server.old_project(),
        restored(&server).export(Place::Own, Noise::default()),
    );
    let mut other = Server::new((1, 1, 2), |_| vec![]);
    for app in &mut other.apps {
        app.key = super::support::server::uuid(&format!("other {}", app.key));
        app.name += " of another server";
    }
    let empty = Server::new((1, 1, 0), |_| vec![]);
    let unrelated = other.export(Place::Own, Noise::default());
    for (before, after, said) in [
        (&new, &old, "swapped"),
        (&old, &old, "before 2026.1"),
        (&new, &new, "the same archive"),
        (&old, &unrelated, "unrelated"),
        (&empty.old_project(), &new, "no Flow App"),
    ] {
        let folder = folder(before, after);
        let outcome = compare(folder.path(), &[]);
        assert_eq!(outcome.code, 3, "{said}");
        assert!(outcome.stderr.contains(said), "{said}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn a_project_in_the_backup_of_a_server_with_other_apps_is_as_planned() {
    let server = Server::usual();
    let mut after = restored(&server);
    plant(&mut after, 1, 0);
    let folder = folder(&server.old_project(), b"");
    let backup = folder.path().join("after.fsconfig");
    fs_err::write(backup, after.export(Place::Own, Noise::default())).unwrap();
    let words = ["compare", "before.fsproject", "after.fsconfig"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 0, "{}", outcome.text());
    assert!(
        outcome.stdout.contains("1 not-in-project"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_log_is_reported_beside_and_never_instead() {
    let server = Server::usual();
    let after = restored(&server).export(Place::Nowhere, Noise::default());
    let folder = folder(&server.old_project(), &after);
    let text = "Opening log file using character encoding UTF-8\n\
        Wed-19-Nov-2025 08:24:34.172 PM   INFORM   Thread-8   409999 : \"app-0\" may now use Connection 1\n";
    let parsed = r#"{"items":[{"number":1,"time":"2025-11-19T20:24:34.172Z","status":"INFORM",
        "message":"\"app-0\" may now use Connection 1","line":"…"}],"totalCount":1,"limit":100,"offset":0}"#;
    for log in [text, parsed] {
        fs_err::write(folder.path().join("server.log"), log).unwrap();
        let (code, comparison) = json(folder.path(), &["--log", "server.log"]);
        assert_eq!(code, 1, "a log proves nothing");
        let apps = comparison["apps"].as_array().unwrap();
        let logged = apps.iter().flat_map(|app| {
            let connections = app["connections"].as_array().unwrap().iter();
            let logged = connections.filter(|it| it["logged"] == true);
            logged.map(|it| format!("{} {}", app["name"], it["connection"]))
        });
        assert_eq!(logged.collect::<Vec<_>>(), ["\"app-0\" \"Connection 1\""]);
    }
}

#[test]
fn what_was_planned_can_come_from_the_history() {
    let server = Server::usual();
    let after = restored(&server).export(Place::Own, Noise::default());
    let folder = folder(&server.old_project(), &after);
    assert_eq!(
        run(folder.path(), &["migrate", "-q", "before.fsproject"]).code,
        0
    );
    let tasks = run(folder.path(), &["history", "list", "--format", "json"]).stdout;
    let tasks: Value = serde_json::from_str(&tasks).unwrap();
    let id = tasks["tasks"][0]["id"].as_str().unwrap();
    let words = [
        "compare",
        "--from-history",
        id,
        "after.fsproject",
        "--format",
        "json",
    ];
    let outcome = run(folder.path(), &words);
    let comparison = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(differences(&comparison), BTreeSet::new());
    assert_eq!(outcome.code, 0);
    let both = [
        "compare",
        "--from-history",
        id,
        "before.fsproject",
        "after.fsproject",
    ];
    assert_eq!(run(folder.path(), &both).code, 2);
}

#[test]
fn an_upgraded_archive_says_what_was_planned_as_well() {
    let server = Server::usual();
    let after = restored(&server).export(Place::Own, Noise::default());
    let folder = folder(&server.old_project(), &after);
    assert_eq!(
        run(folder.path(), &["migrate", "-q", "before.fsproject"]).code,
        0
    );
    let words = ["compare", "before-2026.1.fsproject", "after.fsproject"];
    let outcome = run(folder.path(), &words);
    assert_eq!(outcome.code, 0, "{}", outcome.text());
}

#[test]
fn the_page_can_be_signed_and_holds_all_it_needs() {
    let server = Server::usual();
    let mut after = restored(&server);
    plant(&mut after, 6, 0);
    after.apps[1].name = "<script>alert(1)</script>".to_owned();
    let folder = folder(
        &server.old_project(),
        &after.export(Place::Own, Noise::default()),
    );
    let outcome = compare(folder.path(), &["-o", "report.html"]);
    assert_eq!(outcome.code, 1);
    let page = fs_err::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("Signature") && page.contains("SHA-256"));
    assert!(page.contains("more than planned"));
    assert!(!page.contains("<script") && !page.contains("://"), "{page}");
    // Neither the report nor anything else is ever written over an input.
    let outcome = compare(folder.path(), &["-o", "before.fsproject", "--force"]);
    assert_eq!(outcome.code, 2, "{}", outcome.text());
    assert_eq!(
        fs_err::read(folder.path().join("before.fsproject")).unwrap(),
        server.old_project()
    );
}

#[test]
fn a_simulated_server_reads_what_it_has_written_wherever_it_keeps_it() {
    let server = Server::usual();
    for place in Place::LEARNABLE.into_iter().chain([Place::Own, Place::Two]) {
        let restored = Server::import(&server.old_project(), place);
        let held = |server: &Server| -> Vec<_> {
            server
                .apps
                .iter()
                .map(|app| (app.name.clone(), app.held.clone()))
                .collect()
        };
        let in_order = |mut apps: Vec<_>| {
            apps.sort();
            apps
        };
        assert_eq!(in_order(held(&restored)), in_order(held(&server)));
        let again = Server::import(&restored.export(place, Noise::default()), place);
        assert_eq!(in_order(held(&again)), in_order(held(&server)), "{place:?}");
    }
    let hidden = restored(&server).export(Place::Encrypted, Noise::default());
    assert!(
        Server::import(&hidden, Place::Encrypted)
            .apps
            .iter()
            .all(|app| app.held.is_empty())
    );
}
