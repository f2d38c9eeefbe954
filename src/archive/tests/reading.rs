//! Reading entries that tell the truth, and entries that lie.

use std::collections::BTreeSet;
use std::io::Read;

use super::build::{Item, Packing, Zip, java};
use super::{ArchiveError, opened};
use crate::archive::{Entry, Names};
use crate::limits::FOLDERS_KNOWN;
use crate::package::Document;

fn read(item: Item) -> Result<Vec<u8>, ArchiveError> {
    let source = opened(&Zip::of(vec![item]).build().bytes)?;
    let entry = source.document(Document::Data).unwrap();
    let mut out = Vec::new();
    let mut reader = source.read(entry)?;
    match reader.read_to_end(&mut out) {
        Ok(_) => Ok(out),
        Err(error) => {
            assert!(
                reader.read(&mut [0; 9]).is_err(),
                "an error must not turn into an end"
            );
            Err(ArchiveError::from_io(error).unwrap())
        }
    }
}

#[test]
fn content_comes_back_from_every_packing() {
    let content = "<data/>".repeat(40_000);
    for packing in [Packing::Store, Packing::Blocks, Packing::Deflate] {
        let item = Item {
            packing,
            ..Item::tool("data.xml", &content)
        };
        assert_eq!(read(item).unwrap(), content.as_bytes());
    }
    assert_eq!(read(Item::java("data.xml", "")).unwrap(), b"");
}

#[test]
fn a_bad_crc_is_said_with_both_values() {
    let item = Item {
        lie: |sums| sums.0 = 0x9f00,
        ..Item::java("data.xml", "content")
    };
    let message = read(item).unwrap_err().to_string();
    assert_eq!(
        message,
        "entry data.xml: bad CRC: got fec530a9, expected 00009f00"
    );
}

#[test]
fn a_size_that_lies_either_way_is_an_error() {
    for packing in [Packing::Store, Packing::Blocks, Packing::Deflate] {
        let item = |lie| Item {
            packing,
            lie,
            ..Item::java("data.xml", "some content")
        };
        let less = read(item(|sums| sums.2 -= 1)).unwrap_err();
        let more = read(item(|sums| sums.2 += 1)).unwrap_err();
        assert!(
            matches!(
                less,
                ArchiveError::Size {
                    got: 12,
                    expected: 11,
                    ..
                }
            ),
            "{less}"
        );
        assert!(
            matches!(
                more,
                ArchiveError::Size {
                    got: 12,
                    expected: 13,
                    ..
                }
            ),
            "{more}"
        );
    }
}

#[test]
fn a_compressed_size_that_lies_either_way_is_an_error() {
    for packing in [Packing::Blocks, Packing::Deflate] {
        let item = |lie| Item {
            packing,
            lie,
            ..Item::java("data.xml", "some content")
        };
        let short = read(item(|sums| sums.1 -= 1)).unwrap_err();
        let long = read(item(|sums| sums.1 += 3)).unwrap_err();
        assert!(matches!(short, ArchiveError::Deflate { .. }), "{short}");
        assert_eq!(
            long.to_string(),
            "entry data.xml: corrupt deflate stream: 3 bytes follow its end"
        );
    }
}

#[test]
fn garbage_instead_of_deflate_is_an_error() {
    let item = Item {
        packing: Packing::Store,
        local_method: Some(8),
        ..Item::java("data.xml", [0xff; 9])
    };
    let mut bytes = Zip::of(vec![item]).build();
    bytes.bytes[bytes.directory + 10] = 8;
    let source = opened(&bytes.bytes).unwrap();
    let entry = source.document(Document::Data).unwrap();
    let error = source
        .read(entry)
        .unwrap()
        .read_to_end(&mut vec![])
        .unwrap_err();
    assert!(matches!(
        ArchiveError::from_io(error),
        Ok(ArchiveError::Deflate { .. })
    ));
}

