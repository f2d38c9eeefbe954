//! Entry by entry, byte by byte: what was not to change must be the same, offsets aside.

use std::collections::BTreeMap;
use std::ops::Range;

use super::difference::{DifferenceKind, Differences};
use super::local::{Descriptor, LocalHeader};
use super::record::{PLAIN_LIMIT, Record};
use super::zip::{Layout, Records, Zip, first_difference, interrupted};
use crate::edit::Span;
use crate::error::Error;
use crate::watch::Watch;

/// How many entries were found to be as they should.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ComparedEntries {
    pub(super) entries: u64,
    pub(super) untouched: u64,
}

/// Compares all entries. Those for which `is_rewritten` holds may differ in their content, and in
/// what follows from it.
pub(super) fn compare(
    source: &Zip,
    upgraded: &Zip,
    is_rewritten: &dyn Fn(&[u8]) -> bool,
    watch: &dyn Watch,
    found: &mut Differences,
) -> Result<ComparedEntries, Error> {
    let (before, after) = (source.layout()?, upgraded.layout()?);
    let passed = |count| watch.advance(count).map_err(interrupted);
    let first = |layout: &Layout| Span {
        start: 0,
        end: layout.offsets.first().copied().unwrap_or_default(),
    };
    let sides = ((source, first(&before)), (upgraded, first(&after)));
    if first_difference(sides.0, sides.1, passed)?.is_some() {
        let what = "the bytes before the first entry changed";
        found.add(DifferenceKind::ArchiveChanged, "archive", what);
    }
    let mut counted = ComparedEntries::default();
    let (mut a_buffer, mut b_buffer) = (Vec::new(), Vec::new());
    let mut a_records = source.records(&mut a_buffer)?;
    let mut b_records = upgraded.records(&mut b_buffer)?;
    loop {
        let (a, b) = match (a_records.next()?, b_records.next()?) {
            (Some(a), Some(b)) if a.name == b.name => (a, b),
            (None, None) => break,
            (a, b) => {
                name_differences([(a, &mut a_records), (b, &mut b_records)], counted, found)?;
                break;
            }
        };
        counted.entries += 1;
        let (Ok(a_at), Ok(b_at)) = (
            before.offsets.binary_search(&a.offset),
            after.offsets.binary_search(&b.offset),
        ) else {
            continue;
        };
        if a_at != b_at {
            let what = "its data stands at another place among the others";
            found.add(DifferenceKind::EntryMoved, a.shown_name(), what);
            continue;
        }
        let is_rewritten = is_rewritten(&a.name);
        let count = found.count;
        compare_records(&a, &b, is_rewritten, found);
        let span = |record: &Record, layout: &Layout, at: usize| Span {
            start: record.offset,
            end: layout.offsets.get(at + 1).copied().unwrap_or(record.offset),
        };
        let (a_span, b_span) = (span(&a, &before, a_at), span(&b, &after, b_at));
        if is_rewritten {
            compare_rewritten((source, &a, a_span), (upgraded, &b, b_span), found)?;
        } else if let Some(at) = first_difference((source, a_span), (upgraded, b_span), passed)? {
            let what = format!(
                "its header, compressed bytes or descriptor differ from byte {} of the source and \
                 byte {} of the upgraded archive on",
                a.offset + at,
                b.offset + at
            );
            found.add(DifferenceKind::EntryChanged, a.shown_name(), what);
        } else if found.count == count {
            counted.untouched += 1;
        }
    }
    compare_ends((source, &before), (upgraded, &after), found)?;
    Ok(counted)
}

