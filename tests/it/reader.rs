//! The XML reader is held against a general parser: the same elements at the same bytes.

use std::io::Read;
use std::ops::Range;

use flowlift::package::xml::{Reader, Tag};
use zip::ZipArchive;

use super::support::archives;

/// Names and places of all elements, in the order of their beginnings.
type Elements = Vec<(String, Range<usize>)>;

#[test]
fn elements_are_where_a_general_parser_finds_them_in_every_archive() {
    for archive in archives() {
        let mut zip = ZipArchive::new(fs_err::File::open(&archive).unwrap()).unwrap();
        for document in ["data.xml", "properties.xml"] {
            let mut text = String::new();
            zip.by_name(document)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            let (told, parsed) = (told(&text), parsed(&text));
            assert!(!parsed.is_empty());
            assert!(told == parsed, "{document} of {}", archive.display());
        }
    }
}

fn told(text: &str) -> Elements {
    let mut xml = Reader::new(text.as_bytes());
    let mut elements = Elements::new();
    let mut open = Vec::new();
    while let Some(tag) = xml.next_tag().unwrap() {
        if let Tag::Start(name) = tag {
            open.push(elements.len());
            elements.push((String::from_utf8(name.to_vec()).unwrap(), 0..0));
        } else {
            let span = xml.element();
            elements[open.pop().unwrap()].1 = span.start as usize..span.end as usize;
        }
    }
    elements
}

fn parsed(text: &str) -> Elements {
    let document = roxmltree::Document::parse(text).unwrap();
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|node| (node.tag_name().name().to_owned(), node.range()))
        .collect()
}
