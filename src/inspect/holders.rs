//! Connections and resources, and who holds which permission on them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::census::AppConnection;
use super::shared::Shared;
use crate::flow::Category;
use crate::package::data::Role;
use crate::package::{Data, Key};

/// A connection or a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldItem {
    /// Its name.
    pub name: Arc<str>,
    /// Who owns it, where that is known.
    pub owner: Option<Arc<str>>,
    /// Whether the archive holds the connection itself; none for resources.
    pub in_archive: Option<bool>,
    /// Who holds permissions on it, sorted.
    pub holders: Vec<Holder>,
}

/// Someone who holds permissions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holder {
    /// What this is.
    pub kind: HolderKind,
    /// The user's or role's name, `user.token` or the app's name.
    pub name: Arc<str>,
    /// Which, sorted.
    pub permissions: Arc<[Arc<str>]>,
}

/// What holds permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HolderKind {
    /// A role of several users.
    Role,
    /// A user's own role.
    User,
    /// A token's role.
    Token,
    /// An app by itself, as in an upgraded archive.
    App,
}

/// The connections that a package holds or knows of, by name.
pub(super) fn connections(data: &Data, of_apps: &[AppConnection]) -> Vec<HeldItem> {
    let mut shared = Shared::default();
    let mut items = secured(data, Category::Connections, &mut shared);
    for item in items.values_mut() {
        item.in_archive = Some(false);
    }
    for connection in &data.connections {
        let owner = connection
            .owner
            .map(|owner| shared.text(data.user_name(owner)));
        let item = named(&mut items, &connection.name);
        item.in_archive = Some(true);
        item.owner = item.owner.take().or(owner);
    }
    for entry in of_apps {
        let holder = Holder {
            kind: HolderKind::App,
            name: Arc::clone(&entry.app),
            permissions: entry
                .permissions
                .split(',')
                .map(|it| shared.text(it))
                .collect(),
        };
        named(&mut items, &entry.connection).holders.push(holder);
    }
    in_order(items)
}

/// The resources that a package grants permissions on, by name.
pub(super) fn resources(data: &Data) -> Vec<HeldItem> {
    in_order(secured(data, Category::Resources, &mut Shared::default()))
}

fn named<'a, 'd>(items: &'a mut BTreeMap<&'d str, HeldItem>, name: &'d str) -> &'a mut HeldItem {
    items.entry(name).or_insert_with(|| HeldItem {
        name: name.into(),
        owner: None,
        in_archive: None,
        holders: Vec::new(),
    })
}

fn in_order(items: BTreeMap<&str, HeldItem>) -> Vec<HeldItem> {
    let sorted = items.into_values().map(|mut item| {
        item.holders.sort();
        item
    });
    sorted.collect()
}

/// The items of a security category with everyone who holds a permission on them.
fn secured<'d>(
    data: &'d Data,
    category: Category,
    shared: &mut Shared,
) -> BTreeMap<&'d str, HeldItem> {
    let roles: BTreeMap<Key, &Role> = data.roles.iter().map(|role| (role.key, role)).collect();
    let mut items = BTreeMap::new();
    for secured in data.secured.iter().filter(|item| item.category == category) {
        let owner = secured
            .owner
            .map(|owner| shared.text(data.user_name(owner)));
        named(&mut items, &secured.name).owner = owner;
    }
    let mut held: BTreeMap<(&str, Key), BTreeSet<&str>> = BTreeMap::new();
    for grant in data
        .grants
        .iter()
        .filter(|grant| grant.category == category)
    {
        let Some(secured) = grant.item.and_then(|item| data.secured(item)) else {
            continue;
        };
        let words = grant.permissions.iter();
        held.entry((&secured.name, grant.role))
            .or_default()
            .extend(words);
    }
    let mut sets: BTreeMap<BTreeSet<&str>, Arc<[Arc<str>]>> = BTreeMap::new();
    for ((item, role), permissions) in held {
        let (kind, name) = roles.get(&role).map_or_else(
            || (HolderKind::Role, data.user_name(role)),
            |role| described(data.keys.text(role.name)),
        );
        named(&mut items, item).holders.push(Holder {
            kind,
            name: shared.text(name),
            permissions: sets
                .entry(permissions)
                .or_insert_with_key(|it| it.iter().map(|word| shared.text(word)).collect())
                .clone(),
        });
    }
    items
}

/// What a role's name says of it (seen: `user:<name>`, `token:<user>.<token>`).
fn described(role: &str) -> (HolderKind, &str) {
    match role.split_once(':') {
        Some(("user", name)) => (HolderKind::User, name),
        Some(("token", name)) => (HolderKind::Token, name),
        _ => (HolderKind::Role, role),
    }
}
