//! What an archive gets so that apps may do, on a server of this profile, what their tokens did: items to
//! be added to its tree.
//!
//! Nothing is written whose like was not seen, and nothing that could be read as another app's.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::DateTime;
use uuid::Uuid;

use super::frames::Attribute;
use super::{Encoding, Holds, ItemLocation, Level, Pattern, Profile, Variable};
use crate::flow::{AppRef, Permissions};

/// Namespace of the UUIDs made here, so that every run makes the same.
const NAMESPACE: Uuid = Uuid::from_u128(0x2b6c_90a1_4f0d_4e38_9c57_7d1e_3a86_b204);

/// An item of the tree: one that is there, or one to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addition {
    /// What it is an item of.
    pub list: String,
    /// Its name.
    pub name: String,
    /// Its attributes, if it has to be made.
    pub attributes: Vec<Attribute>,
    /// What is below it.
    pub below: Vec<Addition>,
    /// Where what is below it stands, by list and name.
    index: HashMap<(String, String), usize>,
}

/// Why a permission cannot be written as the profile says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnwritableError {
    /// Nothing was learned of apps of this kind.
    #[error(
        "the profile does not know where {kind} apps have their permissions, and {app:?} has some"
    )]
    Kind {
        /// The kind.
        kind: &'static str,
        /// The app.
        app: String,
    },
    /// Nothing like it was seen.
    #[error(
        "{app:?} has {permissions} on {item:?}, which was not seen when the profile was learned"
    )]
    Unseen {
        /// The app.
        app: String,
        /// The Connection.
        item: String,
        /// What it has.
        permissions: String,
    },
    /// Two apps would be told by one text.
    #[error("the profile goes by names, and {app:?} is not the only app of that name")]
    OneName {
        /// The app.
        app: String,
    },
    /// A name holds what separates names.
    #[error("the Connection {item:?} cannot be named where the profile says")]
    Separator {
        /// The Connection.
        item: String,
    },
}

/// An app with what it may do.
pub type Holder<'a> = (AppRef<'a>, Vec<(&'a str, &'a Permissions)>);

impl Profile {
    /// What has to be added for `apps`, all of the archive's; `now` is what is written for the time of the
    /// transfer.
    ///
    /// # Errors
    /// [`UnwritableError`] for the first permission that cannot be written with certainty.
    pub fn additions(
        &self,
        holds: Holds,
        apps: &[Holder<'_>],
        now: DateTime,
    ) -> Result<Addition, UnwritableError> {
        let mut root = Addition::default();
        for place in self.places.iter().filter(|place| place.holds == holds) {
            place.tells_apart(apps)?;
        }
        for (app, held) in apps.iter().filter(|(_, held)| !held.is_empty()) {
            let place = self
                .place(holds, app.kind)
                .ok_or_else(|| UnwritableError::Kind {
                    kind: app.kind.as_str(),
                    app: app.name.to_owned(),
                })?;
            let made = Making {
                place,
                app,
                now,
                link: made_uuid(&["link", app.kind.as_str(), app.key, app.name]),
            };
            for link in &place.links {
                made.add(&mut root, &link.levels, "", None)?;
            }
            for (item, permissions) in held {
                if !place.takes(permissions) {
                    return Err(UnwritableError::Unseen {
                        app: app.name.to_owned(),
                        item: (*item).to_owned(),
                        permissions: permissions.to_string(),
                    });
                }
                if let Encoding::Records { .. } = place.permissions {
                    for word in permissions.iter() {
                        let one = Permissions::new([word]);
                        made.add(&mut root, &place.levels, item, Some(&one))?;
                    }
                } else {
                    made.add(&mut root, &place.levels, item, Some(permissions))?;
                }
            }
        }
        Ok(root)
    }
}

impl ItemLocation {
    /// Whether every app it holds is told from every other.
    fn tells_apart(&self, apps: &[Holder<'_>]) -> Result<(), UnwritableError> {
        let ways = std::iter::once(&self.levels).chain(self.links.iter().map(|link| &link.levels));
        let patterns = ways.flatten().flat_map(|level| {
            let values = level.attributes.iter().map(|it| &it.value);
            std::iter::once(&level.item).chain(values)
        });
        let telling: Vec<&Pattern> = patterns
            .filter(|it| it.is_of_app() && (it.has(Variable::AppKey) || it.has(Variable::AppName)))
            .collect();
        if telling.iter().any(|pattern| pattern.has(Variable::AppKey)) {
            return Ok(());
        }
        let mut known: BTreeMap<Vec<String>, &str> = BTreeMap::new();
        for (app, _) in apps
            .iter()
            .filter(|(app, _)| self.kinds.contains(&app.kind))
        {
            let texts = telling.iter().map(|it| it.of(app, |_| String::new()));
            if known.insert(texts.collect(), app.name).is_some() {
                return Err(UnwritableError::OneName {
                    app: app.name.to_owned(),
                });
            }
        }
        Ok(())
    }
}

fn made_uuid(of: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, of.join("\u{1f}").as_bytes()).to_string()
}

/// One app's permissions being written.
struct Making<'a> {
    place: &'a ItemLocation,
    app: &'a AppRef<'a>,
    now: DateTime,
    link: String,
}

