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
    /// How many permissions a grant has.
    pub(super) permissions: u32,
    /// Whether the permissions on each Connection are others.
    pub(super) distinct: bool,
    /// Items that name the first token, each of an owner of its own.
    pub(super) webhooks: u32,
    /// Tokens that bear the name of the first, each of a user of its own.
    pub(super) namesakes: u32,
    /// Lines and items of a project that name tokens.
    pub(super) listed: u32,
    /// How many slashes the line of the first token has.
    pub(super) slashes: u32,
    /// Links of a Gallery App.
    pub(super) links: u32,
}

impl Axes {
    pub(super) const ONE: Self = Self {
        users: 1,
        apps: 1,
        share_a_token: false,
        roles: 1,
        connections: 1,
        permissions: 1,
        distinct: false,
        webhooks: 0,
        namesakes: 0,
        listed: 1,
        slashes: 1,
        links: 0,
    };

    /// Writes an archive.
    pub(super) fn write(self, path: &Path) {
        let mut zip = JavaZip::new(Vec::new());
        let parts = [
            ("properties.xml", super::scale::documents::properties()),
            ("data.xml", self.data()),
            ("project.yml", self.project()),
        ];
        for (name, text) in parts {
            zip.entry(name, PACKED, Cursor::new(text)).unwrap();
        }
        fs_err::write(path, zip.finish().unwrap()).unwrap();
    }

    /// What the first token is called.
    fn first_token(self) -> String {
        format!("token 0{}", "/".repeat(self.slashes as usize))
    }

    fn project(self) -> String {
        let lines = (1..self.listed).map(|it| format!("  - user{it}/token {it}\n"));
        let first = self.first_token();
        let lines: String = lines.chain([format!("  - user0/{first}\n")]).collect();
        format!(
            "name: growth\nminimum_fme_build: 25609\nproject_content:\n  projects:\n  - growth\n  tokens:\n{lines}"
        )
    }

