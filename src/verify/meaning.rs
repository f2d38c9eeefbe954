//! What the upgraded archive says, against what the source says: who held which permission, which
//! token is gone, which app runs.
//!
//! The rules are told here a second time, from the two packages, so that a mistake in the plan does not
//! vouch for itself. Only what no package says is taken from the plan: the stamps of the form, the Flow App
//! Identifiers, what `--expand-unrestricted` adds, and which Resources a profile carries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::difference::{DifferenceKind, Differences};
use super::permissions::{self, Entries};
use super::sides::Sides;
use super::{bystanders, staged, traces};
use crate::archive::Source;
use crate::error::Error;
use crate::flow::{AppKind, Category, Identifier, Permissions, Schema, Union};
use crate::load::data_xml;
use crate::package::data::{App, Data, Token};
use crate::package::{Document, Key, Package, PackageError};
use crate::plan::{PlannedApp, Unrestricted};
use crate::profile::{self, Profile};
use crate::target::Form;

/// Compares what both archives mean.
pub(super) fn compare(sides: &Sides<'_>, found: &mut Differences) -> Result<(), Error> {
    stamps(sides, found);
    let (apps, others) = used_by_apps(sides.source.1);
    let limits = sides.options.limits;
    let after = match sides.options.profile {
        Some(profile) => through(profile, sides, &apps, found)?,
        None => read(sides.upgraded.0, |document| {
            permissions::read(document, limits)
        })?,
    };
    granted(&apps, &after, sides, found);
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
            forms(&apps, sides, found);
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
) -> Result<Entries, Error> {
    let (source, package) = sides.upgraded;
    let data = &package.data;
    let reading = profile::read(profile, data, || data_xml(source))?;
    let resources = data.apps.iter().zip(&reading.resources);
    let resources =
        resources.filter_map(|(app, held)| Some((data.identifier(app), held.as_ref()?)));
    given(resources.collect(), apps, sides, found);
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

/// Permissions by the item they are on.
type Held = BTreeMap<Arc<str>, Permissions>;

/// The Resources that apps have where a profile says are those that are planned, and no token had less.
fn given(
    mut there: BTreeMap<Identifier, &Held>,
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
    let nothing = Held::new();
    for planned in &sides.plan.apps {
        let held = there.remove(&planned.identifier).unwrap_or(&nothing);
        let had = roles_of.get(&planned.identifier);
        let had = had.and_then(|roles| of_roles.get(roles));
        let words = |held: &'_ Held| -> BTreeSet<(Arc<str>, String)> {
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

/// An app that had a token, and that token.
struct Migrated<'a> {
    app: &'a App,
    token: Option<&'a Token>,
}

/// The apps that get permissions of their own, and the tokens that galleries or anything else name.
fn used_by_apps(package: &Package) -> (Vec<Migrated<'_>>, Vec<&Token>) {
    let data = &package.data;
    let mut named: BTreeMap<&str, Vec<&Token>> = BTreeMap::new();
    for token in data.tokens.iter().filter(|token| !token.name.is_empty()) {
        named.entry(&token.name).or_default().push(token);
    }
    let token = |app: &App| {
        let named = named.get(app.token.as_deref()?)?;
        let owned = named
            .iter()
            .find(|token| token.user.is_some() && token.user == app.owner);
        match (owned, &named[..]) {
            (Some(owned), _) => Some(*owned),
            (None, [only]) => Some(*only),
            _ => None,
        }
    };
    let (galleries, apps): (Vec<&App>, Vec<&App>) = data
        .apps
        .iter()
        .partition(|app| app.kind == AppKind::Gallery);
    let apps = apps.into_iter().map(|app| Migrated {
        app,
        token: token(app),
    });
    let named = galleries.into_iter().filter_map(token);
    let elsewhere = package.references.tokens.keys();
    let elsewhere = elsewhere.filter_map(|number| data.tokens.get(*number));
    (apps.collect(), named.chain(elsewhere).collect())
}

fn stamps(sides: &Sides<'_>, found: &mut Differences) {
    let (package, expected) = (sides.upgraded.1, &sides.plan.target);
    let stamps = &package.stamps;
    if (stamps.build, &stamps.schema) != (expected.build, &expected.schema) {
        let what = format!(
            "build {} with schema {}, declared are build {} with schema {}",
            stamps.build, stamps.schema, expected.build, expected.schema
        );
        found.add(
            DifferenceKind::StampWrong,
            Document::Properties.name(),
            what,
        );
    }
    let minimum = |package: &Package| {
        let project = package.project.as_ref()?;
        project.minimum_build.as_ref().map(|it| it.value.clone())
    };
    let before = minimum(sides.source.1);
    let expected = if sides.plan.target == sides.plan.source {
        before
    } else {
        before.map(|_| expected.build.to_string())
    };
    if minimum(package) != expected {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
        let what = format!(
            "the minimum build is {}, declared is {}",
            shown(minimum(package)),
            shown(expected)
        );
        found.add(DifferenceKind::StampWrong, Document::Project.name(), what);
    }
}

/// Every app is there in its new form, and none runs that did not run before.
fn forms(apps: &[Migrated<'_>], sides: &Sides<'_>, found: &mut Differences) {
    let after: BTreeMap<(AppKind, &str), &App> = sides
        .upgraded
        .1
        .data
        .apps
        .iter()
        .map(|app| ((app.kind, &*app.key), app))
        .collect();
    for Migrated { app, token } in apps {
        // Of another kind than known ones only those with a token are told from other items.
        let Some(new) = after.get(&(app.kind, &*app.key)) else {
            if app.kind != AppKind::Other {
                found.add(DifferenceKind::AppForm, place(app), "it is gone");
            }
            continue;
        };
        if new.token.is_some() {
            found.add(
                DifferenceKind::TraceLeft,
                place(app),
                "it still names its token",
            );
        }
        // FME Flow disables an app whose owner is changed (documented).
        let could_run =
            token.is_some_and(|token| token.enabled == Some(true) && token.user == app.owner);
        match new.form.enabled {
            None => found.add(
                DifferenceKind::AppForm,
                place(app),
                "it does not say whether it runs",
            ),
            Some(true) if !could_run => {
                let what = "it runs, but its token was disabled, missing or another user's";
                found.add(DifferenceKind::AppForm, place(app), what);
            }
            Some(_) => {}
        }
    }
}

/// An app's permissions are exactly those its token's roles were granted.
fn granted(apps: &[Migrated<'_>], after: &Entries, sides: &Sides<'_>, found: &mut Differences) {
    let mut expected = Entries::new();
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
        let held = of_roles.entry(&token.roles);
        let held = held.or_insert_with_key(|roles| {
            let mut sets: BTreeMap<&str, Union> = BTreeMap::new();
            let granted = roles.iter().filter_map(|role| grants.get(role));
            for (connection, permissions) in granted.flatten() {
                sets.entry(connection).or_default().add(permissions.clone());
            }
            let held = sets.into_iter();
            held.map(|(name, sets)| (name, sets.into())).collect()
        });
        let own = held.iter();
        let own = own.map(|(name, permissions)| ((*name).to_owned(), permissions.clone()));
        let mut own: BTreeMap<String, Permissions> = own.collect();
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

fn compare_entries(expected: &Entries, after: &Entries, found: &mut Differences) {
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

fn read<T>(
    source: &Source,
    read: impl FnOnce(crate::archive::EntryReader<'_>) -> Result<T, PackageError>,
) -> Result<T, Error> {
    let entry = source
        .document(Document::Data)
        .ok_or(PackageError::missing(Document::Data))?;
    Ok(read(source.read(entry)?)?)
}

fn place(app: &App) -> String {
    format!("app {}", app.name)
}
