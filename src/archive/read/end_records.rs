//! The end records: where the central directory is, and the first place where an archive can lie.
//!
//! They are read strictly: every byte between the directory and the end of the file is accounted
//! for, so that they can be written again with nothing but offset and size changed.

use memchr::memmem;

use super::input::InputFile;
use super::looks::{FIRST, Looks};
use super::wire::{Fields, needs_zip64, plain, put};
use crate::archive::error::ArchiveError;
use crate::edit::Span;
use crate::limits::{END_RECORD_SEARCH, ZIP64_END_RECORD_BYTES};

const END: &[u8; 4] = b"PK\x05\x06";
const END_LEN: usize = 22;
const LOCATOR: &[u8; 4] = b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;
const ZIP64: &[u8; 4] = b"PK\x06\x06";
const ZIP64_LEN: usize = 56;
/// What an offset without zip64 can say.
const FOUR_GIB: u64 = 1 << 32;

/// The end records (documented: APPNOTE 4.3.14 to 4.3.16), as bytes and understood.
#[derive(Debug)]
pub(in crate::archive) struct EndRecords {
    /// Where the central directory lies.
    pub(in crate::archive) directory: Span,
    /// How many entries it claims to have.
    pub(in crate::archive) entries: u64,
    zip64: Option<Zip64>,
    /// With the archive's comment.
    end: Vec<u8>,
}

/// The zip64 pair, verbatim.
#[derive(Debug)]
struct Zip64 {
    record: Vec<u8>,
    locator: [u8; LOCATOR_LEN],
}

/// What either kind of end record says about the directory.
#[derive(Debug, Clone, Copy)]
struct Claim {
    disk: u64,
    directory_disk: u64,
    entries_here: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

impl EndRecords {
    /// Why the directory has another number of entries than it claims to have.
    pub(in crate::archive) fn miscounted(&self, found: u64) -> ArchiveError {
        let claimed = self.entries;
        let is_wrapped = found > claimed && (found - claimed).is_multiple_of(1 << 16);
        if is_wrapped && self.zip64.is_none() {
            return ArchiveError::Wrapped {
                what: "entries",
                span: "65,536",
            };
        }
        ArchiveError::EntryCount { found, claimed }
    }

    /// Finds and checks them.
    pub(in crate::archive) fn find(input: &InputFile) -> Result<Self, ArchiveError> {
        let (at, end) = locate(input)?;
        let plain = claim(&end).ok_or_else(|| cut(at))?;
        let mut claim = plain;
        let mut directory_end = at;
        let mut zip64 = None;
        if let Some(locator) = locator(input, at)? {
            let (record_at, record) = zip64_record(input, at, &locator)?;
            claim = zip64_claim(&record).ok_or_else(|| cut(record_at))?;
            agree(plain, claim)?;
            directory_end = record_at;
            zip64 = Some(Zip64 { record, locator });
        }
        let directory = placed(input, claim, directory_end)?;
        Ok(Self {
            directory,
            entries: claim.entries,
            zip64,
            end,
        })
    }

