//! What was found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::package::Key;

/// What is named elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Tokens, by their position in [`Data::tokens`](crate::package::Data::tokens), with the categories of
    /// what names them; none where it is not in a category.
    pub tokens: BTreeMap<usize, BTreeSet<Arc<str>>>,
    /// Roles of such tokens whose keys stand where no registration and no grant is.
    pub roles: BTreeSet<Key>,
}

impl References {
    /// The categories that name a token; none where nothing but apps does.
    pub fn of_token(&self, number: usize) -> Option<&BTreeSet<Arc<str>>> {
        self.tokens.get(&number)
    }
}
