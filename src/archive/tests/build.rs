//! Writes archives in Java's shape, in that of general ZIP tools, and in shapes nobody should
//! write, remembering where each part lies.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::archive::write::stored::Stored;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Store,
    Blocks,
    Deflate,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) name: Vec<u8>,
    pub(super) content: Vec<u8>,
    pub(super) packing: Packing,
    pub(super) flags: u16,
    /// (signed, zip64)
    pub(super) descriptor: Option<(bool, bool)>,
    /// Sizes in a zip64 field of the local header, the central record, or both.
    pub(super) zip64_local: bool,
    pub(super) zip64_central: bool,
    pub(super) local_extra: Vec<u8>,
    pub(super) central_extra: Vec<u8>,
    pub(super) comment: Vec<u8>,
    /// Bytes before the local header that belong to nobody.
    pub(super) gap: Vec<u8>,
    pub(super) local_name: Option<Vec<u8>>,
    pub(super) local_method: Option<u16>,
    /// Changes what the central record says: CRC, compressed size, size.
    pub(super) lie: fn(&mut (u32, u64, u64)),
}

impl Item {
    /// As Java writes it.
    pub(super) fn java(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self {
            name: name.into(),
            content: content.as_ref().into(),
            packing: Packing::Blocks,
            flags: 0x0808,
            descriptor: Some((true, false)),
            zip64_local: false,
            zip64_central: false,
            local_extra: vec![],
            central_extra: vec![],
            comment: vec![],
            gap: vec![],
            local_name: None,
            local_method: None,
            lie: |_| {},
        }
    }

    /// As most other tools write it.
    pub(super) fn tool(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self {
            packing: Packing::Deflate,
            flags: 0,
            descriptor: None,
            local_extra: vec![0x55, 0x54, 5, 0, 1, 1, 2, 3, 4],
            central_extra: vec![0x55, 0x54, 1, 0, 1],
            ..Self::java(name, content)
        }
    }

    pub(super) fn method(&self) -> u16 {
        if self.packing == Packing::Store { 0 } else { 8 }
    }

    pub(super) fn packed(&self) -> Vec<u8> {
        match self.packing {
            Packing::Store => self.content.clone(),
            Packing::Blocks => {
                let mut stored = Stored::new(vec![]);
                stored.write_all(&self.content).unwrap();
                let (mut packed, last) = stored.end().unwrap();
                packed.extend(last);
                packed
            }
            Packing::Deflate => {
                let mut deflate = DeflateEncoder::new(vec![], Compression::best());
                deflate.write_all(&self.content).unwrap();
                deflate.finish().unwrap()
            }
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Zip {
    pub(super) items: Vec<Item>,
    pub(super) comment: Vec<u8>,
    pub(super) gap_before_directory: Vec<u8>,
    pub(super) zip64_end: bool,
    /// Whether the directory lists the entries backwards.
    pub(super) backwards: bool,
}

/// The archive and its parts.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) bytes: Vec<u8>,
    /// Local header, data and descriptor of each item.
    pub(super) blocks: Vec<(usize, Vec<u8>)>,
    /// Central record of each item.
    pub(super) records: Vec<Vec<u8>>,
    pub(super) directory: usize,
    pub(super) end: usize,
}

pub(super) fn java(items: &[(&str, &str)]) -> Vec<u8> {
    let items = items
        .iter()
        .map(|(name, content)| Item::java(name, content))
        .collect();
    Zip {
        items,
        ..Zip::default()
    }
    .build()
    .bytes
}

impl Zip {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self {
            items,
            ..Self::default()
        }
    }

    pub(super) fn build(&self) -> Built {
        let mut built = Built::default();
        for item in &self.items {
            built.bytes.extend(&item.gap);
            let at = built.bytes.len();
            let (block, record) = parts(item, at);
            built.bytes.extend(&block);
            built.blocks.push((at, block));
            built.records.push(record);
        }
        built.bytes.extend(&self.gap_before_directory);
        built.directory = built.bytes.len();
        let mut records = built.records.clone();
        if self.backwards {
            records.reverse();
        }
        built.bytes.extend(records.concat());
        let count = self.items.len();
        let size = built.bytes.len() - built.directory;
        built.end = built.bytes.len();
        let (mut count16, mut size32, mut offset32) =
            (count as u16, size as u32, built.directory as u32);
        if self.zip64_end {
            let zip64 = built.bytes.len() as u64;
            let out = &mut built.bytes;
            out.extend(b"PK\x06\x06");
            out.extend(48u64.to_le_bytes()); // four bytes of extensible data at the end
            out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for value in [count, count, size, built.directory] {
                out.extend((value as u64).to_le_bytes());
            }
            out.extend(b"more");
            out.extend(b"PK\x06\x07\0\0\0\0");
            out.extend(zip64.to_le_bytes());
            out.extend(1u32.to_le_bytes());
            (count16, size32, offset32) = (u16::MAX, u32::MAX, u32::MAX);
        }
        let out = &mut built.bytes;
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count16.to_le_bytes());
        out.extend(count16.to_le_bytes());
        out.extend(size32.to_le_bytes());
        out.extend(offset32.to_le_bytes());
        out.extend((self.comment.len() as u16).to_le_bytes());
        out.extend(&self.comment);
        built
    }
}

