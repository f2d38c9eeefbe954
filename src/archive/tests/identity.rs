//! What stays the same, byte by byte, in the shapes that archives come in.

use std::io::{Cursor, Read};

use pretty::assert_same;
use zip::ZipArchive;

use super::build::{Built, Item, Packing, Zip};
use super::{edits, opened, upgraded};

mod pretty {
    /// Equality of long byte strings without printing them.
    pub(super) fn assert_same(got: &[u8], expected: &[u8], what: &str) {
        if got != expected {
            let at = got.iter().zip(expected).take_while(|(a, b)| a == b).count();
            panic!(
                "{what}: {} and {} bytes differ at {at}",
                got.len(),
                expected.len()
            );
        }
    }
}

/// The documents in one shape, with a payload before and after.
fn project(shape: fn(&str, &str) -> Item) -> Zip {
    Zip::of(vec![
        shape("files/0_a.fmw", "before"),
        shape("data.xml", "<a>one two three</a>"),
        shape("files/1_empty/", ""),
        shape("project.yml", ""),
        shape("files/2_b.fmw", &"after ".repeat(20_000)),
    ])
}

/// More than there are buffers for at once, and nothing in it begins where a chunk does.
#[test]
fn many_chunks_arrive_whole_and_in_order() {
    let noise: String = (0..1_200_000u32).map(|n| format!("{n:06} ")).collect();
    let zip = Zip::of(vec![
        Item::java("data.xml", "<a>one</a>"),
        Item::java("files/0_a", &noise),
        Item::java("project.yml", "uid: ''"),
        Item::java("files/1_b", &noise),
    ]);
    let built = zip.build();
    let source = opened(&built.bytes).unwrap();
    let changes = [
        ("data.xml", edits(&[(3, 6, "ONE")])),
        ("project.yml", edits(&[(0, 0, "new")])),
    ];
    let (out, _) = upgraded(&source, &changes).unwrap();
    assert_others_identical(&zip, &built, &out, &["data.xml", "project.yml"]);
}

/// Rewrites `data.xml` and an empty `project.yml`; everything else must be as built.
pub(super) fn assert_only_documents_change(zip: &Zip) {
    let built = zip.build();
    let source = opened(&built.bytes).unwrap();
    let (same, _) = upgraded(&source, &[]).unwrap();
    assert_same(&same, &built.bytes, "an upgrade without edits");

    let long = "x".repeat(100_000);
    let changes = [
        ("data.xml", edits(&[(3, 6, "ONE"), (7, 7, &long)])),
        ("project.yml", edits(&[(0, 0, "new")])),
    ];
    let (out, written) = upgraded(&source, &changes).unwrap();
    assert_eq!(written.rewritten.len(), 2);
    assert!(opened(&out).is_ok());
    assert_others_identical(zip, &built, &out, &["data.xml", "project.yml"]);
    let mut second = ZipArchive::new(Cursor::new(&out)).unwrap();
    assert_eq!(second.comment(), zip.comment);
    assert_eq!(
        content(&mut second, "data.xml"),
        format!("<a>ONE {long}two three</a>")
    );
    assert_eq!(content(&mut second, "project.yml"), "new");
}

/// Every entry not named in `changed` has its bytes and its central record, offset aside; and the
/// second reader can read all of them.
pub(super) fn assert_others_identical(zip: &Zip, built: &Built, out: &[u8], changed: &[&str]) {
    let mut second = ZipArchive::new(Cursor::new(out)).unwrap();
    assert_eq!(second.len(), zip.items.len());
    for (i, item) in zip.items.iter().enumerate() {
        let index = if zip.backwards {
            zip.items.len() - 1 - i
        } else {
            i
        };
        let mut entry = second.by_index(index).unwrap();
        assert_eq!(entry.name_raw(), item.name);
        let mut read = vec![];
        entry.read_to_end(&mut read).unwrap();
        if changed.iter().any(|name| name.as_bytes() == item.name) {
            continue;
        }
        assert_same(&read, &item.content, "content");
        let start = entry.header_start() as usize;
        let (_, block) = &built.blocks[i];
        assert_same(&out[start - item.gap.len()..start], &item.gap, "gap");
        assert_same(&out[start..start + block.len()], block, "local part");
        let at = entry.central_header_start() as usize;
        let mut record = built.records[i].clone();
        record[42..46].copy_from_slice(&(start as u32).to_le_bytes());
        assert_same(&out[at..at + record.len()], &record, "central record");
    }
}

