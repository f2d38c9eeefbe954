//! Whatever fails, and wherever: there is the whole target or none, the source is as it was, and
//! nothing is left behind.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use flowlift::archive::{ArchiveError, Digesting, Rewrite, Sink, Source, upgrade};
use flowlift::clock::Clock;
use flowlift::migrate::prepare;
use flowlift::package::{Document, WANTED};
use flowlift::plan::Options;
use flowlift::target::Form;
use flowlift::watch::{Interrupted, Stage, Unwatched, Watch};
use tempfile::TempDir;

use super::counts;
use super::support::run::{NOW, run};
use super::support::small::small;

/// A sink that takes `room` bytes and then fails.
struct Full {
    room: u64,
    written: Vec<u8>,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = usize::try_from(self.room).unwrap();
        if room == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = &bytes[..bytes.len().min(room)];
        self.written.extend(taken);
        self.room -= taken.len() as u64;
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Upgrades the archive at `path` into `sink`.
pub(super) fn into_sink(
    path: &Path,
    sink: impl Write + Send,
    watch: &dyn Watch,
) -> Result<u64, ArchiveError> {
    let clock = Clock::Stopped(NOW.parse().unwrap());
    let prepared = prepare(path, options(), &clock, &Unwatched).unwrap();
    let edits: Vec<_> = prepared
        .plan
        .edits
        .iter()
        .map(|(document, edits)| (prepared.source.document(*document).unwrap(), edits))
        .collect();
    let rewrites: Vec<_> = edits
        .iter()
        .map(|(entry, edits)| Rewrite { entry, edits })
        .collect();
    let sink = Sink::new(Path::new("target"), sink);
    upgrade(&prepared.source, &rewrites, sink, Digesting::Both, watch).map(|written| written.bytes)
}

fn scene() -> (TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.fsproject");
    let bytes = small().build();
    fs_err::write(&source, &bytes).unwrap();
    (folder, source, bytes)
}

/// What is in a folder, the history aside.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "state")
        .collect();
    names.sort();
    names
}

#[test]
fn a_write_that_fails_at_any_byte_is_an_error_and_never_a_result() {
    let (_folder, source, bytes) = scene();
    let mut whole = Vec::new();
    let len = into_sink(&source, &mut whole, &Unwatched).unwrap();
    let step = if counts::long() { 1 } else { 7 };
    let mut tried = 0;
    for room in (0..len).step_by(step) {
        let mut sink = Full {
            room,
            written: Vec::new(),
        };
        let error = into_sink(&source, &mut sink, &Unwatched).unwrap_err();
        assert!(
            matches!(error, ArchiveError::Write { .. }),
            "at byte {room}: {error:?}"
        );
        assert!(whole.starts_with(&sink.written));
        tried += 1;
    }
    assert!(fs_err::read(&source).unwrap() == bytes);
    counts::say("bytes at which a write failed", tried);
}

/// Does something at its `at`th step.
struct Step<A> {
    at: usize,
    steps: AtomicUsize,
    act: A,
}

fn step<A: Fn() -> Result<(), Interrupted> + Sync>(at: usize, act: A) -> Step<A> {
    let steps = AtomicUsize::new(0);
    Step { at, steps, act }
}

impl<A: Fn() -> Result<(), Interrupted> + Sync> Watch for Step<A> {
    fn begin(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64) -> Result<(), Interrupted> {
        if self.steps.fetch_add(1, Ordering::Relaxed) + 1 == self.at {
            (self.act)()
        } else {
            Ok(())
        }
    }
    fn end(&self) {}
}

#[test]
fn work_that_is_stopped_at_any_step_ends_there() {
    let (folder, source, bytes) = scene();
    for at in 1.. {
        let watch = step(at, || Err(Interrupted));
        match into_sink(&source, Vec::new(), &watch) {
            Ok(_) => {
                assert!(at > 5, "there are hardly any steps");
                counts::say("steps at which the work was stopped", at - 1);
                break;
            }
            Err(error) => assert!(matches!(error, ArchiveError::Interrupted(_)), "{error:?}"),
        }
    }
    assert!(fs_err::read(&source).unwrap() == bytes);
    assert_eq!(names(folder.path()), ["source.fsproject"]);
}

