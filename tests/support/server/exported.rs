//! As 2026.1 exports a server, and what both exports have alike.

use super::place::Of;
use std::collections::BTreeSet;

use super::tree::{grant, some_list, typed, uuid};
use super::{App, Noise, Place, Server};
use crate::support::small::{self, item, list, package};
use crate::support::surgery::{Part, Parts};

impl Server {
    /// As 2026.1 exports it.
    pub(crate) fn export(&self, place: Place, noise: Noise) -> Vec<u8> {
        let place = place.keeps();
        let mut server = self.clone();
        if noise.reversed {
            server.apps.reverse();
            server.connections.reverse();
            server.users.reverse();
        }
        let saved = format!("2026-07-0{} 13:59:10.479", noise.salt % 9 + 1);
        let apps = |automation: bool| -> String {
            let apps = server
                .apps
                .iter()
                .filter(|app| app.automation == automation);
            apps.map(|app| {
                let own = Of::ALL.map(|of| place.on_app(app, of, noise.salt));
                let expires = server.expiry.written(app);
                let mut attributes = vec![(
                    "enabled",
                    "boolean",
                    if app.enabled { "true" } else { "false" },
                )];
                if !app.automation {
                    attributes.push((
                        "allowTemporaryUploads",
                        "boolean",
                        if app.uploads { "true" } else { "false" },
                    ));
                }
                let values = own.iter().flat_map(|own| &own.attributes).chain(&expires);
                attributes.extend(values.map(|(name, value)| (*name, "string", value.as_str())));
                let lists: String = own.iter().map(|own| &*own.lists).collect();
                server.app(app, &attributes, &saved, &lists)
            })
            .collect()
        };
        let secured = server.secured(
            |category, on| place.grants_on(&server, (category, on), noise.salt),
            |of, name| place.on_secured(&server, of, name),
        );
        let roles = place.roles(&server, noise.salt);
        let tokens = server.tokens.iter().map(|(user, name)| {
            typed(
                &uuid(&format!("token left {user} {name}")),
                "user_tokens",
                &[
                    ("name", "string", name),
                    ("userid", "uuid", server.owner_id(user)),
                    ("is_enabled", "boolean", "true"),
                ],
                "",
            )
        });
        let tokens = some_list("user_tokens", &tokens.collect::<String>());
        let security =
            tokens + &server.security(&roles, &secured) + &place.in_security(&server, noise.salt);
        let more = place.categories(&server);
        server.project("2.111", 26121, (&security, &more), &apps)
    }

    pub(super) fn app(
        &self,
        app: &App,
        more: &[(&str, &str, &str)],
        saved: &str,
        lists: &str,
    ) -> String {
        let owner = self.owner_id(&app.owner);
        let mut attributes = vec![
            ("name", "string", app.name.as_str()),
            ("ownerid", "uuid", owner),
            ("lastsavedate", "string", saved),
            ("description", "string", "an app"),
        ];
        if app.automation {
            attributes.push((
                "automationid",
                "uuid",
                "00000000-0000-4000-8000-00000000abcd",
            ));
        } else {
            attributes.extend([("repo", "string", "R"), ("workspace", "string", "w.fmw")]);
        }
        attributes.extend(more);
        let params = if app.automation {
            String::new()
        } else {
            list("params", &item("p", "params", &[("x", "y")], ""))
        };
        let kind = if app.automation {
            "server_automation_apps"
        } else {
            "server_apps"
        };
        typed(&app.key, kind, &attributes, &(params + lists))
    }

