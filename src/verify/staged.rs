//! The staged form: all that FME Flow's own transfer reads is still there, and nothing else is.
//!
//! Apps, tokens, roles and grants are compared as both archives mean them; only the Resource
//! permissions of roles that app tokens alone hold may be gone, and they have to be.

use std::collections::BTreeSet;

use super::difference::{DifferenceKind, Differences};
use super::sides::Sides;
use super::traces::Retired;
use crate::flow::{Category, Permissions};
use crate::package::Document;
use crate::package::data::{Data, Grant, Token};

/// Compares what both archives hold; `tokens` are those that apps use.
pub(super) fn compare<'a>(
    tokens: impl Iterator<Item = &'a Token>,
    sides: &Sides<'a>,
    found: &mut Differences,
) {
    let (before, after) = (&sides.source.1.data, &sides.upgraded.1.data);
    same("app", &apps(before), &apps(after), found);
    same("token", &self::tokens(before), &self::tokens(after), found);
    same("role", &roles(before), &roles(after), found);

    let own = Retired::of(tokens, sides.source.1).roles;
    let is_dropped = |data: &Data, grant: &Grant| {
        grant.category == Category::Resources && own.contains_key(data.keys.text(grant.role))
    };
    let kept = before.grants.iter().filter(|it| !is_dropped(before, it));
    let kept = kept.map(|it| Granted::of(before, it));
    let there = after.grants.iter().map(|it| Granted::of(after, it));
    same("grant", &kept.collect(), &there.collect(), found);
}

/// What is gone and what has come, each said by its name; secrets are no part of what is compared.
fn same<T: Ord + Named>(
    what: &str,
    before: &BTreeSet<T>,
    after: &BTreeSet<T>,
    found: &mut Differences,
) {
    let place = Document::Data.name();
    for gone in before.difference(after) {
        found.add(
            DifferenceKind::AppForm,
            place,
            format!("the {what} {} is not as it was", gone.name()),
        );
    }
    for new in after.difference(before) {
        let (kind, said) = if what == "grant" {
            (DifferenceKind::PermissionExtra, "is not to be there")
        } else {
            (DifferenceKind::AppForm, "is not as it was")
        };
        found.add(kind, place, format!("the {what} {} {said}", new.name()));
    }
}

trait Named {
    fn name(&self) -> String;
}

/// Kind, key, name, token, owner, and whether it runs and takes uploads.
type AppFields<'a> = (
    &'a str,
    &'a str,
    &'a str,
    Option<&'a str>,
    &'a str,
    [Option<bool>; 2],
);

impl Named for AppFields<'_> {
    fn name(&self) -> String {
        self.2.to_owned()
    }
}

fn apps(data: &Data) -> BTreeSet<AppFields<'_>> {
    let apps = data.apps.iter().map(|app| {
        (
            app.kind.as_str(),
            &*app.key,
            &*app.name,
            app.token.as_deref(),
            app.owner.map_or("", |owner| data.keys.text(owner)),
            [app.form.enabled, app.form.uploads],
        )
    });
    apps.collect()
}

/// Key, name, user, date of expiry, roles, and whether it is enabled and restricted.
type TokenState<'a> = (
    &'a str,
    &'a str,
    &'a str,
    Option<&'a str>,
    Vec<&'a str>,
    [Option<bool>; 2],
);

impl Named for TokenState<'_> {
    fn name(&self) -> String {
        self.1.to_owned()
    }
}

fn tokens(data: &Data) -> BTreeSet<TokenState<'_>> {
    let tokens = data.tokens.iter().map(|token| {
        (
            &*token.key,
            &*token.name,
            token.user.map_or("", |user| data.keys.text(user)),
            token.expires.as_deref(),
            token
                .roles
                .iter()
                .map(|role| data.keys.text(*role))
                .collect(),
            [token.enabled, token.restricted],
        )
    });
    tokens.collect()
}

/// Key, name, and whether it is internal.
type RoleState<'a> = (&'a str, &'a str, bool);

impl Named for RoleState<'_> {
    fn name(&self) -> String {
        self.1.to_owned()
    }
}

fn roles(data: &Data) -> BTreeSet<RoleState<'_>> {
    let text = |key| data.keys.text(key);
    let roles = data.roles.iter();
    roles
        .map(|role| (text(role.key), text(role.name), role.internal))
        .collect()
}

/// A grant as it is meant, wherever it stands.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Granted<'a> {
    role: &'a str,
    category: Category,
    item: Option<&'a str>,
    permissions: &'a Permissions,
}

impl<'a> Granted<'a> {
    fn of(data: &'a Data, grant: &'a Grant) -> Self {
        Self {
            role: data.keys.text(grant.role),
            category: grant.category,
            item: grant
                .item
                .and_then(|item| data.secured(item))
                .map(|it| &*it.name),
            permissions: &grant.permissions,
        }
    }
}

impl Named for Granted<'_> {
    fn name(&self) -> String {
        format!(
            "{} of the role {} on {:?}",
            self.permissions,
            self.role,
            self.item.unwrap_or_default()
        )
    }
}
