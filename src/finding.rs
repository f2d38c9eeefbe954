//! What there is to say about an archive: one finding for each fact that someone may have to act
//! on, and for each permission that is carried or dropped.
//!
//! A finding keeps the facts; its words are made when it is shown. The code, the level and the
//! number in the task log are stable: scripts and people rely on them. `docs/findings.md` has a
//! heading for each code.

mod words;

use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::flow::{AppKind, Build, Identifier, Permissions, Schema, ServerTime};
use crate::limits::Limit;
use crate::workspace::Usage;

/// How much a finding matters, in the words of the server's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For the record.
    Inform,
    /// Something is lost, or someone has to act.
    Warn,
    /// The app will not work as it did.
    Error,
}

impl Level {
    /// The server log's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inform => "INFORM",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Declares the codes once: variant, word and number in the task log.
macro_rules! codes {
    ($($variant:ident $word:literal $number:literal,)*) => {
        /// What kind of finding it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "docs/findings.md has a heading for each")]
        pub enum Code { $($variant,)* }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code in words.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The code in the task log; this tool's own, in no relation to FME Flow's.
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $number,)* }
            }
        }
    };
}

codes! {
    ConnectionCarried "connection-carried" 926_101,
    ResourceDropped "resource-dropped" 926_102,
    GeneralConnectionDropped "general-connection-dropped" 926_103,
    GeneralResourceDropped "general-resource-dropped" 926_104,
    ResourceActionNeeded "resource-action-needed" 926_105,
    ResourceWithoutFileParameter "resource-without-file-parameter" 926_106,
    TokenMissing "token-missing" 926_111,
    TokenUnrestricted "token-unrestricted" 926_112,
    TokenDisabled "token-disabled" 926_113,
    TokenExpired "token-expired" 926_114,
    TokenExpiryLost "token-expiry-lost" 926_115,
    TokenExpiryUnreadable "token-expiry-unreadable" 926_116,
    TokenShared "token-shared" 926_117,
    TokenOwnerDiffers "token-owner-differs" 926_118,
    TokenRetired "token-retired" 926_119,
    RoleKept "role-kept" 926_120,
    OwnerLacksConnection "owner-lacks-connection" 926_131,
    ConnectionNotInArchive "connection-not-in-archive" 926_132,
    ConnectionNeededNotGranted "connection-needed-not-granted" 926_133,
    ConnectionUnused "connection-unused" 926_134,
    AppKindUnverified "app-kind-unverified" 926_141,
    AppAlreadyUpgraded "app-already-upgraded" 926_142,
    WorkspaceMissing "workspace-missing" 926_143,
    WorkspaceUnreadable "workspace-unreadable" 926_144,
    StampsKept "stamps-kept" 926_151,
    StampsForced "stamps-forced" 926_152,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The facts of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named like what they hold")]
pub enum Fact {
    /// An item permission on a connection goes to the Flow App Identifier.
    ConnectionCarried {
        connection: Arc<str>,
        permissions: Permissions,
    },
    /// An item permission on a resource is lost.
    ResourceDropped {
        resource: Arc<str>,
        permissions: Permissions,
    },
    /// A permission on connections as such is lost.
    GeneralConnectionDropped { permissions: Permissions },
    /// A permission on resources as such is lost.
    GeneralResourceDropped { permissions: Permissions },
    /// The app names a token that is not in the archive, or none at all.
    TokenMissing { token: Option<Arc<str>> },
    /// The token may do all that its user may.
    TokenUnrestricted { token: Arc<str>, expanded: bool },
    /// The token is switched off.
    TokenDisabled { token: Arc<str> },
    /// The token's time is over.
    TokenExpired {
        token: Arc<str>,
        expires: ServerTime,
    },
    /// The token would have expired; the app will not.
    TokenExpiryLost {
        token: Arc<str>,
        expires: ServerTime,
    },
    /// The token's expiration date is no date.
    TokenExpiryUnreadable { token: Arc<str> },
    /// Several apps use the token.
    TokenShared { token: Arc<str>, apps: u32 },
    /// The token belongs to someone other than the app.
    TokenOwnerDiffers {
        token: Arc<str>,
        owner: Arc<str>,
        user: Arc<str>,
    },
    /// The token is removed, with its role and its grants.
    TokenRetired {
        token: Arc<str>,
        user: Arc<str>,
        grants: u32,
    },
    /// A retired token's role stays, because something else is registered on it too.
    RoleKept { role: Arc<str> },
    /// The app's owner may not run a connection that is carried.
    OwnerLacksConnection {
        owner: Arc<str>,
        connection: Arc<str>,
        roles_unknown: u32,
    },
    /// A connection is carried that the archive does not hold.
    ConnectionNotInArchive { connection: Arc<str> },
    /// A workspace declares a connection that the app holds no carried permission to run.
    ConnectionNeededNotGranted {
        connection: Arc<str>,
        workspace: Arc<str>,
        usage: Usage,
        lacking: Option<Box<Lacking>>,
    },
    /// A connection is carried that no workspace of the app declares.
    ConnectionUnused { connection: Arc<str> },
    /// A dropped resource has to be given back by hand, for the app asks for files.
    ResourceActionNeeded {
        resource: Arc<str>,
        permissions: Permissions,
        parameters: Arc<[Arc<str>]>,
    },
    /// A dropped resource cannot be given back, for the app asks for no file.
    ResourceWithoutFileParameter { resource: Arc<str> },
    /// A workspace of the app is not in the archive.
    WorkspaceMissing { workspace: Arc<str> },
    /// What a workspace of the app declares cannot be read.
    WorkspaceUnreadable {
        workspace: Arc<str>,
        why: Arc<str>,
        limit: Option<Limit>,
    },
    /// No real archive shows apps of this kind.
    AppKindUnverified { kind: AppKind },
    /// The app has its 2026.1 form already.
    AppAlreadyUpgraded,
    /// Build and schema stay as they are.
    StampsKept { schema: Schema, asked: bool },
    /// Build and schema are raised although FME Flow should upgrade the rest.
    StampsForced { schema: Schema, build: Build },
}

/// An owner who may not run a connection, as far as the archive tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The owner's name.
    pub owner: Arc<str>,
    /// How many of the owner's roles are not in the archive.
    pub roles_unknown: u32,
}

