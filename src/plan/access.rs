//! Who may do what: the grants of a package, found by role. Built once, so that nothing is
//! searched twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::flow::{Category, Permissions};
use crate::package::Key;
use crate::package::data::{Data, Grant, SecuredId, Token};

/// The service that takes an app's temporary uploads (seen).
const UPLOAD_SERVICE: &str = "fmedataupload";

/// What the roles of a token hold, as far as it concerns the upgrade.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Permissions on connections by name.
    pub(super) connections: BTreeMap<Arc<str>, Permissions>,
    /// Permissions on resources by name.
    pub(super) resources: BTreeMap<Arc<str>, Permissions>,
    /// General permissions on connections.
    pub(super) general_connections: Option<Permissions>,
    /// General permissions on resources.
    pub(super) general_resources: Option<Permissions>,
    /// Whether uploads are allowed.
    pub(super) uploads: bool,
}

/// The grants of a package by role, and who may run which connection.
pub(super) struct Access<'a> {
    data: &'a Data,
    /// Roles and their grants' positions in `data.grants`, in order.
    by_role: Vec<(Key, u32)>,
    /// Roles that may run a connection.
    runs: HashSet<(Key, SecuredId)>,
    /// Connections by name, as the security model knows them.
    connections: BTreeMap<&'a str, SecuredId>,
    /// Names and owners of connections.
    owned: HashSet<(&'a str, Key)>,
    /// Names of the connections that the package holds.
    held: HashSet<&'a str>,
    /// Roles by name.
    roles: BTreeMap<&'a str, Key>,
    /// Keys of all roles in the package.
    known_roles: HashSet<Key>,
}

impl<'a> Access<'a> {
    pub(super) fn new(data: &'a Data) -> Self {
        let roles = data.grants.iter().map(|grant| grant.role);
        let mut by_role: Vec<(Key, u32)> = roles.zip(0..).collect();
        by_role.sort_unstable();
        let runs = data
            .grants
            .iter()
            .filter(|grant| grant.category == Category::Connections && grant.permissions.may_run());
        let connections = || {
            let numbered = data.secured.iter().zip(0..);
            numbered.filter(|(item, _)| item.category == Category::Connections)
        };
        let secured_owners = connections().map(|(item, _)| (&*item.name, item.owner));
        let owners = data
            .connections
            .iter()
            .map(|c| (&*c.name, c.owner))
            .chain(secured_owners);
        Self {
            data,
            by_role,
            runs: runs
                .filter_map(|grant| Some((grant.role, grant.item?)))
                .collect(),
            connections: connections()
                .map(|(item, id)| (&*item.name, SecuredId(id)))
                .collect(),
            owned: owners
                .filter_map(|(name, owner)| Some((name, owner?)))
                .collect(),
            held: data
                .connections
                .iter()
                .map(|connection| &*connection.name)
                .collect(),
            roles: data
                .roles
                .iter()
                .map(|role| (&*role.name, role.key))
                .collect(),
            known_roles: data.roles.iter().map(|role| role.key).collect(),
        }
    }

    /// The grants of a role, in document order.
    pub(super) fn grants(&self, role: Key) -> impl Iterator<Item = &'a Grant> {
        let start = self.by_role.partition_point(|(at, _)| *at < role);
        let rest = self.by_role.get(start..).unwrap_or_default();
        rest.iter()
            .take_while(move |(at, _)| *at == role)
            .filter_map(|(_, position)| self.data.grants.get(*position as usize))
    }

    /// What a token's roles hold.
    pub(super) fn held(&self, token: &Token) -> Held {
        let mut held = Held::default();
        let roles: BTreeSet<Key> = token.roles.iter().copied().collect();
        for grant in roles.into_iter().flat_map(|role| self.grants(role)) {
            if grant.permissions.is_empty() {
                continue;
            }
            let item = grant.item.and_then(|item| self.data.secured(item));
            match (grant.category, item) {
                (Category::Connections, Some(item)) => {
                    add(
                        &mut held.connections,
                        &item.name,
                        &grant.permissions.in_new_words(),
                    );
                }
                (Category::Connections, None) => {
                    join(&mut held.general_connections, &grant.permissions);
                }
                (Category::Resources, Some(item)) => {
                    add(&mut held.resources, &item.name, &grant.permissions);
                }
                (Category::Resources, None) => {
                    join(&mut held.general_resources, &grant.permissions);
                }
                (Category::Services, Some(item)) => {
                    held.uploads |=
                        &*item.name == UPLOAD_SERVICE && grant.permissions.may_use_service();
                }
                _ => {}
            }
        }
        held
    }

    /// Whether a user owns a connection or may run it by a role in the package.
    pub(super) fn may_run(&self, user: Key, connection: &str) -> bool {
        let Some(&id) = self.connections.get(connection) else {
            return self.owned.contains(&(connection, user));
        };
        self.owned.contains(&(connection, user))
            || self
                .roles_of(user)
                .any(|role| self.runs.contains(&(role, id)))
    }

    /// How many of a user's role registrations lead to roles that are not in the package.
    pub(super) fn unknown_roles(&self, user: Key) -> u32 {
        let unknown = self
            .roles_of(user)
            .filter(|role| !self.known_roles.contains(role));
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

    /// A user's own role, which has the user's key and the name `user:<name>` (seen), and those
    /// registered on the user.
    fn roles_of(&self, user: Key) -> impl Iterator<Item = Key> {
        let own = format!("user:{}", self.data.user_name(user));
        let own = self.roles.get(&*own).copied().unwrap_or(user);
        let registered = self
            .data
            .users
            .get(&user)
            .map_or(&[][..], |user| &user.roles);
        std::iter::once(own).chain(registered.iter().copied())
    }
}

fn add(into: &mut BTreeMap<Arc<str>, Permissions>, name: &Arc<str>, permissions: &Permissions) {
    into.entry(Arc::clone(name))
        .and_modify(|known| *known = known.union(permissions))
        .or_insert_with(|| permissions.clone());
}

fn join(into: &mut Option<Permissions>, permissions: &Permissions) {
    *into = Some(
        into.as_ref()
            .map_or_else(|| permissions.clone(), |p| p.union(permissions)),
    );
}
