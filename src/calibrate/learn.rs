//! From what stands at every meeting of a place to how it is made: what is always the same, what an app
//! or an item decides, what is made anew. Anything else refuses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::contents::Instance;
use super::encoding::open_attributes;
use super::error::Unlearned;
use super::known::KnownApp;
use super::lesson::Lesson;
use super::shape::{Shape, is_uuid};
use crate::flow::Permissions;
use crate::profile::frames::Frame;
use crate::profile::{ItemLocation, Level, LevelAttribute, Link, Pattern, Variable};

/// The longest text that is taken for one that is always the same, in bytes.
const CONSTANT: usize = 64;
/// A value, and what it is a value of.
struct Seen<'a> {
    instance: &'a Instance,
    text: &'a str,
}

impl Lesson<'_> {
    /// The place of `shape`, which was met at `instances`, with the links that lead there.
    pub(super) fn place(
        &self,
        shape: &Shape,
        instances: &[Instance],
        links: &[(&Shape, Vec<Instance>)],
    ) -> Result<ItemLocation, Unlearned> {
        let mut levels = self.levels(shape, instances)?;
        let permissions = self.encoding(&mut levels, instances)?;
        if let Some(level) = levels.last_mut() {
            level
                .attributes
                .retain(|it| !it.name.is_empty() || it.value.0 != Vec::new());
        }
        let ties = links.iter().map(|(shape, instances)| {
            let levels = self.levels(shape, instances)?;
            tidy(&levels, instances)?;
            Ok(Link { levels })
        });
        let links = ties.collect::<Result<Vec<_>, Unlearned>>()?;
        let kinds: BTreeSet<_> = instances
            .iter()
            .filter_map(|it| self.known.apps.get(it.app))
            .map(|app| app.kind)
            .collect();
        let seen: BTreeSet<String> = instances
            .iter()
            .filter_map(|it| self.expected(it))
            .map(ToString::to_string)
            .collect();
        Ok(ItemLocation {
            holds: self.holds,
            kinds: kinds.into_iter().collect(),
            seen: seen.into_iter().collect(),
            permissions,
            levels,
            links,
        })
    }

    pub(super) fn app(&self, instance: &Instance) -> Option<&KnownApp> {
        self.known.apps.get(instance.app)
    }

    pub(super) fn item(&self, instance: &Instance) -> &str {
        let item = instance.item.and_then(|item| self.known.items.get(item));
        item.map_or("", |item| &**item)
    }

    pub(super) fn expected(&self, instance: &Instance) -> Option<&Permissions> {
        self.app(instance)?.expected.get(&instance.item?)
    }

    /// Every level, the attributes of those that the server made with `Level` where they follow from
    /// nothing else.
    fn levels(&self, shape: &Shape, instances: &[Instance]) -> Result<Vec<Level>, Unlearned> {
        let levels = shape.way.iter().enumerate().map(|(depth, (list, item))| {
            let mut level = Level {
                list: list.clone(),
                item: item.clone(),
                attributes: Vec::new(),
            };
            if let Some(text) = item.as_text() {
                self.harmless(text, "an item")?;
            }
            let made: Vec<_> = instances
                .iter()
                .filter(|it| !self.was_before(shape, it, depth))
                .collect();
            // Of what was there before nothing is made, so nothing has to be known.
            if made.len() * 2 > instances.len() {
                level.attributes = self.attributes(depth, &made)?;
            }
            Ok(level)
        });
        levels.collect()
    }

    /// Whether the frame at `depth` was in the archive: an app's own item, or one of the same way.
    fn was_before(&self, shape: &Shape, instance: &Instance, depth: usize) -> bool {
        let is_app = depth == 1
            && shape
                .way
                .get(1)
                .is_some_and(|(list, _)| list.is(Variable::AppItems));
        let way = instance.hashes.get(depth);
        is_app || way.is_some_and(|way| self.before.contains(way))
    }

    fn attributes(
        &self,
        depth: usize,
        made: &[&Instance],
    ) -> Result<Vec<LevelAttribute>, Unlearned> {
        let mut names: Vec<(&str, &str)> = Vec::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for frame in made.iter().filter_map(|it| it.way.get(depth)) {
            for attribute in &frame.attributes {
                let count = counts.entry(&attribute.name).or_default();
                if *count == 0 {
                    names.push((&attribute.name, &attribute.kind));
                }
                *count += 1;
            }
        }
        let learned = names.into_iter().map(|(name, kind)| {
            if counts.get(name) != Some(&made.len()) {
                return Err(Unlearned::Sometimes {
                    attribute: name.to_owned(),
                });
            }
            let seen = made.iter().filter_map(|instance| {
                let frame = instance.way.get(depth)?;
                let found = frame.attributes.iter().find(|it| it.name == name)?;
                Some(Seen {
                    instance,
                    text: &found.value,
                })
            });
            Ok(LevelAttribute {
                name: name.to_owned(),
                kind: kind.to_owned(),
                value: self.value(name, &seen.collect::<Vec<_>>())?,
            })
        });
        learned.collect()
    }

    /// How a value is made; [`Variable::Level`] where that is not seen.
    fn value(&self, name: &str, seen: &[Seen<'_>]) -> Result<Pattern, Unlearned> {
        let all = |made: &dyn Fn(&Seen<'_>) -> Option<String>| {
            seen.iter().all(|it| made(it).as_deref() == Some(it.text))
        };
        let variables = [
            Variable::AppKey,
            Variable::AppName,
            Variable::OwnerKey,
            Variable::OwnerName,
        ];
        for variable in variables {
            if all(&|it| Some(variable.of(&self.app(it.instance)?.as_ref())?.to_owned())) {
                return Ok(Pattern::variable(variable));
            }
        }
        if all(&|it| it.instance.item.map(|_| self.item(it.instance).to_owned())) {
            return Ok(Pattern::variable(Variable::Item));
        }
        if all(&|it| it.instance.link.clone()) {
            return Ok(Pattern::variable(Variable::Link));
        }
        if let Some(pattern) = self.composed(seen) {
            return Ok(pattern);
        }
        if let Some(variable) = time(seen) {
            return Ok(Pattern::variable(variable));
        }
        if let [first, rest @ ..] = seen
            && rest.iter().all(|it| it.text == first.text)
        {
            self.harmless(first.text, name)?;
            return Ok(Pattern::text(first.text));
        }
        let different: HashSet<_> = seen.iter().map(|it| it.text).collect();
        if seen
            .iter()
            .all(|it| is_uuid(it.text) && !self.known.knows(it.text))
            && different.len() == seen.len()
        {
            return Ok(Pattern::variable(Variable::Fresh));
        }
        Ok(Pattern::variable(Variable::Level))
    }

    /// Text that holds the app's key or name beside text that is always the same.
    fn composed(&self, seen: &[Seen<'_>]) -> Option<Pattern> {
        let first = seen.first()?;
        let marks = self.known.marks(&Frame {
            name: first.text.to_owned(),
            ..Frame::default()
        });
        let candidates = marks.into_iter().filter_map(|mark| match mark.who {
            super::known::Who::App(app, pattern) if app == first.instance.app => Some(pattern),
            _ => None,
        });
        let mut candidates = candidates.filter(|pattern| {
            pattern.0.len() > 1
                && pattern.texts().all(|text| self.harmless(text, "").is_ok())
                && seen.iter().all(|it| {
                    let app = self.app(it.instance);
                    app.is_some_and(|app| pattern.of(&app.as_ref(), |_| String::new()) == it.text)
                })
        });
        candidates.next()
    }

    /// Whether a text may stand in a profile: short and plain, no name and no key of anything.
    pub(super) fn harmless(&self, text: &str, of: &str) -> Result<(), Unlearned> {
        let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '{' | '}') || c == ' ';
        let of_secret = ["token", "password", "secret", "hash", "salt", "key"];
        let lower = of.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let is_name = self.names.contains(text)
            || words
                .filter(|word| word.len() > 2)
                .any(|word| self.names.contains(word));
        if text.len() <= CONSTANT
            && text.chars().all(is_plain)
            && !is_uuid(text)
            && !is_name
            && !of_secret.iter().any(|it| lower.contains(it))
        {
            return Ok(());
        }
        Err(Unlearned::NotHarmless { of: of.to_owned() })
    }
}

/// Nothing may be open on the way to a link.
fn tidy(levels: &[Level], instances: &[Instance]) -> Result<(), Unlearned> {
    if let Some((_, name)) = open_attributes(levels).first() {
        return Err(Unlearned::Unexplained {
            attribute: name.clone(),
        });
    }
    let below = instances.iter().any(|it| !it.below.is_empty());
    let is_made = levels
        .last()
        .is_some_and(|level| !level.attributes.is_empty());
    if below && is_made {
        return Err(Unlearned::MoreBelow);
    }
    Ok(())
}

/// The form in which every value is a time.
fn time(seen: &[Seen<'_>]) -> Option<Variable> {
    if seen.is_empty() {
        return None;
    }
    let mut forms = Variable::TIMES.into_iter();
    forms.find(|form| seen.iter().all(|it| form.is_time(it.text)))
}
