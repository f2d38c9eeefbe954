//! What an item means, once it is closed.

use std::collections::HashMap;
use std::sync::Arc;

use super::item::Kind;
use super::model::{
    Anchor, App, Connection, Data, Grant, Link, ProjectToken, Role, Secured, SecuredId, Token, User,
};
use super::tree::Place;
use crate::edit::Span;
use crate::flow::{AppKind, Category, Permissions};
use crate::package::names::Key;
use crate::package::{Document, PackageError};

/// The attributes of an app that the 2026.1 form replaces.
const REPLACED: [&str; 4] = ["token", "tokenvalue", "enabled", "allowTemporaryUploads"];

/// An item that is being read.
#[derive(Debug)]
pub(super) struct OpenItem {
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    pub(super) attributes: Option<Anchor>,
    pub(super) itemtypes: Option<Anchor>,
    /// The value of the attribute that is being read.
    pub(super) value: Option<String>,
    kept: Vec<(&'static str, Option<String>, Span)>,
    /// From the items within: role registrations, permissions, links, parameters, workspaces.
    roles: Vec<Key>,
    permissions: Vec<Arc<str>>,
    links: Vec<Link>,
    parameters: Vec<Anchor>,
    workspaces: Vec<(String, String)>,
    repository: Option<String>,
    /// The number of this secured item, once a grant has asked for it.
    secured: Option<SecuredId>,
}

impl OpenItem {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            name: None,
            attributes: None,
            itemtypes: None,
            value: None,
            kept: Vec::new(),
            roles: Vec::new(),
            permissions: Vec::new(),
            links: Vec::new(),
            parameters: Vec::new(),
            workspaces: Vec::new(),
            repository: None,
            secured: None,
        }
    }

    pub(super) fn has(&self, attribute: &str) -> bool {
        self.kept.iter().any(|(name, ..)| *name == attribute)
    }

    pub(super) fn close_attribute(&mut self, name: &'static str, span: Span) {
        let value = self.value.take();
        self.kept.push((name, value, span));
    }

    /// The item ends at `end_tag`: a list that it lacks would come right before that.
    pub(super) fn close_anchors(&mut self, end_tag: u64) {
        let bare = Anchor {
            span: Span::at(end_tag),
            bare: true,
        };
        self.itemtypes.get_or_insert(bare);
        self.attributes.get_or_insert(bare);
    }

    fn value(&self, attribute: &str) -> Option<&str> {
        self.kept
            .iter()
            .find(|(name, ..)| *name == attribute)
            .and_then(|(_, v, _)| v.as_deref())
    }

    fn text(&self, attribute: &str) -> String {
        self.value(attribute).unwrap_or_default().to_owned()
    }

    /// `true` or `false`, as FME Flow writes a boolean.
    fn flag(&self, attribute: &str) -> Option<bool> {
        self.value(attribute).and_then(|value| value.parse().ok())
    }

    fn span(&self, attribute: &str) -> Option<Span> {
        self.kept
            .iter()
            .find(|(name, ..)| *name == attribute)
            .map(|(.., span)| *span)
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}

/// Gathers the items of a package.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) data: Data,
    /// Sets of permissions seen so far: a few dozen for a million grants.
    sets: HashMap<Vec<Arc<str>>, Permissions>,
    words: HashMap<String, Arc<str>>,
}

