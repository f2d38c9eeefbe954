//! An item that is being read: what is kept of it, by its kind.

use super::app::{AppItem, EntryItem, LinkItem, ParameterItem};
use super::automation::{AutomationItem, NodeItem, NodeParameterItem};
use super::collect::Collector;
use super::content::{ConnectionItem, ProjectItem};
use super::kind::Kind;
use super::lists::ItemLocation;
use super::security::{GrantItem, RoleItem, SecuredItem, TokenItem, UserItem, UserMappingItem};
use crate::edit::Span;
use crate::package::PackageError;
use crate::package::tree::ItemEnd;

/// A builder for each kind of item of which something is kept.
#[derive(Debug)]
pub(super) enum Item {
    App(Box<AppItem>),
    Parameter(ParameterItem),
    Entry(EntryItem),
    Link(LinkItem),
    Project(ProjectItem),
    Connection(ConnectionItem),
    Automation(AutomationItem),
    Node(NodeItem),
    NodeParameter(NodeParameterItem),
    Token(Box<TokenItem>),
    Role(RoleItem),
    User(UserItem),
    UserMapping(UserMappingItem),
    Secured(SecuredItem),
    Grant(GrantItem),
    /// Of which nothing is kept: it only leads on.
    Other,
}

/// What becomes of an attribute.
pub(super) enum Slot<'a> {
    /// Its value is kept here.
    Value(&'a mut Option<String>),
    /// Its value is not even read; that it is there is noted.
    Seen(&'a mut bool),
}

/// The item that was just read.
pub(super) struct Closed {
    pub(super) end: ItemEnd,
    /// Where it stands, if it can be taken out.
    pub(super) place: Option<ItemLocation>,
}

impl Item {
    /// An item that begins; its name stands at byte `at`.
    pub(super) fn begin(
        kind: Kind,
        name: &str,
        at: u64,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        Ok(match kind {
            Kind::App(app) => Self::App(AppItem::new(Some(app), name, at, collector)?.into()),
            Kind::PerhapsApp => Self::App(AppItem::new(None, name, at, collector)?.into()),
            Kind::Parameter => Self::Parameter(ParameterItem::default()),
            Kind::Entry => Self::Entry(EntryItem::new(name, collector)?),
            Kind::Link => Self::Link(LinkItem::default()),
            Kind::ProjectItem => Self::Project(ProjectItem::default()),
            Kind::Connection => Self::Connection(ConnectionItem::new(name, collector)?),
            Kind::Automation => Self::Automation(AutomationItem::new(name, collector)?),
            Kind::Node => Self::Node(NodeItem::default()),
            Kind::NodeParameter => Self::NodeParameter(NodeParameterItem::new(name)),
            Kind::Token => Self::Token(TokenItem::new(name, at, collector)?.into()),
            Kind::Role => Self::Role(RoleItem::new(name, at, collector)?),
            Kind::User => Self::User(UserItem::new(name, at, collector)?),
            Kind::UserMapping => Self::UserMapping(UserMappingItem::new(name, collector)?),
            Kind::SecuredOf(category) => Self::Secured(SecuredItem::whole(category)),
            Kind::Secured(category) => Self::Secured(SecuredItem::new(category, name, collector)?),
            Kind::Grant => Self::Grant(GrantItem::new(name, collector)?),
            _ => Self::Other,
        })
    }

    /// Where the attribute `name` goes, if it is kept.
    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match self {
            Self::App(item) => item.slot(name),
            Self::Parameter(item) => item.slot(name),
            Self::Entry(item) => item.slot(name),
            Self::Link(item) => item.slot(name),
            Self::Project(item) => item.slot(name),
            Self::Connection(item) => item.slot(name),
            Self::NodeParameter(item) => item.slot(name),
            Self::Token(item) => item.slot(name),
            Self::Role(item) => item.slot(name),
            Self::User(item) => item.slot(name),
            Self::UserMapping(item) => item.slot(name),
            Self::Secured(item) => item.slot(name),
            Self::Automation(_) | Self::Node(_) | Self::Grant(_) | Self::Other => None,
        }
    }

    /// An attribute with a slot stands at `span`.
    pub(super) fn attribute_at(&mut self, name: &str, span: Span) {
        if let Self::App(app) = self {
            app.attribute_at(name, span);
        }
    }

    pub(super) fn app(&mut self) -> Option<&mut AppItem> {
        match self {
            Self::App(app) => Some(app),
            _ => None,
        }
    }

    pub(super) fn automation(&mut self) -> Option<&mut AutomationItem> {
        match self {
            Self::Automation(automation) => Some(automation),
            _ => None,
        }
    }

    /// The item is over; `above` is the one it lies in.
    pub(super) fn close(
        self,
        closed: &Closed,
        above: Option<&mut Self>,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        match self {
            Self::App(item) => return item.close(closed, collector),
            Self::Parameter(item) => item.close(closed, above),
            Self::Entry(item) => item.close(above),
            Self::Link(item) => item.close(above),
            Self::Project(item) => item.close(closed, collector),
            Self::Connection(item) => return item.close(collector),
            Self::Automation(item) => item.close(collector),
            Self::Node(item) => item.close(above),
            Self::NodeParameter(item) => item.close(above),
            Self::Token(item) => return item.close(closed, collector),
            Self::Role(item) => return item.close(closed, collector),
            Self::User(item) => return item.close(collector),
            Self::UserMapping(item) => return item.close(collector),
            Self::Secured(item) => return item.close(collector),
            Self::Grant(item) => return item.close(closed, above, collector),
            Self::Other => {}
        }
        Ok(())
    }
}

impl<'a> From<&'a mut Option<String>> for Slot<'a> {
    fn from(value: &'a mut Option<String>) -> Self {
        Self::Value(value)
    }
}

/// `true` or `false`, as FME Flow writes a boolean.
pub(super) fn flag(value: Option<&String>) -> Option<bool> {
    value.and_then(|value| value.parse().ok())
}
