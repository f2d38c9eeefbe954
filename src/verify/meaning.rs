//! What the upgraded archive says, against what the source says: who held which permission, which
//! token is gone, which app runs.
//!
//! The rules are told here and in the files beside it a second time, from the two packages, so that a mistake
//! in the plan does not vouch for itself. Only what no package says is taken from the plan: the stamps of the
//! form, the Flow App Identifiers, what `--expand-unrestricted` adds, and which Resources a profile carries.

use std::collections::BTreeSet;

use super::difference::{DifferenceKind, Differences};
use super::migrated::{Migrated, used_by_apps};
use super::permissions::{self, OwnPermissions};
use super::sides::Sides;
use super::{bystanders, connections, forms, resources, staged, stamps, traces};
use crate::error::Error;
use crate::load::data_xml;
use crate::package::Document;
use crate::profile::{self, Profile};
use crate::target::Form;

/// Compares what both archives mean.
pub(super) fn compare(sides: &Sides<'_>, found: &mut Differences) -> Result<(), Error> {
    stamps::compare(sides, found);
    let (apps, others) = used_by_apps(sides.source.1);
    let limits = sides.options.limits;
    let after = match sides.options.profile {
        Some(profile) => through(profile, sides, &apps, found)?,
        None => permissions::read(data_xml(sides.upgraded.0)?, limits)?,
    };
    connections::compare(&apps, &after, sides, found);
    if sides.options.profile.is_some() {
        for harm in bystanders::harmed(sides.source.1, sides.upgraded.1) {
            found.add(DifferenceKind::PermissionExtra, Document::Data.name(), harm);
        }
    }
    // What anything but an app names is nobody's to take.
    let named: BTreeSet<&str> = others.iter().map(|token| &*token.key).collect();
    let tokens = apps.iter().filter_map(|app| app.token);
    let tokens = tokens.filter(|token| !named.contains(&*token.key));
    match sides.plan.form {
        Form::Staged => staged::compare(tokens, sides, found),
        Form::Final => {
            forms::compare(&apps, sides, found);
            traces::find(tokens, sides, found)?;
        }
    }
    Ok(())
}

/// The permissions that stand where a profile says, as if they were identifier entries.
fn through(
    profile: &Profile,
    sides: &Sides<'_>,
    apps: &[Migrated<'_>],
    found: &mut Differences,
) -> Result<OwnPermissions, Error> {
    let (source, package) = sides.upgraded;
    let data = &package.data;
    let reading = profile::read(profile, data, || data_xml(source))?;
    let resources = data.apps.iter().zip(&reading.resources);
    let resources =
        resources.filter_map(|(app, held)| Some((data.identifier(app), held.as_ref()?)));
    resources::compare(resources.collect(), apps, sides, found);
    let found = data.apps.iter().zip(reading.connections);
    let found = found.filter_map(|(app, held)| {
        let held = held.filter(|held| !held.is_empty())?;
        let identifier = data.identifier(app).to_string();
        let held = held.into_iter().map(|(connection, permissions)| {
            (connection.to_string(), (identifier.clone(), permissions))
        });
        let category = app.kind.category()?.to_owned();
        Some(((category, app.key.clone()), held.collect()))
    });
    Ok(found.collect())
}
