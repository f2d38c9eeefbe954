//! Where a simulated 2026.1 keeps the permissions of apps: the candidates of the format's description,
//! each written and read, and some that nobody can learn from.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{App, Held, Server, grant, granted, some_list, typed, uuid};
use crate::support::dom::Item;
use crate::support::small::{item, list};

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere: the export leaves them out.
    Nowhere,
    /// Where flowlift itself writes them.
    Own,
    /// A child list of the app, an item a Connection, an item a permission below it.
    Children,
    /// A child list of the app whose items have UUIDs; Connection and permissions are attributes.
    ChildrenByUuid,
    /// An internal role with ordinary grants; it is called after the app.
    Role(RoleName),
    /// A flat list under `security`, an item for each app, Connection and permission.
    SecurityFlat,
    /// A list under `security` by app, with levels as booleans.
    SecurityByApp,
    /// Under the Connection, by app.
    OnConnection,
    /// A JSON string on the app: a list of objects.
    JsonList,
    /// A JSON string on the app: permissions by Connection.
    JsonMap,
    /// A string on the app: Connections with their permissions.
    Separated,
    /// As [`Place::JsonList`], but nobody can read it.
    Encrypted,
    /// [`Place::Children`] and [`Place::SecurityFlat`].
    Two,
}

/// How a role is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoleName {
    /// `app:<owner>.<app>`.
    OwnerAndApp,
    /// `serverapp:<key>`.
    Key,
    /// `<app> (app)`.
    App,
    /// Nothing to go by; the app is registered on it.
    Registered,
}

/// What stands on an app.
#[derive(Default)]
pub(crate) struct OnApp {
    pub(crate) attributes: Vec<(&'static str, String)>,
    pub(crate) lists: String,
}

fn short(words: &BTreeSet<String>) -> Vec<&str> {
    words
        .iter()
        .map(|it| it.strip_prefix("NAMEDCONNECTIONS_").unwrap())
        .collect()
}

fn joined(words: &BTreeSet<String>) -> String {
    words.iter().cloned().collect::<Vec<_>>().join(",")
}

fn role(app: &App, salt: u64) -> String {
    uuid(&format!("{salt} app role {}", app.key))
}

impl RoleName {
    fn of(self, app: &App) -> String {
        match self {
            Self::OwnerAndApp => format!("app:{}.{}", app.owner, app.name),
            Self::Key => format!("serverapp:{}", app.key),
            Self::App => format!("{} (app)", app.name),
            Self::Registered => "internal app role".to_owned(),
        }
    }
}

impl Place {
    /// Every place that can be learned.
    pub(crate) const LEARNABLE: [Self; 12] = [
        Self::Children,
        Self::ChildrenByUuid,
        Self::Role(RoleName::OwnerAndApp),
        Self::Role(RoleName::Key),
        Self::Role(RoleName::App),
        Self::Role(RoleName::Registered),
        Self::SecurityFlat,
        Self::SecurityByApp,
        Self::OnConnection,
        Self::JsonList,
        Self::JsonMap,
        Self::Separated,
    ];

