//! Blocks that source and target share: on a disk that pretends to, so that every file system will
//! do.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use proptest::prelude::*;
use zip::ZipArchive;

use super::build::{Built, Item, Packing, Zip};
use super::identity::assert_others_identical;
use super::{edits, opened, sha256_of, upgraded};
use crate::archive::read::input::InputFile;
use crate::archive::share::blocks::{Disk, SpanCopy, WORTH};
use crate::archive::share::padding::{BLOCK, EMPTY};
use crate::archive::{ArchiveError, Digesting, Rewrite, Sink, Source, upgrade};
use crate::edit::{Edits, Span};
use crate::watch::Unwatched;

/// Takes what a real disk takes, and copies it.
#[derive(Debug)]
struct Pretender<'a> {
    file: &'a File,
    /// After so many pieces it has enough.
    pieces: AtomicU32,
    shared: AtomicU64,
    promised: AtomicU64,
}

impl Disk for Pretender<'_> {
    fn prepare(
        &self,
        _: &Path,
        input: &InputFile,
        bytes: u64,
        spans: &[Span],
    ) -> Result<SpanCopy, ArchiveError> {
        assert!(bytes >= input.len() / 2);
        let promised = spans.iter().map(|span| span.len()).sum();
        self.promised.store(promised, Ordering::Relaxed);
        Ok(if spans.is_empty() {
            SpanCopy::Copy
        } else {
            SpanCopy::Share
        })
    }

    fn share(&self, input: &InputFile, span: Span, to: u64) -> io::Result<()> {
        for at in [span.start, span.end, to] {
            assert_eq!(at % BLOCK, 0, "{span:?} to {to}");
        }
        assert!(!span.is_empty());
        let mut file = self.file;
        assert_eq!(file.metadata()?.len(), to, "{span:?}");
        if self.pieces.fetch_sub(1, Ordering::Relaxed) == 0 {
            // Half done, and not well; it is written over.
            file.write_all(&vec![b'?'; span.len() as usize / 2])?;
            file.seek(SeekFrom::Start(to))?;
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.shared.fetch_add(span.len(), Ordering::Relaxed);
        let mut bytes = vec![];
        input.extent(span.start, span.end).read_to_end(&mut bytes)?;
        file.write_all(&bytes)
    }
}

/// Upgrades with `data.xml` edited on a disk that shares so many pieces; returns the archive and how
/// much of it was to be shared, and was.
fn shared(
    source: &Source,
    edits: &Edits,
    digesting: Digesting,
    pieces: u32,
) -> (Vec<u8>, u64, u64) {
    let mut file = tempfile::tempfile().unwrap();
    let disk = Pretender {
        file: &file,
        pieces: pieces.into(),
        shared: 0.into(),
        promised: 0.into(),
    };
    let sink = Sink {
        disk: Some(&disk),
        ..Sink::new("target".as_ref(), &file)
    };
    let names = ["data.xml".to_owned()].into();
    let entry = &source.find(&names).unwrap()["data.xml"];
    let rewrites = [Rewrite { entry, edits }];
    let written = upgrade(source, &rewrites, sink, digesting, &Unwatched).unwrap();
    let (promised, shared) = (disk.promised.into_inner(), disk.shared.into_inner());
    let mut out = vec![];
    file.rewind().unwrap();
    file.read_to_end(&mut out).unwrap();
    if let Some(digesters) = written.digesters {
        assert_eq!(*digesters.finish().unwrap().target, sha256_of(&out));
    }
    (out, promised, shared)
}

fn noise(len: usize) -> String {
    (0..len)
        .map(|n| char::from(b'a' + (n * n % 23) as u8))
        .collect()
}

/// `data.xml` in some shape, with as much before it and behind it.
fn around(data: Item, before: usize, behind: usize) -> Zip {
    Zip::of(vec![
        Item::java("files/0_a", noise(before)),
        data,
        Item::java("files/1_b", noise(behind)),
        Item::java("files/2_c", "c"),
    ])
}

const DATA: &str = "<a>one two three</a>";

/// By how much what is behind `data.xml` moved.
fn distance(built: &Built, out: &[u8]) -> u64 {
    let source = opened(out).unwrap();
    let entry = source.entries().nth(2).unwrap().unwrap();
    entry.offset().wrapping_sub(built.blocks[2].0 as u64)
}

#[test]
fn an_archive_whose_blocks_are_shared_is_the_one_that_is_copied() {
    let long = 3 * WORTH as usize + 17;
    for digesting in [Digesting::Both, Digesting::Neither] {
        for (before, behind, spans) in [(0, long, 1), (long, 9, 1), (long, long, 2), (9, 9, 0)] {
            let zip = around(Item::java("data.xml", DATA), before, behind);
            let source = opened(&zip.build().bytes).unwrap();
            let change = edits(&[(3, 6, "1")]);
            let (copied, _) = upgraded(&source, &[("data.xml", change.clone())]).unwrap();
            let (out, promised, came) = shared(&source, &change, digesting, u32::MAX);
            assert!(out == copied, "{before} before, {behind} behind");
            assert_eq!(promised / (long as u64), spans);
            assert!(promised - came <= spans * 2 * BLOCK, "{came} of {promised}");
        }
    }
}

