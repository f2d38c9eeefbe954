//! What is kept from `data.xml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::tree::{Place, Tree};
use crate::edit::Span;
use crate::flow::{AppKind, Category, Permissions};
use crate::package::files_map::WorkspaceKey;
use crate::package::names::{Key, Keys};

/// The security model and the apps of a package.
#[derive(Debug, Default)]
pub struct Data {
    /// Keys of users and roles.
    pub keys: Keys,
    /// Flow Apps, in document order.
    pub apps: Vec<App>,
    /// API tokens.
    pub tokens: Vec<Token>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Users by key.
    pub users: BTreeMap<Key, User>,
    /// Roles registered on anything that is neither a user nor a token.
    pub other_registrations: Vec<Key>,
    /// Every grant, item and general, of every category.
    pub grants: Vec<Grant>,
    /// Secured items of the categories that matter: connections, resources, services.
    pub secured: Vec<Secured>,
    /// Connections that the package itself holds.
    pub connections: Vec<Connection>,
    /// The workspaces that an automation's nodes run, by the automation's key.
    pub automations: BTreeMap<String, Vec<WorkspaceKey>>,
    /// Tokens that are listed as items of a project.
    pub project_tokens: Vec<ProjectToken>,
    /// Where the removable items stand.
    pub tree: Tree,
}

impl Data {
    /// The secured item `id`.
    pub fn secured(&self, id: SecuredId) -> Option<&Secured> {
        self.secured.get(id.0 as usize)
    }

    /// The workspaces that each app runs, in the order of [`Data::apps`]: a Workspace or AR App's
    /// own, those that an Automation App's automation runs, those of the apps a Gallery App links to.
    pub fn workspaces(&self) -> impl Iterator<Item = BTreeSet<&WorkspaceKey>> {
        let by_name: BTreeMap<&str, &App> = self.apps.iter().map(|app| (&*app.name, app)).collect();
        self.apps.iter().map(move |app| {
            if app.kind == AppKind::Gallery {
                let links = app.links.iter().filter(|link| link.kind != "URL");
                let linked = links.filter_map(|link| by_name.get(&*link.target));
                linked.flat_map(|app| self.own_workspaces(app)).collect()
            } else {
                self.own_workspaces(app).collect()
            }
        })
    }

    fn own_workspaces<'a>(&'a self, app: &'a App) -> impl Iterator<Item = &'a WorkspaceKey> {
        let automation = app
            .automation
            .as_ref()
            .and_then(|key| self.automations.get(key));
        app.workspace.iter().chain(automation.into_iter().flatten())
    }

    /// A user's login name, or the key where the package does not hold the user.
    pub fn user_name(&self, user: Key) -> &str {
        self.users
            .get(&user)
            .map_or_else(|| self.keys.text(user), |user| &user.name)
    }
}

/// An app as it is stored, and where it can be changed.
#[derive(Debug, Clone)]
pub struct App {
    /// From the category.
    pub kind: AppKind,
    /// The item's key: a UUID, or the app's name up to schema 2.57.
    pub key: String,
    /// The app's name.
    pub name: String,
    /// Key of the user who owns it.
    pub owner: Option<Key>,
    /// Name of its token.
    pub token: Option<String>,
    /// Whether 2026.1 has been here: it has an `enabled` attribute.
    pub enabled: Option<bool>,
    /// The value of `allowTemporaryUploads`, where it has one.
    pub uploads: Option<bool>,
    /// Repository and workspace that a Workspace or AR App runs.
    pub workspace: Option<WorkspaceKey>,
    /// Key of the automation that an Automation App runs.
    pub automation: Option<String>,
    /// What a Gallery App links to.
    pub links: Vec<Link>,
    /// The attributes that the 2026.1 form replaces.
    pub replaced: Vec<Span>,
    /// Where an attribute can be added.
    pub attributes: Anchor,
    /// Where an attribute can be added to each of its published parameters.
    pub parameters: Vec<Anchor>,
    /// Where an itemtype can be added.
    pub itemtypes: Anchor,
}

/// A place to add a child element to a list that may not be there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// What to replace: nothing, or an element written `<name/>`.
    pub span: Span,
    /// Whether the list itself has to be written too.
    pub bare: bool,
}

/// A link of a Gallery App.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `APP`, `URL`, … (seen).
    pub kind: String,
    /// For an app, its name.
    pub target: String,
}

/// An API token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its key, a UUID.
    pub key: String,
    /// Its name, unique per user only.
    pub name: String,
    /// The user it belongs to.
    pub user: Option<Key>,
    /// `is_enabled`.
    pub enabled: Option<bool>,
    /// `is_restricted`: whether it holds explicit grants, or all that its user may do.
    pub restricted: Option<bool>,
    /// `expirationdate` as written.
    pub expires: Option<String>,
    /// Its role registrations.
    pub roles: Vec<Key>,
    /// Where it stands.
    pub place: Place,
}

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its key.
    pub key: Key,
    /// Its name, such as `user:admin` or `token:admin.Workspace App - X`.
    pub name: String,
    /// `isinternal`: FME Flow made it for its own use.
    pub internal: bool,
    /// Where it stands.
    pub place: Place,
}

/// A user.
#[derive(Debug, Clone, Default)]
pub struct User {
    /// Login name.
    pub name: String,
    /// Role registrations; many of the roles are not in the package (seen).
    pub roles: Vec<Key>,
}

/// A secured item in [`Data::secured`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecuredId(pub u32);

/// A connection, a resource or a service as the security model knows it.
#[derive(Debug, Clone)]
pub struct Secured {
    /// Its category.
    pub category: Category,
    /// Its key: for connections and resources the name.
    pub name: Arc<str>,
    /// The user who owns it.
    pub owner: Option<Key>,
}

/// Permissions of a role, on one item or on a whole category.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Where it stands.
    pub place: Place,
    /// Who holds it.
    pub role: Key,
    /// On what; none for a general grant and for items of a category that does not matter.
    pub item: Option<SecuredId>,
    /// Whose category.
    pub category: Category,
    /// Which.
    pub permissions: Permissions,
}

/// A connection in the package.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its name.
    pub name: String,
    /// The user who owns it (seen since schema 2.111; before that the security model says).
    pub owner: Option<Key>,
}

/// A project item of the type `USERTOKEN`.
#[derive(Debug, Clone)]
pub struct ProjectToken {
    /// Login name of the token's user.
    pub user: String,
    /// Name of the token.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}
