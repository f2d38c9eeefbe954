//! Local headers, data and descriptors that contradict the directory.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::super::support::small::{self, small};
use super::super::support::surgery::{Descriptor, Part};
use super::Fate::{Refused, Upgraded};
use super::{cases, with};

fn payload(change: impl FnOnce(&mut Part)) -> Vec<u8> {
    with(|parts| change(&mut parts.entries[3]))
}

fn document(change: impl FnOnce(&mut Part)) -> Vec<u8> {
    with(|parts| change(parts.part("data.xml")))
}

fn sums(signed: bool, zip64: bool) -> Vec<u8> {
    with(|parts| {
        for part in &mut parts.entries {
            part.descriptor = Descriptor::Sums { signed, zip64 };
        }
    })
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    deflate.write_all(content).unwrap();
    deflate.finish().unwrap()
}

/// A document without a descriptor.
fn plain(change: impl FnOnce(&mut Part)) -> Vec<u8> {
    document(|it| {
        it.flags = 0x0800;
        it.descriptor = Descriptor::None;
        change(it);
    })
}

cases! {
    a_local_name_that_differs: Refused("local name is"),
        || document(|it| it.local_name = Some(b"atad.xml".to_vec()));
    a_local_name_of_another_length: Refused("local name is"),
        || document(|it| it.local_name = Some(b"../data.xml".to_vec()));
    a_payloads_local_name_that_differs: Upgraded,
        || payload(|it| it.local_name = Some(b"files/0_x.fmw".to_vec()));
    a_local_method_that_differs: Refused("local method is 0"), || document(|it| it.local_method = Some(0));
    local_flags_that_differ: Refused("flags"), || document(|it| it.local_flags = Some(0));
    a_local_time_that_differs: Upgraded, || document(|it| it.local_time = Some(1));
    local_sums_that_differ: Upgraded, || plain(|it| it.local_sums = Some((1, 2, 3)));
    local_sums_beside_a_descriptor: Upgraded, || document(|it| it.local_sums = Some((1, 2, 3)));
    local_extra_fields: Upgraded, || document(|it| it.local_extra = vec![9, 9, 2, 0, 1, 2]);
    a_local_zip64_field_that_lies: Upgraded,
        || document(|it| it.local_extra = [&[1, 0, 16, 0][..], &[0xee; 16]].concat());
    local_extra_fields_that_do_not_add_up: Upgraded, || document(|it| it.local_extra = vec![1, 0, 0xff]);
    no_descriptor: Upgraded, || plain(|_| {});
    a_descriptor_of_16_bytes: Upgraded, || sums(true, false);
    a_descriptor_of_12_bytes: Upgraded, || sums(false, false);
    a_descriptor_of_24_bytes: Upgraded, || sums(true, true);
    a_descriptor_of_20_bytes: Upgraded, || sums(false, true);
    a_descriptor_that_lies: Refused("the data descriptor"),
        || document(|it| it.descriptor = Descriptor::Raw(b"PK\x07\x08lies, all lies.".to_vec()));
    a_descriptor_that_is_not_there: Refused("the data descriptor"),
        || document(|it| it.descriptor = Descriptor::Raw(Vec::new()));
    a_descriptor_that_nobody_announced: Upgraded, || document(|it| it.flags = 0x0800);
    a_payloads_descriptor_that_lies: Upgraded,
        || payload(|it| it.descriptor = Descriptor::Raw(b"PK\x07\x08lies, all lies.".to_vec()));
    a_stored_document: Upgraded, || document(|it| {
        let content = it.content();
        it.method = 0;
        it.pack(&content.clone(), content);
    });
    a_deflated_document: Upgraded, || document(|it| {
        let content = it.content();
        it.pack(&content, deflated(&content));
    });
    a_stored_document_of_two_sizes: Refused("bad size"), || document(|it| {
        let content = it.content();
        it.method = 0;
        it.pack(&content, [&content[..], b"more"].concat());
    });
    bytes_behind_the_deflate_stream: Refused("bytes follow its end"), || document(|it| {
        let content = it.content();
        it.pack(&content, [deflated(&content), b"more".to_vec()].concat());
    });
    a_deflate_stream_without_an_end: Refused("entry data.xml"), || document(|it| {
        let content = it.content();
        let mut data = deflated(&content);
        data.truncate(data.len() - 3);
        it.pack(&content, data);
    });
    a_deflate_stream_of_noise: Refused("entry data.xml"), || document(|it| {
        let content = it.content();
        it.pack(&content, vec![0xaa; 500]);
    });
    a_stored_block_whose_length_lies: Refused("entry data.xml"), || document(|it| it.data[3] ^= 0xff);
    an_archive_within_the_archive: Upgraded, || with(|it| {
        let inner = small().build();
        it.entries[3].method = 0;
        it.entries[3].pack(&inner.clone(), inner);
    });
    bytes_between_entries: Upgraded, || with(|it| {
        for part in &mut it.entries {
            part.gap = b"PK\x03\x04 nobody's".to_vec();
        }
    });
    bytes_before_the_directory: Upgraded, || with(|it| it.gap = vec![0x55; 300]);
    an_entry_that_no_record_knows: Upgraded, || with(|it| it.order = Some(vec![0, 1, 2, 3, 5]));
    no_data_xml: Refused("data.xml is missing"), || with(|it| { it.entries.remove(1); });
    no_properties_xml: Refused("properties.xml is missing"), || with(|it| { it.entries.remove(0); });
    no_project_yml: Upgraded, || with(|it| { it.entries.remove(2); });
    no_files_map: Upgraded, || with(|it| { it.entries.remove(5); });
    no_entries: Refused("properties.xml is missing"), || with(|it| it.entries.clear());
    an_archive_that_was_zipped: Refused("x.fsproject is in it instead"), || with(|it| {
        it.entries = vec![Part::new("x.fsproject", small().build())];
    });
    everything_in_a_folder: Refused("backup/properties.xml is in it instead"), || with(|it| {
        for part in &mut it.entries {
            part.name = [b"backup/", &*part.name].concat();
        }
    });
    documents_last: Upgraded, || with(|it| it.entries.reverse());
    two_data_xml: Refused("two entries for one document"),
        || with(|it| it.entries.push(Part::new("data.xml", small::data())));
    two_data_xml_that_differ_by_case: Refused("two entries for one document: data.xml and DATA.XML"),
        || with(|it| it.entries.push(Part::new("DATA.XML", small::data())));
    two_files_map: Refused("two entries for one document"),
        || with(|it| it.entries.push(Part::new("files.map", small::MAP)));
    two_payloads_of_one_name: Upgraded, || with(|it| {
        let twice = it.entries[4].clone();
        it.entries.push(twice);
    });
    two_workspaces_of_one_name: Refused("two entries for one document"), || with(|it| {
        let twice = it.entries[3].clone();
        it.entries.push(twice);
    });
    two_payloads_that_differ_by_case: Upgraded, || with(|it| {
        it.entries.push(Part::new("FILES/0_W.FMW", "other"));
    });
    two_payloads_that_differ_by_normalisation: Upgraded, || with(|it| {
        it.entries.push(Part::new("files/ä", "composed"));
        it.entries.push(Part::new("files/a\u{308}", "decomposed"));
    });
    a_symlink: Upgraded, || payload(|it| {
        it.external = 0o120_777 << 16;
        it.version.0 = 0x0314;
        it.fill(b"/etc/passwd");
    });
    a_document_that_is_a_symlink: Upgraded, || document(|it| {
        it.external = 0o120_777 << 16;
        it.version.0 = 0x0314;
    });
    a_device: Upgraded, || payload(|it| {
        it.external = 0o060_666 << 16;
        it.version.0 = 0x0314;
    });
    a_setuid_program: Upgraded, || payload(|it| {
        it.external = 0o104_755 << 16;
        it.version.0 = 0x0314;
    });
    a_folder_with_content: Upgraded, || with(|it| it.entries[4].fill(b"content"));
}
