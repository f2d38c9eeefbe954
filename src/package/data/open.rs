//! The items that are being read, each inside the one before.

use super::item::Kind;
use super::model::{Link, SecuredId};
use crate::edit::{InsertPoint, Span};
use crate::package::files_map::WorkspaceKey;
use crate::package::names::Key;
use crate::target::Entry;

/// An item that is being read.
#[derive(Debug)]
pub(super) struct OpenItem {
    pub(super) kind: Kind,
    /// Its name, once it is known; the document gives it once.
    name: Vec<u8>,
    pub(super) is_named: bool,
    pub(super) attributes: Option<InsertPoint>,
    pub(super) itemtypes: Option<InsertPoint>,
    kept: Vec<(&'static str, Option<String>, Span)>,
    /// From the items within: role registrations, permissions (a comma after each), links,
    /// parameters, workspaces.
    pub(super) roles: Vec<Key>,
    pub(super) permissions: Vec<u8>,
    /// Where the part of a grant begins that none before has had.
    pub(super) unseen: Option<u64>,
    pub(super) links: Vec<Link>,
    pub(super) entries: Vec<Entry>,
    pub(super) parameters: Vec<InsertPoint>,
    pub(super) workspaces: Vec<WorkspaceKey>,
    pub(super) repository: Option<String>,
    /// The number of this secured item, once a grant has asked for it.
    pub(super) secured: Option<SecuredId>,
}

impl OpenItem {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            name: Vec::new(),
            is_named: false,
            attributes: None,
            itemtypes: None,
            kept: Vec::new(),
            roles: Vec::new(),
            permissions: Vec::new(),
            unseen: None,
            links: Vec::new(),
            entries: Vec::new(),
            parameters: Vec::new(),
            workspaces: Vec::new(),
            repository: None,
            secured: None,
        }
    }

    /// An item that just began, in the memory of one that is over.
    fn begin(&mut self, kind: Kind) {
        let Self {
            kind: own,
            name,
            is_named,
            attributes,
            itemtypes,
            kept,
            roles,
            permissions,
            unseen,
            links,
            entries,
            parameters,
            workspaces,
            repository,
            secured,
        } = self;
        *own = kind;
        name.clear();
        *is_named = false;
        (*attributes, *itemtypes) = (None, None);
        kept.clear();
        roles.clear();
        permissions.clear();
        *unseen = None;
        links.clear();
        entries.clear();
        parameters.clear();
        workspaces.clear();
        *repository = None;
        *secured = None;
    }

    pub(super) fn name(&self) -> &str {
        utf8(&self.name)
    }

    pub(super) fn name_bytes(&self) -> &[u8] {
        &self.name
    }

    /// The item is called `name`, which decides what it is; `name` is left with anything in it.
    pub(super) fn call(&mut self, name: &mut Vec<u8>) {
        self.kind = self.kind.called(name);
        self.is_named = true;
        std::mem::swap(&mut self.name, name);
    }

    pub(super) fn has(&self, attribute: &str) -> bool {
        self.kept.iter().any(|(name, ..)| *name == attribute)
    }

    /// An attribute, its value unless that is secret, and where it stands.
    pub(super) fn keep(&mut self, attribute: &'static str, value: Option<String>, span: Span) {
        self.kept.push((attribute, value, span));
    }

    /// The item ends at `end_tag`: a list that it lacks would come right before that.
    pub(super) fn close_anchors(&mut self, end_tag: u64) {
        let bare = InsertPoint {
            span: Span::at(end_tag),
            needs_wrapper: true,
        };
        self.itemtypes.get_or_insert(bare);
        self.attributes.get_or_insert(bare);
    }

    pub(super) fn value(&self, attribute: &str) -> Option<&str> {
        self.kept
            .iter()
            .find(|(name, ..)| *name == attribute)
            .and_then(|(_, v, _)| v.as_deref())
    }

    pub(super) fn text(&self, attribute: &str) -> String {
        self.value(attribute).unwrap_or_default().to_owned()
    }

    /// `true` or `false`, as FME Flow writes a boolean.
    pub(super) fn flag(&self, attribute: &str) -> Option<bool> {
        self.value(attribute).and_then(|value| value.parse().ok())
    }

    pub(super) fn span(&self, attribute: &str) -> Option<Span> {
        self.kept
            .iter()
            .find(|(name, ..)| *name == attribute)
            .map(|(.., span)| *span)
    }
}

/// The items that are open. A backup has millions of them, but only ever a few at once, so those
/// that are over lend their memory to those that come.
#[derive(Debug, Default)]
pub(super) struct OpenItems {
    items: Vec<OpenItem>,
    depth: usize,
}

impl OpenItems {
    pub(super) fn open(&mut self, kind: Kind) {
        match self.items.get_mut(self.depth) {
            Some(item) => item.begin(kind),
            None => self.items.push(OpenItem::new(kind)),
        }
        self.depth += 1;
    }

    pub(super) fn last(&self) -> Option<&OpenItem> {
        self.items.get(self.depth.checked_sub(1)?)
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut OpenItem> {
        self.items.get_mut(self.depth.checked_sub(1)?)
    }

    /// Closes the innermost item: it, and the one it lies in.
    pub(super) fn close(&mut self) -> Option<(&mut OpenItem, Option<&mut OpenItem>)> {
        self.depth = self.depth.checked_sub(1)?;
        let (above, rest) = self.items.split_at_mut_checked(self.depth)?;
        Some((rest.first_mut()?, above.last_mut()))
    }
}

/// Text as the scanner hands it out: always valid. Most of it is compared and never asked for as
/// text, so this is not known of every name beforehand.
pub(super) fn utf8(text: &[u8]) -> &str {
    str::from_utf8(text).unwrap_or_default()
}
