//! Which values of `data.xml` are never shown.
//!
//! Known secrets (seen): an app's `tokenvalue`, a token's hash in `token`, `userpassword`, `uid`,
//! `salt`, and every ciphertext, which begins with `fme_enc`. Connections and properties may hold
//! more under names that only their formats know, so whatever looks like a secret is taken for one:
//! an outline that hides too much is still of use.

use super::walk::Attribute;

/// Parts of names, in lower case, that promise a secret.
const WORDS: [&str; 12] = [
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "salt",
    "token",
    "credential",
    "apikey",
    "api_key",
    "privatekey",
    "private_key",
    "authorization",
];

/// What every ciphertext holds (seen).
const CIPHERTEXT: &str = "fme_enc";

/// Whether `attribute` of an item called `item` in `category` is a secret. `siblings` are all
/// attributes of the item: a generic property keeps its name in one and its value in another.
pub(super) fn is_secret(
    category: &str,
    item: &str,
    attribute: &Attribute,
    siblings: &[Attribute],
) -> bool {
    let Attribute { name, value, .. } = attribute;
    if value.is_empty() || is_harmless(category, attribute) {
        return false;
    }
    if name == "uid" || promises(name) || value.contains(CIPHERTEXT) || holds_secret(value) {
        return true;
    }
    // A property: `name` or the item's own name says what `value` is.
    let is_value = ["value", "defaultvalue"].contains(&name.as_str());
    is_value
        && (promises(item)
            || siblings
                .iter()
                .any(|sibling| sibling.name == "name" && promises(&sibling.value)))
}

/// An app's `token` is its token's name (seen); dates and switches tell nothing.
fn is_harmless(category: &str, attribute: &Attribute) -> bool {
    let is_app = category.starts_with("server_") && attribute.name == "token";
    (is_app && !attribute.value.contains(CIPHERTEXT))
        || attribute.kind == "boolean"
        || attribute.name.ends_with("date")
}

fn promises(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a value is a document of its own that has a secret in it, as JSON `"password": …` or in
/// an address as `//user:password@host`.
fn holds_secret(value: &str) -> bool {
    let keys = value.split('"').skip(1).step_by(2);
    let in_address = value.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        authority
            .split_once('@')
            .is_some_and(|(user, _)| user.contains(':'))
    });
    in_address || (value.contains(':') && keys.into_iter().any(promises))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, value: &str) -> Attribute {
        Attribute {
            name: name.into(),
            kind: "string".into(),
            value: value.into(),
            bytes: 1,
        }
    }

    fn secret(category: &str, item: &str, name: &str, value: &str) -> bool {
        let attribute = attribute(name, value);
        is_secret(category, item, &attribute, std::slice::from_ref(&attribute))
    }

    #[test]
    fn an_apps_token_is_a_name_and_a_tokens_token_a_secret() {
        assert!(!secret("server_app", "a", "token", "Workspace App - a"));
        assert!(secret("server_app", "a", "token", "fme_enc:x"));
        assert!(secret("security", "a", "token", "1f2e3d"));
    }

    #[test]
    fn passwords_salts_and_ciphertexts_are_secrets_wherever_they_stand() {
        for name in [
            "userpassword",
            "uid",
            "salt",
            "tokenvalue",
            "CLIENT_SECRET",
            "apiKey",
        ] {
            assert!(secret("security", "a", name, "x"), "{name}");
        }
        assert!(secret("any", "a", "comment", "see fme_enc:abc"));
        assert!(secret("any", "a", "json", r#"{"host":"h","Password":"x"}"#));
        assert!(secret("any", "a", "url", "https://me:pw@host/x"));
    }

    #[test]
    fn a_propertys_value_is_a_secret_by_the_propertys_name() {
        assert!(secret("any", "SMTP_PASSWORD", "value", "x"));
        let both = [attribute("value", "x"), attribute("name", "smtp_password")];
        assert!(is_secret("any", "", &both[0], &both));
    }

    #[test]
    fn what_an_engineer_needs_stays_readable() {
        for (name, value) in [
            ("name", "Workspace App - trees"),
            ("userpasswordcreateddate", "Fri-02-May-2025 11:58:17 AM"),
            ("permissions", "NAMEDCONNECTIONS_RUN"),
            ("url", "https://host:443/x@y"),
        ] {
            assert!(!secret("security", "a", name, value), "{name}");
        }
    }
}
