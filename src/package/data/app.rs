//! Flow Apps, their parameters and links.

use std::sync::Arc;

use super::collect::{Collector, What};
use super::lists::ItemLocation;
use super::model::{App, Link};
use super::named::Named;
use super::slot::{Closed, Slot, flag};
use crate::edit::{InsertPoint, Span};
use crate::flow::AppKind;
use crate::package::tree::unclear;
use crate::package::{Key, PackageError};
use crate::target::{self, IdentifierEntry, StoredForm};

/// An app, or what may be one.
#[derive(Debug)]
pub(super) struct AppItem {
    /// None in a category of apps that is not known: there an item with a token is an app.
    kind: Option<AppKind>,
    category: Option<Key>,
    key: String,
    at: u64,
    name: Option<String>,
    owner_id: Option<String>,
    owner: Option<String>,
    token: Option<String>,
    /// Its value is a secret.
    has_token_value: bool,
    enabled: Option<String>,
    uploads: Option<String>,
    repository: Option<String>,
    service: Option<String>,
    workspace: Option<String>,
    automation: Option<String>,
    replaced: Vec<Span>,
    of_token: Vec<Span>,
    pub(super) entries: Vec<IdentifierEntry>,
    pub(super) entries_at: Vec<ItemLocation>,
    pub(super) links: Vec<Link>,
    pub(super) parameters: Vec<InsertPoint>,
    pub(super) named: Named,
}

impl AppItem {
    pub(super) fn new(
        kind: Option<AppKind>,
        key: &str,
        at: u64,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        Ok(Self {
            kind,
            category: collector.category,
            key: collector.keep(key)?,
            at,
            name: None,
            owner_id: None,
            owner: None,
            token: None,
            has_token_value: false,
            enabled: None,
            uploads: None,
            repository: None,
            service: None,
            workspace: None,
            automation: None,
            replaced: Vec::new(),
            of_token: Vec::new(),
            entries: Vec::new(),
            entries_at: Vec::new(),
            links: Vec::new(),
            parameters: Vec::new(),
            named: Named::default(),
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        let value = match name {
            "name" => &mut self.name,
            "ownerid" => &mut self.owner_id,
            "owner" => &mut self.owner,
            "token" => &mut self.token,
            "tokenvalue" => return Some(Slot::Seen(&mut self.has_token_value)),
            target::ENABLED => &mut self.enabled,
            target::UPLOADS => &mut self.uploads,
            "repo" => &mut self.repository,
            "service" => &mut self.service,
            "workspace" => &mut self.workspace,
            "automationid" => &mut self.automation,
            _ => return None,
        };
        Some(value.into())
    }

    pub(super) fn attribute_at(&mut self, name: &str, span: Span) {
        if target::REPLACED.contains(&name) {
            self.replaced.push(span);
        }
        if target::OF_TOKEN.contains(&name) {
            self.of_token.push(span);
        }
    }

    pub(super) fn close(
        self,
        closed: &Closed,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        let kind = match (self.kind, &self.token) {
            (Some(kind), _) => kind,
            (None, None) if self.entries.is_empty() => return Ok(()),
            (None, _) => AppKind::Other,
        };
        let end = &closed.end;
        if end.attributes.needs_wrapper {
            let what = format!("the app {:?} has no attributes", self.key);
            return unclear(end.span.start, &what);
        }
        let key = collector.key(&self.key)?;
        collector.once(What::App(self.category), key, self.at);
        let owner = collector.owner(self.owner_id, self.owner)?;
        collector.data.apps.push(App {
            kind,
            category: self.category,
            name: self.name.as_deref().unwrap_or(&self.key).into(),
            owner,
            token: self.token.filter(|name| !name.is_empty()),
            span: end.span,
            of_token: self.of_token,
            workspace: self.repository.zip(self.workspace),
            service: self.service,
            automation: self.automation,
            form: StoredForm {
                enabled: flag(self.enabled.as_ref()),
                uploads: flag(self.uploads.as_ref()),
                entries: self.entries,
                replaced: self.replaced,
                attributes: end.attributes,
                itemtypes: end.itemtypes,
                parameters: self.parameters,
            },
            entries_at: self.entries_at,
            key: self.key,
            links: self.links,
            named: self.named.boxed(),
        });
        Ok(())
    }
}

/// A parameter of a Workspace App.
#[derive(Debug, Default)]
pub(super) struct ParameterItem {
    is_dynamic: bool,
    named: Named,
}

impl ParameterItem {
    pub(super) fn slot(&mut self, name: &str) -> Slot<'_> {
        match name {
            target::PARAMETER => Slot::Seen(&mut self.is_dynamic),
            _ => Slot::Names(&mut self.named),
        }
    }

    /// The parameter is a part of `app`. What 2026.1 adds to it can be added at its attributes; those
    /// that have it already come from there.
    pub(super) fn close(self, closed: &Closed, app: &mut AppItem) {
        let point = (!self.is_dynamic).then_some(closed.end.attributes);
        app.parameters.extend(point);
        app.named.add(self.named);
    }
}

/// An identifier entry of an app.
#[derive(Debug)]
pub(super) struct EntryItem {
    connection: Arc<str>,
    identifier: Option<String>,
    permissions: Option<String>,
    has_more: bool,
}

impl EntryItem {
    pub(super) fn new(
        connection: &str,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        Ok(Self {
            connection: collector.shared(connection)?,
            identifier: None,
            permissions: None,
            has_more: false,
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match name {
            target::ENTRY_IDENTIFIER => Some(Slot::Shared(&mut self.identifier)),
            target::ENTRY_PERMISSIONS => Some(Slot::Shared(&mut self.permissions)),
            _ => {
                self.has_more = true;
                None
            }
        }
    }

    /// The entry is a part of `app`.
    pub(super) fn close(
        self,
        closed: &Closed,
        app: &mut AppItem,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        let [identifier, permissions] =
            [self.identifier, self.permissions].map(Option::unwrap_or_default);
        app.entries.push(IdentifierEntry {
            connection: self.connection,
            identifier: collector.shared(&identifier)?,
            permissions: collector.permissions_between_commas(&permissions)?,
            has_more: self.has_more || closed.end.lists.is_some(),
        });
        app.entries_at.extend(closed.place);
        Ok(())
    }
}

/// A link of a Gallery App.
#[derive(Debug, Default)]
pub(super) struct LinkItem {
    kind: Option<String>,
    target: Option<String>,
}

impl LinkItem {
    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match name {
            "type" => Some((&mut self.kind).into()),
            "link" => Some((&mut self.target).into()),
            _ => None,
        }
    }

    pub(super) fn link(self) -> Link {
        Link {
            kind: self.kind.unwrap_or_default(),
            target: self.target.unwrap_or_default(),
        }
    }
}