#[test]
fn a_disk_that_stops_sharing_half_way_leaves_the_same_archive() {
    let long = 3 * WORTH as usize;
    let zip = around(Item::java("data.xml", DATA), long, long);
    let source = opened(&zip.build().bytes).unwrap();
    let change = edits(&[(3, 6, "1")]);
    let (copied, _) = upgraded(&source, &[("data.xml", change.clone())]).unwrap();
    for pieces in 0..7 {
        let (out, _, came) = shared(&source, &change, Digesting::Both, pieces);
        assert!(out == copied, "after {pieces} pieces");
        assert!(came <= u64::from(pieces) * WORTH);
    }
}

#[test]
fn what_is_behind_an_entry_that_is_not_deflated_is_copied() {
    let data = Item {
        packing: Packing::Store,
        ..Item::tool("data.xml", DATA)
    };
    let zip = around(data, 0, 2 * WORTH as usize);
    let source = opened(&zip.build().bytes).unwrap();
    let (out, promised, came) = shared(&source, &edits(&[(3, 6, "1")]), Digesting::Both, 9);
    assert_eq!(distance(&zip.build(), &out), 0_u64.wrapping_sub(2));
    assert_eq!((promised, came), (0, 0));
}

#[test]
fn only_the_last_entry_before_a_long_span_is_padded() {
    let mut zip = around(Item::java("data.xml", DATA), 0, WORTH as usize);
    zip.items.insert(0, Item::java("properties.xml", DATA));
    let source = opened(&zip.build().bytes).unwrap();
    let change = edits(&[(3, 6, "1")]);
    let changes = [("properties.xml", change.clone()), ("data.xml", change)];
    let (out, written) = upgraded(&source, &changes).unwrap();
    let unpadded = 5 + DATA.len() as u64 - 2;
    assert_eq!(written.rewritten[0].compressed_size(), unpadded);
    assert_eq!((written.rewritten[1].compressed_size() - unpadded) % 5, 0);
    assert!(
        out.windows(10)
            .any(|bytes| bytes == [EMPTY, EMPTY].concat())
    );
}

#[test]
fn nothing_is_padded_before_a_short_span() {
    let zip = around(Item::java("data.xml", DATA), 0, WORTH as usize / 2);
    let built = zip.build();
    let (out, _) = upgraded(
        &opened(&built.bytes).unwrap(),
        &[("data.xml", edits(&[(3, 6, "1")]))],
    )
    .unwrap();
    assert_eq!(out.len(), built.bytes.len() - 2);
}

fn shape() -> impl Strategy<Value = Item> {
    let packing = prop_oneof![Just(Packing::Blocks), Just(Packing::Deflate)];
    let descriptor = proptest::option::of((any::<bool>(), any::<bool>()));
    (packing, descriptor, any::<bool>(), 0usize..70_000).prop_map(
        |(packing, descriptor, zip64, len)| Item {
            packing,
            flags: if descriptor.is_some() { 0x0808 } else { 0x0800 },
            descriptor,
            zip64_local: zip64,
            zip64_central: zip64,
            ..Item::java("data.xml", format!("{DATA}{}", noise(len)))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_long_span_moves_by_whole_blocks_and_every_reader_reads_what_is_before_it(
        data in shape(),
        (cut, growth) in (0usize..20, 0usize..9000),
        more in 0usize..5000,
    ) {
        let zip = around(data, 5, WORTH as usize + more);
        let built = zip.build();
        let source = opened(&built.bytes).unwrap();
        let text = noise(growth);
        let change = edits(&[(0, cut as u64, &text)]);
        let (out, written) = upgraded(&source, &[("data.xml", change.clone())]).unwrap();
        prop_assert_eq!(distance(&built, &out) % BLOCK, 0);
        assert_others_identical(&zip, &built, &out, &["data.xml"]);
        prop_assert_eq!(written.bytes, out.len() as u64);

        let item = &zip.items[1];
        let expected = [text.as_bytes(), &item.content[cut..]].concat();
        let rewritten = &written.rewritten[0];
        let added = rewritten.compressed_size().saturating_sub(item.packed().len() as u64);
        prop_assert!(added <= growth as u64 + 5 * BLOCK + 10, "{} added", added);
        let mut second = ZipArchive::new(Cursor::new(&out)).unwrap();
        let mut read = vec![];
        let mut theirs = second.by_name("data.xml").unwrap();
        prop_assert_eq!(theirs.compressed_size(), rewritten.compressed_size());
        theirs.read_to_end(&mut read).unwrap();
        drop(theirs);
        prop_assert!(read == expected);
        // And this room's own, which checks CRC and sizes.
        let again = opened(&out).unwrap();
        let mut mine = vec![];
        again.read(rewritten).unwrap().read_to_end(&mut mine).unwrap();
        prop_assert!(mine == expected);

        let (same, _, came) = shared(&source, &change, Digesting::Neither, u32::MAX);
        prop_assert!(same == out);
        prop_assert!(came > WORTH - 2 * BLOCK);
    }
}
