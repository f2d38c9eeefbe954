//! What is told of Resources.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::{give_back, listed, quoted};
use super::{Actor, Concern, Fate, Impact};
use crate::flow::{AppKind, Permissions};

/// An item permission on it is lost.
pub(super) fn dropped<'a>(
    words: Wording,
    resource: &'a Arc<str>,
    permissions: &'a Permissions,
    judged: bool,
) -> Description<'a> {
    let dropped = words
        .warn("resource-dropped", 926_102)
        .resource(resource)
        .fate(Fate::Dropped, Some(permissions))
        .message(|| {
            let permissions = listed(permissions);
            format!("resource \"{resource}\" dropped, it had {permissions}")
        });
    if judged {
        return dropped.matters(Impact::None);
    }
    dropped.acts(Actor::AppOwner).help(|| {
        "if the app has file parameters, add the folder after the restore: the app's \
         Edit page, Resource Permissions, Add Resources"
            .to_owned()
    })
}

/// An item permission on it goes to the app.
pub(super) fn carried<'a>(
    words: Wording,
    resource: &'a Arc<str>,
    permissions: &'a Permissions,
) -> Description<'a> {
    words.inform("resource-carried", 926_108)
        .resource(resource)
        .fate(Fate::Carried, Some(permissions))
        .message(|| {
            let permissions = listed(permissions);
            format!(
                "resource \"{resource}\" carried with {permissions}, where the profile says; FME Flow \
                 itself drops it"
            )
        })
}

/// It has to be given back by hand.
pub(super) fn action_needed<'a>(
    words: Wording,
    resource: &'a Arc<str>,
    permissions: &'a Permissions,
    parameters: &'a [Arc<str>],
) -> Description<'a> {
    words
        .warn("resource-action-needed", 926_105)
        .resource(resource)
        .fate(Fate::Dropped, Some(permissions))
        .matters(Impact::Action)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "resource \"{resource}\" is not taken over and has to be added by hand \
                 where the files are needed that the app asks for: {}",
                quoted(parameters)
            )
        })
        .help(|| give_back(resource, permissions))
}

/// It is lost, and something of the app names a path in it.
pub(super) fn named<'a>(
    words: Wording,
    resource: &'a Arc<str>,
    workspace: Option<&'a Arc<str>>,
) -> Description<'a> {
    words
        .warn("resource-named", 926_107)
        .resource(resource)
        .fate(Fate::Dropped, None)
        .acts(Actor::AppOwner)
        .message(|| {
            let what = match workspace {
                Some(workspace) => format!("workspace \"{workspace}\""),
                None => "a parameter of the app or of its automation".to_owned(),
            };
            format!("resource \"{resource}\" is not taken over, and {what} names a path in it")
        })
        .help(|| {
            "try the app after the restore; if it cannot reach its files and has a Resource \
             Permissions tab on its Edit page, add the folder there"
                .to_owned()
        })
}

/// It is lost to an app that asks for no file.
pub(super) fn without_file_parameter(
    words: Wording,
    resource: &Arc<str>,
    kind: AppKind,
) -> Description<'_> {
    words
        .inform("resource-without-file-parameter", 926_106)
        .resource(resource)
        .fate(Fate::Dropped, None)
        .acts(Actor::AppOwner)
        .message(|| match kind {
            AppKind::Workspace => format!(
                "resource \"{resource}\" cannot be added again: the app asks for no \
                     file, so it has no Resource Permissions tab in 2026.1"
            ),
            _ => format!(
                "resource \"{resource}\" is not taken over, and nothing that the app \
                     runs asks for a file"
            ),
        })
        .help(|| "no effect is expected: try the app once after the restore".to_owned())
}

/// A permission on Resources as such is lost.
pub(super) fn general_dropped<'a>(words: Wording, permissions: &Permissions) -> Description<'a> {
    words
        .warn("general-resource-dropped", 926_104)
        .about(Concern::Resource, None)
        .fate(Fate::Dropped, Some(permissions))
        .matters(Impact::None)
        .message(|| {
            format!(
                "general resource permission {} dropped, apps have none in 2026.1",
                listed(permissions)
            )
        })
}
