//! The names of what is open.

/// Names of lists and items that are open, alternating, outermost first.
///
/// There may be millions of items, but only ever a few at once, so all names share one string.
#[derive(Debug, Default)]
pub struct Path {
    names: String,
    /// Where each begins.
    starts: Vec<usize>,
}

impl Path {
    /// How many are open.
    pub const fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether none is.
    pub const fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The name at `level`, counted from the outermost; that of `categories` is the first.
    pub fn get(&self, level: usize) -> Option<&str> {
        let start = *self.starts.get(level)?;
        let end = self.starts.get(level + 1).copied();
        self.names.get(start..end.unwrap_or(self.names.len()))
    }

    /// The innermost name; empty where nothing is open.
    pub fn last(&self) -> &str {
        let start = self.starts.last().copied().unwrap_or_default();
        self.names.get(start..).unwrap_or_default()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|level| self.get(level))
    }

    pub(super) fn push(&mut self, name: &str) {
        self.starts.push(self.names.len());
        self.names.push_str(name);
    }

    pub(super) fn pop(&mut self) {
        if let Some(start) = self.starts.pop() {
            self.names.truncate(start);
        }
    }
}
