//! What a plan does with each grant, as the history keeps it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::finding::{Fact, Fate, Finding};
use crate::flow::Permissions;
use crate::plan::{Plan, PlannedApp};
use crate::workspace::Usage;

/// What a token was granted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GrantRecord {
    /// `NamedConnections` or `SharedResources`.
    pub category: String,
    /// None for a permission on the category as such.
    pub item: Option<Arc<str>>,
    /// Sorted; none where a token named none.
    pub permissions: Vec<String>,
    /// `carried`, `dropped` or `not-carried`.
    pub fate: String,
    /// The finding that says it.
    pub reason: String,
}

/// FME Flow's name for the category of Connections (seen).
pub const CONNECTIONS: &str = "NamedConnections";
/// The same for Resources (seen).
pub const RESOURCES: &str = "SharedResources";

/// A grant and its fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GrantRow<'a> {
    /// FME Flow's name.
    pub(super) category: &'static str,
    /// None for a permission on the category as such.
    pub(super) item: Option<&'a str>,
    /// Sorted, between commas; empty where a token named none.
    pub(super) permissions: String,
    pub(super) fate: Fate,
    /// The code of the finding that says it.
    pub(super) reason: &'a str,
}

/// The grants of each app, in the plan's order: those that its token held, then what it needs and
/// its token did not name.
pub(super) fn grants(plan: &Plan) -> impl Iterator<Item = Vec<GrantRow<'_>>> {
    plan.findings_by_app().map(|(app, findings)| {
        let held = findings.iter().filter_map(held);
        let needed = findings.iter().flat_map(|finding| needed(finding, app));
        held.chain(needed).collect()
    })
}

/// What a finding says of a grant.
fn held(finding: &Finding) -> Option<GrantRow<'_>> {
    let category = match finding.fact {
        Fact::ConnectionCarried { .. } | Fact::GeneralConnectionDropped { .. } => CONNECTIONS,
        Fact::ResourceCarried { .. }
        | Fact::ResourceDropped { .. }
        | Fact::GeneralResourceDropped { .. } => RESOURCES,
        _ => return None,
    };
    let described = finding.description();
    Some(GrantRow {
        category,
        item: described.item.map(|item| &**item),
        permissions: described.permissions?.to_string(),
        fate: described.fate?,
        reason: described.code,
    })
}

/// Connections that a workspace uses through a token that names none.
fn needed<'a>(finding: &'a Finding, app: &'a PlannedApp) -> Vec<GrantRow<'a>> {
    let (Fact::TokenUnrestricted { .. } | Fact::TokenMissing { .. }) = finding.fact else {
        return Vec::new();
    };
    let connections = used(app).into_iter();
    let grants = connections.map(|connection| GrantRow {
        category: CONNECTIONS,
        item: Some(connection),
        permissions: String::new(),
        fate: Fate::NotCarried,
        reason: finding.code(),
    });
    grants.collect()
}

/// The fact that a recorded grant stands for, where it stands for one by itself.
pub(super) fn fact(grant: &GrantRecord) -> Option<Fact> {
    let permissions = Permissions::new(grant.permissions.iter().map(|it| &**it));
    Some(match (&*grant.category, &*grant.fate, grant.item.clone()) {
        (CONNECTIONS, "carried", Some(connection)) => Fact::ConnectionCarried {
            connection,
            permissions,
        },
        (CONNECTIONS, "dropped", None) => Fact::GeneralConnectionDropped { permissions },
        (RESOURCES, "carried", Some(resource)) => Fact::ResourceCarried {
            resource,
            permissions,
        },
        (RESOURCES, "dropped", Some(resource)) => Fact::ResourceDropped {
            resource,
            permissions,
            judged: false,
        },
        (RESOURCES, "dropped", None) => Fact::GeneralResourceDropped { permissions },
        _ => return None,
    })
}

/// Connections that the app's workspaces need from it, but for those that are carried.
fn used(app: &PlannedApp) -> BTreeSet<&str> {
    let declared = app
        .workspaces
        .iter()
        .flat_map(|used| &used.header.connections);
    declared
        .filter(|connection| connection.usage != Usage::Internal)
        .map(|connection| &*connection.name)
        .filter(|name| {
            app.carried
                .iter()
                .all(|carried| &*carried.connection != *name)
        })
        .collect()
}
