//! Where there is little or nothing to be seen, why is said in words, the same in every place.

use std::path::Path;

use super::support::fixtures::folder;
use super::support::run::run;
use super::support::small::{ROLE, grant, item, list, package, small};

const NO_APPS: &str = "There are no apps, so no app loses anything.";
const GALLERIES: &str = "There are only Gallery Apps, which have no token: they lose nothing.";
const ALL_DROPPED: &str =
    "No app has a Connection that is carried over: all that their tokens allowed is lost.";

/// What `plan`, `audit` and the page say of `archive`.
fn said(folder: &Path, archive: &str) -> [String; 3] {
    [
        &["plan", archive][..],
        &["audit", archive],
        &["audit", "--format", "html", archive],
    ]
    .map(|words| {
        let outcome = run(folder, words);
        assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.stderr);
        outcome.stdout
    })
}

/// The same of the small project with another `data.xml`.
fn of_data(data: impl FnOnce(&str) -> String) -> [String; 3] {
    let folder = tempfile::tempdir().unwrap();
    let mut project = small();
    project.part("data.xml").edit(data);
    fs_err::write(folder.path().join("small.fsproject"), project.build()).unwrap();
    said(folder.path(), "small.fsproject")
}

#[test]
fn that_there_are_no_apps() {
    for text in of_data(|_| package(&item("security", "categories", &[], &list("roles", "")))) {
        assert!(text.contains(NO_APPS), "{text}");
    }
}

#[test]
fn that_there_are_only_galleries() {
    let galleries = |data: &str| {
        let token = "<name>token</name><type>string</type><value>Workspace App - tree<";
        assert!(data.contains(token));
        let data = data.replace(token, &token.replacen("token", "title", 1));
        let data = data.replace("<name>tokenvalue<", "<name>description<");
        let data = data.replace("server_app<", "server_app_suite<");
        data.replace("server_apps<", "server_app_suites<")
    };
    for text in of_data(galleries) {
        assert!(text.contains(GALLERIES), "{text}");
        assert!(!text.contains(ALL_DROPPED), "{text}");
    }
}

#[test]
fn that_all_is_dropped() {
    let connections = list("role_permissions", &grant(ROLE, &["NAMEDCONNECTIONS_RUN"]));
    let without = |data: &str| data.replace(&connections, "");
    let [plan, ..] = of_data(|data| data.replace("SECRET-hash", "SECRET-other"));
    assert!(!plan.contains(ALL_DROPPED), "{plan}");
    for text in of_data(without) {
        assert!(text.contains(ALL_DROPPED), "{text}");
    }
}

#[test]
fn that_it_is_of_2026_1_already() {
    let place = tempfile::tempdir().unwrap();
    let current = folder().join("next-2.111.fsproject");
    fs_err::copy(current, place.path().join("next.fsproject")).unwrap();
    let [plan, audit, page] = said(place.path(), "next.fsproject");
    assert!(plan.contains("comes from 2026.1 or later, nothing to do"));
    assert!(audit.contains("made by 2026.1 or later"));
    assert!(page.contains("Made by FME Flow 2026.1 or later, where apps have no tokens"));
    for text in [plan, audit, page] {
        assert!(!text.contains(ALL_DROPPED), "{text}");
    }
}

#[test]
fn that_nothing_matches() {
    let place = tempfile::tempdir().unwrap();
    let city = folder().join("city.fsconfig");
    fs_err::copy(city, place.path().join("city.fsconfig")).unwrap();
    assert_eq!(run(place.path(), &["migrate", "city.fsconfig"]).code, 0);
    let lost = run(place.path(), &["history", "lost", "--owner", "nobody"]);
    assert_eq!(lost.stdout, "nothing was lost\n");
    let tasks = run(place.path(), &["history", "list", "--archive", "none"]);
    assert_eq!(tasks.stdout, "no tasks\n");
}
