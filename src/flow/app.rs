//! Flow Apps and what identifies them.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ServerTime;

/// The kinds of Flow App, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// AR App: its category is inferred, no sample holds one.
    Ar,
    /// Automation App (seen).
    Automation,
    /// Gallery App: links to other apps and has no token of its own (seen).
    Gallery,
    /// Any other `server_*` category whose items carry a token: not seen, migrated alike.
    Other,
    /// Workspace App (seen).
    Workspace,
}

impl AppKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Ar,
        Self::Automation,
        Self::Gallery,
        Self::Other,
        Self::Workspace,
    ];

    /// The word for this kind in output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::Automation => "automation",
            Self::Gallery => "gallery",
            Self::Other => "other",
            Self::Workspace => "workspace",
        }
    }

    /// The category of `data.xml` that holds apps of this kind; none for those that are not known.
    pub const fn category(self) -> Option<&'static str> {
        Some(match self {
            Self::Ar => "server_ar_app",
            Self::Automation => "server_automation_app",
            Self::Gallery => "server_app_suite",
            Self::Workspace => "server_app",
            Self::Other => return None,
        })
    }

    /// The kind whose apps this category of `data.xml` holds; [`AppKind::Other`] for none that is known.
    pub fn of_category(name: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|kind| kind.category() == Some(name));
        found.unwrap_or(Self::Other)
    }

    /// The itemtype that they are items of, alike.
    pub const fn items(self) -> Option<&'static str> {
        Some(match self {
            Self::Ar => "server_ar_apps",
            Self::Automation => "server_automation_apps",
            Self::Gallery => "server_app_suites",
            Self::Workspace => "server_apps",
            Self::Other => return None,
        })
    }

    /// FME Flow's name for it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ar => "AR App",
            Self::Automation => "Automation App",
            Self::Gallery => "Gallery App",
            Self::Other => "App of an unknown kind",
            Self::Workspace => "Workspace App",
        }
    }

    /// FME Flow's name for several of it.
    pub const fn titles(self) -> &'static str {
        match self {
            Self::Ar => "AR Apps",
            Self::Automation => "Automation Apps",
            Self::Gallery => "Gallery Apps",
            Self::Other => "Apps of an unknown kind",
            Self::Workspace => "Workspace Apps",
        }
    }

    /// Whether no real archive shows how FME Flow stores this kind.
    pub const fn is_unverified(self) -> bool {
        matches!(self, Self::Ar | Self::Other)
    }
}

impl fmt::Display for AppKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An app with all that it is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppRef<'a> {
    /// Its kind.
    pub kind: AppKind,
    /// The item's key.
    pub key: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Key of its owner.
    pub owner_key: &'a str,
    /// Login name of its owner.
    pub owner_name: &'a str,
    /// When it expires, where that is known.
    pub expires: Option<ServerTime>,
}

/// What secures an app's permissions from 2026.1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Identifier(Uuid);

impl Identifier {
    /// Namespace of the identifiers made here; fixed for ever, so that every run gives the same.
    const NAMESPACE: Uuid = Uuid::from_u128(0x6f1b_3c52_9d0e_4a7b_8f64_2c1e_5a90_d371);

    /// The app's key when that is a UUID in lower case with dashes (seen from schema 2.75), else a UUID made of kind, owner
    /// id and name: keys were names up to 2.57.
    pub fn of(key: &str, kind: AppKind, owner: &str, name: &str) -> Self {
        canonical(key).map_or_else(
            || {
                let parts = [kind.as_str(), owner, name].join("\u{1f}");
                Self(Uuid::new_v5(&Self::NAMESPACE, parts.as_bytes()))
            },
            Self,
        )
    }
}

impl Identifier {
    /// One that is known already.
    pub const fn known(identifier: Uuid) -> Self {
        Self(identifier)
    }
}

/// A UUID in its one canonical spelling, lower case with dashes; in any other two keys could be one.
fn canonical(key: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(key).ok()?;
    (uuid.to_string() == key).then_some(uuid)
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_a_uuid_is_the_identifier() {
        let key = "0624e7c4-71b1-4835-ac6d-3a1b65d16b61";
        assert_eq!(
            Identifier::of(key, AppKind::Workspace, "o", "n").to_string(),
            key
        );
    }

    #[test]
    fn a_key_that_is_a_name_gives_the_same_identifier_in_every_run() {
        let made = Identifier::of("quakes", AppKind::Workspace, "owner", "quakes");
        assert_eq!(made.to_string(), "356a76e7-e0a1-5bd7-a9d3-82dbd4331c47");
    }

    #[test]
    fn another_spelling_of_a_uuid_is_a_name_like_any_other() {
        let key = "0624e7c4-71b1-4835-ac6d-3a1b65d16b61";
        let of = |key: &str| Identifier::of(key, AppKind::Workspace, "o", "n");
        let braces = format!("{{{key}}}");
        let urn = format!("urn:uuid:{key}");
        for other in [&key.to_uppercase(), &braces, &urn, &key.replace('-', "")] {
            assert_ne!(of(other), of(key), "{other}");
        }
    }

    #[test]
    fn kind_owner_and_name_all_count() {
        let made = |kind, owner, name| Identifier::of("key", kind, owner, name);
        let one = made(AppKind::Workspace, "a", "b");
        assert_ne!(one, made(AppKind::Ar, "a", "b"));
        assert_ne!(one, made(AppKind::Workspace, "ab", ""));
        assert_ne!(one, made(AppKind::Workspace, "", "ab"));
    }
}
