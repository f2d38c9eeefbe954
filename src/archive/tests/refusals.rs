//! Each archive that must not be migrated, and the evidence that is given.

use super::build::{Item, Packing, Zip, java};
use super::{ArchiveError, edits, opened, upgraded};
use crate::archive::{ErrorKind, Source};
use crate::package::{Document, WANTED};

fn refusal(bytes: &[u8]) -> String {
    let error = opened(bytes).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(!error.help().is_empty());
    error.to_string()
}

fn plain() -> Vec<u8> {
    java(&[("data.xml", "content"), ("files/0_a", "a")])
}

#[test]
fn what_is_not_a_zip_is_refused_by_its_looks() {
    assert_eq!(refusal(b""), "not a ZIP: the file is empty");
    assert_eq!(
        refusal(b"\x1f\x8b\x08\0\0\0\0\0\0"),
        "not a ZIP: first bytes 1f 8b 08 00 00 00 00 00 (gzip)"
    );
    assert_eq!(
        refusal(b"7z\xbc\xaf\x27\x1c"),
        "not a ZIP: first bytes 37 7a bc af 27 1c (7z)"
    );
    assert_eq!(
        refusal(b"<?xml"),
        "not a ZIP: first bytes 3c 3f 78 6d 6c (XML)"
    );
    assert_eq!(
        refusal(b"hello"),
        "not a ZIP: first bytes 68 65 6c 6c 6f (text)"
    );
    assert_eq!(
        refusal(&[0; 50]),
        "not a ZIP: first bytes 00 00 00 00 00 00 00 00 (zeros)"
    );
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Source::open(folder.path(), WANTED).unwrap_err();
    assert!(matches!(error, ArchiveError::Unpacked { .. }));
}

#[test]
fn an_absent_file_is_a_failed_read() {
    let folder = tempfile::tempdir().unwrap();
    let error = Source::open(&folder.path().join("absent"), WANTED).unwrap_err();
    assert!(matches!(error, ArchiveError::Read { .. }));
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let whole = Zip {
        comment: b"comment".to_vec(),
        zip64_end: true,
        ..Zip::of(vec![Item::java("data.xml", "content")])
    };
    let bytes = whole.build().bytes;
    assert!(opened(&bytes).is_ok());
    for len in 0..bytes.len() {
        refusal(&bytes[..len]);
    }
    let message = refusal(&bytes[..60]);
    assert_eq!(
        message,
        "truncated: it begins like a ZIP but has no end record in its 60 bytes"
    );
    assert!(refusal(&plain()[1..]).starts_with("truncated: the central directory reaches from"));
}

#[test]
fn a_cut_comment_is_refused_with_what_is_missing() {
    let zip = Zip {
        comment: b"comment".to_vec(),
        ..Zip::of(vec![Item::java("data.xml", "x")])
    };
    let bytes = zip.build().bytes;
    let message = refusal(&bytes[..bytes.len() - 2]);
    assert!(
        message.ends_with("has a comment that is 2 bytes too short"),
        "{message}"
    );
}

#[test]
fn bytes_behind_the_archive_are_refused() {
    let mut bytes = plain();
    let at = bytes.len();
    bytes.extend(vec![0; 70_000]);
    assert_eq!(
        refusal(&bytes),
        format!("70000 bytes follow the end of the archive at byte {at}")
    );
}

#[test]
fn bytes_before_the_archive_that_its_offsets_do_not_count_are_refused() {
    let bytes = [b"MZ junk".to_vec(), plain()].concat();
    assert_eq!(
        refusal(&bytes),
        "7 bytes precede the archive and its offsets do not count them"
    );
}

