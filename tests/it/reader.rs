//! What is read is held against general readers: the same elements of XML at the same bytes, the same
//! content of entries.

use std::io::Read;
use std::ops::Range;

use flowlift::archive::Source;
use flowlift::package::WANTED;
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

#[test]
fn one_reader_after_the_other_entry_gives_what_is_in_each() {
    for archive in archives() {
        let source = Source::open(&archive, WANTED).unwrap();
        let mut zip = ZipArchive::new(fs_err::File::open(&archive).unwrap()).unwrap();
        let mut reader = None;
        for (number, entry) in source.entries().enumerate().take(200) {
            let mut expected = Vec::new();
            let mut other = zip.by_index(number).unwrap();
            other.read_to_end(&mut expected).unwrap();
            let reader = source.read_on(&mut reader, &entry.unwrap()).unwrap();
            let mut content = Vec::new();
            // Every third one is left before its end, as a workspace is behind its header.
            if number % 3 == 2 {
                let count = expected.len() / 2;
                reader.take(count as u64).read_to_end(&mut content).unwrap();
                expected.truncate(count);
            } else {
                reader.read_to_end(&mut content).unwrap();
            }
            assert!(content == expected, "{} of {}", number, archive.display());
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
