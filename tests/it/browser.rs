//! The HTML report in a browser. Ignored unless asked for, since it takes Chromium: run it with
//! `tests/browser/run`.

use std::path::Path;
use std::process::Command;

use super::support::altered::with_text;
use super::support::fixtures::FIXTURES;
use super::support::run::run;

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
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.mjs");
    let mut node = Command::new("node");
    let page = folder.path().join("page.html");
    let status = node.arg(script).arg(page).status().unwrap();
    assert!(status.success());
}
