//! Known values are planted in every place where secrets occur, in all shapes; then every command
//! runs in every way, and no byte of what it says or writes may hold one of them.

use std::path::Path;

use super::counts;
use super::support::run::{Outcome, command, run};
use super::support::small::{OWNER, item, list, small};
use super::support::surgery::{Part, Parts};

/// What every planted value begins with; nothing else does.
const CANARY: &str = "CaNaRy";

/// Plants values, counted.
#[derive(Default)]
struct Plant(Vec<String>);

impl Plant {
    fn value(&mut self) -> String {
        let value = format!("{CANARY}-{:03}-zq7", self.0.len());
        self.0.push(value.clone());
        value
    }
}

/// The small project with a secret in every place, and those secrets.
fn planted() -> (Parts, Vec<String>) {
    let mut plant = Plant::default();
    let mut parts = small();
    parts.part("properties.xml").edit(|text| {
        let stamp = format!(
            "<property><category>CONFIG_MIGRATION</category><name>CONFIG_SERVER_ENCRYPT</name>\
             <value>fme_enc2:2025-01-01:{}</value></property></properties>",
            plant.value()
        );
        text.replace("</properties>", &stamp)
    });
    parts
        .part("data.xml")
        .edit(|data| in_data(data, &mut plant));
    let workspace = format!(
        "#! <?xml version=\"1.0\"?>\n#! <WORKSPACE\n#!   FME_PASSWORD=\"{}\"\n#! >\n#! <GLOBAL_PARAMETER\n#!   \
         GUI_LINE=\"GUI PASSWORD PW Password:\"\n#!   DEFAULT_VALUE=\"{}\"\n#! />\n#! <CONNECTIONS>\n#! <CONNECTION NAME=\"Parks\" \
         TYPE=\"DATABASE\" FAMILY=\"X\" USAGE=\"PUBLISHED\" PASSWORD=\"{}\" />\n#! </CONNECTIONS>\n#! </WORKSPACE>\nMACRO PW {}\n",
        plant.value(),
        plant.value(),
        plant.value(),
        plant.value()
    );
    parts.entries[3].fill(workspace.as_bytes());
    let export = format!(
        "<connections><password>{}</password></connections>",
        plant.value()
    );
    let at = parts.position("files.map");
    parts
        .entries
        .insert(at, Part::new("files/2_exportConnectionData.xml", export));
    parts
        .part("project.yml")
        .edit(|text| format!("{text}secret: {}\n", plant.value()));
    (parts, plant.0)
}

/// Secrets of a token, an app, a user, a Connection and of what nobody knows.
fn in_data(data: &str, plant: &mut Plant) -> String {
    let data = data.replace("SECRET-hash", &plant.value());
    // In all shapes that XML has for a value.
    let shaped = format!(
        "{}<![CDATA[{}]]>{}&lt;&#65;&amp;{}\n\t{}{}",
        plant.value(),
        plant.value(),
        plant.value(),
        plant.value(),
        "x".repeat(70_000),
        plant.value()
    );
    let data = data.replace("SECRET-value", &shaped);
    let plain = item(OWNER, "users", &[("username", "mira")], "");
    assert!(data.contains(&plain));
    let data = data.replace(&plain, &user(plant));
    let connection = list("named_connections", &connection(plant));
    // Where nobody knows what it is; a `token` would be taken for the name of one.
    let unknown = [("tokenvalue", &*plant.value()), ("salt", &plant.value())];
    let unknown = list("secret_things", &item("x", "secret_things", &unknown, ""));
    let more = [
        ("named_connection", &connection),
        ("server_secret", &unknown),
        ("secret", &unknown),
    ];
    let more = more.map(|(name, within)| item(name, "categories", &[], within));
    data.replacen("<items>", &format!("<items>{}", more.concat()), 1)
}

fn user(plant: &mut Plant) -> String {
    let user = [
        ("username", "mira"),
        ("userpassword", &plant.value()),
        ("uid", &plant.value()),
        ("salt", &plant.value()),
    ];
    let before = [("userpassword", &*plant.value()), ("uid", &plant.value())];
    let before = item("", "password_history", &before, "");
    item(OWNER, "users", &user, &list("password_history", &before))
}

fn connection(plant: &mut Plant) -> String {
    let attributes = [
        ("ownerid", OWNER),
        ("password", &plant.value()),
        ("token", &plant.value()),
    ];
    let parameter = item("PASSWORD", "params", &[("value", &plant.value())], "");
    let params = list("params", &parameter);
    item("Parks", "named_connections", &attributes, &params)
}

/// Ways in which a document breaks right at a secret, so that a careless message would quote it.
const BREAKS: &[(&str, &str, &str)] = &[
    ("data.xml", "-001-", "&evil;"),
    ("data.xml", "-001-", "&"),
    ("data.xml", "-001-", "\u{1}"),
    ("data.xml", "-001-", "<"),
    ("data.xml", "-001-", "</wrong>"),
    ("data.xml", "-001-", "<!DOCTYPE x>"),
    ("data.xml", "-001-", "]]>"),
    ("data.xml", "-007-", "<value>"),
    ("properties.xml", "-000-", "&evil;"),
    ("properties.xml", "-000-", "</value></property>"),
    ("project.yml", "-zq7", ": [\t"),
    ("project.yml", "secret: ", "\"\\x"),
];

