//! Which token an app uses.
//!
//! An app knows its token by name only (seen), and names are unique per user only.

use std::collections::BTreeMap;

use crate::package::data::{App, Data, Token};
use crate::package::{Document, Key, PackageError};

/// The tokens of a package, and how many apps use each.
pub(super) struct Tokens<'a> {
    data: &'a Data,
    by_owner: BTreeMap<(Key, &'a str), usize>,
    by_name: BTreeMap<&'a str, Vec<usize>>,
    users: Vec<u32>,
}

impl<'a> Tokens<'a> {
    /// # Errors
    /// [`PackageError::Unclear`] when an app's token cannot be told from another.
    pub(super) fn new(data: &'a Data) -> Result<Self, PackageError> {
        let mut tokens = Self {
            data,
            by_owner: BTreeMap::new(),
            by_name: BTreeMap::new(),
            users: vec![0; data.tokens.len()],
        };
        let mut twice = BTreeMap::new();
        // Up to schema 2.42 tokens are session-like and have no name (seen); no app uses them.
        for (number, token) in data
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, t)| !t.name.is_empty())
        {
            tokens.by_name.entry(&*token.name).or_default().push(number);
            if let Some(user) = token.user
                && tokens
                    .by_owner
                    .insert((user, &*token.name), number)
                    .is_some()
            {
                twice.insert((user, &*token.name), token.place.span.start);
            }
        }
        for app in &data.apps {
            if let Some(at) = app
                .owner
                .zip(app.token.as_deref())
                .and_then(|key| twice.get(&key))
            {
                let what = format!(
                    "byte {at}: the app {:?} uses a token that its owner has twice",
                    app.name
                );
                return Err(PackageError::Unclear {
                    document: Document::Data,
                    what,
                });
            }
            if let Some(number) = tokens.number(app)
                && let Some(users) = tokens.users.get_mut(number)
            {
                *users += 1;
            }
        }
        Ok(tokens)
    }

    /// The token of an app: its owner's of that name, else the only one of that name.
    pub(super) fn of(&self, app: &App) -> Option<&'a Token> {
        self.number(app)
            .and_then(|number| self.data.tokens.get(number))
    }

    /// How many apps share the token of an app.
    pub(super) fn shared_by(&self, app: &App) -> u32 {
        self.number(app)
            .and_then(|number| self.users.get(number))
            .copied()
            .unwrap_or_default()
    }

    /// The tokens that apps use, in document order.
    pub(super) fn used(&self) -> impl Iterator<Item = &'a Token> {
        let used = self
            .data
            .tokens
            .iter()
            .zip(&self.users)
            .filter(|(_, users)| **users > 0);
        used.map(|(token, _)| token)
    }

    /// The tokens that no app uses.
    pub(super) fn unused(&self) -> impl Iterator<Item = &'a Token> {
        let unused = self
            .data
            .tokens
            .iter()
            .zip(&self.users)
            .filter(|(_, users)| **users == 0);
        unused.map(|(token, _)| token)
    }

    fn number(&self, app: &App) -> Option<usize> {
        let name = app.token.as_deref()?;
        let owned = app
            .owner
            .and_then(|owner| self.by_owner.get(&(owner, name)));
        owned
            .copied()
            .or_else(|| match self.by_name.get(name).map(Vec::as_slice) {
                Some(&[only]) => Some(only),
                _ => None,
            })
    }
}
