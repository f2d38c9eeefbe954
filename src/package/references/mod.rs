//! What names an app's token, or its role, besides the items that are known to: a webhook, an
//! automation, a category that nobody knows. A token that is named elsewhere is nobody's to retire.
//!
//! That takes another look at the document, for what is looked for is known only once all of it is
//! read. Names are looked for where a token is meant ([`attributes`]), keys wherever they stand
//! ([`keys`]). A value that is compared may be a secret: it is kept only as long as that takes.

mod attributes;
mod beginnings;
mod found;
mod items;
mod keys;
mod search;
mod sought;
mod unescaped;

use std::io::Read;

use super::{PackageError, xml};
use crate::limits::Limits;
pub use attributes::LongValues;
pub use found::References;
use items::WithoutItems;
use keys::Scanned;
pub use sought::Sought;

impl References {
    /// Looks through `data.xml`, which was read before, and through those of its long values that are
    /// `known` to speak of a token. Tells which others do: it has to be looked through again with these.
    ///
    /// # Errors
    /// [`PackageError`] when it cannot be read once more.
    pub fn in_data(
        &mut self,
        sought: &Sought<'_>,
        document: impl Read + Send,
        limits: Limits,
        known: &LongValues,
    ) -> Result<LongValues, PackageError> {
        let mut document = Scanned::new(document, sought);
        let rest = WithoutItems::new(&mut document, sought.items());
        let heard = xml::ahead(rest, |mut xml| {
            attributes::find(&mut xml, sought, limits, known, self)
        })?;
        document.finish(self);
        Ok(heard)
    }

