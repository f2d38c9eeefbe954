//! `data.xml`: projects, Connections, workspaces and apps, as FME Flow 2025.2 writes them (seen);
//! `security` is in a file of its own.

use std::iter::once;

use super::super::tree::{Pieces, attribute, attributes, bare, item, list};
use super::Scale;
use super::documents::repository;
use super::random::{Thing, base64, uuid};
use super::security::{security, token_name};

/// The whole document.
pub(crate) fn data(scale: &Scale) -> Pieces<'_> {
    let categories = [
        category("project", vec![projects(scale)]),
        category("security", security(scale)),
        category("named_connection", vec![connections(scale)]),
        category("repository", vec![repositories(scale)]),
        category("automation", vec![automations(scale)]),
        category("server_app", vec![apps(scale)]),
        category("server_automation_app", vec![automation_apps(scale)]),
        category("server_app_suite", vec![gallery_apps(scale)]),
    ];
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package><itemtypes>";
    Box::new(
        once(head.to_owned())
            .chain(list("categories", categories.into_iter().flatten()))
            .chain(once("</itemtypes></package>".to_owned())),
    )
}

fn category<'a>(name: &str, mut lists: Vec<Pieces<'a>>) -> Pieces<'a> {
    let mut first = lists.swap_remove(0).peekable();
    if first.peek().is_none() {
        return Box::new(std::iter::empty());
    }
    lists.insert(0, Box::new(first));
    item(name, "categories", none(), lists)
}

/// No attributes.
pub(super) fn none<'a>() -> Pieces<'a> {
    attributes(&[])
}

/// The key of the user who has the number, counted round.
pub(super) fn user(scale: &Scale, number: u64) -> String {
    uuid(scale.seed, Thing::User, number % scale.users.max(1))
}

fn projects(scale: &Scale) -> Pieces<'_> {
    let apps = (0..scale.apps).flat_map(|app| {
        let attributes = attributes(&[
            ("itemtype", "string", "APP"),
            ("itemscope", "string", ""),
            ("itemname", "string", &format!("app{app}")),
        ]);
        item("", "project_items", attributes, vec![])
    });
    let head = attributes(&[
        ("name", "string", "scale"),
        ("ownerid", "uuid", &user(scale, 0)),
        ("version", "string", "1.0.0"),
    ]);
    let key = uuid(scale.seed, Thing::Project, 0);
    list(
        "projects",
        item(&key, "projects", head, vec![list("project_items", apps)]),
    )
}

fn connections(scale: &Scale) -> Pieces<'_> {
    let items = (0..scale.connections).flat_map(|number| {
        let head = attributes(&[
            ("service", "string", "PostgreSQL"),
            ("category", "string", "DATABASE"),
            ("parameters", "string", "{\"HOST\":\"db.city.example\"}"),
        ]);
        item(
            &format!("Connection {number}"),
            "named_connections",
            head,
            vec![],
        )
    });
    list("named_connections", items)
}

fn repositories(scale: &Scale) -> Pieces<'_> {
    let all = scale.workspaces.div_ceil(100);
    let items = (0..all).flat_map(move |number| {
        let workspaces = number * 100..scale.workspaces.min(number * 100 + 100);
        let workspaces = workspaces.flat_map(|workspace| one_workspace(scale, workspace));
        let head = attributes(&[
            ("description", "string", ""),
            ("ownerid", "uuid", &user(scale, number)),
        ]);
        let name = format!("Repository{number}");
        item(
            &name,
            "repositories",
            head,
            vec![list("workspaces", workspaces)],
        )
    });
    list("repositories", items)
}

fn one_workspace(scale: &Scale, number: u64) -> Pieces<'_> {
    let name = format!("w{number}.fmw");
    let before = "<attributes><attribute><name>thumbnail</name><type>string</type><value>\
                  data:image/png;base64,";
    let after = attribute(("lastsaveuserid", "uuid", &user(scale, number)));
    let after = format!(
        "</value></attribute>{after}</attributes><filetypes><filetype><name>workspace_files</name>\
         <files><file><name>{name}</name><type>workspace_files</type></file></files></filetype>\
         </filetypes>"
    );
    let head = once(before.to_owned())
        .chain(base64(scale.seed ^ number, scale.thumbnail))
        .chain(once(after));
    item(&name, "workspaces", Box::new(head), vec![])
}

fn automations(scale: &Scale) -> Pieces<'_> {
    let items = (0..scale.apps / 10).flat_map(|number| {
        let head = attributes(&[
            ("name", "string", &format!("automation{number}")),
            ("ownerid", "uuid", &user(scale, number)),
        ]);
        item(
            &uuid(scale.seed, Thing::Automation, number),
            "automations",
            head,
            vec![],
        )
    });
    list("automations", items)
}

fn apps(scale: &Scale) -> Pieces<'_> {
    let items = (0..scale.apps).flat_map(|app| {
        let workspace = app % scale.workspaces.max(1);
        let owner = user(scale, app);
        let name = format!("app{app}");
        let secret: String = base64(scale.seed ^ app, 64).collect();
        let head = attributes(&[
            ("workspace", "string", &format!("w{workspace}.fmw")),
            ("lastsaveuserid", "uuid", &owner),
            ("repo", "string", &repository(workspace)),
            (
                "description",
                "string",
                "Download:\n* Parks\n* Trees &amp; shrubs",
            ),
            ("runImmediately", "boolean", "false"),
            ("ownerid", "uuid", &owner),
            ("logDebug", "boolean", "false"),
            ("token", "string", &token_name(app)),
            ("backgroundcolor", "string", "#f5f6fa"),
            (
                "tokenvalue",
                "string",
                &format!("fme_enc2:2024-07-25-152400:{secret}"),
            ),
            ("reqAuth", "boolean", "false"),
            ("footertext", "string", ""),
            ("service", "string", "fmedatadownload"),
            ("lastsavedate", "string", "2025-10-23 13:34:56.475"),
            ("name", "string", &name),
            ("loadParameterDefaults", "boolean", "false"),
            ("dataSource", "string", "URL"),
        ]);
        let roles = once(bare(
            &format!("user:user{}", app % scale.users.max(1)),
            "authRoles",
        ));
        item(
            &uuid(scale.seed, Thing::App, app),
            "server_apps",
            head,
            vec![list("authRoles", roles)],
        )
    });
    list("server_apps", items)
}

/// They use the token of a Workspace App, which makes it a shared one.
fn automation_apps(scale: &Scale) -> Pieces<'_> {
    let items = (0..scale.apps / 10).flat_map(|app| {
        let head = attributes(&[
            ("name", "string", &format!("automation app{app}")),
            ("ownerid", "uuid", &user(scale, app)),
            (
                "automationid",
                "string",
                &uuid(scale.seed, Thing::Automation, app),
            ),
            ("token", "string", &token_name(app)),
            ("tokenvalue", "string", ""),
        ]);
        item(
            &uuid(scale.seed, Thing::AutomationApp, app),
            "server_automation_apps",
            head,
            vec![],
        )
    });
    list("server_automation_apps", items)
}

fn gallery_apps(scale: &Scale) -> Pieces<'_> {
    let items = (0..scale.apps / 20).flat_map(|app| {
        let head = attributes(&[
            ("name", "string", &format!("gallery{app}")),
            ("ownerid", "uuid", &user(scale, app)),
        ]);
        item(
            &uuid(scale.seed, Thing::GalleryApp, app),
            "server_app_suites",
            head,
            vec![],
        )
    });
    list("server_app_suites", items)
}