/// Which names are on one side only; if none are, the order is another.
fn name_differences(
    sides: [(Option<Record>, &mut Records<'_>); 2],
    counted: ComparedEntries,
    found: &mut Differences,
) -> Result<(), Error> {
    // How often a name is left in the source, less how often in the upgraded archive.
    let mut names: BTreeMap<Vec<u8>, i64> = BTreeMap::new();
    for ((first, records), sign) in sides.into_iter().zip([1, -1]) {
        let mut record = first;
        while let Some(known) = record {
            *names.entry(known.name).or_default() += sign;
            record = records.next()?;
        }
    }
    let mut same = true;
    for (name, surplus) in names {
        let shown = String::from_utf8_lossy(&name).into_owned();
        if surplus > 0 {
            found.add(
                DifferenceKind::EntryMissing,
                shown,
                "it is in the source only",
            );
            same = false;
        } else if surplus < 0 {
            found.add(
                DifferenceKind::EntryExtra,
                shown,
                "the source does not have it",
            );
            same = false;
        }
    }
    if same {
        let what = format!(
            "from entry {} on they come in another order",
            counted.entries + 1
        );
        found.add(DifferenceKind::EntryMoved, "archive", what);
    }
    Ok(())
}

/// The records of an entry differ in nothing but its offset, where it is `is_rewritten` also in CRC and
/// sizes. A value that grows beyond 4 GiB moves into a zip64 field, which needs version 4.5; one that
/// was in such a field stays there.
fn compare_records(a: &Record, b: &Record, is_rewritten: bool, found: &mut Differences) {
    let had_zip64 = is_rewritten && a.extra.zip64.is_some();
    let is_zip64_free = a.needs_zip64() || b.needs_zip64() || had_zip64;
    let plain = |record: &Record| record.untold.plain_sizes;
    let version = |record: &Record| record.untold.version_needed;
    let has_raised_version = is_zip64_free && version(b) == version(a).max(45);
    let same = [
        ("version made by", a.made_by == b.made_by),
        (
            "version needed",
            has_raised_version || version(a) == version(b),
        ),
        ("flags", a.flags == b.flags),
        ("method", a.method == b.method),
        ("time", a.modified == b.modified),
        ("CRC", is_rewritten || a.crc == b.crc),
        (
            "sizes",
            is_rewritten || (a.size, a.compressed_size) == (b.size, b.compressed_size),
        ),
        (
            "form of the sizes",
            is_rewritten || is_zip64_free || plain(a) == plain(b),
        ),
        (
            "extra fields",
            a.extra.others == b.extra.others && (is_zip64_free || a.extra == b.extra),
        ),
        ("comment", a.comment == b.comment),
        ("disk", a.untold.disk == b.untold.disk),
        (
            "internal attributes",
            a.untold.internal_attributes == b.untold.internal_attributes,
        ),
        (
            "external attributes",
            a.external_attributes == b.external_attributes,
        ),
    ];
    let odd: Vec<_> = different(same).collect();
    if !odd.is_empty() {
        let what = format!(
            "its record in the central directory has another {}",
            odd.join(", ")
        );
        found.add(DifferenceKind::RecordChanged, a.shown_name(), what);
    }
}

/// The names of what is not the same.
fn different<const N: usize>(
    same: [(&'static str, bool); N],
) -> impl Iterator<Item = &'static str> {
    let odd = same.into_iter().filter(|(_, same)| !same);
    odd.map(|(name, _)| name)
}

/// A rewritten entry keeps its header apart from CRC and sizes, the form of its descriptor, and what
/// stands between it and the next.
fn compare_rewritten(
    (source, a, a_span): (&Zip, &Record, Span),
    (upgraded, b, b_span): (&Zip, &Record, Span),
    found: &mut Differences,
) -> Result<(), Error> {
    let (mine, theirs) = (
        LocalHeader::read(source, a)?,
        LocalHeader::read(upgraded, b)?,
    );
    let (is_header_kept, are_sums_right) = if mine.leaves_to_descriptor() {
        (mine.bytes == theirs.bytes, true)
    } else {
        let version = |header: &LocalHeader| {
            let is_free = b.needs_zip64_sizes();
            (!is_free).then_some(header.version_needed)
        };
        let kept = |header: &LocalHeader| {
            let what = (header.flags, header.method, header.modified);
            (version(header), what)
        };
        let is_kept = kept(&mine) == kept(&theirs)
            && mine.name == theirs.name
            && mine.extra.others == theirs.extra.others;
        let sums = (theirs.crc, theirs.compressed_size, theirs.size);
        (is_kept, sums == (b.crc, b.compressed_size, b.size))
    };
    let rest = |zip: &Zip, record: &Record, header: &LocalHeader, span: Span| {
        let data = record.offset.saturating_add(header.bytes.len() as u64);
        zip.bytes(Span {
            start: data.saturating_add(record.compressed_size).min(span.end),
            end: span.end,
        })
    };
    let a_rest = rest(source, a, &mine, a_span)?;
    let b_rest = rest(upgraded, b, &theirs, b_span)?;
    let is_rest_kept = match (Descriptor::of(a, &a_rest), Descriptor::of(b, &b_rest)) {
        (Some(before), Some(after)) => {
            let has_zip64 = mine.extra.zip64.is_some();
            let by_choice = before.is_zip64 && (has_zip64 || !a.needs_zip64_sizes());
            let is_zip64 = a.flags.has_data_descriptor() && (b.needs_zip64_sizes() || by_choice);
            after == Descriptor { is_zip64, ..before }
        }
        (before, after) => before == after,
    };
    let odd: Vec<_> = different([
        ("local header", is_header_kept),
        ("CRC or size in its local header", are_sums_right),
        ("descriptor, or the bytes behind it", is_rest_kept),
    ])
    .collect();
    if !odd.is_empty() {
        let what = format!("it was rewritten with another {}", odd.join(", "));
        found.add(DifferenceKind::EntryChanged, a.shown_name(), what);
    }
    Ok(())
}

/// Everything behind the central directory, without what says where the directory is and how long.
#[derive(PartialEq, Eq)]
struct EndRecords {
    /// The zip64 end record and its locator, if there are any.
    zip64: Vec<u8>,
    /// The end record and the archive's comment.
    plain: Vec<u8>,
}

impl EndRecords {
    fn of((zip, layout): (&Zip, &Layout)) -> Result<Self, Error> {
        let end = layout.end_record;
        let start = layout.directory_end.min(end);
        let mut zip64 = zip.bytes(Span { start, end })?;
        let mut plain = zip.bytes(Span {
            start: end,
            end: zip.len,
        })?;
        let locator = zip64.len().saturating_sub(20);
        // Size and offset of the directory; in the locator where the zip64 record is.
        blank(&mut zip64, 40..56);
        blank(&mut zip64, locator + 8..locator + 16);
        blank(&mut plain, 12..20);
        Ok(Self { zip64, plain })
    }
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    if let Some(bytes) = bytes.get_mut(range) {
        bytes.fill(0);
    }
}

/// The end records say the same but for where the directory is and how long. Where it ends beyond
/// 4 GiB, there may be zip64 ones that the source does without.
fn compare_ends(
    source: (&Zip, &Layout),
    upgraded: (&Zip, &Layout),
    found: &mut Differences,
) -> Result<(), Error> {
    let (before, after) = (EndRecords::of(source)?, EndRecords::of(upgraded)?);
    let has_grown = before.zip64.is_empty() && upgraded.1.directory_end >= PLAIN_LIMIT;
    if before.plain != after.plain || (before.zip64 != after.zip64 && !has_grown) {
        let what = "the end records, or the archive's comment, are not the source's";
        found.add(DifferenceKind::ArchiveChanged, "archive", what);
    }
    Ok(())
}
