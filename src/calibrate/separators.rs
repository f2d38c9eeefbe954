//! Which attributes hold several things between separators, and which separators those are.
//!
//! One value tells little: `Parks` may be one of many or the only one there ever is. So all values of an
//! attribute are counted, and the separators under which most parts are known words are taken.

use std::collections::{BTreeMap, HashMap};

use super::known::Known;
use crate::profile::frames::{Attribute, Frame, SEPARATORS, Separators};

/// The longest value that is looked at, in bytes.
const LONGEST: usize = 1 << 20;
/// What may stand within a part, before what is said of it.
const INNER: [char; 2] = ['=', ':'];

/// Attributes by the lists above them and their names.
type AttributeLocation = (Vec<String>, String);

/// How attributes are separated.
#[derive(Debug, Default)]
pub(super) struct AttributeSeparators {
    counted: HashMap<AttributeLocation, BTreeMap<Separators, usize>>,
}

impl AttributeSeparators {
    /// Counts what the parts of a value would be.
    pub(super) fn look(&mut self, stack: &[Frame], attribute: &Attribute, known: &Known) {
        let value = &*attribute.value;
        if value.len() > LONGEST || value.starts_with(['{', '[']) || known.knows(value) {
            return;
        }
        let has = |c: char| value.contains(c);
        for outer in SEPARATORS.into_iter().filter(|c| !INNER.contains(c)) {
            for inner in [None, Some(INNER[0]), Some(INNER[1])] {
                if !has(outer) && inner.is_none_or(|inner| !has(inner)) {
                    continue;
                }
                let separators = Separators { outer, inner };
                let parts = separators.parts(value);
                let named = parts.filter(|(name, rest)| {
                    known.knows(name) && (inner.is_none() || rest.is_some())
                });
                let count = named.count();
                if count > 0 {
                    let place = self.counted.entry(place(stack, attribute)).or_default();
                    *place.entry(separators).or_default() += count;
                }
            }
        }
    }

    /// The separators of an attribute; of equal ones those that say less.
    pub(super) fn separators(&self, stack: &[Frame], attribute: &Attribute) -> Option<Separators> {
        if self.counted.is_empty() {
            return None;
        }
        let counted = self.counted.get(&place(stack, attribute))?;
        let best = counted.iter().max_by(|a, b| (a.1, b.0).cmp(&(b.1, a.0)));
        best.map(|(separators, _)| *separators)
    }
}

fn place(stack: &[Frame], attribute: &Attribute) -> AttributeLocation {
    let lists = stack.iter().map(|frame| frame.list.clone());
    (lists.collect(), attribute.name.clone())
}