    pub(crate) fn on_app(self, _: &Server, app: &App, salt: u64) -> OnApp {
        if app.held.is_empty() {
            return OnApp::default();
        }
        let attribute = |name, value| OnApp {
            attributes: vec![(name, value)],
            lists: String::new(),
        };
        let lists = |lists| OnApp {
            attributes: Vec::new(),
            lists,
        };
        match self {
            Self::Own => {
                let items = app.held.iter().map(|(connection, words)| {
                    let attributes = [
                        ("appIdentifier", "uuid", app.key.as_str()),
                        ("permissions", "string", &joined(words)),
                    ];
                    typed(connection, "connectionPermissions", &attributes, "")
                });
                lists(list("connectionPermissions", &items.collect::<String>()))
            }
            Self::Children | Self::Two => {
                let items: String = app
                    .held
                    .iter()
                    .map(|(connection, words)| {
                        let words = words.iter().map(|word| item(word, "permissions", &[], ""));
                        let words = list("permissions", &words.collect::<String>());
                        typed(connection, "namedConnections", &[], &words)
                    })
                    .collect();
                lists(list("namedConnections", &items))
            }
            Self::ChildrenByUuid => {
                let items: String = app
                    .held
                    .iter()
                    .map(|(connection, words)| {
                        let key = uuid(&format!("{salt} {} {connection}", app.key));
                        typed(
                            &key,
                            "connectionAccess",
                            &[
                                ("connection", "string", connection),
                                ("level", "string", &joined(words)),
                                (
                                    "since",
                                    "string",
                                    &format!("2026-07-0{} 10:00:00.000", salt % 9 + 1),
                                ),
                                ("appid", "uuid", &app.key),
                            ],
                            "",
                        )
                    })
                    .collect();
                lists(list("connectionAccess", &items))
            }
            Self::Role(RoleName::Registered) => {
                let registered = item(&role(app, salt), "user_role_registrations", &[], "");
                lists(list("user_role_registrations", &registered))
            }
            Self::JsonList => {
                let all = app.held.iter().map(|(connection, words)| {
                    json!({"category": "NamedConnections", "item": connection, "permissions": words})
                });
                attribute("permissions", all.collect::<Value>().to_string())
            }
            Self::JsonMap => {
                let all = app
                    .held
                    .iter()
                    .map(|(connection, words)| (connection.clone(), json!(short(words))));
                let all: Value = all.collect();
                attribute(
                    "access",
                    json!({"version": 1, "connections": all}).to_string(),
                )
            }
            Self::Separated => {
                let all = app
                    .held
                    .iter()
                    .map(|(connection, words)| format!("{connection}={}", short(words).join("+")));
                attribute("connections", all.collect::<Vec<_>>().join(";"))
            }
            Self::Encrypted => attribute(
                "permissions",
                uuid(&format!("{:?}", app.held)).replace('-', ""),
            ),
            _ => OnApp::default(),
        }
    }

    pub(crate) fn roles(self, server: &Server, salt: u64) -> String {
        let Self::Role(name) = self else {
            return String::new();
        };
        let with = server.apps.iter().filter(|app| !app.held.is_empty());
        with.map(|app| {
            typed(
                &role(app, salt),
                "roles",
                &[
                    ("name", "string", &name.of(app)),
                    ("isinternal", "boolean", "true"),
                    ("type", "string", "App"),
                ],
                "",
            )
        })
        .collect()
    }

    pub(crate) fn grants_on(self, server: &Server, connection: &str, salt: u64) -> String {
        let Self::Role(_) = self else {
            return String::new();
        };
        let held = server
            .apps
            .iter()
            .filter_map(|app| Some((app, app.held.get(connection)?)));
        held.map(|(app, words)| grant(&role(app, salt), words))
            .collect()
    }

    pub(crate) fn on_connection(self, server: &Server, connection: &str, _: u64) -> String {
        if self != Self::OnConnection {
            return String::new();
        }
        let held = server
            .apps
            .iter()
            .filter_map(|app| Some((app, app.held.get(connection)?)));
        let items = held.map(|(app, words)| {
            let words = words.iter().map(|word| item(word, "permissions", &[], ""));
            typed(
                &app.key,
                "app_permissions",
                &[],
                &list("permissions", &words.collect::<String>()),
            )
        });
        some_list("app_permissions", &items.collect::<String>())
    }

    pub(crate) fn in_security(self, server: &Server, salt: u64) -> String {
        let with = server.apps.iter().filter(|app| !app.held.is_empty());
        match self {
            Self::SecurityFlat | Self::Two => {
                let items = with.flat_map(|app| {
                    app.held.iter().flat_map(move |(connection, words)| {
                        words.iter().map(move |word| {
                            typed(
                                &uuid(&format!("{salt} {} {connection} {word}", app.key)),
                                "app_permissions",
                                &[
                                    ("app", "uuid", &app.key),
                                    ("appname", "string", &app.name),
                                    ("category", "string", "NamedConnections"),
                                    ("resource", "string", connection),
                                    ("permission", "string", word),
                                ],
                                "",
                            )
                        })
                    })
                });
                list("app_permissions", &items.collect::<String>())
            }
            Self::SecurityByApp => {
                let items = with.map(|app| {
                    let held = app.held.iter().map(|(connection, words)| {
                        let write = words.len() > 1;
                        typed(
                            connection,
                            "named_connections",
                            &[
                                ("run", "boolean", "true"),
                                ("write", "boolean", if write { "true" } else { "false" }),
                            ],
                            "",
                        )
                    });
                    let held = list("named_connections", &held.collect::<String>());
                    let owner = server.owner_id(&app.owner);
                    typed(
                        &app.key,
                        "server_app_access",
                        &[("ownerid", "uuid", owner)],
                        &held,
                    )
                });
                list("server_app_access", &items.collect::<String>())
            }
            _ => String::new(),
        }
    }