#[test]
#[cfg(unix)] // where four gigabytes of nothing take no room
fn an_archive_above_four_gib_without_zip64_is_told_from_one_with_something_before_it() {
    use std::io::{Seek, SeekFrom, Write};

    const FOUR_GIB: u64 = 1 << 32;
    let built = Zip::of(vec![Item::java("data.xml", "x")]).build();
    let (data, directory) = built.bytes.split_at(built.directory);
    for (hole, wrapped) in [
        (FOUR_GIB, true),
        (2 * FOUR_GIB, true),
        (FOUR_GIB + 1, false),
    ] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(data).unwrap();
        file.seek(SeekFrom::Current(hole.try_into().unwrap()))
            .unwrap();
        file.write_all(directory).unwrap();
        let error = Source::open(file.path(), WANTED).unwrap_err();
        let message = if wrapped {
            "written without zip64: offsets are counted modulo 4 GiB".to_owned()
        } else {
            format!("{hole} bytes precede the archive and its offsets do not count them")
        };
        assert_eq!(error.to_string(), message);
        assert!(!error.help().contains("remove"), "{}", error.help());
    }
}

#[test]
fn more_entries_than_can_be_counted_without_zip64_are_told_from_a_wrong_count() {
    let items = (0..65_537).map(|number| Item::java(&number.to_string(), ""));
    let bytes = Zip::of(items.collect()).build().bytes;
    let error = refusal(&bytes);
    assert_eq!(
        error,
        "written without zip64: entries are counted modulo 65,536"
    );
}

#[test]
fn a_part_of_a_multi_disk_archive_is_refused() {
    let mut bytes = plain();
    let end = bytes.len() - 22;
    bytes[end + 4] = 2;
    assert!(refusal(&bytes).starts_with("part of a multi-disk archive: this is disk 2"));

    let mut built = Zip::of(vec![Item::java("data.xml", "x")]).build();
    built.bytes[built.directory + 34] = 1;
    let message = refusal(&built.bytes);
    assert_eq!(
        message,
        "part of a multi-disk archive: entry data.xml is on disk 1"
    );
}

#[test]
fn counts_that_lie_are_refused_with_both() {
    for (claimed, difference) in [(3, 1i8), (1, -1)] {
        let mut bytes = plain();
        let end = bytes.len() - 22;
        for at in [end + 8, end + 10] {
            bytes[at] = bytes[at].wrapping_add_signed(difference);
        }
        let expected = format!("wrong number of entries: got 2, the end record says {claimed}");
        assert_eq!(refusal(&bytes), expected);
    }
}

#[test]
fn a_directory_of_another_size_is_refused() {
    let mut bytes = plain();
    let end = bytes.len() - 22;
    bytes[end + 12] += 1;
    assert!(refusal(&bytes).starts_with("truncated: the central directory reaches from byte"));
    bytes[end + 12] -= 2;
    assert!(
        refusal(&bytes).starts_with("contradictory end records: the central directory ends at")
    );
}

#[test]
fn a_directory_with_something_else_in_it_is_refused() {
    let mut built = Zip::of(vec![Item::java("data.xml", "x")]).build();
    let at = built.directory;
    built.bytes[at + 2] = 9;
    assert_eq!(
        refusal(&built.bytes),
        format!("broken central directory at byte {at}: got 50 4b 09 02, expected 50 4b 01 02")
    );
    built.bytes[at + 2] = 1;
    built.bytes[at + 32] = 200;
    let message = refusal(&built.bytes);
    assert!(
        message.contains("the record reaches beyond the directory's end"),
        "{message}"
    );
}

#[test]
fn zip64_end_records_that_contradict_are_refused() {
    let zip = Zip {
        zip64_end: true,
        ..Zip::of(vec![Item::java("data.xml", "x")])
    };
    let built = zip.build();
    let zip64 = built.end;
    let changed = |at: usize, value: u8| {
        let mut bytes = built.bytes.clone();
        bytes[at] = value;
        refusal(&bytes)
    };
    assert!(changed(zip64, 0).contains("where no zip64 end record begins"));
    assert!(changed(zip64 + 4, 9).contains("where a zip64 end record of another length begins"));
    assert!(changed(zip64 + 60 + 8 + 7, 1).starts_with("truncated"));
    assert!(changed(zip64 + 60 + 16, 2).contains("counts 2 disks"));
    let end = built.bytes.len() - 22;
    let mut bytes = built.bytes.clone();
    bytes[end + 10..end + 12].copy_from_slice(&[5, 0]);
    assert_eq!(
        refusal(&bytes),
        "contradictory end records: entries is 5 in one and 1 in the zip64 one"
    );
}

