//! From what the history recorded to rows, for an audit long after, without the archive.
//!
//! The history keeps grants as data and findings as lines of a log, so a finding joins the grant
//! whose item it quotes, and stands alone where it quotes none.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::gather::{in_order, of_app, weigh};
use super::{AuditedApp, AuditedArchive, Concern, Fate, Impact, Row};
use crate::finding::{Code, Level};
use crate::flow::{AppKind, Identifier, Permissions};
use crate::history::{AppRecord, Detail, FindingRecord, GrantRecord};

impl From<&Detail> for AuditedArchive {
    fn from(detail: &Detail) -> Self {
        let mut of_apps: BTreeMap<Option<&str>, Vec<&FindingRecord>> = BTreeMap::new();
        for finding in &detail.findings {
            let identifier = finding.identifier.as_deref();
            of_apps.entry(identifier).or_default().push(finding);
        }
        let mut findings = |of| of_apps.remove(&of).unwrap_or_default();
        let apps = detail.apps.iter();
        let mut apps: Vec<_> = apps
            .filter_map(|app| recalled(app, &findings(Some(&app.identifier))))
            .collect();
        apps.sort_by_key(|app| std::cmp::Reverse(app.impact()));
        let task = &detail.task;
        let kind = task.kind.as_deref().unwrap_or("archive");
        let day = task.started.strftime("%Y-%m-%d");
        Self {
            path: task.source.path.as_str().into(),
            description: format!(
                "{kind}, migrated on {day} by {} (task {})",
                task.user, task.id
            ),
            error: None,
            apps,
            rows: rows(&[], &findings(None)),
        }
    }
}

/// An app as it was recorded; none if another version recorded what this one does not know.
fn recalled(app: &AppRecord, findings: &[&FindingRecord]) -> Option<AuditedApp> {
    Some(AuditedApp {
        kind: AppKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == app.kind)?,
        name: app.name.as_str().into(),
        identifier: Identifier::known(Uuid::try_parse(&app.identifier).ok()?),
        owner: app.owner.name.as_str().into(),
        enabled: app.enabled,
        rows: of_app(app.enabled, rows(&app.grants, findings)),
    })
}

fn rows(grants: &[GrantRecord], findings: &[&FindingRecord]) -> Vec<Row> {
    let mut rows: Vec<Row> = grants.iter().map(granted).collect();
    for finding in findings {
        let known = Code::ALL.iter().find(|it| it.as_str() == finding.code);
        let Some(&code) = known else { continue };
        let concern = concern(code);
        let of_grant = rows.iter_mut().find(|row| {
            row.concern == concern
                && match &row.item {
                    Some(item) => finding.message.contains(&format!("\"{item}\"")),
                    None => row.codes.contains(&code.as_str()),
                }
        });
        if let Some(row) = of_grant {
            row.add(code, finding);
        } else {
            let mut row = Row {
                concern,
                ..Row::nothing()
            };
            row.add(code, finding);
            rows.push(row);
        }
    }
    in_order(rows)
}

/// The row of a grant; what it means is what findings say.
fn granted(grant: &GrantRecord) -> Row {
    let reason = Code::ALL.iter().find(|it| it.as_str() == grant.reason);
    Row {
        concern: match &*grant.category {
            "SharedResources" => Concern::Resource,
            _ => Concern::Connection,
        },
        item: grant.item.as_deref().map(Arc::from),
        permissions: Some(Permissions::new(grant.permissions.iter().map(|it| &**it))),
        fate: [Fate::Carried, Fate::Dropped, Fate::NotCarried]
            .into_iter()
            .find(|fate| fate.as_str() == grant.fate),
        codes: reason.iter().map(|code| code.as_str()).collect(),
        ..Row::nothing()
    }
}

impl Row {
    /// Adds a recorded finding; what matters less is left unsaid beside what matters more.
    fn add(&mut self, code: Code, finding: &FindingRecord) {
        let level = match &*finding.level {
            "ERROR" => Level::Error,
            "WARN" => Level::Warn,
            _ => Level::Inform,
        };
        let uncertain = finding.message.ends_with("are not in it)");
        let weight = weigh(code, level, uncertain);
        let verdict = code == Code::ResourceWithoutFileParameter;
        if weight > self.impact || verdict {
            self.facts.clear();
            self.actions.clear();
            self.impact = weight;
        }
        if weight == self.impact {
            let said = finding.message.clone();
            let about = finding.app.as_deref().unwrap_or_default();
            let bare = said.strip_prefix(&format!("App \"{about}\": "));
            self.facts.push(bare.unwrap_or(&said).to_owned());
            if weight > Impact::None || verdict {
                self.actions.extend(code.help().map(str::to_owned));
                self.actions.dedup();
            }
        }
        if !self.codes.contains(&code.as_str()) {
            self.codes.push(code.as_str());
        }
    }
}

/// What findings of a code are about.
const fn concern(code: Code) -> Concern {
    match code {
        Code::ConnectionCarried
        | Code::GeneralConnectionDropped
        | Code::OwnerLacksConnection
        | Code::ConnectionNotInArchive
        | Code::ConnectionNeededNotGranted
        | Code::ConnectionUnused => Concern::Connection,
        Code::ResourceDropped
        | Code::GeneralResourceDropped
        | Code::ResourceActionNeeded
        | Code::ResourceWithoutFileParameter => Concern::Resource,
        Code::TokenMissing
        | Code::TokenUnrestricted
        | Code::TokenDisabled
        | Code::TokenExpired
        | Code::TokenExpiryLost
        | Code::TokenExpiryUnreadable
        | Code::TokenShared
        | Code::TokenOwnerDiffers
        | Code::TokenRetired => Concern::Token,
        Code::WorkspaceMissing | Code::WorkspaceUnreadable => Concern::Workspace,
        Code::AppKindUnverified | Code::AppAlreadyUpgraded => Concern::App,
        Code::RoleKept | Code::StampsKept | Code::StampsForced => Concern::Archive,
    }
}
