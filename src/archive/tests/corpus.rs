//! Real archives, where they are at hand.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::{edits, upgraded};
use crate::archive::{Document, Source};

fn archives() -> Vec<PathBuf> {
    let corpus = std::env::var_os("FLOWLIFT_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let mut found: Vec<_> = ["real", "grafted"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(corpus.join(folder)).ok())
        .flat_map(|folder| folder.map(|file| file.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|e| e == "fsproject"))
        .collect();
    found.sort();
    found
}

#[test]
fn real_archives_change_only_where_they_are_edited() {
    let archives = archives();
    if archives.is_empty() {
        #[allow(clippy::disallowed_macros)] // a test says that it tests nothing
        {
            eprintln!("skipped: no corpus; set FLOWLIFT_CORPUS");
        }
        return;
    }
    for path in archives {
        let bytes = std::fs::read(&path).unwrap();
        let source = Source::open(&path).unwrap();
        assert!(
            upgraded(&source, &[]).unwrap().0 == bytes,
            "{}",
            path.display()
        );

        let data = source.document(Document::Data).unwrap();
        let mut text = String::new();
        source
            .read(data)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        let same = edits(&[(0, 1, &text[..1])]);
        let (out, _) = upgraded(&source, &[("data.xml", same)]).unwrap();
        assert!(out == bytes, "{}: not packed as it was", path.display());

        let (out, _) = upgraded(&source, &[("data.xml", edits(&[(9, 9, "new")]))]).unwrap();
        assert_second_reader_agrees(&bytes, &out, &text);
    }
}

fn assert_second_reader_agrees(before: &[u8], after: &[u8], text: &str) {
    let mut old = ZipArchive::new(Cursor::new(before)).unwrap();
    let mut new = ZipArchive::new(Cursor::new(after)).unwrap();
    assert_eq!(old.len(), new.len());
    for i in 0..old.len() {
        let (mut a, mut b) = (old.by_index(i).unwrap(), new.by_index(i).unwrap());
        assert_eq!(a.name_raw(), b.name_raw());
        assert_eq!(a.last_modified(), b.last_modified());
        let (mut was, mut is) = (vec![], vec![]);
        a.read_to_end(&mut was).unwrap();
        b.read_to_end(&mut is).unwrap();
        if a.name_raw() == b"data.xml" {
            assert_eq!(is, format!("{}new{}", &text[..9], &text[9..]).into_bytes());
        } else {
            assert!(was == is && a.crc32() == b.crc32(), "entry {i}");
        }
    }
}
