//! Every sync and every rename of a run, failed by the system one at a time: what a write to the
//! disk cannot show in a test of its own, strace's fault injection does.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};

use super::counts;
use super::support::run::{command, run};
use super::support::small::small;

/// Calls that bring bytes onto the disk or give a file its name.
const CALLS: [&str; 5] = ["fsync", "fdatasync", "rename", "renameat", "renameat2"];

const WORDS: [&str; 6] = [
    "migrate",
    "-q",
    "--form=final",
    "-o",
    "target",
    "source.fsproject",
];

#[test]
fn a_sync_or_a_rename_that_fails_leaves_the_whole_target_or_none_and_a_history_that_says_which() {
    if !injects() {
        return skipped();
    }
    let bytes = small().build();
    let whole = {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("source.fsproject"), &bytes).unwrap();
        assert_eq!(run(folder.path(), &WORDS).code, 0);
        fs_err::read(folder.path().join("target")).unwrap()
    };
    let mut failed = 0;
    for call in CALLS {
        for number in 1.. {
            let folder = tempfile::tempdir().unwrap();
            fs_err::write(folder.path().join("source.fsproject"), &bytes).unwrap();
            let Some(code) = failing(folder.path(), call, number) else {
                break;
            };
            failed += 1;
            let what = format!("{call} {number}");
            let source = fs_err::read(folder.path().join("source.fsproject")).unwrap();
            assert!(source == bytes, "{what}: the source is another");
            let left = names(folder.path());
            assert!(
                !left.iter().any(|name| name.contains("flowlift-tmp")),
                "{what} left {left:?}"
            );
            let target = fs_err::read(folder.path().join("target")).ok();
            assert!(
                target.as_ref().is_none_or(|target| *target == whole),
                "{what}: a partial target"
            );
            assert!([0, 4].contains(&code), "{what}: exit {code}");
            assert!(
                code == 4 || target.is_some(),
                "{what}: no target, but exit 0"
            );
            if let Some(task) = task(folder.path()) {
                let said = task["status"] == "success";
                let complete = task["result"]
                    .as_str()
                    .is_some_and(|it| it.contains("is complete"));
                assert_eq!(said || complete, target.is_some(), "{what}: {task}");
            }
        }
    }
    counts::say("syncs and renames that the system failed", failed);
}

/// Runs a migration whose call of that number fails; none when there are fewer calls.
pub(super) fn failing(folder: &Path, call: &str, number: u32) -> Option<i32> {
    let plain = command(folder, &WORDS);
    let mut traced = strace(folder, call, number);
    traced
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(folder);
    for (name, value) in plain.get_envs() {
        traced.env(name, value.unwrap_or_default());
    }
    let status = traced
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let trace = fs_err::read_to_string(folder.join("state").join("trace")).unwrap();
    trace.contains("(INJECTED)").then(|| status.code().unwrap())
}

fn strace(folder: &Path, call: &str, number: u32) -> Command {
    let state = folder.join("state");
    fs_err::create_dir_all(&state).unwrap();
    let mut strace = Command::new("strace");
    // A call this machine does not have is none to fail.
    strace.args(["-f", "-q", "-e", &format!("trace=?{call}")]);
    strace.args(["-e", &format!("inject=?{call}:error=EIO:when={number}")]);
    strace.arg("-o").arg(state.join("trace"));
    strace
}

/// What the history says of the only task, once it knows of one.
fn task(folder: &Path) -> Option<serde_json::Value> {
    let said = |words: &[&str]| -> Option<serde_json::Value> {
        serde_json::from_str(&run(folder, words).stdout).ok()
    };
    let list = said(&["history", "list", "--format", "json"])?;
    let id = list["tasks"][0]["id"].as_str()?.to_owned();
    Some(said(&["history", "show", &id, "--format", "json"])?["task"].take())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

pub(super) fn injects() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let mut strace = strace(folder.path(), "fsync", 1);
    strace
        .arg("true")
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
fn skipped() {
    eprintln!("skipped: no strace that may inject faults");
}
