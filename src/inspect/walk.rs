//! `data.xml` as its own words: lists of items, items with attributes and lists.
//!
//! Unlike the reader a plan is made from, this one knows no kinds of item and keeps nothing: a name
//! and the attributes of one item are all it holds at a time, and of a value only its beginning.

use std::io::{self, Read};

use crate::package::xml::{Piece, Scanner, unescape};
use crate::package::{Document, PackageError};

/// How much of a name or value is kept, in bytes.
const KEPT_BYTES: usize = 4096;
/// How many attributes of an item are kept; ten are usual.
const KEPT_ATTRIBUTES: usize = 1024;

/// What a list holds. All three are built alike (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// `itemtype`.
    Items,
    /// `filetype`: names of files in the archive.
    Files,
    /// `dirtype`: names of trees in the archive.
    Folders,
}

/// A piece of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// A list begins.
    List(ListKind, &'a str),
    /// An item of the innermost list begins.
    Item(&'a str),
    /// Attributes of the innermost item.
    Attributes(&'a [Attribute]),
    /// The innermost item is over.
    ItemOver,
    /// The innermost list is over.
    ListOver,
}

/// An attribute as written; a long value is cut.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) value: String,
    /// Of the whole value as written, in bytes.
    pub(crate) bytes: u64,
}

/// Reads a whole `data.xml` and tells of every list, item and attribute in it.
///
/// # Errors
/// When the document is not well-formed, reading fails, or `tell` fails.
pub(crate) fn walk(
    document: impl Read,
    tell: &mut dyn FnMut(Event<'_>) -> io::Result<()>,
) -> Result<(), PackageError> {
    let in_xml = PackageError::in_xml(Document::Data);
    let mut scanner = Scanner::new(document);
    let mut walk = Walk::default();
    loop {
        match scanner.next().map_err(&in_xml)? {
            Piece::Over => return Ok(()),
            Piece::Text(text) => walk.text.push(text, |text| unescape(text).into_owned()),
            Piece::Literal(text) => walk.text.push(text, str::to_owned),
            Piece::Start(name) => walk.start(name, tell)?,
            Piece::End => walk.end(tell)?,
        }
    }
}

/// An element that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A list that was told of, or was not yet because its name is still to come.
    List(ListKind, Told),
    Item(Told),
    Attributes,
    Attribute,
    Name,
    Kind,
    Value,
    /// Says nothing by itself: `package`, `itemtypes`, `items`, and whatever is not known.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Yes,
    No,
}

#[derive(Default)]
struct Walk {
    open: Vec<Open>,
    text: Text,
    attributes: Vec<Attribute>,
}

impl Walk {
    fn start(
        &mut self,
        name: &[u8],
        tell: &mut dyn FnMut(Event<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let open = match (name, self.open.last()) {
            (b"itemtype", _) => Open::List(ListKind::Items, Told::No),
            (b"filetype", _) => Open::List(ListKind::Files, Told::No),
            (b"dirtype", _) => Open::List(ListKind::Folders, Told::No),
            (b"item" | b"file" | b"dir", _) => Open::Item(Told::No),
            (b"attributes", _) => Open::Attributes,
            (b"attribute", _) => {
                if self.attributes.len() < KEPT_ATTRIBUTES {
                    self.attributes.push(Attribute::default());
                }
                Open::Attribute
            }
            (b"name", Some(Open::List(..) | Open::Item(_) | Open::Attribute)) => Open::Name,
            (b"type", Some(Open::Attribute)) => Open::Kind,
            (b"value", Some(Open::Attribute)) => Open::Value,
            _ => Open::Plain,
        };
        if open != Open::Name {
            self.tell_of_unnamed(tell)?;
        }
        self.text.clear();
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, tell: &mut dyn FnMut(Event<'_>) -> io::Result<()>) -> io::Result<()> {
        let open = self.open.pop();
        match open {
            Some(Open::Name) => match self.open.last_mut() {
                Some(Open::List(kind, told @ Told::No)) => {
                    *told = Told::Yes;
                    tell(Event::List(*kind, &self.text.kept))?;
                }
                Some(Open::Item(told @ Told::No)) => {
                    *told = Told::Yes;
                    tell(Event::Item(&self.text.kept))?;
                }
                Some(Open::Attribute) => self.attribute(|attribute, text| {
                    attribute.name.clone_from(&text.kept);
                }),
                _ => {}
            },
            Some(Open::Kind) => self.attribute(|attribute, text| {
                attribute.kind.clone_from(&text.kept);
            }),
            Some(Open::Value) => self.attribute(|attribute, text| {
                attribute.value.clone_from(&text.kept);
                attribute.bytes = text.bytes;
            }),
            Some(Open::Attributes) => {
                tell(Event::Attributes(&self.attributes))?;
                self.attributes.clear();
            }
            Some(open @ (Open::List(..) | Open::Item(_))) => {
                self.open.push(open);
                self.tell_of_unnamed(tell)?;
                self.open.pop();
                tell(match open {
                    Open::List(..) => Event::ListOver,
                    _ => Event::ItemOver,
                })?;
            }
            _ => {}
        }
        self.text.clear();
        Ok(())
    }

    fn attribute(&mut self, set: impl FnOnce(&mut Attribute, &Text)) {
        if let Some(attribute) = self.attributes.last_mut() {
            set(attribute, &self.text);
        }
    }

    /// A list or an item whose name does not come first has to do without.
    fn tell_of_unnamed(
        &mut self,
        tell: &mut dyn FnMut(Event<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        match self.open.last_mut() {
            Some(Open::List(kind, told @ Told::No)) => {
                *told = Told::Yes;
                tell(Event::List(*kind, ""))
            }
            Some(Open::Item(told @ Told::No)) => {
                *told = Told::Yes;
                tell(Event::Item(""))
            }
            _ => Ok(()),
        }
    }
}

/// The text of the innermost element.
#[derive(Default)]
struct Text {
    kept: String,
    bytes: u64,
}

impl Text {
    fn push(&mut self, piece: &[u8], read: impl Fn(&str) -> String) {
        self.bytes += piece.len() as u64;
        let room = KEPT_BYTES.saturating_sub(self.kept.len());
        if room == 0 {
            return;
        }
        // A piece splits no character and no entity, but may be far longer than what is kept.
        let text = str::from_utf8(piece).unwrap_or_default();
        let mut cut = text.len().min(room * 8);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        self.kept.push_str(&read(text.get(..cut).unwrap_or(text)));
        while self.kept.len() > KEPT_BYTES {
            self.kept.pop();
        }
    }

    fn clear(&mut self) {
        self.kept.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(document: &str) -> Vec<String> {
        let mut told = Vec::new();
        walk(document.as_bytes(), &mut |event| {
            told.push(match event {
                Event::List(kind, name) => format!("{kind:?} {name}"),
                Event::Item(name) => format!("item {name}"),
                Event::Attributes(all) => all
                    .iter()
                    .map(|a| format!("{} {}={} {}", a.kind, a.name, a.value, a.bytes))
                    .collect::<Vec<_>>()
                    .join(", "),
                Event::ItemOver => "item over".to_owned(),
                Event::ListOver => "list over".to_owned(),
            });
            Ok(())
        })
        .unwrap();
        told
    }

    #[test]
    fn lists_items_and_attributes_are_told_of_in_order() {
        let document = "<package><itemtypes><itemtype><name>categories</name><items>\
            <item><name>a &amp; b</name><type>categories</type><attributes><attribute>\
            <name>n</name><type>string</type><value>x&lt;y</value></attribute></attributes>\
            <dirtypes><dirtype><name>d</name><dirs><dir><name>D</name></dir></dirs></dirtype>\
            </dirtypes></item></items></itemtype></itemtypes></package>";
        assert_eq!(
            told(document),
            [
                "Items categories",
                "item a & b",
                "string n=x<y 6",
                "Folders d",
                "item D",
                "item over",
                "list over",
                "item over",
                "list over"
            ]
        );
    }

    #[test]
    fn what_has_no_name_is_told_of_without_one() {
        let document = "<package><itemtypes><itemtype><items><item></item></items></itemtype>\
            </itemtypes></package>";
        assert_eq!(
            told(document),
            ["Items ", "item ", "item over", "list over"]
        );
    }

    #[test]
    fn of_a_long_value_only_the_beginning_is_kept() {
        let value = "ü&amp;".repeat(100_000);
        let document = format!(
            "<package><item><attributes><attribute><value>{value}</value></attribute></attributes>\
             </item></package>"
        );
        let mut seen = 0;
        walk(document.as_bytes(), &mut |event| {
            if let Event::Attributes([attribute]) = event {
                assert!(attribute.value.len() <= KEPT_BYTES && attribute.value.starts_with("ü&ü"));
                assert_eq!(attribute.bytes, 700_000);
                seen += 1;
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, 1);
    }
}