#[test]
fn entries_and_documents_are_found_by_name() {
    let bytes = java(&[
        ("properties.xml", "p"),
        ("files/0_ä", "x"),
        ("data.xml", "d"),
    ]);
    let source = opened(&bytes).unwrap();
    assert_eq!(source.entry_count(), 3);
    let names: Vec<_> = source
        .entries()
        .map(|e| e.unwrap().name().into_owned())
        .collect();
    assert_eq!(names, ["properties.xml", "files/0_ä", "data.xml"]);
    assert!(source.document(Document::Project).is_none());
    assert_eq!(source.document(Document::Properties).unwrap().size(), 1);
    let wanted = ["files/0_ä".to_owned(), "absent".to_owned()].into();
    let found = source.find(&wanted).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), ["files/0_ä"]);
}

#[test]
fn entries_are_known_by_name_and_so_are_the_folders_they_lie_in() {
    let deep = "d/".repeat(FOLDERS_KNOWN + 2);
    let file = format!("{deep}file");
    let bytes = java(&[
        ("data.xml", ""),
        ("a/b/c", ""),
        ("a/b/d", ""),
        ("e/", ""),
        (&file, ""),
    ]);
    let names = Names::of(&opened(&bytes).unwrap()).unwrap();
    for name in [
        "data.xml", "a", "a/", "a/b", "a/b/c", "a/b/d", "e", &file, &deep,
    ] {
        assert!(names.contains(name), "{name}");
    }
    let deepest_known = "d/".repeat(FOLDERS_KNOWN);
    assert!(names.contains(&deepest_known));
    let another = deepest_known.replacen('d', "x", 1);
    for name in ["b", "a/c", "a/b/c/d", "d/file", &another] {
        assert!(!names.contains(name), "{name}");
    }
    assert!(names.contains(&format!("{another}d/")), "nobody can say");
}

#[test]
fn workspaces_are_found_wherever_they_stand_in_a_large_directory() {
    let long = "x".repeat(300);
    let names: Vec<String> = (0..4000)
        .map(|n| match n % 700 {
            3 | 4 => format!("files/{n}_{long}.fmw"),
            5 => format!("files/{n}.FMW"),
            _ => format!("files/{n}_{long}.txt"),
        })
        .collect();
    let items: Vec<_> = names.iter().map(|name| (&**name, "content")).collect();
    let source = opened(&java(&items)).unwrap();
    let read: Vec<_> = source.entries().map(|e| e.unwrap()).collect();
    let read_names = read.iter().map(Entry::name_bytes);
    assert!(names.iter().map(String::as_bytes).eq(read_names));
    let mut wanted: BTreeSet<String> = names
        .iter()
        .filter(|n| n.ends_with("fmw"))
        .cloned()
        .collect();
    for other in ["files/5.FMW", "absent.fmw"] {
        wanted.insert(other.to_owned());
    }
    let found = source.find(&wanted).unwrap();
    wanted.remove("absent.fmw");
    assert!(wanted.iter().eq(found.keys()));
    assert!(found.values().all(|entry| read.contains(entry)));
    // One name that is no workspace's, and all entries are looked at.
    wanted.insert(names[0].clone());
    assert!(wanted.iter().eq(source.find(&wanted).unwrap().keys()));
}

#[test]
fn what_follows_an_entry_is_known_in_either_order_of_the_directory() {
    for backwards in [false, true] {
        let mut zip = Zip::of(vec![
            Item::java("data.xml", "d"),
            Item::java("a", "a"),
            Item::java("files.map", "f"),
        ]);
        zip.backwards = backwards;
        let source = opened(&zip.build().bytes).unwrap();
        let mut offsets: Vec<_> = source.entries().map(|e| e.unwrap().offset()).collect();
        offsets.sort_unstable();
        offsets.push(source.ends.directory.start);
        for pair in offsets.windows(2) {
            assert_eq!(source.limit(pair[0]).unwrap(), pair[1]);
        }
    }
}

#[test]
fn two_readers_may_work_at_once() {
    let content = "0123456789".repeat(100_000);
    let source = opened(&java(&[("data.xml", &content), ("files.map", &content)])).unwrap();
    std::thread::scope(|scope| {
        for document in [Document::Data, Document::FilesMap] {
            let (source, content) = (&source, &content);
            scope.spawn(move || {
                let mut read = String::new();
                let entry = source.document(document).unwrap();
                source
                    .read(entry)
                    .unwrap()
                    .read_to_string(&mut read)
                    .unwrap();
                assert_eq!(read, *content);
            });
        }
    });
}
