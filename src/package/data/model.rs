//! What is kept from `data.xml`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::num::NonZero;
use std::sync::Arc;

use super::lists::{ItemLocation, ListCounts};
use super::named::Named;
use crate::edit::Span;
use crate::flow::{AppKind, AppRef, Category, Identifier, Permissions};
use crate::package::files_map::WorkspaceKey;
use crate::package::names::{Key, Keys};
use crate::sorted::equal_range;
use crate::target::StoredForm;

/// The security model and the apps of a package.
#[derive(Debug, Default)]
pub struct Data {
    /// Keys and names of users and roles.
    pub keys: Keys,
    /// Flow Apps, in document order.
    pub apps: Vec<App>,
    /// API tokens.
    pub tokens: Vec<Token>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Users by key, each once.
    pub users: Vec<User>,
    /// Keys of the users who are disabled, in order.
    pub disabled_users: Vec<Key>,
    /// Users that the package names but does not hold, by key, each once.
    pub user_mappings: Vec<User>,
    /// Which roles users have, by user.
    pub registrations: Vec<Registration>,
    /// Roles registered on anything that is neither a user nor a token.
    pub other_registrations: Vec<Key>,
    /// Every grant, item and general, of every category; by role, then by item.
    pub grants: Vec<Grant>,
    /// Secured items of the categories that matter: connections, resources, services.
    pub secured: Vec<Secured>,
    /// Connections that the package itself holds.
    pub connections: Vec<Connection>,
    /// Automations by key.
    pub automations: BTreeMap<String, Automation>,
    /// Tokens that are listed as items of a project.
    pub project_tokens: Vec<ProjectToken>,
    /// Where the removable items stand.
    pub tree: ListCounts,
}

impl Data {
    /// Puts what is looked up into the order in which it is.
    pub(super) fn in_order(mut self) -> Self {
        self.users.sort_unstable_by_key(|user| user.key);
        self.user_mappings.sort_by_key(|user| user.key);
        self.user_mappings.dedup_by_key(|user| user.key);
        self.disabled_users.sort_unstable();
        self.registrations.sort_unstable();
        // In a category that nobody knows, what names no token of its owner's may be anything, a secret
        // too: it is not read, not shown and not touched.
        let tokens = self.tokens.iter().filter(|token| token.user.is_some());
        let tokens: HashSet<_> = tokens.map(|token| (&*token.name, token.user)).collect();
        self.apps.retain_mut(|app| {
            if app.kind != AppKind::Other {
                return true;
            }
            let owner = app.owner;
            app.token
                .take_if(|token| !tokens.contains(&(&**token, owner)));
            // One that has identifier entries is an app, or was made to look like one.
            app.token.is_some() || !app.form.entries.is_empty()
        });
        self.grants
            .sort_unstable_by_key(|grant| (grant.role, grant.item, grant.place.span));
        self
    }

    /// The secured item `id`.
    pub fn secured(&self, id: SecuredId) -> Option<&Secured> {
        self.secured.get(id.index())
    }

    /// Adds a secured item whose owner is not known yet.
    pub(super) fn secure(&mut self, category: Category, name: &str) -> SecuredId {
        let id = SecuredId::at(self.secured.len());
        self.secured.push(Secured {
            category,
            name: name.into(),
            owner: None,
        });
        id
    }

    pub(super) fn secured_mut(&mut self, id: SecuredId) -> Option<&mut Secured> {
        self.secured.get_mut(id.index())
    }

    /// The grants of a role.
    pub fn grants_of(&self, role: Key) -> &[Grant] {
        equal_range(&self.grants, |grant| grant.role.cmp(&role))
    }

    /// The roles registered on a user; many of them are not in the package (seen).
    pub fn roles_of(&self, user: Key) -> impl Iterator<Item = Key> {
        let of_user = equal_range(&self.registrations, |it| it.user.cmp(&user));
        of_user.iter().map(|registration| registration.role)
    }

