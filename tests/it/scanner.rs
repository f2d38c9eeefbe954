//! The XML scanner is held against a general parser: the same elements at the same bytes.

use std::io::Read;
use std::ops::Range;

use flowlift::package::xml::{Piece, Scanner};
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
            let (scanned, parsed) = (scanned(&text), parsed(&text));
            assert!(!parsed.is_empty());
            assert!(scanned == parsed, "{document} of {}", archive.display());
        }
    }
}

fn scanned(text: &str) -> Elements {
    let mut scanner = Scanner::new(text.as_bytes());
    let mut elements = Elements::new();
    let mut open = Vec::new();
    loop {
        let begun = match scanner.next().unwrap() {
            Piece::Over => return elements,
            Piece::Start(name) => Some(String::from_utf8(name.to_vec()).unwrap()),
            Piece::End => None,
            Piece::Text(_) | Piece::Literal(_) => continue,
        };
        let (start, end) = (scanner.start() as usize, scanner.end() as usize);
        if let Some(name) = begun {
            open.push(elements.len());
            elements.push((name, start..end));
        } else {
            let number = open.pop().unwrap();
            elements[number].1.end = end;
        }
    }
}

fn parsed(text: &str) -> Elements {
    let document = roxmltree::Document::parse(text).unwrap();
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|node| (node.tag_name().name().to_owned(), node.range()))
        .collect()
}
