//! What an archive says of its apps: what they should have, or what they have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::PlannedArchive;
use super::expected::AppState;
use super::matching::folded;
use crate::error::Error;
use crate::flow::{Dropped, Identifier, ItemPermissions};
use crate::limits::Limits;
use crate::load::data_xml;
use crate::plan::Outcome;
use crate::profile::{self, Profile};
use crate::verify::permissions;

/// What an app may do: on Connections, where that is known, and on Resources.
type Holdings = (Option<ItemPermissions>, Vec<Dropped>);

impl PlannedArchive {
    /// Every app of the archive; of one in its 2026.1 form with what `profile` finds, or what stands
    /// where flowlift writes it.
    pub(crate) fn states(
        &self,
        limits: Limits,
        profile: Option<&Profile>,
    ) -> Result<Vec<AppState>, Error> {
        let apps = || self.plan.apps.iter();
        if self.plan.outcome != Outcome::Current {
            return Ok(apps().map(|app| AppState::planned(app, None)).collect());
        }
        let mut own = BTreeMap::new();
        match profile {
            Some(profile) => own = self.profiled(profile)?,
            None => {
                if let Some(mut found) = self.own_permissions(limits)? {
                    for app in apps() {
                        let held = found.remove(&app.identifier).unwrap_or_default();
                        own.insert(app.identifier, (Some(held), Vec::new()));
                    }
                }
            }
        }
        let states = apps().map(|app| {
            let (connections, resources) = own.remove(&app.identifier).unwrap_or_default();
            let mut state = AppState::planned(app, None);
            state.connections = connections;
            state.resources = resources;
            state
        });
        Ok(states.collect())
    }

    /// What apps may do where a profile says it is: on Connections, where it knows them for their kind,
    /// and on Resources.
    fn profiled(&self, profile: &Profile) -> Result<BTreeMap<Identifier, Holdings>, Error> {
        let data = &self.package.data;
        let reading = profile::read(profile, data, || data_xml(&self.source))?;
        let identified = data.apps.iter().map(|app| data.identifier(app));
        let found = reading.connections.into_iter().zip(reading.resources);
        let found = identified
            .zip(found)
            .map(|(identifier, (connections, resources))| {
                let resources = resources.into_iter().flatten();
                let resources = resources.map(|(resource, permissions)| Dropped {
                    resource,
                    permissions,
                });
                (identifier, (connections, resources.collect()))
            });
        Ok(found.collect())
    }

    /// The permissions that apps have of their own, where flowlift writes them; none where no app has
    /// any.
    fn own_permissions(
        &self,
        limits: Limits,
    ) -> Result<Option<BTreeMap<Identifier, ItemPermissions>>, Error> {
        let entries = permissions::read(data_xml(&self.source)?, limits)?;
        let by_app = entries.into_iter().filter_map(|((_, key), entries)| {
            let identifier = Identifier::known(Uuid::try_parse(&key).ok()?);
            let held = entries
                .into_iter()
                .map(|(connection, (_, permissions))| (Arc::from(connection), permissions));
            Some((identifier, held.collect()))
        });
        let found: BTreeMap<Identifier, ItemPermissions> = by_app.collect();
        Ok((!found.is_empty()).then_some(found))
    }

    /// Every token, by login name of its user and name, in lower case.
    pub(super) fn tokens(&self) -> BTreeSet<(String, String)> {
        let data = &self.package.data;
        let tokens = data.tokens.iter().filter(|token| !token.name.is_empty());
        tokens
            .map(|token| {
                let user = token.user.map_or("", |user| data.user_name(user));
                (folded(user), folded(&token.name))
            })
            .collect()
    }
}
