//! Archives with many of one thing that `scale` has not, or of two: what makes a loop within a loop
//! grow with the square.

use std::io::Cursor;
use std::path::Path;

use super::java_zip::{DosTime, JavaZip};
use super::tree::{self, Pieces};

const PACKED: DosTime = DosTime::new((2025, 11, 19), (20, 24, 34));

/// A user's key.
fn user(number: u32) -> String {
    format!("11111111-0000-4000-8000-{number:012}")
}

fn token(number: u32) -> String {
    format!("22222222-0000-4000-8000-{number:012}")
}

fn role(number: u32) -> String {
    format!("33333333-0000-4000-8000-{number:012}")
}

fn app(number: u32) -> String {
    format!("44444444-0000-4000-8000-{number:012}")
}

fn item(name: &str, kind: &str, attributes: &[(&str, &str)], lists: &[String]) -> String {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (*name, "string", *value))
        .collect();
    let lists = lists.iter().cloned();
    let lists: Vec<Pieces<'_>> = lists
        .map(|list| Box::new(std::iter::once(list)) as Pieces<'_>)
        .collect();
    tree::item(name, kind, tree::attributes(&attributes), lists).collect()
}

fn list(name: &str, items: impl Iterator<Item = String>) -> String {
    tree::list_of(name, items).collect()
}

/// What is in an archive; each may be many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axes {
    pub(super) users: u32,
    /// Each has a token of its own, unless they share one.
    pub(super) apps: u32,
    pub(super) share_a_token: bool,
    /// Roles that every token is registered on.
    pub(super) roles: u32,
    /// Each of those roles is granted something on each of these.
    pub(super) connections: u32,
}

impl Axes {
    pub(super) const ONE: Self = Self {
        users: 1,
        apps: 1,
        share_a_token: false,
        roles: 1,
        connections: 1,
    };

    /// Writes an archive.
    pub(super) fn write(self, path: &Path) {
        let mut zip = JavaZip::new(Vec::new());
        let parts = [
            ("properties.xml", super::scale::documents::properties()),
            ("data.xml", self.data()),
        ];
        for (name, text) in parts {
            zip.entry(name, PACKED, Cursor::new(text)).unwrap();
        }
        fs_err::write(path, zip.finish().unwrap()).unwrap();
    }

    fn data(self) -> String {
        let tokens = if self.share_a_token { 1 } else { self.apps };
        let registered = list(
            "user_role_registrations",
            (0..self.roles).map(|it| item(&role(it), "user_role_registrations", &[], &[])),
        );
        let own = (0..tokens).map(|it| {
            let (name, user) = (format!("token {it}"), user(it % self.users));
            let attributes = [
                ("name", &*name),
                ("userid", &*user),
                ("is_enabled", "true"),
                ("is_restricted", "true"),
            ];
            item(
                &token(it),
                "user_tokens",
                &attributes,
                std::slice::from_ref(&registered),
            )
        });
        let roles = (0..self.roles).map(|it| {
            let name = format!("token:user0.token {it}");
            item(
                &role(it),
                "roles",
                &[("name", &name), ("isinternal", "true")],
                &[],
            )
        });
        let users = (0..self.users).map(|it| {
            let name = format!("user{it}");
            item(&user(it), "users", &[("username", &name)], &[])
        });
        let connections = (0..self.connections).map(|it| {
            let permissions = list(
                "permissions",
                std::iter::once(item("P", "permissions", &[], &[])),
            );
            let granted = (0..self.roles).map(|it| {
                let permissions = std::slice::from_ref(&permissions);
                item(&role(it), "role_permissions", &[], permissions)
            });
            let granted = list("role_permissions", granted);
            item(
                &format!("connection {it}"),
                "app_resources",
                &[],
                &[granted],
            )
        });
        let secured = item(
            "NamedConnections",
            "app_resource_categories",
            &[],
            &[list("app_resources", connections)],
        );
        let security = [
            list("users", users),
            list("user_tokens", own),
            list("roles", roles),
            list("app_resource_categories", std::iter::once(secured)),
        ];
        let apps = (0..self.apps).map(|it| {
            let token = if self.share_a_token { 0 } else { it };
            let token = format!("token {token}");
            let owner = if self.share_a_token {
                0
            } else {
                it % self.users
            };
            let (name, owner) = (format!("app {it}"), user(owner));
            let attributes = [("name", &*name), ("ownerid", &*owner), ("token", &*token)];
            item(&app(it), "server_apps", &attributes, &[])
        });
        let categories = [
            item("security", "categories", &[], &security),
            item(
                "server_app",
                "categories",
                &[],
                &[list("server_apps", apps)],
            ),
        ];
        let categories = list("categories", categories.into_iter());
        format!("<package><itemtypes>{categories}</itemtypes></package>")
    }
}
