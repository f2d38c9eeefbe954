//! What a restore really did: the archive that was planned against an export of the new server.
//!
//! The plan says what every app should have; the export says what it has. What nobody can tell is an
//! outcome of its own and never reads as success.

mod error;
mod expected;
mod judge;
mod log;
pub(crate) mod matching;
mod outcome;
mod planned_archive;
mod run;
mod states;

use std::sync::Arc;

use serde::Serialize;

use crate::flow::{AppKind, Build, Identifier, Permissions, Schema};
use crate::package::PackageKind;
use crate::plan::Owner;
pub use error::CompareError;
pub use expected::AppState;
pub use outcome::{AppOutcome, ConnectionOutcome, ResourceOutcome, StableWord, TokenOutcome};
pub(crate) use planned_archive::PlannedArchive;
pub use run::{Aids, Before, compare};

/// What a comparison found. Serialises to the JSON contract.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// What was planned.
    pub before: ComparedArchive,
    /// What the server exported.
    pub after: ComparedArchive,
    /// Every app of either side, by kind and name.
    pub apps: Vec<ComparedApp>,
    /// What a reader should know besides.
    pub remarks: Vec<String>,
}

/// One of the two archives.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedArchive {
    /// As given on the command line, or as the history has it.
    pub path: String,
    /// In hexadecimal; none where the history has none.
    pub sha256: Option<Arc<str>>,
    /// Project or backup; none where the history does not know.
    pub kind: Option<PackageKind>,
    /// `CONFIG_SERVER_VERSION`.
    pub build: Option<Build>,
    /// `CONFIG_SCHEMA_VERSION`.
    pub schema: Option<Schema>,
}

/// What became of an app.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedApp {
    /// Its kind.
    pub kind: AppKind,
    /// Its name, as it was.
    pub name: Arc<str>,
    /// Its Flow App Identifier, as planned; of an extra app, its own.
    pub identifier: Identifier,
    /// Who owned it, or owns it.
    pub owner: Owner,
    /// Who owns it now, where that is somebody else.
    pub owner_now: Option<Owner>,
    /// What became of it; [`AppOutcome::Same`] stands alone.
    pub outcomes: Vec<AppOutcome>,
    /// Its Connections, by name.
    pub connections: Vec<ComparedConnection>,
    /// Its Resources, by name.
    pub resources: Vec<ComparedResource>,
    /// The token it used.
    pub token: Option<ComparedToken>,
}

/// What became of a permission on a Connection.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedConnection {
    /// Its name.
    pub connection: Arc<str>,
    /// What became of it.
    pub outcome: ConnectionOutcome,
    /// What was planned.
    pub expected: Option<Permissions>,
    /// What is there.
    pub found: Option<Permissions>,
    /// Whether the server's log names app and Connection in one message; none without a log.
    pub logged: Option<bool>,
}

/// What became of a permission on a Resource.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedResource {
    /// Its name.
    pub resource: Arc<str>,
    /// What became of it.
    pub outcome: ResourceOutcome,
    /// What was dropped, or is there now.
    pub permissions: Permissions,
}

/// What became of a token.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedToken {
    /// Its name.
    pub name: Arc<str>,
    /// What became of it.
    pub outcome: TokenOutcome,
}

impl ComparedApp {
    /// Whether everything about it is as planned.
    pub fn is_as_planned(&self) -> bool {
        self.outcomes.iter().all(|it| it.is_as_planned())
            && self.connections.iter().all(|it| it.outcome.is_as_planned())
            && self.token.iter().all(|it| it.outcome.is_as_planned())
    }

    /// Whether it has more than was planned.
    pub fn has_gained(&self) -> bool {
        let gained = |it: &ComparedConnection| match (it.outcome, &it.expected, &it.found) {
            (ConnectionOutcome::Extra, ..) => true,
            (ConnectionOutcome::LevelDiffers, Some(expected), Some(found)) => {
                !found.iter().all(|word| expected.contains(word))
            }
            _ => false,
        };
        self.outcomes.contains(&AppOutcome::EnabledUnexpectedly)
            || self.connections.iter().any(gained)
            || self
                .token
                .iter()
                .any(|it| it.outcome == TokenOutcome::Alive)
    }
}

impl Comparison {
    /// Whether the server has what was planned, and all of it could be seen.
    pub fn is_as_planned(&self) -> bool {
        self.apps.iter().all(ComparedApp::is_as_planned)
    }
}
