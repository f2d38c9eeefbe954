//! What the central directory says about one entry: the only description that is believed.

use std::borrow::Cow;
use std::ops::Deref;

use jiff::civil::DateTime;

use super::extra;
use super::wire::Fields;

/// Length of a record without name, extra fields and comment.
pub(in crate::archive) const FIXED: usize = 46;

/// One record of the central directory. While the directory is read its name is only borrowed: a
/// million names are a million allocations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<N = Box<[u8]>> {
    pub(in crate::archive) name: N,
    pub(in crate::archive) flags: u16,
    pub(in crate::archive) method: u16,
    pub(in crate::archive) crc: u32,
    pub(in crate::archive) compressed_size: u64,
    pub(in crate::archive) size: u64,
    pub(in crate::archive) offset: u64,
    pub(in crate::archive) disk: u32,
    /// As MS-DOS counts it (documented: APPNOTE 4.4.6), date before time.
    pub(in crate::archive) modified: u32,
}

impl Entry {
    /// Encryption, of the data or of the headers (documented: APPNOTE 4.4.4, bits 0, 6 and 13).
    pub(in crate::archive) const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
    /// A descriptor follows the data (bit 3).
    pub(in crate::archive) const DESCRIPTOR: u16 = 1 << 3;
    /// Method 0: no compression.
    pub(in crate::archive) const STORE: u16 = 0;
    /// Method 8: deflate.
    pub(in crate::archive) const DEFLATE: u16 = 8;
}

impl<N: Deref<Target = [u8]>> Entry<N> {
    /// When it was last changed, in the local time of whoever made the archive; none for what is no date.
    pub fn modified(&self) -> Option<DateTime> {
        let bits = |from: u32, count: u32| {
            let bits = self.modified >> from & ((1 << count) - 1);
            i8::try_from(bits).ok()
        };
        let year = i16::from(bits(25, 7)?) + 1980;
        let (hour, minute, second) = (bits(11, 5)?, bits(5, 6)?, bits(0, 5)? * 2);
        DateTime::new(year, bits(21, 4)?, bits(16, 5)?, hour, minute, second, 0).ok()
    }

    /// The name as it stands in the archive; UTF-8 as a rule.
    pub fn name_bytes(&self) -> &[u8] {
        &self.name
    }

    /// The name for people: anything that is not UTF-8 is replaced.
    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }

    /// Whether this is a directory.
    pub fn is_directory(&self) -> bool {
        self.name.ends_with(b"/")
    }

    /// ZIP compression method: 0 stored, 8 deflate.
    pub fn method(&self) -> u16 {
        self.method
    }

    /// General purpose flags.
    pub fn flags(&self) -> u16 {
        self.flags
    }

    /// CRC-32 of the content.
    pub fn crc(&self) -> u32 {
        self.crc
    }

    /// Bytes in the archive.
    pub fn compressed_size(&self) -> u64 {
        self.compressed_size
    }

    /// Bytes of the content.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Where the local header begins, in bytes from the start of the file.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}

impl<'a> Entry<&'a [u8]> {
    /// The same, to be kept.
    pub(in crate::archive) fn owned(&self) -> Entry {
        let Self {
            name,
            flags,
            method,
            crc,
            compressed_size,
            size,
            offset,
            disk,
            modified,
        } = *self;
        Entry {
            name: name.into(),
            flags,
            method,
            crc,
            compressed_size,
            size,
            offset,
            disk,
            modified,
        }
    }

    /// Reads a whole central record (documented: APPNOTE 4.3.12 and 4.5.3).
    pub(in crate::archive) fn parse(record: &'a [u8]) -> Option<Self> {
        // Of a length that is known beforehand, so that no field is asked whether it is there.
        let (fixed, variable) = record.split_first_chunk::<FIXED>()?;
        let mut fields = Fields(fixed);
        fields.bytes(8)?; // signature and versions
        let flags = fields.u16()?;
        let method = fields.u16()?;
        let (time, date) = (fields.u16()?, fields.u16()?);
        let crc = fields.u32()?;
        let compressed_size = fields.u32()?;
        let size = fields.u32()?;
        let name_len = fields.u16()?;
        let extra_len = fields.u16()?;
        fields.bytes(2)?; // length of the comment
        let disk = fields.u16()?;
        fields.bytes(6)?; // attributes
        let offset = fields.u32()?;
        let mut variable = Fields(variable);
        let name = variable.bytes(usize::from(name_len))?;
        let extra = variable.bytes(usize::from(extra_len))?;
        let marked = [compressed_size, size, offset].contains(&u32::MAX) || disk == u16::MAX;
        // The field holds only what is marked as missing, in this order.
        let mut zip64 = Fields(if marked { extra::zip64(extra) } else { &[] });
        Some(Self {
            name,
            flags,
            method,
            crc,
            modified: u32::from(date) << 16 | u32::from(time),
            size: resolved(size, &mut zip64),
            compressed_size: resolved(compressed_size, &mut zip64),
            offset: resolved(offset, &mut zip64),
            disk: if disk == u16::MAX {
                zip64.u32().unwrap_or(u32::from(disk))
            } else {
                u32::from(disk)
            },
        })
    }
}

/// The 64-bit value behind the mark; without one the mark is taken at its word.
fn resolved(plain: u32, zip64: &mut Fields<'_>) -> u64 {
    let literal = u64::from(plain);
    if plain == u32::MAX {
        zip64.u64().unwrap_or(literal)
    } else {
        literal
    }
}
