//! A round trip: what flowlift wrote where the profile says was imported, and exported again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::error::CalibrateError;
use crate::archive::sha256;
use crate::clock::Clock;
use crate::compare::matching::{AppMatch, matches};
use crate::compare::{AppState, PlannedArchive};
use crate::error::Error;
use crate::flow::Permissions;
use crate::limits::Limits;
use crate::plan::{Options, Outcome};
use crate::profile::{Holds, Profile, Status};
use crate::watch::Watch;

/// The profile as confirmed: the server that exported `after` has taken all that stands in `written`.
///
/// # Errors
/// When an archive cannot be read, is not of the profile's kind, or the server has other permissions.
pub fn confirm(
    profile: &Profile,
    written: &Path,
    after: &Path,
    limits: Limits,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Profile, Error> {
    let options = Options {
        limits,
        ..Options::default()
    };
    let states = |path: &Path| -> Result<Vec<AppState>, Error> {
        let read = PlannedArchive::open(path, options, clock, watch)?;
        if read.plan.outcome != Outcome::Current {
            let build = read.plan.source.build;
            return Err(CalibrateError::NotExported { build }.into());
        }
        profile.suits(&read.plan.source.schema, read.plan.kind)?;
        read.states(limits, Some(profile))
    };
    let (mine, theirs) = (states(written)?, states(after)?);
    let digests = (sha256(written)?, sha256(after)?);
    if digests.0 == digests.1 {
        return Err(CalibrateError::SameArchive.into());
    }
    let matched = matches(&mine, &theirs);
    let mut apps = 0;
    let mut sets: BTreeSet<BTreeMap<&Arc<str>, &Permissions>> = BTreeSet::new();
    let mut items = BTreeSet::new();
    for (app, to) in mine.iter().zip(&matched.of_before) {
        let held = app.connections.as_ref().filter(|held| !held.is_empty());
        let Some(held) = held else { continue };
        let now = match to {
            AppMatch::One(at) => theirs.get(*at).and_then(|now| now.connections.as_ref()),
            _ => None,
        };
        if now != Some(held) {
            apps += 1;
        }
        items.extend(held.keys());
        sets.insert(held.iter().collect());
    }
    if apps > 0 {
        return Err(CalibrateError::Unconfirmed { apps }.into());
    }
    if sets.len() < 2 || items.len() < 2 {
        return Err(CalibrateError::Weak {
            apps: mine.len(),
            sets: sets.len(),
            holds: Holds::Connections,
            items: items.len(),
        }
        .into());
    }
    let mut confirmed = profile.clone();
    confirmed.status = Status::Confirmed;
    confirmed.evidence.written = Some(digests.0.to_string());
    confirmed.evidence.exported = Some(digests.1.to_string());
    Ok(confirmed)
}
