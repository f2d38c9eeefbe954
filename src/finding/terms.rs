//! The words in which a finding is told.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// How much a finding matters, in the words of the server's own log. There is no third: what is
/// wrong enough to be an error is a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For the record.
    Inform,
    /// Something is lost, or someone has to act.
    Warn,
}

impl Level {
    /// The server log's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inform => "INFORM",
            Self::Warn => "WARN",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "INFORM" => Ok(Self::Inform),
            "WARN" => Ok(Self::Warn),
            _ => Err(UnknownLevel(word.to_owned())),
        }
    }
}

/// A word that is no level.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no level: INFORM or WARN")]
pub struct UnknownLevel(String);

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Whether it matters to the app, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// The app works as it did.
    #[default]
    None,
    /// It may not: the archive does not hold the answer, and someone who knows the app should look.
    Check,
    /// It will not work as it did until someone has acted.
    Action,
}

impl Impact {
    /// All of them, what matters most first.
    pub const ALL: [Self; 3] = [Self::Action, Self::Check, Self::None];

    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Check => "check",
            Self::Action => "action",
        }
    }

    /// The words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "nothing to do",
            Self::Check => "to be checked",
            Self::Action => "action needed",
        }
    }
}

/// What a finding is about; `category` in JSON and CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Concern {
    /// A connection; without an item connections as such.
    Connection,
    /// A resource; without an item resources as such.
    Resource,
    /// The app's token.
    Token,
    /// A workspace of the app.
    Workspace,
    /// The app itself.
    App,
    /// The archive.
    Archive,
    /// What else breaks at 2026.1; the item is where it stands.
    Readiness,
}

impl Concern {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Resource => "resource",
            Self::Token => "token",
            Self::Workspace => "workspace",
            Self::App => "app",
            Self::Archive => "archive",
            Self::Readiness => "readiness",
        }
    }
}

/// What becomes of a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It goes to the Flow App Identifier.
    Carried,
    /// It is lost.
    Dropped,
    /// It is needed, and there was none to carry.
    NotCarried,
}

impl Fate {
    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Carried => "carried",
            Self::Dropped => "dropped",
            Self::NotCarried => "not-carried",
        }
    }

    /// The words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Carried => "carried over",
            Self::Dropped => "dropped",
            Self::NotCarried => "not carried over",
        }
    }
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Who owns the app.
    AppOwner,
    /// Who owns the connection.
    ConnectionOwner,
    /// Who runs the upgrade.
    UpgradeEngineer,
}

impl Actor {
    /// The word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppOwner => "app-owner",
            Self::ConnectionOwner => "connection-owner",
            Self::UpgradeEngineer => "upgrade-engineer",
        }
    }
}
