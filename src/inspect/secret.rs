//! Which values of `data.xml` are shown: those whose attribute is known to be harmless, and no other.
//!
//! Passwords, hashes and ciphertexts have names that are known, but a secret may stand anywhere: in
//! the address of a web hook, in a header, in a parameter that somebody gave a default, in a text
//! that says how to sign in. So a value is shown only where FME Flow itself keeps a name, a key, a
//! date or a switch. Of all others the length is told, and what they are written in.

use crate::flow::ServerTime;
use crate::target::{ENTRIES, ENTRY_IDENTIFIER, ENTRY_PERMISSIONS};

/// An attribute as written; a long value is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenAttribute {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) value: String,
    /// Of the whole value as written, in bytes.
    pub(super) bytes: u64,
}

/// Attributes that hold names, keys, and choices of FME Flow's own, in the lists where that was seen;
/// `*` stands for any list.
const HARMLESS: [(&str, &[&str]); 21] = [
    (
        "*",
        &[
            "name",
            "owner",
            "ownerid",
            "userid",
            "username",
            "isinternal",
            "is_enabled",
            "is_restricted",
            "enabled",
            "encrypted",
            "position",
            "required",
            "showinapp",
        ],
    ),
    ("app_resources", &["category", "clientid", "displayname"]),
    ("automations", &["isenabled", "loggingmode"]),
    (ENTRIES, &[ENTRY_IDENTIFIER, ENTRY_PERMISSIONS]),
    ("link", &["fromid", "toid"]),
    ("links", &["type"]),
    ("manual_key", &["type"]),
    ("node", &["type", "x", "y"]),
    ("project_items", &["itemname", "itemscope", "itemtype"]),
    ("projects", &["version"]),
    ("properties", &["category"]),
    ("publishers", &["publisher_name"]),
    ("roles", &["type"]),
    (
        "server_apps",
        &[
            "token",
            "repo",
            "workspace",
            "service",
            "lastsaveuserid",
            "backgroundcolor",
            "dataSource",
        ],
    ),
    (
        "server_ar_apps",
        &["token", "repo", "workspace", "service", "lastsaveuserid"],
    ),
    (
        "server_automation_apps",
        &[
            "token",
            "automationid",
            "id",
            "lastsaveuserid",
            "backgroundcolor",
        ],
    ),
    ("server_app_suites", &["lastsaveuserid", "backgroundcolor"]),
    ("shared_resource_file_infos", &["abspath", "filetype"]),
    ("subscribers", &["subscriber_name"]),
    ("user_tokens", &["type", "expirationtimeout"]),
    ("workspaces", &["lastsaveuserid"]),
];

/// What every ciphertext holds (seen).
const CIPHERTEXT: &str = "fme_enc";

/// What a value that is not shown is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ValueForm(pub(super) &'static str);

/// The form of the value of `attribute`, of an item in `list`, when it is not to be shown.
pub(super) fn masked(list: &str, attribute: &WrittenAttribute) -> Option<ValueForm> {
    let value = &attribute.value;
    (!value.is_empty() && !is_harmless(list, attribute)).then(|| form(value))
}

/// A name may hold what is none: an address with a key in it is not shown under any attribute.
fn is_harmless(list: &str, attribute: &WrittenAttribute) -> bool {
    let WrittenAttribute {
        name, kind, value, ..
    } = attribute;
    let is_listed = HARMLESS
        .iter()
        .any(|(known, names)| [list, "*"].contains(known) && names.contains(&&**name));
    let is_date =
        name.to_ascii_lowercase().ends_with("date") && value.parse::<ServerTime>().is_ok();
    let is_switch = kind == "boolean" && ["true", "false"].contains(&&**value);
    is_date || is_switch || (is_listed && !may_hold_secret(value))
}

fn may_hold_secret(value: &str) -> bool {
    value.contains(CIPHERTEXT) || value.contains("://") || value.contains(['=', '\n', '\r'])
}

fn form(value: &str) -> ValueForm {
    let all = |is: fn(char) -> bool| value.chars().all(is);
    ValueForm(if value.contains(CIPHERTEXT) {
        "ciphertext"
    } else if value.starts_with(['{', '[']) {
        "JSON"
    } else if value.contains("://") {
        "an address"
    } else if all(|it| it.is_ascii_digit()) {
        "digits"
    } else if all(|it| it.is_ascii_hexdigit() || it == '-') {
        "hexadecimal"
    } else if value.starts_with("data:") {
        "data"
    } else if value.contains(char::is_whitespace) {
        "words"
    } else {
        "one word"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, kind: &str, value: &str) -> WrittenAttribute {
        WrittenAttribute {
            name: name.into(),
            kind: kind.into(),
            value: value.into(),
            bytes: 1,
        }
    }

    fn form_of(list: &str, name: &str, value: &str) -> Option<&'static str> {
        masked(list, &attribute(name, "string", value)).map(|form| form.0)
    }

    #[test]
    fn an_apps_token_is_a_name_and_any_other_may_be_a_secret() {
        assert_eq!(form_of("server_apps", "token", "Workspace App - a"), None);
        assert_eq!(
            form_of("server_apps", "token", "fme_enc:x"),
            Some("ciphertext")
        );
        assert_eq!(form_of("server_portals", "token", "x y"), Some("words"));
        assert_eq!(
            form_of("user_tokens", "token", "1f2e3d"),
            Some("hexadecimal")
        );
    }

    #[test]
    fn what_is_not_known_to_be_harmless_is_not_shown() {
        for (name, value, form) in [
            ("userpassword", "abcdef12", "hexadecimal"),
            ("uid", "dnf2kJL3+x", "one word"),
            ("description", "Run with fmetoken=abc", "words"),
            ("link", "https://host/x?token=abc", "an address"),
            ("headers", "Authorization: Bearer abc", "words"),
            ("connectionstring", "Server=db;Pwd=abc;", "one word"),
            ("json", "{\"a\":1}", "JSON"),
            ("thumbnail", "data:image/png;base64,iVBO", "data"),
            ("pin", "0815", "digits"),
            ("anything", "abc!", "one word"),
        ] {
            assert_eq!(form_of("users", name, value), Some(form), "{name}");
        }
        assert_eq!(form_of("users", "uid", ""), None);
    }

    #[test]
    fn a_known_attribute_with_a_secret_in_it_is_not_shown_either() {
        for value in ["https://me:pw@host", "x?sig=abc", "fme_enc2:abc"] {
            assert!(form_of("users", "username", value).is_some(), "{value}");
        }
        let date = attribute("keydate", "string", "abc");
        assert!(masked("users", &date).is_some());
        let switch = attribute("secret", "boolean", "hunter2");
        assert!(masked("users", &switch).is_some());
    }

    #[test]
    fn what_an_engineer_needs_stays_readable() {
        for (list, name, value) in [
            ("server_apps", "name", "trees"),
            (
                "users",
                "userpasswordcreateddate",
                "Fri-02-May-2025 11:58:17 AM",
            ),
            (
                "connectionPermissions",
                "permissions",
                "NAMEDCONNECTIONS_RUN",
            ),
            (
                "user_tokens",
                "expirationdate",
                "Sat-13-Oct-2035 11:00:00 PM",
            ),
            ("project_items", "itemname", "admin/Workspace App - a"),
        ] {
            assert_eq!(form_of(list, name, value), None, "{name}");
        }
        let switch = attribute("reqAuth", "boolean", "true");
        assert_eq!(masked("server_apps", &switch), None);
    }
}