#[test]
fn a_directory_claimed_to_be_enormous_is_refused_without_being_allocated() {
    let zip = Zip {
        zip64_end: true,
        ..Zip::of(vec![Item::java("data.xml", "x")])
    };
    let built = zip.build();
    let mut bytes = built.bytes.clone();
    bytes[built.end + 40..built.end + 48].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
    assert!(refusal(&bytes).starts_with("truncated: the central directory reaches from"));
    let mut bytes = built.bytes;
    bytes[built.end + 32 - 8..built.end + 40].copy_from_slice(&[0x7f; 16]);
    assert!(refusal(&bytes).starts_with("wrong number of entries: got 1"));
}

#[test]
fn data_outside_the_archive_is_refused() {
    let item = Item {
        lie: |sums| sums.1 = 5000,
        ..Item::java("files/0_a", "a")
    };
    let message = refusal(&Zip::of(vec![item]).build().bytes);
    assert_eq!(
        message,
        "entry files/0_a lies outside the archive's data: bytes 0 to 5039 of 61"
    );
}

#[test]
fn a_document_whose_local_extra_fields_push_it_out_is_refused() {
    let mut built = Zip::of(vec![Item::java("data.xml", "x")]).build();
    built.bytes[28] = 200;
    assert!(refusal(&built.bytes).starts_with("entry data.xml lies outside"));
}

#[test]
fn overlapping_entries_are_refused_in_either_order() {
    for backwards in [false, true] {
        let items = ["a", "b", "c"]
            .map(|name| Item::java(name, "content"))
            .to_vec();
        let mut built = Zip {
            backwards,
            ..Zip::of(items)
        }
        .build();
        let record = built.records[0].len();
        let middle = built.directory + record + 42;
        // b now begins within a
        built.bytes[middle] = 20;
        built.bytes[middle + 1] = 0;
        assert_eq!(
            refusal(&built.bytes),
            "entry b at byte 20 overlaps the one before it, which ends at byte 43"
        );
    }
}

#[test]
fn two_records_for_the_same_data_are_refused() {
    let items = ["a", "b"].map(|name| Item::java(name, "content")).to_vec();
    let mut built = Zip::of(items).build();
    let second = built.directory + built.records[0].len() + 42;
    built.bytes[second] = 0;
    assert!(refusal(&built.bytes).starts_with("entry b at byte 0 overlaps"));
}

#[test]
fn encrypted_entries_are_refused_by_name() {
    for (bit, shown) in [(1u16, "0809"), (0x40, "0848"), (0x2000, "2808")] {
        let item = Item {
            flags: 0x0808 | bit,
            ..Item::java("files/0_secret", "x")
        };
        assert_eq!(
            refusal(&Zip::of(vec![item]).build().bytes),
            format!("entry files/0_secret is encrypted (flags {shown}, method 8)")
        );
    }
}

#[test]
fn a_document_that_is_there_twice_is_refused() {
    for second in ["data.xml", "Data.XML"] {
        assert_eq!(
            refusal(&java(&[("data.xml", "1"), (second, "2")])),
            format!("two entries for one document: data.xml and {second}")
        );
    }
}

