//! The facts behind findings. Serialised with its code as tag, a fact is what the history stores, so
//! variants and fields stay as they are; new ones may come.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Level;
use crate::flow::{AppKind, Permissions, ServerTime};
use crate::limits::Limit;
use crate::workspace::Usage;

/// What is the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the fields are named like what they hold")]
pub enum Fact {
    /// An item permission on a connection goes to the Flow App Identifier.
    ConnectionCarried {
        connection: Arc<str>,
        permissions: Permissions,
    },
    /// A connection is carried that the archive does not hold.
    ConnectionNotInArchive { connection: Arc<str> },
    /// The app's owner may not run a connection that is carried.
    OwnerLacksConnection {
        connection: Arc<str>,
        #[serde(flatten)]
        lacking: Lacking,
    },
    /// A workspace declares a connection that the app holds no carried permission to run.
    ConnectionNeededNotGranted {
        connection: Arc<str>,
        workspace: Arc<str>,
        usage: Usage,
        lacking: Option<Box<Lacking>>,
    },
    /// A connection is carried that no workspace of the app declares.
    ConnectionUnused { connection: Arc<str> },
    /// A workspace names a connection by an expression.
    ConnectionByExpression {
        expression: Arc<str>,
        workspace: Arc<str>,
    },
    /// A permission on connections as such is lost.
    GeneralConnectionDropped { permissions: Permissions },
    /// An item permission on a resource is lost; `judged` where another finding says what that means
    /// to the app.
    ResourceDropped {
        resource: Arc<str>,
        permissions: Permissions,
        judged: bool,
    },
    /// An item permission on a resource goes to the app, where the profile says.
    ResourceCarried {
        resource: Arc<str>,
        permissions: Permissions,
    },
    /// A dropped resource has to be given back by hand, for the app asks for files.
    ResourceActionNeeded {
        resource: Arc<str>,
        permissions: Permissions,
        parameters: Arc<[Arc<str>]>,
    },
    /// A dropped resource is named by a value: of a workspace, or of the app or its automation.
    ResourceNamed {
        resource: Arc<str>,
        workspace: Option<Arc<str>>,
    },
    /// A resource is dropped from an app that asks for no file.
    ResourceWithoutFileParameter { resource: Arc<str>, kind: AppKind },
    /// A permission on resources as such is lost.
    GeneralResourceDropped { permissions: Permissions },
    /// The app names a token that is not in the archive, or none at all.
    TokenMissing { token: Option<Arc<str>> },
    /// Several users have a token of that name, and none of them is the app's owner.
    TokenAmbiguous {
        token: Arc<str>,
        users: Arc<[Arc<str>]>,
    },
    /// The token may do all that its user may.
    TokenUnrestricted { token: Arc<str>, expanded: bool },
    /// The token is switched off.
    TokenDisabled { token: Arc<str> },
    /// The token's time is over.
    TokenExpired {
        token: Arc<str>,
        expires: ServerTime,
    },
    /// The token will expire; where 2026.1 keeps an app's expiry is unknown.
    TokenExpiryLost {
        token: Arc<str>,
        expires: ServerTime,
    },
    /// The token will expire, and so will the app, where the profile says.
    ExpiryCarried {
        token: Arc<str>,
        expires: ServerTime,
    },
    /// The token's expiration date is no date.
    TokenExpiryUnreadable {
        token: Arc<str>,
        /// Its beginning, as written; nothing in a history of before that was kept.
        #[serde(default)]
        date: Arc<str>,
    },
    /// Several apps use the token.
    TokenShared { token: Arc<str>, apps: u32 },
    /// The token belongs to someone other than the app.
    TokenOwnerDiffers {
        token: Arc<str>,
        owner: Arc<str>,
        user: Arc<str>,
    },
    /// The token is removed, with those of its roles that nothing else needs.
    TokenRetired {
        token: Arc<str>,
        user: Arc<str>,
        roles: u32,
        grants: u32,
    },
    /// A retired token could do more than its apps need; others may use it.
    TokenHeldMore {
        token: Arc<str>,
        user: Arc<str>,
        grants: u32,
    },
    /// A retired token's role stays, because something else is registered on it too.
    RoleKept { role: Arc<str> },
    /// Something that is no app names the token too.
    TokenUsedElsewhere {
        token: Arc<str>,
        /// The categories of what names it, as far as they are known.
        #[serde(default)]
        by: Arc<[Arc<str>]>,
    },
    /// A workspace of the app is not in the archive.
    WorkspaceMissing { workspace: Arc<str> },
    /// The automation of the app is not in the archive.
    AutomationMissing { automation: Arc<str> },
    /// The automation of the app is stopped.
    AutomationStopped { automation: Arc<str> },
    /// What a workspace of the app declares cannot be read.
    WorkspaceUnreadable {
        workspace: Arc<str>,
        why: Arc<str>,
        limit: Option<Limit>,
    },
    /// `files.map` names entries that the archive does not have.
    EntriesMissing {
        count: u64,
        first: Arc<[Arc<str>]>,
        /// Whether entries have names with backslashes.
        backslashes: bool,
    },
    /// No real archive shows apps of this kind.
    AppKindUnverified { kind: AppKind },
    /// Whether the app's owner may run what is carried cannot be told from the archive.
    OwnerRightsUnknown {
        owner: Arc<str>,
        connections: Arc<[Arc<str>]>,
        roles_unknown: u32,
    },
    /// The archive does not hold the app's owner.
    OwnerNotInArchive { owner: Arc<str> },
    /// The app's owner is disabled.
    OwnerDisabled { owner: Arc<str> },
    /// A Gallery App links to an app that is not in the archive.
    LinkMissing { app: Arc<str> },
    /// A Gallery App links to an app that will not run.
    LinkDisabled { app: Arc<str> },
    /// The final form has Connection permissions in a place that nobody has confirmed: flowlift's own, or
    /// one that was `learned`.
    FormUnconfirmed {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        learned: bool,
    },
    /// A text calls the REST API of version 1, 2 or 3.
    OldApiCalled {
        #[serde(flatten)]
        found: Occurrence,
    },
    /// A text calls the REST API of version 4 at an address that ends in a slash.
    SlashAtEnd {
        #[serde(flatten)]
        found: Occurrence,
    },
    /// A workspace has a transformer that calls the server.
    TransformerDeprecated {
        transformer: Arc<str>,
        #[serde(flatten)]
        found: Occurrence,
    },
    /// A token stands in a text.
    TokenInText {
        in_address: bool,
        #[serde(flatten)]
        found: Occurrence,
    },
    /// A text requests a token from the token service.
    TokenServiceCalled {
        #[serde(flatten)]
        found: Occurrence,
    },
    /// A user has tokens that no app uses.
    TokensWithoutApp {
        user: Arc<str>,
        tokens: Arc<[Arc<str>]>,
        disabled: u32,
        expired: u32,
        unrestricted: u32,
        beyond_cap: u32,
    },
    /// Webhooks of an automation require no authentication.
    WebhookOpen { automation: Arc<str>, webhooks: u32 },
    /// Secrets are encrypted with a key of the server's own.
    EncryptionRestricted,
    /// Secrets were left out, and there are connections.
    SensitiveLeftOut { connections: u32 },
    /// How many files were searched, and how many were not.
    TextsRead {
        headers: u32,
        texts: u32,
        large: u32,
        binary: u32,
        unreadable: u32,
    },
    /// What no archive can show.
    OutsideTheArchive { what: Outside },
    /// Only the words are known: version 1 of the history kept no facts.
    #[serde(skip)]
    Recorded {
        code: Arc<str>,
        number: u32,
        level: Level,
        message: Arc<str>,
    },
}

