//! One pass over `data.xml`: from pieces of XML to the [`Data`] of a package.
//!
//! The tree is followed with a stack of the elements that are open. Names and values are kept only
//! where the kind of item asks for them, so the size of everything else does not matter.

use std::io::Read;

use super::collect::Collector;
use super::item::{Kind, is_secret};
use super::model::Data;
use super::open::{OpenItems, utf8};
use super::repeat::Repeats;
use crate::edit::{InsertPoint, Span};
use crate::limits::{Limit, Limits};
use crate::package::xml::{Piece, Scanner, XmlError, unescape};
use crate::package::{Document, PackageError};

/// Reads a whole `data.xml`.
///
/// # Errors
/// [`PackageError`] when the document is not well-formed, is no FME Flow package, or holds an item
/// that matters in a form that would have to be guessed at.
pub fn read(document: impl Read, limits: Limits) -> Result<Data, PackageError> {
    let mut reader = Reader {
        scanner: Scanner::new(document),
        open: Vec::new(),
        items: OpenItems::default(),
        text: Vec::new(),
        repeats: Repeats::default(),
        limits,
        collector: Collector::default(),
    };
    while let Some(tag) = reader.next_tag()? {
        match tag {
            Tag::Start(element) => reader.start(element)?,
            Tag::End => reader.end()?,
        }
    }
    Ok(reader.collector.data.in_order())
}

/// What a document is made of, as far as it matters; text does only where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Start(Element),
    End,
}

/// The elements of FME Flow's generic tree; it uses no XML attributes (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Package,
    ItemTypes,
    ItemType,
    Items,
    Item,
    Attributes,
    Attribute,
    Name,
    Type,
    Value,
    Unknown,
}

impl Element {
    #[inline]
    fn named(name: &[u8]) -> Self {
        match name {
            b"item" => Self::Item,
            b"items" => Self::Items,
            b"itemtype" => Self::ItemType,
            b"itemtypes" => Self::ItemTypes,
            b"attribute" => Self::Attribute,
            b"attributes" => Self::Attributes,
            b"name" => Self::Name,
            b"type" => Self::Type,
            b"value" => Self::Value,
            b"package" => Self::Package,
            _ => Self::Unknown,
        }
    }
}

/// An element that is open and holds items, at whatever depth.
#[derive(Debug, Clone, Copy)]
enum Open {
    Package,
    ItemTypes {
        start: u64,
        kind: Kind,
        lists: u32,
        group: Option<u32>,
    },
    ItemType {
        start: u64,
        parent: Kind,
        kind: Option<Kind>,
        items: u32,
        list: Option<u32>,
    },
    Items,
    Item {
        start: u64,
    },
}

struct Reader<R> {
    scanner: Scanner<R>,
    open: Vec<Open>,
    items: OpenItems,
    /// The text that was asked for last.
    text: Vec<u8>,
    repeats: Repeats,
    limits: Limits,
    collector: Collector,
}

impl<R: Read> Reader<R> {
    /// The next tag; none at the end of the document.
    #[inline]
    fn next_tag(&mut self) -> Result<Option<Tag>, PackageError> {
        loop {
            match self.scanner.next().map_err(in_xml)? {
                Piece::Start(name) => return Ok(Some(Tag::Start(Element::named(name)))),
                Piece::End => return Ok(Some(Tag::End)),
                Piece::Text(_) | Piece::Literal(_) => {}
                Piece::Over => return Ok(None),
            }
        }
    }

    /// Passes over the element just started: of no interest, nor is anything in it.
    #[inline]
    fn pass(&mut self) -> Result<(), PackageError> {
        self.scanner.skip().map_err(in_xml)
    }

