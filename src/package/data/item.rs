//! The kinds of item in FME Flow's generic tree that matter, and how one leads to the next.
//!
//! `data.xml` knows only items in itemtypes (seen: `categories > security > user_tokens > …`). What
//! an item means follows from the itemtypes and names above it; this is that map, the only place
//! that knows FME Flow's names for them.

use super::open::utf8;
use crate::flow::{AppKind, Category};
use crate::target;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The document itself, as if it were an item.
    Document,
    /// An item of `categories` whose name is not known yet.
    Category,
    Projects,
    Project,
    ProjectItem,
    Connections,
    Connection,
    Automations,
    Automation,
    Node,
    NodeParameter,
    /// A category of apps.
    Apps(AppKind),
    App(AppKind),
    /// An item in a category of apps that is one only if it has a token.
    PerhapsApp,
    Parameter,
    /// An identifier entry of an app.
    Entry,
    Link,
    Security,
    /// An item of security that is not known.
    InSecurity,
    Token,
    TokenRole,
    Role,
    User,
    UserRole,
    /// A role registration on anything else.
    OtherRole,
    /// An item of `app_resource_categories` whose name is not known yet.
    SecuredCategory,
    SecuredOf(Category),
    Secured(Category),
    Grant,
    Permission,
    /// Of no interest, nor is anything in it.
    Passed,
}

impl Kind {
    /// The kind of the items of `itemtype` under an item of this kind.
    pub(super) fn child(self, itemtype: &[u8]) -> Self {
        match (self, itemtype) {
            (Self::Document, b"categories") => Self::Category,
            (Self::Projects, b"projects") => Self::Project,
            (Self::Project, b"project_items") => Self::ProjectItem,
            (Self::Connections, b"named_connections") => Self::Connection,
            (Self::Automations, b"automations") => Self::Automation,
            (Self::Automation, b"node") => Self::Node,
            (Self::Node, b"param") => Self::NodeParameter,
            (Self::Apps(AppKind::Workspace), b"server_apps") => Self::App(AppKind::Workspace),
            (Self::Apps(AppKind::Automation), b"server_automation_apps") => {
                Self::App(AppKind::Automation)
            }
            (Self::Apps(AppKind::Ar), b"server_ar_apps") => Self::App(AppKind::Ar),
            (Self::Apps(AppKind::Gallery), b"server_app_suites") => Self::App(AppKind::Gallery),
            (Self::Apps(_), _) => Self::PerhapsApp,
            (Self::App(_), b"params") => Self::Parameter,
            (Self::App(_) | Self::PerhapsApp, list) if list == target::ENTRIES.as_bytes() => {
                Self::Entry
            }
            (Self::App(AppKind::Gallery), b"links") => Self::Link,
            (Self::Security, b"user_tokens") => Self::Token,
            (Self::Security, b"roles") => Self::Role,
            (Self::Security, b"users") => Self::User,
            (Self::Security, b"app_resource_categories") => Self::SecuredCategory,
            (Self::Token, b"user_role_registrations") => Self::TokenRole,
            (Self::User, b"user_role_registrations") => Self::UserRole,
            (Self::InSecurity | Self::Security | Self::Role, b"user_role_registrations") => {
                Self::OtherRole
            }
            (Self::InSecurity | Self::Security, _) => Self::InSecurity,
            (Self::SecuredOf(category), b"app_resources") => Self::Secured(category),
            (Self::SecuredOf(_) | Self::Secured(_), b"role_permissions") => Self::Grant,
            (Self::Grant, b"permissions") => Self::Permission,
            _ => Self::Passed,
        }
    }

    /// The kind of an item of this kind that is called `name`.
    pub(super) fn called(self, name: &[u8]) -> Self {
        match self {
            Self::Category => match name {
                b"project" => Self::Projects,
                b"named_connection" => Self::Connections,
                b"automation" => Self::Automations,
                b"security" => Self::Security,
                b"server_app" => Self::Apps(AppKind::Workspace),
                b"server_automation_app" => Self::Apps(AppKind::Automation),
                b"server_ar_app" => Self::Apps(AppKind::Ar),
                b"server_app_suite" => Self::Apps(AppKind::Gallery),
                _ if name.starts_with(b"server_") => Self::Apps(AppKind::Other),
                _ => Self::Passed,
            },
            Self::SecuredCategory => Self::SecuredOf(Category::named(utf8(name))),
            other => other,
        }
    }

    /// The attributes of an item of this kind that are kept.
    pub(super) fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::App(_) | Self::PerhapsApp => &[
                "name",
                "ownerid",
                "owner",
                "token",
                "tokenvalue",
                target::ENABLED,
                target::UPLOADS,
                "repo",
                "workspace",
                "automationid",
            ],
            Self::Parameter => &[target::PARAMETER],
            Self::Entry => &[target::ENTRY_IDENTIFIER, target::ENTRY_PERMISSIONS],
            Self::Link => &["type", "link"],
            Self::ProjectItem => &["itemtype", "itemscope", "itemname"],
            Self::Connection | Self::Secured(_) => &["ownerid", "owner"],
            Self::NodeParameter => &["value"],
            Self::Token => &[
                "name",
                "userid",
                "is_enabled",
                "is_restricted",
                "expirationdate",
            ],
            Self::Role => &["name", "isinternal"],
            Self::User => &["username"],
            _ => &[],
        }
    }

    /// Whether items of this kind can be taken out.
    pub(super) const fn is_removable(self) -> bool {
        matches!(
            self,
            Self::ProjectItem | Self::Token | Self::Role | Self::Grant
        )
    }
}

/// Attributes of which only the place is kept, never the value: they are secrets.
pub(super) fn is_secret(attribute: &str) -> bool {
    attribute == "tokenvalue"
}