    /// What an app holds in a document of this server's own form.
    #[allow(clippy::too_many_lines, reason = "one arm for each place")]
    pub(crate) fn read(self, document: &Item, stored: &Item, app: &App) -> Held {
        let security = document
            .children("categories")
            .find(|it| it.name == "security")
            .unwrap();
        let full = |word: &str| format!("NAMEDCONNECTIONS_{word}");
        let words = |it: &Item| {
            it.children("permissions")
                .map(|word| word.name.clone())
                .collect()
        };
        let split = |text: &str| text.split(',').map(str::to_owned).collect::<BTreeSet<_>>();
        match self {
            Self::Own => stored
                .children("connectionPermissions")
                .map(|it| (it.name.clone(), split(it.value("permissions"))))
                .collect(),
            Self::Children | Self::Two => stored
                .children("namedConnections")
                .map(|it| (it.name.clone(), words(it)))
                .collect(),
            Self::ChildrenByUuid => stored
                .children("connectionAccess")
                .filter(|it| it.value("appid") == app.key)
                .map(|it| (it.value("connection").to_owned(), split(it.value("level"))))
                .collect(),
            Self::Role(RoleName::Registered) => {
                let roles = stored
                    .children("user_role_registrations")
                    .map(|it| it.name.as_str());
                granted(document, "NamedConnections", &roles.collect())
            }
            Self::Role(name) => {
                let name = name.of(app);
                let roles = security
                    .children("roles")
                    .filter(|role| role.value("name") == name);
                let roles = roles.filter(|role| {
                    role.value("isinternal") == "true" && role.value("type") == "App"
                });
                granted(
                    document,
                    "NamedConnections",
                    &roles.map(|role| role.name.as_str()).collect(),
                )
            }
            Self::SecurityFlat => {
                let mut held = Held::new();
                for it in security.children("app_permissions") {
                    if it.value("app") == app.key
                        && it.value("appname") == app.name
                        && it.value("category") == "NamedConnections"
                    {
                        held.entry(it.value("resource").to_owned())
                            .or_default()
                            .insert(it.value("permission").to_owned());
                    }
                }
                held
            }
            Self::SecurityByApp => security
                .children("server_app_access")
                .filter(|it| it.name == app.key)
                .flat_map(|it| it.children("named_connections"))
                .map(|it| {
                    let flags = [("run", "RUN"), ("write", "WRITE")];
                    let set = flags
                        .into_iter()
                        .filter(|(flag, _)| it.value(flag) == "true");
                    (it.name.clone(), set.map(|(_, word)| full(word)).collect())
                })
                .collect(),
            Self::OnConnection => {
                let secured = security
                    .children("app_resource_categories")
                    .filter(|it| it.name == "NamedConnections");
                let connections = secured.flat_map(|it| it.children("app_resources"));
                let held = connections
                    .flat_map(|on| on.children("app_permissions").map(move |it| (on, it)));
                held.filter(|(_, it)| it.name == app.key)
                    .map(|(on, it)| (on.name.clone(), words(it)))
                    .collect()
            }
            Self::JsonList => {
                let all: Value =
                    serde_json::from_str(stored.value("permissions")).unwrap_or_default();
                let all = all.as_array().into_iter().flatten();
                all.filter(|it| it["category"] == "NamedConnections")
                    .map(|it| {
                        let words = it["permissions"].as_array().into_iter().flatten();
                        let words = words.map(|word| word.as_str().unwrap().to_owned());
                        (it["item"].as_str().unwrap().to_owned(), words.collect())
                    })
                    .collect()
            }
            Self::JsonMap => {
                let all: Value = serde_json::from_str(stored.value("access")).unwrap_or_default();
                let all = all["connections"].as_object().into_iter().flatten();
                all.map(|(connection, words)| {
                    let words = words.as_array().into_iter().flatten();
                    (
                        connection.clone(),
                        words.map(|word| full(word.as_str().unwrap())).collect(),
                    )
                })
                .collect()
            }
            Self::Separated => {
                let all = stored
                    .value("connections")
                    .split(';')
                    .filter(|it| !it.is_empty());
                all.map(|it| {
                    let (connection, words) = it.split_once('=').unwrap();
                    (connection.to_owned(), words.split('+').map(full).collect())
                })
                .collect()
            }
            Self::Nowhere | Self::Encrypted => Held::new(),
        }
    }
}
