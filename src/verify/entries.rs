//! Entry by entry, byte by byte: what was not to change must be the same, offsets aside.

use std::collections::BTreeMap;

use super::difference::{Differences, Kind};
use super::raw::{Raw, Record, first_difference, u16_at, u32_at, without_zip64};
use crate::edit::Span;
use crate::error::Error;
use crate::watch::Watch;

/// How many entries were found to be as they should.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    pub(super) entries: u64,
    pub(super) untouched: u64,
}

/// Compares all entries. Those for which `is_rewritten` holds may differ in their content, and in
/// what follows from it.
pub(super) fn compare(
    source: &mut Raw,
    upgraded: &mut Raw,
    is_rewritten: &dyn Fn(&[u8]) -> bool,
    watch: &dyn Watch,
    found: &mut Differences,
) -> Result<Counted, Error> {
    let (a_offsets, b_offsets) = (source.offsets()?, upgraded.offsets()?);
    let before = |offsets: &[u64]| Span {
        start: 0,
        end: offsets.first().copied().unwrap_or_default(),
    };
    let (mine, theirs) = (before(&a_offsets), before(&b_offsets));
    let passed = |count| watch.advance(count).map_err(interrupted);
    if first_difference((source, mine), (upgraded, theirs), passed)?.is_some() {
        let what = "the bytes before the first entry changed";
        found.add(Kind::ArchiveChanged, "archive", what);
    }
    let mut counted = Counted::default();
    let (mut a_records, mut b_records) = (source.records()?, upgraded.records()?);
    loop {
        let (a, b) = match (a_records.next()?, b_records.next()?) {
            (Some(a), Some(b)) if a.name() == b.name() => (a, b),
            (None, None) => break,
            (a, b) => {
                name_differences([(a, &mut a_records), (b, &mut b_records)], counted, found)?;
                break;
            }
        };
        counted.entries += 1;
        let rewritten = is_rewritten(a.name());
        let (Ok(a_at), Ok(b_at)) = (
            a_offsets.binary_search(&a.offset()),
            b_offsets.binary_search(&b.offset()),
        ) else {
            continue;
        };
        if a_at != b_at {
            let what = "its data stands at another place among the others";
            found.add(Kind::EntryMoved, a.shown_name(), what);
            continue;
        }
        let count = found.count;
        compare_records(&a, &b, rewritten, found);
        let span = |record: &Record, offsets: &[u64], at: usize| Span {
            start: record.offset(),
            end: offsets.get(at + 1).copied().unwrap_or(record.offset()),
        };
        let mine = (source as &mut Raw, span(&a, &a_offsets, a_at));
        let theirs = (upgraded as &mut Raw, span(&b, &b_offsets, b_at));
        if rewritten {
            compare_rewritten((mine.0, &a, mine.1), (theirs.0, &b, theirs.1), found)?;
        } else if let Some(at) = first_difference(mine, theirs, passed)? {
            let what = format!(
                "its header, compressed bytes or descriptor differ from byte {} of the source and \
                 byte {} of the upgraded archive on",
                a.offset() + at,
                b.offset() + at
            );
            found.add(Kind::EntryChanged, a.shown_name(), what);
        } else if found.count == count {
            counted.untouched += 1;
        }
    }
    compare_ends(source, upgraded, found);
    Ok(counted)
}

/// Which names are on one side only; if none are, the order is another.
fn name_differences(
    sides: [(Option<Record>, &mut super::raw::Records); 2],
    counted: Counted,
    found: &mut Differences,
) -> Result<(), Error> {
    // How often a name is left in the source, less how often in the upgraded archive.
    let mut names: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
    for ((first, records), sign) in sides.into_iter().zip([1, -1]) {
        let mut record = first;
        while let Some(known) = record {
            *names.entry(known.name().to_vec()).or_default() += sign;
            record = records.next()?;
        }
    }
    let mut same = true;
    for (name, surplus) in names {
        let shown = String::from_utf8_lossy(&name).into_owned();
        if surplus > 0 {
            found.add(Kind::EntryMissing, shown, "it is in the source only");
            same = false;
        } else if surplus < 0 {
            found.add(Kind::EntryExtra, shown, "the source does not have it");
            same = false;
        }
    }
    if same {
        let what = format!(
            "from entry {} on they come in another order",
            counted.entries + 1
        );
        found.add(Kind::EntryMoved, "archive", what);
    }
    Ok(())
}

