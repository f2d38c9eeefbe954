//! The Resources that apps have where a profile says are those that are planned, and no token had less.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::difference::{DifferenceKind, Differences};
use super::migrated::Migrated;
use super::sides::Sides;
use crate::flow::{Category, Identifier, ItemPermissions};
use crate::package::Key;

/// Compares what stands `there`, by app.
pub(super) fn compare(
    mut there: BTreeMap<Identifier, &ItemPermissions>,
    apps: &[Migrated<'_>],
    sides: &Sides<'_>,
    found: &mut Differences,
) {
    let data = &sides.source.1.data;
    let mut of_roles: BTreeMap<&[Key], BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut roles_of: BTreeMap<Identifier, &[Key]> = BTreeMap::new();
    for Migrated { app, token } in apps {
        let roles = token.map_or(&[][..], |token| &token.roles);
        roles_of.insert(data.identifier(app), roles);
        of_roles.entry(roles).or_insert_with(|| {
            let grants = roles.iter().flat_map(|role| data.grants_of(*role));
            let grants = grants.filter(|grant| grant.category == Category::Resources);
            let words = grants.filter_map(|grant| {
                let item = &data.secured(grant.item?)?.name;
                Some(grant.permissions.iter().map(|word| (&**item, word)))
            });
            words.flatten().collect()
        });
    }
    let nothing = ItemPermissions::new();
    for planned in &sides.plan.apps {
        let held = there.remove(&planned.identifier).unwrap_or(&nothing);
        let had = roles_of.get(&planned.identifier);
        let had = had.and_then(|roles| of_roles.get(roles));
        let words = |held: &'_ ItemPermissions| -> BTreeSet<(Arc<str>, String)> {
            let all = held.iter();
            all.flat_map(|(item, words)| {
                words.iter().map(|word| (Arc::clone(item), word.to_owned()))
            })
            .collect()
        };
        let wanted = planned.carried_resources.iter();
        let wanted = wanted.map(|it| (Arc::clone(&it.resource), it.permissions.clone()));
        let (wanted, held) = (words(&wanted.collect()), words(held));
        let place = format!("app {}", planned.name);
        for (item, word) in held.iter().filter(|(item, word)| {
            let is_granted = had.is_some_and(|had| had.contains(&(&**item, &**word)));
            !is_granted || !wanted.contains(&(Arc::clone(item), word.clone()))
        }) {
            let what = format!("{word} on resource {item} is not to be there");
            found.add(DifferenceKind::PermissionExtra, &place, what);
        }
        for (item, word) in wanted.difference(&held) {
            let what = format!("{word} on resource {item} is to be carried");
            found.add(DifferenceKind::PermissionMissing, &place, what);
        }
    }
}
