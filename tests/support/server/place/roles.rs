//! Internal roles with ordinary grants.

use std::collections::BTreeSet;

use super::super::import::granted;
use super::super::tree::{grant, typed, uuid};
use super::super::{App, Held, Server};
use super::{Keeps, Of, OnApp, security};
use crate::support::dom::Item;
use crate::support::small::{item, list};

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

pub(super) fn has_any(app: &App) -> bool {
    !app.held.is_empty() || !app.resources.is_empty()
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

    /// The roles of an app; one that is no internal role for apps gives it nothing.
    fn roles_of<'a>(self, document: &'a Item, stored: &'a Item, app: &App) -> BTreeSet<&'a str> {
        let registered = stored.children("user_role_registrations");
        let registered: BTreeSet<_> = registered.map(|it| it.name.as_str()).collect();
        let name = self.of(app);
        let roles = security(document).children("roles").filter(|role| {
            role.value("name") == name
                && role.value("isinternal") == "true"
                && role.value("type") == "App"
                && (self != Self::Registered || registered.contains(&*role.name))
        });
        roles.map(|role| role.name.as_str()).collect()
    }
}

impl Keeps for RoleName {
    fn on_app(&self, app: &App, of: Of, salt: u64) -> OnApp {
        if *self != Self::Registered || of == Of::Resources || !has_any(app) {
            return OnApp::default();
        }
        let registered = item(&role(app, salt), "user_role_registrations", &[], "");
        OnApp {
            lists: list("user_role_registrations", &registered),
            ..OnApp::default()
        }
    }

    fn roles(&self, server: &Server, salt: u64) -> String {
        let with = server.apps.iter().filter(|app| has_any(app));
        with.map(|app| {
            typed(
                &role(app, salt),
                "roles",
                &[
                    ("name", "string", &self.of(app)),
                    ("isinternal", "boolean", "true"),
                    ("type", "string", "App"),
                ],
                "",
            )
        })
        .collect()
    }

    fn grants_on(&self, server: &Server, (category, on): (&str, &str), salt: u64) -> String {
        let of = Of::ALL.into_iter().find(|it| it.category() == category);
        let held = server.apps.iter().filter_map(|app| {
            let words = of?.held(app).get(on)?;
            Some(grant(&role(app, salt), words))
        });
        held.collect()
    }

    fn read(&self, document: &Item, stored: &Item, app: &App, of: Of) -> Held {
        let roles = self.roles_of(document, stored, app);
        granted(document, of.category(), &roles)
    }
}
