//! Archives in Java's shape, in that of general ZIP tools, and in shapes nobody should write, of which
//! it is remembered where each part lies. The bytes are written by the ZIP builder of all tests.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::surgery::{Descriptor, Part, Parts};
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

impl Item {
    fn part(&self) -> Part {
        let mut part = Part::new(&self.name, "");
        part.pack(&self.content, self.packed());
        part.flags = self.flags;
        part.method = self.method();
        part.time = 0x5765_4321;
        part.internal = 1;
        part.external = 0x81a4_0000;
        part.comment.clone_from(&self.comment);
        part.gap.clone_from(&self.gap);
        part.local_name.clone_from(&self.local_name);
        part.local_method = self.local_method;
        part.descriptor = match self.descriptor {
            Some((signed, zip64)) => Descriptor::Sums { signed, zip64 },
            None => Descriptor::None,
        };
        let truth = (part.crc, part.data.len() as u64, part.size);
        let mut said = truth;
        (self.lie)(&mut said);
        let (crc, compressed, size) = plain(said, self.zip64_central);
        part.claimed_crc = Some(crc);
        part.claimed_compressed = Some(compressed);
        part.claimed_size = Some(size);
        part.extra = extra(said, self.zip64_central, &self.central_extra);
        let in_local = match self.descriptor {
            Some(_) => (0, 0, 0),
            None => truth,
        };
        part.local_sums = Some(plain(in_local, self.zip64_local));
        part.local_extra = extra(in_local, self.zip64_local, &self.local_extra);
        part
    }
}

/// CRC and sizes as 32-bit fields have them.
fn plain((crc, compressed, size): (u32, u64, u64), zip64: bool) -> (u32, u32, u32) {
    let [compressed, size] =
        [compressed, size].map(|size| if zip64 { u32::MAX } else { size as u32 });
    (crc, compressed, size)
}

fn extra((_, compressed, size): (u32, u64, u64), zip64: bool, others: &[u8]) -> Vec<u8> {
    let mut out = others.to_vec();
    if zip64 {
        out.extend([1, 0, 16, 0]);
        out.extend(size.to_le_bytes());
        out.extend(compressed.to_le_bytes());
    }
    out
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
        let count = self.items.len();
        let parts = Parts {
            entries: self.items.iter().map(Item::part).collect(),
            comment: self.comment.clone(),
            gap: self.gap_before_directory.clone(),
            zip64_end: self.zip64_end,
            zip64_more: b"more".to_vec(),
            order: self.backwards.then(|| (0..count).rev().collect()),
            ..Parts::default()
        };
        let (bytes, places) = parts.build_with_places();
        let directory_end = places.zip64.map_or(places.end, |(record, _)| record);
        let data_end = places.directory - parts.gap.len();
        let starts = |places: &[usize], end: usize| -> Vec<usize> {
            places.iter().copied().chain([end]).collect()
        };
        let entries = starts(&places.entries, data_end);
        let blocks = (0..count).map(|at| {
            let gap = self.items.get(at + 1).map_or(0, |next| next.gap.len());
            (
                entries[at],
                bytes[entries[at]..entries[at + 1] - gap].to_vec(),
            )
        });
        let records = starts(&places.records, directory_end);
        let mut records: Vec<_> = records
            .windows(2)
            .map(|pair| bytes[pair[0]..pair[1]].to_vec())
            .collect();
        if self.backwards {
            records.reverse();
        }
        Built {
            blocks: blocks.collect(),
            records,
            directory: places.directory,
            end: directory_end,
            bytes,
        }
    }
}
