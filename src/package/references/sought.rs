//! What is looked for: the tokens that apps name, in every way in which something may name one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use uuid::Uuid;

use super::beginnings::Beginnings;
use crate::edit::Span;
use crate::flow::AppKind;
use crate::package::Key;
use crate::package::data::{App, Data, Role, Token};

/// The tokens that apps name, and their roles.
#[derive(Debug)]
pub struct Sought<'a> {
    data: &'a Data,
    /// Their names and keys, `<user>/<token>` as in a project, and the names of their roles.
    pub(super) words: HashMap<String, Word>,
    /// How long the longest of these is, in bytes.
    pub(super) longest: usize,
    pub(super) keys: HashMap<Uuid, Wherever>,
    /// What is looked for in a text: the names of the tokens and of their roles.
    pub(super) names: Vec<&'a str>,
    /// Apps in categories that are not known, by category and key: their own tokens are no other's.
    others: BTreeSet<(&'a str, &'a str)>,
    beginnings: OnceLock<Beginnings>,
}

/// What a word stands for.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// Positions of tokens, in order.
    pub(super) tokens: Vec<usize>,
    /// The same by the key and the name of the user who has them, once somebody asks.
    by_user: OnceLock<HashMap<Key, Vec<usize>>>,
}

/// What a UUID stands for.
#[derive(Debug)]
pub(super) struct Wherever {
    pub(super) tokens: Vec<usize>,
    pub(super) roles: Vec<Key>,
    /// The items that go with it and so may hold it, in order.
    pub(super) own: Vec<Span>,
}

/// Items that were read before.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// Where they stand.
    pub(super) spans: Vec<Span>,
    /// The attributes in them that may hold the word "token" and name no other's.
    pub(super) own: Vec<Span>,
}

impl<'a> Sought<'a> {
    /// From a whole package.
    pub fn of(data: &'a Data) -> Self {
        let names: HashSet<&str> = data
            .apps
            .iter()
            .filter_map(|app| app.token.as_deref())
            .collect();
        let tokens = data.tokens.iter().enumerate();
        let tokens: Vec<_> = tokens
            .filter(|(_, token)| names.contains(&*token.name))
            .collect();
        let mut sought = Self {
            data,
            words: HashMap::with_capacity(4 * tokens.len()),
            longest: 0,
            keys: HashMap::with_capacity(2 * tokens.len()),
            names: Vec::new(),
            others: data
                .apps
                .iter()
                .filter_map(|it| in_unknown(data, it))
                .collect(),
            beginnings: OnceLock::new(),
        };
        let registered: HashSet<Key> = tokens
            .iter()
            .flat_map(|(_, token)| token.roles.iter().copied())
            .collect();
        let roles = data.roles.iter().filter(|role| role.internal);
        let roles: HashMap<Key, &Role> = roles
            .filter(|role| registered.contains(&role.key))
            .map(|role| (role.key, role))
            .collect();
        let mut spans: BTreeMap<Key, Vec<Span>> = BTreeMap::new();
        let mut names = Vec::new();
        for &(number, token) in &tokens {
            let user = token.user.map_or("", |user| data.user_name(user));
            names.push(&*token.name);
            sought.word(&token.name, number);
            sought.word(&format!("{user}/{}", token.name), number);
            sought.word(&token.key, number);
            sought.key(&token.key, Some(number), None, vec![token.place.span]);
            for role in token.roles.iter().filter_map(|role| roles.get(role)) {
                let name = data.keys.text(role.name);
                if name.starts_with("token:") {
                    names.push(name);
                    sought.word(name, number);
                }
                spans.entry(role.key).or_default().push(token.place.span);
            }
        }
        for (key, mut own) in spans {
            own.extend(roles.get(&key).map(|role| role.place.span));
            own.extend(data.grants_of(key).iter().map(|grant| grant.place.span));
            own.sort_unstable();
            sought.key(data.keys.text(key), None, Some(key), own);
        }
        names.sort_unstable();
        names.dedup();
        sought.names = names;
        sought
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether an item of a category of apps is one, so that the token it names is its own.
    pub(super) fn is_app(&self, category: &str, key: &str) -> bool {
        AppKind::of_category(category) != AppKind::Other || self.others.contains(&(category, key))
    }

    /// Grants and apps, with what these say of their own tokens. Where it is not known what an item is,
    /// nobody knows whether the list that it is in speaks of tokens.
    pub(super) fn items(&self) -> Items {
        let apps = self.data.apps.iter();
        let apps = apps.filter(|app| app.kind != AppKind::Other);
        let grants = self.data.grants.iter().map(|grant| grant.place.span);
        Items {
            spans: grants.chain(apps.clone().map(|app| app.span)).collect(),
            own: apps.flat_map(|app| &app.of_token).copied().collect(),
        }
    }

    /// The beginnings of the names: many packages have no value that they are looked for in.
    pub(super) fn beginnings(&self) -> &Beginnings {
        self.beginnings.get_or_init(|| Beginnings::of(&self.names))
    }

    fn word(&mut self, text: &str, token: usize) {
        self.longest = self.longest.max(text.len());
        let word = self.words.entry(text.to_owned()).or_default();
        if word.tokens.last() != Some(&token) {
            word.tokens.push(token);
        }
    }

    fn key(&mut self, text: &str, token: Option<usize>, role: Option<Key>, own: Vec<Span>) {
        // A key that is none is looked for as a word.
        let Ok(key) = Uuid::try_parse(text) else {
            return;
        };
        let known = self.keys.entry(key);
        let known = known
            // One UUID that means two things: where one of them stands, the other is named.
            .and_modify(|known| known.own.clear())
            .or_insert(Wherever {
                tokens: Vec::new(),
                roles: Vec::new(),
                own,
            });
        known.tokens.extend(token);
        known.roles.extend(role);
    }

    /// The tokens of `word` that belong to `owner`, a key or a name. Thousands of users may have one of a
    /// name, and thousands of items may name it.
    pub(super) fn of_owner<'w>(&self, word: &'w Word, owner: &str) -> &'w [usize] {
        let keys = &self.data.keys;
        let by_user = word.by_user.get_or_init(|| {
            let mut by_user: HashMap<Key, Vec<usize>> = HashMap::new();
            for &number in &word.tokens {
                let token: Option<&Token> = self.data.tokens.get(number);
                let user = token.and_then(|token| token.user);
                let name = user.and_then(|user| keys.find(self.data.user_name(user)));
                for called in user
                    .into_iter()
                    .chain(name.filter(|name| Some(*name) != user))
                {
                    by_user.entry(called).or_default().push(number);
                }
            }
            by_user
        });
        let own = keys.find(owner).and_then(|owner| by_user.get(&owner));
        own.map_or(&[], Vec::as_slice)
    }
}

/// Category and key of an app in a category that is not known.
fn in_unknown<'a>(data: &'a Data, app: &'a App) -> Option<(&'a str, &'a str)> {
    let category = app.category.filter(|_| app.kind == AppKind::Other)?;
    Some((data.keys.text(category), &app.key))
}
