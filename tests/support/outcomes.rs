//! What every example comes to, written down where it is asked for, so that two systems can be held
//! against each other: `.ci/windows` does.
//!
//! Left out is what differs from run to run: folders, ids of tasks, the machine's name, the history.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::run::{Outcome, slashes};

/// How the id of every task begins: with its time, which stands still.
const ID_BEGINS: &str = "01a1fdfa-4600-7";

/// Adds what `line` came to in `folder`, with the digests of all files there, to `place`.txt in the folder
/// that `FLOWLIFT_OUTCOMES` names, if it does.
pub(crate) fn record(place: &str, line: &str, folder: &Path, outcome: &Outcome) {
    let Some(to) = env::var_os("FLOWLIFT_OUTCOMES") else {
        return;
    };
    let mut text = format!("$ flowlift {line}\n{}", same(&outcome.text(), folder));
    for (name, digest) in files(folder) {
        writeln!(text, "{digest}  {name}").unwrap();
    }
    fs_err::create_dir_all(&to).unwrap();
    let file = Path::new(&to).join(format!("{place}.txt"));
    let mut options = fs_err::OpenOptions::new();
    let mut file = options.append(true).create(true).open(file).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Every file but histories; digests of texts are those of what is the same everywhere.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let walk = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let named = files.map(|entry| {
        let name = entry.path().strip_prefix(folder).unwrap();
        let bytes = fs_err::read(entry.path()).unwrap();
        let digest = match String::from_utf8(bytes) {
            Ok(text) => Sha256::digest(same(&text, folder)),
            Err(other) => Sha256::digest(other.into_bytes()),
        };
        let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        (slashes(&name.to_string_lossy()), digest)
    });
    named.filter(|(name, _)| !name.contains("sqlite")).collect()
}

/// A text in which nothing differs from run to run, nor by how parts of paths stand apart; JSON has
/// backslashes twice.
fn same(text: &str, folder: &Path) -> String {
    let slashes = |text: &str| text.replace(r"\\", "/").replace('\\', "/");
    let mut text = slashes(text);
    let canonical = folder.canonicalize().unwrap();
    for name in [&canonical, folder] {
        text = text.replace(&slashes(&name.to_string_lossy()), "<folder>");
    }
    if let Ok(host) = whoami::hostname() {
        text = text.replace(&host, "<host>");
    }
    if !text.contains(ID_BEGINS) {
        return text;
    }
    let mut parts = text.split(ID_BEGINS);
    let mut same = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        same += "<id>";
        same += part.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-');
    }
    // Ids are shown as short as they differ, tables make room for them, and tasks of one moment stand in
    // any order.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines: Vec<_> = same.lines().map(words).collect();
    lines.sort();
    lines.join("\n") + "\n"
}
