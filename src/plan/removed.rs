//! What is taken out of an archive: in the final form the tokens of migrated apps with all that is
//! theirs, as in 2026.1's own exports (seen); in the staged form only what FME Flow's own transfer
//! does not read, the Resource permissions of app tokens.
//!
//! A role is an app token's own when FME Flow made it for that token and nothing else is registered on
//! it. All others stay, and so does every token that anything but an app uses.

use std::collections::HashSet;
use std::sync::Arc;

use super::Options;
use super::surplus::Surplus;
use super::token::Tokens;
use crate::edit::{Edit, Span};
use crate::finding::Fact;
use crate::flow::Category;
use crate::package::data::{Data, ItemLocation, Role, Token};
use crate::package::{Key, Package, PackageError};
use crate::sorted::equal_range;
use crate::target::Form;

/// What is removed, and what there is to say about it.
#[derive(Default)]
pub(super) struct Removed {
    pub(super) facts: Vec<Fact>,
    /// From `data.xml`.
    pub(super) data: Vec<Span>,
    /// From `project.yml`.
    pub(super) project: Vec<Edit>,
}

/// What goes in a form.
///
/// # Errors
/// [`PackageError::Unclear`] when a line of `project.yml` cannot be taken out by itself.
pub(super) fn removed(
    package: &Package,
    tokens: &Tokens<'_>,
    options: Options,
) -> Result<Removed, PackageError> {
    let roles = OwnRoles::of(package, tokens);
    match options.form {
        Form::Staged => Ok(resource_grants(&package.data, tokens, &roles)),
        Form::Final => {
            // Where a profile says another place, those that a staged archive has are in none.
            let moved = options.profile.is_some();
            let apps = package.data.apps.iter().filter(|_| moved);
            let entries = apps.flat_map(|app| app.entries_at.iter().copied());
            retire(package, tokens, &roles, entries.collect())
        }
    }
}

/// The grants under `SharedResources` of roles that only app tokens hold.
fn resource_grants(data: &Data, tokens: &Tokens<'_>, roles: &OwnRoles<'_>) -> Removed {
    let own = tokens.of_apps().flat_map(|token| roles.of_token(token));
    let own: HashSet<Key> = own.map(|role| role.key).collect();
    let grants = own.iter().flat_map(|role| data.grants_of(*role));
    let of_resources = grants.filter(|grant| grant.category == Category::Resources);
    Removed {
        data: data.tree.removals(of_resources.map(|grant| grant.place)),
        ..Removed::default()
    }
}

/// The tokens that apps use, their own roles with every grant, and their lines in a project; with them
/// what else has `places`.
fn retire(
    package: &Package,
    tokens: &Tokens<'_>,
    roles: &OwnRoles<'_>,
    mut places: Vec<ItemLocation>,
) -> Result<Removed, PackageError> {
    let data = &package.data;
    let mut facts = Vec::new();
    let mut gone: HashSet<Key> = HashSet::new();
    let mut names = RetiredNames::of(data);
    let more = Surplus::of_apps(data, tokens);
    for token in tokens.of_apps() {
        let user = token.user.map_or("", |user| data.user_name(user));
        let (mut own, mut grants) = (0, 0);
        for role in roles.of_token(token) {
            own += 1;
            places.push(role.place);
            names.add_role(role, token);
            if gone.insert(role.key) {
                let of_role = data.grants_of(role.key);
                places.extend(of_role.iter().map(|grant| grant.place));
                grants += of_role.len();
            }
        }
        facts.extend(roles.kept(token).map(|role| Fact::RoleKept {
            role: data.keys.text(role.name).into(),
        }));
        let more = more.of(token);
        if more > 0 {
            facts.push(Fact::TokenHeldMore {
                token: Arc::clone(&token.name),
                user: user.into(),
                grants: more,
            });
        }
        places.push(token.place);
        names.add_token(user, token);
        facts.push(Fact::TokenRetired {
            token: Arc::clone(&token.name),
            user: user.into(),
            roles: own,
            grants: grants.try_into().unwrap_or(u32::MAX),
        });
    }
    names.keep(tokens, roles, &gone);
    let in_projects = data.project_tokens.iter();
    let in_projects = in_projects.filter(|item| names.has_token(&item.user, &item.name));
    places.extend(in_projects.map(|item| item.place));

    let mut lines = Vec::new();
    if let Some(project) = package.project.as_ref().filter(|_| !facts.is_empty()) {
        lines = project.without(|name| names.has_role(name), |line| names.has_line(line))?;
    }
    Ok(Removed {
        facts,
        data: data.tree.removals(places),
        project: lines,
    })
}

/// The internal roles of a package, and what else they are needed for.
struct OwnRoles<'a> {
    data: &'a Data,
    /// By key.
    internal: Vec<&'a Role>,
    needed: HashSet<Key>,
}

