//! Where a server keeps what its apps may do, as it was learned from one restore.
//!
//! A profile names no app, no Connection and no user: only how the way to a permission is made. It
//! is taken for exactly the schema and the container it was learned from.

mod additions;
pub mod frames;
mod graft;
mod matched;
mod moment;
mod pattern;
mod read;
mod sane;
mod value;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::flow::{AppKind, Category, Permissions, Schema};
use crate::package::PackageKind;
pub(crate) use additions::link_of;
pub use additions::{Addition, AppPermissions, HeldItems, UnwritableError};
pub use graft::graft;
pub use moment::Moment;
pub use pattern::{Pattern, PatternError, PatternPart, Variable};
pub use read::{Reading, read};
pub use words::Style;

pub use crate::flow::AppRef;

/// The version of the profile's own form that is written and read here.
pub const VERSION: u32 = 1;

/// Where a server keeps what its apps may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// [`VERSION`].
    pub version: u32,
    /// Whether it was only learned or a round trip has confirmed it.
    pub status: Status,
    /// `CONFIG_SCHEMA_VERSION` of the export.
    pub schema: String,
    /// `CONFIG_SERVER_VERSION` of the export.
    pub build: u32,
    /// Project or backup.
    pub container: PackageKind,
    /// What hangs on a place and is not understood; with any of it a place is read and never written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incomplete: Vec<String>,
    /// What it was learned from.
    pub evidence: Evidence,
    /// Where permissions are.
    #[serde(rename = "place")]
    pub places: Vec<PermissionLocation>,
    /// Where it stands when an app expires.
    #[serde(default, rename = "expiry", skip_serializing_if = "Vec::is_empty")]
    pub expiry: Vec<ExpiryLocation>,
}

/// How far a profile is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It says where the server puts what it transfers itself.
    Learned,
    /// The server has also taken what flowlift wrote there.
    Confirmed,
}

/// What a profile was learned from; digests and counts, no names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// SHA-256 of the archive with app tokens, in hexadecimal.
    pub before: String,
    /// SHA-256 of the export.
    pub after: String,
    /// How many apps had permissions.
    pub apps: usize,
    /// On how many Connections.
    pub connections: usize,
    /// How many pairs of both.
    pub pairs: usize,
    /// SHA-256 of what flowlift wrote, where a round trip has confirmed the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// SHA-256 of the export after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported: Option<String>,
}

/// What is kept in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Permissions on Connections.
    Connections,
    /// Permissions on Resources.
    Resources,
}

impl Holds {
    /// What its items are secured under.
    pub const fn category(self) -> Category {
        match self {
            Self::Connections => Category::Connections,
            Self::Resources => Category::Resources,
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connections => "Connections",
            Self::Resources => "Resources",
        }
    }
}

/// A place: the way from the document to one app's permission on one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionLocation {
    /// What is kept there.
    pub holds: Holds,
    /// Of which kinds of app.
    pub kinds: Vec<AppKind>,
    /// The sets of permissions that were seen there, each between commas.
    pub seen: Vec<String>,
    /// How permissions are written.
    pub permissions: Encoding,
    /// The way, from the outermost item to the one that stands for app and item.
    #[serde(rename = "level")]
    pub levels: Vec<PathLevel>,
    /// Ways to items that name the app and are named by [`Variable::Link`] in `levels`.
    #[serde(default, rename = "link", skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkLocation>,
}

/// Where it stands when an app expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryLocation {
    /// Of which kinds of app.
    pub kinds: Vec<AppKind>,
    /// The way to the item that has it, with the attribute that has it.
    #[serde(rename = "level")]
    pub levels: Vec<PathLevel>,
}

/// A way to an item that ties an app to a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkLocation {
    /// The way, from the outermost item.
    #[serde(rename = "level")]
    pub levels: Vec<PathLevel>,
}

impl LinkLocation {
    /// Whether it says whose the item is; what does not stands there only because the server has it.
    pub(crate) fn names_app(&self) -> bool {
        let patterns = self.levels.iter().flat_map(|level| {
            let values = level.attributes.iter().map(|it| &it.value);
            values.chain([&level.item])
        });
        let mut variables = patterns.flat_map(Pattern::variables);
        variables.any(|it| matches!(it, Variable::AppKey | Variable::AppName))
    }
}

