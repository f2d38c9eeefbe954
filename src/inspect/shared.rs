//! Texts that stand in many places, each kept once: a user's name is that of a thousand holders.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Texts that were seen.
#[derive(Debug, Default)]
pub(super) struct Shared(BTreeSet<Arc<str>>);

impl Shared {
    /// The one of these that says `text`.
    pub(super) fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}
