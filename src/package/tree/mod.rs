//! The one reader of FME's item tree, which `data.xml` is written in (seen):
//!
//! ```text
//! package > itemtypes > itemtype{name, items > item{name, type, attributes?, itemtypes?, …}}
//! attributes > attribute{name, type, value}
//! ```
//!
//! Lists hold items, items have attributes and lists again. Files and folders are listed in the same
//! way (`filetypes > filetype{name, files > file{name}}`, `dirtypes > dirtype{name, dirs > dir}`).
//! What a list or an item means is none of its business: it tells of each, in document order and
//! with the bytes it stands at, and whoever asks for the next event may pass over what was told of
//! last. Memory: the names of what is open, never a value that was not asked for.
//!
//! ```
//! use flowlift::limits::Limits;
//! use flowlift::package::tree::{Event, Tree};
//!
//! let document = "<package><itemtypes><itemtype><name>categories</name><items><item>\
//!     <name>security</name></item></items></itemtype></itemtypes></package>";
//! let mut tree = Tree::new(document.as_bytes(), Limits::default());
//! let mut items = Vec::new();
//! while let Some(event) = tree.next()? {
//!     if let Event::ItemStart = event {
//!         items.push(tree.path().iter().collect::<Vec<_>>().join("/"));
//!     }
//! }
//! assert_eq!(items, ["categories/security"]);
//! # Ok::<(), flowlift::package::PackageError>(())
//! ```

mod element;
mod names;
mod path;
#[cfg(test)]
mod tests;

use std::io::Read;

pub use element::ListKind;
use element::{Element, OpenAttribute, OpenElement, OpenItem};
pub(super) use names::{on_one_line, structural, too_long, unclear};
pub use path::Path;

use super::xml::{self, Reader, Tag, Text, XmlError};
use super::{Document, PackageError};
use crate::edit::{InsertPoint, Span};
use crate::limits::Limits;

/// A piece of the tree. Every start is followed by its end, unless it is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A list begins; its name is the last of [`Tree::path`].
    ListStart(ListKind),
    /// An item of the innermost list begins; its name (its key) is the last of [`Tree::path`].
    ItemStart,
    /// An attribute of the innermost item begins: [`Tree::attribute`], and [`Tree::value`] where it
    /// is wanted.
    AttributeStart,
    /// The attribute is over; the whole element.
    AttributeEnd(Span),
    /// The innermost item is over.
    ItemEnd(ItemEnd),
    /// The innermost list is over.
    ListEnd(ListEnd),
}

/// An item as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemEnd {
    /// The element.
    pub span: Span,
    /// Where another attribute can be added.
    pub attributes: InsertPoint,
    /// Where another list of items can be added.
    pub itemtypes: InsertPoint,
    /// Its lists of items: the element around them, and how many there are.
    pub lists: Option<(Span, u32)>,
}

/// A list as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListEnd {
    /// The element.
    pub span: Span,
    /// How many items it holds.
    pub items: u32,
}

/// Reads a document in FME's item tree.
#[derive(Debug)]
pub struct Tree<'a> {
    xml: Reader<'a>,
    limits: Limits,
    open: Vec<OpenElement>,
    path: Path,
    attribute: String,
    attribute_type: String,
    /// Where the name stands that was read last.
    at: u64,
    /// Whether the innermost list or item of the path is over.
    is_over: bool,
}

