//! What nobody can learn from, or what could be mistaken for a place.

use super::super::tree::{some_list, typed, uuid};
use super::super::{App, Held, Server};
use super::{Keeps, Of, OnApp, children, joined, pairs, security};
use crate::support::dom::Item;
use crate::support::small::item;

pub(super) struct Nowhere;

impl Keeps for Nowhere {
    fn read(&self, _: &Item, _: &Item, _: &App, _: Of) -> Held {
        Held::new()
    }
}

pub(super) struct Encrypted;

impl Keeps for Encrypted {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        let mut on_app = OnApp::default();
        if of == Of::Connections && !app.held.is_empty() {
            let hidden = uuid(&format!("{:?}", app.held)).replace('-', "");
            on_app.attributes.push(("permissions", hidden));
        }
        on_app
    }

    fn read(&self, _: &Item, _: &Item, _: &App, _: Of) -> Held {
        Held::new()
    }
}

pub(super) struct Hashed;

impl Keeps for Hashed {
    fn in_security(&self, server: &Server, salt: u64) -> String {
        let items = pairs(server, Of::Connections).into_iter();
        let items = items.map(|(app, on, words)| {
            let hash = uuid(&format!("hash {}", app.key)).replace('-', "");
            typed(
                &uuid(&format!("{salt} {} {on}", app.key)),
                "app_permissions",
                &[
                    ("app", "string", &hash),
                    ("resource", "string", on),
                    ("permissions", "string", &joined(words)),
                ],
                "",
            )
        });
        some_list("app_permissions", &items.collect::<String>())
    }

    fn read(&self, _: &Item, _: &Item, _: &App, _: Of) -> Held {
        Held::new()
    }
}

pub(super) struct Two;

impl Keeps for Two {
    fn on_app(&self, app: &App, of: Of, salt: u64) -> OnApp {
        children::Children.on_app(app, of, salt)
    }

    fn in_security(&self, server: &Server, salt: u64) -> String {
        security::Flat.in_security(server, salt)
    }

    fn read(&self, document: &Item, stored: &Item, app: &App, of: Of) -> Held {
        children::Children.read(document, stored, app, of)
    }
}

/// Beside the place, a list of what workspaces declare: not what the tokens held, but nearly.
pub(super) struct Declared;

impl Keeps for Declared {
    fn on_app(&self, app: &App, of: Of, salt: u64) -> OnApp {
        let mut on_app = children::Children.on_app(app, of, salt);
        if of == Of::Connections {
            let held = app
                .held
                .keys()
                .skip(1)
                .map(|on| item(on, "declared", &[], ""));
            let more = item("Connection 0", "declared", &[], "");
            on_app.lists += &some_list("declared", &(held.collect::<String>() + &more));
        }
        on_app
    }

    fn read(&self, document: &Item, stored: &Item, app: &App, of: Of) -> Held {
        children::Children.read(document, stored, app, of)
    }
}
