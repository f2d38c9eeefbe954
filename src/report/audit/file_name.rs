//! Names of files that are made of people's names: such as every system takes, and no two of which
//! are one to any of them.

use std::collections::BTreeSet;
use std::fmt::Write;

/// Characters of a person's name in a file's; it stays below every limit with its ending.
const LONGEST: usize = 50;

/// Devices of Windows, whatever ending is added (documented: "Naming Files, Paths, and
/// Namespaces").
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN", "CONOUT"];

/// A file name without ending for each name, in their order; none of them is one of `taken`.
pub(super) fn file_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
    taken: &[&str],
) -> Vec<String> {
    let mut taken: BTreeSet<String> = taken.iter().map(|name| folded(name)).collect();
    let mut free = |name: &str| {
        let plain = portable(name);
        let numbered = (2..).map(|number| format!("{plain} ({number})"));
        let mut candidates = std::iter::once(plain.clone()).chain(numbered);
        let found = candidates.find(|name| taken.insert(folded(name)));
        found.unwrap_or(plain)
    };
    names.into_iter().map(&mut free).collect()
}

/// Letters and digits, and signs that mean nothing anywhere. Combining marks are not among them, so
/// that no two names differ only in how they are composed.
fn portable(name: &str) -> String {
    let kept = |it: char| {
        if it.is_alphanumeric() || " .-_@()".contains(it) {
            it
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(kept).take(LONGEST).collect();
    let name = name.trim_matches([' ', '.']);
    let stem = name.split('.').next().unwrap_or_default().trim();
    if name.is_empty() || is_device(&stem.to_uppercase()) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

/// A file name as a link to it.
pub(super) fn link(name: &str) -> String {
    let mut link = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            link.push(byte.into());
        } else {
            // Writing to a string does not fail.
            let _ = write!(link, "%{byte:02X}");
        }
    }
    link
}

fn is_device(stem: &str) -> bool {
    let port = stem.strip_prefix("COM").or(stem.strip_prefix("LPT"));
    DEVICES.contains(&stem.trim_end_matches('_'))
        || port.is_some_and(|port| port.chars().count() == 1 && port.chars().all(char::is_numeric))
}

/// The same for names that differ in case only.
fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_every_system_takes() {
        for (name, expected) in [
            ("anna.berg", "anna.berg"),
            ("björn", "björn"),
            ("公園", "公園"),
            ("DOMAIN\\anna", "DOMAIN_anna"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a:b*c?\"<>|", "a_b_c_____"),
            ("nul", "_nul"),
            ("Aux.backup", "_Aux.backup"),
            ("com¹", "_com¹"),
            ("LPT9", "_LPT9"),
            ("conin$", "_conin_"),
            ("company", "company"),
            ("dot. ", "dot"),
            ("...", "_"),
            ("", "_"),
            ("line\nend\u{202e}", "line_end_"),
        ] {
            assert_eq!(file_names([name], &[]), [expected]);
        }
        let long = "x".repeat(300);
        assert_eq!(file_names([&*long], &[]), ["x".repeat(50)]);
    }

    #[test]
    fn a_link_has_nothing_that_means_something_in_one() {
        assert_eq!(link("björn (2).x"), "bj%C3%B6rn%20%282%29.x");
    }

    #[test]
    fn no_two_names_are_one_to_a_disk() {
        let names = [
            "Anna", "anna", "a/b", "a:b", "Index", "anna (2)", "STRASSE", "straße",
        ];
        let expected = [
            "Anna",
            "anna (2)",
            "a_b",
            "a_b (2)",
            "Index (2)",
            "anna (2) (2)",
            "STRASSE",
            "straße (2)",
        ];
        assert_eq!(file_names(names, &["index"]), expected);
    }
}
