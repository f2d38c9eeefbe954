//! Puts permissions where a profile says that the server keeps them: the step between a plan and its
//! edits that has to see the whole document once more.

use std::collections::HashSet;
use std::io::Read;

use jiff::civil::{DateTime, date};

use super::{Plan, PlannedApp};
use crate::edit::{Edit, Edits, Span};
use crate::flow::AppRef;
use crate::limits::Limits;
use crate::package::data::Data;
use crate::package::{Document, Package, PackageError};
use crate::profile::{Addition, AppPermissions, Profile, ProfileError, graft};

/// The time that is written where the server writes the time of the transfer: always the same, so that
/// the same archive always becomes the same bytes, whenever it is migrated or verified.
const WRITTEN: DateTime = date(2026, 5, 12).at(0, 0, 0, 0);

impl Plan {
    /// Adds what the profile asked for to the edits of `data.xml`, which `document` opens; does nothing
    /// where no profile is used.
    ///
    /// # Errors
    /// When the document cannot be read, or something stands already where something is to be added.
    pub fn place<R: Read, E: From<PackageError>>(
        &mut self,
        limits: Limits,
        document: impl FnOnce() -> Result<R, E>,
    ) -> Result<(), E> {
        let Some(additions) = self.additions.take() else {
            return Ok(());
        };
        let edits = self.edits.remove(&Document::Data).unwrap_or_default();
        let removed = edits.iter().filter(|edit| edit.text.is_empty());
        let removed: Vec<Span> = removed.map(|edit| edit.span).collect();
        let added = graft(document()?, limits, &additions, &removed)?;
        let all: Vec<Edit> = edits.iter().cloned().chain(added).collect();
        let all = Edits::new(all).map_err(|overlap| PackageError::Unclear {
            document: Document::Data,
            what: overlap.to_string(),
        })?;
        if !all.is_empty() {
            self.edits.insert(Document::Data, all);
        }
        Ok(())
    }
}

/// What the profile adds for the apps of a plan.
///
/// # Errors
/// When the profile is for other archives, or something cannot be written with certainty.
pub(super) fn additions(
    profile: &Profile,
    package: &Package,
    plan: &Plan,
) -> Result<Addition, PackageError> {
    let unwritable = |error: ProfileError| PackageError::Unwritable(error.to_string());
    profile
        .suits(&plan.target.schema, plan.kind)
        .map_err(unwritable)?;
    let data = &package.data;
    if let Some(name) = named(profile, data) {
        let what = format!("the profile names {name:?}, which is a name or a key of this archive");
        return Err(PackageError::Unwritable(what));
    }
    let mut planned: Vec<&PlannedApp> = plan.apps.iter().collect();
    planned.sort_by_key(|app| app.identifier);
    let holders = data.apps.iter().map(|app| {
        let identifier = data.identifier(app);
        let found = planned.binary_search_by_key(&identifier, |app| app.identifier);
        let found = found.ok().and_then(|at| planned.get(at));
        let connections = found.into_iter().flat_map(|app| &*app.carried);
        let resources = found.into_iter().flat_map(|app| &app.carried_resources);
        let token = found.and_then(|app| app.token.as_ref());
        AppPermissions {
            app: AppRef {
                expires: token.and_then(|token| token.expires),
                ..data.app_ref(app)
            },
            connections: connections
                .map(|it| (&*it.connection, &it.permissions))
                .collect(),
            resources: resources
                .map(|it| (&*it.resource, &it.permissions))
                .collect(),
        }
    });
    let holders: Vec<_> = holders.collect();
    let additions = profile.additions(&holders, WRITTEN);
    additions.map_err(|error| unwritable(error.into()))
}

/// A text of a profile that in this archive is the name or the key of somebody, and so could give something
/// to the wrong one.
fn named<'a>(profile: &'a Profile, data: &Data) -> Option<&'a str> {
    let apps = data.apps.iter().flat_map(|app| [&*app.key, &*app.name]);
    let users = data.users.iter().flat_map(|user| [user.key, user.name]);
    let roles = data.roles.iter().flat_map(|role| [role.key, role.name]);
    let principals = users.chain(roles).map(|key| data.keys.text(key));
    let tokens = data.tokens.iter().flat_map(|it| [&*it.key, &*it.name]);
    let connections = data.connections.iter().map(|it| &*it.name);
    let names: HashSet<&str> = apps
        .chain(principals)
        .chain(tokens)
        .chain(connections)
        .collect();
    profile.texts().find(|text| names.contains(text.trim()))
}