    /// Looks for keys in another document, where none belongs.
    ///
    /// # Errors
    /// [`PackageError::Read`] when it cannot be read.
    pub fn in_other(
        &mut self,
        sought: &Sought<'_>,
        document: impl Read,
    ) -> Result<(), PackageError> {
        let mut document = Scanned::elsewhere(document, sought);
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
        let sought = Sought::of(&data);
        let mut references = References::default();
        let mut look = |known: &LongValues| {
            let looked = references.in_data(&sought, document.as_bytes(), limits, known);
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
            ("token", "t%20x"),
            ("tokens", "t y; t x"),
            ("tokens", "[\"t x\"]"),
            ("settings", " {\"token\": \"t x\""),
            ("settings", "{\"to\\u006ben\": \"t\\u0020x\"}"),
            ("settings", "{\"a\": \"{\\\"token\\\": \\\"t x\\\"}\"}"),
            ("settings", "[{\"name\": \"fmetoken\", \"value\": \"t x\"}]"),
            ("note", &format!("{{{}}}", TOKEN.to_uppercase())),
            ("note", &format!("urn:uuid:{TOKEN}")),
            ("note", &TOKEN.replace('-', "")),
            ("url", &format!("https://h/x?t%3D{TOKEN}%26")),
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
    fn the_dates_of_a_token_name_nothing_where_they_are_its_own() {
        for date in ["firsttokendate", "lasttokendate"] {
            let value = "(t x)";
            let own = "<attribute><name>userid</name>";
            let dated = format!(
                "<attribute><name>{date}</name><type>string</type><value>{value}</value></attribute>{own}"
            );
            let package = package("");
            let (before, token) = package.split_at(package.find(TOKEN).unwrap());
            let dated = before.to_owned() + &token.replacen(own, &dated, 1);
            assert_eq!(references(&dated), References::default(), "{date}");
            assert!(named(&[(date, value)]), "{date}");
        }
    }

    #[test]
    fn a_text_that_speaks_of_tokens_names_whatever_stands_in_it() {
        for value in [
            "token: t x",
            "a: 1\ntoken: 't x' # of bob",
            "auth: \"token\\x20t\\x20x\"",
            "&lt;token&gt;t x&lt;/token&gt;",
            "&lt;a to&amp;#107;en=&quot;t&amp;#x20;x&quot;/&gt;",
            "&lt;![CDATA[token t&amp;nbsp;x]]&gt;",
            "https://h/fmedatastreaming/r/x.fmw?fmetoken=t%20x&amp;a=b",
            "Token=t+x",
            "https://h/?to=https%3A%2F%2Fi%2F%3Ftoken%3Dt%2520x%26b%3D1",
            "{\"url\": \"https:\\/\\/h?token\\u003dt%20x\"}",
            "FMETOKEN&lt;equal&gt;t&lt;space&gt;x",
            "FMETOKEN&lt;equal&gt;t&lt;u0020&gt;x",
            "the token (t x) of bob",
        ] {
            assert!(named(&[("settings", value)]), "{value}");
        }
        for value in [
            "see t x",
            "token: t y",
            "token: t xy",
            "token: et x",
            "https://h/?token=t%20%20x",
        ] {
            assert!(!named(&[("settings", value)]), "{value}");
        }
    }

    #[test]
    fn an_item_that_speaks_of_tokens_names_what_its_values_are() {
        assert!(named(&[("name", "t x"), ("about", "fmetoken")]));
        assert!(named(&[("name", "FMETOKEN"), ("value", "t x")]));
        assert!(!named(&[("name", "FMETOKEN"), ("value", "a t x")]));
        assert!(!named(&[("name", "fme"), ("value", "t x")]));
        for (list_name, name, attributes, is_named) in [
            ("tokens", "t x", vec![], true),
            ("hooks", "t x", vec![("istoken", "true")], true),
            ("hooks", "token", vec![("value", "t x")], true),
            ("hooks", "t x", vec![("enabled", "true")], false),
        ] {
            let hook = list(list_name, &item(name, &attributes, ""));
            let found = references(&package(&item("webhooks", &[], &hook)));
            assert_eq!(found.of_token(0).is_some(), is_named, "{list_name} {name}");
        }
    }

    #[test]
    fn a_name_is_found_whatever_it_is_made_of() {
        for (name, values) in [
            (
                "R&amp;D",
                [
                    "token=R%26D",
                    "token: R&amp;amp;D",
                    "{\"token\":\"R\\u0026D\"}",
                ],
            ),
            (
                "100%",
                ["token=100%25", "token: 100%", "{\"a\": \"token 100%\"}"],
            ),
            (
                "a\\b",
                ["token=a%5Cb", "{\"token\": \"a\\\\b\"}", "token: a\\b;"],
            ),
            (
                "a\\",
                ["token=a%5C", "{\"token\": \"a\\\\\"}", "token: a\\;"],
            ),
            ("a+b", ["token=a%2Bb", "token=a+b", "token: \"a+b\""]),
            (
                "a &lt;b&gt;",
                [
                    "token=a%20%3Cb%3E",
                    "token: a &amp;lt;b&amp;gt;",
                    "token&lt;space&gt;a&lt;space&gt;&lt;lt&gt;b&lt;gt&gt;",
                ],
            ),
            (
                "öß 公",
                [
                    "token=%C3%B6%C3%9F%20%E5%85%AC",
                    "token: öß 公園",
                    "{\"token\":\"\\u00f6\\u00DF \\u516c\"}",
                ],
            ),
            (
                "🌳",
                [
                    "token=%F0%9F%8C%B3",
                    "{\"token\":\"\\ud83c\\udf33\"}",
                    "token &amp;#x1F333;",
                ],
            ),
            (
                "\"q\"",
                [
                    "{\"token\":\"\\\"q\\\"\"}",
                    "token=%22q%22",
                    "token &amp;quot;q&amp;quot;",
                ],
            ),
        ] {
            let end = format!("<value>{name}</value>");
            for value in values {
                let hook = list("hooks", &item("h", &[("note", value)], ""));
                let document = package(&item("webhooks", &[], &hook));
                let document = document.replace("<value>t x</value>", &end);
                let found = references(&document);
                assert!(found.of_token(0).is_some(), "{name} in {value}");
            }
        }
    }

    #[test]
    fn what_stands_in_a_value_that_is_too_long_may_be_meant() {
        let fill = "x".repeat(70_000);
        for value in [
            format!("{{\"a\": \"{fill}\", \"token\": \"t x\"}}"),
            format!("{{\"token\": \"t\\u0020x\", \"a\": \"{fill}\"}}"),
            format!("{{\"a\": \"{{\\\"token\\\": \\\"t\\\\u0020x\\\"}}\", \"b\": \"{fill}\"}}"),
            format!(
                "{}Token{} t x-{fill}",
                "y".repeat(65_534),
                "z".repeat(65_535)
            ),
            format!("{}Token%20t%20x", "y".repeat(65_534)),
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
            ("token", "t x 2"),
            ("token", "token t x"),
            ("tokenvalue", "t x"),
            ("settings", "{\"name\": \"t x\"}"),
            ("note", &TOKEN.replacen('-', "", 1)),
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
}
