//! What is known before the search: apps with what they should have, Connections, and the words that
//! stand for them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use crate::flow::{AppKind, Permissions};
use crate::profile::frames::Frame;
use crate::profile::{AppRef, Holds, Part, Pattern, Style, Variable};

/// The longest text in which an app is looked for beside other text, in bytes.
const LONGEST: usize = 200;
/// How much other text may stand beside an app's name, in bytes.
const BESIDE: usize = 64;
/// How many marks of one frame are looked at.
const MARKS: usize = 64;

/// An app of the export, and what it should have.
#[derive(Debug, Clone)]
pub(super) struct KnownApp {
    pub(super) kind: AppKind,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) owner_key: String,
    pub(super) owner_name: String,
    /// By position of the item.
    pub(super) expected: BTreeMap<usize, Permissions>,
}

impl KnownApp {
    pub(super) fn as_ref(&self) -> AppRef<'_> {
        AppRef {
            kind: self.kind,
            key: &self.key,
            name: &self.name,
            owner_key: &self.owner_key,
            owner_name: &self.owner_name,
        }
    }
}

/// Everything that is known.
pub(super) struct Known {
    pub(super) apps: Vec<KnownApp>,
    /// Names of Connections, or of Resources.
    pub(super) items: Vec<Arc<str>>,
    /// Every permission in every spelling.
    pub(super) permissions: HashSet<String>,
    words: HashMap<String, Vec<Who>>,
    /// Finds keys and names of apps within longer texts.
    finder: Option<AhoCorasick>,
    /// Of each text that is looked for, the apps it stands for.
    found: Vec<Vec<(usize, Variable)>>,
}

/// Whom a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// An app, and how the word is made of it.
    App(usize, Pattern),
    /// A Connection or a Resource.
    Item(usize),
}

/// Where in a frame a word stands: in its name, or in an attribute.
pub(super) type Field = Option<String>;

/// A word that stands for something.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) field: Field,
    pub(super) who: Who,
}

impl Known {
    pub(super) fn new(apps: Vec<KnownApp>, items: Vec<Arc<str>>, holds: Holds) -> Self {
        let mut words: HashMap<String, Vec<Who>> = HashMap::new();
        let mut texts: BTreeMap<String, Vec<(usize, Variable)>> = BTreeMap::new();
        for (at, app) in apps.iter().enumerate() {
            for (text, variable) in [(&app.key, Variable::AppKey), (&app.name, Variable::AppName)] {
                if text.is_empty() || variable == Variable::AppName && app.name == app.key {
                    continue;
                }
                let who = Who::App(at, Pattern::variable(variable));
                words.entry(text.clone()).or_default().push(who);
                texts.entry(text.clone()).or_default().push((at, variable));
            }
        }
        for (at, item) in items.iter().enumerate() {
            let known = words.entry(item.to_string()).or_default();
            known.push(Who::Item(at));
        }
        let sets = apps.iter().flat_map(|app| app.expected.values());
        let permissions: BTreeSet<&str> = sets.flat_map(Permissions::iter).collect();
        let permissions = permissions.into_iter().flat_map(|word| {
            Style::ALL
                .into_iter()
                .filter_map(move |style| style.spelled(word, holds))
        });
        Self {
            permissions: permissions.collect(),
            apps,
            items,
            words,
            finder: AhoCorasick::new(texts.keys()).ok(),
            found: texts.into_values().collect(),
        }
    }

    /// Lets `word` stand for an app through another item.
    pub(super) fn link(&mut self, word: &str, app: usize) {
        let who = Who::App(app, Pattern::variable(Variable::Link));
        let known = self.words.entry(word.to_owned()).or_default();
        if !known.contains(&who) {
            known.push(who);
        }
    }

    /// Whether a word stands for anything by itself.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// All that the name and the attributes of a frame stand for.
    pub(super) fn marks(&self, frame: &Frame) -> Vec<Mark> {
        let mut marks = Vec::new();
        self.mark(&frame.name, None, &mut marks);
        for attribute in &frame.attributes {
            self.mark(&attribute.value, Some(&attribute.name), &mut marks);
        }
        marks.truncate(MARKS);
        marks
    }

    fn mark(&self, text: &str, field: Option<&str>, into: &mut Vec<Mark>) {
        let field = field.map(str::to_owned);
        if let Some(known) = self.words.get(text) {
            into.extend(known.iter().map(|who| Mark {
                field: field.clone(),
                who: who.clone(),
            }));
            return;
        }
        if text.len() > LONGEST || text.contains(['{', '}']) {
            return;
        }
        let hits = self
            .finder
            .iter()
            .flat_map(|it| it.find_overlapping_iter(text));
        for hit in hits {
            let (before, after) = (text.get(..hit.start()), text.get(hit.end()..));
            let (Some(before), Some(after)) = (before, after) else {
                continue;
            };
            let ends = [before.chars().next_back(), after.chars().next()];
            if ends.into_iter().flatten().any(char::is_alphanumeric)
                || before.len() + after.len() > BESIDE
            {
                continue;
            }
            for (app, variable) in self
                .found
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                let Some(known) = self.apps.get(*app) else {
                    continue;
                };
                let mut parts = with_owner(before, known);
                parts.push(Part::Variable(*variable));
                parts.extend(with_owner(after, known));
                into.push(Mark {
                    field: field.clone(),
                    who: Who::App(*app, Pattern(parts)),
                });
            }
        }
    }
}

/// Text beside an app's name, with the owner's name or key as a variable.
fn with_owner(text: &str, app: &KnownApp) -> Vec<Part> {
    let parts = |before: &str, variable, after: &str| {
        let texts = [before, after].map(|it| (!it.is_empty()).then(|| Part::Text(it.to_owned())));
        let [before, after] = texts;
        [before, Some(Part::Variable(variable)), after]
            .into_iter()
            .flatten()
            .collect()
    };
    for (owner, variable) in [
        (&app.owner_key, Variable::OwnerKey),
        (&app.owner_name, Variable::OwnerName),
    ] {
        if owner.is_empty() {
            continue;
        }
        if let Some((before, after)) = text.split_once(&**owner) {
            let ends = [before.chars().next_back(), after.chars().next()];
            if !ends.into_iter().flatten().any(char::is_alphanumeric) {
                return parts(before, variable, after);
            }
        }
    }
    Pattern::text(text).0
}
