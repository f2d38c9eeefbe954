//! Turns of phrase that several findings share.

use std::fmt;
use std::sync::Arc;

use super::Lacking;
use crate::flow::{Permissions, folder_of};

/// Permissions as they are read: with a blank after each comma.
pub(super) fn listed(permissions: &Permissions) -> String {
    permissions.to_string().replace(',', ", ")
}

/// Names that are told of many: who reads a hundred knows what to look for.
const SOME: usize = 100;

/// Names in quotes, in a row.
pub(super) fn quoted(names: &[Arc<str>]) -> String {
    let quoted = names.iter().take(SOME).map(|name| format!("\"{name}\""));
    joined(quoted.collect(), ", ", names.len())
}

/// The first of `count` words in a row, and how many more there are.
fn joined(mut words: Vec<String>, between: &str, count: usize) -> String {
    if count > words.len() {
        words.push(format!("{} more", count - words.len()));
    }
    words.join(between)
}

/// A thing and how many there are.
pub(crate) fn counted<N: fmt::Display + PartialEq + From<u8> + Copy>(
    count: N,
    thing: &str,
) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// What can be done about an app that is disabled for its token.
pub(super) const ENABLE: &str = "enable the app after the restore if it should run";

/// How a dropped resource is given back, click by click (documented).
pub(super) fn give_back(resource: &str, permissions: &Permissions) -> String {
    let folder = folder_of(resource).map_or_else(
        || format!("\"{resource}\""),
        |folder| format!("{folder} ({resource})"),
    );
    format!(
        "after the restore, open the app's Edit page, go to Resource Permissions, click Add \
         Resources, choose {folder} and give it what it had: {}",
        listed(permissions)
    )
}

impl Lacking {
    /// That the owner may not run something.
    pub(super) fn may_not_run(&self, what: &str) -> String {
        format!("owner \"{}\" may not run {what}", self.owner)
    }

    /// Who is to be asked to share the connection, with `whom`.
    fn ask(&self, connection: &str, whom: &str) -> String {
        match &*self.connection_owners {
            [] => format!("ask the owner of \"{connection}\" to share it with {whom} (Run)"),
            [one] => format!("ask {one}, who owns \"{connection}\", to share it with {whom} (Run)"),
            several => format!(
                "ask {}, who each own a connection \"{connection}\", to share it with {whom} (Run)",
                joined(
                    several.iter().take(SOME).map(ToString::to_string).collect(),
                    " or ",
                    several.len()
                )
            ),
        }
    }

    /// The same to the owner himself.
    pub(super) fn ask_for_me(&self, connection: &str) -> String {
        self.ask(connection, "you")
    }

    /// The same to anybody else.
    pub(super) fn ask_for_owner(&self, connection: &str) -> String {
        self.ask(connection, &format!("\"{}\"", self.owner))
    }
}