    /// The end records for a directory at `directory`, which has as many entries as before.
    pub(in crate::archive) fn moved(&self, directory: Span) -> Option<Vec<u8>> {
        let (at, len) = (directory.start, directory.len());
        let mut end = self.end.clone();
        let old = claim(&end)?;
        let kept = |old: u64, new: u64| {
            if self.zip64.is_some() && old == u64::from(u32::MAX) {
                u32::MAX
            } else {
                plain(new)
            }
        };
        put(&mut end, 12, kept(old.size, len).to_le_bytes())?;
        put(&mut end, 16, kept(old.offset, at).to_le_bytes())?;
        let (mut record, mut locator) = match &self.zip64 {
            Some(zip64) => (zip64.record.clone(), zip64.locator),
            None if needs_zip64(at) || needs_zip64(len) => fresh_zip64(self.entries)?,
            None => return Some(end),
        };
        put(&mut record, 40, len.to_le_bytes())?;
        put(&mut record, 48, at.to_le_bytes())?;
        put(&mut locator, 8, directory.end.to_le_bytes())?;
        record.extend(locator);
        record.extend(end);
        Some(record)
    }
}

/// The end record that reaches exactly to the end of the file, and where it is.
fn locate(input: &InputFile) -> Result<(u64, Vec<u8>), ArchiveError> {
    let len = input.len();
    let start = len.saturating_sub(END_RECORD_SEARCH);
    let mut tail = vec![0; usize::try_from(len - start).unwrap_or_default()];
    input.read_exact_at(&mut tail, start)?;
    let mut stray = None;
    for found in memmem::rfind_iter(&tail, END) {
        let (at, record) = (start + found as u64, tail.get(found..).unwrap_or_default());
        let Some((claim, comment)) = claim(record).zip(comment_len(record)) else {
            continue;
        };
        let end = at + END_LEN as u64 + u64::from(comment);
        if end == len {
            return Ok((at, record.to_vec()));
        }
        // The signature also occurs in comments and in archives within the archive: only one
        // that stands right behind its directory is an end record worth a word.
        if stray.is_none() && claim.offset.saturating_add(claim.size) == at {
            stray = Some((at, end));
        }
    }
    Err(match stray {
        Some((at, end)) if end > len => ArchiveError::Truncated {
            evidence: format!(
                "the end record at byte {at} has a comment that is {} bytes too short",
                end - len
            ),
        },
        Some((_, end)) => ArchiveError::TrailingBytes {
            at: end,
            count: len - end,
        },
        None => unlike_a_zip(input)?,
    })
}

/// What the file is, when it has no end record.
fn unlike_a_zip(input: &InputFile) -> Result<ArchiveError, ArchiveError> {
    let mut first = [0; 4];
    if input.len() >= 4 {
        input.read_exact_at(&mut first, 0)?;
    }
    if first != *b"PK\x03\x04" {
        return Ok(ArchiveError::NotAZip {
            looks: looks(input)?,
        });
    }
    let searched = match input.len() {
        all @ ..=END_RECORD_SEARCH => format!("its {all} bytes"),
        _ => format!("its last {END_RECORD_SEARCH} bytes"),
    };
    let evidence = format!("it begins like a ZIP but has no end record in {searched}");
    Ok(ArchiveError::Truncated { evidence })
}

fn claim(end: &[u8]) -> Option<Claim> {
    let mut fields = Fields(end);
    fields.bytes(4)?;
    let claim = Claim {
        disk: fields.u16()?.into(),
        directory_disk: fields.u16()?.into(),
        entries_here: fields.u16()?.into(),
        entries: fields.u16()?.into(),
        size: fields.u32()?.into(),
        offset: fields.u32()?.into(),
    };
    fields.u16().map(|_| claim)
}

fn zip64_claim(record: &[u8]) -> Option<Claim> {
    let mut fields = Fields(record);
    fields.bytes(16)?;
    Some(Claim {
        disk: fields.u32()?.into(),
        directory_disk: fields.u32()?.into(),
        entries_here: fields.u64()?,
        entries: fields.u64()?,
        size: fields.u64()?,
        offset: fields.u64()?,
    })
}

fn comment_len(end: &[u8]) -> Option<u16> {
    Fields(end.get(20..)?).u16()
}

/// The zip64 locator right before the end record at `at`, if there is one.
fn locator(input: &InputFile, at: u64) -> Result<Option<[u8; LOCATOR_LEN]>, ArchiveError> {
    let Some(start) = at.checked_sub(LOCATOR_LEN as u64) else {
        return Ok(None);
    };
    let mut locator = [0; LOCATOR_LEN];
    input.read_exact_at(&mut locator, start)?;
    Ok(locator.starts_with(LOCATOR).then_some(locator))
}

/// The zip64 end record that `locator` points to; it must reach exactly to the locator.
fn zip64_record(
    input: &InputFile,
    end_at: u64,
    locator: &[u8],
) -> Result<(u64, Vec<u8>), ArchiveError> {
    let locator_at = end_at - LOCATOR_LEN as u64;
    let mut fields = Fields(locator);
    let (disk, at, disks) = (|| {
        fields.bytes(4)?;
        Some((fields.u32()?, fields.u64()?, fields.u32()?))
    })()
    .ok_or_else(|| cut(locator_at))?;
    if disk != 0 || disks > 1 {
        let evidence = format!("the zip64 locator counts {disks} disks");
        return Err(ArchiveError::MultiDisk { evidence });
    }
    let len = locator_at.checked_sub(at).ok_or_else(|| cut(at))?;
    let contradictory = |what: &str| ArchiveError::EndRecords {
        evidence: format!("the zip64 locator at byte {locator_at} points to byte {at}, {what}"),
    };
    if len < ZIP64_LEN as u64 || len > ZIP64_END_RECORD_BYTES {
        return Err(contradictory(&format!(
            "which leaves {len} bytes for a zip64 end record of {ZIP64_LEN} to \
             {ZIP64_END_RECORD_BYTES}"
        )));
    }
    let mut record = vec![0; usize::try_from(len).unwrap_or_default()];
    input.read_exact_at(&mut record, at)?;
    if !record.starts_with(ZIP64) {
        return Err(contradictory("where no zip64 end record begins"));
    }
    let claimed = record.get(4..).and_then(|r| Fields(r).u64());
    if claimed != Some(len - 12) {
        return Err(contradictory(
            "where a zip64 end record of another length begins",
        ));
    }
    Ok((at, record))
}

/// The end record must say what the zip64 one says, where it says anything.
fn agree(plain: Claim, zip64: Claim) -> Result<(), ArchiveError> {
    let (short, long) = (u64::from(u16::MAX), u64::from(u32::MAX));
    for (what, plain, zip64, mark) in [
        ("entries", plain.entries, zip64.entries, short),
        ("directory size", plain.size, zip64.size, long),
        ("directory offset", plain.offset, zip64.offset, long),
    ] {
        if plain != mark && plain != zip64 {
            let evidence = format!("{what} is {plain} in one and {zip64} in the zip64 one");
            return Err(ArchiveError::EndRecords { evidence });
        }
    }
    Ok(())
}

/// Where the directory lies, which must end where the end records begin.
fn placed(input: &InputFile, claim: Claim, end: u64) -> Result<Span, ArchiveError> {
    let Claim {
        disk,
        directory_disk,
        entries_here,
        entries,
        size,
        offset,
    } = claim;
    if disk != 0 || directory_disk != 0 || entries_here != entries {
        let evidence = format!(
            "this is disk {disk}, the directory is on disk {directory_disk}, \
             {entries_here} of {entries} entries are here"
        );
        return Err(ArchiveError::MultiDisk { evidence });
    }
    let claimed_end = offset.saturating_add(size);
    if claimed_end == end {
        return Ok(Span { start: offset, end });
    }
    if claimed_end > end {
        let evidence = format!(
            "the central directory reaches from byte {offset} to {claimed_end}, \
             but the end records begin at {end}"
        );
        return Err(ArchiveError::Truncated { evidence });
    }
    let mut signature = [0; 4];
    input.read_exact_at(&mut signature, end - size)?;
    if &signature == super::central::SIGNATURE && size > 0 {
        let count = end - claimed_end;
        return Err(if count.is_multiple_of(FOUR_GIB) {
            ArchiveError::Wrapped {
                what: "offsets",
                span: "4 GiB",
            }
        } else {
            ArchiveError::Prefixed { count }
        });
    }
    let evidence =
        format!("the central directory ends at byte {claimed_end}, the end records begin at {end}");
    Err(ArchiveError::EndRecords { evidence })
}

/// A new zip64 pair, with places for size and offset.
fn fresh_zip64(entries: u64) -> Option<(Vec<u8>, [u8; LOCATOR_LEN])> {
    let mut record = vec![0; ZIP64_LEN];
    put(&mut record, 0, *ZIP64)?;
    put(&mut record, 4, (ZIP64_LEN as u64 - 12).to_le_bytes())?;
    put(&mut record, 12, 45u16.to_le_bytes())?;
    put(&mut record, 14, 45u16.to_le_bytes())?;
    put(&mut record, 24, entries.to_le_bytes())?;
    put(&mut record, 32, entries.to_le_bytes())?;
    let mut locator = [0; LOCATOR_LEN];
    put(&mut locator, 0, *LOCATOR)?;
    put(&mut locator, 16, 1u32.to_le_bytes())?;
    Some((record, locator))
}

fn cut(at: u64) -> ArchiveError {
    ArchiveError::Truncated {
        evidence: format!("the end record at byte {at} is cut short"),
    }
}

/// What a file is that has no end record.
fn looks(input: &InputFile) -> Result<Looks, ArchiveError> {
    let count = FIRST.min(usize::try_from(input.len()).unwrap_or(FIRST));
    let mut bytes = vec![0; count];
    input.read_exact_at(&mut bytes, 0)?;
    Ok(Looks::of(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_beyond_four_gib_brings_zip64_end_records() {
        let mut end = END.to_vec();
        end.extend([0, 0, 0, 0, 2, 0, 2, 0, 9, 0, 0, 0, 9, 0, 0, 0, 2, 0]);
        end.extend(b"cc");
        let ends = EndRecords {
            directory: Span { start: 9, end: 18 },
            entries: 2,
            zip64: None,
            end,
        };
        let directory = Span {
            start: 1 << 32,
            end: (1 << 32) + 9,
        };
        let bytes = ends.moved(directory).unwrap();
        assert_eq!(bytes.len(), ZIP64_LEN + LOCATOR_LEN + END_LEN + 2);
        let zip64 = zip64_claim(&bytes).unwrap();
        let plain = claim(&bytes[ZIP64_LEN + LOCATOR_LEN..]).unwrap();
        assert!(agree(plain, zip64).is_ok());
        assert_eq!(
            (zip64.offset, zip64.size, zip64.entries),
            (directory.start, 9, 2)
        );
        assert_eq!(
            (plain.offset, plain.size, plain.entries),
            (u32::MAX.into(), 9, 2)
        );
        assert_eq!(bytes[ZIP64_LEN + 8..][..8], directory.end.to_le_bytes());
    }
}
