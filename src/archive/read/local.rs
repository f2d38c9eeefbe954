//! Local headers and data descriptors: what stands around an entry's data, needed only where an
//! entry is read or written anew.

use super::entry::Entry;
use super::extra;
use super::input::InputFile;
use super::wire::{Fields, needs_zip64, plain, put};
use crate::archive::error::ArchiveError;
use crate::edit::Span;

const SIGNATURE: &[u8; 4] = b"PK\x03\x04";
/// Length of a local header without name and extra fields.
pub(in crate::archive) const FIXED: usize = 30;

/// CRC and sizes, as headers and descriptors repeat them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::archive) struct CrcAndSizes {
    pub(in crate::archive) crc: u32,
    pub(in crate::archive) compressed_size: u64,
    pub(in crate::archive) size: u64,
}

impl CrcAndSizes {
    pub(in crate::archive) fn of(entry: &Entry) -> Self {
        let Entry {
            crc,
            compressed_size,
            size,
            ..
        } = *entry;
        Self {
            crc,
            compressed_size,
            size,
        }
    }

    fn need_zip64(self) -> bool {
        needs_zip64(self.compressed_size) || needs_zip64(self.size)
    }
}

/// An entry's local header, raw, and where its data lies.
#[derive(Debug)]
pub(in crate::archive) struct Local {
    pub(in crate::archive) header: Vec<u8>,
    pub(in crate::archive) data: Span,
}

impl Local {
    /// Reads the header, which must bear the central record's name and method; the data, whose
    /// length is the central record's, must end before `limit`.
    pub(in crate::archive) fn read(
        input: &InputFile,
        entry: &Entry,
        limit: u64,
    ) -> Result<Self, ArchiveError> {
        let at = entry.offset;
        let missing = || ArchiveError::NoLocalHeader {
            name: entry.name().into(),
            at,
        };
        let fixed_end = at.saturating_add(FIXED as u64);
        if fixed_end > limit {
            return Err(outside(entry, fixed_end, limit));
        }
        let mut header = vec![0; FIXED];
        input.read_exact_at(&mut header, at)?;
        if !header.starts_with(SIGNATURE) {
            return Err(missing());
        }
        let (name_len, extra_len) = lengths(&header).ok_or_else(missing)?;
        let start = fixed_end + (name_len + extra_len) as u64;
        let end = start.saturating_add(entry.compressed_size);
        if end > limit {
            return Err(outside(entry, end, limit));
        }
        header.resize(FIXED + name_len + extra_len, 0);
        input.read_exact_at(header.get_mut(FIXED..).unwrap_or_default(), fixed_end)?;
        let local = Self {
            header,
            data: Span { start, end },
        };
        local.agrees(entry)?;
        Ok(local)
    }

    fn agrees(&self, entry: &Entry) -> Result<(), ArchiveError> {
        let name = self.name().unwrap_or_default();
        if *name != *entry.name {
            let local = String::from_utf8_lossy(name).into_owned();
            return Err(mismatch(entry, "name", local, entry.name().into()));
        }
        let method = self.field(8).unwrap_or_default();
        if method != entry.method {
            return Err(mismatch(
                entry,
                "method",
                method.to_string(),
                entry.method.to_string(),
            ));
        }
        Ok(())
    }

    fn name(&self) -> Option<&[u8]> {
        let (name_len, _) = lengths(&self.header)?;
        self.header.get(FIXED..)?.get(..name_len)
    }

    fn field(&self, at: usize) -> Option<u16> {
        Fields(self.header.get(at..)?).u16()
    }

    /// Whether the header leaves CRC and sizes to the descriptor, as Java does (seen); it then
    /// stays as it is. Flags that contradict the central record would make either reading wrong.
    fn leaves_sums_to_descriptor(&self, entry: &Entry) -> Result<bool, ArchiveError> {
        let flags = self.field(6).unwrap_or_default();
        let shape = Entry::DESCRIPTOR | Entry::ENCRYPTED;
        if flags & shape != entry.flags & shape {
            let shown = |flags: u16| format!("{flags:04x}");
            return Err(mismatch(entry, "flags", shown(flags), shown(entry.flags)));
        }
        let zero = self
            .header
            .get(14..26)
            .is_some_and(|sums| sums.iter().all(|b| *b == 0));
        Ok(zero && flags & Entry::DESCRIPTOR != 0)
    }