/// An item on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathLevel {
    /// What it is an item of: an itemtype, or a part of a value as [`frames`] calls it.
    pub list: Pattern,
    /// Its name.
    pub item: Pattern,
    /// Its attributes, where the server makes the item; of an item that was there before, none.
    #[serde(default, rename = "attribute", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<LevelAttribute>,
}

/// An attribute of an item on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelAttribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Its value.
    pub value: Pattern,
}

/// How permissions are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Encoding {
    /// As items of a list below, each called by a permission.
    Items {
        /// The list.
        list: String,
        /// How they are spelled.
        style: Style,
    },
    /// As items of a list below, called by what follows from the set of permissions.
    ItemSets {
        /// The list.
        list: String,
        /// For each set of permissions, between commas, the names of the items.
        level: BTreeMap<String, BTreeSet<String>>,
    },
    /// In an attribute whose value is `{permission}`, all of them, with a separator between.
    Words {
        /// The separator.
        separator: char,
        /// How they are spelled.
        style: Style,
    },
    /// Where `{permission}` stands, one at a time: an item for each.
    Records {
        /// How they are spelled.
        style: Style,
    },
    /// In attributes whose value is `{level}`.
    Levels {
        /// For each set of permissions, between commas, the values by attribute.
        level: BTreeMap<String, BTreeMap<String, String>>,
    },
    /// Not at all: who is there has the one set that was seen.
    Presence,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// It is no profile.
    #[error("no profile: {0}")]
    Malformed(String),
    /// It cannot have been learned.
    #[error("no profile that was learned: {0}")]
    Nonsense(String),
    /// It was learned from something else.
    #[error("the profile is for a {container} of schema {schema}, this is a {found}")]
    Unsuited {
        /// What it was learned from.
        container: &'static str,
        /// Alike.
        schema: String,
        /// What the archive is.
        found: String,
    },
    /// A permission cannot be written as it says.
    #[error(transparent)]
    Unwritable(#[from] UnwritableError),
    /// It is of another version of flowlift.
    #[error("a profile of version {0}, this flowlift reads version {VERSION}")]
    Version(u32),
}

