//! What is told of workspaces.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::{Actor, Concern};
use crate::limits::Limit;

/// It is not in the archive.
pub(super) fn missing(words: Wording, workspace: &Arc<str>) -> Description<'_> {
    words
        .warn("workspace-missing", 926_143)
        .about(Concern::Workspace, Some(workspace))
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            format!(
                "workspace \"{workspace}\" is not in the archive, so what it needs is \
                 unknown"
            )
        })
        .help(|| {
            "make sure the server you restore to has the workspace, and look up there \
             which connections and files it asks for"
                .to_owned()
        })
}

/// What it declares cannot be read; for a limit, where it is one.
pub(super) fn unreadable<'a>(
    words: Wording,
    workspace: &'a Arc<str>,
    why: &str,
    limit: Option<Limit>,
) -> Description<'a> {
    words
        .warn("workspace-unreadable", 926_144)
        .about(Concern::Workspace, Some(workspace))
        .acts(Actor::UpgradeEngineer)
        .message(|| format!("what workspace \"{workspace}\" needs is unknown: {why}"))
        .help(|| match limit {
            Some(limit) => limit.help().to_owned(),
            None => "open it in FME Workbench and look up which connections and files it \
                     asks for"
                .to_owned(),
        })
}
