//! What a 2026.1 server holds after an import.

use std::collections::BTreeSet;
use std::io::Read;

use super::place::Of;
use super::{App, Expiry, Held, Place, Server};
use crate::support::dom::{self, Item};

impl Server {
    /// What a 2026.1 server holds after it has imported `archive`: with app tokens by the documented
    /// transfer, without by what stands in `place`.
    pub(crate) fn import(archive: &[u8], place: Place) -> Self {
        let place = place.keeps();
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
                expires: String::new(),
            };
            if is_new {
                return App {
                    held: place.read(&document, it, &app, Of::Connections),
                    resources: place.read(&document, it, &app, Of::Resources),
                    expires: Expiry::read(it),
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
                expires: token.map_or_else(String::new, |it| it.value("expirationdate").to_owned()),
                ..app
            }
        });
        Self {
            apps: apps.collect(),
            connections: connections.collect(),
            users,
            tokens: Vec::new(),
            expiry: Expiry::default(),
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
