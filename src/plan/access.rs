//! Who may do what, and who may run which connection. Built once, so that nothing is searched twice.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::runnable::Runnable;
use crate::flow::{Category, ItemPermissions, Permissions, Schema, Union};
use crate::package::Key;
use crate::package::data::{Data, SecuredId, Token};
use crate::sorted::equal_range;

/// The service that takes an app's temporary uploads (seen).
pub(super) const UPLOAD_SERVICE: &str = "fmedataupload";

/// The role whose holders may do everything (documented).
const SUPERUSER: &str = "fmesuperuser";

/// What the roles of a token hold, as far as it concerns the upgrade.
#[derive(Debug, Clone, Default)]
pub(super) struct TokenPermissions {
    /// Permissions on connections by name.
    pub(super) connections: ItemPermissions,
    /// Permissions on resources by name.
    pub(super) resources: ItemPermissions,
    /// General permissions on connections.
    pub(super) general_connections: Option<Permissions>,
    /// General permissions on resources.
    pub(super) general_resources: Option<Permissions>,
    /// Whether uploads are allowed.
    pub(super) uploads: bool,
}

/// What a package says of connections and roles, by what it is asked for.
pub(super) struct Access<'a> {
    data: &'a Data,
    /// Connections as the security model knows them, by name; several owners may have one each.
    connections: Vec<(&'a str, SecuredId)>,
    /// Names and owners of connections, in order.
    owned: Vec<(&'a str, Key)>,
    /// Names of each connection's owners.
    owners: BTreeMap<&'a str, SharedNames>,
    /// Names of the connections that the package holds.
    held: HashSet<&'a str>,
    /// Keys of the roles that may run every connection.
    run_all: HashSet<Key>,
    schema: &'a Schema,
    /// Keys of all roles, in order.
    known_roles: Vec<Key>,
    runnable: Runnable<'a>,
    /// How many roles of a user are unknown, by user.
    unknown_roles: RefCell<BTreeMap<Key, u32>>,
    /// Users who may run every connection by a role, and others that were asked for.
    runs_all: RefCell<BTreeMap<Key, bool>>,
    /// By key of the token.
    held_by_several: RefCell<BTreeMap<&'a str, TokenPermissions>>,
}

/// Names that many findings share.
type SharedNames = Arc<[Arc<str>]>;

impl<'a> Access<'a> {
    pub(super) fn new(data: &'a Data, schema: &'a Schema) -> Self {
        let mut known_roles: Vec<_> = data.roles.iter().map(|role| role.key).collect();
        known_roles.sort_unstable();
        let connections = || {
            let numbered = data.secured.iter().zip(0..);
            numbered.filter(|(item, _)| item.category == Category::Connections)
        };
        let mut by_name: Vec<_> = connections()
            .map(|(item, index)| (&*item.name, SecuredId::at(index)))
            .collect();
        by_name.sort_unstable();
        let secured_owners = connections().map(|(item, _)| (&*item.name, item.owner));
        let owners = data
            .connections
            .iter()
            .map(|c| (&*c.name, c.owner))
            .chain(secured_owners);
        let owners = owners.filter_map(|(name, owner)| Some((name, owner?)));
        let mut owned: Vec<_> = owners.collect();
        owned.sort_unstable();
        owned.dedup();
        Self {
            data,
            connections: by_name,
            owners: names_of_owners(data, &owned),
            owned,
            held: data
                .connections
                .iter()
                .map(|connection| &*connection.name)
                .collect(),
            run_all: roles_that_run_all(data),
            schema,
            known_roles,
            runnable: Runnable::new(data),
            unknown_roles: RefCell::default(),
            runs_all: RefCell::default(),
            held_by_several: RefCell::default(),
        }
    }

    /// What the roles of a token that several apps use hold: worked out once for all of them.
    pub(super) fn held_by_several(&self, token: &'a Token) -> TokenPermissions {
        let mut known = self.held_by_several.borrow_mut();
        let held = known.entry(&token.key);
        held.or_insert_with(|| self.held(token)).clone()
    }

    /// What a token's roles hold.
    pub(super) fn held(&self, token: &Token) -> TokenPermissions {
        let mut connections: Unions = BTreeMap::new();
        let mut resources: Unions = BTreeMap::new();
        let (mut general_connections, mut general_resources) = (None, None);
        let mut uploads = false;
        let roles: BTreeSet<Key> = token.roles.iter().copied().collect();
        for grant in roles.iter().flat_map(|role| self.data.grants_of(*role)) {
            if grant.permissions.is_empty() {
                continue;
            }
            let item = grant.item.and_then(|item| self.data.secured(item));
            let (into, permissions) = match (grant.category, item) {
                (Category::Connections, Some(item)) => {
                    let into = connections.entry(Arc::clone(&item.name)).or_default();
                    (into, grant.permissions.to_2026_1(self.schema))
                }
                (Category::Resources, Some(item)) => {
                    let into = resources.entry(Arc::clone(&item.name)).or_default();
                    (into, grant.permissions.clone())
                }
                (Category::Connections, None) => (
                    general_connections.get_or_insert_default(),
                    grant.permissions.clone(),
                ),
                (Category::Resources, None) => (
                    general_resources.get_or_insert_default(),
                    grant.permissions.clone(),
                ),
                (Category::Services, Some(item)) => {
                    uploads |= &*item.name == UPLOAD_SERVICE && grant.permissions.may_use_service();
                    continue;
                }
                _ => continue,
            };
            into.add(permissions);
        }
        TokenPermissions {
            connections: joined(connections),
            resources: joined(resources),
            general_connections: general_connections.map(Union::into),
            general_resources: general_resources.map(Union::into),
            uploads,
        }
    }

    /// Whether a user may run a connection: as its owner, by a role, as a superuser, or by a general
    /// permission.
    pub(super) fn can_run(&self, user: Key, connection: &str) -> May {
        let mut ids = equal_range(&self.connections, |(name, _)| (*name).cmp(connection)).iter();
        if self.owns(user, connection)
            || self.can_run_all(user)
            || ids.any(|(_, id)| self.runnable.has(user, self.roles_of(user), *id))
        {
            May::Yes
        } else if self.unknown_roles(user) > 0 || !self.data.has_user(user) {
            May::Unknown
        } else {
            May::No
        }
    }

    fn can_run_all(&self, user: Key) -> bool {
        let mut known = self.runs_all.borrow_mut();
        let mut roles = self.roles_of(user);
        *known
            .entry(user)
            .or_insert_with(|| roles.any(|role| self.run_all.contains(&role)))
    }

    fn owns(&self, user: Key, connection: &str) -> bool {
        self.owned.binary_search(&(connection, user)).is_ok()
    }

    /// Names of those who own a connection of this name; none where the package does not tell.
    pub(super) fn owners(&self, connection: &str) -> SharedNames {
        self.owners.get(connection).cloned().unwrap_or_default()
    }

    /// How many of a user's role registrations lead to roles that are not in the package.
    pub(super) fn unknown_roles(&self, user: Key) -> u32 {
        let mut known = self.unknown_roles.borrow_mut();
        *known
            .entry(user)
            .or_insert_with(|| self.count_unknown_roles(user))
    }

    fn count_unknown_roles(&self, user: Key) -> u32 {
        let unknown = self
            .roles_of(user)
            .filter(|role| self.known_roles.binary_search(role).is_err());
        unknown
            .collect::<BTreeSet<_>>()
            .len()
            .try_into()
            .unwrap_or(u32::MAX)
    }

    /// Whether the package itself holds a connection.
    pub(super) fn holds(&self, connection: &str) -> bool {
        self.held.contains(connection)
    }

    /// A user's own role, which has the user's key whatever it is called (seen), and those registered on
    /// the user.
    fn roles_of(&self, user: Key) -> impl Iterator<Item = Key> {
        std::iter::once(user).chain(self.data.roles_of(user))
    }
}

/// Whether a user may do something, as far as the package tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    Yes,
    No,
    /// The user, or some of the user's roles, are not in the package.
    Unknown,
}

