//! Archives that are wrong, or odd, on purpose. Each is migrated by the built program with little
//! memory; it is either refused with its evidence, or upgraded and then verified. Never is anything
//! left behind, and never is the source another.

mod bombs;
mod directory;
mod ends;
mod entries;
mod map;
mod model;
mod names;
mod xml;
mod yaml;

use std::path::Path;
use std::process::Command;

use super::counts;
use super::support::run::command;
use super::support::small::small;
use super::support::surgery::{Parts, Places};

/// What is to become of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is refused, for this reason.
    Refused(&'static str),
    /// It is upgraded, and the result is verified.
    Upgraded,
}
use Fate::{Refused, Upgraded};

/// A case: its name, how its bytes are made, and its fate.
type Case = (&'static str, fn() -> Vec<u8>, Fate);

/// Declares cases, each a test of its own, and the list of them.
macro_rules! cases {
    ($($name:ident: $fate:expr, $bytes:expr;)*) => {
        $(#[test] fn $name() { super::try_case(stringify!($name), $bytes, $fate); })*
        /// All cases of this file.
        pub(super) const ALL: &[super::Case] = &[$((stringify!($name), $bytes, $fate),)*];
    };
}
use cases;

/// Every case there is.
fn all() -> Vec<Case> {
    [
        bombs::ALL,
        directory::ALL,
        ends::ALL,
        entries::ALL,
        map::ALL,
        model::ALL,
        names::ALL,
        xml::ALL,
        yaml::ALL,
    ]
    .concat()
}

/// The small project, changed.
fn with(change: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let mut parts = small();
    change(&mut parts);
    parts.build()
}

/// The small project's bytes, changed where its places are known.
fn patched(change: impl FnOnce(&mut Vec<u8>, &Places)) -> Vec<u8> {
    patched_of(&small(), change)
}

fn patched_of(parts: &Parts, change: impl FnOnce(&mut Vec<u8>, &Places)) -> Vec<u8> {
    let (mut bytes, places) = parts.build_with_places();
    change(&mut bytes, &places);
    bytes
}

/// Overwrites the bytes at `at`.
fn put(bytes: &mut [u8], at: usize, value: impl AsRef<[u8]>) {
    let value = value.as_ref();
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// The memory a run may have, in KiB of address space. The program itself and the stacks of its
/// threads map about a third of it.
const MEMORY: u64 = 98_304;

/// The program, to be run in `folder` with so many KiB of address space.
pub(crate) fn limited(folder: &Path, words: &[&str], memory: u64) -> Command {
    let plain = command(folder, words);
    if !cfg!(target_os = "linux") {
        return plain;
    }
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -v {memory}; exec \"$0\" \"$@\"")])
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(folder);
    // Each thread of glibc's would set 64 MiB of addresses aside for itself.
    limited.env("MALLOC_ARENA_MAX", "1");
    for (name, value) in plain.get_envs() {
        limited.env(name, value.unwrap_or_default());
    }
    limited
}

fn try_case(name: &str, bytes: fn() -> Vec<u8>, fate: Fate) {
    let bytes = bytes();
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.fsproject");
    fs_err::write(&source, &bytes).unwrap();
    let words = [
        "migrate",
        "--form=final",
        "--verify",
        "full",
        "-vvv",
        "-o",
        "target",
        "source.fsproject",
    ];
    let output = limited(folder.path(), &words, MEMORY).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{name}: {said}");
    assert!(!said.contains("SECRET"), "{name} leaks: {said}");
    let expected = if let Refused(evidence) = fate {
        assert!(said.contains(evidence), "{name}: {said}");
        assert!(said.contains("help: "), "{name}: {said}");
        3
    } else {
        0
    };
    assert_eq!(output.status.code(), Some(expected), "{name}: {said}");
    assert!(
        fs_err::read(&source).unwrap() == bytes,
        "{name}: the source is another"
    );
    let mut left: Vec<_> = fs_err::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != "state")
        .collect();
    left.sort();
    if fate == Upgraded {
        assert_eq!(left, ["source.fsproject", "target", "target.log"], "{name}");
    } else {
        assert_eq!(left, ["source.fsproject"], "{name}");
    }
}

#[test]
fn there_is_a_test_for_every_hostile_case() {
    let cases = all();
    counts::say(
        "hostile archives, each refused with its evidence or upgraded and verified",
        cases.len(),
    );
    // For the table in docs/security.md: the same archives for other programs.
    if let Some(folder) = std::env::var_os("FLOWLIFT_HOSTILE_DIR") {
        for (name, bytes, _) in &cases {
            let path = Path::new(&folder).join(name).with_extension("zip");
            fs_err::write(path, bytes()).unwrap();
        }
    }
}

#[test]
fn the_small_project_itself_is_upgraded() {
    try_case("small", || small().build(), Upgraded);
}

#[test]
fn the_table_of_hostile_archives_has_a_row_for_every_case_with_its_fate() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/hostile.md");
    let table = fs_err::read_to_string(path).unwrap();
    let rows: Vec<_> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    assert_eq!(rows.len() - 1, all().len());
    for (name, _, fate) in all() {
        let begin = format!("| {} |", name.replace('_', " "));
        let row = rows.iter().find(|row| row.starts_with(&begin));
        let row = row.unwrap_or_else(|| panic!("no row for {name}"));
        let upgraded = row.ends_with("| upgraded |");
        assert_eq!(upgraded, fate == Upgraded, "{name}");
    }
}
