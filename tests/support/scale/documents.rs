//! The documents beside `data.xml`.

use std::iter::once;

use super::Scale;

/// The stamps of 2025.2, whose schema is the last with app tokens.
pub(crate) fn properties() -> String {
    let stamps = [
        ("CONFIG_FORMAT_VERSION", "1.0"),
        ("CONFIG_API_VERSION", "3.0"),
        ("CONFIG_SCHEMA_VERSION", "2.99"),
        ("CONFIG_SERVER_VERSION", "25609"),
        ("CONFIG_SERVER_ENCRYPT", "c2NhbGUtc3RhbXA="),
        ("CONFIG_EXCLUDE_SENSITIVE_INFO", "false"),
    ];
    let stamps = stamps.map(|(name, value)| {
        format!(
            "  <property>\n    <category>CONFIG_MIGRATION</category>\n    <name>{name}</name>\n    \
             <value>{value}</value>\n  </property>\n"
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n<properties>\n{}</properties>\n",
        stamps.concat()
    )
}

/// A project's own description.
pub(crate) fn project(scale: &Scale) -> impl Iterator<Item = String> {
    let head = "uid: ''\npublisher_uid: ''\nname: scale\nminimum_fme_build: 25609\n\
                description: ''\nproject_content:\n  projects:\n  - scale\n  users:\n  - user0\n  \
                tokens:\n";
    let tail = "fsproject_version: 1\nversion: 1.0.0\nfme_server_encryption_mode: RESTRICTED\n";
    let users = scale.users.max(1);
    let line = move |app: u64| format!("  - user{}/Workspace App - app{app}\n", app % users);
    once(head.to_owned())
        .chain((0..scale.apps).map(line))
        .chain(once(tail.to_owned()))
}

/// Logical keys and their places, a line each.
pub(crate) fn files_map(scale: &Scale) -> impl Iterator<Item = String> {
    let workspaces = (0..scale.workspaces).map(|number| {
        format!(
            "/categories/repository/repositories/{}/workspaces/w{number}.fmw/workspace_files/\
             w{number}.fmw\n{}\n",
            repository(number),
            workspace_entry(number)
        )
    });
    let root = (scale.entries > 0).then(|| {
        "/categories/shared_resource/shared_resources/FME_SHAREDRESOURCE_DATA/\
         shared_resource_file_infos/7dacd505-c685-42b2-9eb8-4764b8d4df33/shared_resource_dirs/\
         Data\nfiles/0_Data\n"
            .to_owned()
    });
    workspaces.chain(root)
}

/// The repository of a workspace.
pub(crate) fn repository(workspace: u64) -> String {
    format!("Repository{}", workspace / 100)
}

/// Where a workspace lies in the archive.
pub(crate) fn workspace_entry(number: u64) -> String {
    format!("files/{}_w{number}.fmw", number + 1)
}

/// Where a resource file lies in the archive.
pub(crate) fn resource_entry(number: u64) -> String {
    format!("files/0_Data/{}/layer{number}.gdb", number / 1000)
}

/// A workspace that declares a connection.
pub(crate) fn workspace(scale: &Scale, number: u64) -> String {
    let connection = number % scale.connections.max(1);
    format!(
        "#!<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n#!<WORKSPACE\n#   NAME=\"w{number}\"\n#! \
         >\n#! <CONNECTIONS>\n#! <CONNECTION\n#!   NAME=\"Connection {connection}\"\n#!   \
         TYPE=\"DATABASE\"\n#!   FAMILY=\"PostgreSQL\"\n#!   USAGE=\"PUBLISHED\"\n#! />\n#! \
         </CONNECTIONS>\n#! </WORKSPACE>\n"
    )
}
