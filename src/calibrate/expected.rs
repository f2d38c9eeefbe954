//! What every app of the export should have, as the archive that was imported says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::error::CalibrateError;
use super::known::{Known, KnownApp};
use crate::compare::matching::{AppMatch, matches, same_name};
use crate::compare::{AppState, PlannedArchive};
use crate::flow::{ItemPermissions, folder_of};
use crate::package::Package;
use crate::profile::Holds;

/// A Resource permission that an app had in the first archive, and that somebody gave back by hand on the
/// new server before the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The app's name, in any case.
    pub app: String,
    /// The Resource, by its own name or by the one that FME Flow shows.
    pub resource: String,
}

/// What is known of both archives.
pub(super) struct Expected<'a> {
    after: &'a PlannedArchive,
    planned: Vec<AppState>,
    /// For each planned app, the position of the same app in the export.
    now: Vec<Option<usize>>,
    dates: Vec<Option<crate::flow::ServerTime>>,
}

impl<'a> Expected<'a> {
    pub(super) fn new(before: &PlannedArchive, after: &'a PlannedArchive) -> Self {
        let state = |it: &PlannedArchive| -> Vec<AppState> {
            let apps = it.plan.apps.iter();
            apps.map(|app| AppState::planned(app, None)).collect()
        };
        let (planned, found) = (state(before), state(after));
        let data = &after.package.data;
        let at = data.apps.iter().enumerate();
        let at: HashMap<_, _> = at.map(|(at, app)| (data.identifier(app), at)).collect();
        let matched = matches(&planned, &found).of_before.into_iter();
        let now = matched.map(|it| match it {
            AppMatch::One(app) => at.get(&found.get(app)?.identifier).copied(),
            _ => None,
        });
        let tokens = before.plan.apps.iter().map(|app| app.token.as_ref());
        Self {
            after,
            now: now.collect(),
            dates: tokens.map(|token| token?.expires).collect(),
            planned,
        }
    }

    /// The apps of the export with the Connections they should have.
    pub(super) fn connections(&self) -> Known {
        let nothing = ItemPermissions::new();
        let held = self.planned.iter().map(|app| app.connections.as_ref());
        let held: Vec<&ItemPermissions> = held.map(|held| held.unwrap_or(&nothing)).collect();
        self.known(Holds::Connections, &held)
    }

    /// The same with the Resources that were given back to them.
    ///
    /// # Errors
    /// When an app or a Resource that is said to have been given back is not one, or is several.
    pub(super) fn resources(&self, given: &[GivenBack]) -> Result<Known, CalibrateError> {
        let mut held = vec![ItemPermissions::new(); self.planned.len()];
        for GivenBack { app, resource } in given {
            let unclear = |why| CalibrateError::NotGivenBack {
                app: app.clone(),
                resource: resource.clone(),
                why,
            };
            let mut named = self.planned.iter().zip(&mut held);
            let mut named = named.by_ref().filter(|(it, _)| same_name(&it.name, app));
            let (Some((state, held)), None) = (named.next(), named.next()) else {
                return Err(unclear("BEFORE does not hold exactly one app of that name"));
            };
            let mut had = state.resources.iter().filter(|it| {
                *it.resource == **resource || folder_of(&it.resource) == Some(resource)
            });
            let Some(had) = had.next() else {
                return Err(unclear(
                    "its token had no permission on that Resource in BEFORE",
                ));
            };
            held.insert(Arc::clone(&had.resource), had.permissions.clone());
        }
        Ok(self.known(Holds::Resources, &held.iter().collect::<Vec<_>>()))
    }

    fn known(&self, holds: Holds, held: &[&ItemPermissions]) -> Known {
        let data = &self.after.package.data;
        let mut items: BTreeSet<Arc<str>> = data
            .items(holds.category())
            .into_iter()
            .map(Arc::from)
            .collect();
        if holds == Holds::Resources {
            // An export may hold a permission on a Resource that it does not hold itself.
            items.extend(held.iter().flat_map(|held| held.keys().cloned()));
        }
        let items: Vec<Arc<str>> = items.into_iter().collect();
        let position: HashMap<&str, usize> = items
            .iter()
            .enumerate()
            .map(|(at, it)| (&**it, at))
            .collect();
        let mut expected = vec![BTreeMap::new(); data.apps.len()];
        let mut dates = vec![None; data.apps.len()];
        let planned = self.now.iter().zip(held).zip(&self.dates);
        for ((now, held), date) in planned {
            let held = held.iter();
            let held = held.filter_map(|(item, set)| Some((*position.get(&**item)?, set.clone())));
            if let Some(now) = *now {
                if let Some(expected) = expected.get_mut(now) {
                    *expected = held.collect();
                }
                if let Some(known) = dates.get_mut(now) {
                    *known = *date;
                }
            }
        }
        let apps = data.apps.iter().zip(expected).zip(dates);
        let apps = apps.map(|((app, expected), expires)| {
            let known = data.app_ref(app);
            KnownApp {
                kind: app.kind,
                key: known.key.to_owned(),
                name: known.name.to_owned(),
                owner_key: known.owner_key.to_owned(),
                owner_name: known.owner_name.to_owned(),
                expires,
                expected,
            }
        });
        let apps = apps.collect();
        Known::new(apps, items, holds)
    }
}

/// Every name and key of the archives that must not get into a profile.
pub(super) fn names(packages: [&Package; 2]) -> HashSet<String> {
    let mut names = HashSet::new();
    for package in packages {
        let data = &package.data;
        for app in &data.apps {
            names.extend([app.key.clone(), app.name.to_string()]);
        }
        for user in &data.users {
            let texts = [user.key, user.name].map(|key| data.keys.text(key).to_owned());
            names.extend(texts);
        }
        names.extend(data.connections.iter().map(|it| it.name.clone()));
        names.extend(data.tokens.iter().map(|it| it.name.to_string()));
    }
    names.remove("");
    names
}
