//! Keys of users and roles, each kept once: a backup names the same role in a thousand places.

use std::collections::HashMap;
use std::sync::Arc;

/// A key that was seen; cheap to copy and compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u32);

/// All keys of a package. What comes out never depends on the order of the hash table.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    numbers: HashMap<Arc<str>, Key>,
    texts: Vec<Arc<str>>,
}

impl Keys {
    /// The key written `text`.
    pub fn insert(&mut self, text: &str) -> Key {
        if let Some(&key) = self.numbers.get(text) {
            return key;
        }
        let text: Arc<str> = text.into();
        let key = Key(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, key);
        key
    }

    /// The key written `text`, when it occurs in the package.
    pub fn find(&self, text: &str) -> Option<Key> {
        self.numbers.get(text).copied()
    }

    /// How `key` is written.
    pub fn text(&self, key: Key) -> &str {
        self.texts.get(key.0 as usize).map_or("", |text| text)
    }
}
