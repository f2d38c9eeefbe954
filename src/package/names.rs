//! Keys and names of users and roles, each kept once: a backup names the same role in a thousand
//! places, and a hundred thousand small strings would cost more than what is in them.

use std::hash::RandomState;

use string_interner::StringInterner;
use string_interner::backend::StringBackend;
use string_interner::symbol::SymbolU32;

/// A key or a name that was seen; cheap to copy and compare. Keys are ordered by first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(SymbolU32);

/// All keys of a package. What comes out never depends on the order of the hash table, which is
/// seeded, so that nobody can choose keys that collide.
#[derive(Debug, Clone)]
pub struct Keys(StringInterner<StringBackend<SymbolU32>, RandomState>);

impl Default for Keys {
    fn default() -> Self {
        Self(StringInterner::new())
    }
}

impl Keys {
    /// The key written `text`.
    pub fn insert(&mut self, text: &str) -> Key {
        Key(self.0.get_or_intern(text))
    }

    /// The key written `text`, when it occurs in the package.
    pub fn find(&self, text: &str) -> Option<Key> {
        self.0.get(text).map(Key)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How `key` is written.
    pub fn text(&self, key: Key) -> &str {
        self.0.resolve(key.0).unwrap_or_default()
    }
}
