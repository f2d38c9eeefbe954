//! Which apps are migrated, and which token each of them had.

use std::collections::BTreeMap;

use crate::flow::AppKind;
use crate::package::Package;
use crate::package::data::{App, Token};

/// An app that had a token, and that token.
pub(super) struct Migrated<'a> {
    pub(super) app: &'a App,
    pub(super) token: Option<&'a Token>,
}

/// The apps that get permissions of their own, and the tokens that galleries or anything else name.
pub(super) fn used_by_apps(package: &Package) -> (Vec<Migrated<'_>>, Vec<&Token>) {
    let data = &package.data;
    let mut named: BTreeMap<&str, Vec<&Token>> = BTreeMap::new();
    for token in data.tokens.iter().filter(|token| !token.name.is_empty()) {
        named.entry(&token.name).or_default().push(token);
    }
    let token = |app: &App| {
        let tokens = named.get(app.token.as_deref()?)?;
        let owned = tokens
            .iter()
            .find(|token| token.user.is_some() && token.user == app.owner);
        match (owned, &tokens[..]) {
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
    let of_galleries = galleries.into_iter().filter_map(token);
    let elsewhere = package.references.tokens.keys();
    let elsewhere = elsewhere.filter_map(|number| data.tokens.get(*number));
    (apps.collect(), of_galleries.chain(elsewhere).collect())
}
