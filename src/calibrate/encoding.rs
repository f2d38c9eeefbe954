//! How permissions are written at a place: as items below, as words in an attribute, an item for each, or
//! as values that follow from the set.

use std::collections::{BTreeMap, BTreeSet};

use super::error::Unlearned;
use super::instances::Instance;
use super::lesson::Lesson;
use crate::profile::{Encoding, PathLevel, Pattern, PatternPart, Style, Variable};

/// What may stand between permissions.
const BETWEEN: [char; 6] = [',', ';', '|', '+', ' ', '/'];

impl Lesson<'_> {
    /// How permissions are written; what follows from them gets its pattern in `levels`.
    pub(super) fn encoding(
        &self,
        levels: &mut [PathLevel],
        instances: &[Instance],
    ) -> Result<Encoding, Unlearned> {
        let mut by_pair: BTreeMap<(usize, usize), Vec<&Instance>> = BTreeMap::new();
        for instance in instances {
            if let Some(item) = instance.item {
                by_pair
                    .entry((instance.app, item))
                    .or_default()
                    .push(instance);
            }
        }
        let below = self.below(&by_pair)?;
        let open = open_attributes(levels);
        if let Some(encoding) = below {
            return match open.first() {
                None => Ok(encoding),
                Some((_, name)) => Err(Unlearned::Unexplained {
                    attribute: name.clone(),
                }),
            };
        }
        if let Some(style) = self.records(levels, &by_pair) {
            let open = open_attributes(levels);
            return match open.first() {
                None => Ok(Encoding::Records { style }),
                Some((_, name)) => Err(Unlearned::Unexplained {
                    attribute: name.clone(),
                }),
            };
        }
        if by_pair.values().any(|records| records.len() > 1) {
            return Err(Unlearned::Repeated);
        }
        let last = levels.len().saturating_sub(1);
        if let Some((depth, name)) = open.iter().find(|(depth, _)| *depth != last) {
            let _ = depth;
            return Err(Unlearned::Unexplained {
                attribute: name.clone(),
            });
        }
        if let Some(encoding) = self.words(levels, &open, instances) {
            return Ok(encoding);
        }
        self.by_level(&open, instances)
    }

    /// Permissions as items below.
    fn below(
        &self,
        by_pair: &BTreeMap<(usize, usize), Vec<&Instance>>,
    ) -> Result<Option<Encoding>, Unlearned> {
        let frames = || by_pair.values().flatten().flat_map(|it| &it.below);
        if frames().next().is_none() {
            return Ok(None);
        }
        let lists: BTreeSet<&str> = frames().map(|(_, frame)| &*frame.list).collect();
        let is_flat = frames().all(|(depth, frame)| *depth == 1 && frame.attributes.is_empty());
        let [list] = &lists.into_iter().collect::<Vec<_>>()[..] else {
            return Err(Unlearned::MoreBelow);
        };
        if !is_flat {
            return Err(Unlearned::MoreBelow);
        }
        let style = Style::ALL.into_iter().find(|style| {
            by_pair.values().flatten().all(|instance| {
                let found = instance.below.iter().map(|(_, frame)| frame.name.clone());
                self.is_spelled(instance, &found.collect(), *style)
            })
        });
        let list = (*list).to_owned();
        match style {
            Some(style) => Ok(Some(Encoding::Items { list, style })),
            None => self.item_sets(list, by_pair).map(Some),
        }
    }

    /// Items below that are called by words of the server's own, but always the same for the same set.
    fn item_sets(
        &self,
        list: String,
        by_pair: &BTreeMap<(usize, usize), Vec<&Instance>>,
    ) -> Result<Encoding, Unlearned> {
        let mut level: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for instance in by_pair.values().flatten() {
            let found = instance.below.iter().map(|(_, frame)| frame.name.clone());
            let found: BTreeSet<String> = found.collect();
            let set = self.expected(instance).ok_or(Unlearned::OtherPermissions)?;
            let known = level
                .entry(set.to_string())
                .or_insert_with(|| found.clone());
            if *known != found || found.is_empty() {
                return Err(Unlearned::OtherPermissions);
            }
        }
        let different: BTreeSet<_> = level.values().collect();
        if different.len() != level.len() {
            return Err(Unlearned::OtherPermissions);
        }
        for name in level.values().flatten() {
            self.harmless(name, &list)?;
        }
        Ok(Encoding::ItemSets { list, level })
    }

    fn is_spelled(&self, instance: &Instance, found: &BTreeSet<String>, style: Style) -> bool {
        let Some(expected) = self.expected(instance) else {
            return false;
        };
        let spelled = expected.iter().map(|word| style.spelled(word, self.holds));
        spelled.collect::<Option<BTreeSet<_>>>().as_ref() == Some(found)
    }

    /// One permission a record: where is it?
    fn records(
        &self,
        levels: &mut [PathLevel],
        by_pair: &BTreeMap<(usize, usize), Vec<&Instance>>,
    ) -> Option<Style> {
        let is_repeated = by_pair.values().any(|records| records.len() > 1);
        let depth = levels.len().checked_sub(1)?;
        let named = levels
            .iter()
            .any(|level| level.item.is(Variable::Permission));
        let fields = levels.last()?.attributes.iter();
        let fields: Vec<String> = fields
            .filter(|it| it.value.is(Variable::Level) || it.value.as_text().is_some())
            .map(|it| it.name.clone())
            .collect();
        if !is_repeated && !named {
            return None;
        }
        let spelled = |text: &dyn Fn(&Instance) -> Option<String>| {
            Style::ALL.into_iter().find(|style| {
                by_pair.values().all(|records| {
                    let found: Option<BTreeSet<String>> =
                        records.iter().map(|record| text(record)).collect();
                    let (Some(found), Some(first)) = (found, records.first()) else {
                        return false;
                    };
                    found.len() == records.len() && self.is_spelled(first, &found, *style)
                })
            })
        };
        if let Some(at) = levels
            .iter()
            .position(|it| it.item.is(Variable::Permission))
        {
            return spelled(&|it| it.way.get(at).map(|frame| frame.name.clone()));
        }
        for field in fields {
            let text = |instance: &Instance| {
                let frame = instance.way.get(depth)?;
                let found = frame.attributes.iter().find(|it| it.name == field)?;
                Some(found.value.clone())
            };
            if let Some(style) = spelled(&text) {
                set(levels, depth, &field, Variable::Permission);
                return Some(style);
            }
        }
        None
    }

    /// All permissions in one attribute.
    fn words(
        &self,
        levels: &mut [PathLevel],
        open: &[(usize, String)],
        instances: &[Instance],
    ) -> Option<Encoding> {
        let depth = levels.len().checked_sub(1)?;
        // Where every app has the same, so has the attribute.
        let constant = levels.last()?.attributes.iter();
        let constant = constant.filter(|it| it.value.as_text().is_some());
        let candidates: Vec<String> = match open {
            [] => constant.map(|it| it.name.clone()).collect(),
            [(_, name)] => vec![name.clone()],
            _ => return None,
        };
        for field in candidates {
            for separator in BETWEEN {
                for style in Style::ALL {
                    let is_so = instances.iter().all(|instance| {
                        let frame = instance.way.get(depth);
                        let found = frame
                            .and_then(|frame| frame.attributes.iter().find(|it| it.name == field));
                        found.is_some_and(|found| {
                            let words = found.value.split(separator);
                            let words = words.map(|word| word.trim().to_owned()).collect();
                            self.is_spelled(instance, &words, style)
                        })
                    });
                    if is_so {
                        set(levels, depth, &field, Variable::Permission);
                        return Some(Encoding::Words { separator, style });
                    }
                }
            }
        }
        None
    }

    /// Values that follow from the set of permissions.
    fn by_level(
        &self,
        open: &[(usize, String)],
        instances: &[Instance],
    ) -> Result<Encoding, Unlearned> {
        if open.is_empty() {
            return Ok(Encoding::Presence);
        }
        let mut level: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for instance in instances {
            let (Some(expected), Some(frame)) = (self.expected(instance), instance.way.last())
            else {
                continue;
            };
            let values = frame.attributes.iter();
            let values: BTreeMap<String, String> = values
                .filter(|it| open.iter().any(|(_, name)| *name == it.name))
                .map(|it| (it.name.clone(), it.value.clone()))
                .collect();
            let known = level
                .entry(expected.to_string())
                .or_insert_with(|| values.clone());
            if let Some((name, _)) = values
                .iter()
                .find(|(name, value)| known.get(*name) != Some(*value))
            {
                return Err(Unlearned::Unexplained {
                    attribute: name.clone(),
                });
            }
        }
        let different: BTreeSet<_> = level.values().collect();
        if different.len() != level.len() {
            return Err(Unlearned::OtherPermissions);
        }
        for (name, text) in level.values().flatten() {
            self.harmless(text, name)?;
        }
        Ok(Encoding::Levels { level })
    }
}

/// Attributes that follow from nothing that was looked at yet, with their levels.
pub(super) fn open_attributes(levels: &[PathLevel]) -> Vec<(usize, String)> {
    let all = levels.iter().enumerate().flat_map(|(depth, level)| {
        let open = level.attributes.iter();
        let open = open.filter(|it| it.value.is(Variable::Level));
        open.map(move |it| (depth, it.name.clone()))
    });
    all.collect()
}

fn set(levels: &mut [PathLevel], depth: usize, name: &str, variable: Variable) {
    let attributes = levels.get_mut(depth).map(|level| &mut level.attributes);
    for attribute in attributes.into_iter().flatten() {
        if attribute.name == name {
            attribute.value = Pattern(vec![PatternPart::Variable(variable)]);
        }
    }
}
