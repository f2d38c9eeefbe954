//! From findings to rows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{AuditedApp, AuditedArchive, Concern, Fate, Impact, Row};
use crate::finding::{Code, Fact, Finding, Level};
use crate::flow::{Identifier, Permissions};
use crate::plan::PlannedApp;
use crate::report::{ArchiveReport, Outcome};
use crate::workspace::Usage;

impl From<&ArchiveReport> for AuditedArchive {
    fn from(report: &ArchiveReport) -> Self {
        let mut of_apps: BTreeMap<Option<Identifier>, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            of_apps
                .entry(finding.identifier())
                .or_default()
                .push(finding);
        }
        let mut findings = |of| of_apps.remove(&of).unwrap_or_default();
        let mut apps: Vec<_> = report
            .apps
            .iter()
            .map(|app| audited(app, &findings(Some(app.identifier))))
            .collect();
        // Stable: what matters equally stays by kind and name.
        apps.sort_by_key(|app| std::cmp::Reverse(app.impact()));
        Self {
            path: report.path.as_str().into(),
            description: description(report),
            error: report.error.clone(),
            apps,
            rows: rows(&findings(None)),
        }
    }
}

fn description(report: &ArchiveReport) -> String {
    let (Some(kind), Some(build), Some(schema)) = (report.kind, report.build, &report.schema)
    else {
        return String::new();
    };
    let kind = kind.as_str();
    let done = match report.outcome {
        Outcome::Current => ", has its 2026.1 form already",
        _ => "",
    };
    format!("{kind} of build {build}, schema {schema}{done}")
}

fn audited(app: &PlannedApp, findings: &[&Finding]) -> AuditedApp {
    AuditedApp {
        kind: app.kind,
        name: Arc::clone(&app.name),
        identifier: app.identifier,
        owner: Arc::clone(&app.owner.name),
        enabled: app.enabled,
        rows: of_app(app.enabled, rows(findings)),
    }
}

/// The rows of an app that is enabled or not: one that does not run today either has something to be
/// done only if it should.
pub(super) fn of_app(enabled: Option<bool>, mut rows: Vec<Row>) -> Vec<Row> {
    if enabled == Some(false) {
        for row in &mut rows {
            row.impact = row.impact.min(Impact::Check);
        }
    }
    rows
}

/// A row for each thing that findings are about, what matters most first.
fn rows(findings: &[&Finding]) -> Vec<Row> {
    let mut rows: BTreeMap<_, Row> = BTreeMap::new();
    for finding in findings {
        let (concern, item, fate, permissions) = subject(&finding.fact);
        let row = rows
            .entry((concern, item.clone(), fate))
            .or_insert_with(|| Row {
                concern,
                item,
                permissions: None,
                fate,
                impact: Impact::None,
                facts: Vec::new(),
                actions: Vec::new(),
                codes: Vec::new(),
            });
        row.permissions = permissions.or(row.permissions.take());
        row.codes.push(finding.code().as_str());
        // What matters less is left unsaid beside what matters more.
        let weight = impact(finding);
        if weight > row.impact || is_verdict(&finding.fact) {
            row.facts.clear();
            row.actions.clear();
            row.impact = weight;
        }
        if weight == row.impact {
            row.facts.push(finding.message());
            row.actions.extend(finding.help().map(Cow::into_owned));
            row.actions.dedup();
        }
    }
    in_order(rows.into_values().collect())
}

/// What matters most first.
pub(super) fn in_order(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| std::cmp::Reverse(row.impact));
    rows
}

/// Whether it says what a dropped resource means to the app, in place of [`Fact::ResourceDropped`]
/// before it.
const fn is_verdict(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ResourceActionNeeded { .. } | Fact::ResourceWithoutFileParameter { .. }
    )
}

type Subject = (Concern, Option<Arc<str>>, Option<Fate>, Option<Permissions>);

/// What a fact is about, what becomes of it, and which permissions it names.
fn subject(fact: &Fact) -> Subject {
    use Concern::{App, Archive, Connection, Resource, Token, Workspace};
    let (carried, dropped) = (Some(Fate::Carried), Some(Fate::Dropped));
    let item = |name: &Arc<str>| Some(Arc::clone(name));
    match fact {
        Fact::ConnectionCarried {
            connection,
            permissions,
        } => (
            Connection,
            item(connection),
            carried,
            Some(permissions.clone()),
        ),
        Fact::OwnerLacksConnection { connection, .. }
        | Fact::ConnectionNotInArchive { connection }
        | Fact::ConnectionUnused { connection } => (Connection, item(connection), carried, None),
        Fact::ConnectionNeededNotGranted { connection, .. } => {
            let needed = Some(Permissions::run());
            (Connection, item(connection), Some(Fate::NotCarried), needed)
        }
        Fact::GeneralConnectionDropped { permissions } => {
            (Connection, None, dropped, Some(permissions.clone()))
        }
        Fact::ResourceDropped {
            resource,
            permissions,
        }
        | Fact::ResourceActionNeeded {
            resource,
            permissions,
            ..
        } => (Resource, item(resource), dropped, Some(permissions.clone())),
        Fact::ResourceWithoutFileParameter { resource } => {
            (Resource, item(resource), dropped, None)
        }
        Fact::GeneralResourceDropped { permissions } => {
            (Resource, None, dropped, Some(permissions.clone()))
        }
        Fact::TokenMissing { token } => (Token, token.clone(), None, None),
        Fact::TokenUnrestricted { token, .. }
        | Fact::TokenDisabled { token }
        | Fact::TokenExpired { token, .. }
        | Fact::TokenExpiryLost { token, .. }
        | Fact::TokenExpiryUnreadable { token }
        | Fact::TokenShared { token, .. }
        | Fact::TokenOwnerDiffers { token, .. }
        | Fact::TokenRetired { token, .. } => (Token, item(token), None, None),
        Fact::WorkspaceMissing { workspace } | Fact::WorkspaceUnreadable { workspace, .. } => {
            (Workspace, item(workspace), None, None)
        }
        Fact::AppKindUnverified { .. } | Fact::AppAlreadyUpgraded => (App, None, None, None),
        Fact::RoleKept { role } => (Archive, item(role), None, None),
        Fact::StampsKept { .. } | Fact::StampsForced { .. } => (Archive, None, None, None),
    }
}

/// Whether a finding matters to the app.
fn impact(finding: &Finding) -> Impact {
    let uncertain = match &finding.fact {
        Fact::OwnerLacksConnection { roles_unknown, .. } => *roles_unknown > 0,
        Fact::ConnectionNeededNotGranted {
            usage: Usage::Internal,
            lacking: Some(lacking),
            ..
        } => lacking.roles_unknown > 0,
        _ => false,
    };
    weigh(finding.code(), finding.level(), uncertain)
}

/// Whether a finding matters to the app; `uncertain` where an owner who lacks a connection may have
/// it by a role that the archive does not hold.
pub(super) fn weigh(code: Code, level: Level, uncertain: bool) -> Impact {
    match code {
        Code::ConnectionNeededNotGranted if level < Level::Warn => Impact::None,
        Code::ConnectionNeededNotGranted | Code::OwnerLacksConnection if uncertain => Impact::Check,
        Code::ConnectionNeededNotGranted
        | Code::OwnerLacksConnection
        | Code::ResourceActionNeeded => Impact::Action,
        // They have no place in an app, before or after.
        Code::GeneralConnectionDropped | Code::GeneralResourceDropped => Impact::None,
        _ if level >= Level::Warn => Impact::Check,
        _ => Impact::None,
    }
}
