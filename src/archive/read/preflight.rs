//! One pass over the central directory before anything is believed.
//!
//! What is refused here is what could make two readers see different things (overlaps,
//! duplicates, counts that lie) or hurt whoever unpacks the result (names that climb out).

use std::collections::BTreeMap;

use super::central::Records;
use super::end_records::EndRecords;
use super::entry::Entry;
use super::input::InputFile;
use super::local::{self, Local};
use super::wanted::Wanted;
use crate::archive::error::ArchiveError;

/// What the one pass remembers, so that nobody has to go through a million records again.
#[derive(Debug, Default)]
pub(in crate::archive) struct DirectoryIndex {
    pub(in crate::archive) documents: BTreeMap<&'static str, Entry>,
    /// Where the records of entries lie that may be looked up, in the directory's order: eight bytes
    /// each.
    pub(in crate::archive) looked_up: Vec<u64>,
    /// Where what follows a document begins, by the document's offset; empty where the directory
    /// does not follow the order of the data.
    pub(in crate::archive) limits: BTreeMap<u64, u64>,
}

/// Checks every entry.
pub(in crate::archive) fn preflight(
    input: &InputFile,
    ends: &EndRecords,
    wanted: Wanted,
) -> Result<DirectoryIndex, ArchiveError> {
    let limit = ends.directory.start;
    let mut contents = DirectoryIndex::default();
    let documents = &mut contents.documents;
    let (mut found, mut start, mut end, mut in_order) = (0, 0, 0, true);
    let (mut at, mut follows_document) = (ends.directory.start, false);
    let mut records = Records::new(input, ends.directory);
    while let Some((record, entry)) = records.next()? {
        found += 1;
        check(&entry, limit)?;
        if in_order && entry.offset < end {
            if entry.offset >= start {
                return Err(overlap(&entry, end));
            }
            in_order = false;
        }
        if follows_document {
            contents.limits.insert(start, entry.offset);
        }
        (start, end) = (entry.offset, least_end(&entry));
        let document = wanted.document(entry.name);
        if let Some(document) = document {
            if let Some(first) = documents.get(&document) {
                let (first, second) = (first.name().into(), entry.name().into());
                return Err(ArchiveError::Duplicate { first, second });
            }
            documents.insert(document, entry.owned());
        }
        if wanted.may_be_looked_up(entry.name) {
            contents.looked_up.push(at);
        }
        follows_document = document.is_some();
        at += record.len() as u64;
    }
    if found != ends.entries {
        return Err(ends.miscounted(found));
    }
    if follows_document {
        contents.limits.insert(start, limit);
    }
    if !in_order {
        contents.limits.clear();
        check_sorted(input, ends)?;
    }
    for document in wanted.documents {
        let Some(entry) = documents.get(document) else {
            continue;
        };
        if *entry.name != *document.as_bytes() {
            return Err(ArchiveError::Misspelt {
                name: entry.name().into(),
                document,
            });
        }
        if ![Entry::STORE, Entry::DEFLATE].contains(&entry.method) {
            let (name, method) = (entry.name().into(), entry.method);
            return Err(ArchiveError::Method { name, method });
        }
        Local::read(input, entry, limit)?;
    }
    Ok(contents)
}

/// What can be said of an entry without its neighbours.
fn check(entry: &Entry<&[u8]>, limit: u64) -> Result<(), ArchiveError> {
    if let Some(evidence) = unsafe_name(entry.name) {
        return Err(ArchiveError::UnsafeName {
            name: entry.name().into(),
            evidence,
        });
    }
    if entry.flags & Entry::ENCRYPTED != 0 {
        let (flags, method) = (entry.flags, entry.method);
        return Err(ArchiveError::Encrypted {
            name: entry.name().into(),
            flags,
            method,
        });
    }
    if entry.disk != 0 {
        let evidence = format!("entry {} is on disk {}", entry.name(), entry.disk);
        return Err(ArchiveError::MultiDisk { evidence });
    }
    let (start, end) = (entry.offset, least_end(entry));
    if end > limit {
        return Err(ArchiveError::Outside {
            name: entry.name().into(),
            start,
            end,
            limit,
        });
    }
    Ok(())
}

/// Why a name must not reach anything that unpacks it. A drive letter counts only at the start:
/// `a:b` further in is a file name on most systems.
fn unsafe_name(name: &[u8]) -> Option<&'static str> {
    let is_separator = |b: &u8| matches!(b, b'/' | b'\\');
    // The least of many numbers is found without a branch for each: a million names go through here.
    if name.iter().copied().fold(u8::MAX, u8::min) == 0 {
        return Some("it contains a NUL");
    }
    if name.first().is_some_and(is_separator) {
        return Some("it is absolute");
    }
    if matches!(name, [letter, b':', ..] if letter.is_ascii_alphabetic()) {
        return Some("it begins with a drive letter");
    }
    let pairs = name.iter().zip(name.get(1..).unwrap_or_default());
    let unlike_dots = pairs.map(|(a, b)| (a ^ b'.') | (b ^ b'.'));
    (unlike_dots.fold(u8::MAX, u8::min) == 0 && name.split(is_separator).any(|part| part == b".."))
        .then_some("it climbs out by `..`")
}

/// Where an entry ends at the earliest. Its local extra fields and descriptor are unknown without
/// reading its local header, which a million entries are spared: what is copied is copied by
/// position, and what is read or rewritten is checked exactly.
fn least_end(entry: &Entry<&[u8]>) -> u64 {
    let header = (local::FIXED + entry.name.len()) as u64;
    entry
        .offset
        .saturating_add(header)
        .saturating_add(entry.compressed_size)
}

/// Looks for overlaps when the directory does not follow the order of the data: 16 bytes of memory
/// per entry, which nothing but such an archive costs.
fn check_sorted(input: &InputFile, ends: &EndRecords) -> Result<(), ArchiveError> {
    let mut extents = Vec::new();
    let mut records = Records::new(input, ends.directory);
    while let Some((_, entry)) = records.next()? {
        extents.push((entry.offset, least_end(&entry)));
    }
    extents.sort_unstable();
    let pairs = extents.iter().zip(extents.iter().skip(1));
    let Some((at, end)) = pairs
        .filter(|((_, end), (next, _))| next < end)
        .map(|(a, b)| (b.0, a.1))
        .next()
    else {
        return Ok(());
    };
    let mut records = Records::new(input, ends.directory);
    while let Some((_, entry)) = records.next()? {
        if entry.offset == at {
            return Err(overlap(&entry, end));
        }
    }
    Err(ArchiveError::SourceChanged {
        path: input.path().into(),
    })
}

fn overlap(entry: &Entry<&[u8]>, end: u64) -> ArchiveError {
    ArchiveError::Overlap {
        name: entry.name().into(),
        at: entry.offset,
        end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_unsafe_in_either_writing() {
        for name in [
            "../a",
            "a/..",
            "a/../b",
            r"a\..\b",
            "/a",
            r"\a",
            r"\\host\a",
            "C:a",
            r"c:\a",
            "a\0",
        ] {
            assert!(unsafe_name(name.as_bytes()).is_some(), "{name}");
        }
    }

    #[test]
    fn names_that_merely_look_odd_pass() {
        for name in [
            "",
            "a",
            "a/b/",
            "..a",
            "a../b",
            "a/b:c",
            ".",
            "...",
            "ä",
            "files/1_x\\y",
        ] {
            assert_eq!(unsafe_name(name.as_bytes()), None, "{name}");
        }
    }
}
