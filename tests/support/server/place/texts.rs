//! In a text within an attribute.

use serde_json::{Value, json};

use super::super::tree::typed;
use super::super::{App, Held, Server};
use super::{Keeps, Of, OnApp};
use crate::support::dom::Item;
use crate::support::small::{item, list};

fn attribute(name: &'static str, value: String) -> OnApp {
    OnApp {
        attributes: vec![(name, value)],
        lists: String::new(),
    }
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    let all = value.as_array().into_iter().flatten();
    all.map(|it| it.as_str().unwrap().to_owned())
}

pub(super) struct JsonList;

impl Keeps for JsonList {
    /// Both in one text, so all of it with the Connections.
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        let all = Of::ALL.into_iter().flat_map(|of| {
            let held = of.held(app).iter();
            held.map(move |(on, words)| {
                json!({"category": of.category(), "item": on, "permissions": words})
            })
        });
        match (of, all.collect::<Vec<_>>()) {
            (Of::Connections, all) if !all.is_empty() => {
                attribute("permissions", Value::Array(all).to_string())
            }
            _ => OnApp::default(),
        }
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let all: Value = serde_json::from_str(stored.value("permissions")).unwrap_or_default();
        let all = all.as_array().into_iter().flatten();
        all.filter(|it| it["category"] == of.category())
            .map(|it| {
                let on = it["item"].as_str().unwrap().to_owned();
                (on, texts(&it["permissions"]).collect())
            })
            .collect()
    }
}

pub(super) struct JsonMap;

impl Keeps for JsonMap {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        let by_name = |of: Of| -> Value {
            let held = of.held(app).iter();
            held.map(|(on, words)| (on.clone(), json!(of.short(words))))
                .collect()
        };
        let mut all = json!({"version": 1});
        if !app.held.is_empty() {
            all["connections"] = by_name(Of::Connections);
        }
        if !app.resources.is_empty() {
            all["resources"] = by_name(Of::Resources);
        }
        match of {
            Of::Connections if all.as_object().unwrap().len() > 1 => {
                attribute("access", all.to_string())
            }
            _ => OnApp::default(),
        }
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let all: Value = serde_json::from_str(stored.value("access")).unwrap_or_default();
        let name = match of {
            Of::Connections => "connections",
            Of::Resources => "resources",
        };
        let all = all[name].as_object().into_iter().flatten();
        all.map(|(on, words)| (on.clone(), texts(words).map(|it| of.full(&it)).collect()))
            .collect()
    }
}

/// What says yes or no of each permission.
fn flags(of: Of, words: &std::collections::BTreeSet<String>) -> Value {
    let short = of.short(words);
    json!({"run": short.contains(&"RUN"), "write": short.contains(&"WRITE")})
}

fn set(of: Of, flags: &Value) -> std::collections::BTreeSet<String> {
    let all = ["run", "write"].into_iter();
    let set = all.filter(|word| flags[*word] == true);
    set.map(|word| of.full(word)).collect()
}

pub(super) struct JsonNested;

impl Keeps for JsonNested {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        if of == Of::Resources || app.held.is_empty() {
            return OnApp::default();
        }
        let held = app.held.iter().map(|(on, words)| {
            json!({"connection": {"name": on, "type": "database"}, "permissions": flags(of, words)})
        });
        let all =
            json!({"security": {"identifier": app.key, "connections": held.collect::<Value>()}});
        attribute("settings", all.to_string())
    }

    fn read(&self, _: &Item, stored: &Item, app: &App, of: Of) -> Held {
        let all: Value = serde_json::from_str(stored.value("settings")).unwrap_or_default();
        let security = &all["security"];
        let all = security["connections"].as_array().into_iter().flatten();
        let own = all.filter(|it| {
            of == Of::Connections
                && security["identifier"] == *app.key
                && it["connection"]["type"] == "database"
        });
        own.map(|it| {
            let on = it["connection"]["name"].as_str().unwrap();
            (on.to_owned(), set(of, &it["permissions"]))
        })
        .collect()
    }
}

pub(super) struct JsonOfAll;

impl Keeps for JsonOfAll {
    fn categories(&self, server: &Server) -> String {
        let with = server.apps.iter().filter(|app| !app.held.is_empty());
        let apps = with.map(|app| {
            let held = app.held.iter();
            let held = held
                .map(|(on, words)| json!({"item": on, "actions": Of::Connections.short(words)}));
            json!({"id": app.key, "owner": app.owner, "grants": held.collect::<Value>()})
        });
        let apps: Vec<Value> = apps.collect();
        if apps.is_empty() {
            return String::new();
        }
        let text = json!({"apps": apps}).to_string();
        let attributes = [("policy", "string", text.as_str())];
        let policies = list(
            "app_policies",
            &typed("default", "app_policies", &attributes, ""),
        );
        item("app_policy", "categories", &[], &policies)
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let mut categories = document.children("categories");
        let policy = categories.find(|it| it.name == "app_policy");
        let policies = policy
            .into_iter()
            .flat_map(|it| it.children("app_policies"));
        let mut held = Held::new();
        for policy in policies.filter(|_| of == Of::Connections) {
            let all: Value = serde_json::from_str(policy.value("policy")).unwrap_or_default();
            for it in all["apps"].as_array().into_iter().flatten() {
                if it["id"] != *app.key || it["owner"] != *app.owner {
                    continue;
                }
                for grant in it["grants"].as_array().into_iter().flatten() {
                    let on = grant["item"].as_str().unwrap().to_owned();
                    let words = texts(&grant["actions"]).map(|it| of.full(&it));
                    held.insert(on, words.collect());
                }
            }
        }
        held
    }
}

pub(super) struct Separated;

impl Keeps for Separated {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        let held = of.held(app).iter();
        let all = held.map(|(on, words)| format!("{on}={}", of.short(words).join("+")));
        let all: Vec<_> = all.collect();
        let name = match of {
            Of::Connections => "connections",
            Of::Resources => "resources",
        };
        if all.is_empty() {
            return OnApp::default();
        }
        attribute(name, all.join(";"))
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let text = stored.value(match of {
            Of::Connections => "connections",
            Of::Resources => "resources",
        });
        let all = text.split(';').filter(|it| !it.is_empty());
        all.map(|it| {
            let (on, words) = it.split_once('=').unwrap();
            let words = words.split('+').map(|word| of.full(word));
            (on.to_owned(), words.collect())
        })
        .collect()
    }
}
