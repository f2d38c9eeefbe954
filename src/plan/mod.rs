//! Decides everything: what becomes of each app, token and grant, and which bytes change for it.
//!
//! A plan is a pure function of a package, the options and the time of the run; with a profile its edits
//! are whole once [`Plan::place`] was handed `data.xml` again, for the places that the profile names.
//! `plan`, `--dry-run` and `migrate` share it, so they cannot disagree.

mod access;
mod app;
mod counts;
mod entry_budget;
mod gallery;
mod impacts;
mod linked;
mod make;
mod needs;
mod place;
mod removed;
mod runnable;
mod stamps;
mod surplus;
mod token;
mod token_state;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer, Serialize};

use crate::edit::Edits;
use crate::finding::{Finding, Impact};
use crate::flow::{
    AppKind, Build, Carried, CarriedResource, Dropped, Identifier, Schema, ServerTime,
};
use crate::limits::Limits;
use crate::package::{Document, PackageKind};
use crate::profile::{Addition, Profile};
use crate::target::{self, Form};
use crate::workspace::{DeclaredConnection, Header};
pub use counts::Counts;
pub use impacts::Impacts;
pub use make::plan;
pub use token::tokens_without_app;

/// What an app with an unrestricted token gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unrestricted {
    /// Nothing, since nothing was granted explicitly.
    #[default]
    Nothing,
    /// The connections that its workspaces declare and its owner may run.
    Declared,
}

/// What becomes of Resource permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OfResources {
    /// They are dropped, as FME Flow itself does.
    #[default]
    Dropped,
    /// They are carried where the profile knows how.
    Carried,
}

/// What a user may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Of the upgraded archive.
    pub form: Form,
    /// Of apps with an unrestricted token.
    pub unrestricted: Unrestricted,
    /// Of Resource permissions.
    pub resources: OfResources,
    /// The build that a final archive is stamped with.
    pub target_build: Build,
    /// How much of an archive is believed when it is read.
    pub limits: Limits,
    /// Where the server keeps what apps may do, in the final form; read once and kept for the whole run.
    pub profile: Option<&'static Profile>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            form: Form::default(),
            unrestricted: Unrestricted::default(),
            resources: OfResources::default(),
            target_build: target::BUILD,
            limits: Limits::default(),
            profile: None,
        }
    }
}

/// Whether there is anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The archive comes from 2026.1 or later.
    Current,
    /// No byte of the archive would change: the original is what to restore.
    Unchanged,
    /// An upgraded archive is to be written.
    Planned,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Current => "current",
            Self::Unchanged => "unchanged",
            Self::Planned => "planned",
        })
    }
}

/// Build and schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// `CONFIG_SERVER_VERSION`.
    pub build: Build,
    /// `CONFIG_SCHEMA_VERSION`.
    pub schema: Schema,
}

/// What will be done to an archive.
#[derive(Debug)]
pub struct Plan {
    /// Whether there is anything to do.
    pub outcome: Outcome,
    /// The form that the upgraded archive would have.
    pub form: Form,
    /// Project or backup.
    pub kind: PackageKind,
    /// The stamps as they are.
    pub source: Stamp,
    /// The stamps as they will be.
    pub target: Stamp,
    /// Every app, by kind and name.
    pub apps: Vec<PlannedApp>,
    /// What there is to say: of the apps in their order, then of the archive.
    pub findings: Vec<Finding>,
    /// What is still to be added where a profile says: see [`Plan::place`].
    pub additions: Option<Addition>,
    /// Which bytes change.
    pub edits: BTreeMap<Document, Edits>,
}

impl Plan {
    /// Every app with its findings.
    pub fn findings_by_app(&self) -> impl Iterator<Item = (&PlannedApp, &[Finding])> {
        let mut rest = self.findings.as_slice();
        self.apps.iter().map(move |app| {
            let is_own = |finding: &&Finding| finding.identifier() == Some(app.identifier);
            let count = rest.iter().take_while(is_own).count();
            let (own, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = others;
            (app, own)
        })
    }

    /// The findings that are of the archive and not of one app.
    pub fn archive_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.app.is_none())
    }

    /// Whether no byte changes.
    pub fn is_empty(&self) -> bool {
        self.edits.values().all(Edits::is_empty)
    }
}

/// What becomes of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedApp {
    /// Its kind.
    pub kind: AppKind,
    /// Its name.
    pub name: Arc<str>,
    /// What secures its permissions from now on.
    pub identifier: Identifier,
    /// Whether it will work as it did.
    pub impact: Impact,
    /// Who owns it.
    pub owner: Owner,
    /// The token it used; none where it names none.
    pub token: Option<PlannedToken>,
    /// Whether it will run; none where no token is involved.
    pub enabled: Option<bool>,
    /// Whether it takes uploads; none for all but Workspace Apps.
    pub temporary_uploads: Option<bool>,
    /// Permissions on connections that go to the identifier, by connection.
    pub carried: Arc<[Carried]>,
    /// Permissions on resources that a profile carries, by resource.
    pub carried_resources: Vec<CarriedResource>,
    /// Permissions on resources that are lost, by resource.
    pub dropped: Vec<Dropped>,
    /// The workspaces it runs, as far as they could be read.
    pub workspaces: Vec<WorkspaceUse>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Owner {
    /// Key.
    pub id: Arc<str>,
    /// Login name; the key where the archive does not hold the user.
    pub name: Arc<str>,
}

/// A token that an app used; only the name is known where the token is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedToken {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it was switched on.
    pub enabled: Option<bool>,
    /// Whether it held explicit grants only.
    pub restricted: Option<bool>,
    /// When it expires, in the server's own time.
    pub expires: Option<ServerTime>,
    /// Whether it is removed.
    pub retired: Option<bool>,
}

/// A workspace that an app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceUse {
    /// `repository/name`.
    pub path: String,
    /// What it declares.
    pub header: Arc<Header>,
}

impl Serialize for WorkspaceUse {
    /// Names of its file parameters, and the connections it declares by name.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut connections: Vec<_> = self.header.connections.iter().collect();
        connections.sort_by_key(|connection| &connection.name);
        let mut fields = serializer.serialize_struct("WorkspaceUse", 3)?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("file_parameters", &self.header.file_parameters)?;
        fields.serialize_field("connections", &connections)?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for WorkspaceUse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Used {
            path: String,
            file_parameters: Vec<String>,
            connections: Vec<DeclaredConnection>,
        }
        let used = Used::deserialize(deserializer)?;
        let header = Header {
            connections: used.connections,
            file_parameters: used.file_parameters,
            ..Header::default()
        };
        Ok(Self {
            path: used.path,
            header: Arc::new(header),
        })
    }
}
