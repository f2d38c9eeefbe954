//! How fast each single pass is, by itself and in memory: `cargo bench --bench passes`.
#![allow(
    clippy::disallowed_methods,
    reason = "it is not the program that writes here"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark fails by panicking"
)]

#[path = "../tests/support/java_zip.rs"]
mod java_zip;

use std::io::{Read, Write};
use std::path::Path;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use flate2::Crc;
use flowlift::archive::Source;
use flowlift::edit::{Edit, Edits, Span};
use flowlift::limits::Limits;
use flowlift::package::Budget;
use flowlift::package::data;
use flowlift::package::xml::Reader;
use flowlift::package::{Document, WANTED};
use sha2::{Digest, Sha256};

use java_zip::{DosTime, JavaZip};

fn main() {
    divan::main();
}

/// `data.xml` of a fixture: hardly a value is longer than a UUID.
fn dense() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/city.fsconfig");
    let source = Source::open(&path, WANTED).unwrap();
    let entry = source.document(Document::Data).unwrap();
    let mut xml = Vec::new();
    source.read(entry).unwrap().read_to_end(&mut xml).unwrap();
    xml
}

/// The same with one long value, as a thumbnail is.
fn with_thumbnail() -> Vec<u8> {
    let thumbnail = "QUJD".repeat(1 << 20);
    let xml = String::from_utf8(dense()).unwrap();
    xml.replacen("base64,", &format!("base64,{thumbnail}"), 1)
        .into_bytes()
}

#[divan::bench(args = ["dense", "thumbnail"])]
fn read_xml(bencher: Bencher<'_, '_>, shape: &str) {
    let xml = document(shape);
    bencher.counter(BytesCount::new(xml.len())).bench(|| {
        let mut xml = Reader::new(&*xml);
        while xml.next_tag().unwrap().is_some() {}
    });
}

#[divan::bench(args = ["dense", "thumbnail"])]
fn read_data(bencher: Bencher<'_, '_>, shape: &str) {
    let xml = document(shape);
    bencher.counter(BytesCount::new(xml.len())).bench(|| {
        let limits = Limits::default();
        data::read(&*xml, limits, &mut Budget::new(limits)).unwrap()
    });
}

fn document(shape: &str) -> Vec<u8> {
    if shape == "dense" {
        dense()
    } else {
        with_thumbnail()
    }
}

/// What a pass over `data.xml` can never be faster than, on one core.
#[divan::bench]
fn limit_crc32(bencher: Bencher<'_, '_>) {
    let bytes = vec![b'x'; 4 << 20];
    bencher.counter(BytesCount::new(bytes.len())).bench(|| {
        let mut crc = Crc::new();
        crc.update(&bytes);
        crc.sum()
    });
}

/// What digests can never be faster than, on a core for each.
#[divan::bench]
fn limit_sha256(bencher: Bencher<'_, '_>) {
    let bytes = vec![b'x'; 4 << 20];
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| Sha256::digest(&bytes));
}

#[divan::bench(args = [100, 10_000])]
fn apply_edits(bencher: Bencher<'_, '_>, count: u64) {
    let text = vec![b'x'; 16 << 20];
    let step = text.len() as u64 / count;
    let edits = (0..count).map(|n| Edit {
        span: Span {
            start: n * step,
            end: n * step + 7,
        },
        text: "<attribute></attribute>".into(),
    });
    let edits = Edits::new(edits.collect()).unwrap();
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        edits
            .apply(&*text, black_box(Vec::with_capacity(text.len())))
            .unwrap();
    });
}

#[divan::bench(args = [10_000, 100_000])]
fn open_archive(bencher: Bencher<'_, '_>, entries: u32) {
    let time = DosTime::new((2025, 11, 19), (20, 24, 34));
    let mut zip = JavaZip::new(Vec::new());
    for number in 0..entries {
        let name = format!("files/0_Data/{}/layer{number}.gdb", number / 1000);
        zip.entry(&name, time, &b"content"[..]).unwrap();
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&zip.finish().unwrap()).unwrap();
    bencher
        .counter(ItemsCount::new(entries))
        .bench(|| Source::open(file.path(), WANTED).unwrap());
}
