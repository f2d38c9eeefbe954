//! What only Unix can break: modes, limits of a file, full disks, signals, races.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread::sleep;

use super::*;
use crate::support::run::command;

#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

#[test]
fn a_folder_that_may_not_be_written_is_a_failed_write() {
    let (folder, _, _) = scene();
    let closed = folder.path().join("closed");
    fs_err::create_dir(&closed).unwrap();
    fs_err::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    if fs_err::write(closed.join("probe"), "").is_ok() {
        return skipped("this user may write everywhere");
    }
    let outcome = run(folder.path(), &words("closed/target"));
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(names(&closed).is_empty());
}

/// Every size that a file may not exceed.
#[test]
fn a_file_that_may_not_grow_on_is_a_failed_write_at_every_block() {
    let (folder, source, bytes) = scene();
    let mut tried = 0;
    // `ulimit -f` counts blocks of 512 or 1024 bytes.
    for blocks in 0..20 {
        let mut run = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let words = [&words("target")[..], &["--no-history"]].concat();
        let plain = command(folder.path(), &words);
        run.args(["-c", &script])
            .arg(plain.get_program())
            .args(plain.get_args());
        run.current_dir(folder.path());
        for (name, value) in plain.get_envs() {
            run.env(name, value.unwrap_or_default());
        }
        let output = run.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(0) {
            break;
        }
        assert_eq!(output.status.code(), Some(4), "{blocks} blocks: {said}");
        assert_eq!(
            names(folder.path()),
            ["source.fsproject"],
            "{blocks} blocks: {said}"
        );
        tried += 1;
    }
    assert!(fs_err::read(source).unwrap() == bytes);
    counts::say("sizes at which a file could not grow", tried);
}

#[test]
fn a_full_disk_is_a_failed_write() {
    let (folder, source, bytes) = scene();
    let disk = folder.path().join("disk");
    fs_err::create_dir(&disk).unwrap();
    let mount = |size: &str| {
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "none"]).arg(&disk);
        mount
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !mount("8k") {
        return skipped("no small disk can be mounted");
    }
    fs_err::write(disk.join("filler"), vec![0; 4096]).unwrap();
    let outcome = run(folder.path(), &words("disk/target"));
    let elsewhere = ["migrate", "-o", "target", "--history", "disk/h.sqlite"];
    let unrecorded = run(
        folder.path(),
        &[&elsewhere, &["source.fsproject"][..]].concat(),
    );
    let left = names(&disk);
    Command::new("umount").arg(&disk).status().unwrap();
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert_eq!(unrecorded.code, 4, "{unrecorded:?}");
    let said = &unrecorded.stderr;
    assert!(
        said.contains("no room for the history") && said.contains("help: free some space"),
        "{said}"
    );
    assert!(!folder.path().join("target").exists());
    assert_eq!(left, ["filler"]);
    assert!(fs_err::read(source).unwrap() == bytes);
}

