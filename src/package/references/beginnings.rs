//! What the names of tokens begin with: many are looked for at once in a text.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, BuildError};

use super::unescaped::Unescaped;

/// How much of a name is looked for, in bytes: a name that begins alike may be another's.
pub(super) const BEGINNING: usize = 64;

/// The beginnings of all names that are looked for.
#[derive(Debug)]
pub(super) struct Beginnings {
    pub(super) automaton: Result<AhoCorasick, BuildError>,
    /// The positions of the names that begin so, in the order of the automaton.
    pub(super) names: Vec<Vec<usize>>,
}

impl Beginnings {
    pub(super) fn of(names: &[&str]) -> Self {
        let mut beginnings: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        for (number, name) in names.iter().enumerate() {
            beginnings.entry(beginning(name)).or_default().push(number);
        }
        Self {
            automaton: AhoCorasick::new(beginnings.keys()),
            names: beginnings.into_values().collect(),
        }
    }
}

/// What a name begins with, as it is read in a text.
fn beginning(name: &str) -> Vec<u8> {
    let mut text = Unescaped::default();
    let mut name: Vec<u8> = text.read(name.as_bytes(), 0).to_vec();
    name.extend_from_slice(text.end(0));
    name.truncate(BEGINNING);
    name.into_iter().map(fold).collect()
}

/// One byte for all that may stand for a blank; an address has a plus.
pub(super) const fn fold(byte: u8) -> u8 {
    match byte {
        b'+' | ..b' ' => b' ',
        other => other,
    }
}
