//! One pass over `data.xml`: from pieces of XML to the [`Data`] of a package.
//!
//! The tree is followed with a stack of the elements that are open. Names and values are kept only
//! where the kind of item asks for them, so the size of everything else does not matter.

use std::io::Read;

use super::collect::{Collector, OpenItem};
use super::item::{Kind, is_secret};
use super::model::{Anchor, Data};
use crate::edit::Span;
use crate::limits;
use crate::package::xml::{Piece, Scanner, unescape};
use crate::package::{Document, PackageError};

/// Reads a whole `data.xml`.
///
/// # Errors
/// [`PackageError`] when the document is not well-formed, is no FME Flow package, or holds an item
/// that matters in a form that would have to be guessed at.
pub fn read(document: impl Read) -> Result<Data, PackageError> {
    let in_xml = PackageError::in_xml(Document::Data);
    let mut scanner = Scanner::new(document);
    let mut reader = Reader::default();
    loop {
        let piece = scanner.next().map_err(&in_xml)?;
        match piece {
            Piece::Over => return Ok(reader.collector.data),
            Piece::Text(text) => reader.text(text, Escaped::Yes)?,
            Piece::Literal(text) => reader.text(text, Escaped::No)?,
            Piece::Start(name) => {
                let element = Element::named(name);
                let (at, closed) = (scanner.start(), scanner.is_self_closed());
                reader.start(element, at, scanner.end(), closed)?;
            }
            Piece::End(_) => reader.end(scanner.start(), scanner.end())?,
        }
    }
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

/// An element that is open.
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
    Attributes,
    Attribute {
        start: u64,
        name: Option<&'static str>,
    },
    Text(Text),
    /// Of no interest, nor is anything in it.
    Passed,
}

/// Whose text is being kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    ItemTypeName,
    ItemName,
    ItemType,
    AttributeName,
    Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escaped {
    Yes,
    No,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    items: Vec<OpenItem>,
    /// The text of the innermost element, while it is wanted.
    text: String,
    keeping: bool,
    collector: Collector,
}

impl Reader {
    fn start(
        &mut self,
        element: Element,
        start: u64,
        end: u64,
        self_closed: bool,
    ) -> Result<(), PackageError> {
        let kind = self.items.last().map_or(Kind::Document, |item| item.kind);
        let opened = match (self.open.last(), element) {
            (None, Element::Package) => Open::Package,
            (None, _) => return unclear(start, "the root element is not <package>"),
            (Some(Open::Package | Open::Item { .. }), Element::ItemTypes) => {
                self.item_has_content(start)?;
                if let Some(item) = self.items.last_mut() {
                    item.itemtypes = Some(list_anchor(start, end, self_closed));
                }
                if kind == Kind::Passed {
                    Open::Passed
                } else {
                    Open::ItemTypes {
                        start,
                        kind,
                        lists: 0,
                        group: None,
                    }
                }
            }
            (Some(&Open::ItemTypes { kind: parent, .. }), Element::ItemType) => Open::ItemType {
                start,
                parent,
                kind: None,
                items: 0,
                list: None,
            },
            (Some(Open::ItemType { .. }), Element::Name) => self.keep(Text::ItemTypeName),
            (
                Some(Open::ItemType {
                    kind: Some(Kind::Passed),
                    ..
                }),
                Element::Items,
            ) => Open::Passed,
            (Some(Open::ItemType { kind: Some(_), .. }), Element::Items) => Open::Items,
            (Some(Open::ItemType { .. }), Element::Items) => {
                return unclear(start, "an itemtype whose items come before its name");
            }
            (Some(Open::Items), Element::Item) => {
                let kind = self.itemtype_kind();
                self.items.push(OpenItem::new(kind));
                Open::Item { start }
            }
            (Some(Open::Item { .. }), Element::Name) => self.keep(Text::ItemName),
            (Some(Open::Item { .. }), Element::Type) => Open::Text(Text::ItemType),
            (Some(Open::Item { .. }), Element::Attributes) => {
                self.item_has_content(start)?;
                if let Some(item) = self.items.last_mut() {
                    item.attributes = Some(list_anchor(start, end, self_closed));
                }
                if kind.attributes().is_empty() {
                    Open::Passed
                } else {
                    Open::Attributes
                }
            }
            (Some(Open::Attributes), Element::Attribute) => Open::Attribute { start, name: None },
            (Some(Open::Attribute { .. }), Element::Name) => self.keep(Text::AttributeName),
            (Some(&Open::Attribute { name, .. }), Element::Value) => match name {
                Some(name) if !name.is_empty() && !is_secret(name) => self.keep(Text::Value),
                Some(_) => Open::Passed,
                None => return unclear(start, "an attribute whose value comes before its name"),
            },
            _ => Open::Passed,
        };
        self.open.push(opened);
        Ok(())
    }

