//! What a plan does with each grant, as the history keeps it.

use std::collections::BTreeSet;

use crate::finding::{Code, Fact, Finding};
use crate::flow::Permissions;
use crate::plan::{Plan, PlannedApp};
use crate::workspace::Usage;

/// FME Flow's names for the two categories (seen).
const CONNECTIONS: &str = "NamedConnections";
const RESOURCES: &str = "SharedResources";

/// A grant and its fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// FME Flow's name.
    pub(super) category: &'static str,
    /// None for a permission on the category as such.
    pub(super) item: Option<String>,
    /// Sorted, between commas; empty where a token named none.
    pub(super) permissions: String,
    pub(super) fate: &'static str,
    /// The finding that says it.
    pub(super) reason: Code,
}

/// The grants of each app, in the plan's order.
pub(super) fn grants(plan: &Plan) -> impl Iterator<Item = Vec<Grant>> {
    let of_app = |(app, findings): (&PlannedApp, &[Finding])| {
        let mut grants = of_items(app);
        for finding in findings {
            of_finding(finding, app, &mut grants);
        }
        grants
    };
    plan.findings_by_app().map(of_app)
}

fn of_items(app: &PlannedApp) -> Vec<Grant> {
    let carried = app.carried.iter().map(|carried| Grant {
        category: CONNECTIONS,
        item: Some(carried.connection.to_string()),
        permissions: carried.permissions.to_string(),
        fate: "carried",
        reason: Code::ConnectionCarried,
    });
    let dropped = app.dropped.iter().map(|dropped| Grant {
        category: RESOURCES,
        item: Some(dropped.resource.to_string()),
        permissions: dropped.permissions.to_string(),
        fate: "dropped",
        reason: Code::ResourceDropped,
    });
    carried.chain(dropped).collect()
}

/// What only a finding tells: general permissions, and connections that a workspace uses through a
/// token that names none.
fn of_finding(finding: &Finding, app: &PlannedApp, grants: &mut Vec<Grant>) {
    let reason = finding.code();
    let general = |category, permissions: &Permissions| Grant {
        category,
        item: None,
        permissions: permissions.to_string(),
        fate: "dropped",
        reason,
    };
    match &finding.fact {
        Fact::GeneralConnectionDropped { permissions } => {
            grants.push(general(CONNECTIONS, permissions));
        }
        Fact::GeneralResourceDropped { permissions } => {
            grants.push(general(RESOURCES, permissions));
        }
        Fact::TokenUnrestricted { .. } | Fact::TokenMissing { .. } => {
            grants.extend(used(app).into_iter().map(|connection| Grant {
                category: CONNECTIONS,
                item: Some(connection.to_owned()),
                permissions: String::new(),
                fate: "not-carried",
                reason,
            }));
        }
        _ => {}
    }
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
