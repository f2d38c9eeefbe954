//! A simulated FME Flow: holds users, Connections and apps, exports them as an old server with app
//! tokens, imports such an export as 2026.1 is documented to (app token, its role, the role's grants
//! on Connections, to the app), and exports as 2.111, with the permissions in a [`Place`] of choice.

pub(crate) mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::dom::{self, Item};
use super::small::{item, list, package};
use super::surgery::{Part, Parts};
pub(crate) use place::Place;

/// Permissions by what they are on.
pub(crate) type Held = BTreeMap<String, BTreeSet<String>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct App {
    pub(crate) automation: bool,
    pub(crate) key: String,
    pub(crate) name: String,
    /// Login name.
    pub(crate) owner: String,
    pub(crate) enabled: bool,
    pub(crate) uploads: bool,
    pub(crate) held: Held,
    pub(crate) resources: Held,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Server {
    /// Key and login name.
    pub(crate) users: Vec<(String, String)>,
    /// Name and owner's login name.
    pub(crate) connections: Vec<(String, String)>,
    pub(crate) apps: Vec<App>,
    /// App tokens that an export of 2026.1 still holds: login name and name.
    pub(crate) tokens: Vec<(String, String)>,
}

/// What differs between two exports of one server.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Noise {
    /// Makes other UUIDs and dates.
    pub(crate) salt: u64,
    /// Apps, Connections and users come in reverse.
    pub(crate) reversed: bool,
}

/// A UUID made of a text.
pub(crate) fn uuid(of: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, of.as_bytes()).to_string()
}

