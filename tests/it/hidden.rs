//! Characters that hide, reorder or forge: names are full of them, and no terminal, table, page or log
//! ever gets one as it is.

use std::path::Path;

use super::support::run::run;
use super::support::small::{self, MAP, OWNER, PROJECT, WORKSPACE, item, list, small};
use super::support::surgery::Part;

/// One of each kind: fillers and blanks that are drawn as nothing, variation selectors, what changes the
/// direction, tags, line ends of other systems, and controls of terminals that XML allows.
const HIDDEN: &str = "\u{3164}\u{115f}\u{17b4}\u{34f}\u{2800}\u{fe0f}\u{e0100}\u{202e}\u{2066}\u{e0041}\
    \u{e007f}\u{200b}\u{2028}\u{85}\u{9b}\u{7f}\u{feff}\u{ad}\u{61c}\u{180e}\u{a0}\u{fff9}\u{1d173}";

/// Every command, as far as it writes for people.
const COMMANDS: [&[&str]; 17] = [
    &["plan", "-vvv"],
    &["plan", "--diff"],
    &["plan", "--format", "json"],
    &["plan", "--format", "csv"],
    &["plan", "--form", "final"],
    &["audit"],
    &["audit", "--readiness"],
    &["audit", "--format", "csv"],
    &["audit", "--format", "json"],
    &["audit", "--format", "html"],
    &[
        "inspect",
        "--apps",
        "--tokens",
        "--connections",
        "--entries",
    ],
    &["inspect", "--tree", "/"],
    &["inspect", "--tree", "/", "--format", "json"],
    &["inspect", "--format", "json"],
    &["migrate", "-vvv", "-o", "staged", "--log-file", "events"],
    &[
        "migrate",
        "-vvv",
        "--form",
        "final",
        "-o",
        "final",
        "--log-file",
        "events",
    ],
    &[
        "migrate",
        "-o",
        "refused",
        "--log-file",
        "events",
        "--limit",
        "text=10",
    ],
];

/// The small project, each of its names with all that hides.
fn hiding() -> Vec<u8> {
    let named = |text: &str| text.replace("tree", &format!("tree{HIDDEN}x"));
    let data = named(&small::data())
        .replace("Parks", &format!("Parks{HIDDEN}x"))
        .replace("FME_SHAREDRESOURCE_DATA", &format!("DATA{HIDDEN}x"))
        .replace("Sat-13-Oct-2035", &format!("Sat-13{HIDDEN}x"))
        .replace("w.fmw", &format!("w{HIDDEN}x.fmw"));
    let gallery = [("name", &*format!("g{HIDDEN}x")), ("ownerid", OWNER)];
    let link = item("l", "links", &[("link", &*format!("l{HIDDEN}x"))], "");
    let suite = item(
        "suite",
        "server_app_suites",
        &gallery,
        &list("links", &link),
    );
    let suites = item(
        "server_app_suite",
        "categories",
        &[],
        &list("server_app_suites", &suite),
    );
    let odd = [("token", &*format!("Workspace App - tree{HIDDEN}x"))];
    let things = list("things", &item(&format!("i{HIDDEN}x"), "things", &odd, ""));
    let odd = item("odd", "categories", &[], &things);
    let mut parts = small();
    let begin = "<itemtype><name>categories</name><items>";
    let data = data.replacen(begin, &format!("{begin}{suites}{odd}"), 1);
    parts.part("data.xml").fill(data.as_bytes());
    // YAML has some of them only as escapes.
    parts
        .part("project.yml")
        .fill(PROJECT.replace(" - tree", "").as_bytes());
    let map = MAP.replace("w.fmw\nfiles", &format!("w{HIDDEN}x.fmw\nfiles"));
    let missing = format!("{map}/x\nfiles/missing{HIDDEN}x\n");
    parts.part("files.map").fill(missing.as_bytes());
    let declared = format!(
        "#! <CONNECTIONS>\n#! <CONNECTION\n#!   NAME=\"c{HIDDEN}x\"\n#!   TYPE=\"DATABASE\"\n\
         #!   USAGE=\"PUBLISHED\"\n#! />\n#! </CONNECTIONS>\n#! </WORKSPACE>"
    );
    let workspace = WORKSPACE.replace("#! </WORKSPACE>", &declared);
    parts.part("files/0_w.fmw").fill(workspace.as_bytes());
    parts
        .entries
        .push(Part::new(format!("files/e{HIDDEN}x"), "x"));
    parts.build()
}

/// Fails where `text` has a character that hides.
fn shows_all(text: &str, what: &str) {
    // A table for spreadsheets begins with a byte order mark, which says that it is UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let hidden = text.chars().find(|it| HIDDEN.contains(*it));
    assert_eq!(hidden, None, "{what}");
}

fn files_of(folder: &Path) -> Vec<String> {
    ["staged.log", "final.log", "events"]
        .map(|name| fs_err::read_to_string(folder.join(name)).unwrap())
        .to_vec()
}

#[test]
fn no_output_and_no_log_has_a_character_that_hides() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a.fsproject"), hiding()).unwrap();
    for words in COMMANDS {
        let outcome = run(folder.path(), &[words, &["a.fsproject"]].concat());
        let expected = if words.contains(&"refused") { 3 } else { 0 };
        assert_eq!(outcome.code, expected, "{words:?}: {}", outcome.stderr);
        shows_all(&outcome.stdout, &format!("{words:?}, stdout"));
        shows_all(&outcome.stderr, &format!("{words:?}, stderr"));
    }
    for words in [
        &["verify", "a.fsproject", "final"][..],
        &["verify", "--format", "json", "a.fsproject", "staged"],
        &["compare", "a.fsproject", "final"],
        &["compare", "--format", "html", "a.fsproject", "final"],
        &["history", "list"],
        &["history", "show", "a.fsproject"],
        &["history", "log", "a.fsproject"],
        &["history", "lost", "--format", "csv"],
        &["history", "export"],
    ] {
        let outcome = run(folder.path(), words);
        assert!(outcome.code < 2, "{words:?}: {}", outcome.stderr);
        shows_all(&outcome.stdout, &format!("{words:?}, stdout"));
        shows_all(&outcome.stderr, &format!("{words:?}, stderr"));
    }
    for text in files_of(folder.path()) {
        assert!(
            text.contains("200b"),
            "nothing that hides was to be written"
        );
        shows_all(&text, "a log");
    }
}
