//! What the names of tokens begin with: many are looked for at once in a value that is too long.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, BuildError};

/// How much of a name is looked for, in bytes: a name that begins alike may be another's.
pub(super) const BEGINNING: usize = 64;

/// The beginnings of the names of all tokens that are looked for.
#[derive(Debug)]
pub(super) struct Beginnings {
    pub(super) automaton: Result<AhoCorasick, BuildError>,
    /// The positions of the names that begin so, in the order of the automaton.
    pub(super) names: Vec<Vec<usize>>,
}

impl Beginnings {
    pub(super) fn of(names: &[&str]) -> Self {
        let mut beginnings: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, name) in names.iter().enumerate() {
            beginnings.entry(beginning(name)).or_default().push(number);
        }
        Self {
            automaton: AhoCorasick::new(beginnings.keys()),
            names: beginnings.into_values().collect(),
        }
    }
}

/// What a name begins with that no escape can stand for.
fn beginning(name: &str) -> &str {
    let plain = name.split(|it: char| it == '\\' || it.is_control()).next();
    let plain = plain.unwrap_or_default();
    let mut ends = (0..=plain.len().min(BEGINNING)).rev();
    let end = ends.find(|at| plain.is_char_boundary(*at));
    plain.get(..end.unwrap_or_default()).unwrap_or_default()
}
