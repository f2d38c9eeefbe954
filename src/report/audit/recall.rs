//! An audit long after, of what the history recorded, without the archive.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{Deserialize, IntoDeserializer};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

use super::AuditedArchive;
use crate::finding::{Finding, impact};
use crate::flow::{Build, Carried, CarriedResource, Dropped, Identifier, Permissions};
use crate::history::{AppRecord, CONNECTIONS, GrantRecord, RESOURCES, TaskDetail};
use crate::plan::{Owner, PlannedApp};
use crate::report::{ArchiveOutcome, ArchiveReport, UpgradedArchive, fixes};

impl From<&TaskDetail> for AuditedArchive {
    fn from(detail: &TaskDetail) -> Self {
        let task = &detail.task;
        let kind = task.kind.as_deref().unwrap_or("archive");
        let day = task.started.strftime("%Y-%m-%d");
        Self {
            description: format!(
                "{kind}, migrated on {day} by {} (task {})",
                task.user, task.id
            ),
            ..Self::from(&recalled(detail))
        }
    }
}

/// What came of an archive, as it was recorded. Serialises to an element of `archives` in the JSON
/// contract; what version 1 of the history did not keep of an app is left out.
#[derive(Debug)]
pub struct Recalled<'a>(pub &'a TaskDetail);

impl Serialize for Recalled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serde_json::to_value(recalled(self.0)).map_err(S::Error::custom)?;
        let apps = document.get_mut("apps").and_then(Value::as_array_mut);
        for (app, record) in apps.into_iter().flatten().zip(&self.0.apps) {
            if let (None, Some(app)) = (&record.more, app.as_object_mut()) {
                for unknown in ["token", "temporary_uploads", "workspaces"] {
                    app.remove(unknown);
                }
            }
        }
        document.serialize(serializer)
    }
}

fn recalled(detail: &TaskDetail) -> ArchiveReport {
    let task = &detail.task;
    let schema = |text: &Option<String>| text.as_ref()?.parse().ok();
    let output = task.target.as_ref().and_then(|target| {
        Some(UpgradedArchive {
            path: target.path.clone(),
            build: Build(target.build?),
            schema: schema(&target.schema)?,
            sha256: target.sha256.as_deref().map(Into::into),
            copied: target.sha256.is_some() && target.sha256 == task.source.sha256,
        })
    });
    let apps: Vec<_> = detail
        .apps
        .iter()
        .filter_map(|app| planned(app, &detail.findings))
        .collect();
    ArchiveReport {
        path: task.source.path.clone(),
        kind: task.kind.as_deref().and_then(known),
        build: task.source.build.map(Build),
        schema: schema(&task.source.schema),
        form: task.form,
        outcome: match &output {
            Some(output) if !output.copied => ArchiveOutcome::Migrated,
            None if task
                .source
                .build
                .is_some_and(|it| Build(it).has_app_tokens()) =>
            {
                ArchiveOutcome::Unchanged
            }
            _ => ArchiveOutcome::Current,
        },
        error: None,
        help: None,
        output,
        impacts: apps.iter().map(|app| app.impact).collect(),
        fixes: fixes(&detail.findings),
        apps,
        findings: detail.findings.clone(),
    }
}

/// An app as it was recorded; none if another version recorded what this one does not know.
fn planned(app: &AppRecord, findings: &[Finding]) -> Option<PlannedApp> {
    let identifier = Identifier::known(Uuid::try_parse(&app.identifier).ok()?);
    let own = |finding: &&Finding| finding.identifier() == Some(identifier);
    let of_fate = |fate| app.grants.iter().filter(move |grant| grant.fate == fate);
    let carried = |category| of_fate("carried").filter(move |grant| grant.category == category);
    let permissions =
        |grant: &GrantRecord| Permissions::new(grant.permissions.iter().map(|it| &**it));
    let more = app.more.clone();
    let more = more.as_ref();
    Some(PlannedApp {
        kind: known(&app.kind)?,
        name: app.name.as_str().into(),
        identifier,
        impact: impact(findings.iter().filter(own)),
        owner: Owner {
            id: app.owner.id.as_str().into(),
            name: app.owner.name.as_str().into(),
        },
        token: more.and_then(|more| more.token.clone()),
        enabled: app.enabled,
        temporary_uploads: more.and_then(|more| more.temporary_uploads),
        carried: carried(CONNECTIONS)
            .filter_map(|grant| {
                Some(Carried {
                    connection: grant.item.clone()?,
                    permissions: permissions(grant),
                })
            })
            .collect(),
        carried_resources: carried(RESOURCES)
            .filter_map(|grant| {
                Some(CarriedResource {
                    resource: grant.item.clone()?,
                    permissions: permissions(grant),
                })
            })
            .collect(),
        dropped: of_fate("dropped")
            .filter_map(|grant| {
                Some(Dropped {
                    resource: grant.item.clone()?,
                    permissions: permissions(grant),
                })
            })
            .collect(),
        workspaces: more.map(|more| more.workspaces.clone()).unwrap_or_default(),
    })
}

/// What a word stands for.
fn known<'a, T: Deserialize<'a>>(word: &'a str) -> Option<T> {
    let word: StrDeserializer<'a, Error> = word.into_deserializer();
    T::deserialize(word).ok()
}
