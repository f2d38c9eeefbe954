//! The Connection permissions that an app has of its own are exactly those its token's roles were granted.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{DifferenceKind, Differences};
use super::migrated::Migrated;
use super::permissions::OwnPermissions;
use super::sides::Sides;
use crate::flow::{Category, Identifier, Permissions, Schema, Union};
use crate::package::Key;
use crate::package::data::Data;
use crate::plan::{PlannedApp, Unrestricted};

/// Compares what the apps have in the upgraded archive, `after`.
pub(super) fn compare(
    apps: &[Migrated<'_>],
    after: &OwnPermissions,
    sides: &Sides<'_>,
    found: &mut Differences,
) {
    let mut expected = OwnPermissions::new();
    let (package, data) = (sides.source.1, &sides.source.1.data);
    let grants = grants(data, &package.stamps.schema);
    let planned: BTreeMap<Identifier, &PlannedApp> = sides
        .plan
        .apps
        .iter()
        .map(|planned| (planned.identifier, planned))
        .collect();
    // Thousands of apps may have one token, and thousands of tokens the same roles.
    let mut of_roles: BTreeMap<&[Key], BTreeMap<&str, Permissions>> = BTreeMap::new();
    for Migrated { app, token } in apps {
        let Some(token) = token else { continue };
        let held = of_roles.entry(&token.roles).or_insert_with_key(|roles| {
            let mut sets: BTreeMap<&str, Union> = BTreeMap::new();
            let granted = roles.iter().filter_map(|role| grants.get(role));
            for (connection, permissions) in granted.flatten() {
                sets.entry(connection).or_default().add(permissions.clone());
            }
            let joined = sets.into_iter();
            joined.map(|(name, sets)| (name, sets.into())).collect()
        });
        let mut own: BTreeMap<String, Permissions> = held
            .iter()
            .map(|(name, permissions)| ((*name).to_owned(), permissions.clone()))
            .collect();
        let planned = planned.get(&data.identifier(app));
        let identifier = planned.map_or_else(String::new, |it| it.identifier.to_string());
        let expanded =
            sides.options.unrestricted == Unrestricted::Declared && token.restricted == Some(false);
        for carried in planned
            .filter(|_| expanded)
            .iter()
            .flat_map(|it| &*it.carried)
        {
            let run = Permissions::run();
            own.entry(carried.connection.to_string()).or_insert(run);
        }
        let entries = own
            .into_iter()
            .map(|(connection, permissions)| (connection, (identifier.clone(), permissions)));
        let category = app.category.map_or("", |category| data.keys.text(category));
        let key = (category.to_owned(), app.key.clone());
        expected.entry(key).or_default().extend(entries);
    }
    expected.retain(|_, entries| !entries.is_empty());
    compare_entries(&expected, after, found);
}

fn compare_entries(expected: &OwnPermissions, after: &OwnPermissions, found: &mut Differences) {
    let none = BTreeMap::new();
    for app in expected.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (wanted, there) = (
            expected.get(app).unwrap_or(&none),
            after.get(app).unwrap_or(&none),
        );
        let place = format!("app {}", app.1);
        for connection in wanted.keys().chain(there.keys()).collect::<BTreeSet<_>>() {
            let words = |entries: &BTreeMap<String, (String, Permissions)>| -> BTreeSet<String> {
                let entry = entries.get(connection);
                let words = entry.map(|(_, words)| words.iter().map(str::to_owned));
                words.into_iter().flatten().collect()
            };
            let (wanted_words, there_words) = (words(wanted), words(there));
            for word in there_words.difference(&wanted_words) {
                let what =
                    format!("{word} on connection {connection} is not granted in the source");
                found.add(DifferenceKind::PermissionExtra, &place, what);
            }
            for word in wanted_words.difference(&there_words) {
                let what = format!("{word} on connection {connection} is granted in the source");
                found.add(DifferenceKind::PermissionMissing, &place, what);
            }
            if there.contains_key(connection) && there_words.is_empty() && wanted_words.is_empty() {
                let what =
                    format!("an entry for connection {connection} is not granted in the source");
                found.add(DifferenceKind::PermissionExtra, &place, what);
            }
            let identifier = |entries: &BTreeMap<String, (String, Permissions)>| {
                entries
                    .get(connection)
                    .map(|(identifier, _)| identifier.clone())
            };
            if let (Some(wanted), Some(there)) = (identifier(wanted), identifier(there))
                && wanted != there
            {
                let what = format!("connection {connection} is bound to another identifier");
                found.add(DifferenceKind::AppForm, &place, what);
            }
        }
    }
}

/// Item grants on connections by role, in 2026.1's words.
fn grants<'a>(data: &'a Data, schema: &Schema) -> BTreeMap<Key, Vec<(&'a str, Permissions)>> {
    let mut by_role: BTreeMap<Key, Vec<(&str, Permissions)>> = BTreeMap::new();
    for grant in &data.grants {
        let item = grant.item.and_then(|item| data.secured(item));
        if let Some(item) = item
            && grant.category == Category::Connections
            && !grant.permissions.is_empty()
        {
            let permissions = grant.permissions.to_2026_1(schema);
            by_role
                .entry(grant.role)
                .or_default()
                .push((&item.name, permissions));
        }
    }
    by_role
}