    fn start(&mut self, element: Element) -> Result<(), PackageError> {
        let start = self.scanner.start();
        let kind = self.items.last().map_or(Kind::Document, |item| item.kind);
        let opened = match (self.open.last(), element) {
            (None, Element::Package) => Open::Package,
            (None, _) => return unclear(start, "the root element is not <package>"),
            (Some(Open::Package | Open::Item { .. }), Element::ItemTypes) => {
                self.item_has_content(start)?;
                let anchor = self.list_anchor();
                if let Some(item) = self.items.last_mut() {
                    item.itemtypes = Some(anchor);
                }
                if kind == Kind::Passed {
                    return self.pass();
                }
                Open::ItemTypes {
                    start,
                    kind,
                    lists: 0,
                    group: None,
                }
            }
            (Some(&Open::ItemTypes { kind: parent, .. }), Element::ItemType) => Open::ItemType {
                start,
                parent,
                kind: None,
                items: 0,
                list: None,
            },
            (Some(Open::ItemType { .. }), Element::Name) => return self.itemtype_name(),
            (Some(Open::ItemType { kind, .. }), Element::Items) => match kind {
                Some(Kind::Passed) => return self.pass(),
                Some(_) => Open::Items,
                None => return unclear(start, "an itemtype whose items come before its name"),
            },
            (Some(Open::Items), Element::Item) => {
                let kind = self.itemtype_kind();
                self.items.open(kind);
                Open::Item { start }
            }
            (Some(Open::Item { .. }), Element::Name) => return self.item_name(),
            (Some(Open::Item { .. }), Element::Attributes) => {
                self.item_has_content(start)?;
                return self.attributes(kind);
            }
            _ => return self.pass(),
        };
        self.open.push(opened);
        Ok(())
    }