    /// Tells the workspaces that an app runs: a Workspace or AR App's own, those that an Automation
    /// App's automation runs, those of the apps a Gallery App links to.
    pub fn workspaces<'a>(&'a self) -> impl Fn(&'a App) -> BTreeSet<&'a WorkspaceKey> {
        let by_name: BTreeMap<&str, &App> = self.apps.iter().map(|app| (&*app.name, app)).collect();
        move |app| {
            if app.kind == AppKind::Gallery {
                let links = app.links.iter().filter(|link| link.kind != "URL");
                let linked = links.filter_map(|link| by_name.get(&*link.target));
                linked.flat_map(|app| self.own_workspaces(app)).collect()
            } else {
                self.own_workspaces(app).collect()
            }
        }
    }

    fn own_workspaces<'a>(&'a self, app: &'a App) -> impl Iterator<Item = &'a WorkspaceKey> {
        let automation = self.automation_of(app).into_iter();
        let run = automation.flat_map(|automation| &automation.workspaces);
        app.workspace.iter().chain(run)
    }

    /// The automation that an Automation App runs, where the package holds it.
    pub fn automation_of(&self, app: &App) -> Option<&Automation> {
        self.automations.get(app.automation.as_ref()?)
    }

    /// An app as the patterns of a profile see it.
    pub fn app_ref<'a>(&'a self, app: &'a App) -> AppRef<'a> {
        AppRef {
            kind: app.kind,
            key: &app.key,
            name: &app.name,
            owner_key: app.owner.map_or("", |owner| self.keys.text(owner)),
            owner_name: app.owner.map_or("", |owner| self.user_name(owner)),
            expires: None,
        }
    }

    /// What secures the permissions of an app.
    pub fn identifier(&self, app: &App) -> Identifier {
        let owner = app.owner.map_or("", |owner| self.keys.text(owner));
        Identifier::of(&app.key, app.kind, owner, &app.name)
    }

    /// Names of all Connections, or all Resources, that the package knows of.
    pub fn items(&self, category: Category) -> BTreeSet<&str> {
        let connections = self.connections.iter();
        let connections = connections.filter(|_| category == Category::Connections);
        let secured = self.secured.iter().filter(|it| it.category == category);
        let secured = secured.map(|it| &*it.name);
        connections.map(|it| &*it.name).chain(secured).collect()
    }

    /// Whether the package holds a user.
    pub fn has_user(&self, user: Key) -> bool {
        self.users
            .binary_search_by_key(&user, |user| user.key)
            .is_ok()
    }

    /// Whether the package says that a user is disabled.
    pub fn is_disabled(&self, user: Key) -> bool {
        self.disabled_users.binary_search(&user).is_ok()
    }

    /// A user's login name, or the key where the package does not name the user.
    pub fn user_name(&self, user: Key) -> &str {
        let find = |users: &[User]| {
            let found = users.binary_search_by_key(&user, |user| user.key);
            found
                .ok()
                .and_then(|at| users.get(at))
                .map(|user| user.name)
        };
        let name = find(&self.users).or_else(|| find(&self.user_mappings));
        self.keys.text(name.unwrap_or(user))
    }
}

/// An app as it is stored, and where it can be changed.
#[derive(Debug, Clone)]
pub struct App {
    /// From the category, where the list in it is that of the kind.
    pub kind: AppKind,
    /// The category it is in.
    pub category: Option<Key>,
    /// The item's key: a UUID, or the app's name up to schema 2.57.
    pub key: String,
    /// The app's name.
    pub name: Arc<str>,
    /// Key of the user who owns it.
    pub owner: Option<Key>,
    /// Name of its token.
    pub token: Option<String>,
    /// The item.
    pub span: Span,
    /// The attributes of it that say which token it has.
    pub of_token: Vec<Span>,
    /// Repository and workspace that a Workspace or AR App runs.
    pub workspace: Option<WorkspaceKey>,
    /// The service through which a Workspace App runs it.
    pub service: Option<String>,
    /// Key of the automation that an Automation App runs.
    pub automation: Option<String>,
    /// What a Gallery App links to.
    pub links: Vec<Link>,
    /// The Resources that values of its parameters name; none where they name none.
    pub named: Option<Box<Named>>,
    /// What of the 2026.1 form it has already, and where it can be changed.
    pub form: StoredForm,
    /// Where its identifier entries stand.
    pub entries_at: Vec<ItemLocation>,
}

/// An automation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    /// Its name.
    pub name: String,
    /// `isenabled`: whether it is started.
    pub enabled: Option<bool>,
    /// The workspaces that its nodes run.
    pub workspaces: Vec<WorkspaceKey>,
    /// Names of the parameters of its manual trigger that ask for a file, a folder or a file
    /// geodatabase.
    pub file_parameters: Vec<String>,
    /// The Resources that values of its parameters name.
    pub named: Named,
    /// How many of its triggers are webhooks that require no authentication.
    pub open_webhooks: u32,
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
    pub name: Arc<str>,
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
    pub place: ItemLocation,
}

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its key.
    pub key: Key,
    /// Its name, such as `user:admin` or `token:admin.Workspace App - X`.
    pub name: Key,
    /// `isinternal`: FME Flow made it for its own use.
    pub internal: bool,
    /// Where it stands.
    pub place: ItemLocation,
}

/// A user.
#[derive(Debug, Clone, Copy)]
pub struct User {
    /// Key.
    pub key: Key,
    /// Login name.
    pub name: Key,
}

/// A role that is registered on a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Registration {
    /// The user's key.
    pub user: Key,
    /// The role's key.
    pub role: Key,
}

/// A secured item in [`Data::secured`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecuredId(NonZero<u32>);

impl SecuredId {
    /// Of the item at `index`.
    pub fn at(index: usize) -> Self {
        let number = u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1));
        Self(NonZero::new(number).unwrap_or(NonZero::<u32>::MAX))
    }

    /// Its position in [`Data::secured`].
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

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
    pub place: ItemLocation,
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
    pub place: ItemLocation,
}