/// The fields of a central record that must be the same, as (position, length, name).
const FIELDS: [(usize, usize, &str); 13] = [
    (4, 2, "version made by"),
    (6, 2, "version needed"),
    (8, 2, "flags"),
    (10, 2, "method"),
    (12, 4, "time"),
    (16, 4, "CRC"),
    (20, 4, "compressed size"),
    (24, 4, "size"),
    (28, 2, "length of the name"),
    (30, 2, "length of the extra fields"),
    (34, 2, "disk"),
    (36, 2, "internal attributes"),
    (38, 4, "external attributes"),
];

fn compare_records(a: &Record, b: &Record, rewritten: bool, found: &mut Differences) {
    // A value that grows beyond 4 GiB moves into a zip64 field, which needs version 4.5; one that
    // was in such a field stays there.
    let wide = [a, b].map(|r| r.offset().max(r.size()).max(r.compressed_size()) >= 0xffff_ffff);
    let moved = rewritten && without_zip64(a.extra()) != a.extra();
    let regrown = wide.contains(&true) || moved;
    let mut odd: Vec<&str> = Vec::new();
    for (at, len, name) in FIELDS {
        let field = |record: &Record| record.0.get(at..at + len).map(<[u8]>::to_vec);
        let free = match name {
            "CRC" | "compressed size" | "size" => rewritten || (regrown && name != "CRC"),
            "version needed" => regrown && u16_at(&b.0, 6) == u16_at(&a.0, 6).max(45),
            "length of the extra fields" => regrown,
            _ => false,
        };
        if !free && field(a) != field(b) {
            odd.push(name);
        }
    }
    if !rewritten && (a.size(), a.compressed_size()) != (b.size(), b.compressed_size()) {
        odd.push("sizes");
    }
    let extra = |record: &Record| {
        if regrown {
            without_zip64(record.extra())
        } else {
            record.extra().to_vec()
        }
    };
    if extra(a) != extra(b) {
        odd.push("extra fields");
    }
    let comment = |record: &Record| {
        let behind = 46 + record.name().len() + record.extra().len();
        record.0.get(behind..).map(<[u8]>::to_vec)
    };
    if comment(a) != comment(b) {
        odd.push("comment");
    }
    if !odd.is_empty() {
        let what = format!(
            "its record in the central directory has another {}",
            odd.join(", ")
        );
        found.add(Kind::RecordChanged, a.shown_name(), what);
    }
}

/// A rewritten entry keeps its header apart from sums, the form of its descriptor, and what stands
/// between it and the next.
fn compare_rewritten(
    (source, a, a_span): (&mut Raw, &Record, Span),
    (upgraded, b, b_span): (&mut Raw, &Record, Span),
    found: &mut Differences,
) -> Result<(), Error> {
    let header = |raw: &mut Raw, span: Span| {
        let fixed = raw.bytes(span.start, span.start.saturating_add(30))?;
        let rest = u64::from(u16_at(&fixed, 26)) + u64::from(u16_at(&fixed, 28));
        raw.bytes(span.start, span.start.saturating_add(30 + rest))
    };
    let (mine, theirs) = (header(source, a_span)?, header(upgraded, b_span)?);
    let mut odd = Vec::new();
    let left_to_descriptor = a.has_descriptor() && mine.get(14..26) == Some(&[0; 12]);
    if left_to_descriptor {
        if mine != theirs {
            odd.push("local header");
        }
    } else {
        if settled(&mine, b) != settled(&theirs, b) {
            odd.push("local header");
        }
        let sums = [u32_at(&theirs, 18), u32_at(&theirs, 22)];
        let expected = [b.compressed_size(), b.size()];
        let agree = sums
            .into_iter()
            .zip(expected)
            .all(|(sum, expected)| sum == u32::MAX || u64::from(sum) == expected);
        if u32_at(&theirs, 14) != b.crc() || !agree {
            odd.push("CRC or size in its local header");
        }
    }
    let rest = |raw: &mut Raw, record: &Record, header: &[u8], span: Span| {
        let end_of_data = span
            .start
            .saturating_add(header.len() as u64)
            .saturating_add(record.compressed_size());
        raw.bytes(end_of_data, span.end)
    };
    let has_zip64 = {
        let name = usize::from(u16_at(&mine, 26));
        let extra = mine.get(30 + name..).unwrap_or_default();
        without_zip64(extra) != extra
    };
    let (mine, theirs) = (
        rest(source, a, &mine, a_span)?,
        rest(upgraded, b, &theirs, b_span)?,
    );
    let kept = match (Descriptor::of(a, &mine), Descriptor::of(b, &theirs)) {
        (Some(mine), Some(theirs)) => {
            let by_choice = mine.wide && (has_zip64 || !needs_wide(a));
            let wide = a.has_descriptor() && (needs_wide(b) || by_choice);
            theirs == Descriptor { wide, ..mine }
        }
        (mine, theirs) => mine == theirs,
    };
    if !kept {
        odd.push("descriptor, or the bytes behind it");
    }
    if !odd.is_empty() {
        let what = format!("it was rewritten with another {}", odd.join(", "));
        found.add(Kind::EntryChanged, a.shown_name(), what);
    }
    Ok(())
}

