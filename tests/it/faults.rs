//! Whatever fails, and wherever: there is the whole target or none, the source is as it was, and
//! nothing is left behind.

#[cfg(unix)]
mod unix;

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

/// The command line that makes `target`.
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
        let outcome = run(folder.path(), &words(target));
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
