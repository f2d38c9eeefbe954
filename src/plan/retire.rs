//! What goes with the tokens of migrated apps, as in 2026.1's own exports (seen): the token, its
//! internal role, every grant of that role, and its lines in a project.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::access::Access;
use super::token::Tokens;
use crate::edit::Edit;
use crate::finding::Fact;
use crate::package::data::{Place, Role, Token};
use crate::package::{Document, Key, Package, PackageError};

/// What is removed, and what there is to say about it.
pub(super) struct Retired {
    pub(super) facts: Vec<Fact>,
    pub(super) edits: BTreeMap<Document, Vec<Edit>>,
}

/// Removes the tokens that apps use. Tokens and roles that no app uses are never touched, and a
/// role that anything else is registered on stays.
pub(super) fn retire(
    package: &Package,
    tokens: &Tokens<'_>,
    access: &Access<'_>,
) -> Result<Retired, PackageError> {
    let data = &package.data;
    let needed = needed_elsewhere(package, tokens);
    let mut roles: BTreeMap<Key, Vec<&Role>> = BTreeMap::new();
    for role in data.roles.iter().filter(|role| role.internal) {
        roles.entry(role.key).or_default().push(role);
    }
    let mut facts = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let mut gone: BTreeSet<Key> = BTreeSet::new();
    let mut names = Names::default();
    for token in tokens.used() {
        let user = token.user.map_or("", |user| data.user_name(user));
        let mut grants = 0;
        for role in token
            .roles
            .iter()
            .filter_map(|role| roles.get(role))
            .flatten()
        {
            if needed.contains(&role.key) {
                facts.push(Fact::RoleKept {
                    role: role.name.as_str().into(),
                });
                continue;
            }
            places.push(role.place);
            names.add_role(role, token);
            if gone.insert(role.key) {
                let before = places.len();
                places.extend(access.grants(role.key).map(|grant| grant.place));
                grants += places.len() - before;
            }
        }
        places.push(token.place);
        names.add_token(user, token);
        facts.push(Fact::TokenRetired {
            token: token.name.as_str().into(),
            user: user.into(),
            grants: grants.try_into().unwrap_or(u32::MAX),
        });
    }
    let in_projects = data.project_tokens.iter();
    let in_projects = in_projects.filter(|item| names.has_token(&item.user, &item.name));
    places.extend(in_projects.map(|item| item.place));

    let mut edits = BTreeMap::from([(Document::Data, data.tree.removals(places))]);
    if let Some(project) = &package.project {
        let mut spans = project.roles.without(|name| names.roles.contains(name))?;
        spans.extend(project.tokens.without(|name| names.has_line(name))?);
        let removals = spans.into_iter().map(|span| Edit {
            span,
            text: "".into(),
        });
        edits.insert(Document::Project, removals.collect());
    }
    Ok(Retired { facts, edits })
}

/// Roles that a user, a token that stays, or anything else is registered on.
fn needed_elsewhere(package: &Package, tokens: &Tokens<'_>) -> HashSet<Key> {
    let data = &package.data;
    let by_users = data.users.values().flat_map(|user| &user.roles);
    let by_tokens = tokens.unused().flat_map(|token| &token.roles);
    // A role that bears the same key and is nobody's own shares its grants.
    let public = data.roles.iter().filter(|role| !role.internal);
    by_users
        .chain(by_tokens)
        .chain(public.map(|role| &role.key))
        .chain(&data.other_registrations)
        .copied()
        .collect()
}

/// What retired tokens and roles are called.
#[derive(Default)]
struct Names<'a> {
    roles: BTreeSet<&'a str>,
    /// Users by token name.
    tokens: BTreeMap<&'a str, BTreeSet<String>>,
}

impl<'a> Names<'a> {
    fn add_token(&mut self, user: &str, token: &'a Token) {
        self.tokens
            .entry(&token.name)
            .or_default()
            .insert(user.to_owned());
    }

    /// A token's role is called `token:<user>.<token>` (seen), which tells the user's name even
    /// where the package does not hold the user.
    fn add_role(&mut self, role: &'a Role, token: &'a Token) {
        self.roles.insert(&role.name);
        let user = role
            .name
            .strip_prefix("token:")
            .and_then(|rest| rest.strip_suffix(&token.name));
        if let Some(user) = user.and_then(|user| user.strip_suffix('.')) {
            self.add_token(user, token);
        }
    }

    fn has_token(&self, user: &str, token: &str) -> bool {
        self.tokens
            .get(token)
            .is_some_and(|users| users.contains(user))
    }

    /// Whether a line `<user>/<token>` names one; a user's name may hold a slash itself.
    fn has_line(&self, line: &str) -> bool {
        let mut splits = line
            .match_indices('/')
            .map(|(slash, _)| line.split_at(slash));
        splits.any(|(user, token)| self.has_token(user, token.strip_prefix('/').unwrap_or(token)))
    }
}
