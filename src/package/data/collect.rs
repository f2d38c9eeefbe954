//! Where everything goes that is kept: the model, one budget for its text, and what may be there only
//! once.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::Data;
use crate::flow::Permissions;
use crate::package::tree::unclear;
use crate::package::{Budget, Document, Key, PackageError};

/// How long the names of a grant's permissions may be together, in bytes; six of them are the most that
/// were seen.
const MOST_PERMISSIONS: usize = 64 * 1024;

/// How long a UUID with dashes is.
const UUID_BYTES: usize = 36;

/// Gathers the items of a package.
#[derive(Debug)]
pub(super) struct Collector<'a> {
    pub(super) data: Data,
    budget: &'a mut Budget,
    /// The category of apps that is open.
    pub(super) category: Option<Key>,
    /// Those of the grant that is open, as they are written, a comma after each.
    pub(super) permissions: String,
    /// Sets of permissions seen so far, as they are written: a few dozen for a million grants.
    sets: HashMap<String, Permissions>,
    words: HashMap<String, Arc<str>>,
    /// What may be there only once, its key and where that stands.
    unique: Vec<(What, Key, u64)>,
}

/// An item whose key has to be its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// An app, with its category.
    App(Option<Key>),
    Token,
    Role,
    User,
}

impl<'a> Collector<'a> {
    pub(super) fn new(budget: &'a mut Budget) -> Self {
        Self {
            data: Data::default(),
            budget,
            category: None,
            permissions: String::new(),
            sets: HashMap::new(),
            words: HashMap::new(),
            unique: Vec::new(),
        }
    }

    /// The model, once all of the document is read.
    pub(super) fn finish(mut self) -> Result<Data, PackageError> {
        self.no_key_twice()?;
        let data = self.data.in_order();
        // What a token is called in a project is looked for as a whole.
        for token in &data.tokens {
            let user = token.user.map_or("", |user| data.user_name(user));
            self.budget
                .take(Document::Data, user.len() + token.name.len())?;
        }
        Ok(data)
    }

    /// So many bytes more are kept.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), PackageError> {
        self.budget.take(Document::Data, bytes)
    }

    /// Text that is kept.
    pub(super) fn keep(&mut self, text: &str) -> Result<String, PackageError> {
        self.count(text.len())?;
        Ok(text.to_owned())
    }

    /// A key or a name that many items share.
    pub(super) fn key(&mut self, text: &str) -> Result<Key, PackageError> {
        let known = self.data.keys.len();
        let key = self.data.keys.insert(text);
        if self.data.keys.len() > known {
            self.count(text.len())?;
        }
        Ok(key)
    }

    /// The key of a token, a role or a user. FME Flow writes UUIDs in lower case (seen) and takes them in
    /// any (Java's `UUID.fromString`), so that two spellings are one.
    pub(super) fn id(&mut self, text: &str) -> Result<Key, PackageError> {
        let is_other = text.len() == UUID_BYTES && text.bytes().any(|it| it.is_ascii_uppercase());
        if is_other && uuid::Uuid::try_parse(text).is_ok() {
            return self.key(&text.to_ascii_lowercase());
        }
        self.key(text)
    }

    /// The owner: a key from schema 2.54, a name before (both seen).
    pub(super) fn owner(
        &mut self,
        id: Option<String>,
        name: Option<String>,
    ) -> Result<Option<Key>, PackageError> {
        let owner = id.or(name).filter(|owner| !owner.is_empty());
        owner.map(|owner| self.id(&owner)).transpose()
    }

    /// Notes an item whose key, at byte `at`, has to be its own.
    pub(super) fn once(&mut self, what: What, key: Key, at: u64) {
        self.unique.push((what, key, at));
    }

    fn no_key_twice(&mut self) -> Result<(), PackageError> {
        self.unique.sort_unstable();
        let pairs = self.unique.iter().zip(self.unique.iter().skip(1));
        let twice = pairs.filter(|(one, other)| (one.0, one.1) == (other.0, other.1));
        let Some((first, second)) = twice.min_by_key(|(_, second)| second.2) else {
            return Ok(());
        };
        let what = format!(
            "{} with the key of the one at byte {}",
            first.0.name(),
            first.2
        );
        unclear(second.2, &what)
    }

    /// A permission of the grant that is open, its name at byte `at`.
    pub(super) fn permission(&mut self, name: &str, at: u64) -> Result<(), PackageError> {
        let is_known = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() || !name.bytes().all(is_known) {
            let what =
                "a permission whose name is not made of capital letters, digits and underscores";
            return unclear(at, what);
        }
        if self.permissions.len() + name.len() > MOST_PERMISSIONS {
            let what =
                format!("a grant whose permissions are longer than {MOST_PERMISSIONS} bytes");
            return unclear(at, &what);
        }
        self.permissions.push_str(name);
        self.permissions.push(',');
        Ok(())
    }

    /// Text that many items have, each of which keeps it.
    pub(super) fn shared(&mut self, text: &str) -> Result<Arc<str>, PackageError> {
        if let Some(known) = self.words.get(text) {
            return Ok(Arc::clone(known));
        }
        self.count(text.len())?;
        let new: Arc<str> = text.into();
        self.words.insert(text.to_owned(), Arc::clone(&new));
        Ok(new)
    }

    /// The permissions of an identifier entry, as they are written there.
    pub(super) fn permissions_between_commas(
        &mut self,
        text: &str,
    ) -> Result<Permissions, PackageError> {
        self.permissions.clear();
        for word in text.split(',').filter(|word| !word.is_empty()) {
            self.permissions.push_str(word);
            self.permissions.push(',');
        }
        self.permission_set()
    }

    /// The permissions of the grant that is open.
    pub(super) fn permission_set(&mut self) -> Result<Permissions, PackageError> {
        if let Some(set) = self.sets.get(&self.permissions) {
            return Ok(set.clone());
        }
        self.count(self.permissions.len())?;
        let mut words = Vec::new();
        let written = std::mem::take(&mut self.permissions);
        for word in written.split_terminator(',') {
            words.push(self.shared(word)?);
        }
        let set = Permissions::new(words);
        self.sets.insert(written.clone(), set.clone());
        self.permissions = written;
        Ok(set)
    }
}

impl What {
    const fn name(self) -> &'static str {
        match self {
            Self::App(_) => "an app",
            Self::Token => "a token",
            Self::Role => "a role",
            Self::User => "a user",
        }
    }
}