impl Fact {
    /// Why an app does not run, in a word or two; none where this does not stop it.
    pub const fn stops_app(&self) -> Option<&'static str> {
        Some(match self {
            Self::TokenMissing { .. } => "token missing",
            Self::TokenAmbiguous { .. } => "token ambiguous",
            Self::TokenDisabled { .. } => "disabled",
            Self::TokenExpired { .. } => "expired",
            Self::TokenExpiryUnreadable { .. } => "expiry unclear",
            Self::TokenOwnerDiffers { .. } => "owner changed",
            _ => return None,
        })
    }
}

/// An owner who may not run a connection; where the archive does not tell, that is another fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// The app owner's name.
    pub owner: Arc<str>,
    /// Names of those who own connections of that name.
    pub connection_owners: Arc<[Arc<str>]>,
}

/// Where in a file something stands; what, is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// An entry of the archive, or an item of `data.xml`.
    pub place: Arc<str>,
    /// The first line it stands in, from 1.
    pub line: u64,
    /// How often it is there.
    pub count: u32,
}

/// What breaks outside of any archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// Load balancers that ask whether the server is well.
    LoadBalancers,
    /// Pipelines and scripts that call the server.
    Pipelines,
    /// Pages that are built on `FMEServer.js`.
    Pages,
    /// `fmeflow-cli` before 1.4.
    CommandLine,
}

impl Outside {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::LoadBalancers,
        Self::Pipelines,
        Self::Pages,
        Self::CommandLine,
    ];
}
