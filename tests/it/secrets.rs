//! No secret of an archive reaches any output, however much is asked for.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use super::support::archives;
use super::support::run::run;
use super::support::small::{data, item, list, small};

/// Attributes whose values are secrets.
const SECRET: [&str; 4] = ["tokenvalue", "userpassword", "uid", "salt"];

#[test]
fn the_most_talkative_run_shows_no_secret_of_any_archive() {
    for archive in archives() {
        let secrets = secrets(&archive);
        let folder = tempfile::tempdir().unwrap();
        let name = archive.to_str().unwrap();
        for format in ["table", "json"] {
            let target = format!("{format}.fsproject");
            let words = [
                "migrate",
                "-vvv",
                "--log-file",
                "events",
                "--format",
                format,
            ];
            let words = [&words[..], &["-o", &target, name]].concat();
            let outcome = run(folder.path(), &words);
            assert_eq!(outcome.code, 0, "{}", outcome.stderr);
            let log = fs_err::read_to_string(folder.path().join(format!("{target}.log")));
            let events = fs_err::read_to_string(folder.path().join("events")).unwrap();
            let said = [
                outcome.stdout,
                outcome.stderr,
                log.unwrap_or_default(),
                events,
            ]
            .concat();
            for secret in &secrets {
                assert!(!said.contains(secret.as_str()), "{name} leaks {secret}");
            }
            assert!(!said.contains("fme_enc"), "{name} leaks a ciphertext");
        }
    }
}

/// Every secret value in an archive's `data.xml` and `properties.xml`.
pub(crate) fn secrets(archive: &Path) -> BTreeSet<String> {
    let mut zip = zip::ZipArchive::new(fs_err::File::open(archive).unwrap()).unwrap();
    let mut secrets = BTreeSet::new();
    for document in ["data.xml", "properties.xml"] {
        let mut text = String::new();
        zip.by_name(document)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        for node in document
            .descendants()
            .filter(|node| node.has_tag_name("value"))
        {
            let parent = node.parent().unwrap();
            let part = |node: roxmltree::Node<'_, '_>, name| {
                let part = node.children().find(|child| child.has_tag_name(name));
                part.and_then(|part| part.text())
                    .unwrap_or_default()
                    .to_owned()
            };
            // An app's `token` is a name, a token's is its hash.
            let item = parent.ancestors().find(|node| node.has_tag_name("item"));
            let of_token = item.is_some_and(|item| part(item, "type") == "user_tokens");
            let name = part(parent, "name");
            let is_secret = SECRET.contains(&name.as_str())
                || name == "CONFIG_SERVER_ENCRYPT"
                || (name == "token" && of_token);
            let value = node.text().unwrap_or_default();
            if is_secret && !value.is_empty() {
                secrets.insert(value.to_owned());
            }
        }
    }
    assert!(
        !secrets.is_empty(),
        "{} holds no secret to look for",
        archive.display()
    );
    secrets
}

#[test]
fn what_looks_like_a_token_in_a_category_nobody_knows_is_neither_shown_nor_touched() {
    untouched("S3CR3T-xoxb-1234");
}

#[test]
fn a_category_nobody_knows_is_not_touched_for_a_name_that_is_that_of_anothers_token() {
    untouched("Workspace App - tree");
}

/// An item of a category that nobody knows, with `secret` in its attributes, stays as it is.
fn untouched(secret: &str) {
    let attributes = [("name", "Bot"), ("token", secret), ("tokenvalue", "S3CR3T")];
    let bots = list("bots", &item("bot1", "bots", &attributes, ""));
    let slack = item("server_slack", "categories", &[], &bots);
    let text = data().replacen("<items>", &format!("<items>{slack}"), 1);
    let mut parts = small();
    parts.part("data.xml").fill(text.as_bytes());
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a.fsproject"), parts.build()).unwrap();
    for words in [
        &["plan", "-vvv", "a.fsproject"][..],
        &["plan", "--diff", "a.fsproject"],
        &["plan", "--format", "json", "a.fsproject"],
        &["audit", "--format", "csv", "a.fsproject"],
        &["inspect", "--tree", "/", "a.fsproject"],
        &["migrate", "-vvv", "-o", "staged", "a.fsproject"],
        &[
            "migrate",
            "-vvv",
            "--form",
            "final",
            "-o",
            "final",
            "a.fsproject",
        ],
        &["verify", "a.fsproject", "final"],
    ] {
        let outcome = run(folder.path(), words);
        assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.stderr);
        assert!(!outcome.text().contains("S3CR3T"), "{words:?}");
    }
    let bytes = fs_err::read(folder.path().join("final")).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("data.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.contains(&slack), "it was changed");
}
