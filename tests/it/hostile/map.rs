//! `files.map` with lines that do not make pairs, or pairs that make no sense.

use super::super::support::small::MAP;
use super::Fate::{Refused, Upgraded};
use super::{cases, with};

fn map(text: impl AsRef<[u8]>) -> Vec<u8> {
    with(|it| it.part("files.map").fill(text.as_ref()))
}

cases! {
    an_empty_map: Upgraded, || map("");
    a_map_of_one_line: Refused("a key without an entry after it"), || map("/categories/x\n");
    a_map_of_odd_lines: Refused("a key without an entry after it"), || map(format!("{MAP}/categories/x\n"));
    a_map_of_one_line_end: Refused("a key without an entry after it"), || map("\n");
    no_line_end_at_the_end_of_the_map: Upgraded, || map(MAP.trim_end());
    line_ends_of_windows_in_the_map: Upgraded, || map(MAP.replace('\n', "\r\n"));
    a_map_that_is_not_utf8: Upgraded, || map(b"/a/\xff\nfiles/\xfe\n");
    an_unknown_escape: Upgraded, || map(MAP.replace("R/work", "%ZZ/work"));
    an_escape_that_is_cut: Upgraded, || map("/a%\nfiles/0\n/b%4\nfiles/1\n");
    an_escaped_nul: Upgraded, || map("/a%00\nfiles/0\n");
    a_key_that_climbs_out: Upgraded, || map("/../../etc\nfiles/0\n");
    an_entry_that_is_not_there: Upgraded, || map(MAP.replace("files/0", "files/99"));
    an_entry_that_climbs_out: Upgraded, || map(MAP.replace("files/0_w.fmw", "../../etc/passwd"));
    an_entry_that_is_data_xml: Upgraded, || map(MAP.replace("files/0_w.fmw", "data.xml"));
    a_key_that_is_there_twice_in_the_map: Upgraded, || map(MAP.repeat(2));
    a_hundred_thousand_pairs: Upgraded, || map(MAP.repeat(100_000));
    blank_lines: Upgraded, || map("\n\n\n\n");
    control_characters_in_the_map: Upgraded, || map("/a\x1b[2J\nfiles/0\x07\n");
}
