//! What is told of connections, where it takes more than a line.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::{Actor, Fate, Impact, Lacking, Level};
use crate::flow::Permissions;
use crate::workspace::Usage;

/// A workspace needs it, and no permission to run it is carried.
pub(super) fn needed<'a>(
    words: Wording,
    connection: &'a Arc<str>,
    workspace: &'a Arc<str>,
    usage: &'a Usage,
    lacking: Option<&'a Lacking>,
) -> Description<'a> {
    let inform = |code, number| Description::new(words, Level::Inform, code, number);
    let warn = |code, number| Description::new(words, Level::Warn, code, number);
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
            None => inform(code, 926_133).message(uses),
            Some(lacking) => warn(code, 926_133)
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
    let needed = warn("connection-needed-not-granted", 926_133)
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