/// An item whose attributes have types.
pub(crate) fn typed(
    key: &str,
    kind: &str,
    attributes: &[(&str, &str, &str)],
    within: &str,
) -> String {
    let attributes: String = attributes
        .iter()
        .map(|(name, kind, value)| {
            let value = escape(value);
            format!("<attribute><name>{name}</name><type>{kind}</type><value>{value}</value></attribute>")
        })
        .collect();
    let attributes = match attributes.as_str() {
        "" => String::new(),
        some => format!("<attributes>{some}</attributes>"),
    };
    let within = match within {
        "" => String::new(),
        some => format!("<itemtypes>{some}</itemtypes>"),
    };
    let key = escape(key);
    format!("<item><name>{key}</name><type>{kind}</type>{attributes}{within}</item>")
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

impl Server {
    /// Users `user0`…, Connections `Connection 0`…, apps `app-0`…; each app holds what `held` says of its
    /// number.
    pub(crate) fn new(
        (users, connections, apps): (usize, usize, usize),
        held: impl Fn(usize) -> Vec<(usize, &'static str)>,
    ) -> Self {
        let user = |at: usize| format!("user{}", at % users);
        Self {
            users: (0..users).map(|at| (uuid(&user(at)), user(at))).collect(),
            connections: (0..connections)
                .map(|at| (format!("Connection {at}"), user(at)))
                .collect(),
            apps: (0..apps)
                .map(|at| App {
                    automation: at % 3 == 2,
                    key: uuid(&format!("app {at}")),
                    name: format!("app-{at}"),
                    owner: user(at),
                    enabled: true,
                    uploads: false,
                    held: held(at)
                        .into_iter()
                        .map(|(connection, words)| {
                            let words = words.split(',').map(|it| format!("NAMEDCONNECTIONS_{it}"));
                            (format!("Connection {connection}"), words.collect())
                        })
                        .collect(),
                    resources: Held::from([(
                        "FME_SHAREDRESOURCE_DATA".to_owned(),
                        BTreeSet::from(["SHAREDRESOURCE_READ".to_owned()]),
                    )]),
                })
                .collect(),
            tokens: Vec::new(),
        }
    }

    /// Three users, four Connections, seven apps of two kinds with different permissions.
    pub(crate) fn usual() -> Self {
        Self::new((3, 4, 7), |at| match at {
            0 => vec![(0, "RUN"), (1, "RUN,WRITE")],
            1 => vec![(1, "RUN")],
            2 => vec![(0, "RUN"), (2, "RUN,WRITE")],
            3 => vec![(0, "RUN,WRITE"), (1, "RUN"), (2, "RUN")],
            4 => vec![(3, "RUN")],
            5 => vec![(2, "RUN")],
            _ => vec![],
        })
    }

    /// Gives every user another login name.
    pub(crate) fn rename_users(&mut self) {
        let renamed = |name: &str| format!("{name}@example.org");
        for (_, name) in &mut self.users {
            *name = renamed(name);
        }
        for (_, owner) in &mut self.connections {
            *owner = renamed(owner);
        }
        for app in &mut self.apps {
            app.owner = renamed(&app.owner);
        }
    }

    pub(crate) fn owner_id(&self, name: &str) -> &str {
        let user = self.users.iter().find(|(_, user)| user == name);
        user.map_or("", |(id, _)| id)
    }

    pub(crate) fn token_name(app: &App) -> String {
        let kind = if app.automation {
            "Automation app"
        } else {
            "Workspace App"
        };
        format!("{kind} - {}", app.name)
    }

    /// As 2025.2 exports it.
    pub(crate) fn old_project(&self) -> Vec<u8> {
        let mut tokens = String::new();
        let mut roles = String::new();
        let mut grants: BTreeMap<(&str, String), String> = BTreeMap::new();
        for app in &self.apps {
            let (token, role) = (
                uuid(&format!("token {}", app.key)),
                uuid(&format!("role {}", app.key)),
            );
            let name = Self::token_name(app);
            tokens += &typed(
                &token,
                "user_tokens",
                &[
                    ("name", "string", &name),
                    ("userid", "uuid", self.owner_id(&app.owner)),
                    (
                        "is_enabled",
                        "boolean",
                        if app.enabled { "true" } else { "false" },
                    ),
                    ("is_restricted", "boolean", "true"),
                    ("expirationdate", "string", "Sat-13-Oct-2035 11:00:00 PM"),
                    ("token", "string", "SECRET-hash"),
                ],
                &list(
                    "user_role_registrations",
                    &item(&role, "user_role_registrations", &[], ""),
                ),
            );
            let role_name = format!("token:{}.{name}", app.owner);
            roles += &typed(
                &role,
                "roles",
                &[
                    ("name", "string", &role_name),
                    ("isinternal", "boolean", "true"),
                ],
                "",
            );
            for (category, held) in [
                ("NamedConnections", &app.held),
                ("SharedResources", &app.resources),
            ] {
                for (on, words) in held {
                    *grants.entry((category, on.clone())).or_default() += &grant(&role, words);
                }
            }
        }
        let apps = |automation: bool| -> String {
            let apps = self.apps.iter().filter(|app| app.automation == automation);
            apps.map(|app| {
                let token = Self::token_name(app);
                self.app(
                    app,
                    &[
                        ("token", "string", &token),
                        ("tokenvalue", "string", "SECRET-value"),
                    ],
                    "",
                    "",
                )
            })
            .collect()
        };
        let secured = self.secured(
            |category, on| {
                grants
                    .get(&(category, on.to_owned()))
                    .cloned()
                    .unwrap_or_default()
            },
            |_| String::new(),
        );
        let security = some_list("user_tokens", &tokens) + &self.security(&roles, &secured);
        self.project("2.99", 25609, &security, &apps)
    }

    /// As 2026.1 exports it.
    pub(crate) fn export(&self, place: Place, noise: Noise) -> Vec<u8> {
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
                let own = place.on_app(&server, app, noise.salt);
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
                attributes.extend(
                    own.attributes
                        .iter()
                        .map(|(name, value)| (*name, "string", value.as_str())),
                );
                server.app(app, &attributes, &saved, &own.lists)
            })
            .collect()
        };
        let secured = server.secured(
            |category, on| match category {
                "NamedConnections" => place.grants_on(&server, on, noise.salt),
                _ => String::new(),
            },
            |connection| place.on_connection(&server, connection, noise.salt),
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
        server.project("2.111", 26121, &security, &apps)
    }

    fn app(&self, app: &App, more: &[(&str, &str, &str)], saved: &str, lists: &str) -> String {
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

    fn secured(
        &self,
        grants: impl Fn(&'static str, &str) -> String,
        lists: impl Fn(&str) -> String,
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
                    &(grants + &lists(name)),
                )
            })
            .collect();
        let resource = "FME_SHAREDRESOURCE_DATA";
        let own = user(&self.users[0].1, &["SHAREDRESOURCE_READ"]);
        let grants = list(
            "role_permissions",
            &(own + &grants("SharedResources", resource)),
        );
        let resources = item(resource, "app_resources", &[], &grants);
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

    fn security(&self, roles: &str, secured: &str) -> String {
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

    fn project(
        &self,
        schema: &str,
        build: u32,
        security: &str,
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
        ];
        Parts::of(vec![
            Part::new("properties.xml", properties(schema, build)),
            Part::new("data.xml", package(&categories.concat())),
            Part::new("project.yml", format!("uid: ''\nname: small\nminimum_fme_build: {build}\nproject_content:\n  projects:\n  - small\nversion: 1.0.0\n")),
            Part::new("files/0_w.fmw", super::small::WORKSPACE),
            Part::new("files.map", super::small::MAP),
        ])
        .build()
    }

    /// What a 2026.1 server holds after it has imported `archive`: with app tokens by the documented
    /// transfer, without by what stands in `place`.
    pub(crate) fn import(archive: &[u8], place: Place) -> Self {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
        let mut text = |name: &str| {
            let mut text = String::new();
            let mut entry = archive.by_name(name).unwrap();
            entry.read_to_string(&mut text).unwrap();
            text
        };
        let is_new = text("properties.xml").contains("<value>2.111</value>");
        let document = dom::read(&text("data.xml"));
        let category = |name: &str| document.children("categories").find(|it| it.name == name);
        let security = category("security").unwrap();
        let users: Vec<_> = security
            .children("users")
            .map(|user| (user.name.clone(), user.value("username").to_owned()))
            .collect();
        let login = |id: &str| {
            let user = users.iter().find(|(key, _)| key == id);
            user.map_or_else(String::new, |(_, name)| name.clone())
        };
        let connections = category("named_connection").into_iter();
        let connections = connections.flat_map(|it| it.children("named_connections"));
        let connections = connections.map(|it| (it.name.clone(), login(it.value("ownerid"))));
        let apps = [
            ("server_app", "server_apps"),
            ("server_automation_app", "server_automation_apps"),
        ];
        let apps = apps.into_iter().flat_map(|(name, kind)| {
            let items = category(name)
                .into_iter()
                .flat_map(move |it| it.children(kind));
            items.map(move |it| (kind == "server_automation_apps", it))
        });
        let apps = apps.map(|(automation, it)| {
            let app = App {
                automation,
                key: it.name.clone(),
                name: it.value("name").to_owned(),
                owner: login(it.value("ownerid")),
                enabled: it.value("enabled") == "true",
                uploads: it.value("allowTemporaryUploads") == "true",
                held: Held::new(),
                resources: Held::new(),
            };
            if is_new {
                return App {
                    held: place.read(&document, it, &app),
                    ..app
                };
            }
            let token = security.children("user_tokens").find(|token| {
                token.value("name") == it.value("token")
                    && token.value("userid") == it.value("ownerid")
            });
            let roles = token
                .into_iter()
                .flat_map(|token| token.children("user_role_registrations"));
            let roles: BTreeSet<_> = roles.map(|role| role.name.as_str()).collect();
            App {
                enabled: token.is_some_and(|token| token.value("is_enabled") == "true"),
                held: granted(&document, "NamedConnections", &roles),
                ..app
            }
        });
        Self {
            apps: apps.collect(),
            connections: connections.collect(),
            users,
            tokens: Vec::new(),
        }
    }
}

/// What roles hold in a category.
pub(crate) fn granted(document: &Item, category: &str, roles: &BTreeSet<&str>) -> Held {
    let security = document
        .children("categories")
        .find(|it| it.name == "security")
        .unwrap();
    let mut held = Held::new();
    let secured = security
        .children("app_resource_categories")
        .filter(|it| it.name == category);
    for on in secured.flat_map(|it| it.children("app_resources")) {
        let grants = on
            .children("role_permissions")
            .filter(|it| roles.contains(it.name.as_str()));
        for word in grants.flat_map(|it| it.children("permissions")) {
            held.entry(on.name.clone())
                .or_default()
                .insert(word.name.clone());
        }
    }
    held
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