    /// Every user's tokens, those of the apps first.
    fn tokens(self) -> String {
        let first_token = self.first_token();
        let tokens = if self.share_a_token { 1 } else { self.apps };
        let registered = list(
            "user_role_registrations",
            (0..self.roles).map(|it| item(&role(it), "user_role_registrations", &[], &[])),
        );
        let own = (0..tokens).map(|it| {
            let name = if it == 0 {
                first_token.clone()
            } else {
                format!("token {it}")
            };
            let user = user(it % self.users);
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
        let namesakes = (0..self.namesakes).map(|it| {
            let (key, user) = (token(it + 500_000), user(it + 500_000));
            item(
                &key,
                "user_tokens",
                &[("name", &first_token), ("userid", &user)],
                &[],
            )
        });
        list("user_tokens", own.chain(namesakes))
    }

    /// The lists of security.
    fn security(self) -> [String; 4] {
        let first_token = self.first_token();
        let roles = (0..self.roles).map(|it| {
            let name = match it {
                0 => format!("token:user0.{first_token}"),
                _ => format!("token:user0.token {it}"),
            };
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
            let other = if self.distinct { it } else { 0 };
            let names = (0..self.permissions).map(|number| format!("P{other}_{number}"));
            let permissions = names.map(|name| item(&name, "permissions", &[], &[]));
            let permissions = list("permissions", permissions);
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
        [
            list("users", users),
            self.tokens(),
            list("roles", roles),
            list("app_resource_categories", std::iter::once(secured)),
        ]
    }

    fn apps(self) -> String {
        let first_token = self.first_token();
        let apps = (0..self.apps).map(|it| {
            let token = match it {
                1.. if !self.share_a_token => format!("token {it}"),
                _ => first_token.clone(),
            };
            let owner = if self.share_a_token {
                0
            } else {
                it % self.users
            };
            let (name, owner) = (format!("app {it}"), user(owner));
            let attributes = [("name", &*name), ("ownerid", &*owner), ("token", &*token)];
            item(&app(it), "server_apps", &attributes, &[])
        });
        list("server_apps", apps)
    }

    fn data(self) -> String {
        let first_token = self.first_token();
        let hooks = (0..self.webhooks).map(|it| {
            // Every other one has a token of that name.
            let owner = user(it + 500_000 + it % 2 * 100_000);
            let attributes = [("token", &*first_token), ("ownerid", &*owner)];
            item(&format!("hook {it}"), "webhooks", &attributes, &[])
        });
        let links = (0..self.links).map(|it| {
            let attributes = [("type", "APP"), ("link", &*format!("app {it}"))];
            item(&format!("link {it}"), "links", &attributes, &[])
        });
        let gallery = [("name", "gallery"), ("ownerid", &*user(0))];
        let gallery = item(
            "suite",
            "server_app_suites",
            &gallery,
            &[list("links", links)],
        );
        let listed = (0..self.listed).map(|it| {
            let (scope, name) = (format!("user{it}"), format!("token {it}"));
            let attributes = [
                ("itemtype", "USERTOKEN"),
                ("itemscope", &scope),
                ("itemname", &name),
            ];
            item("", "project_items", &attributes, &[])
        });
        let project = item(
            "p",
            "projects",
            &[("name", "p")],
            &[list("project_items", listed)],
        );
        let category = |name: &str, lists: &[String]| item(name, "categories", &[], lists);
        let categories = [
            category("project", &[list("projects", std::iter::once(project))]),
            category("security", &self.security()),
            category("webhook", &[list("webhooks", hooks)]),
            category("server_app", &[self.apps()]),
            category(
                "server_app_suite",
                &[list("server_app_suites", std::iter::once(gallery))],
            ),
        ];
        let categories = list("categories", categories.into_iter());
        let filler = " ".repeat(FILLER);
        format!("<package>{filler}<itemtypes>{categories}</itemtypes></package>")
    }
}

/// Fills every buffer that the thread that counts reads with, so that they are as large in a small archive as
/// in a large one; what is behind it another thread reads, in as many buffers.
const FILLER: usize = 300_000;

/// One thing, or two, and an archive with so many of it.
type Axis = (&'static str, fn(u32) -> Axes);

/// So many of two things that there are thrice `count` pairs of them: in whole numbers that grows tenfold
/// best.
fn side(count: u32) -> u32 {
    (count * 3).isqrt()
}

/// What an archive can have much of, alone and with something else that the same loop may go through.
pub(super) const AXES: [Axis; 16] = [
    ("users", |users| Axes { users, ..Axes::ONE }),
    ("apps", |apps| Axes { apps, ..Axes::ONE }),
    ("users and apps", |many| Axes {
        users: many,
        apps: many,
        ..Axes::ONE
    }),
    ("apps that share a token", |apps| Axes {
        apps,
        share_a_token: true,
        connections: 3,
        ..Axes::ONE
    }),
    ("roles", |roles| Axes { roles, ..Axes::ONE }),
    ("roles of a token that apps share", |many| Axes {
        apps: many,
        roles: many,
        share_a_token: true,
        connections: 0,
        ..Axes::ONE
    }),
    ("connections", |connections| Axes {
        connections,
        ..Axes::ONE
    }),
    // One of more than 16 KiB is looked through once more, which takes as much again.
    ("permissions of a grant", |permissions| Axes {
        permissions: permissions / 4,
        ..Axes::ONE
    }),
    ("permissions that no other grant has", |connections| Axes {
        connections,
        distinct: true,
        ..Axes::ONE
    }),
    ("apps by connections", |count| Axes {
        apps: side(count),
        connections: side(count),
        share_a_token: true,
        ..Axes::ONE
    }),
    // As many triples would be thirty times as many.
    ("apps by connections by roles", |count| Axes {
        apps: side(count),
        connections: side(count),
        roles: side(count),
        share_a_token: true,
        ..Axes::ONE
    }),
    ("connections by roles", |count| Axes {
        roles: side(count),
        connections: side(count),
        ..Axes::ONE
    }),
    ("tokens by registrations", |count| Axes {
        apps: side(count),
        roles: side(count),
        ..Axes::ONE
    }),
    ("webhooks", |webhooks| Axes {
        webhooks,
        ..Axes::ONE
    }),
    ("webhooks and namesakes of the token", |many| Axes {
        webhooks: many,
        namesakes: many,
        ..Axes::ONE
    }),
    ("links of a gallery, and apps", |many| Axes {
        apps: many,
        links: many,
        ..Axes::ONE
    }),
];

/// What there can be much of where tokens are taken out.
pub(super) const FINAL_AXES: [Axis; 5] = [
    ("apps", |apps| Axes { apps, ..Axes::ONE }),
    ("lines and items of a project", |listed| Axes {
        listed,
        ..Axes::ONE
    }),
    ("apps, and lines and items of a project", |many| Axes {
        apps: many,
        users: many,
        listed: many,
        ..Axes::ONE
    }),
    ("slashes in a line", |slashes| Axes {
        slashes: slashes * 20,
        ..Axes::ONE
    }),
    ("tokens by registrations", |count| Axes {
        apps: side(count),
        roles: side(count),
        ..Axes::ONE
    }),
];