fn parts(item: &Item, at: usize) -> (Vec<u8>, Vec<u8>) {
    let packed = item.packed();
    let mut crc = Crc::new();
    crc.update(&item.content);
    let truth = (crc.sum(), packed.len() as u64, item.content.len() as u64);
    let mut said = truth;
    (item.lie)(&mut said);

    let sums = |(crc, compressed, size): (u32, u64, u64), zip64: bool| {
        let mut out = crc.to_le_bytes().to_vec();
        for size in [compressed, size] {
            let plain = if zip64 { u32::MAX } else { size as u32 };
            out.extend(plain.to_le_bytes());
        }
        out
    };
    let extra = |(_, compressed, size): (u32, u64, u64), zip64: bool, rest: &[u8]| {
        let mut out = rest.to_vec();
        if zip64 {
            out.extend([1, 0, 16, 0]);
            out.extend(size.to_le_bytes());
            out.extend(compressed.to_le_bytes());
        }
        out
    };

    let in_local = if item.descriptor.is_some() {
        (0, 0, 0)
    } else {
        truth
    };
    let name = item.local_name.as_ref().unwrap_or(&item.name);
    let local_extra = extra(in_local, item.zip64_local, &item.local_extra);
    let mut block = b"PK\x03\x04\x14\0".to_vec();
    block.extend(item.flags.to_le_bytes());
    block.extend(item.local_method.unwrap_or(item.method()).to_le_bytes());
    block.extend([0x21, 0x43, 0x65, 0x57]);
    block.extend(sums(in_local, item.zip64_local));
    block.extend((name.len() as u16).to_le_bytes());
    block.extend((local_extra.len() as u16).to_le_bytes());
    block.extend(name);
    block.extend(local_extra);
    block.extend(&packed);
    if let Some((signed, zip64)) = item.descriptor {
        if signed {
            block.extend(b"PK\x07\x08");
        }
        block.extend(truth.0.to_le_bytes());
        for size in [truth.1, truth.2] {
            if zip64 {
                block.extend(size.to_le_bytes());
            } else {
                block.extend((size as u32).to_le_bytes());
            }
        }
    }

    let central_extra = extra(said, item.zip64_central, &item.central_extra);
    let mut record = b"PK\x01\x02\x14\0\x14\0".to_vec();
    record.extend(item.flags.to_le_bytes());
    record.extend(item.method().to_le_bytes());
    record.extend([0x21, 0x43, 0x65, 0x57]);
    record.extend(sums(said, item.zip64_central));
    record.extend((item.name.len() as u16).to_le_bytes());
    record.extend((central_extra.len() as u16).to_le_bytes());
    record.extend((item.comment.len() as u16).to_le_bytes());
    record.extend([0, 0, 1, 0, 0, 0, 0xa4, 0x81]);
    record.extend((at as u32).to_le_bytes());
    record.extend(&item.name);
    record.extend(central_extra);
    record.extend(&item.comment);
    (block, record)
}
