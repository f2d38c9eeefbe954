//! As 2025.2 exports a server: apps with tokens, each with an internal role that holds its grants.

use std::collections::BTreeMap;

use super::tree::{grant, some_list, typed, uuid};
use super::{App, Server};
use crate::support::small::{item, list};

impl Server {
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
                    ("expirationdate", "string", &app.expires),
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
            |_, _| String::new(),
        );
        let security = some_list("user_tokens", &tokens) + &self.security(&roles, &secured);
        self.project("2.99", 25609, (&security, ""), &apps)
    }
}
