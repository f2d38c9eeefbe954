//! The comparison of two archives.

use std::path::Path;
use std::sync::Arc;

use super::planned_archive::PlannedArchive;
use super::{CompareError, ComparedArchive, Comparison, expected, judge, log};
use crate::clock::Clock;
use crate::error::Error;
use crate::flow::Build;
use crate::history::{ArchiveRecord, TaskDetail};
use crate::limits::Limits;
use crate::package::PackageKind;
use crate::plan::{Options, Outcome};
use crate::profile::Profile;
use crate::watch::Watch;

/// What was planned.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// In this archive, original or upgraded.
    Archive(&'a Path),
    /// When this recorded task ran.
    Task(&'a TaskDetail),
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
    let exported = PlannedArchive::open(after, options, clock, watch)?;
    if exported.plan.outcome != Outcome::Current {
        if let Before::Archive(path) = before {
            let planned = PlannedArchive::open(path, options, clock, watch)?;
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
            let planned = PlannedArchive::open(path, options, clock, watch)?;
            (planned.side()?, planned.states(limits, aids.profile)?)
        }
        Before::Task(detail) => (recorded(detail), expected::recorded(detail)),
    };
    let after_side = exported.side()?;
    if side.sha256.is_some() && side.sha256 == after_side.sha256 {
        return Err(CompareError::SameArchive.into());
    }
    let found = judge::ServerState {
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

/// The archive of a recorded task.
fn recorded(detail: &TaskDetail) -> ComparedArchive {
    let task = &detail.task;
    let ArchiveRecord {
        path,
        sha256,
        build,
        schema,
        ..
    } = &task.source;
    let kinds = [PackageKind::Project, PackageKind::Backup];
    ComparedArchive {
        path: path.clone(),
        sha256: sha256.as_deref().map(Arc::from),
        kind: kinds
            .into_iter()
            .find(|kind| task.kind.as_deref() == Some(kind.as_str())),
        build: build.map(Build),
        schema: schema.as_deref().and_then(|schema| schema.parse().ok()),
    }
}