/// Reads a document of which another thread finds the tags, ahead of `read`: see [`xml::ahead`].
pub fn ahead<T>(document: impl Read + Send, limits: Limits, read: impl FnOnce(Tree<'_>) -> T) -> T {
    xml::ahead(document, |xml| read(Tree::of(xml, limits)))
}

impl<'a> Tree<'a> {
    /// The names of the lists and items that are open, alternating, outermost first.
    pub const fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the attribute that was just told of.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// What its value is: `string`, `boolean`, `integer`, `long_integer`, `double` or `uuid` (seen).
    pub fn attribute_type(&self) -> &str {
        &self.attribute_type
    }

    /// Byte position of the name that was read last.
    pub const fn at(&self) -> u64 {
        self.at
    }

    /// A reader at the beginning of `document`. Names are refused above [`Limits::value`] bytes.
    pub fn new(document: impl Read + 'a, limits: Limits) -> Self {
        Self::of(Reader::new(document), limits)
    }

    fn of(xml: Reader<'a>, limits: Limits) -> Self {
        Self {
            xml,
            limits,
            open: Vec::new(),
            path: Path::default(),
            attribute: String::new(),
            attribute_type: String::new(),
            at: 0,
            is_over: false,
        }
    }

    /// The next event; none at the end of the document.
    ///
    /// # Errors
    /// [`PackageError`] when the document is not well-formed, is no such tree, or cannot be read.
    #[allow(clippy::should_implement_trait)] // it can fail, and what it tells of is asked for here
    pub fn next(&mut self) -> Result<Option<Event>, PackageError> {
        if std::mem::take(&mut self.is_over) {
            self.path.pop();
        }
        loop {
            match self.open.last_mut() {
                Some(OpenElement::Attribute(state @ OpenAttribute::AtValue)) => {
                    *state = OpenAttribute::Read;
                    self.xml.pass().map_err(in_xml)?;
                }
                Some(OpenElement::Attribute(OpenAttribute::Over)) => {
                    self.open.pop();
                    return Ok(Some(Event::AttributeEnd(self.xml.element())));
                }
                _ => {}
            }
            let element = match self.xml.next_tag().map_err(in_xml)? {
                Some(Tag::Start(name)) => Element::named(name),
                Some(Tag::End) => match self.end()? {
                    None => continue,
                    told => return Ok(told),
                },
                None => return Ok(None),
            };
            if let Some(event) = self.start(element)? {
                return Ok(Some(event));
            }
        }
    }

    /// Passes over the list or item that was just told of: nothing more is told of it, not even its
    /// end.
    ///
    /// # Errors
    /// Those of [`Tree::next`], as far as the document is not well-formed or cannot be read.
    pub fn pass(&mut self) -> Result<(), PackageError> {
        if let Some(OpenElement::List { .. } | OpenElement::Item(_)) = self.open.last() {
            self.xml.pass().map_err(in_xml)?;
            self.open.pop();
            self.path.pop();
            self.count();
        }
        Ok(())
    }

    /// The value of the attribute that was just told of, of which at most `limit` bytes are kept;
    /// none where it has none. To be asked for once.
    ///
    /// # Errors
    /// Those of [`Tree::next`].
    pub fn value(&mut self, limit: usize) -> Result<Option<Text<'_>>, PackageError> {
        match self.open.last_mut() {
            Some(OpenElement::Attribute(state @ OpenAttribute::AtValue)) => {
                *state = OpenAttribute::Read;
                self.xml.text(limit).map(Some).map_err(in_xml)
            }
            _ => Ok(None),
        }
    }

    fn start(&mut self, element: Element) -> Result<Option<Event>, PackageError> {
        let at = self.xml.tag().start;
        let innermost = self.open.last_mut();
        let opened = match (innermost, element) {
            (None, Element::Package) => OpenElement::Package { has_lists: false },
            (None, _) => return unclear(at, "the root element is not <package>"),
            (Some(OpenElement::Package { has_lists }), Element::Lists(ListKind::Items)) => {
                once(has_lists, at, "a package with two lists of itemtypes")?;
                OpenElement::Lists {
                    kind: ListKind::Items,
                    count: 0,
                }
            }
            (Some(OpenElement::Item(item)), Element::Lists(kind)) => {
                first_named(item.is_named, at)?;
                if kind == ListKind::Items && item.itemtypes.is_some() {
                    return unclear(at, "an item with two lists of itemtypes");
                }
                OpenElement::Lists { kind, count: 0 }
            }
            (Some(OpenElement::Lists { kind, .. }), Element::List(own)) if *kind == own => {
                OpenElement::List {
                    kind: own,
                    is_named: false,
                    count: 0,
                }
            }
            (
                Some(&mut OpenElement::List {
                    kind,
                    ref mut is_named,
                    ..
                }),
                Element::Name,
            ) => {
                once(is_named, at, "an itemtype with two names")?;
                return self.list_name(kind).map(Some);
            }
            (Some(OpenElement::List { kind, is_named, .. }), Element::Items(own))
                if *kind == own =>
            {
                if !*is_named {
                    return unclear(at, "an itemtype whose items come before its name");
                }
                OpenElement::Items(own)
            }
            (Some(OpenElement::Items(kind)), Element::Item(own)) if *kind == own => {
                OpenElement::Item(OpenItem::default())
            }
            (Some(OpenElement::Item(item)), Element::Name) => {
                once(&mut item.is_named, at, "an item with two names")?;
                self.name()?;
                return Ok(Some(Event::ItemStart));
            }
            (Some(OpenElement::Item(item)), Element::Attributes) => {
                first_named(item.is_named, at)?;
                if item.attributes.is_some() {
                    return unclear(at, "an item with two lists of attributes");
                }
                OpenElement::Attributes
            }
            (Some(OpenElement::Attributes), Element::Attribute) => {
                self.attribute_type.clear();
                OpenElement::Attribute(OpenAttribute::Unnamed)
            }
            (Some(&mut OpenElement::Attribute(state)), element) => {
                return self.attribute_part(state, element, at);
            }
            _ => {
                self.xml.pass().map_err(in_xml)?;
                return Ok(None);
            }
        };
        self.open.push(opened);
        Ok(None)
    }

    /// An element within an attribute begins.
    fn attribute_part(
        &mut self,
        state: OpenAttribute,
        element: Element,
        at: u64,
    ) -> Result<Option<Event>, PackageError> {
        let (next, event) = match (state, element) {
            (OpenAttribute::Unnamed, Element::Name) => {
                self.attribute_name()?;
                (OpenAttribute::Named, None)
            }
            (_, Element::Name) => return unclear(at, "an attribute with two names"),
            (OpenAttribute::Unnamed, Element::Value) => {
                return unclear(at, "an attribute whose value comes before its name");
            }
            (OpenAttribute::Named, Element::Value) => {
                (OpenAttribute::AtValue, Some(Event::AttributeStart))
            }
            (_, Element::Value) => return unclear(at, "an attribute with two values"),
            (_, Element::Type) => {
                let text = self.xml.text(TYPE_BYTES).map_err(in_xml)?;
                text.kept.clone_into(&mut self.attribute_type);
                (state, None)
            }
            _ => {
                self.xml.pass().map_err(in_xml)?;
                (state, None)
            }
        };
        if let Some(OpenElement::Attribute(state)) = self.open.last_mut() {
            *state = next;
        }
        Ok(event)
    }

    /// The innermost element is over.
    fn end(&mut self) -> Result<Option<Event>, PackageError> {
        let (tag, span) = (self.xml.tag(), self.xml.element());
        Ok(match self.open.pop() {
            Some(OpenElement::Lists { kind, count }) => {
                if let (Some(OpenElement::Item(item)), ListKind::Items) =
                    (self.open.last_mut(), kind)
                {
                    item.itemtypes = Some(insert_point(tag, span));
                    item.lists = Some((span, count));
                }
                None
            }
            Some(OpenElement::List {
                is_named: false, ..
            }) => {
                return unclear(span.start, "an itemtype without a name");
            }
            Some(OpenElement::List { count: items, .. }) => {
                self.is_over = true;
                self.count();
                Some(Event::ListEnd(ListEnd { span, items }))
            }
            Some(OpenElement::Item(item)) => {
                first_named(item.is_named, tag.start)?;
                self.is_over = true;
                self.count();
                let missing = InsertPoint {
                    span: Span::at(tag.start),
                    needs_wrapper: true,
                };
                Some(Event::ItemEnd(ItemEnd {
                    span,
                    attributes: item.attributes.unwrap_or(missing),
                    itemtypes: item.itemtypes.unwrap_or(missing),
                    lists: item.lists,
                }))
            }
            Some(OpenElement::Attributes) => {
                if let Some(OpenElement::Item(item)) = self.open.last_mut() {
                    item.attributes = Some(insert_point(tag, span));
                }
                None
            }
            Some(OpenElement::Attribute(OpenAttribute::Unnamed)) => {
                return unclear(span.start, "an attribute without a name");
            }
            Some(OpenElement::Attribute(OpenAttribute::Named)) => {
                self.open.push(OpenElement::Attribute(OpenAttribute::Over));
                Some(Event::AttributeStart)
            }
            Some(OpenElement::Attribute(_)) => Some(Event::AttributeEnd(span)),
            Some(OpenElement::Package { .. } | OpenElement::Items(_)) | None => None,
        })
    }

    /// A list or an item is over, and counts in what it lies in.
    fn count(&mut self) {
        if let [.., OpenElement::List { count, .. }, OpenElement::Items(_)]
        | [.., OpenElement::Lists { count, .. }] = &mut *self.open
        {
            *count += 1;
        }
    }

    fn list_name(&mut self, kind: ListKind) -> Result<Event, PackageError> {
        self.name()?;
        structural(self.path.last(), self.at)?;
        Ok(Event::ListStart(kind))
    }

    /// The name of a list or an item.
    fn name(&mut self) -> Result<(), PackageError> {
        let text = read_name(&mut self.xml, self.limits)?;
        self.path.push(text.kept);
        self.at = text.span.start;
        Ok(())
    }

    fn attribute_name(&mut self) -> Result<(), PackageError> {
        let text = read_name(&mut self.xml, self.limits)?;
        text.kept.clone_into(&mut self.attribute);
        self.at = text.span.start;
        structural(&self.attribute, self.at)
    }
}

