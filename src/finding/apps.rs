//! What is told of apps: their kind, their automation, and those that a gallery links to.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::{Actor, Concern};
use crate::flow::AppKind;

/// No real archive shows any of its kind.
pub(super) fn kind_unverified<'a>(words: Wording, kind: AppKind) -> Description<'a> {
    words
        .warn("app-kind-unverified", 926_141)
        .about(Concern::App, None)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "apps of the kind {kind} were not seen in any archive; this one is migrated \
                 like the others"
            )
        })
        .help(|| "try this app first after the restore".to_owned())
}

/// Its automation is not in the archive.
pub(super) fn automation_missing<'a>(words: Wording, automation: &str) -> Description<'a> {
    words
        .warn("automation-missing", 926_146)
        .about(Concern::App, None)
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            format!(
                "automation \"{automation}\" of the app is not in the archive, so what the app \
                 needs is unknown"
            )
        })
        .help(|| {
            "make sure the server you restore to has the automation, or export it along \
             with the app"
                .to_owned()
        })
}

/// Its automation is stopped.
pub(super) fn automation_stopped<'a>(words: Wording, automation: &str) -> Description<'a> {
    words
        .inform("automation-stopped", 926_147)
        .about(Concern::App, None)
        .acts(Actor::AppOwner)
        .message(|| {
            format!("automation \"{automation}\" of the app is stopped, so the app starts nothing")
        })
        .help(|| "start the automation after the restore if the app should work".to_owned())
}

/// A Gallery App links to one that is not in the archive.
pub(super) fn link_missing(words: Wording, app: &Arc<str>) -> Description<'_> {
    words
        .warn("link-missing", 926_148)
        .about(Concern::App, Some(app))
        .acts(Actor::AppOwner)
        .message(|| format!("the gallery links to app \"{app}\", which is not in the archive"))
        .help(|| {
            "make sure the server you restore to has that app, or take the link out".to_owned()
        })
        .task(|| "after the restore, try the link, and take it out if the app is gone".to_owned())
}

/// A Gallery App links to one that will not run.
pub(super) fn link_disabled(words: Wording, app: &Arc<str>) -> Description<'_> {
    words
        .warn("link-disabled", 926_149)
        .about(Concern::App, Some(app))
        .acts(Actor::AppOwner)
        .message(|| format!("the gallery links to app \"{app}\", which will not run"))
        .help(|| {
            "ask that app's owner to enable it after the restore, or take the link out".to_owned()
        })
}
