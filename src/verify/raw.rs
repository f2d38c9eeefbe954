//! A ZIP as bytes: the little that has to be known of the format to say which bytes belong to
//! which entry. Written apart from `archive`, so that one cannot repeat the other's mistake.

use std::io::{Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};

use super::leaps::{BUFFER, Leaps};
use crate::archive::ArchiveError;
use crate::edit::Span;
use crate::error::Error;

const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;

/// An open archive whose bytes are read at will.
pub(super) struct Raw {
    path: PathBuf,
    file: Leaps,
    /// Where the central directory lies.
    pub(super) directory: Span,
    /// Everything behind it.
    pub(super) tail: Vec<u8>,
}

impl Raw {
    /// Opens an archive that `archive` has found to be whole.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let mut raw = Self {
            path: path.into(),
            file: Leaps::open(path).map_err(failed(path))?,
            directory: Span::at(0),
            tail: Vec::new(),
        };
        let len = raw.file.seek(SeekFrom::End(0)).map_err(failed(&raw.path))?;
        let mut end = raw.bytes(len.saturating_sub(1 << 17), len)?;
        let found = (0..=end.len().saturating_sub(END_LEN)).rev().find(|&at| {
            let record = end.get(at..).unwrap_or_default();
            let comment = usize::from(u16_at(record, 20));
            record.starts_with(END_SIGNATURE) && record.len() == END_LEN + comment
        });
        end.drain(..found.unwrap_or_default());
        let (mut size, mut start) = (u64::from(u32_at(&end, 12)), u64::from(u32_at(&end, 16)));
        let end_at = len.saturating_sub(end.len() as u64);
        let locator = raw.bytes(end_at.saturating_sub(20), end_at)?;
        if locator.starts_with(b"PK\x06\x07") {
            let at = u64_at(&locator, 8);
            let record = raw.bytes(at, at.saturating_add(56).min(end_at))?;
            (size, start) = (u64_at(&record, 40), u64_at(&record, 48));
        }
        let end = start.saturating_add(size).min(len);
        raw.directory = Span { start, end };
        raw.tail = raw.bytes(end, len)?;
        Ok(raw)
    }

    /// The bytes from `start` to `end`.
    pub(super) fn bytes(&mut self, start: u64, end: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.seek(start)?;
        (&mut self.file)
            .take(end.saturating_sub(start))
            .read_to_end(&mut bytes)
            .map_err(failed(&self.path))?;
        Ok(bytes)
    }

    /// The next bytes, at most `most`.
    fn chunk(&mut self, most: u64) -> Result<Vec<u8>, Error> {
        let at = self.file.at();
        self.bytes(at, at.saturating_add(most.min(BUFFER as u64)))
    }

    fn seek(&mut self, to: u64) -> Result<(), Error> {
        let sought = self.file.seek(SeekFrom::Start(to));
        sought.map(drop).map_err(failed(&self.path))
    }

    /// The records of the central directory, from a reader of their own.
    pub(super) fn records(&self) -> Result<Records, Error> {
        let mut file = Leaps::open(&self.path).map_err(failed(&self.path))?;
        file.seek(SeekFrom::Start(self.directory.start))
            .map_err(failed(&self.path))?;
        Ok(Records {
            path: self.path.clone(),
            reader: file.take(self.directory.len()),
        })
    }

    /// Where the local headers begin, sorted, and behind them where the directory begins.
    pub(super) fn offsets(&self) -> Result<Vec<u64>, Error> {
        let mut offsets = Vec::new();
        let mut records = self.records()?;
        while let Some(record) = records.next()? {
            offsets.push(record.offset());
        }
        offsets.push(self.directory.start);
        offsets.sort_unstable();
        Ok(offsets)
    }
}

