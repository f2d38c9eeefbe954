//! Nothing of a retired token may be left, in any document: not the token, not its role, no grant,
//! no line of a project, and not their keys anywhere else.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::difference::{DifferenceKind, Differences};
use super::sides::Sides;
use super::uuids;
use crate::error::Error;
use crate::package::data::{Data, Role, Token};
use crate::package::{Document, Key, Package, PackageError};

/// Looks for traces of `tokens`, which apps used.
pub(super) fn find<'a>(
    tokens: impl Iterator<Item = &'a Token>,
    sides: &Sides<'a>,
    found: &mut Differences,
) -> Result<(), Error> {
    let retired = Retired::of(tokens, sides.source.1);
    retired.in_data(&sides.upgraded.1.data, found);
    retired.in_project(sides, found);
    retired.in_bytes(sides, found)
}

/// What was to go, told from the source alone.
pub(super) struct Retired<'a> {
    /// Keys of tokens.
    tokens: BTreeSet<&'a str>,
    /// Roles: name by key.
    pub(super) roles: BTreeMap<&'a str, &'a str>,
    /// Users' and tokens' names that no token which stays has too.
    named: BTreeSet<(String, &'a str)>,
    /// The same as `project.yml` has them; a user's name may hold a slash itself.
    lines: BTreeSet<String>,
    /// Names of the roles that stay.
    staying_roles: BTreeSet<&'a str>,
}

