//! From what stands at every meeting of a place to how it is made: what is always the same, what an app
//! or an item decides, what is made anew. Anything else refuses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::encoding::open_attributes;
use super::error::Unlearned;
use super::instances::Instance;
use super::known::{KnownApp, Who};
use super::lesson::Lesson;
use super::shape::{Shape, is_uuid};
use crate::flow::Permissions;
use crate::profile::frames::Frame;
use crate::profile::{
    LevelAttribute, LinkLocation, Moment, PathLevel, Pattern, PermissionLocation, Variable,
};

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
        links: &[(Shape, Vec<Instance>)],
    ) -> Result<PermissionLocation, Unlearned> {
        let mut levels = self.levels(shape, instances)?;
        let permissions = self.encoding(&mut levels, instances)?;
        if let Some(level) = levels.last_mut() {
            level
                .attributes
                .retain(|it| !it.name.is_empty() || it.value.0 != Vec::new());
        }
        let leading = links
            .iter()
            .filter(|(shape, instances)| self.way(shape, instances).is_ok());
        let links: Vec<LinkLocation> = leading
            .map(|(shape, instances)| LinkLocation {
                levels: self
                    .levels(shape, instances)
                    .ok()
                    .filter(|levels| open_attributes(levels).is_empty())
                    // What cannot be made again is enough to be read; see the replay.
                    .unwrap_or_else(|| telling_levels(shape, instances)),
            })
            .collect();
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
        Ok(PermissionLocation {
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
    fn levels(&self, shape: &Shape, instances: &[Instance]) -> Result<Vec<PathLevel>, Unlearned> {
        self.way(shape, instances)?;
        let levels = shape.way.iter().enumerate().map(|(depth, (list, item))| {
            let mut level = PathLevel {
                list: list.clone(),
                item: item.clone(),
                attributes: Vec::new(),
            };
            let made: Vec<_> = instances
                .iter()
                .filter(|it| !self.was_before(shape, it, depth))
                .collect();
            // Of what was there before nothing is made, so nothing has to be known but what tells.
            if made.len() * 2 > instances.len() {
                let below = shape
                    .way
                    .get(depth + 1)
                    .and_then(|(list, _)| list.as_text());
                level.attributes = self.attributes(depth, below, &made)?;
            } else {
                level.attributes = telling(shape, instances, depth);
            }
            Ok(level)
        });
        levels.collect()
    }

    /// Whether a way names nobody. What was there before and has always the same name may be called so by
    /// people, such as a repository; FME Flow's own names are those of categories.
    fn way(&self, shape: &Shape, instances: &[Instance]) -> Result<(), Unlearned> {
        for (depth, (list, item)) in shape.way.iter().enumerate() {
            for text in [list, item].into_iter().flat_map(Pattern::texts) {
                self.harmless(text, "an item")?;
            }
            let is_of_flow = depth == 0 || list.as_text() == Some("app_resource_categories");
            let is_named = item.as_text().is_some_and(|text| !text.is_empty());
            let mut all = instances.iter();
            if is_named && !is_of_flow && all.all(|it| self.was_before(shape, it, depth)) {
                return Err(Unlearned::NotHarmless {
                    of: "an item".to_owned(),
                });
            }
        }
        Ok(())
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
        below: Option<&str>,
        made: &[&Instance],
    ) -> Result<Vec<LevelAttribute>, Unlearned> {
        let mut names: Vec<(&str, &str)> = Vec::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for frame in made.iter().filter_map(|it| it.way.get(depth)) {
            // What the way leads into is made of what is there.
            let is_opened = |name: &str| {
                let rest = below.and_then(|list| list.strip_prefix('@')?.strip_prefix(name));
                rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
            };
            for attribute in frame.attributes.iter().filter(|it| !is_opened(&it.name)) {
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
        if let Some(pattern) = self.time(name, seen)? {
            return Ok(pattern);
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
            .all(|it| is_uuid(it.text) && !self.known.names(it.text))
            && different.len() == seen.len()
        {
            return Ok(Pattern::variable(Variable::Fresh));
        }
        Ok(Pattern::variable(Variable::Level))
    }

    /// Values that are times: when the app expires, or when the server transferred it, which was not long
    /// after it did so with the others.
    fn time(&self, name: &str, seen: &[Seen<'_>]) -> Result<Option<Pattern>, Unlearned> {
        let Some((form, times, rest)) = times(seen) else {
            return Ok(None);
        };
        self.harmless(rest, name)?;
        let expires = seen.iter().zip(&times).all(|(it, time)| {
            let expires = self.app(it.instance).and_then(|app| app.expires);
            expires.is_some_and(|expires| expires.0 == *time)
        });
        if expires {
            return Ok(Some(with_rest(Variable::Expires(form), rest)));
        }
        let span = times.iter().max().zip(times.iter().min());
        let is_one_transfer = span.is_some_and(|(last, first)| {
            last.duration_since(*first) <= TRANSFER && rest.len() <= CONSTANT
        });
        Ok(is_one_transfer.then(|| with_rest(Variable::Now(form), rest)))
    }

    /// Text that holds the app's key or name, or the item, beside text that is always the same.
    fn composed(&self, seen: &[Seen<'_>]) -> Option<Pattern> {
        let first = seen.first()?;
        let marks = self.known.marks(&Frame {
            name: first.text.to_owned(),
            ..Frame::default()
        });
        let is_own = |who: &Who| {
            who.app().is_none_or(|app| app == first.instance.app)
                && who
                    .item()
                    .is_none_or(|item| Some(item) == first.instance.item)
        };
        let mut own = marks.into_iter().filter(|mark| is_own(&mark.who));
        let fits = |pattern: &Pattern| {
            pattern.0.len() > 1
                && pattern.texts().all(|text| self.harmless(text, "").is_ok())
                && seen.iter().all(|it| {
                    let app = self.app(it.instance);
                    let item = |variable| match variable {
                        Variable::Item => self.item(it.instance).to_owned(),
                        _ => String::new(),
                    };
                    app.is_some_and(|app| pattern.of(&app.as_ref(), item) == it.text)
                })
        };
        let found = own.find(|mark| fits(mark.who.pattern()));
        found.map(|mark| mark.who.pattern().clone())
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

/// The attributes of a frame in which an app, an item or a link stands.
fn telling(shape: &Shape, instances: &[Instance], depth: usize) -> Vec<LevelAttribute> {
    let sides = [&shape.app, &shape.item].into_iter();
    let sides = sides.filter(|side| side.depth == depth);
    let attributes = sides.filter_map(|side| {
        let name = side.field.as_ref()?;
        let frame = instances.first()?.way.get(depth)?;
        let known = frame.attributes.iter().find(|it| it.name == *name)?;
        Some(LevelAttribute {
            name: name.clone(),
            kind: known.kind.clone(),
            value: side.pattern.clone(),
        })
    });
    attributes.collect()
}

/// A way with nothing but what tells.
fn telling_levels(shape: &Shape, instances: &[Instance]) -> Vec<PathLevel> {
    let levels = shape.way.iter().enumerate();
    levels
        .map(|(depth, (list, item))| PathLevel {
            list: list.clone(),
            item: item.clone(),
            attributes: telling(shape, instances, depth),
        })
        .collect()
}

/// How far apart the times of one transfer may lie.
const TRANSFER: SignedDuration = SignedDuration::from_hours(24);

/// Values that are all times in one form, with the same text behind, such as a zone.
fn times<'a>(seen: &[Seen<'a>]) -> Option<(Moment, Vec<DateTime>, &'a str)> {
    let first = seen.first()?.text;
    let mut forms = Moment::ALL.into_iter();
    forms.find_map(|form| {
        let (_, rest) = form.read(first)?;
        let times = seen.iter().map(|it| {
            let (time, behind) = form.read(it.text)?;
            (behind == rest).then_some(time)
        });
        Some((form, times.collect::<Option<_>>()?, rest))
    })
}

fn with_rest(variable: Variable, rest: &str) -> Pattern {
    let mut pattern = Pattern::variable(variable);
    pattern.0.extend(Pattern::text(rest).0);
    pattern
}
