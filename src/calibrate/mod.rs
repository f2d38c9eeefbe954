//! Learns from one restore where a server keeps what its apps may do.
//!
//! What each app should have is known from the archive that was imported. Somewhere in the export of
//! the new server there is a place that holds exactly that; it is found by its content, not by its name.
//! Every place where an app meets a Connection is generalised to a shape, and a shape whose pairs are
//! exactly the plan's is the place. Nothing is taken that chance or something else explains as well.

mod confirm;
mod encoding;
mod error;
mod expected;
mod expiry;
mod instances;
mod known;
mod learn;
mod lesson;
mod lists;
mod meetings;
mod probe;
mod relation;
mod replay;
mod search;
mod separators;
mod shape;
mod strength;

use std::path::Path;

use crate::archive::sha256;
use crate::clock::Clock;
use crate::compare::PlannedArchive;
use crate::error::Error;
use crate::limits::Limits;
use crate::plan::{Options, Outcome};
use crate::profile::{Evidence, Holds, Profile, Status, VERSION};
use crate::watch::Watch;
pub use confirm::confirm;
pub use error::{CalibrateError, Unlearned};
pub use expected::GivenBack;
use expected::{Expected, names};
use known::Known;
pub use probe::probe;
use search::PlaceSearch;
pub use strength::Strength;

/// What was learned.
#[derive(Debug, Clone)]
pub struct Learned {
    /// To be kept.
    pub profile: Profile,
    /// What was looked at and left out, in sentences.
    pub ruled_out: Vec<String>,
    /// Why it is not known where an app's expiry stands, where that is so.
    pub expiry: Option<&'static str>,
}

/// What is asked for beside the two archives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalibrateOptions {
    /// How little evidence is taken.
    pub strength: Strength,
    /// Resource permissions that somebody gave back to apps on the new server before the export.
    pub given_back: Vec<GivenBack>,
}

/// Learns where the server that exported `after` keeps what the tokens of `before` held.
///
/// # Errors
/// When an archive cannot be read, or what there is does not tell.
pub fn calibrate(
    before: &Path,
    after: &Path,
    how: &CalibrateOptions,
    limits: Limits,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Learned, Error> {
    let options = Options {
        limits,
        ..Options::default()
    };
    let imported = PlannedArchive::open(before, options, clock, watch)?;
    if imported.plan.outcome == Outcome::Current {
        let build = imported.plan.source.build;
        return Err(CalibrateError::NoTokens { build }.into());
    }
    let exported = PlannedArchive::open(after, options, clock, watch)?;
    if exported.plan.outcome != Outcome::Current {
        let build = exported.plan.source.build;
        return Err(CalibrateError::NotExported { build }.into());
    }
    let expected = Expected::new(&imported, &exported);
    let connections = expected.connections();
    let evidence = evidence(
        &connections,
        [sha256(before)?, sha256(after)?].map(|it| it.to_string()),
    );
    if evidence.pairs == 0 {
        return Err(CalibrateError::NothingGranted.into());
    }
    let search = PlaceSearch {
        before: &imported,
        after: &exported,
        strength: how.strength,
        names: names([&imported.package, &exported.package]),
    };
    let mut found = search.find(Holds::Connections, connections)?;
    if !how.given_back.is_empty() {
        let resources = expected.resources(&how.given_back)?;
        found.add(search.find(Holds::Resources, resources)?);
    }
    let (expiry, no_expiry) = match search.expiry(&found.known)? {
        Ok(expiry) => (expiry, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let mut profile = Profile {
        version: VERSION,
        status: Status::Learned,
        schema: exported.plan.source.schema.to_string(),
        build: exported.plan.source.build.0,
        container: exported.plan.kind,
        incomplete: Vec::new(),
        evidence,
        places: found.places.clone(),
        expiry,
    };
    profile.incomplete = search.replay(&profile, &found)?;
    Ok(Learned {
        expiry: no_expiry.filter(|_| {
            !profile.places.iter().any(|place| {
                place
                    .kinds
                    .iter()
                    .any(|kind| profile.keeps_expiry(*kind, true))
            })
        }),
        profile,
        ruled_out: found.ruled_out,
    })
}

fn evidence(known: &Known, [before, after]: [String; 2]) -> Evidence {
    let holding = known.apps.iter().filter(|app| !app.expected.is_empty());
    Evidence {
        before,
        after,
        apps: holding.count(),
        connections: known.items.len(),
        pairs: known.apps.iter().map(|app| app.expected.len()).sum(),
        written: None,
        exported: None,
    }
}
