//! Little archives that unpack to much: all is read as a stream, so that size is time and never
//! memory, and time has a limit.

use std::io::{self, Read, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::super::counts;
use super::super::support::small::{self, item, list, package};
use super::super::support::surgery::Part;
use super::Fate::{Refused, Upgraded};
use super::{cases, with};

const MEGABYTE: usize = 1 << 20;

/// In megabytes: in a long run far more than the memory a run may have.
fn size() -> usize {
    if counts::long() { 400 } else { 12 }
}

/// Gives `part` as content `head`, `count` times `filling`, and `tail`, well compressed.
fn inflate(part: &mut Part, head: &str, filling: &[u8], count: usize, tail: &str) {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
    let (mut crc, mut size) = (Crc::new(), 0);
    let pieces = std::iter::once(head.as_bytes())
        .chain(std::iter::repeat_n(filling, count))
        .chain([tail.as_bytes()]);
    for piece in pieces {
        io::copy(&mut piece.take(u64::MAX), &mut deflate).unwrap();
        crc.update(piece);
        size += piece.len() as u64;
    }
    deflate.flush().unwrap();
    part.data = deflate.finish().unwrap();
    (part.crc, part.size) = (crc.sum(), size);
}

/// `data.xml` with a value of so many megabytes.
fn value(megabytes: usize) -> Vec<u8> {
    with(|it| {
        let data = small::data();
        let (head, tail) = data.split_once("SECRET-hash").unwrap();
        let filling = vec![b'x'; MEGABYTE];
        inflate(it.part("data.xml"), head, &filling, megabytes, tail);
    })
}

cases! {
    a_gigantic_value: Upgraded, || value(size());
    blanks_between_two_tags: Upgraded, || with(|it| {
        let data = small::data();
        let (head, tail) = data.split_once("<itemtypes>").unwrap();
        inflate(it.part("data.xml"), head, &vec![b' '; MEGABYTE], size(), &format!("<itemtypes>{tail}"));
    });
    a_comment_that_is_gigantic: Refused("a tag, a comment or a section of more than 65536 bytes"), || with(|it| {
        let data = small::data();
        let (head, tail) = data.split_once("<itemtypes>").unwrap();
        let (head, tail) = (format!("{head}<!--"), format!("--><itemtypes>{tail}"));
        inflate(it.part("data.xml"), &head, &vec![b' '; MEGABYTE], size(), &tail);
    });
    very_many_small_items: Upgraded, || with(|it| {
        let thousand = item("k", "things", &[], "").repeat(1000);
        let things = list("things", "@");
        let data = small::data();
        let more = item("other", "categories", &[], &things);
        let data = data.replacen("<items>", &format!("<items>{more}"), 1);
        let (head, tail) = data.split_once('@').unwrap();
        inflate(it.part("data.xml"), head, thousand.as_bytes(), size(), tail);
    });
    a_million_elements_deep: Refused("nested elements"), || with(|it| {
        inflate(it.part("data.xml"), "<package>", &b"<a>".repeat(1000), 1000, "");
    });
    a_tag_that_is_gigantic: Refused("a tag, a comment or a section of more than 65536 bytes"), || with(|it| {
        inflate(it.part("data.xml"), "<package><", &vec![b'x'; MEGABYTE], size(), "></package>");
    });
    a_name_that_is_gigantic: Refused("a name or a value that matters is longer than"), || with(|it| {
        let (head, tail) = package(&item("@", "categories", &[], "")).split_once('@').map(|(a, b)| {
            (a.to_owned(), b.to_owned())
        }).unwrap();
        inflate(it.part("data.xml"), &head, &vec![b'x'; MEGABYTE], size(), &tail);
    });
    an_entity_that_is_gigantic: Refused("an & that begins no known entity"), || with(|it| {
        inflate(it.part("data.xml"), "<package>&", &vec![b'x'; MEGABYTE], size(), ";</package>");
    });
    a_properties_value_that_is_gigantic: Refused("a value is longer than"), || with(|it| {
        let text = small::properties();
        let (head, tail) = text.split_once("25609").unwrap();
        inflate(it.part("properties.xml"), head, &vec![b'9'; MEGABYTE], size(), tail);
    });
    a_project_yml_that_is_gigantic: Refused("the document is longer than"), || with(|it| {
        inflate(it.part("project.yml"), small::PROJECT, &b"# nothing\n".repeat(100_000), 24, "");
    });
    a_line_of_files_map_that_is_gigantic: Refused("is longer than"), || with(|it| {
        inflate(it.part("files.map"), small::MAP, &vec![b'x'; MEGABYTE], size(), "\n");
    });
    a_workspace_line_that_is_gigantic: Upgraded, || with(|it| {
        inflate(&mut it.entries[3], "#! <", &vec![b'x'; MEGABYTE], size(), "\n");
    });
    a_gigantic_payload: Upgraded, || with(|it| {
        it.entries.insert(4, Part::new("files/2_big", ""));
        inflate(&mut it.entries[4], "", &vec![0; MEGABYTE], size(), "");
    });
}
