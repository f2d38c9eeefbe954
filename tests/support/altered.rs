//! A fixture with a difference.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::java_zip::{DosTime, JavaZip};

/// `archive` with one text for another in one entry, which has to hold it.
pub(crate) fn with_text(archive: &[u8], name: &str, before: &str, after: &str) -> Vec<u8> {
    let mut source = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut target = JavaZip::new(Vec::new());
    let mut done = false;
    for index in 0..source.len() {
        let mut entry = source.by_index(index).unwrap();
        let entry_name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if entry_name == name {
            let text = String::from_utf8(bytes).unwrap();
            done = text.contains(before);
            bytes = text.replace(before, after).into_bytes();
        }
        let time = DosTime::new((2026, 1, 2), (3, 4, 6));
        target.entry(&entry_name, time, bytes.as_slice()).unwrap();
    }
    assert!(done, "{before} is not in {name}");
    target.finish().unwrap()
}
