//! What is told of the archive as a whole.

use std::sync::Arc;

use super::Actor;
use super::description::{Description, Wording};
use super::phrases::quoted;

/// `files.map` names entries that it does not have; some entries may have names with backslashes.
pub(super) fn entries_missing<'a>(
    words: Wording,
    count: u64,
    first: &[Arc<str>],
    backslashes: bool,
) -> Description<'a> {
    words
        .warn("entries-missing", 926_145)
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            let more = if count > first.len() as u64 {
                ", …"
            } else {
                ""
            };
            let entries = if count == 1 { "entry" } else { "entries" };
            format!(
                "files.map names {count} {entries} that the archive does not have: {}{more}",
                quoted(first)
            )
        })
        .help(|| {
            let what = if backslashes {
                "names in the archive have backslashes, as Compress-Archive of Windows \
                 PowerShell 5 writes them; zip it again with PowerShell 7 or 7-Zip"
            } else {
                "export the archive again, and look whether something took the files \
                 out, such as a virus scanner"
            };
            what.to_owned()
        })
}

/// The final form has Connection permissions in a place that nobody has confirmed: flowlift's own, or
/// one that was `learned`.
pub(super) fn form_unconfirmed<'a>(words: Wording, learned: bool) -> Description<'a> {
    words
        .warn("form-unconfirmed", 926_153)
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            let place = if learned {
                "where the profile says, and no round trip has confirmed it"
            } else {
                "in flowlift's own place"
            };
            format!(
                "where FME Flow 2026.1 keeps an app's Connection permissions is not published; \
                 the final form has them {place}"
            )
        })
        .help(|| {
            let first = if learned {
                "import what is written into a test server, export it again, and give both to \
                 flowlift calibrate confirm"
            } else {
                "import one project into a test server first and compare the apps' Connection \
                 Permissions with the log"
            };
            format!("{first}; --form staged leaves the transfer to FME Flow")
        })
}
