//! What a restore should have brought: from the archive that was planned, or from what the history
//! recorded when it was migrated.

use std::sync::Arc;

use uuid::Uuid;

use crate::flow::{AppKind, Dropped, Identifier, ItemPermissions, Permissions};
use crate::history::{AppRecord, CONNECTIONS, RESOURCES, TaskDetail};
use crate::plan::{Owner, PlannedApp};

/// An app as it should be, or as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppState {
    /// Its kind.
    pub kind: AppKind,
    /// Its name.
    pub name: Arc<str>,
    /// Its Flow App Identifier.
    pub identifier: Identifier,
    /// Who owns it.
    pub owner: Owner,
    /// Whether it runs; none where that is not known.
    pub enabled: Option<bool>,
    /// Whether it takes uploads; none where that is not known.
    pub uploads: Option<bool>,
    /// Its permissions on Connections; none where they are not known.
    pub connections: Option<ItemPermissions>,
    /// Its permissions on Resources: what its token had, or what it has now as far as that is known.
    pub resources: Vec<Dropped>,
    /// The name of the token it used, and whether the token stays for others to use.
    pub token: Option<(Arc<str>, bool)>,
}

impl AppState {
    /// As a plan says; `connections` where the archive has its 2026.1 form and the plan says nothing.
    pub fn planned(app: &PlannedApp, connections: Option<ItemPermissions>) -> Self {
        let carried = app.carried.iter();
        let carried = carried.map(|it| (Arc::clone(&it.connection), it.permissions.clone()));
        let token = app.token.as_ref().filter(|token| token.enabled.is_some());
        Self {
            kind: app.kind,
            name: Arc::clone(&app.name),
            identifier: app.identifier,
            owner: app.owner.clone(),
            enabled: app.enabled,
            uploads: app.temporary_uploads,
            connections: connections.or_else(|| Some(carried.collect())),
            resources: app.dropped.clone(),
            token: token.map(|token| (Arc::clone(&token.name), false)),
        }
    }
}

/// The apps of a recorded migration. What a history of another version calls by words that this one
/// does not know is left out.
pub(super) fn recorded(detail: &TaskDetail) -> Vec<AppState> {
    detail.apps.iter().filter_map(recorded_app).collect()
}

fn recorded_app(app: &AppRecord) -> Option<AppState> {
    let kind = AppKind::ALL
        .into_iter()
        .find(|it| it.as_str() == app.kind)?;
    let of = |category: &'static str, fate: &'static str| {
        let grants = app.grants.iter();
        let grants = grants.filter(move |grant| grant.category == category && grant.fate == fate);
        grants.filter_map(|grant| {
            let words = grant.permissions.iter().map(|word| &**word);
            Some((grant.item.clone()?, Permissions::new(words)))
        })
    };
    let resource = |(resource, permissions)| Dropped {
        resource,
        permissions,
    };
    Some(AppState {
        kind,
        name: app.name.as_str().into(),
        identifier: Identifier::known(Uuid::try_parse(&app.identifier).ok()?),
        owner: Owner {
            id: app.owner.id.as_str().into(),
            name: app.owner.name.as_str().into(),
        },
        enabled: app.enabled,
        uploads: None,
        connections: Some(of(CONNECTIONS, "carried").collect()),
        resources: of(RESOURCES, "dropped").map(resource).collect(),
        token: None,
    })
}
