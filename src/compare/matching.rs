//! Which app of the archive is which app of the server: by kind and identifier, then by kind, owner
//! and name, then by kind and name where that leaves no choice. Never guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::AppState;
use crate::flow::AppKind;

/// What an app of the archive was matched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppMatch {
    /// The app at this position.
    One(usize),
    /// Several may be it.
    Ambiguous,
    /// None.
    None,
}

/// The matches of all apps of the archive, and the apps of the server that are nobody's.
pub(crate) struct Matches {
    pub(crate) of_before: Vec<AppMatch>,
    pub(crate) extra: Vec<usize>,
}

/// App names differ by more than upper and lower case (documented).
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// Whether two app names are one.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// Whether two users are the same: by key, or by login name where the keys differ, as they do when
/// users are made anew.
pub(super) fn same_owner(before: &AppState, after: &AppState) -> bool {
    let (one, other) = (&before.owner, &after.owner);
    one.id.is_empty() || one.id == other.id || folded(&one.name) == folded(&other.name)
}

pub(crate) fn matches(before: &[AppState], after: &[AppState]) -> Matches {
    let mut matching = Matching {
        of_before: vec![AppMatch::None; before.len()],
        taken: BTreeSet::new(),
        doubtful: BTreeSet::new(),
    };
    let identifier = |app: &AppState| (app.kind, app.identifier.to_string(), String::new());
    let owned = |app: &AppState| (app.kind, folded(&app.owner.name), folded(&app.name));
    let named = |app: &AppState| (app.kind, String::new(), folded(&app.name));
    matching.round(before, after, identifier);
    matching.round(before, after, owned);
    matching.round(before, after, named);
    let extra = (0..after.len())
        .filter(|at| !matching.taken.contains(at) && !matching.doubtful.contains(at));
    Matches {
        extra: extra.collect(),
        of_before: matching.of_before,
    }
}

type Key = (AppKind, String, String);

struct Matching {
    of_before: Vec<AppMatch>,
    /// Apps of the server that are matched.
    taken: BTreeSet<usize>,
    /// Apps of the server that may be one of several.
    doubtful: BTreeSet<usize>,
}

impl Matching {
    /// Matches what is still without a match by `key`; several of one key are ambiguous.
    fn round(&mut self, before: &[AppState], after: &[AppState], key: impl Fn(&AppState) -> Key) {
        let mut by_key: BTreeMap<Key, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, app) in after.iter().enumerate() {
            if !self.taken.contains(&at) {
                by_key.entry(key(app)).or_default().1.push(at);
            }
        }
        for ((at, app), known) in before.iter().enumerate().zip(&self.of_before) {
            if *known == AppMatch::None
                && let Some((same, _)) = by_key.get_mut(&key(app))
            {
                same.push(at);
            }
        }
        for (mine, theirs) in by_key.into_values() {
            match (&mine[..], &theirs[..]) {
                ([], _) => {}
                ([one], [other]) => {
                    self.set(*one, AppMatch::One(*other));
                    self.taken.insert(*other);
                }
                _ => {
                    for one in mine {
                        self.set(one, AppMatch::Ambiguous);
                    }
                    self.doubtful.extend(theirs);
                }
            }
        }
    }

    fn set(&mut self, before: usize, to: AppMatch) {
        if let Some(known) = self.of_before.get_mut(before) {
            *known = to;
        }
    }
}
