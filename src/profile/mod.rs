//! Where a server keeps what its apps may do, as it was learned from one restore.
//!
//! A profile names no app, no Connection and no user: only how the way to a permission is made. It
//! is taken for exactly the schema and the container it was learned from.

mod additions;
pub mod frames;
mod graft;
mod pattern;
mod read;
mod value;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::flow::{AppKind, Permissions, Schema};
use crate::package::PackageKind;
pub use additions::{Addition, Holder, UnwritableError};
pub use graft::graft;
pub use pattern::{Part, Pattern, PatternError, Variable};
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
    /// What it was learned from.
    pub evidence: Evidence,
    /// Where permissions are.
    #[serde(rename = "place")]
    pub places: Vec<ItemLocation>,
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

/// A place: the way from the document to one app's permission on one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemLocation {
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
    pub levels: Vec<Level>,
    /// Ways to items that name the app and are named by [`Variable::Link`] in `levels`.
    #[serde(default, rename = "link", skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A way to an item that ties an app to a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The way, from the outermost item.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
}

/// An item on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
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
        let profile: Self =
            toml::from_str(text).map_err(|error| ProfileError::Malformed(error.to_string()))?;
        if profile.version != VERSION {
            return Err(ProfileError::Version(profile.version));
        }
        Ok(profile)
    }

    /// The profile as TOML.
    ///
    /// # Errors
    /// Never for a profile that was learned or read.
    pub fn to_toml(&self) -> Result<String, ProfileError> {
        toml::to_string_pretty(self).map_err(|error| ProfileError::Malformed(error.to_string()))
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

    /// The place of what apps of a kind may do.
    pub fn place(&self, holds: Holds, kind: AppKind) -> Option<&ItemLocation> {
        let mut places = self.places.iter();
        places.find(|place| place.holds == holds && place.kinds.contains(&kind))
    }
}

impl ItemLocation {
    /// Whether `permissions` may be written there: their like was seen.
    pub fn takes(&self, permissions: &Permissions) -> bool {
        let text = permissions.to_string();
        match self.permissions {
            Encoding::Levels { .. } | Encoding::Presence => self.seen.contains(&text),
            _ => {
                let mut seen = self.seen.iter().flat_map(|set| set.split(','));
                permissions.iter().all(|word| seen.any(|it| it == word))
            }
        }
    }

    /// The way in one line.
    pub fn way(&self) -> String {
        way(&self.levels)
    }
}

/// A way in one line, such as `security/app_permissions/{fresh}(app={app.key})`.
pub fn way(levels: &[Level]) -> String {
    let levels = levels.iter().map(|level| {
        let mut text = format!("{}/{}", level.list, level.item);
        let telling = level.attributes.iter();
        let telling = telling.filter(|it| it.value.variables().count() > 0);
        let telling: Vec<_> = telling
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
