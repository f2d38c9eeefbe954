//! With a Flow App Identifier that the server makes anew.

use super::super::import::granted;
use super::super::tree::{grant, some_list, typed, uuid};
use super::super::{App, Held, Server};
use super::roles::has_any;
use super::{Keeps, Of, OnApp, joined, security, split};
use crate::support::dom::Item;
use crate::support::small::{item, list};

fn identifier(app: &App, salt: u64) -> String {
    uuid(&format!("{salt} identifier {}", app.key))
}

/// On the app as an attribute; what it may do stands apart, by identifier.
pub(super) struct Identifier;

impl Keeps for Identifier {
    fn on_app(&self, app: &App, of: Of, salt: u64) -> OnApp {
        let mut on_app = OnApp::default();
        if of == Of::Connections && has_any(app) {
            let attribute = ("flowAppIdentifier", identifier(app, salt));
            on_app.attributes.push(attribute);
        }
        on_app
    }

    fn in_security(&self, server: &Server, salt: u64) -> String {
        let with = server.apps.iter().filter(|app| has_any(app));
        let items = with.map(|app| {
            let lists = Of::ALL.map(|of| {
                let items = of.held(app).iter().map(|(on, words)| {
                    let words = joined(words);
                    let attributes = [("permissions", "string", &*words)];
                    typed(on, of.category(), &attributes, "")
                });
                some_list(of.category(), &items.collect::<String>())
            });
            let key = identifier(app, salt);
            typed(&key, "flow_app_identifiers", &[], &lists.concat())
        });
        some_list("flow_app_identifiers", &items.collect::<String>())
    }

    fn read(&self, document: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let items = security(document).children("flow_app_identifiers");
        let own = items.filter(|it| it.name == stored.value("flowAppIdentifier"));
        let held = own.flat_map(|it| it.children(of.category()));
        held.map(|it| (it.name.clone(), split(it.value("permissions"))))
            .collect()
    }
}

/// A principal as app tokens were: `security/app_identifiers`, registered on a role of its own.
pub(super) struct Principal;

impl Keeps for Principal {
    fn in_security(&self, server: &Server, salt: u64) -> String {
        let with = server.apps.iter().filter(|app| has_any(app));
        let items = with.map(|app| {
            let role = uuid(&format!("{salt} role {}", app.key));
            let registered = item(&role, "user_role_registrations", &[], "");
            typed(
                &identifier(app, salt),
                "app_identifiers",
                &[
                    ("appid", "uuid", &app.key),
                    ("userid", "uuid", server.owner_id(&app.owner)),
                    ("expirationdate", "string", &app.expires),
                ],
                &list("user_role_registrations", &registered),
            )
        });
        some_list("app_identifiers", &items.collect::<String>())
    }

    fn roles(&self, server: &Server, salt: u64) -> String {
        let with = server.apps.iter().filter(|app| has_any(app));
        with.map(|app| {
            let name = format!("appid:{}", identifier(app, salt));
            typed(
                &uuid(&format!("{salt} role {}", app.key)),
                "roles",
                &[("name", "string", &name), ("isinternal", "boolean", "true")],
                "",
            )
        })
        .collect()
    }

    fn grants_on(&self, server: &Server, (category, on): (&str, &str), salt: u64) -> String {
        let of = Of::ALL.into_iter().find(|it| it.category() == category);
        let held = server.apps.iter().filter_map(|app| {
            let words = of?.held(app).get(on)?;
            Some(grant(&uuid(&format!("{salt} role {}", app.key)), words))
        });
        held.collect()
    }

    fn read(&self, document: &Item, _: &Item, app: &App, of: Of) -> Held {
        let identifiers = security(document).children("app_identifiers");
        let own = identifiers.filter(|it| it.value("appid") == app.key);
        let roles: Vec<(&str, String)> = own
            .flat_map(|it| {
                let roles = it.children("user_role_registrations");
                roles.map(|role| (role.name.as_str(), format!("appid:{}", it.name)))
            })
            .collect();
        let known = security(document).children("roles").filter(|role| {
            let mut own = roles.iter();
            own.any(|(key, name)| role.name == *key && role.value("name") == name)
        });
        let known = known.map(|role| role.name.as_str()).collect();
        granted(document, of.category(), &known)
    }
}