/// Where two stretches of bytes differ for the first time, counted from their beginnings.
pub(super) fn first_difference(
    (one, a): (&mut Raw, Span),
    (other, b): (&mut Raw, Span),
    mut passed: impl FnMut(u64) -> Result<(), Error>,
) -> Result<Option<u64>, Error> {
    one.seek(a.start)?;
    other.seek(b.start)?;
    let mut at = 0;
    loop {
        let left = (a.len() - at).min(b.len() - at);
        let (mine, theirs) = (one.chunk(left)?, other.chunk(left)?);
        if mine != theirs {
            let same = mine.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            return Ok(Some(at + same as u64));
        }
        if mine.is_empty() {
            return Ok((a.len() != b.len()).then_some(at));
        }
        at += mine.len() as u64;
        passed(mine.len() as u64)?;
    }
}

/// Reads the central directory record by record.
pub(super) struct Records {
    path: PathBuf,
    reader: Take<Leaps>,
}

impl Records {
    pub(super) fn next(&mut self) -> Result<Option<Record>, Error> {
        let mut bytes = Vec::with_capacity(128);
        self.read(&mut bytes, 46)?;
        if bytes.len() < 46 {
            return Ok(None);
        }
        let more = [28, 30, 32].map(|at| u64::from(u16_at(&bytes, at)));
        self.read(&mut bytes, more.iter().sum())?;
        Ok(Some(Record(bytes)))
    }

    fn read(&mut self, into: &mut Vec<u8>, count: u64) -> Result<(), Error> {
        (&mut self.reader)
            .take(count)
            .read_to_end(into)
            .map(|_| ())
            .map_err(failed(&self.path))
    }
}

/// A record of the central directory (documented: APPNOTE 4.3.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record(pub(super) Vec<u8>);

impl Record {
    pub(super) fn name(&self) -> &[u8] {
        let len = usize::from(u16_at(&self.0, 28));
        self.0.get(46..46 + len).unwrap_or_default()
    }

    pub(super) fn shown_name(&self) -> String {
        String::from_utf8_lossy(self.name()).into_owned()
    }

    pub(super) fn extra(&self) -> &[u8] {
        let start = 46 + usize::from(u16_at(&self.0, 28));
        let len = usize::from(u16_at(&self.0, 30));
        self.0.get(start..start + len).unwrap_or_default()
    }

    pub(super) fn has_descriptor(&self) -> bool {
        u16_at(&self.0, 8) & 8 != 0
    }

    pub(super) fn crc(&self) -> u32 {
        u32_at(&self.0, 16)
    }

    pub(super) fn size(&self) -> u64 {
        self.wide().0
    }

    pub(super) fn compressed_size(&self) -> u64 {
        self.wide().1
    }

    pub(super) fn offset(&self) -> u64 {
        self.wide().2
    }

    /// Size, compressed size and offset, from the zip64 field where the short ones send there.
    fn wide(&self) -> (u64, u64, u64) {
        let mut wide = zip64(self.extra()).chunks_exact(8);
        let mut value = |at| match u32_at(&self.0, at) {
            u32::MAX => wide
                .next()
                .map_or(u64::from(u32::MAX), |bytes| u64_at(bytes, 0)),
            short => u64::from(short),
        };
        let (size, compressed) = (value(24), value(20));
        (size, compressed, value(42))
    }
}

/// The body of the zip64 field, else nothing.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while extra.len() >= 4 {
        let (id, len) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        if id == 1 {
            return extra.get(4..4 + len).unwrap_or_default();
        }
        extra = extra.get(4 + len..).unwrap_or_default();
    }
    &[]
}

/// Extra fields without the zip64 one.
pub(super) fn without_zip64(extra: &[u8]) -> Vec<u8> {
    let (mut rest, mut kept) = (extra, Vec::new());
    while rest.len() >= 4 {
        let len = 4 + usize::from(u16_at(rest, 2));
        let (field, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        if u16_at(field, 0) != 1 {
            kept.extend_from_slice(field);
        }
        rest = after;
    }
    kept.extend_from_slice(rest);
    kept
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    array(bytes, at).map_or(0, u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    array(bytes, at).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    array(bytes, at).map_or(0, u64::from_le_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// An error of reading the file at `path`.
pub(super) fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |source| {
        Error::Archive(ArchiveError::Read {
            path: path.into(),
            source,
        })
    }
}
