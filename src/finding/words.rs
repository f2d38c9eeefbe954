//! Findings in words: what is the case, and what can be done about it.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Code, Fact, Finding, Lacking};
use crate::flow::{Permissions, folder_of};
use crate::workspace::Usage;

impl Finding {
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
            Fact::ConnectionNeededNotGranted {
                connection,
                workspace,
                usage: Usage::Internal,
                lacking,
            } => format!(
                "workspace \"{workspace}\" uses connection \"{connection}\" by itself, no \
                 permission to run it is carried, so it runs with the owner's rights{}",
                lacking.as_deref().map_or(String::new(), lack)
            ),
            Fact::ConnectionNeededNotGranted {
                connection,
                workspace,
                usage,
                ..
            } => format!(
                "workspace \"{workspace}\" needs connection \"{connection}\" ({}), and no \
                 permission to run it is carried",
                usage.as_str().to_lowercase()
            ),
            Fact::ConnectionUnused { connection } => format!(
                "connection \"{connection}\" is carried, but no workspace of the app declares it"
            ),
            Fact::ResourceActionNeeded {
                resource,
                parameters,
                ..
            } => format!(
                "resource \"{resource}\" has to be added again by hand, for the app asks for \
                 files: {}",
                names(parameters)
            ),
            Fact::ResourceWithoutFileParameter { resource } => format!(
                "resource \"{resource}\" cannot be added again: the app asks for no file, so it \
                 has no Resource Permissions tab in 2026.1"
            ),
            Fact::WorkspaceMissing { workspace } => format!(
                "workspace \"{workspace}\" is not in the archive, so what it needs is unknown"
            ),
            Fact::WorkspaceUnreadable { workspace, why, .. } => {
                format!("what workspace \"{workspace}\" needs is unknown: {why}")
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
    pub fn help(&self) -> Option<Cow<'static, str>> {
        match &self.fact {
            Fact::TokenUnrestricted { expanded: true, .. } => {
                Some("compare the carried connections with what the app needs".into())
            }
            Fact::ConnectionNeededNotGranted {
                usage: Usage::Internal,
                lacking,
                ..
            } => lacking.as_ref().map(|_| SHARE.into()),
            Fact::ConnectionNeededNotGranted { connection, .. } => Some(
                format!(
                    "after the restore, open the app's Edit page, go to Connection Permissions and \
                     add \"{connection}\" with Run"
                )
                .into(),
            ),
            Fact::ResourceActionNeeded {
                resource,
                permissions,
                ..
            } => Some(clicks(resource, permissions).into()),
            Fact::WorkspaceUnreadable {
                limit: Some(limit), ..
            } => Some(limit.help().into()),
            _ => self.code().help().map(Cow::Borrowed),
        }
    }
}

/// What can be done where an owner may not run a connection.
const SHARE: &str = "share the connection with the owner, or give the app another owner";

impl Code {
    /// What can be done about any finding of this code, in one line.
    pub const fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::ResourceDropped => {
                "if the app has file parameters, add the folder after the restore: the app's Edit \
                 page, Resource Permissions, Add Resources"
            }
            Self::ResourceActionNeeded => {
                "after the restore, open the app's Edit page, go to Resource Permissions, click Add \
                 Resources, choose the folder and give it the permissions that were dropped"
            }
            Self::TokenMissing
            | Self::TokenDisabled
            | Self::TokenExpired
            | Self::TokenExpiryUnreadable => {
                "it could not run before either; enable it after the restore if it should run"
            }
            Self::TokenUnrestricted => {
                "run again with --expand-unrestricted, or add the connections after the restore: \
                 the app's Edit page, Connection Permissions"
            }
            Self::TokenExpiryLost => "disable the app by hand on that day if it matters",
            Self::TokenOwnerDiffers => {
                "check that the app's owner may do what the token's user may"
            }
            Self::OwnerLacksConnection => SHARE,
            Self::ConnectionNotInArchive => {
                "make sure the server you restore to has a connection of that name"
            }
            Self::ConnectionNeededNotGranted => {
                "after the restore, open the app's Edit page, go to Connection Permissions and add \
                 it with Run, or share it with the owner where only the owner's rights are missing"
            }
            Self::ConnectionUnused => {
                "remove it after the restore if the app does not need it: the app's Edit page, \
                 Connection Permissions"
            }
            Self::ResourceWithoutFileParameter => {
                "no effect is expected, but a workspace can also name a folder in a path: try the \
                 app once after the restore"
            }
            Self::WorkspaceMissing => {
                "make sure the server you restore to has the workspace, and look up there which \
                 connections and files it asks for"
            }
            Self::WorkspaceUnreadable => {
                "open it in FME Workbench and look up which connections and files it asks for"
            }
            Self::AppKindUnverified => "try this app first after the restore",
            Self::StampsForced => "restore to a test server first",
            _ => return None,
        })
    }
}

/// Permissions as they are read: with a blank after each comma.
fn words(permissions: &Permissions) -> String {
    permissions.to_string().replace(',', ", ")
}

/// Who may not run a connection, at the end of a line.
fn lack(lacking: &Lacking) -> String {
    let Lacking {
        owner,
        roles_unknown,
    } = lacking;
    match roles_unknown {
        0 => format!("; but owner \"{owner}\" may not run it"),
        _ => format!(
            "; but owner \"{owner}\" may not run it by anything in the archive ({roles_unknown} of \
             the owner's roles are not in it)"
        ),
    }
}

/// How a dropped resource is given back, click by click (documented).
fn clicks(resource: &str, permissions: &Permissions) -> String {
    let folder = folder_of(resource).map_or_else(
        || format!("\"{resource}\""),
        |folder| format!("{folder} ({resource})"),
    );
    format!(
        "after the restore, open the app's Edit page, go to Resource Permissions, click Add \
         Resources, choose {folder} and give it what it had: {}",
        words(permissions)
    )
}

/// Names in quotes, in a row.
fn names(names: &[Arc<str>]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}
