//! The category `security` of `data.xml`: users, roles, tokens, and who may do what to which item.

use std::iter::once;

use super::super::tree::{Pieces, attributes, bare, item, list};
use super::Scale;
use super::data::{none, user};
use super::random::{Thing, base64, uuid};

/// Connections an app's token may run.
const CONNECTIONS_OF_AN_APP: u64 = 2;
/// Resource roots an app's token may read.
const RESOURCES: [&str; 3] = [
    "FME_SHAREDRESOURCE_DATA",
    "FME_SHAREDRESOURCE_ENGINE",
    "FME_SHAREDRESOURCE_DASHBOARD",
];
const SERVICES: [&str; 2] = ["fmedatadownload", "fmedataupload"];

/// The lists of the category `security`.
pub(super) fn security(scale: &Scale) -> Vec<Pieces<'_>> {
    let users = (0..scale.users).flat_map(|number| one_user(scale, number));
    let user_roles = (0..scale.users).flat_map(|number| {
        role(
            &user(scale, number),
            &format!("user:user{number}"),
            "false",
            "System",
        )
    });
    let token_roles = (0..scale.apps).flat_map(|app| {
        let name = format!("token:user{}.{}", app % scale.users.max(1), token_name(app));
        role(
            &uuid(scale.seed, Thing::TokenRole, app),
            &name,
            "true",
            "System",
        )
    });
    let tokens = (0..scale.apps).flat_map(|app| {
        let role = uuid(scale.seed, Thing::TokenRole, app);
        token(
            scale,
            &uuid(scale.seed, Thing::Token, app),
            app,
            &token_name(app),
            &role,
        )
    });
    let spare = (0..scale.tokens).flat_map(|number| {
        let role = uuid(scale.seed, Thing::SpareRole, number);
        let name = format!("Nightly job {number}");
        token(
            scale,
            &uuid(scale.seed, Thing::SpareToken, number),
            number,
            &name,
            &role,
        )
    });
    vec![
        list("roles", user_roles.chain(token_roles)),
        list("users", users),
        list("user_tokens", tokens.chain(spare)),
        list(
            "app_resource_categories",
            secured_connections(scale)
                .chain(secured_repositories(scale))
                .chain(secured_apps(scale))
                .chain(secured_resources(scale))
                .chain(secured_services(scale)),
        ),
    ]
}

/// The name of the token of the app of this number.
pub(super) fn token_name(app: u64) -> String {
    format!("Workspace App - app{app}")
}

fn role<'a>(key: &str, name: &str, internal: &str, kind: &str) -> Pieces<'a> {
    let attributes = attributes(&[
        ("name", "string", name),
        ("isinternal", "boolean", internal),
        ("type", "string", kind),
    ]);
    item(key, "roles", attributes, vec![])
}

fn one_user(scale: &Scale, number: u64) -> Pieces<'_> {
    let key = user(scale, number);
    let salt: String = base64(scale.seed ^ number, 44).collect();
    let secret = format!("{:064x}", super::random::number(scale.seed, number));
    let head = attributes(&[
        ("is_enabled", "boolean", "true"),
        ("uid", "string", &salt),
        ("is_sharingenabled", "boolean", "true"),
        (
            "userpasswordmodifieddate",
            "string",
            "Wed-23-Jul-2025 01:31:44 PM",
        ),
        ("fullname", "string", &format!("User &amp; {number}")),
        ("is_passwordchangeneeded", "boolean", "false"),
        ("type", "string", "System"),
        ("version", "integer", "2"),
        ("email", "string", &format!("user{number}@city.example")),
        ("userpassword", "string", &secret),
        ("username", "string", &format!("user{number}")),
    ]);
    let roles = once(bare(&key, "user_role_registrations"));
    item(
        &key,
        "users",
        head,
        vec![list("user_role_registrations", roles)],
    )
}

fn token<'a>(scale: &Scale, key: &str, owner: u64, name: &str, role: &str) -> Pieces<'a> {
    let secret = format!("{:064x}", super::random::number(scale.seed ^ 7, owner));
    let head = attributes(&[
        ("is_enabled", "boolean", "true"),
        ("clientaddress", "string", ""),
        ("expirationtimeout", "long_integer", "-1"),
        ("firsttokendate", "string", "Thu-16-Jan-2025 09:18:13 AM"),
        ("is_restricted", "boolean", "true"),
        ("name", "string", name),
        ("description", "string", "Token"),
        ("expirationdate", "string", "Mon-15-Jan-2035 11:00:00 PM"),
        ("type", "string", "USER"),
        ("userid", "uuid", &user(scale, owner)),
        ("lasttokendate", "string", "Thu-16-Jan-2025 09:38:00 AM"),
        ("token", "string", &secret),
    ]);
    let roles = once(bare(role, "user_role_registrations"));
    item(
        key,
        "user_tokens",
        head,
        vec![list("user_role_registrations", roles)],
    )
}

