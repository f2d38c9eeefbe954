//! What an archive says of its apps: what they should have, or what they have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::Read;
use super::expected::{AppState, Held};
use super::matching::folded;
use crate::archive::Document;
use crate::error::Error;
use crate::flow::Identifier;
use crate::limits::Limits;
use crate::package::PackageError;
use crate::plan::Outcome;
use crate::verify::permissions;

impl Read {
    /// Every app of the archive.
    pub(super) fn states(&self, limits: Limits) -> Result<Vec<AppState>, Error> {
        let own = match self.plan.outcome {
            Outcome::Current => self.own_permissions(limits)?,
            Outcome::Planned => None,
        };
        let is_current = self.plan.outcome == Outcome::Current;
        let apps = self.plan.apps.iter().map(|app| {
            let own = own.as_ref();
            let held = own.map(|own| own.get(&app.identifier).cloned().unwrap_or_default());
            let mut state = AppState::planned(app, held);
            if is_current && own.is_none() {
                state.connections = None;
            }
            state
        });
        Ok(apps.collect())
    }

    /// The permissions that apps have of their own, where flowlift writes them; none where no app has
    /// any.
    fn own_permissions(&self, limits: Limits) -> Result<Option<BTreeMap<Identifier, Held>>, Error> {
        let entry = self
            .source
            .document(Document::Data)
            .ok_or(PackageError::missing(Document::Data))?;
        let entries = permissions::read(self.source.read(entry)?, limits)?;
        let entries = entries.into_iter().filter_map(|((_, key), entries)| {
            let identifier = Identifier::known(Uuid::try_parse(&key).ok()?);
            let held = entries.into_iter();
            let held =
                held.map(|(connection, (_, permissions))| (Arc::from(connection), permissions));
            Some((identifier, held.collect()))
        });
        let entries: BTreeMap<Identifier, Held> = entries.collect();
        Ok((!entries.is_empty()).then_some(entries))
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