/// What is asked of a source and its target in every format.
const ASKED: &[&[&str]] = &[
    &["plan", "source.fsproject"],
    &[
        "plan",
        "--expand-unrestricted",
        "--form=final",
        "source.fsproject",
    ],
    &["migrate", "--force", "-o", "target", "source.fsproject"],
    &["audit", "source.fsproject"],
    &["audit", "--from-history"],
    &["verify", "source.fsproject", "target"],
    &["plan", "--diff", "source.fsproject"],
    &["inspect", "source.fsproject"],
    &["inspect", "target"],
    &["inspect", "--tree", "/", "source.fsproject"],
    &["inspect", "--tree", "/", "target"],
    &["history", "list"],
    &["history", "show", "1"],
    &["history", "log", "1"],
    &["history", "export"],
];

#[test]
fn no_command_says_or_writes_a_secret_however_it_is_asked() {
    let (parts, secrets) = planted();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs_err::write(path.join("source.fsproject"), parts.build()).unwrap();
    let content: String = parts
        .entries
        .iter()
        .map(|part| String::from_utf8(part.content()).unwrap())
        .collect();
    for secret in &secrets {
        assert!(content.contains(secret), "{secret} is not planted");
    }
    let mut ran = 0;
    for verbosity in ["--quiet", "--color=never", "-v", "-vv", "-vvv"] {
        let mut tell = |words: &[&str]| {
            let words = [words, &[verbosity, "--log-file", "events"]].concat();
            let outcome = run(path, &words);
            silent(&outcome, path, &words);
            ran += usize::from(outcome.code != 2);
            outcome.code
        };
        let migrate = ["migrate", "--force", "--verify", "full", "-o", "target"];
        assert_eq!(tell(&[&migrate[..], &["source.fsproject"]].concat()), 0);
        assert_eq!(tell(&["verify", "source.fsproject", "target"]), 0);
        assert_eq!(tell(&["verify", "target", "source.fsproject"]), 1);
        for format in ["table", "json", "csv", "html"] {
            for words in ASKED {
                tell(&[words, &["--format", format][..]].concat());
            }
        }
        for words in [["log", "1"].as_slice(), &["export"], &["list"]] {
            tell(&[&["history"], words].concat());
        }
    }
    assert!(ran > 110, "only {ran} runs");
    counts::say("secrets planted", secrets.len());
    counts::say("runs whose every byte was searched for them", ran);
}

#[test]
fn no_command_quotes_the_secret_at_which_a_document_breaks() {
    let (parts, _) = planted();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (document, mark, text) in BREAKS {
        let mut broken = parts.clone();
        broken.part(document).edit(|content| {
            assert!(content.contains(mark), "no {mark} in {document}");
            content.replacen(mark, &format!("{mark}{text}"), 1)
        });
        fs_err::write(path.join("source.fsproject"), broken.build()).unwrap();
        for command in ["plan", "migrate", "inspect", "audit"] {
            let words = [command, "-vvv", "--log-file", "events", "source.fsproject"];
            silent(&run(path, &words), path, &words);
        }
    }
    let ran = BREAKS.len() * 4;
    counts::say("runs at documents that break at one", ran);
}

/// Neither what was said nor any file but the archives holds a secret.
fn silent(outcome: &Outcome, folder: &Path, words: &[&str]) {
    for said in [&outcome.stdout, &outcome.stderr] {
        assert!(!said.contains(CANARY), "{words:?} says a secret: {said}");
        assert!(
            !said.contains("fme_enc"),
            "{words:?} says a ciphertext: {said}"
        );
    }
    assert!(
        !outcome.stderr.contains("panicked"),
        "{words:?}: {}",
        outcome.stderr
    );
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs_err::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap();
            if ["source.fsproject", "source-2026.1.fsproject", "target"].contains(&name) {
                continue;
            }
            let bytes = fs_err::read(&path).unwrap();
            let found = memchr::memmem::find(&bytes, CANARY.as_bytes());
            let around = found.map(|at| {
                let around = &bytes[at.saturating_sub(300)..(at + 50).min(bytes.len())];
                String::from_utf8_lossy(around).into_owned()
            });
            let file = path.display();
            assert_eq!(around, None, "{words:?} writes a secret into {file}");
        }
    }
}

#[test]
fn a_secret_that_is_said_would_be_noticed() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("log"), format!("x{CANARY}y")).unwrap();
    let outcome = run(folder.path(), &["--version"]);
    let caught = std::panic::catch_unwind(|| silent(&outcome, folder.path(), &[]));
    assert!(caught.is_err());
    assert!(command(folder.path(), &["--version"]).output().is_ok());
}