impl<'a> Retired<'a> {
    pub(super) fn of(tokens: impl Iterator<Item = &'a Token>, package: &'a Package) -> Self {
        let data = &package.data;
        let retired: BTreeMap<&str, &Token> = tokens.map(|token| (&*token.key, token)).collect();
        let stays = |token: &&Token| !retired.contains_key(&*token.key);
        let staying_tokens = || data.tokens.iter().filter(stays);
        // What a user, a token that stays or anything else is registered on is needed.
        let by_users = data.registrations.iter().map(|it| &it.role);
        let by_tokens = staying_tokens().flat_map(|token| &token.roles);
        let public = data.roles.iter().filter(|role| !role.internal);
        let needed: BTreeSet<Key> = by_users
            .chain(by_tokens)
            .chain(&data.other_registrations)
            .chain(&package.references.roles)
            .chain(public.map(|role| &role.key))
            .copied()
            .collect();
        let mut registered: BTreeMap<Key, Vec<&Token>> = BTreeMap::new();
        for token in retired.values() {
            for role in &token.roles {
                registered.entry(*role).or_default().push(token);
            }
        }
        let (going, staying): (Vec<_>, Vec<_>) = data.roles.iter().partition(|role| {
            let tokens = registered.get(&role.key);
            let mut tokens = tokens.into_iter().flatten();
            !needed.contains(&role.key) && tokens.any(|token| is_named_after(role, token, data))
        });
        let role_names: BTreeMap<Key, &str> = data
            .roles
            .iter()
            .map(|role| (role.key, data.keys.text(role.name)))
            .collect();
        let going_keys: BTreeSet<Key> = going.iter().map(|role| role.key).collect();
        // The name of a role tells the user even where the archive does not hold the user; of a token that
        // goes, only that of a role which goes with it.
        let names_of = |token: &'a Token| {
            let known = token.user.map_or("", |user| data.user_name(user));
            let is_going = retired.contains_key(&*token.key);
            let roles = token.roles.iter();
            let told = roles
                .filter(|role| !is_going || going_keys.contains(role))
                .filter_map(|role| role_names.get(role))
                .filter_map(|name| user_named(name, &token.name));
            let users: BTreeSet<&str> = told.chain([known]).collect();
            users
                .into_iter()
                .map(|user| (user.to_owned(), &*token.name))
        };
        let lines = |named: &BTreeSet<(String, &str)>| -> BTreeSet<String> {
            let named = named.iter();
            named
                .map(|(user, token)| format!("{user}/{token}"))
                .collect()
        };
        let staying_names: BTreeSet<(String, &str)> =
            staying_tokens().flat_map(&names_of).collect();
        let going_names = retired.values().copied().flat_map(|token| {
            let owner = token.user.filter(|user| data.has_user(*user));
            let owner = owner.map(|user| data.user_name(user));
            let of_owner = move |(user, _): &(String, &str)| owner.is_none_or(|it| it == user);
            names_of(token).filter(of_owner)
        });
        let named: BTreeSet<(String, &str)> = going_names
            .filter(|named| !staying_names.contains(named))
            .collect();
        let staying_lines = lines(&staying_names);
        Self {
            tokens: retired.keys().copied().collect(),
            roles: going
                .into_iter()
                .map(|role| (data.keys.text(role.key), data.keys.text(role.name)))
                .collect(),
            lines: lines(&named).difference(&staying_lines).cloned().collect(),
            named,
            staying_roles: staying
                .into_iter()
                .map(|role| data.keys.text(role.name))
                .collect(),
        }
    }

    fn has(&self, user: &str, token: &str) -> bool {
        self.named.contains(&(user.to_owned(), token))
    }

    fn in_data(&self, data: &Data, found: &mut Differences) {
        let mut left =
            |what: String| found.add(DifferenceKind::TraceLeft, Document::Data.name(), what);
        for token in &data.tokens {
            if self.tokens.contains(&*token.key) {
                left(format!("the token {} is still there", token.name));
            }
        }
        for role in &data.roles {
            if self.roles.contains_key(data.keys.text(role.key)) {
                let name = data.keys.text(role.name);
                left(format!("the role {name} is still there"));
            }
        }
        for grant in &data.grants {
            if let Some(role) = self.roles.get(data.keys.text(grant.role)) {
                left(format!("a grant of the role {role} is still there"));
            }
        }
        for item in &data.project_tokens {
            if self.has(&item.user, &item.name) {
                left(format!(
                    "the project item for the token {} is still there",
                    item.name
                ));
            }
        }
    }

    fn in_project(&self, sides: &Sides<'_>, found: &mut Differences) {
        let Some(project) = &sides.upgraded.1.project else {
            return;
        };
        let mut left =
            |what: String| found.add(DifferenceKind::TraceLeft, Document::Project.name(), what);
        let going: BTreeSet<&str> = self.roles.values().copied().collect();
        for name in project.roles.names() {
            if going.contains(name) && !self.staying_roles.contains(name) {
                left(format!("the role {name} is still listed"));
            }
        }
        for line in project.tokens.names() {
            if self.lines.contains(line) {
                left(format!("the token {line} is still listed"));
            }
        }
    }

    /// Keys are UUIDs, which occur nowhere by chance; but one may be somebody else's key too.
    fn in_bytes(&self, sides: &Sides<'_>, found: &mut Differences) -> Result<(), Error> {
        let keys = self.tokens.iter().chain(self.roles.keys());
        let data = &sides.source.1.data;
        let users = data.users.iter().map(|user| data.keys.text(user.key));
        let owners = data.apps.iter().filter_map(|app| app.owner);
        let others: BTreeSet<&str> = data
            .apps
            .iter()
            .map(|app| &*app.key)
            .chain(users)
            .chain(owners.map(|owner| data.keys.text(owner)))
            .collect();
        let keys: BTreeSet<Uuid> = keys
            .filter(|key| !others.contains(**key))
            .filter_map(|key| Uuid::try_parse(key).ok())
            .collect();
        for document in Document::ALL {
            let Some(entry) = sides.upgraded.0.document(document) else {
                continue;
            };
            let left = uuids::occurring(sides.upgraded.0.read(entry)?, &keys);
            for key in left.map_err(PackageError::Read)? {
                let what = format!("the key {key} of a retired token or role still occurs");
                found.add(DifferenceKind::TraceLeft, document.name(), what);
            }
        }
        Ok(())
    }
}

/// Whether FME Flow made a role for a token: it is internal and called `token:<user>.<token>` (seen).
fn is_named_after(role: &Role, token: &Token, data: &Data) -> bool {
    let Some(user) = user_named(data.keys.text(role.name), &token.name) else {
        return false;
    };
    let owner = token.user.filter(|user| data.has_user(*user));
    role.internal && owner.is_none_or(|owner| data.user_name(owner) == user)
}

/// The user in the name of a token's role.
fn user_named<'a>(role: &'a str, token: &str) -> Option<&'a str> {
    let rest = role.strip_prefix("token:")?;
    rest.strip_suffix(token)?.strip_suffix('.')
}