impl Making<'_> {
    /// Adds the items of a way.
    fn add(
        &self,
        root: &mut Addition,
        levels: &[Level],
        item: &str,
        permissions: Option<&Permissions>,
    ) -> Result<(), UnwritableError> {
        let mut at = root;
        let mut way = String::new();
        for (depth, level) in levels.iter().enumerate() {
            let is_last = depth + 1 == levels.len();
            let list = self.made(&level.list, &way, item, permissions, "");
            let seed = if is_last {
                way.clone() + "\u{1f}" + item
            } else {
                way.clone()
            };
            let name = self.made(&level.item, &seed, item, permissions, "");
            if let Some(separators) = super::read::separated(&list) {
                let (_, between) = separators;
                let is_odd = |c| c == between.outer || Some(c) == between.inner;
                if name.contains(is_odd) || name.trim() != name || name.is_empty() {
                    return Err(UnwritableError::Separator {
                        item: item.to_owned(),
                    });
                }
            }
            way = [&*way, &*list, &*name].join("\u{1f}");
            if level.has_app() {
                way += self.app.key;
            }
            let attributes = level.attributes.iter().map(|it| Attribute {
                name: it.name.clone(),
                kind: it.kind.clone(),
                value: self.made(&it.value, &seed, item, permissions, &it.name),
            });
            let is_always_new = is_last && name.is_empty();
            let Some(below) = at.child(&list, &name, attributes.collect(), is_always_new) else {
                return Ok(());
            };
            at = below;
        }
        if let (Encoding::Items { list, style }, Some(permissions)) =
            (&self.place.permissions, permissions)
        {
            for word in permissions.iter() {
                let name = style.spelled(word, self.place.holds).unwrap_or_default();
                at.child(list, &name, Vec::new(), false);
            }
        }
        Ok(())
    }

    fn made(
        &self,
        pattern: &Pattern,
        way: &str,
        item: &str,
        permissions: Option<&Permissions>,
        attribute: &str,
    ) -> String {
        let set = permissions.map(ToString::to_string).unwrap_or_default();
        pattern.of(self.app, |variable| match variable {
            Variable::Item => item.to_owned(),
            Variable::Link => self.link.clone(),
            Variable::Fresh => made_uuid(&[way, self.app.key, &set, attribute]),
            Variable::Permission => self.words(permissions),
            Variable::Level => match &self.place.permissions {
                Encoding::Levels { level } => {
                    let values = level.get(&set).and_then(|values| values.get(attribute));
                    values.cloned().unwrap_or_default()
                }
                _ => String::new(),
            },
            other => other.time(self.now).unwrap_or_default(),
        })
    }

    fn words(&self, permissions: Option<&Permissions>) -> String {
        let (style, separator) = match &self.place.permissions {
            Encoding::Words { separator, style } => (*style, separator.to_string()),
            Encoding::Records { style } | Encoding::Items { style, .. } => (*style, String::new()),
            Encoding::Levels { .. } | Encoding::Presence => return String::new(),
        };
        let words = permissions.into_iter().flat_map(Permissions::iter);
        let words = words.filter_map(|word| style.spelled(word, self.place.holds));
        words.collect::<Vec<_>>().join(&separator)
    }
}

impl Level {
    fn has_app(&self) -> bool {
        let values = self.attributes.iter().map(|it| &it.value);
        let mut all = std::iter::once(&self.item).chain(values);
        all.any(|it| {
            it.has(Variable::AppKey) || it.has(Variable::AppName) || it.has(Variable::Link)
        })
    }
}

impl Addition {
    /// The item of a list below this one, made where it is not there yet.
    fn child(
        &mut self,
        list: &str,
        name: &str,
        attributes: Vec<Attribute>,
        is_always_new: bool,
    ) -> Option<&mut Self> {
        let key = (list.to_owned(), name.to_owned());
        let known = self.index.get(&key).copied().filter(|_| !is_always_new);
        let at = known.unwrap_or(self.below.len());
        if known.is_none() {
            self.index.insert(key, at);
            self.below.push(Self {
                list: list.to_owned(),
                name: name.to_owned(),
                attributes,
                ..Self::default()
            });
        }
        self.below.get_mut(at)
    }

    /// The item of a list below this one.
    pub fn find(&self, list: &str, name: &str) -> Option<usize> {
        let key = (list.to_owned(), name.to_owned());
        self.index.get(&key).copied()
    }
}
