//! API tokens, and which apps use them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::package::Data;
use crate::package::data::Token;

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TokenRecord {
    /// Whose it is: the login name, or the key where the archive does not hold the user.
    pub user: String,
    /// Its name; none up to schema 2.42.
    pub name: String,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// Whether it holds explicit grants only.
    pub restricted: Option<bool>,
    /// When it expires, as written.
    pub expires: Option<String>,
    /// The apps that use it, by name.
    pub apps: Vec<String>,
}

/// All tokens of a package, by user and name.
pub(super) fn records(data: &Data) -> Vec<TokenRecord> {
    let mut same_name: BTreeMap<&str, usize> = BTreeMap::new();
    for token in &data.tokens {
        *same_name.entry(&*token.name).or_default() += 1;
    }
    // Joined as a plan does: by owner and name, else by a name that only one token has.
    let mut by_token: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for app in &data.apps {
        if let Some(token) = &app.token {
            by_token.entry(token).or_default().push(app);
        }
    }
    let record = |token: &Token| {
        let only = same_name.get(&*token.name) == Some(&1);
        let named = by_token.get(&*token.name).into_iter().flatten();
        let mut apps: Vec<String> = named
            .filter(|app| !token.name.is_empty() && (only || app.owner == token.user))
            .map(|app| app.name.to_string())
            .collect();
        apps.sort();
        TokenRecord {
            user: token
                .user
                .map_or_else(String::new, |user| data.user_name(user).to_owned()),
            name: token.name.to_string(),
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
