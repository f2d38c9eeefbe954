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
mod states;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::archive::{Source, sha256};
use crate::clock::Clock;
use crate::error::Error;
use crate::flow::{AppKind, Build, Identifier, Permissions, Schema};
use crate::history::{ArchiveRecord, Detail};
use crate::limits::Limits;
use crate::load::{kind_of, load};
use crate::package::{Package, PackageKind};
use crate::plan::{Options, Outcome, Owner, Plan, plan};
use crate::profile::Profile;
use crate::watch::Watch;
pub use error::CompareError;
pub use expected::{AppState, Held};
pub use outcome::{AppOutcome, ConnectionOutcome, ResourceOutcome, TokenOutcome, Word};

/// What a comparison found. Serialises to the JSON contract.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// What was planned.
    pub before: Side,
    /// What the server exported.
    pub after: Side,
    /// Every app of either side, by kind and name.
    pub apps: Vec<ComparedApp>,
    /// What a reader should know besides.
    pub remarks: Vec<String>,
}

/// One of the two archives.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
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

/// What was planned.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// In this archive, original or upgraded.
    Archive(&'a Path),
    /// When this recorded task ran.
    Task(&'a Detail),
}

/// What is looked at beside the two archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct Aids<'a> {
    /// The server's restore or import log.
    pub log: Option<&'a Path>,
    /// Where the server keeps what its apps may do.
    pub profile: Option<&'a Profile>,
}

/// Compares what was planned with what a server exported.
///
/// # Errors
/// When an archive or the log cannot be read, or the two cannot be compared.
pub fn compare(
    before: Before<'_>,
    after: &Path,
    aids: Aids<'_>,
    limits: Limits,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Comparison, Error> {
    let options = Options {
        limits,
        ..Options::default()
    };
    let exported = Read::open(after, options, clock, watch)?;
    if exported.plan.outcome != Outcome::Current {
        if let Before::Archive(path) = before {
            let planned = Read::open(path, options, clock, watch)?;
            if planned.plan.outcome == Outcome::Current {
                return Err(CompareError::Swapped {
                    before: planned.plan.source.build,
                    after: exported.plan.source.build,
                }
                .into());
            }
        }
        let build = exported.plan.source.build;
        return Err(CompareError::NotExported { build }.into());
    }
    if let Some(profile) = aids.profile {
        profile.suits(&exported.plan.source.schema, exported.plan.kind)?;
    }
    let (side, states) = match before {
        Before::Archive(path) => {
            let planned = Read::open(path, options, clock, watch)?;
            (planned.side()?, planned.states(limits, aids.profile)?)
        }
        Before::Task(detail) => (recorded(detail), expected::recorded(detail)),
    };
    let after_side = exported.side()?;
    if side.sha256.is_some() && side.sha256 == after_side.sha256 {
        return Err(CompareError::SameArchive.into());
    }
    let found = judge::Found {
        states: exported.states(limits, aids.profile)?,
        tokens: exported.tokens(),
        is_partial: side.kind == Some(PackageKind::Project)
            && after_side.kind == Some(PackageKind::Backup),
    };
    let mut comparison = judge::judge((side, &states), (after_side, &found))?;
    if let Some(log) = aids.log {
        comparison.add_log(log)?;
    }
    Ok(comparison)
}

impl Comparison {
    /// Says of every Connection whether the server's log names it together with its app.
    fn add_log(&mut self, log: &Path) -> Result<(), Error> {
        let apps: Vec<&str> = self.apps.iter().map(|app| &*app.name).collect();
        let connections = self.apps.iter().flat_map(|app| &app.connections);
        let mut names: Vec<Arc<str>> = connections.map(|it| Arc::clone(&it.connection)).collect();
        names.sort();
        names.dedup();
        let texts: Vec<&str> = names.iter().map(|name| &**name).collect();
        let found = log::named(log, &apps, &texts)?;
        for (at, app) in self.apps.iter_mut().enumerate() {
            for connection in &mut app.connections {
                let name = names.binary_search(&connection.connection);
                let is_named = name.is_ok_and(|name| found.contains(&(at, name)));
                connection.logged = Some(is_named);
            }
        }
        Ok(())
    }
}

/// An archive that was read and planned.
pub(crate) struct Read {
    pub(crate) source: Source,
    pub(crate) package: Package,
    pub(crate) plan: Plan,
}

impl Read {
    pub(crate) fn open(
        path: &Path,
        options: Options,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Self, Error> {
        let source = Source::open(path)?;
        let package = load(&source, kind_of(&source), options.limits, watch)?;
        let plan = plan(&package, options, clock.timestamp())?;
        Ok(Self {
            source,
            package,
            plan,
        })
    }

    fn side(&self) -> Result<Side, Error> {
        let path = self.source.path();
        Ok(Side {
            path: path.to_string_lossy().into_owned(),
            sha256: Some(sha256(path)?),
            kind: Some(self.plan.kind),
            build: Some(self.plan.source.build),
            schema: Some(self.plan.source.schema.clone()),
        })
    }
}

/// The archive of a recorded task.
fn recorded(detail: &Detail) -> Side {
    let task = &detail.task;
    let ArchiveRecord {
        path,
        sha256,
        build,
        schema,
        ..
    } = &task.source;
    let kinds = [PackageKind::Project, PackageKind::Backup];
    Side {
        path: path.clone(),
        sha256: sha256.as_deref().map(Arc::from),
        kind: kinds
            .into_iter()
            .find(|kind| task.kind.as_deref() == Some(kind.as_str())),
        build: build.map(Build),
        schema: schema.as_deref().and_then(|schema| schema.parse().ok()),
    }
}
