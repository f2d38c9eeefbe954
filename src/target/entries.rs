//! Identifier entries: an itemtype under the app with one item for each Connection.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{ENTRIES, ENTRY_IDENTIFIER, ENTRY_PERMISSIONS, attribute, escape};
use crate::flow::{Carried, Identifier, Permissions};

/// An identifier entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The Connection's name.
    pub connection: Arc<str>,
    /// The Flow App Identifier as written.
    pub identifier: String,
    /// What it grants.
    pub permissions: Permissions,
    /// Whether there is more in it than flowlift writes.
    pub has_more: bool,
}

impl Entry {
    /// From the item's name and its attributes as written; permissions stand between commas.
    pub fn read(connection: &str, identifier: &str, permissions: &str) -> Self {
        let words = permissions.split(',').filter(|word| !word.is_empty());
        Self {
            connection: connection.into(),
            identifier: identifier.to_owned(),
            permissions: Permissions::new(words),
            has_more: false,
        }
    }
}

/// Whether stored entries are exactly what an app with `identifier` and `carried` gets; if not, the
/// Connections whose entries are others.
///
/// # Errors
/// The Connections' names, sorted.
pub fn same_entries(
    stored: &[Entry],
    identifier: Identifier,
    carried: &[Carried],
) -> Result<(), Vec<Arc<str>>> {
    let mut wanted: BTreeMap<&str, &Carried> =
        carried.iter().map(|it| (&*it.connection, it)).collect();
    let identifier = identifier.to_string();
    let mut is_wanted = |entry: &Entry| {
        let carried = wanted.remove(&*entry.connection);
        carried.is_some_and(|it| it.permissions == entry.permissions)
            && entry.identifier == identifier
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
pub(super) struct Entries {
    pub(super) identifier: Identifier,
    pub(super) carried: Arc<[Carried]>,
    /// Whether the list of itemtypes has to be written too.
    pub(super) needs_wrapper: bool,
}

impl fmt::Display for Entries {
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

    fn identifier() -> Identifier {
        Identifier::known(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn entries_are_the_same_in_any_order() {
        let wanted = [carried("a", "RUN"), carried("b", "WRITE")];
        let id = identifier().to_string();
        let stored = [Entry::read("b", &id, "WRITE"), Entry::read("a", &id, "RUN")];
        assert_eq!(same_entries(&stored, identifier(), &wanted), Ok(()));
    }

    #[test]
    fn an_entry_too_many_one_missing_one_twice_and_one_for_another_app_are_named() {
        let wanted = [carried("a", "RUN"), carried("b", "RUN")];
        let id = identifier().to_string();
        let entry = |connection: &str| Entry::read(connection, &id, "RUN");
        let named = |stored: &[Entry]| {
            same_entries(stored, identifier(), &wanted)
                .unwrap_err()
                .join(" ")
        };
        assert_eq!(named(&[entry("a"), entry("b"), entry("c")]), "c");
        assert_eq!(named(&[entry("a")]), "b");
        assert_eq!(named(&[entry("a"), entry("a"), entry("b")]), "a");
        assert_eq!(named(&[entry("a"), Entry::read("b", "other", "RUN")]), "b");
        assert_eq!(
            named(&[entry("a"), Entry::read("b", &id, "RUN,WRITE")]),
            "b"
        );
        let mut more = entry("b");
        more.has_more = true;
        assert_eq!(named(&[entry("a"), more]), "b");
    }
}