    /// The header with other CRC and sizes; they use zip64 where they need to or did before.
    pub(in crate::archive) fn with(&self, sums: CrcAndSizes) -> Option<Vec<u8>> {
        let (name_len, extra_len) = lengths(&self.header)?;
        let mut fields = Fields(&self.header);
        let mut header = fields.bytes(FIXED)?.to_vec();
        let name = fields.bytes(name_len)?;
        let extra = fields.bytes(extra_len)?;
        put(&mut header, 14, sums.crc.to_le_bytes())?;

        let mut old_zip64 = Fields(extra::zip64(extra));
        let mut was_zip64 = false;
        for at in [22, 18] {
            let marked = Fields(header.get(at..)?).u32()? == u32::MAX;
            was_zip64 |= marked && old_zip64.u64().is_some();
        }
        let extra = if was_zip64 || sums.need_zip64() {
            put(&mut header, 18, u32::MAX.to_le_bytes())?;
            put(&mut header, 22, u32::MAX.to_le_bytes())?;
            if !was_zip64 {
                let needed = self.field(4)?;
                put(&mut header, 4, needed.max(45).to_le_bytes())?;
            }
            let mut zip64 = sums.size.to_le_bytes().to_vec();
            zip64.extend(sums.compressed_size.to_le_bytes());
            zip64.extend(old_zip64.0);
            extra::with_zip64(extra, &zip64)?
        } else {
            put(&mut header, 18, plain(sums.compressed_size).to_le_bytes())?;
            put(&mut header, 22, plain(sums.size).to_le_bytes())?;
            extra.to_vec()
        };
        put(
            &mut header,
            28,
            u16::try_from(extra.len()).ok()?.to_le_bytes(),
        )?;
        header.extend(name);
        header.extend(extra);
        Some(header)
    }

    fn has_zip64(&self) -> bool {
        let name_len = lengths(&self.header).map_or(0, |(name_len, _)| name_len);
        let extra = self.header.get(FIXED + name_len..).unwrap_or_default();
        !extra::zip64(extra).is_empty()
    }
}

/// What stands around an entry's data, all of it found to agree with the central record.
#[derive(Debug)]
pub(in crate::archive) struct Surroundings {
    pub(in crate::archive) local: Local,
    pub(in crate::archive) descriptor: Option<Descriptor>,
    /// Whether CRC and sizes stand in the header.
    pub(in crate::archive) sums_in_header: bool,
    /// Where the entry ends, its descriptor included.
    pub(in crate::archive) end: u64,
}

impl Surroundings {
    /// Reads them; they end before `limit`.
    pub(in crate::archive) fn read(
        input: &InputFile,
        entry: &Entry,
        limit: u64,
    ) -> Result<Self, ArchiveError> {
        let local = Local::read(input, entry, limit)?;
        let sums_in_header = !local.leaves_sums_to_descriptor(entry)?;
        let (descriptor, end) = if entry.flags & Entry::DESCRIPTOR == 0 {
            (None, local.data.end)
        } else {
            let (form, end) = Descriptor::find(input, entry, local.data.end, limit)?;
            (Some(form), end)
        };
        Ok(Self {
            local,
            descriptor,
            sums_in_header,
            end,
        })
    }
}

/// How a data descriptor is written (documented: APPNOTE 4.3.9); nothing in it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::archive) struct Descriptor {
    signed: bool,
    zip64: bool,
}

impl Descriptor {
    /// Tells the form of the descriptor behind the data from the sums it must repeat. It ends
    /// before `limit`.
    fn find(
        input: &InputFile,
        entry: &Entry,
        at: u64,
        limit: u64,
    ) -> Result<(Self, u64), ArchiveError> {
        let sums = CrcAndSizes::of(entry);
        let mut room = [0; 24];
        let count = room
            .len()
            .min(usize::try_from(limit.saturating_sub(at)).unwrap_or(usize::MAX));
        let room = room.get_mut(..count).unwrap_or_default();
        input.read_exact_at(room, at)?;
        // Longest first: a zip64 one may begin like a plain one.
        for (signed, zip64) in [(true, true), (false, true), (true, false), (false, false)] {
            let form = Self { signed, zip64 };
            let bytes = form.bytes(sums);
            if (zip64 || !sums.need_zip64()) && room.starts_with(&bytes) {
                return Ok((form, at + bytes.len() as u64));
            }
        }
        Err(ArchiveError::Descriptor {
            name: entry.name().into(),
            at,
        })
    }