    fn end(&mut self) -> Result<(), PackageError> {
        let (end_tag, end) = (self.scanner.start(), self.scanner.end());
        match self.open.pop() {
            Some(Open::Item { start }) => {
                let span = Span { start, end };
                let kind = self.items.last().map(|item| item.kind);
                let place = kind
                    .is_some_and(Kind::is_removable)
                    .then(|| self.place(span));
                if let Some((item, above)) = self.items.close() {
                    item.close_anchors(end_tag);
                    let unseen = item.unseen.and_then(|from| self.scanner.passage(from));
                    if let Some(passage) = unseen {
                        self.repeats.keep(passage, &item.permissions);
                    }
                    self.collector.close(item, place, above, span)?;
                }
                if let Some(Open::ItemType { items, .. }) = self.enclosing_mut(2) {
                    *items += 1;
                }
            }
            Some(Open::ItemType {
                start, items, list, ..
            }) => {
                if let Some(list) = list {
                    self.collector
                        .data
                        .tree
                        .close_list(list, Span { start, end }, items);
                }
                if let Some(Open::ItemTypes { lists, .. }) = self.open.last_mut() {
                    *lists += 1;
                }
            }
            Some(Open::ItemTypes {
                start,
                lists,
                group,
                ..
            }) => {
                if let Some(group) = group {
                    self.collector
                        .data
                        .tree
                        .close_group(group, Span { start, end }, lists);
                }
                if let (Some(Open::Item { .. }), Some(item)) =
                    (self.open.last(), self.items.last_mut())
                {
                    close_anchor(item.itemtypes.as_mut(), end_tag);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn itemtype_name(&mut self) -> Result<(), PackageError> {
        self.read_text()?;
        if let Some(Open::ItemType { parent, kind, .. }) = self.open.last_mut() {
            if kind.is_some() {
                return unclear(self.scanner.start(), "an itemtype with two names");
            }
            *kind = Some(parent.child(&self.text));
        }
        Ok(())
    }

    fn item_name(&mut self) -> Result<(), PackageError> {
        self.read_text()?;
        if let Some(item) = self.items.last_mut() {
            if item.is_named {
                return unclear(self.scanner.start(), "an item with two names");
            }
            item.call(&mut self.text);
            if item.kind == Kind::Grant {
                match self.repeats.pass(&mut self.scanner) {
                    Some(words) => item.permissions.extend_from_slice(words),
                    None => item.unseen = Some(self.scanner.end()),
                }
            }
        }
        Ok(())
    }

    /// The attributes of an item of this kind.
    fn attributes(&mut self, kind: Kind) -> Result<(), PackageError> {
        let mut anchor = self.list_anchor();
        let wanted = kind.attributes();
        if wanted.is_empty() {
            self.pass()?;
        } else {
            while let Some(Tag::Start(element)) = self.next_tag()? {
                match element {
                    Element::Attribute => self.attribute(wanted)?,
                    _ => self.pass()?,
                }
            }
            close_anchor(Some(&mut anchor), self.scanner.start());
        }
        if let Some(item) = self.items.last_mut() {
            item.attributes = Some(anchor);
        }
        Ok(())
    }

    /// An attribute of the innermost item, kept if it is one of `wanted`.
    fn attribute(&mut self, wanted: &[&'static str]) -> Result<(), PackageError> {
        let start = self.scanner.start();
        let (mut name, mut value) = (None, None);
        while let Some(Tag::Start(element)) = self.next_tag()? {
            match (element, name) {
                (Element::Name, named) => {
                    self.read_text()?;
                    let at = self.scanner.start();
                    if named.is_some() {
                        return unclear(at, "an attribute with two names");
                    }
                    let known = wanted.iter().find(|known| known.as_bytes() == self.text);
                    if let Some(known) = known
                        && self.items.last().is_some_and(|item| item.has(known))
                    {
                        let what = format!("an item with two attributes called {known}");
                        return unclear(at, &what);
                    }
                    name = Some(known.copied());
                }
                (Element::Value, Some(Some(name))) if !is_secret(name) => {
                    self.read_text()?;
                    value = Some(utf8(&self.text).to_owned());
                }
                (Element::Value, None) => {
                    let at = self.scanner.start();
                    return unclear(at, "an attribute whose value comes before its name");
                }
                _ => self.pass()?,
            }
        }
        let end = self.scanner.end();
        if let (Some(Some(name)), Some(item)) = (name, self.items.last_mut()) {
            item.keep(name, value, Span { start, end });
        }
        Ok(())
    }

    /// The text of the element just started, without that of elements in it.
    fn read_text(&mut self) -> Result<(), PackageError> {
        self.text.clear();
        if let Some(text) = self.scanner.leaf() {
            self.text.extend_from_slice(text);
            return Ok(());
        }
        loop {
            match self.scanner.next().map_err(in_xml)? {
                Piece::Text(text) => {
                    let text = unescape(utf8(text));
                    self.text.extend_from_slice(text.as_bytes());
                }
                Piece::Literal(text) => self.text.extend_from_slice(text),
                Piece::Start(_) => self.pass()?,
                Piece::End | Piece::Over => return Ok(()),
            }
            if self.text.len() as u64 > self.limits.value {
                return Err(PackageError::TooLong {
                    document: Document::Data,
                    what: "a name or a value that matters",
                    limit: Limit::Value,
                    bytes: self.limits.value,
                });
            }
        }
    }

    /// The place in the element just started for another child: before its end tag, which is not
    /// known yet, or instead of an element written `<name/>`.
    const fn list_anchor(&self) -> InsertPoint {
        let (start, end) = (self.scanner.start(), self.scanner.end());
        if self.scanner.is_self_closed() {
            InsertPoint {
                span: Span { start, end },
                needs_wrapper: true,
            }
        } else {
            InsertPoint {
                span: Span::at(end),
                needs_wrapper: false,
            }
        }
    }

    /// An item's name has to be known before what is in it can be understood.
    fn item_has_content(&self, at: u64) -> Result<(), PackageError> {
        match self.items.last() {
            Some(item) if !item.is_named && item.kind != Kind::Passed => {
                unclear(at, "an item whose content comes before its name")
            }
            _ => Ok(()),
        }
    }

    fn itemtype_kind(&self) -> Kind {
        match self.open.iter().rev().nth(1) {
            Some(&Open::ItemType {
                kind: Some(kind), ..
            }) => kind,
            _ => Kind::Passed,
        }
    }

    /// The element `levels` above the innermost, counted from one.
    fn enclosing_mut(&mut self, levels: usize) -> Option<&mut Open> {
        let index = self.open.len().checked_sub(levels)?;
        self.open.get_mut(index)
    }

    /// Where the item that was just closed stands.
    fn place(&mut self, span: Span) -> super::Place {
        // Above the closed item: items, itemtype, itemtypes.
        let known = match self.enclosing_mut(3) {
            Some(Open::ItemTypes { group, .. }) => *group,
            _ => None,
        };
        let group = known.unwrap_or_else(|| self.collector.data.tree.add_group());
        if let Some(Open::ItemTypes { group: into, .. }) = self.enclosing_mut(3) {
            *into = Some(group);
        }
        let known = match self.enclosing_mut(2) {
            Some(Open::ItemType { list, .. }) => *list,
            _ => None,
        };
        let list = known.unwrap_or_else(|| self.collector.data.tree.add_list(group));
        if let Some(Open::ItemType { list: into, .. }) = self.enclosing_mut(2) {
            *into = Some(list);
        }
        super::Tree::place(list, span)
    }
}

/// The end tag is at `at`.
fn close_anchor(anchor: Option<&mut InsertPoint>, at: u64) {
    if let Some(anchor) = anchor.filter(|anchor| !anchor.needs_wrapper) {
        anchor.span = Span::at(at);
    }
}

fn unclear<T>(at: u64, what: &str) -> Result<T, PackageError> {
    Err(PackageError::Unclear {
        document: Document::Data,
        what: format!("byte {at}: {what}"),
    })
}

fn in_xml(error: XmlError) -> PackageError {
    PackageError::in_xml(Document::Data)(error)
}
