//! An item that is being read: what is kept of it, by its kind.

use super::app::{AppItem, EntryItem, LinkItem, ParameterItem};
use super::automation::{AutomationItem, ManualKeyItem, NodeItem, NodeParameterItem};
use super::collect::Collector;
use super::content::{ConnectionItem, ProjectItem};
use super::kind::ItemKind;
use super::security::{GrantItem, RoleItem, SecuredItem, TokenItem, UserItem, UserMappingItem};
use super::slot::{Closed, Slot};
use crate::edit::Span;
use crate::package::PackageError;

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
    ManualKey(ManualKeyItem),
    Token(Box<TokenItem>),
    Role(RoleItem),
    User(UserItem),
    UserMapping(UserMappingItem),
    Secured(SecuredItem),
    Grant(GrantItem),
    /// Of which nothing is kept: it only leads on.
    Other,
}

impl Item {
    /// An item that begins; its name stands at byte `at`.
    pub(super) fn begin(
        kind: ItemKind,
        name: &str,
        at: u64,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        Ok(match kind {
            ItemKind::App(app) => Self::App(AppItem::new(Some(app), name, at, collector)?.into()),
            ItemKind::PerhapsApp => Self::App(AppItem::new(None, name, at, collector)?.into()),
            ItemKind::Parameter => Self::Parameter(ParameterItem::default()),
            ItemKind::Entry => Self::Entry(EntryItem::new(name, collector)?),
            ItemKind::Link => Self::Link(LinkItem::default()),
            ItemKind::ProjectItem => Self::Project(ProjectItem::default()),
            ItemKind::Connection => Self::Connection(ConnectionItem::new(name, collector)?),
            ItemKind::Automation => Self::Automation(AutomationItem::new(name, collector)?),
            ItemKind::Node => Self::Node(NodeItem::default()),
            ItemKind::NodeParameter => Self::NodeParameter(NodeParameterItem::new(name)),
            ItemKind::ManualKey => Self::ManualKey(ManualKeyItem::new(name, collector)?),
            ItemKind::Token => Self::Token(TokenItem::new(name, at, collector)?.into()),
            ItemKind::Role => Self::Role(RoleItem::new(name, at, collector)?),
            ItemKind::User => Self::User(UserItem::new(name, at, collector)?),
            ItemKind::UserMapping => Self::UserMapping(UserMappingItem::new(name, collector)?),
            ItemKind::SecuredOf(category) => Self::Secured(SecuredItem::whole(category)),
            ItemKind::Secured(category) => {
                Self::Secured(SecuredItem::new(category, name, collector)?)
            }
            ItemKind::Grant => Self::Grant(GrantItem::new(name, collector)?),
            _ => Self::Other,
        })
    }

    /// Where the attribute `name` goes, if it is kept.
    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match self {
            Self::App(item) => item.slot(name),
            Self::Parameter(item) => Some(item.slot(name)),
            Self::Entry(item) => item.slot(name),
            Self::Link(item) => item.slot(name),
            Self::Project(item) => item.slot(name),
            Self::Connection(item) => item.slot(name),
            Self::Automation(item) => item.slot(name),
            Self::NodeParameter(item) => item.slot(name),
            Self::ManualKey(item) => Some(item.slot(name)),
            Self::Token(item) => item.slot(name),
            Self::Role(item) => item.slot(name),
            Self::User(item) => item.slot(name),
            Self::UserMapping(item) => item.slot(name),
            Self::Secured(item) => item.slot(name),
            Self::Node(_) | Self::Grant(_) | Self::Other => None,
        }
    }

    /// An attribute with a slot stands at `span`.
    pub(super) fn attribute_at(&mut self, name: &str, span: Span) {
        if let Self::App(app) = self {
            app.attribute_at(name, span);
        }
    }

    /// The item is over; `above` is the one it lies in, which is what it is a part of.
    pub(super) fn close(
        self,
        closed: &Closed,
        above: Option<&mut Self>,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        match (self, above) {
            (Self::App(item), _) => item.close(closed, collector),
            (Self::Project(item), _) => {
                item.close(closed, collector);
                Ok(())
            }
            (Self::Connection(item), _) => item.close(collector),
            (Self::Automation(item), _) => {
                item.close(collector);
                Ok(())
            }
            (Self::Token(item), _) => item.close(closed, collector),
            (Self::Role(item), _) => item.close(closed, collector),
            (Self::User(item), _) => item.close(collector),
            (Self::UserMapping(item), _) => item.close(collector),
            (Self::Secured(item), _) => item.close(collector),
            (Self::Grant(item), Some(Self::Secured(on))) => item.close(closed, on, collector),
            (part, Some(Self::App(app))) => {
                match part {
                    Self::Parameter(item) => item.close(closed, app),
                    Self::Entry(item) => return item.close(closed, app, collector),
                    Self::Link(item) => app.links.push(item.link()),
                    _ => {}
                }
                Ok(())
            }
            (Self::Node(item), Some(Self::Automation(automation))) => {
                item.close(automation);
                Ok(())
            }
            (Self::ManualKey(item), Some(Self::Automation(automation))) => {
                item.close(automation);
                Ok(())
            }
            (Self::NodeParameter(item), Some(Self::Automation(automation))) => {
                automation.named.add(item.named);
                Ok(())
            }
            (Self::NodeParameter(item), Some(Self::Node(node))) => {
                node.take(item);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
