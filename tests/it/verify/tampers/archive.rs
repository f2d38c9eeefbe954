//! The ways to tamper with what a ZIP archive is made of: entries, headers, records and what stands
//! around them.

use flowlift::verify::DifferenceKind;

use super::super::super::support::surgery::{Descriptor, Part};
use super::Tamper;

/// Ways to tamper with the upgraded `parks-2.99`, and what must be noticed.
pub(super) const TAMPERS: &[Tamper] = &[
    (
        "an entry is removed",
        DifferenceKind::EntryMissing,
        |it, _| {
            it.entries.remove(5);
        },
    ),
    (
        "the last entry is removed",
        DifferenceKind::EntryMissing,
        |it, _| {
            it.entries.pop();
        },
    ),
    ("an entry is added", DifferenceKind::EntryExtra, |it, _| {
        it.entries.insert(4, Part::new("files/9_extra", "extra"));
    }),
    (
        "an entry is there twice",
        DifferenceKind::EntryExtra,
        |it, _| {
            let twice = it.entries[5].clone();
            it.entries.push(twice);
        },
    ),
    (
        "an entry is renamed",
        DifferenceKind::EntryExtra,
        |it, _| {
            it.entries[4].name.push(b'x');
        },
    ),
    (
        "an entry is renamed in its local header",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.entries[4].local_name = Some(b"files/0_Tree Inspection.fmx".to_vec());
        },
    ),
    (
        "two entries change places",
        DifferenceKind::EntryMoved,
        |it, _| {
            it.entries.swap(4, 5);
        },
    ),
    (
        "the directory lists them in another order",
        DifferenceKind::EntryMoved,
        |it, _| {
            let mut order: Vec<usize> = (0..it.entries.len()).collect();
            order.swap(4, 5);
            it.order = Some(order);
        },
    ),
    (
        "two entries change places under the same directory",
        DifferenceKind::EntryMoved,
        |it, _| {
            let mut order: Vec<usize> = (0..it.entries.len()).collect();
            order.swap(4, 5);
            it.entries.swap(4, 5);
            it.order = Some(order);
        },
    ),
    (
        "a byte of the payload is flipped",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.entries[4].data[100] ^= 1;
        },
    ),
    (
        "the payload is replaced, with the right sums",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.entries[4].edit(|text| text.replace("FME", "EMF"));
        },
    ),
    (
        "the payload is packed in another way",
        DifferenceKind::EntryChanged,
        |it, _| {
            let content = it.entries[4].content();
            it.entries[4].method = 0;
            it.entries[4].pack(&content.clone(), content);
        },
    ),
    (
        "a byte of a rewritten document is flipped",
        DifferenceKind::ContentDamaged,
        |it, _| {
            it.part("data.xml").data[5000] ^= 1;
        },
    ),
    (
        "a CRC is changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].claimed_crc = Some(7);
        },
    ),
    (
        "a CRC is changed in both places",
        DifferenceKind::RecordChanged,
        |it, _| it.entries[4].crc ^= 1,
    ),
    (
        "the CRC of a rewritten document is changed",
        DifferenceKind::ContentDamaged,
        |it, _| {
            it.part("project.yml").crc ^= 1;
        },
    ),
    (
        "a size is changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].claimed_size = Some(7);
        },
    ),
    (
        "a time is changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].time += 1;
        },
    ),
    (
        "a time is changed in the local header",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.entries[4].local_time = Some(0x5b73_a312);
        },
    ),
    (
        "the time of a rewritten document is changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.part("data.xml").time += 1;
        },
    ),
    (
        "its local header is changed",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.part("data.xml").local_extra = vec![9, 9, 0, 0];
        },
    ),
    (
        "external attributes are changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].external = 0o100_777 << 16;
        },
    ),
    (
        "internal attributes are changed",
        DifferenceKind::RecordChanged,
        |it, _| it.entries[4].internal = 1,
    ),
    (
        "the version made by is changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].version.0 = 0x0314;
        },
    ),
    (
        "flags are changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].flags ^= 0x0800;
        },
    ),
    (
        "an extra field is added",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].extra = vec![9, 9, 1, 0, 7];
        },
    ),
    (
        "an entry's comment is changed",
        DifferenceKind::RecordChanged,
        |it, _| {
            it.entries[4].comment = b"hello".to_vec();
        },
    ),
    (
        "a descriptor is changed",
        DifferenceKind::EntryChanged,
        |it, _| {
            let descriptor = Descriptor::Raw(vec![0; 16]);
            it.entries[4].descriptor = descriptor;
        },
    ),
    (
        "a rewritten document's descriptor is changed",
        DifferenceKind::EntryChanged,
        |it, _| {
            let descriptor = Descriptor::Raw(b"PK\x07\x08????????????".to_vec());
            it.part("properties.xml").descriptor = descriptor;
        },
    ),
    (
        "a rewritten document's descriptor gets a form that Java cannot read",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.part("data.xml").descriptor = Descriptor::Sums {
                signed: true,
                zip64: true,
            };
        },
    ),
    (
        "bytes are hidden between entries",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.entries[5].gap = b"hidden".to_vec();
        },
    ),
    (
        "bytes are hidden behind a rewritten document",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.entries[2].gap = b"hidden".to_vec();
        },
    ),
    (
        "bytes are hidden before the directory",
        DifferenceKind::EntryChanged,
        |it, _| {
            it.gap = b"hidden".to_vec();
        },
    ),
    (
        "bytes are put before the first entry",
        DifferenceKind::ArchiveChanged,
        |it, _| {
            it.prefix = b"#!/bin/sh\n".to_vec();
        },
    ),
    (
        "the archive's comment is changed",
        DifferenceKind::ArchiveChanged,
        |it, _| {
            it.comment = b"hello".to_vec();
        },
    ),
    (
        "the end is written as zip64",
        DifferenceKind::ArchiveChanged,
        |it, _| it.zip64_end = true,
    ),
];
