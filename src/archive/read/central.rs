//! The central directory as a stream of raw records: a bufferful is in memory at a time, and each is
//! copied as it stands with nothing but the changed numbers patched.

use std::io::Read;

use super::entry::{Entry, FIXED};
use super::extra;
use super::input::{Extent, InputFile};
use super::wire::{Fields, needs_zip64, plain, put};
use crate::archive::error::ArchiveError;
use crate::edit::Span;

pub(in crate::archive) const SIGNATURE: &[u8; 4] = b"PK\x01\x02";
/// A record as it stands, and understood.
pub(in crate::archive) type Record<'a> = (&'a [u8], Entry<&'a [u8]>);

/// Room for many records, and for the longest: its name, extra fields and comment have 65,535 bytes
/// each.
const ROOM: u64 = 1 << 18;

/// Reads record by record, as they lie in a buffer that slides over the directory: a million records
/// are neither held nor copied one by one.
#[derive(Debug)]
pub(in crate::archive) struct Records<'a> {
    input: &'a InputFile,
    extent: Extent<'a>,
    /// Position in the file of the next record, and where the last one ends.
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    /// Where the next record begins in the buffer, and where what was read ends.
    from: usize,
    to: usize,
}

impl<'a> Records<'a> {
    pub(in crate::archive) fn new(input: &'a InputFile, directory: Span) -> Self {
        let room = usize::try_from(directory.len().min(ROOM)).unwrap_or_default();
        Self {
            input,
            extent: input.extent(directory.start, directory.end),
            at: directory.start,
            end: directory.end,
            buffer: vec![0; room],
            from: 0,
            to: 0,
        }
    }

    /// The next record, raw and understood; `None` when exactly all bytes are read.
    #[inline] // a record is then taken apart where it is used, and not carried there first
    pub(in crate::archive) fn next(&mut self) -> Result<Option<Record<'_>>, ArchiveError> {
        if self.at >= self.end {
            return Ok(None);
        }
        self.have(FIXED)?;
        let fixed = self.unread();
        if !fixed.starts_with(SIGNATURE) {
            let evidence = match fixed.first_chunk::<4>() {
                Some([a, b, c, d]) => {
                    format!("got {a:02x} {b:02x} {c:02x} {d:02x}, expected 50 4b 01 02")
                }
                None => "no signature".into(),
            };
            return Err(ArchiveError::Directory {
                at: self.at,
                evidence,
            });
        }
        let len = FIXED + variable_len(fixed).unwrap_or_default();
        self.have(len)?;
        let at = self.at;
        let from = self.from;
        self.at += len as u64;
        self.from += len;
        let record = self.buffer.get(from..self.from).unwrap_or_default();
        match Entry::parse(record) {
            Some(entry) => Ok(Some((record, entry))),
            None => Err(cut(at, self.end)),
        }
    }

    /// Goes on at the record at `at`, which lies ahead.
    pub(in crate::archive) fn skip_to(&mut self, at: u64) {
        let ahead = at
            .checked_sub(self.at)
            .and_then(|by| usize::try_from(by).ok());
        if let Some(ahead) = ahead.filter(|ahead| *ahead <= self.to - self.from) {
            self.from += ahead;
        } else {
            (self.from, self.to) = (0, 0);
            self.extent = self.input.extent(at, self.end);
        }
        self.at = at;
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    /// Sees to it that the next `count` bytes are in the buffer.
    #[inline]
    fn have(&mut self, count: usize) -> Result<(), ArchiveError> {
        if self.to - self.from >= count {
            Ok(())
        } else {
            self.read(count)
        }
    }

    /// Reads on until the next `count` bytes are in the buffer.
    fn read(&mut self, count: usize) -> Result<(), ArchiveError> {
        if count as u64 > self.end - self.at {
            return Err(cut(self.at, self.end));
        }
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        while self.to < count {
            let room = self.buffer.get_mut(self.to..).unwrap_or_default();
            let read = self.extent.read(room);
            self.to += read.map_err(|error| self.input.reading(error))?;
        }
        Ok(())
    }
}

fn cut(at: u64, end: u64) -> ArchiveError {
    let evidence = format!("the record reaches beyond the directory's end at {end}");
    ArchiveError::Directory { at, evidence }
}

/// Length of what follows the fixed part: name, extra fields and comment.
fn variable_len(record: &[u8]) -> Option<usize> {
    let mut fields = Fields(record.get(28..)?);
    let lengths = [fields.u16()?, fields.u16()?, fields.u16()?];
    Some(lengths.into_iter().map(usize::from).sum())
}

/// Where an offset stands in the fixed part.
const OFFSET: usize = 42;

