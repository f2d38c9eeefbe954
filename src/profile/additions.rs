//! What an archive gets so that apps may do, on a server of this profile, what their tokens did: items to
//! be added to its tree.
//!
//! Nothing is written whose like was not seen, and nothing that could be read as another app's.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::DateTime;
use uuid::Uuid;

use super::frames::Attribute;
use super::{Encoding, Holds, PathLevel, Pattern, PermissionLocation, Profile, Variable};
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
    /// Where what is below it stands, by list and name; what has no name, by its values.
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
        "{app:?} has {permissions} on {item:?}, which was not seen when the profile was learned, or \
         whose name cannot stand where the profile says"
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
    /// Two apps would have one item, with different values.
    #[error("{app:?} would share an item with another app where the profile says")]
    Shared {
        /// The app.
        app: String,
    },
    /// The date has a place beside the permissions, and there is none.
    #[error("{app:?} has no expiry that can be read, and where the profile says there is one")]
    NoExpiry {
        /// The app.
        app: String,
    },
    /// What hangs on the place is not understood.
    #[error("the profile is for reading only: {0} is not understood")]
    Incomplete(String),
}

/// Permissions on items, by the items' names.
pub type HeldItems<'a> = Vec<(&'a str, &'a Permissions)>;

/// An app with what it gets.
#[derive(Debug, Clone)]
pub struct AppPermissions<'a> {
    /// The app.
    pub app: AppRef<'a>,
    /// On Connections.
    pub connections: HeldItems<'a>,
    /// On Resources.
    pub resources: HeldItems<'a>,
}

impl AppPermissions<'_> {
    fn held(&self, holds: Holds) -> &[(&str, &Permissions)] {
        match holds {
            Holds::Connections => &self.connections,
            Holds::Resources => &self.resources,
        }
    }
}

