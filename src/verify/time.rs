//! When the migration ran, as far as the upgraded archive tells.
//!
//! A plan depends on the time only through tokens that expire: an app whose token had expired is
//! switched off. So the apps that were left on bound the time from above, those that were switched
//! off from below, and any time between gives the same plan.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::finding::{Fact, Finding};
use crate::flow::Identifier;
use crate::package::Package;
use crate::plan::Plan;

/// A time at which the migration may have run: `latest` (now, or what was asked for), or an earlier
/// one, but none before `earliest`, where the upgraded archive's apps say so. Contradictory apps give
/// `latest`, and so a difference later.
pub(super) fn derive(
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
