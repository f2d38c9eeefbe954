//! When the migration ran, as far as the upgraded archive tells.
//!
//! A plan depends on the time only through tokens that expire: an app whose token had expired is
//! switched off. So the apps that were left on bound the time from above, those that were switched
//! off from below, and any time between gives the same plan.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::difference::{DifferenceKind, Differences};
use crate::clock::Clock;
use crate::finding::{Fact, Finding};
use crate::flow::{Identifier, ServerTime};
use crate::package::{Package, PackageError};
use crate::plan::{Options, Plan, plan};

/// When the migration is taken to have run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// At this time.
    Time(ServerTime),
    /// At the latest now; earlier where the upgraded archive says so.
    Derived,
}

/// The plan of the time at which the migration ran, and that time; the source was `made` before.
pub(super) fn plan_as_of(
    (source, upgraded): (&Package, Option<&Package>),
    made: Option<ServerTime>,
    options: Options,
    as_of: AsOf,
    clock: &Clock,
    found: &mut Differences,
) -> Result<(Plan, Timestamp), PackageError> {
    let now = clock.timestamp();
    // Before the source was made it cannot have been migrated.
    let earliest = made.map(ServerTime::comes_first).filter(|made| *made < now);
    let time = match as_of {
        AsOf::Time(time) => clock.instant(time.0),
        AsOf::Derived => now,
    };
    if earliest.is_some_and(|earliest| time < earliest) {
        let what = format!(
            "it cannot have been migrated at {}, before the source was made",
            clock.local(time)
        );
        found.add(DifferenceKind::AppForm, "archive", what);
    }
    let planned = plan(source, options, time)?;
    match (as_of, upgraded) {
        (AsOf::Derived, Some(upgraded)) => {
            let time = derive(&planned, upgraded, earliest, time);
            Ok((plan(source, options, time)?, time))
        }
        _ => Ok((planned, time)),
    }
}

/// A time at which the migration may have run: `latest` (now, or what was asked for), or an earlier
/// one, but none before `earliest`, where the upgraded archive's apps say so. Contradictory apps give
/// `latest`, and so a difference later.
fn derive(
    plan: &Plan,
    upgraded: &Package,
    earliest: Option<Timestamp>,
    latest: Timestamp,
) -> Timestamp {
    let enabled: BTreeMap<Identifier, Option<bool>> = upgraded
        .data
        .apps
        .iter()
        .map(|app| (upgraded.data.identifier(app), app.form.enabled))
        .collect();
    let (mut not_before, mut before): (Option<Timestamp>, Option<Timestamp>) = (earliest, None);
    for (app, findings) in plan.findings_by_app() {
        // It is switched off whatever the time.
        let of_another = |finding: &Finding| matches!(finding.fact, Fact::TokenOwnerDiffers { .. });
        if findings.iter().any(of_another) {
            continue;
        }
        let token = app
            .token
            .as_ref()
            .filter(|token| token.enabled == Some(true));
        let Some(expires) = token.and_then(|token| token.expires) else {
            continue;
        };
        // From then on the app is switched off.
        let expires = expires.comes_first();
        match enabled.get(&app.identifier) {
            Some(Some(true)) => before = Some(before.map_or(expires, |known| known.min(expires))),
            Some(Some(false)) => {
                not_before = Some(not_before.map_or(expires, |known| known.max(expires)));
            }
            _ => {}
        }
    }
    match (not_before, before) {
        (_, Some(before)) if latest < before => latest,
        (Some(not_before), Some(before)) if not_before < before => not_before,
        (None, Some(before)) => before
            .saturating_sub(SignedDuration::from_secs(1))
            .unwrap_or(latest),
        _ => latest,
    }
}
