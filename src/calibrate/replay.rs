//! Replays a restore: what the profile would add for the apps of the export, held against what the export
//! has. What is predicted and not there is a mistake; what is there, hangs on the same items and is not
//! predicted, is not understood, and with it nothing may be written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use super::known::Known;
use super::separators::AttributeSeparators;
use super::shape::{hash_of, is_uuid};
use crate::profile::frames::{Attribute, Frame, Separators, Visitor};
use crate::profile::{Addition, Moment};

/// The ways to everything in a document.
#[derive(Default)]
pub(super) struct AllWays(HashSet<u64>);

/// Attributes with what is made anew written alike in both.
type Values = BTreeMap<String, String>;

/// What is expected at a way.
#[derive(Default)]
struct Expectation {
    values: Vec<Values>,
    /// Attributes that are made of what is below.
    opened: BTreeSet<String>,
    found: Vec<Values>,
    is_new: bool,
}

/// A replay.
pub(super) struct Replay<'a> {
    /// What is known of Connections, and of Resources where they were looked for.
    known: Vec<(&'a Known, &'a AttributeSeparators)>,
    before: AllWays,
    /// UUIDs that tie an app to other items: those of the export and those of the prediction.
    links: HashMap<String, usize>,
    wanted: HashMap<u64, Expectation>,
    /// The way to each frame that is open, and whether what is predicted on it is new.
    ways: Vec<(u64, bool)>,
    /// Ways of lists to what is there and was not predicted.
    more: BTreeSet<String>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(
        known: Vec<(&'a Known, &'a AttributeSeparators)>,
        before: AllWays,
        links: HashMap<String, usize>,
        predicted: &Addition,
    ) -> Self {
        let mut replay = Self {
            known,
            before,
            links,
            wanted: HashMap::new(),
            ways: Vec::new(),
            more: BTreeSet::new(),
        };
        for item in &predicted.below {
            replay.predict(item, 0);
        }
        replay
    }

    fn predict(&mut self, item: &Addition, above: u64) {
        let values = self.values(&item.attributes);
        let way = self.way(above, &item.list, &item.name, &values);
        let lists = item.below.iter().filter_map(|it| it.list.strip_prefix('@'));
        let opened = lists.map(|list| {
            let end = list.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
            list.get(..end.unwrap_or(list.len()))
                .unwrap_or_default()
                .to_owned()
        });
        let opened: Vec<String> = opened.collect();
        let wanted = self.wanted.entry(way).or_default();
        wanted.values.push(values);
        wanted.opened.extend(opened);
        for below in &item.below {
            self.predict(below, way);
        }
    }

    /// What was predicted and is not there, and the lists of what is there and was not predicted.
    pub(super) fn result(mut self) -> (usize, Vec<String>) {
        let mut missing = 0;
        for wanted in self.wanted.values_mut() {
            if !wanted.is_new {
                missing += usize::from(wanted.found.is_empty());
                continue;
            }
            wanted.values.sort();
            wanted.found.sort();
            missing += wanted.values.len().saturating_sub(wanted.found.len());
        }
        (missing, self.more.into_iter().collect())
    }

    fn way(&self, above: u64, list: &str, name: &str, values: &Values) -> u64 {
        let mut hasher = DefaultHasher::new();
        let name = self.plain(name);
        (above, list, &name).hash(&mut hasher);
        // What has no name of its own is told by what it says.
        if name.is_empty() || name == FRESH {
            values.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn values(&self, attributes: &[Attribute]) -> Values {
        let values = attributes.iter();
        values
            .map(|it| (it.name.clone(), self.plain_value(&it.value)))
            .collect()
    }

    fn plain_value(&self, value: &str) -> String {
        let mut forms = Moment::ALL.into_iter();
        match forms.find_map(|form| form.read(value)) {
            Some((_, rest)) => format!("{TIME}{rest}"),
            None => self.plain(value),
        }
    }

    /// A text in which UUIDs that were made anew are all alike, but for links.
    fn plain(&self, text: &str) -> String {
        let is_of_uuid = |c: char| c.is_ascii_hexdigit() || c == '-';
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c| !is_of_uuid(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            match self.links.get(word) {
                Some(app) => plain += &format!("{{link {app}}}"),
                None if is_uuid(word) && !self.names(word) => plain += FRESH,
                None => plain += word,
            }
            let mut signs = after.chars();
            plain.extend(signs.next());
            rest = signs.as_str();
        }
        plain
    }

    fn names(&self, word: &str) -> bool {
        self.known.iter().any(|(known, _)| known.names(word))
    }

    fn names_link(&self, frame: &Frame) -> bool {
        let values = frame.attributes.iter().map(|it| &it.value);
        let mut texts = values.chain([&frame.name]);
        texts.any(|text| text.len() < LONGEST && self.plain(text).contains("{link "))
    }
}

const FRESH: &str = "{fresh}";
const TIME: &str = "{time}";
/// The longest text in which a link is looked for, in bytes.
const LONGEST: usize = 1024;

impl Visitor for Replay<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        let Some((frame, above)) = stack.split_last() else {
            return;
        };
        self.ways.truncate(above.len());
        let (above_way, is_below_new) = self.ways.last().copied().unwrap_or_default();
        let mut values = self.values(&frame.attributes);
        let mut way = self.way(above_way, &frame.list, &frame.name, &values);
        // An attribute that is opened is told by what it holds.
        let is_known = |way: u64, wanted: &HashMap<u64, Expectation>| wanted.contains_key(&way);
        if !is_known(way, &self.wanted) && frame.attributes.len() > 1 {
            let kept = values
                .iter()
                .filter(|(_, value)| !value.starts_with(['{', '[']));
            let kept: Values = kept
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let other = self.way(above_way, &frame.list, &frame.name, &kept);
            if is_known(other, &self.wanted) {
                (values, way) = (kept, other);
            }
        }
        let was_before = self.before.0.contains(&hash_of(stack));
        let mut is_new = is_below_new;
        let mut is_other = false;
        if let Some(wanted) = self.wanted.get_mut(&way) {
            wanted.is_new |= !was_before;
            is_new |= !was_before;
            let mut kept = values;
            kept.retain(|name, _| !wanted.opened.contains(name));
            let fits = wanted.values.iter().any(|it| {
                let has = |(name, value): (&String, &String)| kept.get(name) == Some(value);
                it.iter().all(has) && (was_before || it.len() == kept.len())
            });
            is_other = !fits;
            wanted.found.push(kept);
            if wanted.found.len() > wanted.values.len() && wanted.is_new {
                is_other = true;
            }
        } else if !was_before {
            is_other = is_below_new || self.names_link(frame);
        }
        let is_membership = stack.first().is_some_and(|it| it.name == "project");
        if is_other && !is_membership {
            let lists: Vec<&str> = stack.iter().map(|frame| &*frame.list).collect();
            self.more.insert(lists.join("/"));
        }
        self.ways.push((way, is_new));
    }

    fn leave(&mut self, stack: &[Frame]) {
        self.ways.truncate(stack.len().saturating_sub(1));
    }

    fn separators(&self, stack: &[Frame], attribute: &Attribute) -> Option<Separators> {
        let mut opened = self.known.iter().map(|(_, opened)| opened);
        opened.find_map(|it| it.separators(stack, attribute))
    }

    fn is_keyed(&self, _: &[Frame], _: &str, object: &Map<String, Value>) -> bool {
        let mut keys = object.keys();
        keys.any(|key| self.known.iter().any(|(known, _)| known.knows(key)))
    }
}

impl Visitor for AllWays {
    fn enter(&mut self, stack: &[Frame]) {
        self.0.insert(hash_of(stack));
    }

    fn leave(&mut self, _: &[Frame]) {}

    fn separators(&self, _: &[Frame], _: &Attribute) -> Option<Separators> {
        None
    }

    fn is_keyed(&self, _: &[Frame], _: &str, _: &Map<String, Value>) -> bool {
        false
    }
}
