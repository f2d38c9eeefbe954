//! What an item means, once it is closed.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use super::item::Kind;
use super::model::{
    App, Connection, Data, Grant, Link, ProjectToken, Registration, Role, Secured, SecuredId,
    Token, User,
};
use super::open::{OpenItem, utf8};
use super::tree::Place;
use crate::edit::Span;
use crate::flow::{AppKind, Category, Permissions};
use crate::package::names::Key;
use crate::package::{Document, PackageError};
use crate::target::{self, Entry, StoredForm};

/// Gathers the items of a package.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) data: Data,
    /// Sets of permissions seen so far, by the words as they are written, a comma after each: a few
    /// dozen for a million grants.
    sets: HashMap<Vec<u8>, Permissions>,
    words: HashMap<String, Arc<str>>,
}

impl Collector {
    /// Takes in an item that is over; `above` is the item it lies in.
    pub(super) fn close(
        &mut self,
        item: &mut OpenItem,
        place: Option<Place>,
        above: Option<&mut OpenItem>,
        span: Span,
    ) -> Result<(), PackageError> {
        match item.kind {
            Kind::App(kind) => self.close_app(kind, item, span)?,
            Kind::PerhapsApp if item.has("token") => {
                self.close_app(AppKind::Other, item, span)?;
            }
            Kind::Parameter => {
                // Those that have it already come from 2026.1.
                if !item.has(target::PARAMETER)
                    && let (Some(app), Some(anchor)) = (above, item.attributes)
                {
                    app.parameters.push(anchor);
                }
            }
            Kind::Entry => {
                if let Some(app) = above {
                    app.entries.push(entry(item));
                }
            }
            Kind::Link => {
                if let Some(app) = above {
                    app.links.push(link(item));
                }
            }
            Kind::ProjectItem if item.value("itemtype") == Some("USERTOKEN") => {
                let (user, name) = (item.text("itemscope"), item.text("itemname"));
                self.data
                    .project_tokens
                    .extend(place.map(|place| ProjectToken { user, name, place }));
            }
            Kind::Connection => {
                let owner = self.owner(item);
                self.data.connections.push(Connection {
                    name: item.name().to_owned(),
                    owner,
                });
            }
            Kind::NodeParameter => close_node_parameter(item, above),
            Kind::Node => {
                if let Some(automation) = above {
                    automation.workspaces.append(&mut item.workspaces);
                }
            }
            Kind::Automation => {
                self.data
                    .automations
                    .insert(item.name().to_owned(), mem::take(&mut item.workspaces));
            }
            Kind::Permission => {
                if item.name_bytes().contains(&b',') {
                    // The target writes permissions with commas between them.
                    let at = span.start;
                    let what = format!("byte {at}: a permission whose name holds a comma");
                    return Err(PackageError::Unclear {
                        document: Document::Data,
                        what,
                    });
                }
                if let Some(grant) = above {
                    grant.permissions.extend_from_slice(item.name_bytes());
                    grant.permissions.push(b',');
                }
            }
            Kind::Grant => self.close_grant(item, place, above),
            Kind::Secured(Category::Connections | Category::Resources) => {
                let owner = self.owner(item);
                let id = self.secured(item);
                if let Some(secured) = self.data.secured_mut(id) {
                    secured.owner = owner;
                }
            }
            Kind::TokenRole | Kind::UserRole => {
                let role = self.data.keys.insert(item.name());
                if let Some(holder) = above {
                    holder.roles.push(role);
                }
            }
            Kind::OtherRole => {
                let role = self.data.keys.insert(item.name());
                self.data.other_registrations.push(role);
            }
            Kind::Role => {
                let key = self.data.keys.insert(item.name());
                let name = self
                    .data
                    .keys
                    .insert(item.value("name").unwrap_or_default());
                let internal = item.flag("isinternal") == Some(true);
                self.data.roles.extend(place.map(|place| Role {
                    key,
                    name,
                    internal,
                    place,
                }));
            }
            Kind::User => self.close_user(item),
            Kind::Token => self.close_token(item, place),
            _ => {}
        }
        Ok(())
    }

