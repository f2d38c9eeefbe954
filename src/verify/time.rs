//! When the migration ran, as far as the upgraded archive tells.
//!
//! A plan depends on the time only through tokens that expire: an app whose token had expired is
//! switched off. So the apps that were left on bound the time from above, those that were switched
//! off from below, and any time between gives the same plan.

use std::collections::BTreeMap;

use crate::flow::{AppKind, ServerTime};
use crate::package::Package;
use crate::plan::Plan;

/// A time at which the migration may have run: `latest` (now, or what was asked for), or an earlier
/// one where the upgraded archive's apps say so. Contradictory apps give `latest`, and so a
/// difference later.
pub(super) fn derive(plan: &Plan, upgraded: &Package, latest: ServerTime) -> ServerTime {
    let enabled: BTreeMap<(AppKind, &str), Option<bool>> = upgraded
        .data
        .apps
        .iter()
        .map(|app| ((app.kind, &*app.name), app.form.enabled))
        .collect();
    let (mut not_before, mut before): (Option<ServerTime>, Option<ServerTime>) = (None, None);
    for app in &plan.apps {
        let token = app
            .token
            .as_ref()
            .filter(|token| token.enabled == Some(true));
        let Some(expires) = token.and_then(|token| token.expires) else {
            continue;
        };
        match enabled.get(&(app.kind, &*app.name)) {
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
        (None, Some(before)) => {
            let second = jiff::Span::new().seconds(1);
            before.0.checked_sub(second).map_or(latest, ServerTime)
        }
        _ => latest,
    }
}