impl Profile {
    /// Reads the TOML of a profile.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let malformed = |error: &toml::de::Error, what: &str| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(0, |before| before.matches('\n').count()) + 1;
            ProfileError::Malformed(format!("line {line}: {what}"))
        };
        toml::from_str::<toml::Table>(text).map_err(|error| malformed(&error, error.message()))?;
        // What is there instead is not quoted: any file can be named as a profile.
        let profile: Self = toml::from_str(text)
            .map_err(|error| malformed(&error, "not what calibrate writes there"))?;
        if profile.version != VERSION {
            return Err(ProfileError::Version(profile.version));
        }
        profile.nonsense().map_err(ProfileError::Nonsense)?;
        Ok(profile)
    }

    /// The profile as TOML.
    ///
    /// # Errors
    /// Never for a profile that was learned or read.
    pub fn to_toml(&self) -> Result<String, ProfileError> {
        toml::to_string_pretty(self).map_err(|error| ProfileError::Malformed(error.to_string()))
    }

    /// Every text of its items and values that is always the same.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let places = self.places.iter();
        let ways = places.flat_map(|place| {
            let links = place.links.iter().map(|link| &link.levels);
            links.chain([&place.levels])
        });
        let levels = ways.flatten();
        let patterns = levels.flat_map(|level| {
            let values = level.attributes.iter().map(|it| &it.value);
            values.chain([&level.item])
        });
        patterns.flat_map(Pattern::texts)
    }

    /// Whether it may be used for an archive: it is taken for exactly what it was learned from.
    ///
    /// # Errors
    /// [`ProfileError::Unsuited`].
    pub fn suits(&self, schema: &Schema, container: PackageKind) -> Result<(), ProfileError> {
        if self.schema == schema.to_string() && self.container == container {
            return Ok(());
        }
        Err(ProfileError::Unsuited {
            container: self.container.as_str(),
            schema: self.schema.clone(),
            found: format!("{} of schema {schema}", container.as_str()),
        })
    }

    /// The places of what apps of a kind may do; where there are several, what stands in any of them
    /// counts.
    pub fn places(&self, holds: Holds, kind: AppKind) -> impl Iterator<Item = &PermissionLocation> {
        let places = self.places.iter();
        places.filter(move |place| place.holds == holds && place.kinds.contains(&kind))
    }

    /// Whether `permissions` on `item` can be written for an app of a kind: nothing is written whose
    /// like was not seen, and all of it or nothing.
    pub fn takes(
        &self,
        holds: Holds,
        kind: AppKind,
        item: &str,
        permissions: &Permissions,
    ) -> bool {
        let places: Vec<_> = self.places(holds, kind).collect();
        self.incomplete.is_empty()
            && match &places[..] {
                [] => false,
                [only] => only.takes(item, permissions),
                several => permissions.iter().all(|word| {
                    let word = Permissions::new([word]);
                    several.iter().any(|place| place.takes(item, &word))
                }),
            }
    }

    /// Whether it is written when an app of a kind expires, which may stand with the permissions that it
    /// has, if it has any.
    pub fn keeps_expiry(&self, kind: AppKind, has_any: bool) -> bool {
        let places = self
            .places
            .iter()
            .filter(|place| has_any && self.incomplete.is_empty() && place.kinds.contains(&kind));
        let mut ways = places.flat_map(|place| {
            let links = place.links.iter().map(|link| &link.levels);
            links.chain([&place.levels])
        });
        self.expiry(kind).is_some()
            || ways.any(|levels| {
                let values = levels.iter().flat_map(|level| &level.attributes);
                let mut all = values.flat_map(|it| it.value.variables());
                all.any(|it| matches!(it, Variable::Expires(_)))
            })
    }

    /// Where it stands when an app of a kind expires, if that can be written.
    pub fn expiry(&self, kind: AppKind) -> Option<&ExpiryLocation> {
        let mut all = self.expiry.iter().filter(|_| self.incomplete.is_empty());
        all.find(|place| place.kinds.contains(&kind))
    }
}

impl PermissionLocation {
    /// Whether `permissions` on `item` may be written there: their like was seen, and no name holds what
    /// separates names.
    fn takes(&self, item: &str, permissions: &Permissions) -> bool {
        let text = permissions.to_string();
        let is_seen = match self.permissions {
            Encoding::Levels { ref level } => {
                level.contains_key(&text) && self.seen.contains(&text)
            }
            Encoding::ItemSets { ref level, .. } => {
                level.contains_key(&text) && self.seen.contains(&text)
            }
            // Which permissions somebody has who is there has to be certain.
            Encoding::Presence => self.seen == [text],
            _ => {
                let seen = || self.seen.iter().flat_map(|set| set.split(','));
                permissions.iter().all(|word| seen().any(|it| it == word))
            }
        };
        let mut lists = self.levels.iter().filter_map(|level| {
            let (_, separators) = frames::separated(level.list.as_text()?)?;
            level.item.has(Variable::Item).then_some(separators)
        });
        is_seen && lists.all(|between| between.can_hold(item))
    }

    /// The way in one line.
    pub fn way(&self) -> String {
        way(&self.levels)
    }
}

/// A way in one line, such as `security/app_permissions/{fresh}(app={app.key})`.
pub fn way(levels: &[PathLevel]) -> String {
    let levels = levels.iter().map(|level| {
        let mut text = format!("{}/{}", level.list, level.item);
        let attributes = level.attributes.iter();
        let telling: Vec<_> = attributes
            .filter(|it| it.value.variables().count() > 0)
            .map(|it| format!("{}={}", it.name, it.value))
            .collect();
        if !telling.is_empty() {
            text += &format!("({})", telling.join(" "));
        }
        text
    });
    levels.collect::<Vec<_>>().join("/")
}

impl Problem for ProfileError {
    fn help(&self) -> &'static str {
        "learn one from a restore with flowlift calibrate"
    }
}
