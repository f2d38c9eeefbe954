//! Connections and resources, and who holds which permission on them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::census::AppConnection;
use crate::flow::Category;
use crate::package::data::Role;
use crate::package::{Data, Key};

/// A connection or a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Who owns it, where that is known.
    pub owner: Option<String>,
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
    pub name: String,
    /// Which, sorted.
    pub permissions: Vec<String>,
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
pub(super) fn connections(data: &Data, of_apps: &[AppConnection]) -> Vec<Item> {
    let mut items = secured(data, Category::Connections);
    for item in items.values_mut() {
        item.in_archive = Some(false);
    }
    for connection in &data.connections {
        let owner = connection
            .owner
            .map(|owner| data.user_name(owner).to_owned());
        let item = named(&mut items, &connection.name);
        item.in_archive = Some(true);
        item.owner = item.owner.take().or(owner);
    }
    for entry in of_apps {
        let holder = Holder {
            kind: HolderKind::App,
            name: entry.app.clone(),
            permissions: entry.permissions.split(',').map(str::to_owned).collect(),
        };
        named(&mut items, &entry.connection).holders.push(holder);
    }
    in_order(items)
}

/// The resources that a package grants permissions on, by name.
pub(super) fn resources(data: &Data) -> Vec<Item> {
    in_order(secured(data, Category::Resources))
}

fn named<'a>(items: &'a mut BTreeMap<String, Item>, name: &str) -> &'a mut Item {
    items.entry(name.to_owned()).or_insert_with(|| Item {
        name: name.to_owned(),
        owner: None,
        in_archive: None,
        holders: Vec::new(),
    })
}

fn in_order(items: BTreeMap<String, Item>) -> Vec<Item> {
    let sorted = items.into_values().map(|mut item| {
        item.holders.sort();
        item
    });
    sorted.collect()
}

/// The items of a security category with everyone who holds a permission on them.
fn secured(data: &Data, category: Category) -> BTreeMap<String, Item> {
    let roles: BTreeMap<Key, &Role> = data.roles.iter().map(|role| (role.key, role)).collect();
    let mut items = BTreeMap::new();
    for secured in data.secured.iter().filter(|item| item.category == category) {
        let owner = secured.owner.map(|owner| data.user_name(owner).to_owned());
        named(&mut items, &secured.name).owner = owner;
    }
    let mut held: BTreeMap<(&str, Key), BTreeSet<String>> = BTreeMap::new();
    for grant in data
        .grants
        .iter()
        .filter(|grant| grant.category == category)
    {
        let Some(secured) = grant.item.and_then(|item| data.secured(item)) else {
            continue;
        };
        let words = grant.permissions.iter().map(str::to_owned);
        held.entry((&secured.name, grant.role))
            .or_default()
            .extend(words);
    }
    for ((item, role), permissions) in held {
        let (kind, name) = roles.get(&role).map_or_else(
            || (HolderKind::Role, data.user_name(role)),
            |role| described(data.keys.text(role.name)),
        );
        named(&mut items, item).holders.push(Holder {
            kind,
            name: name.to_owned(),
            permissions: permissions.into_iter().collect(),
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
