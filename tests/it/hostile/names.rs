//! Names of entries that hurt whoever unpacks or prints them.

use super::super::support::surgery::Part;
use super::Fate::{Refused, Upgraded};
use super::{cases, with};

fn named(name: impl AsRef<[u8]>) -> Vec<u8> {
    with(|it| it.entries.push(Part::new(name, "content")))
}

cases! {
    a_name_that_climbs_out: Refused("climbs out"), || named("../evil");
    a_name_that_climbs_out_later: Refused("climbs out"), || named("files/../../evil");
    a_name_that_climbs_out_by_backslashes: Refused("climbs out"), || named(r"files\..\..\evil");
    a_name_that_ends_in_dots: Refused("climbs out"), || named("files/..");
    an_absolute_name: Refused("it is absolute"), || named("/etc/passwd");
    an_absolute_name_of_windows: Refused("it is absolute"), || named(r"\\server\share\evil");
    a_drive_letter: Refused("drive letter"), || named("C:evil");
    a_drive_letter_and_a_folder: Refused("drive letter"), || named(r"c:\evil");
    a_name_with_a_nul: Refused("NUL"), || named("files/a\0.txt");
    a_name_that_is_only_a_nul: Refused("NUL"), || named("\0");
    a_dot_as_a_name: Upgraded, || named(".");
    dots_that_go_nowhere: Upgraded, || named("files/./a");
    a_name_with_a_tilde: Upgraded, || named("~/evil");
    an_empty_name: Upgraded, || named("");
    a_slash_too_many: Upgraded, || named("files//a");
    a_device_of_windows: Upgraded, || named("files/CON");
    a_stream_of_ntfs: Upgraded, || named("files/a.txt:stream");
    a_name_that_ends_in_a_blank: Upgraded, || named("files/a .");
    a_name_with_a_line_end: Upgraded, || named("files/a\nERROR forged line");
    a_name_with_an_escape_sequence: Upgraded, || named("files/\x1b[2J\x1b]0;owned\x07");
    a_name_that_reads_backwards: Upgraded, || named("files/gpj.\u{202e}exe");
    a_name_with_zero_width_characters: Upgraded, || named("files/ad\u{200b}min");
    a_name_that_is_not_utf8: Upgraded, || named(b"files/\xff\xfe\x80");
    a_name_of_code_page_437: Upgraded, || with(|it| {
        let mut part = Part::new(b"files/\x84\x94\x81", "content");
        part.flags = 0x0008;
        it.entries.push(part);
    });
    a_name_with_an_overlong_slash: Upgraded, || named(b"..\xc0\xaf..\xc0\xafevil");
    the_longest_name: Upgraded, || named("x".repeat(65_535));
    the_longest_path: Upgraded, || named("a/".repeat(32_767));
    many_of_the_longest_paths: Upgraded, || with(|it| {
        let paths = (0..64).map(|number| format!("{number:03}/{}", "a/".repeat(32_765)));
        it.entries.extend(paths.map(|path| Part::new(path, "content")));
    });
    a_name_with_a_percent_sign: Upgraded, || named("files/%2e%2e%2fevil");
    a_document_with_a_blank_before_it: Upgraded, || named(" data.xml");
    a_document_with_a_dot_before_it: Refused("two entries for one document"), || named("./data.xml");
    a_document_with_a_dot_behind_it: Refused("two entries for one document"), || named("project.yml.");
    a_document_with_a_backslash_before_it: Refused("two entries for one document"), || named(r".\Files.map");
    a_document_in_capitals_only: Refused("is not called data.xml"), || with(|it| {
        it.part("data.xml").name = b"DATA.XML".to_vec();
    });
    a_project_yml_in_another_case: Refused("is not called project.yml"), || with(|it| {
        it.part("project.yml").name = b"Project.yml".to_vec();
    });
    all_names_with_a_dot_before_them: Refused("entry \"./properties.xml\" is not called properties.xml"), || with(|it| {
        for part in &mut it.entries {
            part.name = [b"./", &*part.name].concat();
        }
    });
}
