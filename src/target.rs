//! The 2026.1 form: what an upgraded app, its permissions and the stamps look like.
//!
//! Seen in three exports of build 26121 and 26124: an app has no token but `enabled` and, as a
//! Workspace App, `allowTemporaryUploads`; its parameters have
//! `dynamicParameterQueryConfigurationEnabled`. **Unknown** is where 2026.1 keeps the Connection
//! permissions of an app: the itemtype written here is this tool's own. When more is known, this is
//! the only module to change.

use std::sync::Arc;

use crate::edit::Edit;
use crate::flow::{Build, Carried, Identifier, Schema};
use crate::package::data::{Anchor, App};
use crate::package::xml::escape;

/// The build that upgraded archives are stamped with, FME Flow 2026.1 (seen).
pub const BUILD: Build = Build(26121);

/// The itemtype that holds an app's permissions on connections (this tool's own).
pub const CONNECTION_PERMISSIONS: &str = "connectionPermissions";

/// The schema that upgraded archives are stamped with (seen with [`BUILD`]).
pub fn schema() -> Schema {
    Schema::first_without_tokens()
}

/// What a migrated app is to say of itself.
#[derive(Debug, Clone, Copy)]
pub struct AppForm<'a> {
    /// What secures its permissions.
    pub identifier: Identifier,
    /// Whether it runs.
    pub enabled: bool,
    /// Whether it takes uploads; none for all but Workspace Apps.
    pub temporary_uploads: Option<bool>,
    /// Its permissions on connections.
    pub carried: &'a [Carried],
}

/// How the stored form of an app changes.
pub fn app_edits(stored: &App, form: &AppForm<'_>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = stored
        .replaced
        .iter()
        .map(|&span| Edit {
            span,
            text: "".into(),
        })
        .collect();
    let uploads = form
        .temporary_uploads
        .map(|on| flag("allowTemporaryUploads", on));
    let attributes = flag("enabled", form.enabled) + &uploads.unwrap_or_default();
    edits.push(put(stored.attributes, "attributes", &attributes));
    if !form.carried.is_empty() {
        let entries = connection_permissions(form.identifier, form.carried);
        edits.push(put(stored.itemtypes, "itemtypes", &entries));
    }
    edits
}

/// How the parameters of a Workspace App change.
pub fn parameter_edits(stored: &App) -> Vec<Edit> {
    let attribute = flag("dynamicParameterQueryConfigurationEnabled", false);
    stored
        .parameters
        .iter()
        .map(|&anchor| put(anchor, "attributes", &attribute))
        .collect()
}

/// An itemtype with one item a connection.
fn connection_permissions(identifier: Identifier, carried: &[Carried]) -> String {
    let items: String = carried
        .iter()
        .map(
            |Carried {
                 connection,
                 permissions,
             }| {
                let connection = escape(connection);
                let identifier = attribute("appIdentifier", "uuid", &identifier.to_string());
                let permissions = attribute("permissions", "string", &permissions.to_string());
                format!(
                    "<item><name>{connection}</name><type>{CONNECTION_PERMISSIONS}</type>\
                 <attributes>{identifier}{permissions}</attributes></item>"
                )
            },
        )
        .collect();
    format!("<itemtype><name>{CONNECTION_PERMISSIONS}</name><items>{items}</items></itemtype>")
}

fn flag(name: &str, on: bool) -> String {
    attribute(name, "boolean", if on { "true" } else { "false" })
}

fn attribute(name: &str, kind: &str, value: &str) -> String {
    let value = escape(value);
    format!("<attribute><name>{name}</name><type>{kind}</type><value>{value}</value></attribute>")
}

/// Adds children to a list, and the list itself where it is missing.
fn put(anchor: Anchor, list: &str, children: &str) -> Edit {
    let text: Arc<str> = if anchor.bare {
        format!("<{list}>{children}</{list}>").into()
    } else {
        children.into()
    };
    Edit {
        span: anchor.span,
        text,
    }
}
