//! What names an app's token, or its role, besides the items that are known to: a webhook, an
//! automation, a category that nobody knows. A token that is named elsewhere is nobody's to retire.
//!
//! That takes another look at the document, for what is looked for is known only once all of it is
//! read. Names are looked for where a token is meant ([`attributes`]), keys wherever they stand
//! ([`keys`]). A value that is compared may be a secret: it is kept only as long as that takes.

mod attributes;
mod beginnings;
mod found;
mod grants;
mod keys;
mod search;
mod wanted;

use std::io::Read;

use super::PackageError;
use crate::limits::Limits;
pub use attributes::LongValues;
pub use found::References;
use grants::WithoutGrants;
use keys::Scanned;
pub use wanted::Wanted;

impl References {
    /// Looks through `data.xml`, which was read before, and through those of its long values that are
    /// `known` to speak of a token. Tells which others do: it has to be looked through again with these.
    ///
    /// # Errors
    /// [`PackageError`] when it cannot be read once more.
    pub fn in_data(
        &mut self,
        wanted: &Wanted<'_>,
        document: impl Read,
        limits: Limits,
        known: &LongValues,
    ) -> Result<LongValues, PackageError> {
        let mut document = Scanned::new(document, wanted);
        let rest = WithoutGrants::new(&mut document, wanted.grants());
        let heard = attributes::find(rest, wanted, limits, known, self)?;
        document.finish(self);
        Ok(heard)
    }

    /// Looks for keys in another document, where none belongs.
    ///
    /// # Errors
    /// [`PackageError::Read`] when it cannot be read.
    pub fn in_other(
        &mut self,
        wanted: &Wanted<'_>,
        document: impl Read,
    ) -> Result<(), PackageError> {
        let mut document = Scanned::elsewhere(document, wanted);
        std::io::copy(&mut document, &mut std::io::sink()).map_err(PackageError::Read)?;
        document.finish(self);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Budget, data};

    const USER: &str = "11111111-0000-4000-8000-000000000001";
    const TOKEN: &str = "22222222-0000-4000-8000-000000000002";
    const ROLE: &str = "33333333-0000-4000-8000-000000000003";

    fn list(name: &str, items: &str) -> String {
        format!("<itemtype><name>{name}</name><items>{items}</items></itemtype>")
    }

    fn item(name: &str, attributes: &[(&str, &str)], lists: &str) -> String {
        let attributes: String = attributes
            .iter()
            .map(|(name, value)| {
                format!("<attribute><name>{name}</name><type>string</type><value>{value}</value></attribute>")
            })
            .collect();
        format!(
            "<item><name>{name}</name><attributes>{attributes}</attributes>\
             <itemtypes>{lists}</itemtypes></item>"
        )
    }

    /// A package with an app whose token is called "t x", and another category.
    fn package(other: &str) -> String {
        let app = [("name", "a"), ("ownerid", USER), ("token", "t x")];
        let apps = item(
            "server_app",
            &[],
            &list("server_apps", &item("a", &app, "")),
        );
        let registration = list("user_role_registrations", &item(ROLE, &[], ""));
        let token = [("name", "t x"), ("userid", USER)];
        let tokens = list("user_tokens", &item(TOKEN, &token, &registration));
        let role = [("name", "token:bob.t x"), ("isinternal", "true")];
        let roles = list("roles", &item(ROLE, &role, ""));
        let users = list("users", &item(USER, &[("username", "bob")], ""));
        let grant = list("role_permissions", &item(ROLE, &[], ""));
        let grants = list("app_resources", &item("c", &[], &grant));
        let secured = item("NamedConnections", &[], &grants);
        let secured = list("app_resource_categories", &secured);
        let security = item("security", &[], &(users + &roles + &tokens + &secured));
        let categories = list("categories", &(apps + other + &security));
        format!("<package><itemtypes>{categories}</itemtypes></package>")
    }

    fn references(document: &str) -> References {
        let limits = Limits::default();
        let data = data::read(document.as_bytes(), limits, &mut Budget::new(limits)).unwrap();
        let wanted = Wanted::of(&data);
        let mut references = References::default();
        let mut look = |known: &LongValues| {
            let looked = references.in_data(&wanted, document.as_bytes(), limits, known);
            looked.unwrap()
        };
        let heard = look(&LongValues::new());
        if !heard.is_empty() {
            assert!(look(&heard).is_empty());
        }
        references
    }

    /// What names the token, where an item of the category `webhooks` has these attributes.
    fn named(attributes: &[(&str, &str)]) -> bool {
        let hook = list("hooks", &item("h", attributes, ""));
        let found = references(&package(&item("webhooks", &[], &hook)));
        let mut by = found.of_token(0).into_iter().flatten();
        assert!(by.all(|by| &**by == "webhooks"));
        found.of_token(0).is_some()
    }

    #[test]
    fn what_an_app_a_registration_and_a_grant_name_is_not_named_elsewhere() {
        assert_eq!(references(&package("")), References::default());
    }

