//! FME Flow's generic tree in XML, as a stream of text: a `data.xml` of gigabytes is never in memory.
//! The one place where tests write the tree.

use std::io::{self, Read};
use std::iter::{empty, once};

/// XML, piece by piece.
pub(crate) type Pieces<'a> = Box<dyn Iterator<Item = String> + 'a>;

/// Name, type and value of an attribute; the value is written as it is.
pub(crate) type Attribute<'a> = (&'a str, &'a str, &'a str);

/// An item with what `attributes` and `lists` hold.
pub(crate) fn item<'a>(
    name: &str,
    kind: &str,
    attributes: Pieces<'a>,
    lists: Vec<Pieces<'a>>,
) -> Pieces<'a> {
    let open = format!("<item><name>{name}</name><type>{kind}</type>");
    let mut lists = lists.into_iter().flatten().peekable();
    let (before, after) = match lists.peek() {
        Some(_) => ("<itemtypes>", "</itemtypes></item>"),
        None => ("", "</item>"),
    };
    Box::new(
        once(open)
            .chain(attributes)
            .chain(once(before.to_owned()))
            .chain(lists)
            .chain(once(after.to_owned())),
    )
}

/// An item that is a name and no more.
pub(crate) fn bare(name: &str, kind: &str) -> String {
    format!("<item><name>{name}</name><type>{kind}</type></item>")
}

/// The attributes of an item.
pub(crate) fn attributes<'a>(attributes: &[Attribute<'_>]) -> Pieces<'a> {
    if attributes.is_empty() {
        return Box::new(empty());
    }
    let mut text = String::from("<attributes>");
    for (name, kind, value) in attributes {
        text += &attribute((name, kind, value));
    }
    Box::new(once(text + "</attributes>"))
}

/// One attribute.
pub(crate) fn attribute((name, kind, value): Attribute<'_>) -> String {
    format!("<attribute><name>{name}</name><type>{kind}</type><value>{value}</value></attribute>")
}

/// A list of items; without items it is not written, as FME Flow does (seen).
pub(crate) fn list<'a>(name: &str, items: impl Iterator<Item = String> + 'a) -> Pieces<'a> {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return Box::new(empty());
    }
    list_of(name, items)
}

/// A list of items, be there any or none.
pub(crate) fn list_of<'a>(name: &str, items: impl Iterator<Item = String> + 'a) -> Pieces<'a> {
    let open = format!("<itemtype><name>{name}</name><items>");
    let close = "</items></itemtype>".to_owned();
    Box::new(once(open).chain(items).chain(once(close)))
}

/// Text in pieces as a stream of bytes.
pub(crate) struct Text<I> {
    pieces: I,
    piece: String,
    at: usize,
}

impl<I: Iterator<Item = String>> Text<I> {
    pub(crate) fn new(pieces: I) -> Self {
        Self {
            pieces,
            piece: String::new(),
            at: 0,
        }
    }
}

impl<I: Iterator<Item = String>> Read for Text<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            let Some(piece) = self.pieces.next() else {
                return Ok(0);
            };
            (self.piece, self.at) = (piece, 0);
        }
        let mut rest = self.piece.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.at += count;
        Ok(count)
    }
}