#[test]
fn a_source_that_changes_or_shrinks_while_it_is_copied_is_noticed() {
    let mut tried = 0;
    for at in 1..=5 {
        for (what, change) in CHANGES {
            let (_folder, source, _) = scene();
            let watch = step(at, || {
                change(&source);
                Ok(())
            });
            let error = into_sink(&source, Vec::new(), &watch).unwrap_err();
            assert!(
                matches!(
                    error,
                    ArchiveError::SourceChanged { .. } | ArchiveError::SourceShrank { .. }
                ) || error.kind() == flowlift::archive::ErrorKind::Refused,
                "{what} at step {at}: {error:?}"
            );
            tried += 1;
        }
    }
    counts::say("ways in which a source changed under way", tried);
}

type Change = (&'static str, fn(&Path));

/// Ways to change a file that is being read.
const CHANGES: [Change; 4] = [
    ("it shrinks", |path| {
        let file = fs_err::OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(50).unwrap();
    }),
    ("it is emptied", |path| {
        fs_err::OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(path)
            .unwrap();
    }),
    ("it grows", |path| {
        let mut file = fs_err::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"more").unwrap();
    }),
    ("it is written over", |path| {
        let mut bytes = fs_err::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        // In place, and at another time.
        let mut file = fs_err::OpenOptions::new().write(true).open(path).unwrap();
        file.write_all(&bytes).unwrap();
        let later = std::time::Duration::from_secs(5);
        let modified = file.metadata().unwrap().modified().unwrap() + later;
        file.file().set_modified(modified).unwrap();
    }),
];

#[test]
fn a_folder_that_is_gone_or_a_file_is_a_failed_write() {
    let (folder, _, bytes) = scene();
    fs_err::write(folder.path().join("file"), "").unwrap();
    for target in ["gone/target", "file/target", "gone/further/target"] {
        let outcome = run(
            folder.path(),
            &[
                "migrate",
                "-q",
                "--form=final",
                "-o",
                target,
                "source.fsproject",
            ],
        );
        assert_eq!(outcome.code, 4, "{outcome:?}");
        assert_eq!(names(folder.path()), ["file", "source.fsproject"]);
    }
    assert!(fs_err::read(folder.path().join("source.fsproject")).unwrap() == bytes);
}

#[test]
fn a_rename_that_fails_leaves_nothing_behind() {
    let (folder, _, _) = scene();
    // Nothing can be renamed over a folder.
    fs_err::create_dir_all(folder.path().join("target/full")).unwrap();
    let words = [
        "migrate",
        "--form=final",
        "-q",
        "--force",
        "-o",
        "target",
        "source.fsproject",
    ];
    assert_eq!(run(folder.path(), &words).code, 4);
    assert_eq!(names(folder.path()), ["source.fsproject", "target"]);
    assert_eq!(names(&folder.path().join("target")), ["full"]);
}

/// What only Unix can break.
#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};
    use std::thread::sleep;

    use super::super::support::run::command;
    use super::*;

    #[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
    fn skipped(why: &str) {
        eprintln!("skipped: {why}");
    }

    fn words(target: &str) -> [&str; 6] {
        [
            "migrate",
            "-q",
            "--form=final",
            "-o",
            target,
            "source.fsproject",
        ]
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
        let left = names(&disk);
        Command::new("umount").arg(&disk).status().unwrap();
        assert_eq!(outcome.code, 4, "{outcome:?}");
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
}

#[test]
fn every_document_of_the_small_project_is_rewritten() {
    // Else the faults above would miss the places where content is written anew.
    let (_folder, source, _) = scene();
    let clock = Clock::Stopped(NOW.parse().unwrap());
    let prepared = prepare(&source, options(), &clock, &Unwatched).unwrap();
    let edited: Vec<_> = prepared.plan.edits.keys().copied().collect();
    assert_eq!(
        edited,
        [Document::Properties, Document::Data, Document::Project]
    );
    assert!(Source::open(&source, WANTED).is_ok());
}

/// The final form rewrites the most documents.
fn options() -> Options {
    Options {
        form: Form::Final,
        ..Options::default()
    }
}