    /// The form for new sums. Without a zip64 field in the local header, readers of the stream
    /// (Java's among them) expect 64-bit sizes exactly when one needs them.
    pub(in crate::archive) fn adjusted(
        self,
        local: &Local,
        old: CrcAndSizes,
        new: CrcAndSizes,
    ) -> Self {
        let by_choice = self.zip64 && (local.has_zip64() || !old.need_zip64());
        Self {
            zip64: new.need_zip64() || by_choice,
            ..self
        }
    }

    pub(in crate::archive) fn bytes(self, sums: CrcAndSizes) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(24);
        if self.signed {
            bytes.extend(b"PK\x07\x08");
        }
        bytes.extend(sums.crc.to_le_bytes());
        for size in [sums.compressed_size, sums.size] {
            if self.zip64 {
                bytes.extend(size.to_le_bytes());
            } else {
                bytes.extend(plain(size).to_le_bytes());
            }
        }
        bytes
    }
}

/// Lengths of name and extra fields.
fn lengths(header: &[u8]) -> Option<(usize, usize)> {
    let mut fields = Fields(header.get(26..)?);
    Some((fields.u16()?.into(), fields.u16()?.into()))
}

fn outside(entry: &Entry, end: u64, limit: u64) -> ArchiveError {
    ArchiveError::Outside {
        name: entry.name().into(),
        start: entry.offset,
        end,
        limit,
    }
}

fn mismatch(entry: &Entry, field: &'static str, local: String, central: String) -> ArchiveError {
    ArchiveError::Mismatch {
        name: entry.name().into(),
        field,
        local,
        central,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: CrcAndSizes = CrcAndSizes {
        crc: 1,
        compressed_size: 7,
        size: 1 << 32,
    };
    const SMALL: CrcAndSizes = CrcAndSizes {
        crc: 2,
        compressed_size: 5,
        size: 6,
    };

    fn local() -> Local {
        let mut header = vec![0; FIXED];
        put(&mut header, 4, [20, 0]).unwrap();
        put(&mut header, 26, [1, 0, 5, 0]).unwrap();
        header.extend(b"n\x07\x00\x01\x00\x09");
        Local {
            header,
            data: Span::at(0),
        }
    }

    #[test]
    fn a_size_of_four_gib_brings_both_sizes_into_a_zip64_field_that_stays() {
        let zip64 = Local {
            header: local().with(LARGE).unwrap(),
            data: Span::at(0),
        };
        assert_eq!(zip64.header.len(), local().header.len() + 20);
        assert_eq!(zip64.field(4), Some(45));
        let sizes = [
            LARGE.size.to_le_bytes(),
            LARGE.compressed_size.to_le_bytes(),
        ]
        .concat();
        assert_eq!(extra::zip64(&zip64.header[FIXED + 1..]), sizes);
        let back = zip64.with(SMALL).unwrap();
        assert_eq!(back.len(), zip64.header.len());
        assert_eq!(
            extra::zip64(&back[FIXED + 1..])[..8],
            SMALL.size.to_le_bytes()
        );
    }

    #[test]
    fn a_descriptor_is_zip64_exactly_when_readers_expect_it() {
        let plain = Descriptor {
            signed: true,
            zip64: false,
        };
        let zip64 = Descriptor {
            signed: true,
            zip64: true,
        };
        let java = local();
        assert_eq!(plain.adjusted(&java, SMALL, LARGE), zip64);
        assert_eq!(zip64.adjusted(&java, LARGE, SMALL), plain);
        assert_eq!(zip64.adjusted(&java, SMALL, SMALL), zip64);
        let marked = Local {
            header: java.with(LARGE).unwrap(),
            data: Span::at(0),
        };
        assert_eq!(zip64.adjusted(&marked, LARGE, SMALL), zip64);
    }
}
