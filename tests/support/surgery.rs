//! Takes an archive in FME Flow's shape apart and puts it together again, with any field changed
//! on the way: what no ZIP writer would write has to be made by hand.

use flate2::Crc;

/// How the sums behind an entry's data are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Descriptor {
    /// They are in the local header.
    None,
    /// Signed or not, with sizes of four or eight bytes.
    Sums { signed: bool, zip64: bool },
    /// These bytes.
    Raw(Vec<u8>),
}

/// An entry, field by field. What begins with `local` or `claimed` is a lie of one of the headers.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) name: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    /// Time and date.
    pub(crate) time: u32,
    pub(crate) crc: u32,
    pub(crate) size: u64,
    /// As they lie in the archive.
    pub(crate) data: Vec<u8>,
    pub(crate) descriptor: Descriptor,
    /// Made by, needed.
    pub(crate) version: (u16, u16),
    pub(crate) internal: u16,
    pub(crate) external: u32,
    pub(crate) disk: u16,
    pub(crate) extra: Vec<u8>,
    pub(crate) comment: Vec<u8>,
    pub(crate) local_extra: Vec<u8>,
    pub(crate) local_name: Option<Vec<u8>>,
    pub(crate) local_method: Option<u16>,
    pub(crate) local_flags: Option<u16>,
    pub(crate) local_time: Option<u32>,
    /// CRC, compressed size and size in the local header.
    pub(crate) local_sums: Option<(u32, u32, u32)>,
    pub(crate) claimed_crc: Option<u32>,
    pub(crate) claimed_compressed: Option<u32>,
    pub(crate) claimed_size: Option<u32>,
    pub(crate) claimed_offset: Option<u32>,
    /// Bytes before the local header that belong to nobody.
    pub(crate) gap: Vec<u8>,
}

impl Part {
    /// As FME Flow writes it.
    pub(crate) fn new(name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        let mut part = Self {
            name: name.as_ref().to_vec(),
            flags: 0x0808,
            method: 8,
            time: 0x5b73_a311,
            crc: 0,
            size: 0,
            data: Vec::new(),
            descriptor: Descriptor::Sums {
                signed: true,
                zip64: false,
            },
            version: (20, 20),
            internal: 0,
            external: 0,
            disk: 0,
            extra: Vec::new(),
            comment: Vec::new(),
            local_extra: Vec::new(),
            local_name: None,
            local_method: None,
            local_flags: None,
            local_time: None,
            local_sums: None,
            claimed_crc: None,
            claimed_compressed: None,
            claimed_size: None,
            claimed_offset: None,
            gap: Vec::new(),
        };
        part.fill(content.as_ref());
        part
    }

    /// Gives it another content, in stored blocks as Java makes them.
    pub(crate) fn fill(&mut self, content: &[u8]) {
        let mut data = Vec::with_capacity(content.len() + 64);
        let mut blocks = content.chunks_exact(32_768);
        for block in &mut blocks {
            data.extend([0, 0, 0x80, 0xff, 0x7f]);
            data.extend(block);
        }
        let last = blocks.remainder();
        let [low, high] = u16::try_from(last.len()).unwrap().to_le_bytes();
        data.extend([1, low, high, !low, !high]);
        data.extend(last);
        self.pack(content, data);
    }

    /// Gives it `content`, which lies in the archive as `data`.
    pub(crate) fn pack(&mut self, content: &[u8], data: Vec<u8>) {
        let mut crc = Crc::new();
        crc.update(content);
        self.crc = crc.sum();
        self.size = content.len() as u64;
        self.data = data;
    }

    /// The content, for entries of stored blocks.
    pub(crate) fn content(&self) -> Vec<u8> {
        use std::io::Read;
        let mut content = Vec::new();
        if self.method == 0 {
            return self.data.clone();
        }
        flate2::read::DeflateDecoder::new(&*self.data)
            .read_to_end(&mut content)
            .unwrap();
        content
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.content()).unwrap()
    }

    /// Changes its content as a text, which must change something.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&str) -> String) {
        let before = self.text();
        let after = change(&before);
        assert!(before != after, "nothing to change");
        self.fill(after.as_bytes());
    }

    fn local(&self) -> Vec<u8> {
        let described = self.descriptor != Descriptor::None;
        let truth = (self.crc, self.data.len() as u32, self.size as u32);
        let unsaid = if described { (0, 0, 0) } else { truth };
        let sums = self.local_sums.unwrap_or(unsaid);
        let name = self.local_name.as_ref().unwrap_or(&self.name);
        let mut out = b"PK\x03\x04".to_vec();
        out.extend(self.version.1.to_le_bytes());
        out.extend(self.local_flags.unwrap_or(self.flags).to_le_bytes());
        out.extend(self.local_method.unwrap_or(self.method).to_le_bytes());
        out.extend(self.local_time.unwrap_or(self.time).to_le_bytes());
        for value in [sums.0, sums.1, sums.2] {
            out.extend(value.to_le_bytes());
        }
        out.extend((name.len() as u16).to_le_bytes());
        out.extend((self.local_extra.len() as u16).to_le_bytes());
        out.extend(name);
        out.extend(&self.local_extra);
        out.extend(&self.data);
        match &self.descriptor {
            Descriptor::None => {}
            Descriptor::Raw(bytes) => out.extend(bytes),
            Descriptor::Sums { signed, zip64 } => {
                if *signed {
                    out.extend(b"PK\x07\x08");
                }
                out.extend(truth.0.to_le_bytes());
                for size in [self.data.len() as u64, self.size] {
                    let size = size.to_le_bytes();
                    out.extend(&size[..if *zip64 { 8 } else { 4 }]);
                }
            }
        }
        out
    }

    fn central(&self, offset: u32) -> Vec<u8> {
        let mut out = b"PK\x01\x02".to_vec();
        out.extend(self.version.0.to_le_bytes());
        out.extend(self.version.1.to_le_bytes());
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend(self.time.to_le_bytes());
        out.extend(self.claimed_crc.unwrap_or(self.crc).to_le_bytes());
        let compressed = self.claimed_compressed.unwrap_or(self.data.len() as u32);
        out.extend(compressed.to_le_bytes());
        out.extend(self.claimed_size.unwrap_or(self.size as u32).to_le_bytes());
        for len in [self.name.len(), self.extra.len(), self.comment.len()] {
            out.extend((len as u16).to_le_bytes());
        }
        out.extend(self.disk.to_le_bytes());
        out.extend(self.internal.to_le_bytes());
        out.extend(self.external.to_le_bytes());
        out.extend(self.claimed_offset.unwrap_or(offset).to_le_bytes());
        out.extend(&self.name);
        out.extend(&self.extra);
        out.extend(&self.comment);
        out
    }
}