    #[test]
    fn a_token_is_named_by_its_name_its_line_its_role_or_its_key() {
        for (attribute, value) in [
            ("token", "t x"),
            ("apiToken", "t x"),
            ("token_name", "bob/t x"),
            ("token", "token:bob.t x"),
            ("role", "token:bob.t x"),
            ("note", &format!("see {TOKEN}.")),
            ("note", &TOKEN.to_uppercase()),
            ("settings", "{\"a\": [{\"token\": \"t x\"}]}"),
            ("token", "t&#32;x"),
            ("settings", " {\"token\": \"t x\""),
            ("settings", "{\"to\\u006ben\": \"t\\u0020x\"}"),
            ("settings", "{\"a\": \"{\\\"token\\\": \\\"t x\\\"}\"}"),
        ] {
            assert!(named(&[(attribute, value)]), "{attribute} {value}");
        }
        let parameter = [("value", "t x")];
        let node = list("param", &item("fme_token", &parameter, ""));
        let automation = list(
            "automations",
            &item("1", &[], &list("node", &item("n", &[], &node))),
        );
        let found = references(&package(&item("automation", &[], &automation)));
        assert!(found.of_token(0).is_some());
    }

    #[test]
    fn what_stands_in_a_value_that_is_too_long_may_be_meant() {
        let fill = "x".repeat(70_000);
        for value in [
            format!("{{\"a\": \"{fill}\", \"token\": \"t x\"}}"),
            format!("{{\"token\": \"t\\u0020x\", \"a\": \"{fill}\"}}"),
            format!("{{\"a\": \"{{\\\"token\\\": \\\"t\\\\u0020x\\\"}}\", \"b\": \"{fill}\"}}"),
            format!("{}Token{}t x{fill}", "y".repeat(65_534), "z".repeat(65_536)),
        ] {
            assert!(named(&[("settings", &value)]), "{}", value.len());
        }
        assert!(named(&[("token", &format!("{fill},t x"))]));
        assert!(!named(&[(
            "settings",
            &format!("{{\"a\": \"{fill}\", \"token\": \"t y\"}}")
        )]));
        assert!(!named(&[(
            "settings",
            &format!("{{\"a\": \"{fill}\", \"b\": \"t x\"}}")
        )]));
    }

    #[test]
    fn what_only_looks_like_it_names_nothing() {
        for (attribute, value) in [
            ("name", "t x"),
            ("token", "t y"),
            ("token", "t x "),
            ("tokenvalue", "t x"),
            ("settings", "{\"name\": \"t x\"}"),
            ("note", &format!("{TOKEN}0")),
        ] {
            assert!(!named(&[(attribute, value)]), "{attribute} {value}");
        }
    }

    #[test]
    fn an_owner_who_has_no_such_token_may_still_use_it_but_one_who_has_uses_that() {
        assert!(named(&[("token", "t x"), ("ownerid", USER)]));
        assert!(named(&[("token", "t x"), ("owner", "bob")]));
        assert!(named(&[("token", "t x"), ("ownerid", "nobody")]));
        let document = package(&item(
            "webhooks",
            &[],
            &list(
                "hooks",
                &item("h", &[("token", "t x"), ("owner", "eve")], ""),
            ),
        ));
        let other = item(
            "44444444-0000-4000-8000-000000000004",
            &[("name", "t x"), ("userid", "eve")],
            "",
        );
        let end = "</items></itemtype><itemtype><name>app_resource_categories</name>";
        let document = document.replace(end, &(other + end));
        let found = references(&document);
        assert_eq!(found.tokens.keys().collect::<Vec<_>>(), [&1]);
    }

    #[test]
    fn a_roles_key_that_stands_elsewhere_keeps_the_role_and_not_the_token() {
        let hook = list("hooks", &item("h", &[("group", ROLE)], ""));
        let found = references(&package(&item("webhooks", &[], &hook)));
        assert!(found.of_token(0).is_none());
        assert_eq!(found.roles.len(), 1);
    }

    /// Gives a few bytes at a time.
    struct Few<'a>(&'a [u8], usize);

    impl Read for Few<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(buffer.len());
            self.0.read(&mut buffer[..count])
        }
    }

    #[test]
    fn a_key_is_found_in_whatever_pieces_the_document_comes() {
        let document = package("");
        let limits = Limits::default();
        let data = data::read(document.as_bytes(), limits, &mut Budget::new(limits)).unwrap();
        let wanted = Wanted::of(&data);
        for (text, is_named) in [
            (TOKEN.to_owned(), true),
            (format!("{TOKEN}\n-"), true),
            (format!("a-b {}", TOKEN.to_uppercase()), true),
            (format!("{ROLE},{TOKEN}"), true),
            (format!("f{TOKEN}"), false),
            (format!("x-{TOKEN}"), false),
            (format!("{TOKEN}-"), false),
            (format!("{TOKEN}0 "), false),
        ] {
            for before in [0, 1, 7, 8, 40] {
                let text = format!("{}{text}", "x".repeat(before));
                for step in 1..40 {
                    let mut found = References::default();
                    found.in_other(&wanted, Few(text.as_bytes(), step)).unwrap();
                    assert_eq!(found.of_token(0).is_some(), is_named, "{text} by {step}");
                }
            }
        }
    }
}
