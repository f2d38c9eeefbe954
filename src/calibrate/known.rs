//! What is known before the search: apps with what they should have, Connections, and the words that
//! stand for them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use serde_json::{Map, Value};

use crate::flow::{AppKind, Permissions, ServerTime};
use crate::profile::frames::Frame;
use crate::profile::{AppRef, Holds, Pattern, PatternPart, Style, Variable};

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
    /// When its token expires.
    pub(super) expires: Option<ServerTime>,
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
            expires: self.expires,
        }
    }
}

/// The longest text that is looked for within longer ones, in bytes: each of these takes memory of its
/// own to be found. Keys have 36, and names hardly more.
const SEARCHED: usize = 256;

/// Everything that is known.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) apps: Vec<KnownApp>,
    /// Names of Connections, or of Resources.
    pub(super) items: Vec<Arc<str>>,
    /// Every permission in every spelling.
    pub(super) permissions: HashSet<String>,
    words: HashMap<String, Vec<Who>>,
    /// Finds keys and names of apps, and names of items, within longer texts.
    finder: Option<AhoCorasick>,
    /// Of each text that is looked for, what it stands for.
    found: Vec<Vec<Named>>,
}

/// Whom a part of a text stands for.
#[derive(Debug, Clone, Copy)]
enum Named {
    App(usize, Variable),
    Item(usize),
}

/// A part of a text that stands for somebody.
struct Hit {
    start: usize,
    end: usize,
    named: Named,
}

/// Whom a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// An app, and how the word is made of it.
    App(usize, Pattern),
    /// A Connection or a Resource, alike.
    Item(usize, Pattern),
    /// Both, in one word.
    Both(usize, usize, Pattern),
}

impl Who {
    pub(super) const fn app(&self) -> Option<usize> {
        match self {
            Self::App(app, _) | Self::Both(app, ..) => Some(*app),
            Self::Item(..) => None,
        }
    }

    pub(super) const fn item(&self) -> Option<usize> {
        match self {
            Self::Item(item, _) | Self::Both(_, item, _) => Some(*item),
            Self::App(..) => None,
        }
    }

    pub(super) const fn pattern(&self) -> &Pattern {
        match self {
            Self::App(_, pattern) | Self::Item(_, pattern) | Self::Both(_, _, pattern) => pattern,
        }
    }
}

/// Where in a frame a word stands: in its name, or in an attribute.
pub(super) type Field = Option<String>;

/// A word that stands for something.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) field: Field,
    pub(super) who: Who,
}

/// The marks of the frames that are open, while somebody goes through a document.
#[derive(Default)]
pub(super) struct OpenMarks(Vec<Vec<Mark>>);

impl OpenMarks {
    /// The last frame of `stack` begins.
    pub(super) fn enter(&mut self, stack: &[Frame], known: &Known) {
        self.leave(stack);
        self.0.extend(stack.last().map(|frame| known.marks(frame)));
    }

    /// It is over.
    pub(super) fn leave(&mut self, stack: &[Frame]) {
        self.0.truncate(stack.len().saturating_sub(1));
    }
}

impl Deref for OpenMarks {
    type Target = [Vec<Mark>];

