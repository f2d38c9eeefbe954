//! The archive room on real archives: without edits it gives every byte back, and with one
//! nothing else changes.

use std::io::{Cursor, Read};

use flowlift::archive::{Digesting, Rewrite, Sink, Source, upgrade};
use flowlift::edit::{Edit, Edits, Span};
use flowlift::package::{Document, WANTED};
use flowlift::watch::Unwatched;
use zip::ZipArchive;

use super::support::corpus;

#[test]
fn real_archives_change_only_where_they_are_edited() {
    for path in corpus::archives().into_iter().flatten() {
        let bytes = fs_err::read(&path).unwrap();
        let source = Source::open(&path, WANTED).unwrap();
        assert!(upgraded(&source, None) == bytes, "{}", path.display());

        let data = source.document(Document::Data).unwrap();
        let mut text = String::new();
        source
            .read(data)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        let same = upgraded(&source, Some((0, 1, &text[..1])));
        assert!(same == bytes, "{}: not packed as it was", path.display());

        let out = upgraded(&source, Some((9, 9, "new")));
        assert_second_reader_agrees(&bytes, &out, &text);
    }
}

/// The archive with an edit of `data.xml`.
fn upgraded(source: &Source, edit: Option<(u64, u64, &str)>) -> Vec<u8> {
    let edits = edit.map(|(start, end, text)| Edit {
        span: Span { start, end },
        text: text.into(),
    });
    let edits = Edits::new(edits.into_iter().collect()).unwrap();
    let entry = source.document(Document::Data).unwrap();
    let mut out = Vec::new();
    let sink = Sink::new("target".as_ref(), &mut out);
    let rewrites = [Rewrite {
        entry,
        edits: &edits,
    }];
    upgrade(source, &rewrites, sink, Digesting::Neither, &Unwatched).unwrap();
    out
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