impl<'a> OwnRoles<'a> {
    fn of(package: &'a Package, tokens: &Tokens<'a>) -> Self {
        let data = &package.data;
        let mut internal: Vec<&Role> = data.roles.iter().filter(|role| role.internal).collect();
        internal.sort_by_key(|role| role.key);
        Self {
            data,
            internal,
            needed: needed_elsewhere(package, tokens),
        }
    }

    /// The roles that a token alone, or with other app tokens, holds.
    fn of_token(&self, token: &'a Token) -> impl Iterator<Item = &'a Role> {
        self.registered(token)
            .filter(move |role| self.is_own(role, token))
    }

    /// The internal roles that a token is registered on and that are not its own.
    fn kept(&self, token: &'a Token) -> impl Iterator<Item = &'a Role> {
        self.registered(token)
            .filter(move |role| !self.is_own(role, token))
    }

    fn registered(&self, token: &'a Token) -> impl Iterator<Item = &'a Role> {
        let keys = token.roles.iter();
        keys.flat_map(|key| {
            equal_range(&self.internal, |role| role.key.cmp(key))
                .iter()
                .copied()
        })
    }

    fn is_own(&self, role: &Role, token: &Token) -> bool {
        let user = user_in_role_name(self.data.keys.text(role.name), &token.name);
        let known = token.user.filter(|user| self.data.has_user(*user));
        let is_named = match (user, known) {
            (Some(user), Some(known)) => user == self.data.user_name(known),
            (Some(_), None) => true,
            (None, _) => false,
        };
        is_named && !self.needed.contains(&role.key)
    }
}

/// A token's role is called `token:<user>.<token>` (seen), which tells the user's name even where the
/// package does not hold the user.
fn user_in_role_name<'a>(role: &'a str, token: &str) -> Option<&'a str> {
    let rest = role.strip_prefix("token:")?.strip_suffix(token)?;
    rest.strip_suffix('.')
}

/// Roles that a user, a token that stays, or anything else is registered on, or whose keys stand elsewhere.
fn needed_elsewhere(package: &Package, tokens: &Tokens<'_>) -> HashSet<Key> {
    let data = &package.data;
    let by_users = data.registrations.iter().map(|it| &it.role);
    let by_tokens = tokens.others().flat_map(|token| &token.roles);
    // A role that bears the same key and is nobody's own shares its grants.
    let public = data.roles.iter().filter(|role| !role.internal);
    by_users
        .chain(by_tokens)
        .chain(public.map(|role| &role.key))
        .chain(&data.other_registrations)
        .chain(&package.references.roles)
        .copied()
        .collect()
}

/// What retired tokens and roles are called in a project, without what a token or role that stays is
/// called too.
struct RetiredNames<'a> {
    data: &'a Data,
    roles: HashSet<Key>,
    /// Names of users and their tokens.
    tokens: HashSet<(String, &'a str)>,
    /// The same as `project.yml` has them, `<user>/<token>`; both may hold slashes themselves.
    lines: HashSet<String>,
}

impl<'a> RetiredNames<'a> {
    fn of(data: &'a Data) -> Self {
        Self {
            data,
            roles: HashSet::new(),
            tokens: HashSet::new(),
            lines: HashSet::new(),
        }
    }

    fn add_role(&mut self, role: &Role, token: &'a Token) {
        self.roles.insert(role.name);
        if let Some(user) = user_in_role_name(self.data.keys.text(role.name), &token.name) {
            self.add_token(user, token);
        }
    }

    fn add_token(&mut self, user: &str, token: &'a Token) {
        self.lines.insert(format!("{user}/{}", token.name));
        self.tokens.insert((user.to_owned(), &token.name));
    }

    /// Takes out what a token that stays, or a role that is not `gone`, is called as well.
    fn keep(&mut self, tokens: &Tokens<'a>, roles: &OwnRoles<'a>, gone: &HashSet<Key>) {
        for role in self.data.roles.iter().filter(|it| !gone.contains(&it.key)) {
            self.roles.remove(&role.name);
        }
        for token in tokens.others() {
            let user = token.user.map_or("", |user| self.data.user_name(user));
            let in_roles = roles
                .registered(token)
                .filter_map(|role| user_in_role_name(self.data.keys.text(role.name), &token.name));
            for user in in_roles.chain([user]) {
                self.lines.remove(&format!("{user}/{}", token.name));
                self.tokens.remove(&(user.to_owned(), &*token.name));
            }
        }
    }

    fn has_role(&self, name: &str) -> bool {
        let known = self.data.keys.find(name);
        known.is_some_and(|name| self.roles.contains(&name))
    }

    fn has_token(&self, user: &str, token: &str) -> bool {
        self.tokens.contains(&(user.to_owned(), token))
    }

    fn has_line(&self, line: &str) -> bool {
        self.lines.contains(line)
    }
}