    pub(super) fn secured(
        &self,
        grants: impl Fn(&'static str, &str) -> String,
        lists: impl Fn(Of, &str) -> String,
    ) -> String {
        let user = |name: &str, words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            grant(self.owner_id(name), &words)
        };
        let connections: String = self
            .connections
            .iter()
            .map(|(name, owner)| {
                let own = user(owner, &["NAMEDCONNECTIONS_RUN", "NAMEDCONNECTIONS_WRITE"]);
                let grants = list(
                    "role_permissions",
                    &(own + &grants("NamedConnections", name)),
                );
                typed(
                    name,
                    "app_resources",
                    &[
                        ("ownerid", "uuid", self.owner_id(owner)),
                        ("displayname", "string", name),
                    ],
                    &(grants + &lists(Of::Connections, name)),
                )
            })
            .collect();
        let held = self.apps.iter().flat_map(|app| app.resources.keys());
        let mut resources: BTreeSet<&str> = held.map(String::as_str).collect();
        resources.insert("FME_SHAREDRESOURCE_DATA");
        let resources = resources.into_iter().map(|resource| {
            let own = user(&self.users[0].1, &["SHAREDRESOURCE_READ"]);
            let grants = own + &grants("SharedResources", resource);
            let lists = list("role_permissions", &grants) + &lists(Of::Resources, resource);
            item(resource, "app_resources", &[], &lists)
        });
        let resources = resources.collect();
        ["NamedConnections", "SharedResources"]
            .into_iter()
            .zip([connections, resources])
            .map(|(name, items)| {
                item(
                    name,
                    "app_resource_categories",
                    &[],
                    &some_list("app_resources", &items),
                )
            })
            .collect()
    }

    pub(super) fn security(&self, roles: &str, secured: &str) -> String {
        let own = self.users.iter().map(|(id, name)| {
            typed(
                id,
                "roles",
                &[
                    ("name", "string", &format!("user:{name}")),
                    ("isinternal", "boolean", "false"),
                ],
                "",
            )
        });
        let users = self.users.iter().map(|(id, name)| {
            let roles = list(
                "user_role_registrations",
                &item(id, "user_role_registrations", &[], ""),
            );
            typed(id, "users", &[("username", "string", name)], &roles)
        });
        [
            list("roles", &(own.collect::<String>() + roles)),
            list("users", &users.collect::<String>()),
            list("app_resource_categories", secured),
        ]
        .concat()
    }

    pub(super) fn project(
        &self,
        schema: &str,
        build: u32,
        (security, more): (&str, &str),
        apps: &dyn Fn(bool) -> String,
    ) -> Vec<u8> {
        let connections = self.connections.iter().map(|(name, owner)| {
            typed(
                name,
                "named_connections",
                &[
                    ("name", "string", name),
                    ("ownerid", "uuid", self.owner_id(owner)),
                    ("type", "string", "DATABASE"),
                ],
                "",
            )
        });
        let members: String = self
            .apps
            .iter()
            .map(|app| ("APP", &app.name))
            .chain(
                self.connections
                    .iter()
                    .map(|(name, _)| ("NAMEDCONNECTION", name)),
            )
            .map(|(kind, name)| {
                let name = name.as_str();
                typed(
                    "",
                    "project_items",
                    &[
                        ("itemtype", "string", kind),
                        ("itemscope", "string", ""),
                        ("itemname", "string", name),
                    ],
                    "",
                )
            })
            .collect();
        let project = typed(
            "eeeeeeee-0000-4000-8000-000000000050",
            "projects",
            &[("name", "string", "small")],
            &some_list("project_items", &members),
        );
        let categories = [
            item("project", "categories", &[], &list("projects", &project)),
            item("security", "categories", &[], security),
            item(
                "named_connection",
                "categories",
                &[],
                &some_list("named_connections", &connections.collect::<String>()),
            ),
            item(
                "server_app",
                "categories",
                &[],
                &some_list("server_apps", &apps(false)),
            ),
            item(
                "server_automation_app",
                "categories",
                &[],
                &some_list("server_automation_apps", &apps(true)),
            ),
            more.to_owned(),
        ];
        Parts::of(vec![
            Part::new("properties.xml", properties(schema, build)),
            Part::new("data.xml", package(&categories.concat())),
            Part::new("project.yml", format!("uid: ''\nname: small\nminimum_fme_build: {build}\nproject_content:\n  projects:\n  - small\nversion: 1.0.0\n")),
            Part::new("files/0_w.fmw", small::WORKSPACE),
            Part::new("files.map", small::MAP),
        ])
        .build()
    }
}

fn properties(schema: &str, build: u32) -> String {
    let build = build.to_string();
    let properties = [
        ("CONFIG_FORMAT_VERSION", "1.0"),
        ("CONFIG_API_VERSION", "3.0"),
        ("CONFIG_SCHEMA_VERSION", schema),
        ("CONFIG_SERVER_VERSION", &build),
    ]
    .map(|(name, value)| {
        format!("<property><category>CONFIG_MIGRATION</category><name>{name}</name><value>{value}</value></property>")
    });
    let properties = properties.concat();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<properties>{properties}</properties>")
}