fn grant<'a>(role: &str, permissions: &[&'a str]) -> Pieces<'a> {
    let permissions = permissions
        .iter()
        .map(|name| bare(name, "permissions"))
        .collect::<String>();
    item(
        role,
        "role_permissions",
        none(),
        vec![list("permissions", once(permissions))],
    )
}

fn secured_category<'a>(name: &str, items: impl Iterator<Item = String> + 'a) -> Pieces<'a> {
    item(
        name,
        "app_resource_categories",
        none(),
        vec![list("app_resources", items)],
    )
}

fn secured<'a>(
    scale: &Scale,
    category: &str,
    name: &str,
    owner: u64,
    grants: impl Iterator<Item = String> + 'a,
) -> Pieces<'a> {
    let head = attributes(&[
        ("clientid", "string", name),
        ("displayname", "string", name),
        ("category", "string", category),
        ("ownerid", "uuid", &user(scale, owner)),
    ]);
    item(
        name,
        "app_resources",
        head,
        vec![list("role_permissions", grants)],
    )
}

/// The share of `number` of `items` in the half of all users' grants that their category has.
fn users_grants<'a>(
    scale: &'a Scale,
    items: u64,
    number: u64,
    permissions: &'static [&'static str],
) -> impl Iterator<Item = String> + 'a {
    let first = scale.grants / 2 / items.max(1) * number;
    let count = super::share(scale.grants / 2, items, number);
    (first..first + count).flat_map(move |at| grant(&user(scale, at), permissions))
}

fn secured_connections(scale: &Scale) -> Pieces<'_> {
    let all = scale.connections;
    let items = (0..all).flat_map(move |number| {
        // Those apps whose number, or the number after it, is this one's in turn.
        let of_apps = (0..CONNECTIONS_OF_AN_APP.min(all)).flat_map(move |back| {
            let first = (number + all - back) % all;
            (first..scale.apps)
                .step_by(usize::try_from(all).unwrap_or(usize::MAX))
                .flat_map(|app| {
                    grant(
                        &uuid(scale.seed, Thing::TokenRole, app),
                        &["NAMEDCONNECTIONS_RUN"],
                    )
                })
        });
        let of_users = users_grants(
            scale,
            all,
            number,
            &["NAMEDCONNECTIONS_RUN", "NAMEDCONNECTIONS_WRITE"],
        );
        secured(
            scale,
            "NamedConnections",
            &format!("Connection {number}"),
            number,
            of_apps.chain(of_users),
        )
    });
    secured_category("NamedConnections", items)
}

fn secured_repositories(scale: &Scale) -> Pieces<'_> {
    let all = scale.workspaces.div_ceil(100).max(1);
    let items = (0..all).flat_map(move |number| {
        let step = usize::try_from(all).unwrap_or(usize::MAX);
        let of_apps = (number..scale.apps).step_by(step).flat_map(|app| {
            grant(
                &uuid(scale.seed, Thing::TokenRole, app),
                &["FME_READ", "FME_EXECUTE"],
            )
        });
        let of_users = users_grants(
            scale,
            all,
            number,
            &["FME_READ", "FME_EXECUTE", "FME_DELETE"],
        );
        let name = format!("Repository{number}");
        secured(
            scale,
            "Repositories",
            &name,
            number,
            of_apps.chain(of_users),
        )
    });
    secured_category("Repositories", items)
}

fn secured_apps(scale: &Scale) -> Pieces<'_> {
    let items = (0..scale.apps).flat_map(|app| {
        let grants = grant(&uuid(scale.seed, Thing::TokenRole, app), &["APPS_READ"]);
        let key = uuid(scale.seed, Thing::App, app);
        secured(scale, "ServerApps", &key, app, grants)
    });
    secured_category("ServerApps", items)
}

fn secured_resources(scale: &Scale) -> Pieces<'_> {
    let items = (0..).zip(RESOURCES).flat_map(|(number, name)| {
        let grants = (number..scale.apps)
            .step_by(RESOURCES.len())
            .flat_map(|app| {
                grant(
                    &uuid(scale.seed, Thing::TokenRole, app),
                    &["SHAREDRESOURCE_READ"],
                )
            });
        secured(scale, "SharedResources", name, 0, grants)
    });
    secured_category("SharedResources", items)
}

fn secured_services(scale: &Scale) -> Pieces<'_> {
    let items = SERVICES.into_iter().flat_map(|name| {
        let grants = (0..scale.apps)
            .flat_map(|app| grant(&uuid(scale.seed, Thing::TokenRole, app), &["SERVER_ALL"]));
        secured(scale, "Services", name, 0, grants)
    });
    secured_category("Services", items)
}
