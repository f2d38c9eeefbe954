//! The HTML report in a browser. Ignored unless asked for, since it takes Chromium: run it with
//! `tests/browser/run`.

use std::path::Path;
use std::process::Command;

use clap::Parser;

use super::support::altered::with_text;
use super::support::fixtures::FIXTURES;
use super::support::run::run;
use super::support::scale::Scale;

/// An app's name that would set `window.owned`, were it ever taken for anything but text.
const HOSTILE: &str = "<script>window.owned=1</script>\"><img src=x onerror=\"window.owned=1\">";

/// Writes the page for a backup with a hostile app.
fn page(folder: &Path) {
    let city = FIXTURES.into_iter().find(|it| it.name == "city").unwrap();
    let escaped = HOSTILE.replace('<', "&lt;").replace('>', "&gt;");
    let archive = with_text(&city.build().unwrap(), "data.xml", "sensor-map", &escaped);
    fs_err::write(folder.join("city.fsconfig"), archive).unwrap();
    let outcome = run(folder, &["audit", "city.fsconfig", "-o", "page.html"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

/// Writes the page for more apps than are rendered at once.
fn page_of_many_apps(folder: &Path) {
    let archive = folder.join("many.fsconfig");
    let words = ["scale", "--apps", "600", archive.to_str().unwrap()];
    Scale::try_parse_from(words).unwrap().write().unwrap();
    let outcome = run(folder, &["audit", "many.fsconfig", "-o", "many.html"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

/// Writes the page for two archives that can be audited and one that cannot.
fn page_of_several_archives(folder: &Path) {
    let parks = FIXTURES.into_iter().find(|it| it.name == "parks-2.99");
    let parks = parks.unwrap().build().unwrap();
    fs_err::write(folder.join("parks.fsproject"), parks).unwrap();
    fs_err::write(folder.join("bad.fsproject"), "no archive").unwrap();
    let archives = ["city.fsconfig", "parks.fsproject", "bad.fsproject"];
    let outcome = run(
        folder,
        &[&["audit", "-o", "several.html"], &archives[..]].concat(),
    );
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
}

#[test]
fn of_many_apps_each_waits_to_be_rendered_and_ends_where_it_began() {
    let folder = tempfile::tempdir().unwrap();
    page_of_many_apps(folder.path());
    let page = fs_err::read_to_string(folder.path().join("many.html")).unwrap();
    let waiting = page.matches("<noscript>").count();
    assert!(waiting > 600, "{waiting}");
    assert_eq!(page.matches("</noscript>").count(), waiting);
}

#[test]
fn a_task_is_known_by_the_same_key_on_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let keys = |archive: &str| {
        let outcome = run(folder.path(), &["audit", "--format", "html", archive]);
        let after = |part: &str| part.split('"').next().unwrap_or_default().to_owned();
        let keys = |name| outcome.stdout.split(name).skip(1).map(after);
        let tasks: std::collections::BTreeSet<_> = keys(" data-task=\"").collect();
        (keys(" data-key=\"").next().unwrap(), tasks)
    };
    let city = FIXTURES.into_iter().find(|it| it.name == "city").unwrap();
    let bytes = city.build().unwrap();
    for path in ["city.fsconfig", "renamed.fsconfig"] {
        fs_err::write(folder.path().join(path), &bytes).unwrap();
    }
    fs_err::create_dir(folder.path().join("sub")).unwrap();
    fs_err::write(folder.path().join("sub/city.fsconfig"), &bytes).unwrap();
    let (archive, tasks) = keys("city.fsconfig");
    assert!(tasks.len() > 5);
    assert_eq!(keys("sub/city.fsconfig"), (archive.clone(), tasks.clone()));
    let (renamed, same_tasks) = keys("renamed.fsconfig");
    assert_ne!(renamed, archive);
    assert_eq!(same_tasks, tasks);
}

#[test]
fn names_from_an_archive_are_escaped_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    page(folder.path());
    let page = fs_err::read_to_string(folder.path().join("page.html")).unwrap();
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(!page.contains("<img"));
    assert!(page.contains("&#60;script&#62;window.owned"));
    assert!(page.contains("default-src &#39;none&#39;"));
}

#[test]
#[ignore = "takes Chromium: tests/browser/run"]
fn the_page_works_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    page(folder.path());
    page_of_many_apps(folder.path());
    page_of_several_archives(folder.path());
    fs_err::create_dir(folder.path().join("out")).unwrap();
    let outcome = run(
        folder.path(),
        &["audit", "city.fsconfig", "--out-dir", "out"],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.mjs");
    let mut node = Command::new("node");
    let pages = ["page.html", "many.html", "out/index.html", "several.html"];
    let pages = pages.map(|name| folder.path().join(name));
    let status = node.arg(script).args(pages).status().unwrap();
    assert!(status.success());
}