    /// Those of each frame, outermost first.
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Known {
    pub(super) fn new(apps: Vec<KnownApp>, items: Vec<Arc<str>>, holds: Holds) -> Self {
        let mut words: HashMap<String, Vec<Who>> = HashMap::new();
        let mut texts: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        for (at, app) in apps.iter().enumerate() {
            for (text, variable) in [(&app.key, Variable::AppKey), (&app.name, Variable::AppName)] {
                if text.is_empty() || variable == Variable::AppName && app.name == app.key {
                    continue;
                }
                let who = Who::App(at, Pattern::variable(variable));
                words.entry(text.clone()).or_default().push(who);
                let named = Named::App(at, variable);
                texts.entry(text.clone()).or_default().push(named);
            }
        }
        for (at, item) in items.iter().enumerate() {
            let known = words.entry(item.to_string()).or_default();
            known.push(Who::Item(at, Pattern::variable(Variable::Item)));
            let known = texts.entry(item.to_string()).or_default();
            known.push(Named::Item(at));
        }
        let sets = apps.iter().flat_map(|app| app.expected.values());
        let permissions: BTreeSet<&str> = sets.flat_map(Permissions::iter).collect();
        let permissions = permissions.into_iter().flat_map(|word| {
            Style::ALL
                .into_iter()
                .filter_map(move |style| style.spelled(word, holds))
        });
        texts.retain(|text, _| (1..=SEARCHED).contains(&text.len()));
        Self {
            permissions: permissions.collect(),
            apps,
            items,
            words,
            finder: AhoCorasick::new(texts.keys()).ok(),
            found: texts.into_values().collect(),
        }
    }

    /// Every permission that an app should have.
    pub(super) fn words(&self) -> BTreeSet<String> {
        let sets = self.apps.iter().flat_map(|app| app.expected.values());
        sets.flat_map(Permissions::iter)
            .map(str::to_owned)
            .collect()
    }

    /// The same, but for all permissions other than `word`.
    pub(super) fn of(&self, word: &str) -> Self {
        let mut only = self.clone();
        for app in &mut only.apps {
            app.expected.retain(|_, set| set.contains(word));
            for set in app.expected.values_mut() {
                *set = Permissions::new([word]);
            }
        }
        only
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

    /// Whether a word is a name or a key, more than a UUID that ties an app to other items.
    pub(super) fn names(&self, word: &str) -> bool {
        let known = self.words.get(word).into_iter().flatten();
        let mut known = known.map(Who::pattern);
        known.any(|pattern| !pattern.is(Variable::Link))
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

    /// Whether an object of JSON has keys that are known, and so holds something for each.
    pub(super) fn is_keyed(&self, object: &Map<String, Value>) -> bool {
        object.keys().any(|key| self.knows(key))
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
        let hits = self.hits(text);
        let items = hits
            .iter()
            .filter(|hit| matches!(hit.named, Named::Item(_)));
        // What names several is a list, which is opened by its separators.
        let is_list = items
            .clone()
            .any(|it| items.clone().any(|other| it.end <= other.start));
        for hit in &hits {
            let (before, after) = (text.get(..hit.start), text.get(hit.end..));
            let (Some(before), Some(after)) = (before, after) else {
                continue;
            };
            let who = match hit.named {
                Named::App(app, variable) => {
                    let Some(known) = self.apps.get(app) else {
                        continue;
                    };
                    let mut parts = with_owner(before, known);
                    parts.push(PatternPart::Variable(variable));
                    parts.extend(with_owner(after, known));
                    Who::App(app, Pattern(parts))
                }
                Named::Item(_) if is_list => continue,
                Named::Item(item) => {
                    let mut parts = Pattern::text(before).0;
                    parts.push(PatternPart::Variable(Variable::Item));
                    parts.extend(Pattern::text(after).0);
                    Who::Item(item, Pattern(parts))
                }
            };
            let field = field.clone();
            into.push(Mark { field, who });
        }
        if !is_list {
            both(text, &hits, &field, into);
        }
    }

    /// Names that stand in a text with other text beside them, no letter right beside.
    fn hits(&self, text: &str) -> Vec<Hit> {
        let all = self.finder.iter();
        let all = all.flat_map(|it| it.find_overlapping_iter(text));
        let hits = all.filter_map(|hit| {
            let (before, after) = (text.get(..hit.start())?, text.get(hit.end()..)?);
            let ends = [before.chars().next_back(), after.chars().next()];
            let is_apart = !ends.into_iter().flatten().any(char::is_alphanumeric);
            let is_near = before.len() + after.len() <= BESIDE;
            let named = self.found.get(hit.pattern().as_usize())?;
            let (start, end) = (hit.start(), hit.end());
            let hits = named.iter().filter(move |_| is_apart && is_near);
            Some(hits.map(move |&named| Hit { start, end, named }))
        });
        hits.flatten().take(MARKS).collect()
    }
}

/// An app and an item in one text, with something between them; the longest names first.
fn both(text: &str, hits: &[Hit], field: &Field, into: &mut Vec<Mark>) {
    let apps = hits.iter().filter_map(|hit| match hit.named {
        Named::App(app, variable) => Some((hit, app, PatternPart::Variable(variable))),
        Named::Item(_) => None,
    });
    for (at_app, app, variable) in apps {
        for at_item in hits {
            let Named::Item(item) = at_item.named else {
                continue;
            };
            let named = PatternPart::Variable(Variable::Item);
            let mut ends = [(at_app, variable.clone()), (at_item, named)];
            ends.sort_by_key(|(hit, _)| hit.start);
            let [(one, first), (other, second)] = ends;
            if one.end >= other.start {
                continue;
            }
            let texts = [
                text.get(..one.start),
                text.get(one.end..other.start),
                text.get(other.end..),
            ];
            let [Some(before), Some(between), Some(after)] = texts else {
                continue;
            };
            let mut parts = Pattern::text(before).0;
            parts.push(first);
            parts.extend(Pattern::text(between).0);
            parts.push(second);
            parts.extend(Pattern::text(after).0);
            into.push(Mark {
                field: field.clone(),
                who: Who::Both(app, item, Pattern(parts)),
            });
        }
    }
}

/// Text beside an app's name, with the owner's name or key as a variable.
fn with_owner(text: &str, app: &KnownApp) -> Vec<PatternPart> {
    let parts = |before: &str, variable, after: &str| {
        let texts =
            [before, after].map(|it| (!it.is_empty()).then(|| PatternPart::Text(it.to_owned())));
        let [before, after] = texts;
        [before, Some(PatternPart::Variable(variable)), after]
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