/// The role of superusers (documented), and those that administer all connections.
fn roles_that_run_all(data: &Data) -> HashSet<Key> {
    let superuser = data.keys.find(SUPERUSER);
    let roles = data.roles.iter();
    let superusers = roles.filter(|role| Some(role.name) == superuser);
    let general = data.grants.iter().filter(|grant| {
        grant.category == Category::Connections
            && grant.item.is_none()
            && grant.permissions.can_run_all()
    });
    let superusers = superusers.map(|role| role.key);
    superusers.chain(general.map(|grant| grant.role)).collect()
}

/// Names of the owners of each connection; `owned` is in order.
fn names_of_owners<'a>(data: &Data, owned: &[(&'a str, Key)]) -> BTreeMap<&'a str, SharedNames> {
    let mut users: BTreeMap<Key, Arc<str>> = BTreeMap::new();
    let mut name = |user: Key| {
        let name = users.entry(user);
        Arc::clone(name.or_insert_with(|| data.user_name(user).into()))
    };
    let of_one_name = owned.chunk_by(|(one, _), (other, _)| one == other);
    let owners = |chunk: &[(&'a str, Key)]| {
        let names = chunk.iter().map(|(_, user)| name(*user)).collect();
        Some((chunk.first()?.0, names))
    };
    of_one_name.filter_map(owners).collect()
}

/// Sets of permissions by the name of what they are on.
type Unions = BTreeMap<Arc<str>, Union>;

fn joined(named: Unions) -> ItemPermissions {
    let joined = named.into_iter();
    joined.map(|(name, sets)| (name, sets.into())).collect()
}