    fn close_app(
        &mut self,
        kind: AppKind,
        item: &mut OpenItem,
        span: Span,
    ) -> Result<(), PackageError> {
        let key = item.name().to_owned();
        if item
            .attributes
            .is_none_or(|attributes| attributes.needs_wrapper)
        {
            let what = format!("byte {}: the app {key:?} has no attributes", span.start);
            return Err(PackageError::Unclear {
                document: Document::Data,
                what,
            });
        }
        let (Some(attributes), Some(itemtypes)) = (item.attributes, item.itemtypes) else {
            return Ok(());
        };
        let owner = self.owner(item);
        let workspace = item.value("repo").zip(item.value("workspace"));
        self.data.apps.push(App {
            kind,
            name: item.value("name").unwrap_or(&key).into(),
            owner,
            token: item
                .value("token")
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            workspace: workspace.map(|(r, w)| (r.to_owned(), w.to_owned())),
            automation: item.value("automationid").map(str::to_owned),
            form: StoredForm {
                enabled: item.flag(target::ENABLED),
                uploads: item.flag(target::UPLOADS),
                entries: mem::take(&mut item.entries),
                replaced: target::REPLACED
                    .into_iter()
                    .filter_map(|name| item.span(name))
                    .collect(),
                attributes,
                itemtypes,
                parameters: mem::take(&mut item.parameters),
            },
            key,
            links: mem::take(&mut item.links),
        });
        Ok(())
    }

    fn close_grant(
        &mut self,
        grant: &OpenItem,
        place: Option<Place>,
        above: Option<&mut OpenItem>,
    ) {
        let role = self.data.keys.insert(grant.name());
        let permissions = self.set(&grant.permissions);
        let Some((place, on)) = place.zip(above) else {
            return;
        };
        let (category, item) = match on.kind {
            Kind::Secured(category) if category != Category::Other => {
                let id = self.secured(on);
                on.secured = Some(id);
                (category, Some(id))
            }
            Kind::SecuredOf(category) => (category, None),
            _ => (Category::Other, None),
        };
        self.data.grants.push(Grant {
            place,
            role,
            item,
            category,
            permissions,
        });
    }

    fn close_user(&mut self, item: &mut OpenItem) {
        let key = self.data.keys.insert(item.name());
        // Up to schema 2.42 the key is the name.
        let name = item.value("username").unwrap_or(item.name());
        let name = self.data.keys.insert(name);
        self.data.users.push(User { key, name });
        let roles = item.roles.drain(..);
        let registered = roles.map(|role| Registration { user: key, role });
        self.data.registrations.extend(registered);
    }

    fn close_token(&mut self, item: &mut OpenItem, place: Option<Place>) {
        let Some(place) = place else { return };
        let user = item.value("userid").map(|user| self.data.keys.insert(user));
        self.data.tokens.push(Token {
            key: item.name().to_owned(),
            name: item.value("name").unwrap_or_default().into(),
            user,
            enabled: item.flag("is_enabled"),
            restricted: item.flag("is_restricted"),
            expires: item
                .value("expirationdate")
                .filter(|d| !d.is_empty())
                .map(str::to_owned),
            roles: mem::take(&mut item.roles),
            place,
        });
    }

    /// The owner: a key from schema 2.54, a name before (both seen).
    fn owner(&mut self, item: &OpenItem) -> Option<Key> {
        let owner = item.value("ownerid").or_else(|| item.value("owner"))?;
        (!owner.is_empty()).then(|| self.data.keys.insert(owner))
    }

    /// The number of a secured item; its owner is not known before it is over.
    fn secured(&mut self, item: &OpenItem) -> SecuredId {
        if let Some(id) = item.secured {
            return id;
        }
        let category = match item.kind {
            Kind::Secured(category) => category,
            _ => Category::Other,
        };
        let id = SecuredId::at(self.data.secured.len());
        self.data.secured.push(Secured {
            category,
            name: item.name().into(),
            owner: None,
        });
        id
    }

    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(word) = self.words.get(text) {
            return Arc::clone(word);
        }
        let word: Arc<str> = text.into();
        self.words.insert(text.to_owned(), Arc::clone(&word));
        word
    }

    fn set(&mut self, written: &[u8]) -> Permissions {
        if let Some(set) = self.sets.get(written) {
            return set.clone();
        }
        let words = utf8(written)
            .split_terminator(',')
            .map(|word| self.word(word));
        let set = Permissions::new(words.collect::<Vec<_>>());
        self.sets.insert(written.to_owned(), set.clone());
        set
    }
}

/// A workspace node names its repository and its workspace in two parameters, in any order (seen).
fn close_node_parameter(item: &OpenItem, above: Option<&mut OpenItem>) {
    let Some(node) = above else { return };
    let value = item.text("value");
    match item.name() {
        "REPOSITORY" => node.repository = Some(value),
        "WORKSPACE" => node.workspaces.push((String::new(), value)),
        _ => return,
    }
    if let (Some(repository), Some((into, _))) = (&node.repository, node.workspaces.first_mut()) {
        into.clone_from(repository);
    }
}

fn entry(item: &OpenItem) -> Entry {
    let value = |name| item.value(name).unwrap_or_default();
    let (identifier, permissions) = (target::ENTRY_IDENTIFIER, target::ENTRY_PERMISSIONS);
    Entry::read(item.name(), value(identifier), value(permissions))
}

fn link(item: &OpenItem) -> Link {
    Link {
        kind: item.text("type"),
        target: item.text("link"),
    }
}
