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

/// Permissions on a resource that go to the app, where a profile knows how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CarriedResource {
    /// The resource's name, such as `FME_SHAREDRESOURCE_DATA`.
    pub resource: Arc<str>,
    /// As granted.
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