/// Signals at moments all over a run, each on its own.
#[test]
fn a_signal_at_any_moment_leaves_the_whole_target_or_none() {
    let rounds: u8 = if counts::long() { 200 } else { 24 };
    let (folder, source, bytes) = scene();
    let begun = std::time::Instant::now();
    assert_eq!(run(folder.path(), &words("whole")).code, 0);
    let once = begun.elapsed();
    let whole = fs_err::read(folder.path().join("whole")).unwrap();
    let mut stopped = 0;
    for round in 0..rounds {
        for signal in ["INT", "TERM", "KILL"] {
            // What a killed run left is there until a run gets as far as to clear it.
            let before = names(folder.path());
            let mut child = command(folder.path(), &words("target"))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            sleep(once.mul_f64(f64::from(round) / f64::from(rounds)));
            let id = child.id().to_string();
            Command::new("kill")
                .args(["-s", signal, &id])
                .stderr(Stdio::null())
                .status()
                .unwrap();
            let status = child.wait().unwrap();
            stopped += usize::from(!status.success());
            let target = folder.path().join("target");
            if let Ok(written) = fs_err::read(&target) {
                assert!(written == whole, "a partial target");
                fs_err::remove_file(&target).unwrap();
            }
            let _ = fs_err::remove_file(folder.path().join("target.log"));
            let left = names(folder.path());
            let unfinished = left
                .iter()
                .filter(|name| name.ends_with(".flowlift-tmp") && !before.contains(name));
            if signal != "KILL" && status.code().is_some() {
                // Before its handler is set the program ends as any other.
                assert_eq!(unfinished.count(), 0, "{signal} left {left:?}");
            }
            assert!(
                fs_err::read(&source).unwrap() == bytes,
                "the source is another"
            );
        }
    }
    assert_eq!(run(folder.path(), &words("target")).code, 0);
    let expected = [
        "source.fsproject",
        "target",
        "target.log",
        "whole",
        "whole.log",
    ];
    assert_eq!(
        names(folder.path()),
        expected,
        "what killed runs left is still there"
    );
    counts::say(
        "signals sent at moments all over a run",
        3 * usize::from(rounds),
    );
    counts::say("runs that a signal stopped", stopped);
}

#[test]
fn only_what_killed_runs_left_of_the_same_target_is_removed() {
    let (folder, _, _) = scene();
    let kept = [
        ".other.abcdef.flowlift-tmp",
        ".target.abcde.flowlift-tmp",
        ".target.abc-ef.flowlift-tmp",
        ".target.abcdef.tmp",
    ];
    for name in kept.iter().chain(&[".target.abcdef.flowlift-tmp"]) {
        fs_err::write(folder.path().join(name), "left").unwrap();
    }
    // One that is being written now.
    let busy = fs_err::File::create(folder.path().join(".target.busy01.flowlift-tmp")).unwrap();
    busy.file().lock().unwrap();
    std::os::unix::fs::symlink(
        folder.path().join("source.fsproject"),
        folder.path().join(".target.linked.flowlift-tmp"),
    )
    .unwrap();
    assert_eq!(run(folder.path(), &words("target")).code, 0);
    let left = names(folder.path());
    assert!(
        !left.contains(&".target.abcdef.flowlift-tmp".to_owned()),
        "{left:?}"
    );
    for name in kept
        .iter()
        .chain(&[".target.busy01.flowlift-tmp", ".target.linked.flowlift-tmp"])
    {
        assert!(
            left.contains(&(*name).to_owned()),
            "{name} is gone: {left:?}"
        );
    }
    drop(busy);
}

#[test]
fn twenty_runs_for_one_target_make_one_whole_target() {
    let (folder, _, _) = scene();
    assert_eq!(run(folder.path(), &words("whole")).code, 0);
    let start = |_| {
        command(folder.path(), &words("target"))
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..20).map(start).collect();
    let codes: Vec<_> = children
        .into_iter()
        .map(|mut child| child.wait().unwrap().code())
        .collect();
    assert_eq!(
        codes.iter().filter(|code| **code == Some(0)).count(),
        1,
        "{codes:?}"
    );
    let read = |name| fs_err::read(folder.path().join(name)).unwrap();
    assert!(read("target") == read("whole"));
    assert!(
        !names(folder.path())
            .iter()
            .any(|name| name.ends_with("tmp"))
    );
}

#[test]
fn the_target_and_its_log_may_be_read_by_those_who_may_read_the_source() {
    for mode in [0o600, 0o640, 0o644, 0o400] {
        let (folder, source, _) = scene();
        fs_err::set_permissions(&source, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(run(folder.path(), &words("target")).code, 0);
        for name in ["target", "target.log"] {
            let metadata = fs_err::metadata(folder.path().join(name)).unwrap();
            let extra = metadata.permissions().mode() & 0o777 & !mode;
            assert_eq!(extra, 0, "{name} of a source with {mode:o}");
        }
    }
}
