//! API tokens, and which apps use them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::shared::Shared;
use crate::package::data::Token;
use crate::package::{Data, Key};

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TokenRecord {
    /// Whose it is: the login name, or the key where the archive does not hold the user.
    pub user: Arc<str>,
    /// Its name; none up to schema 2.42.
    pub name: Arc<str>,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// Whether it holds explicit grants only.
    pub restricted: Option<bool>,
    /// When it expires, as written.
    pub expires: Option<String>,
    /// The apps that use it, by name.
    pub apps: Vec<Arc<str>>,
}

/// All tokens of a package, by user and name.
pub(super) fn records(data: &Data) -> Vec<TokenRecord> {
    let mut same_name: BTreeMap<&str, usize> = BTreeMap::new();
    for token in &data.tokens {
        *same_name.entry(&*token.name).or_default() += 1;
    }
    // Joined as a plan does: by owner and name, else by a name that only one token has.
    let mut by_token: BTreeMap<&str, BTreeMap<Option<Key>, Vec<Arc<str>>>> = BTreeMap::new();
    for app in &data.apps {
        if let Some(token) = &app.token {
            let by_owner = by_token.entry(token).or_default();
            let of_owner = by_owner.entry(app.owner).or_default();
            of_owner.push(Arc::clone(&app.name));
        }
    }
    let mut users = Shared::default();
    let record = |token: &Token| {
        let only = same_name.get(&*token.name) == Some(&1);
        let by_owner = by_token
            .get(&*token.name)
            .filter(|_| !token.name.is_empty());
        let mut apps: Vec<Arc<str>> = match by_owner {
            Some(by_owner) if only => by_owner.values().flatten().cloned().collect(),
            Some(by_owner) => by_owner.get(&token.user).cloned().unwrap_or_default(),
            None => Vec::new(),
        };
        apps.sort();
        TokenRecord {
            user: token
                .user
                .map_or_else(Arc::default, |user| users.text(data.user_name(user))),
            name: Arc::clone(&token.name),
            enabled: token.enabled,
            restricted: token.restricted,
            expires: token.expires.clone(),
            apps,
        }
    };
    let mut records: Vec<_> = data.tokens.iter().map(record).collect();
    records.sort();
    records
}
