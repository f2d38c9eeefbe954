//! In lists of the category `security`, apart from the apps.

use super::super::tree::{some_list, typed, uuid};
use super::super::{App, Held, Server};
use super::{Keeps, Of, pairs, security};
use crate::support::dom::Item;
use crate::support::small::{item, list};

pub(super) struct Flat;

impl Keeps for Flat {
    fn in_security(&self, server: &Server, salt: u64) -> String {
        let items = Of::ALL.into_iter().flat_map(|of| {
            let pairs = pairs(server, of).into_iter();
            let items = pairs.flat_map(move |(app, on, words)| {
                let items = words.iter().map(move |word| {
                    typed(
                        &uuid(&format!("{salt} {} {on} {word}", app.key)),
                        "app_permissions",
                        &[
                            ("app", "uuid", &app.key),
                            ("appname", "string", &app.name),
                            ("category", "string", of.category()),
                            ("resource", "string", on),
                            ("permission", "string", word),
                        ],
                        "",
                    )
                });
                items.collect::<Vec<_>>()
            });
            items.collect::<Vec<_>>()
        });
        some_list("app_permissions", &items.collect::<String>())
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let mut held = Held::new();
        for it in security(document).children("app_permissions") {
            if it.value("app") == app.key
                && it.value("appname") == app.name
                && it.value("category") == of.category()
            {
                let on = held.entry(it.value("resource").to_owned()).or_default();
                on.insert(it.value("permission").to_owned());
            }
        }
        held
    }
}

pub(super) struct ByName;

impl Keeps for ByName {
    fn in_security(&self, server: &Server, salt: u64) -> String {
        let items = pairs(server, Of::Connections).into_iter();
        let items = items.map(|(app, on, words)| {
            let words = Of::Connections.short(words).into_iter().map(|word| {
                let (first, rest) = word.split_at(1);
                first.to_owned() + &rest.to_lowercase()
            });
            typed(
                &uuid(&format!("{salt} {} {on}", app.key)),
                "flowAppAccess",
                &[
                    ("owner", "string", &app.owner),
                    ("app", "string", &app.name),
                    ("kind", "string", if app.automation { "a" } else { "w" }),
                    ("connection", "string", on),
                    ("may", "string", &words.collect::<Vec<_>>().join("|")),
                ],
                "",
            )
        });
        some_list("flowAppAccess", &items.collect::<String>())
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let items = security(document).children("flowAppAccess");
        let own = items.filter(|it| {
            of == Of::Connections && it.value("owner") == app.owner && it.value("app") == app.name
        });
        own.map(|it| {
            let words = it.value("may").split('|').map(|word| of.full(word));
            (it.value("connection").to_owned(), words.collect())
        })
        .collect()
    }
}

/// Items are called `<app key>/<Connection>`.
pub(super) struct ByKeys;

impl Keeps for ByKeys {
    fn in_security(&self, server: &Server, _: u64) -> String {
        let items = Of::ALL.into_iter().flat_map(|of| {
            let items = pairs(server, of).into_iter().map(|(app, on, words)| {
                let words = words.iter().map(|word| item(word, "permissions", &[], ""));
                typed(
                    &format!("{}/{on}", app.key),
                    "app_grants",
                    &[("category", "string", of.category())],
                    &list("permissions", &words.collect::<String>()),
                )
            });
            items.collect::<Vec<_>>()
        });
        some_list("app_grants", &items.collect::<String>())
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let items = security(document).children("app_grants");
        let items = items.filter(|it| it.value("category") == of.category());
        let own = items.filter_map(|it| {
            let on = it.name.strip_prefix(&app.key)?.strip_prefix('/')?;
            let words = it.children("permissions").map(|it| it.name.clone());
            Some((on.to_owned(), words.collect()))
        });
        own.collect()
    }
}

pub(super) struct ByApp;

impl Keeps for ByApp {
    fn in_security(&self, server: &Server, _: u64) -> String {
        let with = server.apps.iter().filter(|app| !app.held.is_empty());
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
            let attributes = [("ownerid", "uuid", owner)];
            typed(&app.key, "server_app_access", &attributes, &held)
        });
        some_list("server_app_access", &items.collect::<String>())
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let own = security(document).children("server_app_access");
        let own = own.filter(|it| it.name == app.key && of == Of::Connections);
        own.flat_map(|it| it.children("named_connections"))
            .map(|it| {
                let flags = [("run", "RUN"), ("write", "WRITE")];
                let set = flags
                    .into_iter()
                    .filter(|(flag, _)| it.value(flag) == "true");
                let words = set.map(|(_, word)| of.full(word));
                (it.name.clone(), words.collect())
            })
            .collect()
    }
}

pub(super) struct OnConnection;

impl Keeps for OnConnection {
    fn on_secured(&self, server: &Server, of: Of, name: &str) -> String {
        let held = server.apps.iter();
        let held = held.filter_map(|app| Some((app, of.held(app).get(name)?)));
        let items = held.map(|(app, words)| {
            let words = words.iter().map(|word| item(word, "permissions", &[], ""));
            let words = list("permissions", &words.collect::<String>());
            typed(&app.key, "app_permissions", &[], &words)
        });
        some_list("app_permissions", &items.collect::<String>())
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let secured = security(document).children("app_resource_categories");
        let secured = secured.filter(|it| it.name == of.category());
        let on = secured.flat_map(|it| it.children("app_resources"));
        let held = on.flat_map(|on| on.children("app_permissions").map(move |it| (on, it)));
        held.filter(|(_, it)| it.name == app.key)
            .map(|(on, it)| {
                let words = it.children("permissions").map(|it| it.name.clone());
                (on.name.clone(), words.collect())
            })
            .collect()
    }
}
