//! The ways to tamper with the documents of an upgraded archive.

use flowlift::verify::DifferenceKind;

use super::super::super::support::surgery::Parts;
use super::super::super::support::xml::{item_with, list_of};
use super::Tamper;

/// The role and the token of the first app of `parks-2.99`.
const TOKEN: &str = "Workspace App - tree-inspection";
const ROLE: &str = "token:mira.Workspace App - tree-inspection";
const LIST: &str = "<name>connectionPermissions</name><items>";

/// Ways to tamper with the upgraded `parks-2.99`, and what must be noticed.
pub(super) const TAMPERS: &[Tamper] = &[
    (
        "an attribute elsewhere is changed",
        DifferenceKind::DocumentChanged,
        |it, _| {
            it.part("data.xml")
                .edit(|data| data.replacen("<value>true</value>", "<value>false</value>", 1));
        },
    ),
    (
        "data.xml goes on behind its end",
        DifferenceKind::DocumentChanged,
        |it, _| {
            it.part("data.xml").edit(|data| format!("{data}\n"));
        },
    ),
    (
        "data.xml is cut",
        DifferenceKind::DocumentChanged,
        |it, _| {
            it.part("data.xml")
                .edit(|data| data[..data.len() / 2].to_owned());
        },
    ),
    (
        "data.xml is the source's",
        DifferenceKind::TraceLeft,
        |it, source| {
            *it.part("data.xml") = source.part("data.xml").clone();
        },
    ),
    (
        "project.yml is the source's",
        DifferenceKind::TraceLeft,
        |it, source| {
            *it.part("project.yml") = source.part("project.yml").clone();
        },
    ),
    (
        "properties.xml is the source's",
        DifferenceKind::StampWrong,
        |it, source| {
            *it.part("properties.xml") = source.part("properties.xml").clone();
        },
    ),
    (
        "the build is another",
        DifferenceKind::StampWrong,
        |it, _| {
            it.part("properties.xml")
                .edit(|text| text.replace("26121", "26124"));
        },
    ),
    (
        "the schema is another",
        DifferenceKind::StampWrong,
        |it, _| {
            it.part("properties.xml")
                .edit(|text| text.replace("2.111", "2.112"));
        },
    ),
    (
        "the minimum build is another",
        DifferenceKind::StampWrong,
        |it, _| {
            it.part("project.yml")
                .edit(|text| text.replace("26121", "26000"));
        },
    ),
    (
        "the schema is no longer a version",
        DifferenceKind::ContentDamaged,
        |it, _| {
            it.part("properties.xml")
                .edit(|text| text.replace("2.111", "new"));
        },
    ),
    (
        "a token is left",
        DifferenceKind::TraceLeft,
        |it, source| {
            let tokens = list_of(&source.part("data.xml").text(), "user_tokens");
            let security = "<name>security</name><type>categories</type><itemtypes>";
            insert(it, security, &tokens);
        },
    ),
    ("a role is left", DifferenceKind::TraceLeft, |it, source| {
        let role = item_with(&source.part("data.xml").text(), ROLE);
        insert(it, "<name>roles</name><items>", &role);
    }),
    (
        "a grant is left",
        DifferenceKind::TraceLeft,
        |it, source| {
            let text = source.part("data.xml").text();
            let role = item_with(&text, ROLE);
            let key = &role["<item><name>".len()..][..36];
            let grant = item_with(
                &text,
                &format!("<name>{key}</name><type>role_permissions</type>"),
            );
            insert(it, "<name>role_permissions</name><items>", &grant);
        },
    ),
    (
        "a role's key is left in a value",
        DifferenceKind::TraceLeft,
        |it, source| {
            let role = item_with(&source.part("data.xml").text(), ROLE);
            let key = role["<item><name>".len()..][..36].to_uppercase();
            insert(it, "<value>", &key);
        },
    ),
    (
        "a role's key is left in files.map",
        DifferenceKind::TraceLeft,
        |it, source| {
            let role = item_with(&source.part("data.xml").text(), ROLE);
            let key = &role["<item><name>".len()..][..36];
            it.part("files.map")
                .edit(|map| format!("{map}/x/{key}\nfiles/0\n"));
        },
    ),
    (
        "an app keeps its token's name",
        DifferenceKind::TraceLeft,
        |it, _| {
            let kept = format!(
                "<attribute><name>token</name><type>string</type><value>{TOKEN}</value></attribute>"
            );
            let enabled = "<attribute><name>enabled</name>";
            it.part("data.xml")
                .edit(|data| data.replacen(enabled, &(kept + enabled), 1));
        },
    ),
    (
        "a line of project.yml is left",
        DifferenceKind::TraceLeft,
        |it, _| {
            let lines = format!("  tokens:\n  - mira/{TOKEN}\n  workspaces:\n");
            it.part("project.yml")
                .edit(|text| text.replace("  workspaces:\n", &lines));
        },
    ),
    (
        "a role in project.yml is left",
        DifferenceKind::TraceLeft,
        |it, _| {
            let line = format!("  roles:\n  - {ROLE}\n");
            it.part("project.yml")
                .edit(|text| text.replace("  roles:\n", &line));
        },
    ),
    (
        "an app gets one more permission",
        DifferenceKind::PermissionExtra,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let run = "<value>NAMEDCONNECTIONS_RUN</value>";
                data.replacen(
                    run,
                    "<value>NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE</value>",
                    1,
                )
            });
        },
    ),
    (
        "an app gets one more connection",
        DifferenceKind::PermissionExtra,
        |it, _| {
            let text = it.part("data.xml").text();
            let entry = item_with(
                &text,
                "<name>City Slack</name><type>connectionPermissions</type>",
            );
            insert(it, LIST, &entry.replace("City Slack", "City Oracle"));
        },
    ),
    (
        "an app gets a connection without a word",
        DifferenceKind::PermissionExtra,
        |it, _| {
            let text = it.part("data.xml").text();
            let entry = item_with(
                &text,
                "<name>City Slack</name><type>connectionPermissions</type>",
            );
            let entry = entry.replace("City Slack", "X");
            insert(
                it,
                LIST,
                &entry.replace("NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE", ""),
            );
        },
    ),
    (
        "an app loses a permission",
        DifferenceKind::PermissionMissing,
        |it, _| {
            it.part("data.xml").edit(|data| {
                data.replacen(
                    "NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE",
                    "NAMEDCONNECTIONS_RUN",
                    1,
                )
            });
        },
    ),
    (
        "an app loses a connection",
        DifferenceKind::PermissionMissing,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let kind = "<name>City Slack</name><type>connectionPermissions</type>";
                data.replacen(&item_with(data, kind), "", 1)
            });
        },
    ),
    (
        "permissions are bound to another app",
        DifferenceKind::AppForm,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let bound = "<name>appIdentifier</name><type>uuid</type><value>dddddddd";
                data.replacen(bound, &bound.replace("dddddddd", "eeeeeeee"), 1)
            });
        },
    ),
    (
        "an app that could not run is switched on",
        DifferenceKind::AppForm,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let app = item_with(
                    data,
                    "<name>name</name><type>string</type><value>legacy-form</value>",
                );
                let off = "<name>enabled</name><type>boolean</type><value>false</value>";
                data.replace(&app, &app.replace(off, &off.replace("false", "true")))
            });
        },
    ),
    (
        "an app does not say whether it runs",
        DifferenceKind::AppForm,
        |it, _| {
            it.part("data.xml")
                .edit(|data| data.replacen("<name>enabled</name>", "<name>on</name>", 1));
        },
    ),
    ("an app is gone", DifferenceKind::AppForm, |it, _| {
        it.part("data.xml").edit(|data| {
            data.replace(
                &item_with(
                    data,
                    "<name>name</name><type>string</type><value>legacy-form</value>",
                ),
                "",
            )
        });
    }),
    (
        "an expiry is judged as it was not",
        DifferenceKind::DocumentChanged,
        |it, _| {
            it.part("data.xml").edit(|data| {
                let on = "<name>enabled</name><type>boolean</type><value>true</value>";
                data.replacen(on, &on.replace("true", "false"), 1)
            });
        },
    ),
];

/// Puts `text` behind the first `mark` of `data.xml`.
fn insert(archive: &mut Parts, mark: &str, text: &str) {
    archive
        .part("data.xml")
        .edit(|data| data.replacen(mark, &format!("{mark}{text}"), 1));
}