impl Profile {
    /// What has to be added for `apps`, all of the archive's; `now` is what is written for the time of the
    /// transfer. Of an app whose expiry is known that is added too, where the profile knows its place.
    ///
    /// # Errors
    /// [`UnwritableError`] for the first permission that cannot be written with certainty.
    pub fn additions(
        &self,
        apps: &[AppPermissions<'_>],
        now: DateTime,
    ) -> Result<Addition, UnwritableError> {
        let mut root = Addition::default();
        for holds in [Holds::Connections, Holds::Resources] {
            for place in self.places.iter().filter(|place| place.holds == holds) {
                place.tells_apart(holds, apps)?;
            }
            for holder in apps {
                for (item, permissions) in holder.held(holds) {
                    self.add(&mut root, (holds, &holder.app), (item, permissions), now)?;
                }
            }
        }
        for AppPermissions { app, .. } in apps.iter().filter(|it| it.app.expires.is_some()) {
            if let Some(place) = self.expiry(app.kind) {
                let made = Making::new(app, now, None);
                made.add(&mut root, &place.levels, "", None)?;
            }
        }
        Ok(root)
    }

    /// Adds one permission of an app, with what ties the app to it.
    fn add(
        &self,
        root: &mut Addition,
        (holds, app): (Holds, &AppRef<'_>),
        (item, permissions): (&str, &Permissions),
        now: DateTime,
    ) -> Result<(), UnwritableError> {
        if self.places(holds, app.kind).next().is_none() {
            return Err(UnwritableError::Kind {
                kind: app.kind.as_str(),
                app: app.name.to_owned(),
            });
        }
        if let Some(first) = self.incomplete.first() {
            return Err(UnwritableError::Incomplete(first.clone()));
        }
        if !self.takes(holds, app.kind, item, permissions) {
            return Err(UnwritableError::Unseen {
                app: app.name.to_owned(),
                item: item.to_owned(),
                permissions: permissions.to_string(),
            });
        }
        let is_only = self.places(holds, app.kind).count() == 1;
        for place in self.places(holds, app.kind) {
            let words = permissions.iter().map(|word| Permissions::new([word]));
            let one_by_one = matches!(place.permissions, Encoding::Records { .. }) || !is_only;
            let sets: Vec<Permissions> = if one_by_one {
                words.filter(|word| place.takes(item, word)).collect()
            } else {
                vec![permissions.clone()]
            };
            let made = Making::new(app, now, Some(place));
            for set in sets {
                for link in &place.links {
                    made.add(root, &link.levels, "", None)?;
                }
                made.add(root, &place.levels, item, Some(&set))?;
            }
        }
        Ok(())
    }
}

impl PermissionLocation {
    /// Whether every app it holds is told from every other.
    fn tells_apart(
        &self,
        holds: Holds,
        apps: &[AppPermissions<'_>],
    ) -> Result<(), UnwritableError> {
        let ways = std::iter::once(&self.levels).chain(self.links.iter().map(|link| &link.levels));
        let patterns = ways.flatten().flat_map(|level| {
            let values = level.attributes.iter().map(|it| &it.value);
            std::iter::once(&level.item).chain(values)
        });
        let telling: Vec<&Pattern> = patterns
            .filter(|it| it.has(Variable::AppKey) || it.has(Variable::AppName))
            .collect();
        if telling.iter().any(|pattern| pattern.has(Variable::AppKey)) {
            return Ok(());
        }
        let mut known: BTreeMap<Vec<String>, &str> = BTreeMap::new();
        // Somebody of that name gets what another has, whether or not there is anything for both.
        let has_any = apps.iter().any(|it| !it.held(holds).is_empty());
        let apps = apps.iter().map(|holder| &holder.app);
        for app in apps.filter(|app| has_any && self.kinds.contains(&app.kind)) {
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

/// The UUID that ties an app to other items.
pub(crate) fn link_of(app: &AppRef<'_>) -> String {
    made_uuid(&["link", app.kind.as_str(), app.key, app.name])
}

fn made_uuid(of: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, of.join("\u{1f}").as_bytes()).to_string()
}

/// One app's permissions, or its expiry, being written.
struct Making<'a> {
    app: &'a AppRef<'a>,
    now: DateTime,
    place: Option<&'a PermissionLocation>,
    link: String,
}

impl<'a> Making<'a> {
    fn new(app: &'a AppRef<'a>, now: DateTime, place: Option<&'a PermissionLocation>) -> Self {
        Self {
            app,
            now,
            place,
            link: link_of(app),
        }
    }

    /// Adds the items of a way.
    fn add(
        &self,
        root: &mut Addition,
        levels: &[PathLevel],
        item: &str,
        permissions: Option<&Permissions>,
    ) -> Result<(), UnwritableError> {
        let mut at = root;
        let mut way = String::new();
        for (depth, level) in levels.iter().enumerate() {
            let is_last = depth + 1 == levels.len();
            let list = self.made(&level.list, &way, item, permissions, "")?;
            let seed = if is_last {
                way.clone() + "\u{1f}" + item
            } else {
                way.clone()
            };
            let name = self.made(&level.item, &seed, item, permissions, "")?;
            way = [&*way, &*list, &*name].join("\u{1f}");
            if level.has_app() {
                way += self.app.key;
            }
            let attributes = level.attributes.iter().map(|it| {
                Ok(Attribute {
                    name: it.name.clone(),
                    kind: it.kind.clone(),
                    value: self.made(&it.value, &seed, item, permissions, &it.name)?,
                })
            });
            let attributes = attributes.collect::<Result<Vec<_>, UnwritableError>>()?;
            let is_always_new = is_last && name.is_empty();
            let shared = || UnwritableError::Shared {
                app: self.app.name.to_owned(),
            };
            at = at
                .child(&list, &name, attributes, is_always_new)
                .ok_or_else(shared)?;
        }
        let (Some(place), Some(permissions)) = (self.place, permissions) else {
            return Ok(());
        };
        match &place.permissions {
            Encoding::Items { list, style } => {
                for word in permissions.iter() {
                    let name = style.spelled(word, place.holds).unwrap_or_default();
                    at.child(list, &name, Vec::new(), false);
                }
            }
            Encoding::ItemSets { list, level } => {
                for name in level.get(&permissions.to_string()).into_iter().flatten() {
                    at.child(list, name, Vec::new(), false);
                }
            }
            _ => {}
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
    ) -> Result<String, UnwritableError> {
        let set = permissions.map(ToString::to_string).unwrap_or_default();
        let expires = |it| matches!(it, Variable::Expires(_));
        if self.app.expires.is_none() && pattern.variables().any(expires) {
            return Err(UnwritableError::NoExpiry {
                app: self.app.name.to_owned(),
            });
        }
        Ok(pattern.of(self.app, |variable| match variable {
            Variable::Item => item.to_owned(),
            Variable::Link => self.link.clone(),
            Variable::Fresh => made_uuid(&[way, self.app.key, &set, attribute]),
            Variable::Permission => self.words(permissions),
            Variable::Level => match self.place.map(|place| &place.permissions) {
                Some(Encoding::Levels { level }) => {
                    let values = level.get(&set).and_then(|values| values.get(attribute));
                    values.cloned().unwrap_or_default()
                }
                _ => String::new(),
            },
            other => other.time(self.app, self.now).unwrap_or_default(),
        }))
    }

    fn words(&self, permissions: Option<&Permissions>) -> String {
        let Some(place) = self.place else {
            return String::new();
        };
        let (style, separator) = match &place.permissions {
            Encoding::Words { separator, style } => (*style, separator.to_string()),
            Encoding::Records { style } | Encoding::Items { style, .. } => (*style, String::new()),
            Encoding::ItemSets { .. } | Encoding::Levels { .. } | Encoding::Presence => {
                return String::new();
            }
        };
        let words = permissions.into_iter().flat_map(Permissions::iter);
        let words = words.filter_map(|word| style.spelled(word, place.holds));
        words.collect::<Vec<_>>().join(&separator)
    }
}

impl PathLevel {
    fn has_app(&self) -> bool {
        let values = self.attributes.iter().map(|it| &it.value);
        let mut all = std::iter::once(&self.item).chain(values);
        all.any(|it| {
            it.has(Variable::AppKey) || it.has(Variable::AppName) || it.has(Variable::Link)
        })
    }
}

impl Addition {
    /// The item of a list below this one, made where it is not there yet; what it has not of `attributes`
    /// it gets. None where it has other values.
    fn child(
        &mut self,
        list: &str,
        name: &str,
        attributes: Vec<Attribute>,
        is_always_new: bool,
    ) -> Option<&mut Self> {
        let mut told = name.to_owned();
        if name.is_empty() {
            let values = attributes
                .iter()
                .map(|it| format!("\u{1f}{}={}", it.name, it.value));
            told.extend(values);
        }
        let key = (list.to_owned(), told);
        let known = self.index.get(&key).copied().filter(|_| !is_always_new);
        let at = known.unwrap_or(self.below.len());
        if known.is_none() {
            self.index.insert(key, at);
            self.below.push(Self {
                list: list.to_owned(),
                name: name.to_owned(),
                ..Self::default()
            });
        }
        let child = self.below.get_mut(at)?;
        for attribute in attributes {
            match child.attributes.iter().find(|it| it.name == attribute.name) {
                None => child.attributes.push(attribute),
                Some(same) if *same == attribute => {}
                Some(_) => return None,
            }
        }
        Some(child)
    }

    /// The item of a list below this one.
    pub fn find(&self, list: &str, name: &str) -> Option<usize> {
        let key = (list.to_owned(), name.to_owned());
        self.index.get(&key).copied()
    }
}