/// An archive in its parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub(crate) entries: Vec<Part>,
    pub(crate) comment: Vec<u8>,
    /// Bytes before everything, which the offsets count or not.
    pub(crate) prefix: Vec<u8>,
    pub(crate) prefix_uncounted: bool,
    pub(crate) suffix: Vec<u8>,
    /// Bytes between the last entry and the directory.
    pub(crate) gap: Vec<u8>,
    /// Whether a zip64 end record and its locator are written too.
    pub(crate) zip64_end: bool,
    /// More data at the end of the zip64 end record.
    pub(crate) zip64_more: Vec<u8>,
    /// Entries in the order of the directory, when that is another.
    pub(crate) order: Option<Vec<usize>>,
}

/// Where the pieces of a built archive begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) entries: Vec<usize>,
    pub(crate) directory: usize,
    pub(crate) records: Vec<usize>,
    /// The zip64 end record, where there is one, and its locator.
    pub(crate) zip64: Option<(usize, usize)>,
    pub(crate) end: usize,
}

impl Parts {
    pub(crate) fn of(entries: Vec<Part>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    /// Takes an archive apart; it must have FME Flow's shape.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let u16_at = |at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap());
        let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let end = bytes.len() - 22;
        assert!(bytes[end..].starts_with(b"PK\x05\x06"));
        let mut at = u32_at(end + 16) as usize;
        let mut parts = Vec::new();
        while at < end {
            let offset = u32_at(at + 42) as usize;
            let name_len = u16_at(at + 28) as usize;
            let name = bytes[at + 46..][..name_len].to_vec();
            let mut part = Part::new(name, "");
            part.time = u32_at(at + 12);
            part.crc = u32_at(at + 16);
            part.size = u32_at(at + 24).into();
            part.data = bytes[offset + 30 + name_len..][..u32_at(at + 20) as usize].to_vec();
            parts.push(part);
            at += 46 + name_len;
        }
        let parts = Self::of(parts);
        assert!(parts.build() == bytes, "the archive has another shape");
        parts
    }

    pub(crate) fn position(&self, name: &str) -> usize {
        let found = self.entries.iter().position(|p| p.name == name.as_bytes());
        found.unwrap_or_else(|| panic!("no entry {name}"))
    }

    pub(crate) fn part(&mut self, name: &str) -> &mut Part {
        let at = self.position(name);
        &mut self.entries[at]
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        self.build_with_places().0
    }

    pub(crate) fn build_with_places(&self) -> (Vec<u8>, Places) {
        let mut out = self.prefix.clone();
        let mut places = Places::default();
        let uncounted = if self.prefix_uncounted { out.len() } else { 0 };
        for part in &self.entries {
            out.extend(&part.gap);
            places.entries.push(out.len());
            out.extend(part.local());
        }
        out.extend(&self.gap);
        places.directory = out.len();
        let in_order = || (0..self.entries.len()).collect();
        for index in self.order.clone().unwrap_or_else(in_order) {
            places.records.push(out.len());
            let offset = places.entries[index] - uncounted;
            out.extend(self.entries[index].central(offset as u32));
        }
        let (count, size) = (places.records.len(), out.len() - places.directory);
        let start = places.directory - uncounted;
        let mut plain = (count as u16, size as u32, start as u32);
        if self.zip64_end {
            let zip64 = out.len();
            out.extend(b"PK\x06\x06");
            out.extend((44 + self.zip64_more.len() as u64).to_le_bytes());
            out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for value in [count, count, size, start] {
                out.extend((value as u64).to_le_bytes());
            }
            out.extend(&self.zip64_more);
            places.zip64 = Some((zip64, out.len()));
            out.extend(b"PK\x06\x07\0\0\0\0");
            out.extend((zip64 as u64).to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            plain = (u16::MAX, u32::MAX, u32::MAX);
        }
        places.end = out.len();
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(plain.0.to_le_bytes());
        out.extend(plain.0.to_le_bytes());
        out.extend(plain.1.to_le_bytes());
        out.extend(plain.2.to_le_bytes());
        out.extend((self.comment.len() as u16).to_le_bytes());
        out.extend(&self.comment);
        out.extend(&self.suffix);
        (out, places)
    }
}
