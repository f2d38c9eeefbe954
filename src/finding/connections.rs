//! What is told of Connections.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::listed;
use super::{Actor, Concern, Fate, Impact, Lacking};
use crate::flow::Permissions;
use crate::workspace::Usage;

/// An item permission on it goes to the app.
pub(super) fn carried<'a>(
    words: Wording,
    connection: &'a Arc<str>,
    permissions: &Permissions,
) -> Description<'a> {
    words
        .inform("connection-carried", 926_101)
        .connection(connection)
        .fate(Fate::Carried, Some(permissions))
        .message(|| {
            let permissions = listed(permissions);
            format!("connection \"{connection}\" carried with {permissions}")
        })
}

/// It is carried, and the archive does not hold it.
pub(super) fn not_in_archive(words: Wording, connection: &Arc<str>) -> Description<'_> {
    words
        .warn("connection-not-in-archive", 926_132)
        .connection(connection)
        .fate(Fate::Carried, None)
        .acts(Actor::UpgradeEngineer)
        .message(|| format!("connection \"{connection}\" is not in the archive"))
        .help(|| "make sure the server you restore to has a connection of that name".to_owned())
}

/// It is carried, and the app's owner may not run it.
pub(super) fn owner_lacks<'a>(
    words: Wording,
    connection: &'a Arc<str>,
    lacking: &'a Lacking,
) -> Description<'a> {
    words
        .warn("owner-lacks-connection", 926_131)
        .connection(connection)
        .fate(Fate::Carried, None)
        .matters(Impact::Action)
        .shares(lacking)
        .acts(Actor::ConnectionOwner)
        .message(|| lacking.may_not_run(&format!("connection \"{connection}\"")))
        .help(|| lacking.ask_for_owner(connection))
        .task(|| lacking.ask_for_me(connection))
}

/// A workspace needs it, and no permission to run it is carried.
pub(super) fn needed<'a>(
    words: Wording,
    connection: &'a Arc<str>,
    workspace: &'a Arc<str>,
    usage: &'a Usage,
    lacking: Option<&'a Lacking>,
) -> Description<'a> {
    if *usage == Usage::Internal {
        let uses = || {
            format!(
                "workspace \"{workspace}\" uses connection \"{connection}\" by itself and \
                 no permission to run it is carried, so it presumably runs with the \
                 owner's rights"
            )
        };
        let code = "connection-needed-not-granted";
        let described = match lacking {
            None => words.inform(code, 926_133).message(uses),
            Some(lacking) => words
                .warn(code, 926_133)
                .matters(Impact::Action)
                .shares(lacking)
                .acts(Actor::ConnectionOwner)
                .message(|| format!("{}; but {}", uses(), lacking.may_not_run("it")))
                .help(|| lacking.ask_for_owner(connection))
                .task(|| lacking.ask_for_me(connection)),
        };
        return described
            .connection(connection)
            .fate(Fate::NotCarried, Some(&Permissions::run()));
    }
    let needs = || {
        let usage = usage.as_str().to_lowercase();
        format!(
            "workspace \"{workspace}\" needs connection \"{connection}\" ({usage}), \
             and no permission to run it is carried"
        )
    };
    let add = || {
        format!(
            "after the restore, open the app's Edit page, go to Connection Permissions \
             and add \"{connection}\" with Run"
        )
    };
    let needed = words
        .warn("connection-needed-not-granted", 926_133)
        .connection(connection)
        .fate(Fate::NotCarried, Some(&Permissions::run()))
        .matters(Impact::Action)
        .acts(Actor::AppOwner);
    match lacking {
        None => needed.message(needs).help(add),
        Some(lacking) => needed
            .shares(lacking)
            .message(|| format!("{}; and {}", needs(), lacking.may_not_run("it")))
            .help(|| format!("{}; {}", lacking.ask_for_owner(connection), add()))
            .task(|| format!("{}; {}", lacking.ask_for_me(connection), add())),
    }
}

/// It is carried, and no workspace of the app declares it.
pub(super) fn unused(words: Wording, connection: &Arc<str>) -> Description<'_> {
    words
        .inform("connection-unused", 926_134)
        .connection(connection)
        .fate(Fate::Carried, None)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "connection \"{connection}\" is carried, but no workspace of the app \
                 declares it"
            )
        })
        .help(|| {
            "remove it after the restore if the app does not need it: the app's Edit page, \
             Connection Permissions"
                .to_owned()
        })
}

/// A workspace names it by an expression.
pub(super) fn by_expression<'a>(
    words: Wording,
    expression: &str,
    workspace: &'a Arc<str>,
) -> Description<'a> {
    words
        .inform("connection-by-expression", 926_137)
        .about(Concern::Workspace, Some(workspace))
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "workspace \"{workspace}\" names a connection by an expression, \
                 \"{expression}\": which connections it needs is not known"
            )
        })
        .help(|| {
            "after the restore, compare the app's Connection Permissions with what the \
             workspace may use"
                .to_owned()
        })
}

/// A permission on Connections as such is lost.
pub(super) fn general_dropped<'a>(words: Wording, permissions: &Permissions) -> Description<'a> {
    words
        .warn("general-connection-dropped", 926_103)
        .about(Concern::Connection, None)
        .fate(Fate::Dropped, Some(permissions))
        // They have no place in an app, before or after.
        .matters(Impact::None)
        .message(|| {
            format!(
                "general connection permission {} dropped, apps have none in 2026.1",
                listed(permissions)
            )
        })
}
