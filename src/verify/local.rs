//! What stands around an entry's data: the local header before it, the descriptor behind it.

use rawzip::time::DosDateTime;
use rawzip::{CompressionMethod, EntryFlags};

use super::record::{Extra, Record, u16_at};
use super::zip::{Zip, unreadable};
use crate::edit::Span;
use crate::error::Error;

/// A local header (documented: APPNOTE 4.3.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalHeader {
    /// All of it, as it stands.
    pub(super) bytes: Vec<u8>,
    pub(super) name: Vec<u8>,
    pub(super) version_needed: u16,
    pub(super) flags: EntryFlags,
    pub(super) method: CompressionMethod,
    pub(super) modified: DosDateTime,
    pub(super) crc: u32,
    /// In bytes, from the zip64 field where there is one.
    pub(super) compressed_size: u64,
    pub(super) size: u64,
    pub(super) extra: Extra,
}

impl LocalHeader {
    pub(super) fn read(zip: &Zip, record: &Record) -> Result<Self, Error> {
        let unreadable = unreadable(zip.path());
        let entry = zip.entry(record.wayfinder).map_err(&unreadable)?;
        let mut buffer = vec![0; 2 * usize::from(u16::MAX)];
        let told = entry.local_header(&mut buffer).map_err(&unreadable)?;
        let bytes = zip.bytes(Span {
            start: record.offset,
            end: entry.compressed_data_range().0,
        })?;
        Ok(Self {
            name: told.file_path().as_ref().to_vec(),
            version_needed: u16_at(&bytes, 4),
            flags: told.flags(),
            method: told.compression_method(),
            modified: told.last_modified_dos(),
            crc: told.crc32(),
            compressed_size: told.compressed_size_hint(),
            size: told.uncompressed_size_hint(),
            extra: Extra::of(told.extra_fields()),
            bytes,
        })
    }

    /// Whether it leaves CRC and sizes to a descriptor.
    pub(super) fn leaves_to_descriptor(&self) -> bool {
        self.flags.has_data_descriptor() && self.bytes.get(14..26) == Some(&[0; 12])
    }
}

/// What follows an entry's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Descriptor<'a> {
    pub(super) is_signed: bool,
    /// Whether its sizes have 64 bits.
    pub(super) is_zip64: bool,
    /// The bytes between it and the next entry.
    pub(super) behind: &'a [u8],
}

impl<'a> Descriptor<'a> {
    /// `rest` is what stands between the data and the next entry. None where there should be a
    /// descriptor and none repeats the record's CRC and sizes.
    pub(super) fn of(record: &Record, rest: &'a [u8]) -> Option<Self> {
        if !record.flags.has_data_descriptor() {
            return Some(Self {
                is_signed: false,
                is_zip64: false,
                behind: rest,
            });
        }
        let crc = record.crc.to_le_bytes();
        let sizes = [record.compressed_size, record.size];
        let zip64 = sizes.map(u64::to_le_bytes).concat();
        let plain = match sizes.map(u32::try_from) {
            [Ok(compressed), Ok(size)] => Some([compressed, size].map(u32::to_le_bytes).concat()),
            _ => None,
        };
        for (signature, is_signed) in [(&b"PK\x07\x08"[..], true), (b"", false)] {
            for (sizes, is_zip64) in [(Some(&zip64), true), (plain.as_ref(), false)] {
                let Some(sizes) = sizes else { continue };
                let descriptor = [signature, &crc, sizes].concat();
                if let Some(behind) = rest.strip_prefix(&*descriptor) {
                    return Some(Self {
                        is_signed,
                        is_zip64,
                        behind,
                    });
                }
            }
        }
        None
    }
}