#[test]
fn a_document_under_a_name_that_becomes_its_name_is_refused() {
    for name in [
        "DATA.XML",
        "./data.xml",
        ".\\data.xml",
        "././/Data.xml",
        "data.xml.",
        "data.xml ",
        "data.xml/",
    ] {
        assert_eq!(
            refusal(&java(&[(name, "1")])),
            format!("entry {name:?} is not called data.xml, but would be unpacked as that")
        );
        assert_eq!(
            refusal(&java(&[("data.xml", "1"), (name, "2")])),
            format!("two entries for one document: data.xml and {name}")
        );
    }
    for name in [
        "x/data.xml",
        " data.xml",
        "data.xml.txt",
        ".data.xml",
        "..data.xml",
    ] {
        let source = opened(&java(&[(name, "1")])).unwrap();
        assert!(source.document(Document::Data).is_none(), "{name}");
    }
}

#[test]
fn a_payload_name_that_is_there_twice_is_refused_only_when_asked_for() {
    let source = opened(&java(&[("a", "1"), ("a", "2"), ("b", "3")])).unwrap();
    assert!(source.find(&["b".to_owned()].into()).is_ok());
    let error = source.find(&["a".to_owned()].into()).unwrap_err();
    assert!(matches!(error, ArchiveError::Duplicate { .. }));
}

#[test]
fn unsafe_names_are_refused() {
    assert_eq!(
        refusal(&java(&[("files/../../x", "1")])),
        "unsafe entry name \"files/../../x\": it climbs out by `..`"
    );
}

#[test]
fn a_document_with_an_unknown_method_is_refused_but_payload_is_not() {
    for (name, refused) in [("data.xml", true), ("files/0_a", false)] {
        let item = Item {
            packing: Packing::Store,
            local_method: Some(12),
            ..Item::tool(name, "x")
        };
        let mut built = Zip::of(vec![item]).build();
        built.bytes[built.directory + 10] = 12;
        match opened(&built.bytes) {
            Err(error) => {
                assert!(refused);
                assert_eq!(
                    error.to_string(),
                    "entry data.xml uses compression method 12"
                );
            }
            Ok(source) => {
                assert!(!refused);
                let entry = source.entries().next().unwrap().unwrap();
                assert!(matches!(
                    source.read(&entry),
                    Err(ArchiveError::Method { .. })
                ));
            }
        }
    }
}

#[test]
fn a_local_header_that_contradicts_is_refused_with_both_values() {
    let item = Item {
        local_name: Some(b"evil.xml".to_vec()),
        ..Item::java("data.xml", "x")
    };
    assert_eq!(
        refusal(&Zip::of(vec![item]).build().bytes),
        "entry data.xml: local name is evil.xml, central name is data.xml"
    );
    let item = Item {
        local_method: Some(0),
        ..Item::java("data.xml", "x")
    };
    assert_eq!(
        refusal(&Zip::of(vec![item]).build().bytes),
        "entry data.xml: local method is 0, central method is 8"
    );
    let mut bytes = plain();
    bytes[2] = 0;
    assert_eq!(refusal(&bytes), "entry data.xml: no local header at byte 0");
}

#[test]
fn flags_and_descriptors_that_contradict_are_found_before_anything_is_written() {
    let attempt = |bytes: &[u8]| {
        let source = opened(bytes).unwrap();
        let error = source.check_documents().unwrap_err().to_string();
        let edits = edits(&[(0, 0, "x")]);
        let writing = upgraded(&source, &[("data.xml", edits)]).unwrap_err();
        assert_eq!(writing.to_string(), error);
        error
    };
    let mut bytes = plain();
    bytes[6] = 0;
    assert_eq!(
        attempt(&bytes),
        "entry data.xml: local flags is 0800, central flags is 0808"
    );
    let mut bytes = plain();
    let descriptor = 30 + 8 + 12;
    bytes[descriptor + 5] ^= 1;
    assert_eq!(
        attempt(&bytes),
        "entry data.xml: the data descriptor at byte 50 does not repeat the central record"
    );
}

#[test]
fn edits_beyond_the_content_are_an_error() {
    let source = opened(&plain()).unwrap();
    let error = upgraded(&source, &[("data.xml", edits(&[(90, 91, "")]))]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "entry data.xml ends before the last edit, after 7 bytes"
    );
}
