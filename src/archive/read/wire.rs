//! Little-endian fields of ZIP records, without an index that could panic.

/// Takes fields off the front of a record; `None` once it is too short.
pub(in crate::archive) struct Fields<'a>(pub(in crate::archive) &'a [u8]);

impl<'a> Fields<'a> {
    pub(in crate::archive) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(in crate::archive) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(in crate::archive) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(in crate::archive) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

/// Overwrites the bytes at `at`; `None` when the record is too short for them.
pub(in crate::archive) fn put<const N: usize>(
    record: &mut [u8],
    at: usize,
    value: [u8; N],
) -> Option<()> {
    record
        .get_mut(at..)?
        .first_chunk_mut()
        .map(|slot| *slot = value)
}

/// What a 32-bit field holds for `value`: itself, or the mark that sends readers to zip64.
pub(in crate::archive) fn plain(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Whether `value` has no place in a 32-bit field, whose highest value is the zip64 mark.
pub(in crate::archive) fn needs_zip64(value: u64) -> bool {
    value >= u64::from(u32::MAX)
}
