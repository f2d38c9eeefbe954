//! What the central directory and the local header say of an entry, as the second reader tells it.

use rawzip::extra_fields::{ExtraFieldId, ExtraFields};
use rawzip::time::DosDateTime;
use rawzip::{
    CompressionMethod, EntryFlags, VersionMadeBy, ZipArchiveEntryWayfinder, ZipFileHeaderRecord,
};

use crate::edit::Span;

/// A record of the central directory (documented: APPNOTE 4.3.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) name: Vec<u8>,
    pub(super) made_by: VersionMadeBy,
    pub(super) flags: EntryFlags,
    pub(super) method: CompressionMethod,
    pub(super) modified: DosDateTime,
    pub(super) crc: u32,
    /// In bytes, from the zip64 field where there is one.
    pub(super) compressed_size: u64,
    pub(super) size: u64,
    pub(super) external_attributes: u32,
    pub(super) extra: Extra,
    pub(super) comment: Vec<u8>,
    /// Where the local header begins.
    pub(super) offset: u64,
    /// What rawzip does not tell.
    pub(super) untold: Untold,
    /// Where the record itself lies.
    pub(super) span: Span,
    /// The way to the entry.
    pub(super) wayfinder: ZipArchiveEntryWayfinder,
}

/// Fields that rawzip reads over, as they stand in the record's first bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Untold {
    pub(super) version_needed: u16,
    /// Compressed size and size, or what sends to the zip64 field.
    pub(super) plain_sizes: [u32; 2],
    pub(super) disk: u16,
    pub(super) internal_attributes: u16,
}

impl Record {
    /// Length of a record without name, extra fields and comment.
    pub(super) const FIXED: usize = 46;

    pub(super) fn new(told: &ZipFileHeaderRecord<'_>, fixed: &[u8; Self::FIXED]) -> Self {
        let name = told.file_path().as_ref().to_vec();
        let (extra, comment) = (Extra::of(told.extra_fields()), told.comment().as_bytes());
        let start = told.central_directory_offset();
        let len = Self::FIXED + name.len() + extra.len + comment.len();
        Self {
            made_by: told.version_made_by(),
            flags: told.flags(),
            method: told.compression_method(),
            modified: told.last_modified_dos(),
            crc: told.crc32(),
            compressed_size: told.compressed_size_hint(),
            size: told.uncompressed_size_hint(),
            external_attributes: told.external_attributes(),
            comment: comment.to_vec(),
            offset: told.local_header_offset(),
            untold: Untold {
                version_needed: u16_at(fixed, 6),
                plain_sizes: [u32_at(fixed, 20), u32_at(fixed, 24)],
                disk: u16_at(fixed, 34),
                internal_attributes: u16_at(fixed, 36),
            },
            span: Span {
                start,
                end: start.saturating_add(len as u64),
            },
            wayfinder: told.wayfinder(),
            name,
            extra,
        }
    }

    pub(super) fn shown_name(&self) -> String {
        String::from_utf8_lossy(&self.name).into_owned()
    }

    /// Whether a size needs 64 bits. Java's `ZipInputStream` reads 64-bit sizes in a descriptor
    /// exactly then, where the local header has no zip64 field.
    pub(super) fn needs_zip64_sizes(&self) -> bool {
        self.size.max(self.compressed_size) >= PLAIN_LIMIT
    }

    /// Whether any value of it needs 64 bits.
    pub(super) fn needs_zip64(&self) -> bool {
        self.needs_zip64_sizes() || self.offset >= PLAIN_LIMIT
    }
}

/// From here on a value does not fit 32 bits: the last one says that it stands elsewhere.
pub(super) const PLAIN_LIMIT: u64 = 0xffff_ffff;

/// Extra fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extra {
    /// The body of the zip64 field.
    pub(super) zip64: Option<Vec<u8>>,
    /// All others, and bytes that are no field.
    pub(super) others: Vec<u8>,
    len: usize,
}

impl Extra {
    pub(super) fn of(mut fields: ExtraFields<'_>) -> Self {
        let len = fields.remaining_bytes().len();
        let (mut zip64, mut others) = (None, Vec::new());
        for (id, body) in fields.by_ref() {
            if id == ExtraFieldId::ZIP64 {
                zip64 = Some(body.to_vec());
                continue;
            }
            others.extend(id.as_u16().to_le_bytes());
            others.extend(u16::try_from(body.len()).unwrap_or(u16::MAX).to_le_bytes());
            others.extend(body);
        }
        others.extend(fields.remaining_bytes());
        Self { zip64, others, len }
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    array(bytes, at).map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    array(bytes, at).map_or(0, u32::from_le_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}