/// Something to say about an archive or about one of its apps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The app it is about; none for the archive.
    pub app: Option<Arc<About>>,
    /// What there is to say.
    pub fact: Fact,
}

/// The app that findings are about, which share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: Arc<str>,
    /// Its identifier: names are unique neither across kinds nor across owners.
    pub identifier: Identifier,
}

impl Finding {
    /// The name of the app it is about; none for the archive.
    pub fn app_name(&self) -> Option<&str> {
        self.app.as_ref().map(|app| &*app.name)
    }

    /// The identifier of the app it is about; none for the archive.
    pub fn identifier(&self) -> Option<Identifier> {
        self.app.as_ref().map(|app| app.identifier)
    }

    /// What kind of finding it is.
    pub const fn code(&self) -> Code {
        match self.fact {
            Fact::ConnectionCarried { .. } => Code::ConnectionCarried,
            Fact::ResourceDropped { .. } => Code::ResourceDropped,
            Fact::GeneralConnectionDropped { .. } => Code::GeneralConnectionDropped,
            Fact::GeneralResourceDropped { .. } => Code::GeneralResourceDropped,
            Fact::TokenMissing { .. } => Code::TokenMissing,
            Fact::TokenUnrestricted { .. } => Code::TokenUnrestricted,
            Fact::TokenDisabled { .. } => Code::TokenDisabled,
            Fact::TokenExpired { .. } => Code::TokenExpired,
            Fact::TokenExpiryLost { .. } => Code::TokenExpiryLost,
            Fact::TokenExpiryUnreadable { .. } => Code::TokenExpiryUnreadable,
            Fact::TokenShared { .. } => Code::TokenShared,
            Fact::TokenOwnerDiffers { .. } => Code::TokenOwnerDiffers,
            Fact::TokenRetired { .. } => Code::TokenRetired,
            Fact::RoleKept { .. } => Code::RoleKept,
            Fact::OwnerLacksConnection { .. } => Code::OwnerLacksConnection,
            Fact::ConnectionNotInArchive { .. } => Code::ConnectionNotInArchive,
            Fact::ConnectionNeededNotGranted { .. } => Code::ConnectionNeededNotGranted,
            Fact::ConnectionUnused { .. } => Code::ConnectionUnused,
            Fact::ResourceActionNeeded { .. } => Code::ResourceActionNeeded,
            Fact::ResourceWithoutFileParameter { .. } => Code::ResourceWithoutFileParameter,
            Fact::WorkspaceMissing { .. } => Code::WorkspaceMissing,
            Fact::WorkspaceUnreadable { .. } => Code::WorkspaceUnreadable,
            Fact::AppKindUnverified { .. } => Code::AppKindUnverified,
            Fact::AppAlreadyUpgraded => Code::AppAlreadyUpgraded,
            Fact::StampsKept { .. } => Code::StampsKept,
            Fact::StampsForced { .. } => Code::StampsForced,
        }
    }

    /// How much it matters.
    pub const fn level(&self) -> Level {
        match self.fact {
            Fact::ConnectionCarried { .. }
            | Fact::ConnectionNeededNotGranted {
                usage: Usage::Internal,
                lacking: None,
                ..
            }
            | Fact::ConnectionUnused { .. }
            | Fact::ResourceWithoutFileParameter { .. }
            | Fact::TokenExpiryLost { .. }
            | Fact::TokenShared { .. }
            | Fact::TokenRetired { .. }
            | Fact::RoleKept { .. }
            | Fact::AppAlreadyUpgraded
            | Fact::StampsKept { .. } => Level::Inform,
            _ => Level::Warn,
        }
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 6)?;
        fields.serialize_field("code", self.code().as_str())?;
        fields.serialize_field("level", &self.level())?;
        fields.serialize_field("app", &self.app_name())?;
        fields.serialize_field("identifier", &self.identifier())?;
        fields.serialize_field("message", &self.message())?;
        fields.serialize_field("help", &self.help())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_numbers_are_unique() {
        let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
        assert_eq!(
            (words.len(), numbers.len()),
            (Code::ALL.len(), Code::ALL.len())
        );
    }
}
