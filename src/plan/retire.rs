//! What goes with the tokens of migrated apps, as in 2026.1's own exports (seen): the token, its
//! internal role, every grant of that role, and its lines in a project.

use std::collections::HashSet;
use std::sync::Arc;

use super::token::Tokens;
use crate::edit::{Edit, Span};
use crate::finding::Fact;
use crate::package::data::{Data, Place, Role, Token};
use crate::package::{Key, Package, PackageError};
use crate::sorted::equal;

/// What is removed, and what there is to say about it.
#[derive(Default)]
pub(super) struct Retired {
    pub(super) facts: Vec<Fact>,
    /// From `data.xml`.
    pub(super) data: Vec<Span>,
    /// From `project.yml`.
    pub(super) project: Vec<Edit>,
}

/// Removes the tokens that apps use. Tokens and roles that no app uses are never touched, and a
/// role that anything else is registered on stays.
pub(super) fn retire(package: &Package, tokens: &Tokens<'_>) -> Result<Retired, PackageError> {
    let data = &package.data;
    let needed = needed_elsewhere(package, tokens);
    let mut internal: Vec<&Role> = data.roles.iter().filter(|role| role.internal).collect();
    internal.sort_by_key(|role| role.key);
    let mut facts = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let mut gone: HashSet<Key> = HashSet::new();
    let mut names = Names::of(data);
    for token in tokens.used() {
        let user = token.user.map_or("", |user| data.user_name(user));
        let (mut own, mut grants) = (0_u32, 0);
        let roles = token.roles.iter();
        for role in roles.flat_map(|key| equal(&internal, |role| role.key.cmp(key))) {
            if needed.contains(&role.key) {
                facts.push(Fact::RoleKept {
                    role: data.keys.text(role.name).into(),
                });
                continue;
            }
            places.push(role.place);
            names.add_role(role, token);
            own = own.saturating_add(1);
            if gone.insert(role.key) {
                let of_role = data.grants_of(role.key);
                places.extend(of_role.iter().map(|grant| grant.place));
                grants += of_role.len();
            }
        }
        places.push(token.place);
        names.tokens.insert((user, &token.name));
        facts.push(Fact::TokenRetired {
            token: Arc::clone(&token.name),
            user: user.into(),
            roles: own,
            grants: grants.try_into().unwrap_or(u32::MAX),
        });
    }
    let in_projects = data.project_tokens.iter();
    let in_projects = in_projects.filter(|item| names.has_token(&item.user, &item.name));
    places.extend(in_projects.map(|item| item.place));

    let mut lines = Vec::new();
    if let Some(project) = package.project.as_ref().filter(|_| !facts.is_empty()) {
        let roles = names.role_lines(&gone);
        let tokens = names.token_lines(tokens);
        lines = project.without(|line| roles.contains(line), |line| tokens.contains(line))?;
    }
    Ok(Retired {
        facts,
        data: data.tree.removals(places),
        project: lines,
    })
}

/// Roles that a user, a token that stays, or anything else is registered on.
fn needed_elsewhere(package: &Package, tokens: &Tokens<'_>) -> HashSet<Key> {
    let data = &package.data;
    let by_users = data.registrations.iter().map(|it| &it.role);
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
struct Names<'a> {
    data: &'a Data,
    roles: HashSet<Key>,
    /// Names of users and their tokens.
    tokens: HashSet<(&'a str, &'a str)>,
}

impl<'a> Names<'a> {
    fn of(data: &'a Data) -> Self {
        Self {
            data,
            roles: HashSet::new(),
            tokens: HashSet::new(),
        }
    }

    /// A token's role is called `token:<user>.<token>` (seen), which tells the user's name even
    /// where the package does not hold the user.
    fn add_role(&mut self, role: &Role, token: &'a Token) {
        self.roles.insert(role.name);
        let name = self.data.keys.text(role.name);
        let user = name
            .strip_prefix("token:")
            .and_then(|rest| rest.strip_suffix(&*token.name));
        if let Some(user) = user.and_then(|user| user.strip_suffix('.')) {
            self.tokens.insert((user, &token.name));
        }
    }

    fn has_token(&self, user: &str, token: &str) -> bool {
        self.tokens.contains(&(user, token))
    }

    /// The lines of roles in a project: their names. One that a role which stays bears, too, stays.
    fn role_lines(&self, gone: &HashSet<Key>) -> HashSet<&'a str> {
        let roles = self.data.roles.iter();
        let staying = roles.filter(|role| !gone.contains(&role.key));
        let staying: HashSet<Key> = staying.map(|role| role.name).collect();
        let going = self.roles.difference(&staying);
        going.map(|name| self.data.keys.text(*name)).collect()
    }

    /// The lines of tokens in a project: `<user>/<token>`. Either name may hold a slash itself, and one
    /// that is also the line of a token which stays, stays.
    fn token_lines(&self, tokens: &Tokens<'_>) -> HashSet<String> {
        let user = |token: &Token| token.user.map_or("", |user| self.data.user_name(user));
        let staying = tokens.unused().map(|it| line(user(it), &it.name));
        let staying: HashSet<String> = staying.collect();
        let going = self.tokens.iter().map(|(user, token)| line(user, token));
        going.filter(|line| !staying.contains(line)).collect()
    }
}

fn line(user: &str, token: &str) -> String {
    format!("{user}/{token}")
}
