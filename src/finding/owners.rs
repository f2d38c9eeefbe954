//! What is told of the owners of apps.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::quoted;
use super::{Actor, Concern};

/// Whether one may run what is carried cannot be told from the archive.
pub(super) fn rights_unknown<'a>(
    words: Wording,
    owner: &str,
    connections: &[Arc<str>],
    roles_unknown: u32,
) -> Description<'a> {
    words
        .inform("owner-rights-unknown", 926_135)
        .about(Concern::App, None)
        .acts(Actor::AppOwner)
        .message(|| {
            let why = match roles_unknown {
                0 => "the owner is not in the archive".to_owned(),
                1 => "1 role of the owner is not in it".to_owned(),
                count => format!("{count} roles of the owner are not in it"),
            };
            format!(
                "whether owner \"{owner}\" may run {} cannot be told from the archive: {why}",
                quoted(connections)
            )
        })
        .help(|| {
            "after the restore, see on the app's Edit page whether its Connections can be \
             used; if not, their owners share them with the app's owner (Run)"
                .to_owned()
        })
}

/// The archive does not hold one.
pub(super) fn not_in_archive<'a>(words: Wording, owner: &str) -> Description<'a> {
    words
        .inform("owner-not-in-archive", 926_136)
        .about(Concern::App, None)
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            format!(
                "owner \"{owner}\" is not in the archive; where the server you import into has \
                 no such user, whoever imports becomes the owner"
            )
        })
        .help(|| {
            "import as the user who shall own the apps, or export again with the users".to_owned()
        })
}

/// One is disabled.
pub(super) fn disabled<'a>(words: Wording, owner: &str) -> Description<'a> {
    words
        .warn("owner-disabled", 926_138)
        .about(Concern::App, None)
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            format!(
                "owner \"{owner}\" is disabled, and the app's permissions are tied to the \
                 owner in 2026.1"
            )
        })
        .help(|| {
            "find out whether the app runs today; if it has to, someone else should build it \
             anew, for changing the owner disables it"
                .to_owned()
        })
}