/// A local header without what rewriting may change.
fn settled(header: &[u8], new: &Record) -> (Vec<u8>, Vec<u8>) {
    let wide = new.size().max(new.compressed_size()) >= 0xffff_ffff;
    let mut fixed = header.get(..30).unwrap_or_default().to_vec();
    let blank = if wide { 4..6 } else { 0..0 };
    for range in [blank, 14..26, 28..30] {
        if let Some(bytes) = fixed.get_mut(range) {
            bytes.fill(0);
        }
    }
    let name = usize::from(u16_at(header, 26));
    let (name, extra) = header
        .get(30..)
        .and_then(|rest| rest.split_at_checked(name))
        .unwrap_or_default();
    fixed.extend_from_slice(name);
    (fixed, without_zip64(extra))
}

/// Whether a size needs 64 bits. Java's `ZipInputStream` reads 64-bit sizes in a descriptor exactly
/// then, where the local header has no zip64 field.
fn needs_wide(record: &Record) -> bool {
    record.size().max(record.compressed_size()) >= 0xffff_ffff
}

/// What follows an entry's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Descriptor<'a> {
    signed: bool,
    /// Whether its sizes have 64 bits.
    wide: bool,
    /// The bytes between it and the next entry.
    behind: &'a [u8],
}

impl<'a> Descriptor<'a> {
    /// None where there should be a descriptor and none repeats the record's sums.
    fn of(record: &Record, rest: &'a [u8]) -> Option<Self> {
        if !record.has_descriptor() {
            return Some(Self {
                signed: false,
                wide: false,
                behind: rest,
            });
        }
        let crc = record.crc().to_le_bytes();
        let sizes = [record.compressed_size(), record.size()];
        let long = sizes.map(u64::to_le_bytes).concat();
        let short = sizes.map(|size| u32::try_from(size).map(u32::to_le_bytes));
        let short = match short {
            [Ok(compressed), Ok(size)] => Some([compressed, size].concat()),
            _ => None,
        };
        for (signature, signed) in [(&b"PK\x07\x08"[..], true), (b"", false)] {
            for (sizes, wide) in [(Some(&long), true), (short.as_ref(), false)] {
                let Some(sizes) = sizes else { continue };
                let descriptor = [signature, &crc, sizes].concat();
                if let Some(behind) = rest.strip_prefix(&*descriptor) {
                    return Some(Self {
                        signed,
                        wide,
                        behind,
                    });
                }
            }
        }
        None
    }
}

/// The end records say the same but for where the directory is and how long.
fn compare_ends(source: &Raw, upgraded: &Raw, found: &mut Differences) {
    let settled = |raw: &Raw| {
        let mut tail = raw.tail.clone();
        let wide = tail.starts_with(b"PK\x06\x06");
        let end = (0..tail.len())
            .rev()
            .find(|&at| {
                let record = tail.get(at..).unwrap_or_default();
                record.starts_with(b"PK\x05\x06")
                    && record.len() == 22 + usize::from(u16_at(record, 20))
            })
            .unwrap_or_default();
        if wide {
            for range in [40..56, end.saturating_sub(12)..end.saturating_sub(4)] {
                if let Some(bytes) = tail.get_mut(range) {
                    bytes.fill(0);
                }
            }
        }
        if let Some(bytes) = tail.get_mut(end + 12..end + 20) {
            bytes.fill(0);
        }
        let end = tail.split_off(end.min(tail.len()));
        (tail, end)
    };
    let ((a_wide, a_end), (b_wide, b_end)) = (settled(source), settled(upgraded));
    let grown = a_wide.is_empty() && upgraded.directory.end >= 0xffff_ffff;
    if a_end != b_end || (a_wide != b_wide && !grown) {
        let what = "the end records, or the archive's comment, are not the source's";
        found.add(Kind::ArchiveChanged, "archive", what);
    }
}

pub(super) fn interrupted(error: crate::watch::Interrupted) -> Error {
    Error::Archive(error.into())
}
