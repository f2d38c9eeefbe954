//! What becomes of an app's permissions.

use std::sync::Arc;

use serde::Serialize;

use super::Permissions;

/// Permissions on a connection that go to an app's Flow App Identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Carried {
    /// The connection's name.
    pub connection: Arc<str>,
    /// In 2026.1's words.
    pub permissions: Permissions,
}

/// Permissions on a resource that are lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dropped {
    /// The resource's name, such as `FME_SHAREDRESOURCE_DATA`.
    pub resource: Arc<str>,
    /// As granted.
    pub permissions: Permissions,
}

/// The name under which FME Flow shows one of its own resources (documented); none for a resource
/// that someone connected.
pub fn folder_of(resource: &str) -> Option<&'static str> {
    Some(match resource.strip_prefix("FME_SHAREDRESOURCE_")? {
        "BACKUP" => "Backup",
        "DASHBOARD" => "Dashboards",
        "DATA" => "Data",
        "ENGINE" => "Engine",
        "LOG" => "Logs",
        "SYSTEM" => "System",
        "TEMP" => "Temp",
        _ => return None,
    })
}
