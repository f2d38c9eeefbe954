//! Nothing of a retired token may be left, in any document: not the token, not its role, no grant,
//! no line of a project, and not their keys anywhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Differences, Kind};
use super::meaning::Sides;
use super::permissions;
use crate::error::Error;
use crate::package::data::{Data, Token};
use crate::package::{Document, Key, PackageError};

/// Looks for traces of `tokens`, which apps used.
pub(super) fn find<'a>(
    tokens: impl Iterator<Item = &'a Token>,
    sides: &Sides<'a>,
    found: &mut Differences,
) -> Result<(), Error> {
    let retired = Retired::of(tokens, &sides.source.1.data);
    retired.in_data(&sides.upgraded.1.data, found);
    retired.in_project(sides, found);
    retired.in_bytes(sides, found)
}

/// How a project lists a token (seen).
fn line(user: &str, token: &str) -> String {
    format!("{user}/{token}")
}

/// What was to go.
struct Retired<'a> {
    /// Keys of tokens.
    tokens: BTreeSet<&'a str>,
    /// Roles: name by key.
    roles: BTreeMap<&'a str, &'a str>,
    /// Users' and tokens' names that no token which stays has too.
    named: BTreeSet<(String, &'a str)>,
    /// What a project would list for the tokens that stay.
    staying_lines: BTreeSet<String>,
    /// Names of the roles that stay.
    staying_roles: BTreeSet<&'a str>,
}

impl<'a> Retired<'a> {
    fn of(tokens: impl Iterator<Item = &'a Token>, data: &'a Data) -> Self {
        let retired: BTreeMap<&str, &Token> = tokens.map(|token| (&*token.key, token)).collect();
        let stays = |token: &&Token| !retired.contains_key(&*token.key);
        let staying_tokens = || data.tokens.iter().filter(stays);
        // What a user, a token that stays or anything else is registered on is needed.
        let by_users = data.registrations.iter().map(|it| &it.role);
        let by_tokens = staying_tokens().flat_map(|token| &token.roles);
        let needed: BTreeSet<Key> = by_users
            .chain(by_tokens)
            .chain(&data.other_registrations)
            .copied()
            .collect();
        let registered: BTreeSet<Key> = retired.values().flat_map(|t| &t.roles).copied().collect();
        let public: BTreeSet<Key> = data
            .roles
            .iter()
            .filter(|role| !role.internal)
            .map(|role| role.key)
            .collect();
        let (going, staying): (Vec<_>, Vec<_>) = data.roles.iter().partition(|role| {
            registered.contains(&role.key)
                && !public.contains(&role.key)
                && !needed.contains(&role.key)
        });
        let user_of = |token: &Token| {
            token
                .user
                .map_or("", |user| data.user_name(user))
                .to_owned()
        };
        let staying_names: BTreeSet<(String, &str)> = staying_tokens()
            .map(|token| (user_of(token), &*token.name))
            .collect();
        Self {
            tokens: retired.keys().copied().collect(),
            roles: going
                .into_iter()
                .map(|role| (data.keys.text(role.key), data.keys.text(role.name)))
                .collect(),
            named: retired
                .values()
                .map(|token| (user_of(token), &*token.name))
                .filter(|named| !staying_names.contains(named))
                .collect(),
            staying_lines: staying_names
                .iter()
                .map(|(user, token)| line(user, token))
                .collect(),
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
        let mut left = |what: String| found.add(Kind::TraceLeft, Document::Data.name(), what);
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
        let mut left = |what: String| found.add(Kind::TraceLeft, Document::Project.name(), what);
        let going: BTreeSet<&str> = self.roles.values().copied().collect();
        for name in project.roles.names() {
            if going.contains(name) && !self.staying_roles.contains(name) {
                left(format!("the role {name} is still listed"));
            }
        }
        // A user's name may hold a slash itself, and two tokens have one line.
        let lines = self.named.iter().map(|(user, token)| line(user, token));
        let going: BTreeSet<String> = lines
            .filter(|line| !self.staying_lines.contains(line))
            .collect();
        for line in project.tokens.names() {
            if going.contains(line) {
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
        let keys: BTreeSet<String> = keys
            .filter(|key| !others.contains(**key))
            .map(|key| key.to_ascii_lowercase())
            .collect();
        for document in Document::ALL {
            let Some(entry) = sides.upgraded.0.document(document) else {
                continue;
            };
            let left = permissions::uuids(sides.upgraded.0.read(entry)?, &keys);
            for key in left.map_err(PackageError::Read)? {
                let what = format!("the key {key} of a retired token or role still occurs");
                found.add(Kind::TraceLeft, document.name(), what);
            }
        }
        Ok(())
    }
}
