//! Reading entries that tell the truth, and entries that lie.

use std::io::Read;

use super::build::{Item, Packing, Zip, java};
use super::{ArchiveError, opened};
use crate::archive::Document;

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
