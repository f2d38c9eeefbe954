//! Items of `data.xml` as text: with types, and lists that are left out where they would be empty.

use std::collections::BTreeSet;

use crate::support::small::{self, item, list};

/// A UUID made of a text.
pub(crate) fn uuid(of: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, of.as_bytes()).to_string()
}

/// An item whose attributes have types; names and values are escaped.
pub(crate) fn typed(
    key: &str,
    kind: &str,
    attributes: &[(&str, &str, &str)],
    within: &str,
) -> String {
    let values: Vec<String> = attributes.iter().map(|(.., it)| escape(it)).collect();
    let attributes = attributes.iter().zip(&values);
    let attributes: Vec<_> = attributes
        .map(|((name, kind, _), value)| (*name, *kind, &**value))
        .collect();
    small::typed(&escape(key), kind, &attributes, within)
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A list, or nothing where it would be empty.
pub(crate) fn some_list(name: &str, items: &str) -> String {
    match items {
        "" => String::new(),
        some => list(name, some),
    }
}

/// A role's permissions on what it is put into.
pub(crate) fn grant(role: &str, permissions: &BTreeSet<String>) -> String {
    let words = permissions
        .iter()
        .map(|word| item(word, "permissions", &[], ""));
    let words: String = words.collect();
    item(
        role,
        "role_permissions",
        &[],
        &some_list("permissions", &words),
    )
}