fn content(zip: &mut ZipArchive<Cursor<&Vec<u8>>>, name: &str) -> String {
    let mut out = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut out).unwrap();
    out
}

#[test]
fn an_archive_in_javas_shape_changes_only_where_it_is_edited() {
    assert_only_documents_change(&project(|name, content| Item::java(name, content)));
}

#[test]
fn an_archive_of_a_general_tool_changes_only_where_it_is_edited() {
    assert_only_documents_change(&project(|name, content| Item::tool(name, content)));
}

#[test]
fn stored_entries_stay_stored() {
    let stored = |name: &str, content: &str| Item {
        packing: Packing::Store,
        ..Item::tool(name, content)
    };
    assert_only_documents_change(&project(stored));
}

#[test]
fn unsigned_descriptors_stay_unsigned() {
    let unsigned = |name: &str, content: &str| Item {
        descriptor: Some((false, false)),
        ..Item::java(name, content)
    };
    let zip = project(unsigned);
    assert_only_documents_change(&zip);
    let source = opened(&zip.build().bytes).unwrap();
    let (out, written) = upgraded(&source, &[("data.xml", edits(&[(0, 0, "!")]))]).unwrap();
    let entry = &written.rewritten[0];
    let end = entry.offset() as usize + 30 + "data.xml".len() + entry.compressed_size() as usize;
    assert_eq!(out[end..end + 4], entry.crc().to_le_bytes());
    assert_eq!(out[end + 12..end + 16], *b"PK\x03\x04");
}

#[test]
fn zip64_descriptors_and_zip64_fields_stay_zip64() {
    let zip64 = |name: &str, content: &str| Item {
        zip64_local: true,
        zip64_central: true,
        descriptor: Some((true, true)),
        ..Item::java(name, content)
    };
    assert_only_documents_change(&Zip {
        zip64_end: true,
        ..project(zip64)
    });
    let forced = |name: &str, content: &str| Item {
        zip64_local: true,
        zip64_central: true,
        ..Item::tool(name, content)
    };
    assert_only_documents_change(&project(forced));
}

#[test]
fn comments_gaps_and_a_prefix_with_absolute_offsets_stay() {
    let mut zip = project(|name, content| Item {
        gap: b"#!/bin/sh".to_vec(),
        comment: b"entry comment".to_vec(),
        ..Item::java(name, content)
    });
    zip.comment = b"made by PK\x05\x06 somebody, with a comment that bears a signature".to_vec();
    zip.gap_before_directory = vec![7; 100];
    assert_only_documents_change(&zip);
}

#[test]
fn a_directory_out_of_order_keeps_its_order() {
    let zip = project(|name, content| Item::java(name, content));
    assert_only_documents_change(&Zip {
        backwards: true,
        ..zip
    });
}

#[test]
fn names_that_are_not_utf_8_pass_through() {
    let mut zip = project(|name, content| Item::java(name, content));
    zip.items[0].name = b"files/\xff\xfe".to_vec();
    zip.items[0].flags = 8;
    assert_only_documents_change(&zip);
}

#[test]
fn stored_blocks_stay_stored_blocks_of_javas_length() {
    let content = "<v>".repeat(50_000);
    let item = Item::java("data.xml", &content);
    let source = opened(&Zip::of(vec![item]).build().bytes).unwrap();
    let (out, written) = upgraded(&source, &[("data.xml", edits(&[(0, 3, "<w>")]))]).unwrap();
    assert_eq!(written.rewritten[0].compressed_size(), 150_000 + 5 * 5);
    assert_eq!(out[38..43], [0, 0x00, 0x80, 0xff, 0x7f]);
}

#[test]
fn compressed_entries_stay_compressed() {
    let item = Item::tool("data.xml", "<v>".repeat(50_000));
    let source = opened(&Zip::of(vec![item]).build().bytes).unwrap();
    let (_, written) = upgraded(&source, &[("data.xml", edits(&[(0, 3, "<w>")]))]).unwrap();
    assert!(written.rewritten[0].compressed_size() < 1000);
}
