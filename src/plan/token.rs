//! Which token an app uses.
//!
//! An app knows its token by name only (seen), and names are unique per user only.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::flow::AppKind;
use crate::package::data::{App, Data, Token};
use crate::package::{Document, Package, PackageError, References};
use crate::sorted::equal_range;

/// The tokens of a package, and who uses each.
pub(super) struct Tokens<'a> {
    data: &'a Data,
    references: &'a References,
    /// Positions of the tokens that have a name, by name and user.
    by_name: Vec<usize>,
    /// Where those of a name stand in it.
    named: HashMap<&'a str, Range<usize>>,
    uses: Vec<Uses>,
}

/// Who uses a token.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    /// How many apps that get permissions of their own.
    apps: u32,
    /// Whether anything else names it.
    elsewhere: bool,
}

impl Uses {
    /// Whether apps use it, and nothing else.
    const fn only_by_apps(self) -> bool {
        self.apps > 0 && !self.elsewhere
    }
}

/// The tokens of a package that have a name and that no app uses, in document order.
///
/// # Errors
/// [`PackageError::Unclear`] when an app's token cannot be told from another.
pub fn tokens_without_app(package: &Package) -> Result<Vec<&Token>, PackageError> {
    let Tokens { data, uses, .. } = Tokens::new(package)?;
    let tokens = data.tokens.iter().zip(uses);
    let unused = tokens.filter(|(token, uses)| !token.name.is_empty() && uses.apps == 0);
    Ok(unused.map(|(token, _)| token).collect())
}

impl<'a> Tokens<'a> {
    /// # Errors
    /// [`PackageError::Unclear`] when an app's token cannot be told from another.
    pub(super) fn new(package: &'a Package) -> Result<Self, PackageError> {
        let data = &package.data;
        // Up to schema 2.42 tokens are session-like and have no name (seen); no app uses them.
        let named = data.tokens.iter().enumerate();
        let named = named.filter(|(_, token)| !token.name.is_empty());
        let mut tokens = Self {
            data,
            references: &package.references,
            by_name: named.map(|(number, _)| number).collect(),
            named: HashMap::new(),
            uses: vec![Uses::default(); data.tokens.len()],
        };
        let order = |number: &usize| data.tokens.get(*number).map(|it| (&it.name, it.user));
        tokens.by_name.sort_by(|a, b| order(a).cmp(&order(b)));
        for (at, number) in tokens.by_name.iter().enumerate() {
            if let Some(token) = data.tokens.get(*number) {
                tokens.named.entry(&token.name).or_insert(at..at).end = at + 1;
            }
        }
        for number in package.references.tokens.keys() {
            if let Some(uses) = tokens.uses.get_mut(*number) {
                uses.elsewhere = true;
            }
        }
        for app in &data.apps {
            if let [_, .., last] = tokens.owned(app) {
                let token = data.tokens.get(*last);
                let at = token.map_or(0, |token| token.place.span.start);
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
                && let Some(uses) = tokens.uses.get_mut(number)
            {
                // Galleries have no token of their own (seen); one that names a token keeps it.
                match app.kind {
                    AppKind::Gallery => uses.elsewhere = true,
                    _ => uses.apps += 1,
                }
            }
        }
        Ok(tokens)
    }

    /// The token of an app: its owner's of that name, else the only one of that name.
    pub(super) fn of(&self, app: &App) -> Option<&'a Token> {
        self.number(app)
            .and_then(|number| self.data.tokens.get(number))
    }

    /// The tokens that bear the name of an app's where none of them is its owner's.
    pub(super) fn candidates(&self, app: &App) -> Vec<&'a Token> {
        let named = self.named(app).iter();
        named
            .filter_map(|number| self.data.tokens.get(*number))
            .collect()
    }

    /// How many apps share the token of an app.
    pub(super) fn shared_by(&self, app: &App) -> u32 {
        self.uses_of(app).apps
    }

    /// Whether anything but apps uses the token of an app.
    pub(super) fn is_used_elsewhere(&self, app: &App) -> bool {
        self.uses_of(app).elsewhere
    }

    /// The categories of what else names the token of an app, as far as they are known.
    pub(super) fn named_by(&self, app: &App) -> Arc<[Arc<str>]> {
        let number = self.number(app);
        let by = number.and_then(|number| self.references.of_token(number));
        by.into_iter().flatten().cloned().collect()
    }

    fn uses_of(&self, app: &App) -> Uses {
        let number = self.number(app);
        let uses = number.and_then(|number| self.uses.get(number));
        uses.copied().unwrap_or_default()
    }

    /// The tokens that only apps use, in document order.
    pub(super) fn of_apps(&self) -> impl Iterator<Item = &'a Token> {
        let tokens = self.data.tokens.iter().zip(&self.uses);
        let tokens = tokens.filter(|(_, uses)| uses.only_by_apps());
        tokens.map(|(token, _)| token)
    }

    /// The tokens that no app uses, or something else as well.
    pub(super) fn others(&self) -> impl Iterator<Item = &'a Token> {
        let tokens = self.data.tokens.iter().zip(&self.uses);
        let tokens = tokens.filter(|(_, uses)| !uses.only_by_apps());
        tokens.map(|(token, _)| token)
    }

    fn number(&self, app: &App) -> Option<usize> {
        match (self.owned(app), self.named(app)) {
            ([own, ..], _) | ([], [own]) => Some(*own),
            _ => None,
        }
    }

    /// The tokens that bear the name of an app's.
    fn named(&self, app: &App) -> &[usize] {
        let name = app.token.as_deref();
        let named = name.and_then(|name| self.named.get(name));
        let tokens = named.and_then(|named| self.by_name.get(named.clone()));
        tokens.unwrap_or_default()
    }

    /// Those of them that are the app's owner's.
    fn owned(&self, app: &App) -> &[usize] {
        let Some(owner) = app.owner else { return &[] };
        equal_range(self.named(app), |number| {
            let token = self.data.tokens.get(*number);
            token.and_then(|token| token.user).cmp(&Some(owner))
        })
    }
}
