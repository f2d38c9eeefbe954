//! The 2026.1 form: what an upgraded app, its permissions and the stamps look like.
//!
//! Seen in three exports of build 26121 and 26124: an app has no token but `enabled` and, as a
//! Workspace App, `allowTemporaryUploads`; its parameters have
//! `dynamicParameterQueryConfigurationEnabled`. **Unknown** is where 2026.1 keeps the Connection
//! permissions of an app: the itemtype written here is this tool's own. When more is known, this is
//! the only module to change.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::edit::{Edit, Text};
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
    pub carried: &'a Arc<[Carried]>,
}

/// How stored apps change.
#[derive(Debug, Default)]
pub struct Target {
    /// The texts that many apps get, each kept once.
    texts: BTreeMap<String, Text>,
}

impl Target {
    /// How the stored form of an app changes.
    pub fn app_edits(&mut self, stored: &App, form: &AppForm<'_>) -> Vec<Edit> {
        let mut edits: Vec<Edit> = stored.replaced.iter().copied().map(Edit::removal).collect();
        let uploads = form
            .temporary_uploads
            .map(|on| flag("allowTemporaryUploads", on));
        let attributes = flag("enabled", form.enabled) + &uploads.unwrap_or_default();
        edits.push(self.attributes(stored.attributes, attributes));
        if !form.carried.is_empty() {
            let permissions = ConnectionPermissions {
                identifier: form.identifier,
                carried: Arc::clone(form.carried),
                is_bare: stored.itemtypes.bare,
            };
            edits.push(Edit {
                span: stored.itemtypes.span,
                text: Text::made(permissions),
            });
        }
        edits
    }

    /// How the parameters of a Workspace App change.
    pub fn parameter_edits(&mut self, stored: &App) -> Vec<Edit> {
        let attribute = || flag("dynamicParameterQueryConfigurationEnabled", false);
        let anchors = stored.parameters.iter();
        anchors
            .map(|&anchor| self.attributes(anchor, attribute()))
            .collect()
    }

    /// Adds attributes to a list, and the list itself where it is missing.
    fn attributes(&mut self, anchor: Anchor, attributes: String) -> Edit {
        let text = if anchor.bare {
            format!("<attributes>{attributes}</attributes>")
        } else {
            attributes
        };
        let known = self.texts.get(&text).cloned();
        let text = known.unwrap_or_else(|| {
            let shared = Text::from(&*text);
            self.texts.insert(text, shared.clone());
            shared
        });
        Edit {
            span: anchor.span,
            text,
        }
    }
}

/// An itemtype with one item a connection.
struct ConnectionPermissions {
    identifier: Identifier,
    carried: Arc<[Carried]>,
    /// Whether the list of itemtypes has to be written too.
    is_bare: bool,
}

impl fmt::Display for ConnectionPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.is_bare {
            ("<itemtypes>", "</itemtypes>")
        } else {
            ("", "")
        };
        write!(
            f,
            "{open}<itemtype><name>{CONNECTION_PERMISSIONS}</name><items>"
        )?;
        let identifier = attribute("appIdentifier", "uuid", &self.identifier.to_string());
        for carried in &*self.carried {
            let connection = escape(&carried.connection);
            let permissions = attribute("permissions", "string", &carried.permissions.to_string());
            write!(
                f,
                "<item><name>{connection}</name><type>{CONNECTION_PERMISSIONS}</type>\
                 <attributes>{identifier}{permissions}</attributes></item>"
            )?;
        }
        write!(f, "</items></itemtype>{close}")
    }
}

fn flag(name: &str, on: bool) -> String {
    attribute(name, "boolean", if on { "true" } else { "false" })
}

fn attribute(name: &str, kind: &str, value: &str) -> String {
    let value = escape(value);
    format!("<attribute><name>{name}</name><type>{kind}</type><value>{value}</value></attribute>")
}