/// The parts of `record`, with another offset in between, where both the old and the new one fit
/// the fixed part. True of every entry of an archive below 4 GiB.
pub(in crate::archive) fn moved(record: &[u8], offset: u64) -> Option<(&[u8], [u8; 4], &[u8])> {
    let (before, rest) = record.split_at_checked(OFFSET)?;
    let (old, after) = rest.split_first_chunk::<4>()?;
    let zip64 = needs_zip64(offset) || u32::from_le_bytes(*old) == u32::MAX;
    (!zip64).then(|| (before, plain(offset).to_le_bytes(), after))
}

/// `record` (of the entry `old`) changed to say what `new` says about CRC, sizes and offset; every
/// other byte stays. A value of 4 GiB or more moves to the zip64 field, and one that was there
/// stays there.
pub(in crate::archive) fn patched(
    record: &[u8],
    old: &Entry,
    new: &Entry,
) -> Result<Vec<u8>, ArchiveError> {
    if old == new {
        return Ok(record.to_vec());
    }
    rebuilt(record, new).ok_or_else(|| ArchiveError::ExtraFull {
        name: new.name().into(),
    })
}

fn rebuilt(record: &[u8], new: &Entry) -> Option<Vec<u8>> {
    let mut fields = Fields(record);
    let mut fixed = fields.bytes(FIXED)?.to_vec();
    let name = fields.bytes(new.name.len())?;
    let extra = fields.bytes(usize::from(Fields(record.get(30..)?).u16()?))?;
    let comment = fields.0;

    put(&mut fixed, 16, new.crc.to_le_bytes())?;
    let mut old_zip64 = Fields(extra::zip64(extra));
    let mut zip64 = Vec::new();
    let mut grown = false;
    // In the order of the zip64 field.
    for (at, value) in [(24, new.size), (20, new.compressed_size), (42, new.offset)] {
        let marked = Fields(fixed.get(at..)?).u32()? == u32::MAX;
        let was_zip64 = marked && old_zip64.u64().is_some();
        if was_zip64 || needs_zip64(value) {
            grown |= !was_zip64;
            zip64.extend(value.to_le_bytes());
            put(&mut fixed, at, u32::MAX.to_le_bytes())?;
        } else {
            put(&mut fixed, at, plain(value).to_le_bytes())?;
        }
    }
    let extra = if zip64.is_empty() {
        extra.to_vec()
    } else {
        zip64.extend(old_zip64.0); // the disk number, if there was one
        if grown {
            let needed = Fields(fixed.get(6..)?).u16()?;
            put(&mut fixed, 6, needed.max(45).to_le_bytes())?;
        }
        extra::with_zip64(extra, &zip64)?
    };
    put(
        &mut fixed,
        30,
        u16::try_from(extra.len()).ok()?.to_le_bytes(),
    )?;
    fixed.extend(name);
    fixed.extend(extra);
    fixed.extend(comment);
    Some(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR_GIB: u64 = 1 << 32;

    /// A record with a name of one byte, a foreign extra field and a comment.
    fn record() -> (Vec<u8>, Entry) {
        let mut record = vec![0; FIXED];
        put(&mut record, 0, *SIGNATURE).unwrap();
        put(&mut record, 6, [20, 0]).unwrap();
        put(&mut record, 28, [1, 0, 5, 0, 2, 0]).unwrap();
        record.extend(b"n\x07\x00\x01\x00\x09cc");
        let entry = Entry::parse(&record).unwrap().owned();
        (record, entry)
    }

    #[test]
    fn an_offset_that_crosses_four_gib_and_back_stays_true() {
        let (record, old) = record();
        let far = Entry {
            offset: FOUR_GIB,
            ..old.clone()
        };
        let zip64 = patched(&record, &old, &far).unwrap();
        assert_eq!(zip64.len(), record.len() + 12);
        assert_eq!(zip64[6], 45);
        assert_eq!(Entry::parse(&zip64).unwrap().owned(), far);
        assert!(zip64.ends_with(b"cc"));
        let back = patched(&zip64, &far, &old).unwrap();
        assert_eq!(Entry::parse(&back).unwrap().owned(), old);
    }

    #[test]
    fn the_zip64_mark_itself_counts_as_too_large() {
        let (record, old) = record();
        let edge = Entry {
            size: u64::from(u32::MAX),
            ..old.clone()
        };
        let zip64 = patched(&record, &old, &edge).unwrap();
        assert_eq!(extra::zip64(&zip64[FIXED + 1..]), edge.size.to_le_bytes());
    }

    #[test]
    fn a_second_zip64_value_takes_its_place_before_the_first() {
        let (record, old) = record();
        let far = Entry {
            offset: FOUR_GIB + 1,
            ..old.clone()
        };
        let large = Entry {
            size: FOUR_GIB + 2,
            compressed_size: FOUR_GIB + 3,
            ..far.clone()
        };
        let once = patched(&record, &old, &far).unwrap();
        let twice = patched(&once, &far, &large).unwrap();
        assert_eq!(Entry::parse(&twice).unwrap().owned(), large);
    }
}
