//! An item that is being read: what is kept of it, by its kind.

use super::app::{AppItem, EntryItem, LinkItem, ParameterItem};
use super::automation::{AutomationItem, ManualKeyItem, NodeItem, NodeParameterItem};
use super::collect::Collector;
use super::content::{ConnectionItem, ProjectItem};
use super::kind::Kind;
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
            Kind::ManualKey => Self::ManualKey(ManualKeyItem::new(name, collector)?),
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
                    Self::Entry(item) => app.entries.push(item.entry()),
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
