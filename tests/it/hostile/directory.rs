//! Records of the central directory that lie about what they describe.

use super::super::support::small::small;
use super::super::support::surgery::{Part, Parts};
use super::Fate::{Refused, Upgraded};
use super::{cases, patched, put, with};

/// A zip64 field with these values.
fn zip64(values: &[u64]) -> Vec<u8> {
    let len = u16::try_from(values.len() * 8).unwrap();
    let body = values.iter().flat_map(|value| value.to_le_bytes());
    [&[1, 0][..], &len.to_le_bytes()]
        .concat()
        .into_iter()
        .chain(body)
        .collect()
}

fn payload(change: impl FnOnce(&mut Part)) -> Vec<u8> {
    with(|parts| change(&mut parts.entries[3]))
}

fn document(change: impl FnOnce(&mut Part)) -> Vec<u8> {
    with(|parts| change(parts.part("data.xml")))
}

cases! {
    something_else_in_the_directory: Refused("broken central directory"),
        || patched(|b, p| put(b, p.records[2], b"PK\x01\x03"));
    a_record_whose_name_reaches_beyond: Refused("broken central directory"),
        || patched(|b, p| put(b, p.records[5] + 28, [0xff; 2]));
    a_record_whose_extra_reaches_beyond: Refused("broken central directory"),
        || patched(|b, p| put(b, p.records[5] + 30, [0xff; 2]));
    a_record_whose_comment_reaches_beyond: Refused("broken central directory"),
        || patched(|b, p| put(b, p.records[5] + 32, [0xff; 2]));
    a_record_that_swallows_the_next: Refused("wrong number of entries"), || {
        let next = small().build_with_places().1;
        let len = u16::try_from(next.records[3] - next.records[2]).unwrap();
        patched(|b, p| put(b, p.records[1] + 32, len.to_le_bytes()))
    };
    an_offset_beyond_the_file: Refused("lies outside the archive's data"),
        || payload(|it| it.claimed_offset = Some(0x7fff_ffff));
    an_offset_into_the_directory: Refused("lies outside the archive's data"), || {
        let places = small().build_with_places().1;
        let directory = u32::try_from(places.directory).unwrap();
        with(move |it| it.entries[3].claimed_offset = Some(directory))
    };
    an_offset_into_another_entry: Refused("overlaps"), || {
        let places = small().build_with_places().1;
        let at = u32::try_from(places.entries[2] + 5).unwrap();
        with(move |it| it.entries[3].claimed_offset = Some(at))
    };
    two_records_for_the_same_bytes: Refused("overlaps"), || {
        let places = small().build_with_places().1;
        let at = u32::try_from(places.entries[3]).unwrap();
        with(move |it| it.entries[4].claimed_offset = Some(at))
    };
    a_document_at_a_place_without_a_header: Refused("no local header"), || {
        with(|it| {
            it.part("files.map").gap = vec![b'x'; 20];
            let at = it.build_with_places().1.entries[5] - 20;
            it.part("files.map").claimed_offset = Some(u32::try_from(at).unwrap());
        })
    };
    an_offset_that_is_off_by_one: Refused("no local header"), || {
        let places = small().build_with_places().1;
        let at = u32::try_from(places.entries[1] + 1).unwrap();
        with(move |it| it.part("data.xml").claimed_offset = Some(at))
    };
    every_entry_at_offset_zero: Refused("overlaps"), || with(|it| {
        for part in &mut it.entries {
            part.claimed_offset = Some(0);
        }
    });
    a_directory_in_reverse_order: Upgraded, || with(|it| it.order = Some((0..6).rev().collect()));
    a_compressed_size_that_reaches_into_the_next: Refused("overlaps"),
        || payload(|it| it.claimed_compressed = Some(200));
    a_compressed_size_beyond_the_file: Refused("lies outside the archive's data"),
        || payload(|it| it.claimed_compressed = Some(0x7fff_ffff));
    a_documents_compressed_size_that_is_too_small: Refused("entry data.xml"),
        || document(|it| it.claimed_compressed = Some(100));
    a_documents_size_that_is_too_small: Refused("bad size"), || document(|it| it.claimed_size = Some(100));
    a_documents_size_that_is_too_large: Refused("bad size"), || document(|it| it.claimed_size = Some(1_000_000));
    a_documents_size_of_nothing: Refused("bad size"), || document(|it| it.claimed_size = Some(0));
    a_documents_crc: Refused("bad CRC"), || document(|it| it.claimed_crc = Some(7));
    properties_with_a_wrong_crc: Refused("bad CRC"), || with(|it| it.part("properties.xml").claimed_crc = Some(7));
    project_yml_with_a_wrong_crc: Refused("bad CRC"), || with(|it| it.part("project.yml").claimed_crc = Some(7));
    files_map_with_a_wrong_crc: Refused("bad CRC"), || with(|it| it.part("files.map").claimed_crc = Some(7));
    a_payloads_crc: Upgraded, || payload(|it| it.claimed_crc = Some(7));
    a_payloads_size: Upgraded, || payload(|it| it.claimed_size = Some(7));
    a_zip64_field_that_is_not_needed: Upgraded, || payload(|it| it.extra = zip64(&[1, 2, 3]));
    a_zip64_field_with_what_is_true: Upgraded, || document(|it| {
        it.extra = zip64(&[it.size, it.data.len() as u64]);
        (it.claimed_size, it.claimed_compressed) = (Some(u32::MAX), Some(u32::MAX));
        it.version = (45, 45);
    });
    a_zip64_size_of_2_to_the_60: Refused("bad size"), || document(|it| {
        it.extra = zip64(&[1 << 60]);
        it.claimed_size = Some(u32::MAX);
    });
    a_zip64_compressed_size_that_wraps_around: Refused("lies outside"), || document(|it| {
        it.extra = zip64(&[u64::MAX]);
        it.claimed_compressed = Some(u32::MAX);
    });
    a_zip64_offset_that_wraps_around: Refused("lies outside"), || payload(|it| {
        it.extra = zip64(&[u64::MAX - 10]);
        it.claimed_offset = Some(u32::MAX);
    });
    a_zip64_mark_without_a_field: Refused("bad size"), || document(|it| it.claimed_size = Some(u32::MAX));
    a_zip64_field_that_is_cut: Refused("bad size"), || document(|it| {
        it.extra = vec![1, 0, 8, 0, 1, 2];
        it.claimed_size = Some(u32::MAX);
    });
    extra_fields_that_do_not_add_up: Upgraded, || payload(|it| it.extra = vec![9, 9, 0xff, 0xff, 1]);
    the_longest_extra_field: Upgraded, || payload(|it| {
        it.extra = [vec![9, 9, 0xfb, 0xff], vec![0; 65_531]].concat();
    });
    the_longest_entry_comment: Upgraded, || payload(|it| it.comment = vec![b'x'; 65_535]);
    a_record_on_another_disk: Refused("multi-disk"), || payload(|it| it.disk = 3);
    an_encrypted_payload: Refused("is encrypted"), || payload(|it| it.flags |= 1);
    an_encrypted_document: Refused("is encrypted"), || document(|it| it.flags |= 1);
    strong_encryption: Refused("is encrypted"), || payload(|it| it.flags |= 1 << 6);
    an_encrypted_directory: Refused("is encrypted"), || payload(|it| it.flags |= 1 << 13);
    a_document_encrypted_in_its_local_header_only: Refused("flags"),
        || document(|it| it.local_flags = Some(0x0809));
    a_document_with_method_1: Refused("uses compression method 1"), || document(|it| it.method = 1);
    a_document_with_deflate64: Refused("uses compression method 9"), || document(|it| it.method = 9);
    a_document_with_zstd: Refused("uses compression method 93"), || document(|it| it.method = 93);
    a_payload_with_bzip2: Upgraded, || payload(|it| it.method = 12);
    a_payload_with_zstd: Upgraded, || payload(|it| it.method = 93);
    a_payload_with_a_method_nobody_knows: Upgraded, || payload(|it| it.method = 0xfffe);
    a_document_with_a_version_from_the_future: Upgraded, || document(|it| it.version = (63, 200));
    dates_that_are_none: Upgraded, || payload(|it| it.time = 0xffff_ffff);
    a_date_of_nothing: Upgraded, || document(|it| it.time = 0);
}

#[test]
fn a_directory_with_gaps_keeps_them() {
    let parts = Parts {
        gap: vec![0x55; 300],
        ..small()
    };
    assert_eq!(parts.build().len(), small().build().len() + 300);
}
