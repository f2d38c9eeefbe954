//! Progress, interruption, sinks that fail and sources that change.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use super::build::{Item, Zip, java};
use super::{ArchiveError, edits, on_disk, opened};
use crate::archive::{Digesting, ErrorKind, Rewrite, Sink, Source, upgrade};
use crate::package::{Document, WANTED};
use crate::watch::{Interrupted, Stage, Unwatched, Watch};

/// Stops once more than `allowed` bytes are done.
struct Meter {
    done: AtomicU64,
    total: AtomicU64,
    allowed: u64,
}

impl Meter {
    fn new(allowed: u64) -> Self {
        Self {
            done: 0.into(),
            total: 0.into(),
            allowed,
        }
    }
}

impl Watch for Meter {
    fn begin(&self, stage: Stage, total: u64) {
        assert_eq!(stage, Stage::Write);
        self.total.store(total, Ordering::Relaxed);
    }

    fn advance(&self, bytes: u64) -> Result<(), Interrupted> {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if done > self.allowed {
            Err(Interrupted)
        } else {
            Ok(())
        }
    }

    fn end(&self) {}
}

/// Takes `left` bytes and then fails, as a full disk does.
struct Full {
    left: usize,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let count = bytes.len().min(self.left);
        self.left -= count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn run(source: &Source, out: impl Write + Send, watch: &dyn Watch) -> Result<(), ArchiveError> {
    let edits = edits(&[(2, 3, "longer")]);
    let entry = source.document(Document::Data).unwrap();
    let rewrites = [Rewrite {
        entry,
        edits: &edits,
    }];
    upgrade(
        source,
        &rewrites,
        Sink::new("target".as_ref(), out),
        Digesting::Both,
        watch,
    )
    .map(|_| ())
}

#[test]
fn progress_adds_up_to_the_size_of_the_source() {
    for shape in [
        Item::java("data.xml", "content"),
        Item::tool("data.xml", "content"),
    ] {
        let items = vec![
            Item::java("a", "a"),
            shape,
            Item::java("z", "z".repeat(3_000_000)),
        ];
        let source = opened(&Zip::of(items).build().bytes).unwrap();
        let meter = Meter::new(u64::MAX);
        run(&source, io::sink(), &meter).unwrap();
        assert_eq!(meter.total.into_inner(), source.len());
        assert_eq!(meter.done.into_inner(), source.len());
    }
}

#[test]
fn an_interruption_stops_copying_and_rewriting() {
    let source = opened(&java(&[("a", "a"), ("data.xml", "content"), ("z", "z")])).unwrap();
    for allowed in 0..source.len() {
        let error = run(&source, io::sink(), &Meter::new(allowed)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
    }
}

#[test]
fn a_sink_that_fails_at_any_byte_is_a_failed_write() {
    let long = "content".repeat(30_000);
    let source = opened(&java(&[("a", "a"), ("data.xml", &long), ("z", "z")])).unwrap();
    let mut whole = Vec::new();
    run(&source, &mut whole, &Unwatched).unwrap();
    for left in (0..whole.len()).step_by(19_997).chain([whole.len() - 1]) {
        let error = run(&source, Full { left }, &Unwatched).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot write target",
            "after {left} bytes"
        );
        assert_eq!(error.kind(), ErrorKind::Io);
    }
}

#[test]
fn a_source_that_shrinks_is_an_error() {
    let disk = on_disk(&java(&[
        ("data.xml", "content"),
        ("z", &"z".repeat(100_000)),
    ]));
    let source = Source::open(&disk.path, WANTED).unwrap();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(&disk.path)
        .unwrap();
    file.set_len(50_000).unwrap();
    let error = run(&source, io::sink(), &Unwatched).unwrap_err();
    assert!(
        matches!(error, ArchiveError::SourceShrank { .. }),
        "{error}"
    );
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn a_source_that_grows_is_an_error() {
    let disk = on_disk(&java(&[("data.xml", "content")]));
    let source = Source::open(&disk.path, WANTED).unwrap();
    let file = std::fs::OpenOptions::new()
        .append(true)
        .open(&disk.path)
        .unwrap();
    (&file).write_all(b"more").unwrap();
    let error = run(&source, io::sink(), &Unwatched).unwrap_err();
    assert!(
        matches!(error, ArchiveError::SourceChanged { .. }),
        "{error}"
    );
}

#[test]
fn an_entry_that_lies_is_found_while_it_is_rewritten() {
    let item = Item {
        lie: |sums| sums.0 ^= 1,
        ..Item::tool("data.xml", "content")
    };
    let source = opened(&Zip::of(vec![item]).build().bytes).unwrap();
    let error = run(&source, io::sink(), &Unwatched).unwrap_err();
    assert!(matches!(error, ArchiveError::Crc { .. }), "{error}");
}
