//! The elements of the tree, and how far those are read that are open.

use crate::edit::{InsertPoint, Span};

/// What a list holds. All three are built alike (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// `itemtype`.
    Items,
    /// `filetype`: names of files in the archive.
    Files,
    /// `dirtype`: names of trees in the archive.
    Folders,
}

/// An element by its name; the tree uses no XML attributes (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Package,
    Lists(ListKind),
    List(ListKind),
    Items(ListKind),
    Item(ListKind),
    Attributes,
    Attribute,
    Name,
    Type,
    Value,
    Unknown,
}

impl Element {
    pub(super) fn named(name: &[u8]) -> Self {
        match name {
            b"name" => Self::Name,
            b"type" => Self::Type,
            b"value" => Self::Value,
            b"attribute" => Self::Attribute,
            b"attributes" => Self::Attributes,
            b"item" => Self::Item(ListKind::Items),
            b"items" => Self::Items(ListKind::Items),
            b"itemtype" => Self::List(ListKind::Items),
            b"itemtypes" => Self::Lists(ListKind::Items),
            b"file" => Self::Item(ListKind::Files),
            b"files" => Self::Items(ListKind::Files),
            b"filetype" => Self::List(ListKind::Files),
            b"filetypes" => Self::Lists(ListKind::Files),
            b"dir" => Self::Item(ListKind::Folders),
            b"dirs" => Self::Items(ListKind::Folders),
            b"dirtype" => Self::List(ListKind::Folders),
            b"dirtypes" => Self::Lists(ListKind::Folders),
            b"package" => Self::Package,
            _ => Self::Unknown,
        }
    }
}

/// An element that is open.
#[derive(Debug, Clone, Copy)]
pub(super) enum OpenElement {
    Package {
        has_lists: bool,
    },
    /// `itemtypes` and its like.
    Lists {
        kind: ListKind,
        count: u32,
    },
    List {
        kind: ListKind,
        is_named: bool,
        count: u32,
    },
    /// `items` and its like.
    Items(ListKind),
    Item(OpenItem),
    Attributes,
    Attribute(OpenAttribute),
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OpenItem {
    pub(super) is_named: bool,
    pub(super) attributes: Option<InsertPoint>,
    pub(super) itemtypes: Option<InsertPoint>,
    pub(super) lists: Option<(Span, u32)>,
}

/// How far an attribute is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenAttribute {
    Unnamed,
    Named,
    /// Its value begins here, and it was told of.
    AtValue,
    /// Its value is passed.
    Read,
    /// It has no value, so it was told of at its end.
    Over,
}