    fn text(&mut self, text: &[u8], escaped: Escaped) -> Result<(), PackageError> {
        if !self.keeping || !matches!(self.open.last(), Some(Open::Text(_))) {
            return Ok(());
        }
        // The scanner hands out valid UTF-8 only.
        let text = std::str::from_utf8(text).unwrap_or_default();
        match escaped {
            Escaped::Yes => self.text.push_str(&unescape(text)),
            Escaped::No => self.text.push_str(text),
        }
        if self.text.len() > limits::VALUE_BYTES {
            let what = format!(
                "a name that matters is longer than {} bytes",
                limits::VALUE_BYTES
            );
            return Err(PackageError::Unclear {
                document: Document::Data,
                what,
            });
        }
        Ok(())
    }

    fn end(&mut self, start: u64, end: u64) -> Result<(), PackageError> {
        let Some(closed) = self.open.pop() else {
            return Ok(());
        };
        match closed {
            Open::Text(text) => self.close_text(text, start)?,
            Open::Attribute {
                start,
                name: Some(name),
            } if !name.is_empty() => {
                if let Some(item) = self.items.last_mut() {
                    item.close_attribute(name, Span { start, end });
                }
            }
            Open::Item { start: item_start } => {
                let span = Span {
                    start: item_start,
                    end,
                };
                if let Some(mut item) = self.items.pop() {
                    item.close_anchors(start);
                    let place = if item.kind.is_removable() {
                        Some(self.place(span))
                    } else {
                        None
                    };
                    self.collector.close(item, place, &mut self.items, span)?;
                }
                if let Some(Open::ItemType { items, .. }) = self.enclosing_mut(2) {
                    *items += 1;
                }
            }
            Open::ItemType {
                start, items, list, ..
            } => {
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
            Open::ItemTypes {
                start,
                lists,
                group: Some(group),
                ..
            } => {
                self.collector
                    .data
                    .tree
                    .close_group(group, Span { start, end }, lists);
            }
            _ => {}
        }
        // Whoever adds to a list adds at its end tag.
        if let (Some(Open::Item { .. }), Some(item)) = (self.open.last(), self.items.last_mut()) {
            match closed {
                Open::ItemTypes { .. } => close_anchor(item.itemtypes.as_mut(), start),
                Open::Attributes => close_anchor(item.attributes.as_mut(), start),
                _ => {}
            }
        }
        Ok(())
    }

    fn keep(&mut self, text: Text) -> Open {
        self.text.clear();
        self.keeping = true;
        Open::Text(text)
    }

    fn close_text(&mut self, text: Text, at: u64) -> Result<(), PackageError> {
        self.keeping = false;
        // Put back below: what is kept of it is copied to its exact size.
        let kept = std::mem::take(&mut self.text);
        match (text, self.open.last_mut()) {
            (Text::ItemTypeName, Some(Open::ItemType { parent, kind, .. })) => {
                if kind.is_some() {
                    return unclear(at, "an itemtype with two names");
                }
                *kind = Some(parent.child(&kept));
            }
            (Text::AttributeName, Some(Open::Attribute { name, .. })) => {
                let wanted = self
                    .items
                    .last()
                    .map_or(&[][..], |item| item.kind.attributes());
                let known = wanted.iter().copied().find(|wanted| *wanted == kept);
                if name.is_some() {
                    return unclear(at, "an attribute with two names");
                }
                if let (Some(known), Some(item)) = (known, self.items.last())
                    && item.has(known)
                {
                    return unclear(at, &format!("an item with two attributes called {known}"));
                }
                // The empty name stands for one that is not wanted.
                *name = Some(known.unwrap_or_default());
            }
            (Text::ItemName, Some(Open::Item { .. })) => {
                if let Some(item) = self.items.last_mut() {
                    if item.name.is_some() {
                        return unclear(at, "an item with two names");
                    }
                    item.kind = item.kind.called(&kept);
                    item.name = Some(kept.clone());
                }
            }
            (Text::Value, _) => {
                if let Some(item) = self.items.last_mut() {
                    item.value = Some(kept.clone());
                }
            }
            _ => {}
        }
        self.text = kept;
        Ok(())
    }

    /// An item's name has to be known before what is in it can be understood.
    fn item_has_content(&self, at: u64) -> Result<(), PackageError> {
        match self.items.last() {
            Some(item) if item.name.is_none() && item.kind != Kind::Passed => {
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

/// The place in an element for another child: before its end tag, which is not known yet, or
/// instead of an element written `<name/>`.
const fn list_anchor(start: u64, end: u64, self_closed: bool) -> Anchor {
    if self_closed {
        Anchor {
            span: Span { start, end },
            bare: true,
        }
    } else {
        Anchor {
            span: Span::at(end),
            bare: false,
        }
    }
}

/// The end tag is at `at`.
fn close_anchor(anchor: Option<&mut Anchor>, at: u64) {
    if let Some(anchor) = anchor.filter(|anchor| !anchor.bare) {
        anchor.span = Span::at(at);
    }
}

fn unclear<T>(at: u64, what: &str) -> Result<T, PackageError> {
    Err(PackageError::Unclear {
        document: Document::Data,
        what: format!("byte {at}: {what}"),
    })
}
