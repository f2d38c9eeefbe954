//! Identifier entries: an itemtype under the app with one item for each Connection.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{ENTRIES, ENTRY_IDENTIFIER, ENTRY_PERMISSIONS, attribute, escape};
use crate::flow::{Carried, Identifier, Permissions};

/// An identifier entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierEntry {
    /// The Connection's name.
    pub connection: Arc<str>,
    /// The Flow App Identifier as written.
    pub identifier: Arc<str>,
    /// What it grants.
    pub permissions: Permissions,
    /// Whether there is more in it than flowlift writes.
    pub has_more: bool,
}

/// Whether stored entries are exactly what an app with `identifier` and `carried` gets; if not, the
/// Connections whose entries are others.
///
/// # Errors
/// The Connections' names, sorted.
pub fn same_entries(
    stored: &[IdentifierEntry],
    identifier: Identifier,
    carried: &[Carried],
) -> Result<(), Vec<Arc<str>>> {
    let mut wanted: BTreeMap<&str, &Carried> =
        carried.iter().map(|it| (&*it.connection, it)).collect();
    let identifier = identifier.to_string();
    let mut is_wanted = |entry: &IdentifierEntry| {
        let carried = wanted.remove(&*entry.connection);
        carried.is_some_and(|it| it.permissions == entry.permissions)
            && *entry.identifier == *identifier
            && !entry.has_more
    };
    let mut others: Vec<Arc<str>> = Vec::new();
    for entry in stored {
        if !is_wanted(entry) {
            others.push(Arc::clone(&entry.connection));
        }
    }
    if others.is_empty() {
        others.extend(wanted.values().map(|it| Arc::clone(&it.connection)));
    }
    others.sort();
    others.dedup();
    if others.is_empty() {
        Ok(())
    } else {
        Err(others)
    }
}

/// The entries of one app, as text.
pub(super) struct EntriesText {
    pub(super) identifier: Identifier,
    pub(super) carried: Arc<[Carried]>,
    /// Whether the list of itemtypes has to be written too.
    pub(super) needs_wrapper: bool,
}

impl fmt::Display for EntriesText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.needs_wrapper {
            ("<itemtypes>", "</itemtypes>")
        } else {
            ("", "")
        };
        write!(f, "{open}<itemtype><name>{ENTRIES}</name><items>")?;
        let identifier = attribute(ENTRY_IDENTIFIER, "uuid", &self.identifier.to_string());
        for carried in &*self.carried {
            let connection = escape(&carried.connection);
            let permissions = attribute(
                ENTRY_PERMISSIONS,
                "string",
                &carried.permissions.to_string(),
            );
            write!(
                f,
                "<item><name>{connection}</name><type>{ENTRIES}</type>\
                 <attributes>{identifier}{permissions}</attributes></item>"
            )?;
        }
        write!(f, "</items></itemtype>{close}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(connection: &str, permissions: &str) -> Carried {
        Carried {
            connection: connection.into(),
            permissions: Permissions::new([permissions]),
        }
    }

    fn entry(connection: &str, identifier: &str, permissions: &str) -> IdentifierEntry {
        IdentifierEntry {
            connection: connection.into(),
            identifier: identifier.into(),
            permissions: Permissions::new(permissions.split(',')),
            has_more: false,
        }
    }

    fn identifier() -> Identifier {
        Identifier::known(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn entries_are_the_same_in_any_order() {
        let wanted = [carried("a", "RUN"), carried("b", "WRITE")];
        let id = identifier().to_string();
        let stored = [entry("b", &id, "WRITE"), entry("a", &id, "RUN")];
        assert_eq!(same_entries(&stored, identifier(), &wanted), Ok(()));
    }

    #[test]
    fn an_entry_too_many_one_missing_one_twice_and_one_for_another_app_are_named() {
        let wanted = [carried("a", "RUN"), carried("b", "RUN")];
        let id = identifier().to_string();
        let run = |connection: &str| entry(connection, &id, "RUN");
        let named = |stored: &[IdentifierEntry]| {
            same_entries(stored, identifier(), &wanted)
                .unwrap_err()
                .join(" ")
        };
        assert_eq!(named(&[run("a"), run("b"), run("c")]), "c");
        assert_eq!(named(&[run("a")]), "b");
        assert_eq!(named(&[run("a"), run("a"), run("b")]), "a");
        assert_eq!(named(&[run("a"), entry("b", "other", "RUN")]), "b");
        assert_eq!(named(&[run("a"), entry("b", &id, "RUN,WRITE")]), "b");
        let mut more = run("b");
        more.has_more = true;
        assert_eq!(named(&[run("a"), more]), "b");
    }
}