impl Collector {
    /// Takes in an item that is over. `above` are the items it lies in, outermost first.
    pub(super) fn close(
        &mut self,
        item: OpenItem,
        place: Option<Place>,
        above: &mut [OpenItem],
        span: Span,
    ) -> Result<(), PackageError> {
        match item.kind {
            Kind::App(kind) => self.close_app(kind, item, span)?,
            Kind::PerhapsApp if item.has("token") => {
                self.close_app(AppKind::Other, item, span)?;
            }
            Kind::Parameter => {
                // Those that have it already come from 2026.1.
                if !item.has("dynamicParameterQueryConfigurationEnabled")
                    && let (Some(app), Some(anchor)) = (above.last_mut(), item.attributes)
                {
                    app.parameters.push(anchor);
                }
            }
            Kind::Link => {
                if let Some(app) = above.last_mut() {
                    app.links.push(Link {
                        kind: item.text("type"),
                        target: item.text("link"),
                    });
                }
            }
            Kind::ProjectItem if item.value("itemtype") == Some("USERTOKEN") => {
                let (user, name) = (item.text("itemscope"), item.text("itemname"));
                self.data
                    .project_tokens
                    .extend(place.map(|place| ProjectToken { user, name, place }));
            }
            Kind::Connection => {
                let owner = self.owner(&item);
                self.data.connections.push(Connection {
                    name: item.name().to_owned(),
                    owner,
                });
            }
            Kind::NodeParameter => close_node_parameter(&item, above),
            Kind::Node => {
                if let Some(automation) = above.last_mut() {
                    automation.workspaces.extend(item.workspaces);
                }
            }
            Kind::Automation => {
                self.data
                    .automations
                    .insert(item.name().to_owned(), item.workspaces);
            }
            Kind::Permission => {
                if item.name().contains(',') {
                    // The target writes permissions with commas between them.
                    let at = span.start;
                    let what = format!("byte {at}: a permission whose name holds a comma");
                    return Err(PackageError::Unclear {
                        document: Document::Data,
                        what,
                    });
                }
                let word = self.word(item.name());
                if let Some(grant) = above.last_mut() {
                    grant.permissions.push(word);
                }
            }
            Kind::Grant => self.close_grant(item, place, above),
            Kind::Secured(Category::Connections | Category::Resources) => {
                let owner = self.owner(&item);
                let id = self.secured(&item);
                if let Some(secured) = self.data.secured.get_mut(id.0 as usize) {
                    secured.owner = owner;
                }
            }
            Kind::TokenRole | Kind::UserRole => {
                let role = self.data.keys.insert(item.name());
                if let Some(holder) = above.last_mut() {
                    holder.roles.push(role);
                }
            }
            Kind::OtherRole => {
                let role = self.data.keys.insert(item.name());
                self.data.other_registrations.push(role);
            }
            Kind::Role => {
                let key = self.data.keys.insert(item.name());
                let (name, internal) = (item.text("name"), item.flag("isinternal") == Some(true));
                self.data.roles.extend(place.map(|place| Role {
                    key,
                    name,
                    internal,
                    place,
                }));
            }
            Kind::User => {
                let key = self.data.keys.insert(item.name());
                // Up to schema 2.42 the key is the name.
                let name = item.value("username").unwrap_or(item.name()).to_owned();
                let user = self.data.users.entry(key).or_insert(User {
                    name,
                    roles: Vec::new(),
                });
                user.roles.extend(item.roles);
            }
            Kind::Token => self.close_token(item, place),
            _ => {}
        }
        Ok(())
    }

    fn close_app(&mut self, kind: AppKind, item: OpenItem, span: Span) -> Result<(), PackageError> {
        let key = item.name().to_owned();
        if item.attributes.is_none_or(|attributes| attributes.bare) {
            let what = format!("byte {}: the app {key:?} has no attributes", span.start);
            return Err(PackageError::Unclear {
                document: Document::Data,
                what,
            });
        }
        let (Some(attributes), Some(itemtypes)) = (item.attributes, item.itemtypes) else {
            return Ok(());
        };
        let owner = self.owner(&item);
        let workspace = item.value("repo").zip(item.value("workspace"));
        self.data.apps.push(App {
            kind,
            name: item.value("name").unwrap_or(&key).to_owned(),
            owner,
            token: item
                .value("token")
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            enabled: item.flag("enabled"),
            uploads: item.flag("allowTemporaryUploads"),
            workspace: workspace.map(|(r, w)| (r.to_owned(), w.to_owned())),
            automation: item.value("automationid").map(str::to_owned),
            replaced: REPLACED
                .into_iter()
                .filter_map(|name| item.span(name))
                .collect(),
            attributes,
            itemtypes,
            key,
            links: item.links,
            parameters: item.parameters,
        });
        Ok(())
    }

    fn close_grant(&mut self, grant: OpenItem, place: Option<Place>, above: &mut [OpenItem]) {
        let role = self.data.keys.insert(grant.name());
        let permissions = self.set(grant.permissions);
        let Some((place, on)) = place.zip(above.last_mut()) else {
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

    fn close_token(&mut self, item: OpenItem, place: Option<Place>) {
        let Some(place) = place else { return };
        let user = item.value("userid").map(|user| self.data.keys.insert(user));
        self.data.tokens.push(Token {
            key: item.name().to_owned(),
            name: item.text("name"),
            user,
            enabled: item.flag("is_enabled"),
            restricted: item.flag("is_restricted"),
            expires: item
                .value("expirationdate")
                .filter(|d| !d.is_empty())
                .map(str::to_owned),
            roles: item.roles,
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
        let id = SecuredId(u32::try_from(self.data.secured.len()).unwrap_or(u32::MAX));
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

    fn set(&mut self, words: Vec<Arc<str>>) -> Permissions {
        if let Some(set) = self.sets.get(&words) {
            return set.clone();
        }
        let set = Permissions::new(words.iter().cloned());
        self.sets.insert(words, set.clone());
        set
    }
}

/// A workspace node names its repository and its workspace in two parameters, in any order (seen).
fn close_node_parameter(item: &OpenItem, above: &mut [OpenItem]) {
    let Some(node) = above.last_mut() else { return };
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
