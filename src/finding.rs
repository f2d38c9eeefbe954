//! What there is to say about an archive: one finding for each fact that someone may have to act
//! on, and for each permission that is carried or dropped.
//!
//! A finding keeps the facts; its words are made when it is shown. The code, the level and the
//! number in the task log are stable: scripts and people rely on them. `docs/findings.md` has a
//! heading for each code.

use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::flow::{AppKind, Build, Permissions, Schema, ServerTime};

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
    AppKindUnverified "app-kind-unverified" 926_141,
    AppAlreadyUpgraded "app-already-upgraded" 926_142,
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
    /// No real archive shows apps of this kind.
    AppKindUnverified { kind: AppKind },
    /// The app has its 2026.1 form already.
    AppAlreadyUpgraded,
    /// Build and schema stay as they are.
    StampsKept { schema: Schema, asked: bool },
    /// Build and schema are raised although FME Flow should upgrade the rest.
    StampsForced { schema: Schema, build: Build },
}

/// Something to say about an archive or about one of its apps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The app it is about; none for the archive.
    pub app: Option<Arc<str>>,
    /// What there is to say.
    pub fact: Fact,
}

impl Finding {
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
            | Fact::TokenExpiryLost { .. }
            | Fact::TokenShared { .. }
            | Fact::TokenRetired { .. }
            | Fact::RoleKept { .. }
            | Fact::AppAlreadyUpgraded
            | Fact::StampsKept { .. } => Level::Inform,
            _ => Level::Warn,
        }
    }

    /// What is the case, in one line without the app's name.
    #[allow(
        clippy::too_many_lines,
        reason = "one arm a fact, nothing to take apart"
    )]
    pub fn message(&self) -> String {
        match &self.fact {
            Fact::ConnectionCarried {
                connection,
                permissions,
            } => {
                format!(
                    "connection \"{connection}\" carried with {}",
                    words(permissions)
                )
            }
            Fact::ResourceDropped {
                resource,
                permissions,
            } => {
                format!(
                    "resource \"{resource}\" dropped, it had {}",
                    words(permissions)
                )
            }
            Fact::GeneralConnectionDropped { permissions } => format!(
                "general connection permission {} dropped, apps have none in 2026.1",
                words(permissions)
            ),
            Fact::GeneralResourceDropped { permissions } => format!(
                "general resource permission {} dropped, apps have none in 2026.1",
                words(permissions)
            ),
            Fact::TokenMissing { token: Some(token) } => {
                format!("token \"{token}\" is not in the archive, so the app is disabled")
            }
            Fact::TokenMissing { token: None } => {
                "the app names no token, so it is disabled".to_owned()
            }
            Fact::TokenUnrestricted {
                token,
                expanded: false,
            } => format!(
                "token \"{token}\" is unrestricted and names no connection, so none is carried"
            ),
            Fact::TokenUnrestricted {
                token,
                expanded: true,
            } => format!(
                "token \"{token}\" is unrestricted; only connections that a workspace declares \
                 and the owner may run are carried"
            ),
            Fact::TokenDisabled { token } => {
                format!("token \"{token}\" is disabled, so the app is disabled")
            }
            Fact::TokenExpired { token, expires } => {
                format!("token \"{token}\" expired on {expires}, so the app is disabled")
            }
            Fact::TokenExpiryLost { token, expires } => format!(
                "token \"{token}\" would have expired on {expires}; the app will not expire"
            ),
            Fact::TokenExpiryUnreadable { token } => format!(
                "the expiration date of token \"{token}\" cannot be read, so the app is disabled"
            ),
            Fact::TokenShared { token, apps } => {
                format!("token \"{token}\" is shared by {apps} apps; each gets its permissions")
            }
            Fact::TokenOwnerDiffers { token, owner, user } => format!(
                "token \"{token}\" belongs to \"{user}\" but the app to \"{owner}\"; in 2026.1 the \
                 app has the owner's rights"
            ),
            Fact::TokenRetired {
                token,
                user,
                grants,
            } => format!(
                "token \"{token}\" of \"{user}\" retired, with its role and {grants} grants"
            ),
            Fact::RoleKept { role } => {
                format!("role \"{role}\" kept, because something else is registered on it too")
            }
            Fact::OwnerLacksConnection {
                owner,
                connection,
                roles_unknown: 0,
            } => {
                format!("owner \"{owner}\" may not run connection \"{connection}\"")
            }
            Fact::OwnerLacksConnection {
                owner,
                connection,
                roles_unknown,
            } => format!(
                "owner \"{owner}\" may not run connection \"{connection}\" by anything in the \
                 archive ({roles_unknown} of the owner's roles are not in it)"
            ),
            Fact::ConnectionNotInArchive { connection } => {
                format!("connection \"{connection}\" is not in the archive")
            }
            Fact::AppKindUnverified { kind } => format!(
                "apps of the kind {kind} were not seen in any archive; this one is migrated like \
                 the others"
            ),
            Fact::AppAlreadyUpgraded => "the app is in its 2026.1 form already".to_owned(),
            Fact::StampsKept {
                schema,
                asked: false,
            } => format!(
                "build and schema stay as they are: FME Flow itself has to upgrade the rest of \
                 schema {schema}"
            ),
            Fact::StampsKept { asked: true, .. } => {
                "build and schema stay as they are, as asked".to_owned()
            }
            Fact::StampsForced { schema, build } => format!(
                "stamped build {build} as asked; FME Flow will not upgrade the rest of schema \
                 {schema}"
            ),
        }
    }

    /// What can be done, in one line.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self.fact {
            Fact::ResourceDropped { .. } => {
                "if the app has file parameters, add the folder after the restore: the app's Edit \
                 page, Resource Permissions, Add Resources"
            }
            Fact::TokenMissing { .. }
            | Fact::TokenDisabled { .. }
            | Fact::TokenExpired { .. }
            | Fact::TokenExpiryUnreadable { .. } => {
                "it could not run before either; enable it after the restore if it should run"
            }
            Fact::TokenUnrestricted {
                expanded: false, ..
            } => {
                "run again with --expand-unrestricted, or add the connections after the restore: \
                 the app's Edit page, Connection Permissions"
            }
            Fact::TokenUnrestricted { expanded: true, .. } => {
                "compare the carried connections with what the app needs"
            }
            Fact::TokenExpiryLost { .. } => "disable the app by hand on that day if it matters",
            Fact::TokenOwnerDiffers { .. } => {
                "check that the app's owner may do what the token's user may"
            }
            Fact::OwnerLacksConnection { .. } => {
                "share the connection with the owner, or give the app another owner"
            }
            Fact::ConnectionNotInArchive { .. } => {
                "make sure the server you restore to has a connection of that name"
            }
            Fact::AppKindUnverified { .. } => "try this app first after the restore",
            Fact::StampsForced { .. } => "restore to a test server first",
            _ => return None,
        })
    }
}

/// Permissions as they are read: with a blank after each comma.
fn words(permissions: &Permissions) -> String {
    permissions.to_string().replace(',', ", ")
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 5)?;
        fields.serialize_field("code", self.code().as_str())?;
        fields.serialize_field("level", &self.level())?;
        fields.serialize_field("app", &self.app)?;
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
