//! What a profile adds is for apps alone: nobody and nothing that was there before may get anything by it,
//! and nothing may be made that FME Flow would take for a user, a token or an app.
//!
//! A profile may be written by hand, so what was written is judged by what both packages mean, whatever
//! the profile says of itself.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::flow::{AppKind, Category};
use crate::package::Package;
use crate::package::data::{App, Data};

/// What of `after` was not so in `before`, in words; nothing where all is as it was but for what was taken
/// out, and for roles made for apps.
pub(crate) fn harmed(before: &Package, after: &Package) -> Vec<String> {
    let (before, after) = (&before.data, &after.data);
    let mut found = Vec::new();
    let mut compare = |what: &str, of: fn(&Data) -> BTreeSet<String>| {
        if let Some(first) = of(after).difference(&of(before)).next() {
            found.push(format!("{what} {first:?} was not there before"));
        }
    };
    compare("the app", apps);
    compare("the token", tokens);
    compare("the user", users);
    compare("the role of a user", registrations);
    compare("the Connection or Resource", secured);
    let principals: HashSet<&str> = before
        .users
        .iter()
        .map(|user| user.key)
        .chain(before.roles.iter().map(|role| role.key))
        .map(|key| before.keys.text(key))
        .collect();
    let theirs = grants(before, &principals);
    if let Some(first) = grants(after, &principals).difference(&theirs).next() {
        found.push(format!("the grant {first:?} was not there before"));
    }
    if before.automations != after.automations {
        found.push("an automation is not as it was".to_owned());
    }
    found.extend(roles(before, after));
    found
}

/// Apps but for what a migration changes. Those of a kind that is not known are told by their token, which
/// the final form lacks.
fn apps(data: &Data) -> BTreeSet<String> {
    let known = data.apps.iter().filter(|app| app.kind != AppKind::Other);
    let text = |app: &App| {
        let owner = app.owner.map_or("", |owner| data.keys.text(owner));
        let runs = (&app.workspace, &app.automation, &app.links);
        format!("{} {} {} {owner} {runs:?}", app.kind, app.key, app.name)
    };
    known.map(text).collect()
}

fn tokens(data: &Data) -> BTreeSet<String> {
    let tokens = data.tokens.iter().map(|token| {
        let user = token.user.map_or("", |user| data.keys.text(user));
        let roles = token.roles.iter().map(|role| data.keys.text(*role));
        let roles: Vec<_> = roles.collect();
        let is = (token.enabled, token.restricted, &token.expires);
        format!("{} {} {user} {roles:?} {is:?}", token.key, token.name)
    });
    tokens.collect()
}

fn users(data: &Data) -> BTreeSet<String> {
    let text = |key| data.keys.text(key);
    let users = data.users.iter();
    let users = users.map(|user| format!("{} {}", text(user.key), text(user.name)));
    users.collect()
}

fn registrations(data: &Data) -> BTreeSet<String> {
    let text = |key| data.keys.text(key);
    let all = data.registrations.iter();
    let all = all.map(|it| format!("{} {}", text(it.user), text(it.role)));
    all.collect()
}

fn secured(data: &Data) -> BTreeSet<String> {
    let owner = |it: Option<_>| it.map_or("", |owner| data.keys.text(owner));
    let own = data.connections.iter();
    let own = own.map(|it| format!("{} {}", it.name, owner(it.owner)));
    let secured = data.secured.iter();
    let secured = secured.map(|it| format!("{:?} {} {}", it.category, it.name, owner(it.owner)));
    own.chain(secured).collect()
}

/// Grants of those who were there before.
fn grants(data: &Data, principals: &HashSet<&str>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for grant in &data.grants {
        let role = data.keys.text(grant.role);
        if !principals.contains(role) {
            continue;
        }
        let item = grant.item.and_then(|item| data.secured(item));
        let item = item.map_or("", |item| &*item.name);
        for word in grant.permissions.iter() {
            words.insert(format!("{:?} {item} {word} of {role}", grant.category));
        }
    }
    words
}

/// New roles have names of their own, and grants on Connections and Resources alone.
fn roles(before: &Data, after: &Data) -> Vec<String> {
    let old: BTreeMap<&str, (&str, bool)> = before
        .roles
        .iter()
        .map(|it| {
            let [key, name] = [it.key, it.name].map(|it| before.keys.text(it));
            (key, (name, it.internal))
        })
        .collect();
    let names: HashSet<&str> = old.values().map(|(name, _)| *name).collect();
    let mut new = HashSet::new();
    let mut found = Vec::new();
    for role in &after.roles {
        let [key, name] = [role.key, role.name].map(|it| after.keys.text(it));
        match old.get(key) {
            Some(known) if *known == (name, role.internal) => {}
            Some(_) => found.push(format!("the role {key:?} is not as it was")),
            None if names.contains(name) || name.starts_with("user:") => {
                found.push(format!("a new role is called {name:?} like another"));
            }
            None => drop(new.insert(key)),
        }
    }
    let is_of_item = |category| matches!(category, Category::Connections | Category::Resources);
    for grant in &after.grants {
        let role = after.keys.text(grant.role);
        if new.contains(role) && (grant.item.is_none() || !is_of_item(grant.category)) {
            found.push(format!("the new role {role:?} has a grant of another kind"));
        }
    }
    let registered = before.other_registrations.iter();
    let registered: HashSet<&str> = registered.map(|it| before.keys.text(*it)).collect();
    for role in &after.other_registrations {
        let role = after.keys.text(*role);
        if !registered.contains(role) && !new.contains(role) {
            found.push(format!("something is registered on the role {role:?}"));
        }
    }
    found
}
