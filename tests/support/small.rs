//! The smallest project that has everything a migration touches, in code, so that a test can say
//! what is different about its own.

use std::iter::once;

use super::surgery::{Part, Parts};
use super::tree::{self, Attribute, Pieces};

pub(crate) const OWNER: &str = "aaaaaaaa-0000-4000-8000-00000000000a";
pub(crate) const ROLE: &str = "bbbbbbbb-0000-4000-8000-00000000000b";
pub(crate) const TOKEN: &str = "cccccccc-0000-4000-8000-00000000000c";
pub(crate) const APP: &str = "dddddddd-0000-4000-8000-00000000000d";

/// An item of `data.xml`: key, itemtype, attributes of type string and what is in it.
pub(crate) fn item(key: &str, kind: &str, attributes: &[(&str, &str)], within: &str) -> String {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (*name, "string", *value))
        .collect();
    typed(key, kind, &attributes, within)
}

/// An item whose attributes have types: name, type and value.
pub(crate) fn typed(key: &str, kind: &str, attributes: &[Attribute<'_>], within: &str) -> String {
    let within: Vec<Pieces<'_>> = match within {
        "" => vec![],
        some => vec![Box::new(once(some.to_owned()))],
    };
    tree::item(key, kind, tree::attributes(attributes), within).collect()
}

/// An itemtype with its items, or with none.
pub(crate) fn list(name: &str, items: &str) -> String {
    tree::list_of(name, once(items.to_owned())).collect()
}

/// A role's permissions on what it is put into.
pub(crate) fn grant(role: &str, permissions: &[&str]) -> String {
    let permissions: String = permissions
        .iter()
        .map(|permission| item(permission, "permissions", &[], ""))
        .collect();
    item(
        role,
        "role_permissions",
        &[],
        &list("permissions", &permissions),
    )
}

/// A whole `data.xml` with these categories.
pub(crate) fn package(categories: &str) -> String {
    let categories = list("categories", categories);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package><itemtypes>{categories}</itemtypes></package>"
    )
}

/// The `data.xml` of the small project.
pub(crate) fn data() -> String {
    let token = item(
        TOKEN,
        "user_tokens",
        &[
            ("name", "Workspace App - tree"),
            ("userid", OWNER),
            ("is_enabled", "true"),
            ("is_restricted", "true"),
            ("expirationdate", "Sat-13-Oct-2035 11:00:00 PM"),
            ("token", "SECRET-hash"),
        ],
        &list(
            "user_role_registrations",
            &item(ROLE, "user_role_registrations", &[], ""),
        ),
    );
    let role = item(
        ROLE,
        "roles",
        &[
            ("name", "token:mira.Workspace App - tree"),
            ("isinternal", "true"),
        ],
        "",
    );
    let on = |name: &str, permissions: &[&str]| {
        let grants = list("role_permissions", &grant(ROLE, permissions));
        let resource = item(name, "app_resources", &[("ownerid", OWNER)], &grants);
        list("app_resources", &resource)
    };
    let secured = [
        ("NamedConnections", on("Parks", &["NAMEDCONNECTIONS_RUN"])),
        (
            "SharedResources",
            on("FME_SHAREDRESOURCE_DATA", &["SHAREDRESOURCE_READ"]),
        ),
    ]
    .map(|(name, within)| item(name, "app_resource_categories", &[], &within));
    let security = [
        list("user_tokens", &token),
        list("roles", &role),
        list("users", &item(OWNER, "users", &[("username", "mira")], "")),
        list("app_resource_categories", &secured.concat()),
    ];
    let app = item(
        APP,
        "server_apps",
        &[
            ("name", "tree"),
            ("ownerid", OWNER),
            ("repo", "R"),
            ("workspace", "w.fmw"),
            ("token", "Workspace App - tree"),
            ("tokenvalue", "SECRET-value"),
        ],
        &list("params", &item("p", "params", &[("x", "y")], "")),
    );
    package(
        &[
            item("security", "categories", &[], &security.concat()),
            item("server_app", "categories", &[], &list("server_apps", &app)),
        ]
        .concat(),
    )
}

/// Its `properties.xml`.
pub(crate) fn properties() -> String {
    let properties: String = [
        ("CONFIG_FORMAT_VERSION", "1.0"),
        ("CONFIG_API_VERSION", "3.0"),
        ("CONFIG_SCHEMA_VERSION", "2.99"),
        ("CONFIG_SERVER_VERSION", "25609"),
    ]
    .map(|(name, value)| {
        format!(
            "<property><category>CONFIG_MIGRATION</category><name>{name}</name><value>{value}</value></property>"
        )
    })
    .concat();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<properties>{properties}</properties>")
}

/// Its `project.yml`.
pub(crate) const PROJECT: &str = "uid: ''\nname: small\nminimum_fme_build: 25609\nproject_content:\n  \
    projects:\n  - small\n  roles:\n  - token:mira.Workspace App - tree\n  tokens:\n  - mira/Workspace App - tree\n  \
    users:\n  - mira\nversion: 1.0.0\n";

/// Its `files.map`.
pub(crate) const MAP: &str =
    "/categories/repository/repositories/R/workspaces/w.fmw/workspace_files/w.fmw\nfiles/0_w.fmw\n";

/// A workspace that declares nothing.
pub(crate) const WORKSPACE: &str =
    "#! <?xml version=\"1.0\"?>\n#! <WORKSPACE\n#! >\n#! </WORKSPACE>\n";

/// The whole project.
pub(crate) fn small() -> Parts {
    Parts::of(vec![
        Part::new("properties.xml", properties()),
        Part::new("data.xml", data()),
        Part::new("project.yml", PROJECT),
        Part::new("files/0_w.fmw", WORKSPACE),
        Part::new("files/1_empty/", ""),
        Part::new("files.map", MAP),
    ])
}
