//! The kinds of item in FME Flow's generic tree that matter, and how one leads to the next.
//!
//! `data.xml` knows only items in itemtypes (seen: `categories > security > user_tokens > …`). What
//! an item means follows from the itemtypes and names above it; this is that map.

use crate::flow::{AppKind, Category};
use crate::target;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
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
    ManualKey,
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
    Role,
    User,
    /// A user that is known from elsewhere, such as a directory.
    UserMapping,
    /// A role that is registered on a user, a token or anything else.
    RoleRegistration,
    /// An item of `app_resource_categories` whose name is not known yet.
    SecuredCategory,
    SecuredOf(Category),
    Secured(Category),
    Grant,
    Permission,
    /// Of no interest, nor is anything in it.
    Passed,
}

impl ItemKind {
    /// The kind of the items of `itemtype` under an item of this kind.
    pub(super) fn child(self, itemtype: &str) -> Self {
        match (self, itemtype) {
            (Self::Document, "categories") => Self::Category,
            (Self::Projects, "projects") => Self::Project,
            (Self::Project, "project_items") => Self::ProjectItem,
            (Self::Connections, "named_connections") => Self::Connection,
            (Self::Automations, "automations") => Self::Automation,
            (Self::Automation, "node") => Self::Node,
            (Self::Automation, "manual_key") => Self::ManualKey,
            (Self::Node, "param") | (Self::Automation, "globals") => Self::NodeParameter,
            (Self::Apps(kind), items) if kind.items() == Some(items) => Self::App(kind),
            (Self::Apps(_), _) => Self::PerhapsApp,
            (Self::App(_), "params") => Self::Parameter,
            (Self::App(_) | Self::PerhapsApp, target::ENTRIES) => Self::Entry,
            (Self::App(AppKind::Gallery), "links") => Self::Link,
            (Self::Security, "user_tokens") => Self::Token,
            (Self::Security, "roles") => Self::Role,
            (Self::Security, "users") => Self::User,
            (Self::Security, "userMappings") => Self::UserMapping,
            (Self::Security, "app_resource_categories") => Self::SecuredCategory,
            // Wherever in security it stands: what is registered on a role needs it.
            (
                Self::Token
                | Self::User
                | Self::Role
                | Self::InSecurity
                | Self::Security
                | Self::SecuredCategory
                | Self::SecuredOf(_)
                | Self::Secured(_)
                | Self::Grant,
                "user_role_registrations",
            ) => Self::RoleRegistration,
            (Self::InSecurity | Self::Security, _) => Self::InSecurity,
            (Self::SecuredOf(category), "app_resources") => Self::Secured(category),
            (Self::SecuredOf(_) | Self::Secured(_), "role_permissions") => Self::Grant,
            (Self::Grant, "permissions") => Self::Permission,
            _ => Self::Passed,
        }
    }

    /// The kind of an item of this kind that is called `name`.
    pub(super) fn called(self, name: &str) -> Self {
        match self {
            Self::Category => match name {
                "project" => Self::Projects,
                "named_connection" => Self::Connections,
                "automation" => Self::Automations,
                "security" => Self::Security,
                _ if name.starts_with("server_") => Self::Apps(AppKind::of_category(name)),
                _ => Self::Passed,
            },
            Self::SecuredCategory => Self::SecuredOf(Category::named(name)),
            other => other,
        }
    }

    /// Whether `name`, by which `reading` makes `found` of this kind, would mean more in other capitals: it
    /// was changed, for FME Flow's own names are always written alike.
    pub(super) fn is_misspelled(
        self,
        found: Self,
        name: &str,
        reading: fn(Self, &str) -> Self,
    ) -> bool {
        if let Self::SecuredOf(category) = found {
            return Category::in_any_case(name) != category;
        }
        !found.is_known()
            && name.bytes().any(|byte| byte.is_ascii_uppercase())
            && reading(self, &name.to_ascii_lowercase()).is_known()
    }

    const fn is_known(self) -> bool {
        !matches!(
            self,
            Self::Passed | Self::InSecurity | Self::PerhapsApp | Self::Apps(AppKind::Other)
        )
    }

    /// Whether FME Flow gives the items of this kind their names, never a person.
    pub(super) const fn has_fixed_names(self) -> bool {
        matches!(
            self,
            Self::Category | Self::SecuredCategory | Self::Permission
        )
    }

    /// Whether items of this kind can be taken out.
    pub(super) const fn is_removable(self) -> bool {
        matches!(
            self,
            Self::ProjectItem | Self::Token | Self::Role | Self::Grant | Self::Entry
        )
    }
}