/// At the end of an element of which the last tag was read.
fn insert_point(tag: Span, element: Span) -> InsertPoint {
    let needs_wrapper = tag == element;
    InsertPoint {
        span: if needs_wrapper {
            element
        } else {
            Span::at(tag.start)
        },
        needs_wrapper,
    }
}

/// Longest type of an attribute that is kept; `long_integer` is the longest seen.
const TYPE_BYTES: usize = 64;

fn read_name<'a>(xml: &'a mut Reader<'_>, limits: Limits) -> Result<Text<'a>, PackageError> {
    let limit = usize::try_from(limits.value).unwrap_or(usize::MAX);
    let text = xml.text(limit).map_err(in_xml)?;
    if text.has_elements {
        return unclear(text.span.start, "a name with an element in it");
    }
    if text.is_whole {
        Ok(text)
    } else {
        Err(too_long(limits))
    }
}

/// Sets a flag, once.
fn once(flag: &mut bool, at: u64, what: &str) -> Result<(), PackageError> {
    if std::mem::replace(flag, true) {
        return unclear(at, what);
    }
    Ok(())
}

/// An item's name has to be known before what is in it can be understood.
fn first_named(is_named: bool, at: u64) -> Result<(), PackageError> {
    if is_named {
        return Ok(());
    }
    unclear(at, "an item whose content comes before its name")
}

fn in_xml(error: XmlError) -> PackageError {
    PackageError::in_xml(Document::Data)(error)
}
