//! Holds every app that was planned against what the server has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::CompareError;
use super::expected::AppState;
use super::matching::{AppMatch, folded, matches, same_owner};
use super::outcome::{AppOutcome, ConnectionOutcome, ResourceOutcome, StableWord, TokenOutcome};
use super::{
    ComparedApp, ComparedArchive, ComparedConnection, ComparedResource, ComparedToken, Comparison,
};
use crate::flow::{ItemPermissions, Permissions};

/// What the server has.
pub(super) struct ServerState {
    pub(super) states: Vec<AppState>,
    /// Its tokens, by login name of their user and name, in lower case.
    pub(super) tokens: BTreeSet<(String, String)>,
    /// Whether the export holds more than what was imported.
    pub(super) is_partial: bool,
}

pub(super) fn judge(
    (before, planned): (ComparedArchive, &[AppState]),
    (after, found): (ComparedArchive, &ServerState),
) -> Result<Comparison, CompareError> {
    if planned.is_empty() {
        return Err(CompareError::NoApps);
    }
    let matched = matches(planned, &found.states);
    let related = matched.of_before.iter().any(|it| *it != AppMatch::None);
    if !related && !found.states.is_empty() {
        return Err(CompareError::Unrelated {
            before: planned.len(),
            after: found.states.len(),
        });
    }
    let known = planned.iter().zip(&matched.of_before);
    let known = known.map(|(app, to)| match to {
        AppMatch::One(at) => match found.states.get(*at) {
            Some(now) => both(app, now, found),
            None => alone(app, AppOutcome::Missing, found),
        },
        AppMatch::Ambiguous => alone(app, AppOutcome::Ambiguous, found),
        AppMatch::None => alone(app, AppOutcome::Missing, found),
    });
    let extra = matched.extra.iter().filter_map(|at| found.states.get(*at));
    let mut apps: Vec<_> = known
        .chain(extra.map(|app| unplanned(app, found)))
        .collect();
    apps.sort_by(|a, b| (a.kind, &a.name, a.identifier).cmp(&(b.kind, &b.name, b.identifier)));
    let remarks = remarks(planned, found, &apps);
    Ok(Comparison {
        before,
        after,
        apps,
        remarks,
    })
}

/// An app that is on both sides.
fn both(planned: &AppState, now: &AppState, found: &ServerState) -> ComparedApp {
    let mut outcomes = Vec::new();
    match (planned.enabled, now.enabled) {
        (Some(true), Some(false)) => outcomes.push(AppOutcome::Disabled),
        (Some(false), Some(true)) => outcomes.push(AppOutcome::EnabledUnexpectedly),
        (Some(_), None) => outcomes.push(AppOutcome::EnabledUnknown),
        _ => {}
    }
    let is_same_owner = same_owner(planned, now);
    if !is_same_owner {
        outcomes.push(AppOutcome::OwnerChanged);
    }
    if let (Some(before), Some(after)) = (planned.uploads, now.uploads)
        && before != after
    {
        outcomes.push(AppOutcome::UploadsChanged);
    }
    if outcomes.is_empty() {
        outcomes.push(AppOutcome::Same);
    }
    ComparedApp {
        owner_now: (!is_same_owner).then(|| now.owner.clone()),
        outcomes,
        connections: connections(planned.connections.as_ref(), now.connections.as_ref()),
        resources: resources(planned, now),
        ..frame(planned, found)
    }
}

/// An app that is in the archive and not, or not surely, on the server.
fn alone(planned: &AppState, outcome: AppOutcome, found: &ServerState) -> ComparedApp {
    let nothing = ItemPermissions::new();
    let there = (outcome == AppOutcome::Missing).then_some(&nothing);
    ComparedApp {
        outcomes: vec![outcome],
        connections: connections(planned.connections.as_ref(), there),
        ..frame(planned, found)
    }
}

/// An app that was not planned.
fn unplanned(app: &AppState, found: &ServerState) -> ComparedApp {
    let outcome = if found.is_partial {
        AppOutcome::Elsewhere
    } else {
        AppOutcome::Extra
    };
    ComparedApp {
        outcomes: vec![outcome],
        ..frame(app, found)
    }
}

fn frame(app: &AppState, found: &ServerState) -> ComparedApp {
    let token = app.token.as_ref().map(|(name, stays)| {
        let key = (folded(&app.owner.name), folded(name));
        let outcome = match (found.tokens.contains(&key), stays) {
            (false, _) => TokenOutcome::Gone,
            (true, false) => TokenOutcome::Alive,
            (true, true) => TokenOutcome::Kept,
        };
        ComparedToken {
            name: Arc::clone(name),
            outcome,
        }
    });
    ComparedApp {
        kind: app.kind,
        name: Arc::clone(&app.name),
        identifier: app.identifier,
        owner: app.owner.clone(),
        owner_now: None,
        outcomes: Vec::new(),
        connections: Vec::new(),
        resources: Vec::new(),
        token,
    }
}

/// Every Connection of either side.
fn connections(
    planned: Option<&ItemPermissions>,
    found: Option<&ItemPermissions>,
) -> Vec<ComparedConnection> {
    let mut all: BTreeMap<&Arc<str>, (Option<&Permissions>, Option<&Permissions>)> =
        BTreeMap::new();
    for (name, permissions) in planned.into_iter().flatten() {
        all.entry(name).or_default().0 = Some(permissions);
    }
    for (name, permissions) in found.into_iter().flatten() {
        all.entry(name).or_default().1 = Some(permissions);
    }
    let outcome = |expected: Option<&Permissions>, now: Option<&Permissions>| match (
        planned, found, expected, now,
    ) {
        (None, ..) | (_, None, ..) => ConnectionOutcome::NotObservable,
        (_, _, Some(_), None) => ConnectionOutcome::Missing,
        (_, _, None, _) => ConnectionOutcome::Extra,
        (_, _, Some(_), Some(now)) if now.is_empty() => ConnectionOutcome::LevelUnknown,
        (_, _, Some(expected), Some(now)) if expected == now => ConnectionOutcome::Present,
        _ => ConnectionOutcome::LevelDiffers,
    };
    all.into_iter()
        .map(|(name, (expected, now))| ComparedConnection {
            connection: Arc::clone(name),
            outcome: outcome(expected, now),
            expected: expected.cloned(),
            found: now.filter(|it| !it.is_empty()).cloned(),
            logged: None,
        })
        .collect()
}

/// Every Resource that was dropped, and every one that the app has now.
fn resources(planned: &AppState, now: &AppState) -> Vec<ComparedResource> {
    let mut all = BTreeMap::new();
    for dropped in &planned.resources {
        let fate = (ResourceOutcome::Dropped, dropped.permissions.clone());
        all.insert(Arc::clone(&dropped.resource), fate);
    }
    for again in &now.resources {
        let fate = (ResourceOutcome::AddedAgain, again.permissions.clone());
        all.insert(Arc::clone(&again.resource), fate);
    }
    all.into_iter()
        .map(|(resource, (outcome, permissions))| ComparedResource {
            resource,
            outcome,
            permissions,
        })
        .collect()
}

fn remarks(planned: &[AppState], found: &ServerState, apps: &[ComparedApp]) -> Vec<String> {
    let mut remarks = Vec::new();
    if found.states.is_empty() {
        remarks
            .push("AFTER holds no Flow App at all: it may have nothing to do with BEFORE".into());
    }
    if planned.iter().any(|app| app.connections.is_none()) {
        remarks.push(
            "BEFORE has its 2026.1 form and holds no Connection permissions where flowlift writes \
             them: give the archive that was migrated, or --from-history"
                .into(),
        );
    } else if found.states.iter().any(|app| app.connections.is_none())
        && apps.iter().any(|app| !app.connections.is_empty())
    {
        remarks.push(
            "where 2026.1 keeps Connection permissions is not known: learn it from one restore with \
             flowlift calibrate, then give --profile"
                .into(),
        );
    }
    if apps.iter().any(|app| !app.resources.is_empty())
        && found.states.iter().all(|app| app.resources.is_empty())
    {
        remarks.push(
            "a Resource that somebody added again is not seen without a profile that knows Resources"
                .into(),
        );
    }
    remarks
}

impl Comparison {
    /// How many there are of every outcome, apps first, then Connections, Resources and tokens.
    pub fn counts(&self) -> Vec<(&'static str, &'static str, usize)> {
        let mut counts = Vec::new();
        let apps = || self.apps.iter();
        count(&mut counts, "apps", AppOutcome::ALL, || {
            apps().flat_map(|app| app.outcomes.iter().copied())
        });
        count(&mut counts, "connections", ConnectionOutcome::ALL, || {
            apps().flat_map(|app| app.connections.iter().map(|it| it.outcome))
        });
        count(&mut counts, "resources", ResourceOutcome::ALL, || {
            apps().flat_map(|app| app.resources.iter().map(|it| it.outcome))
        });
        count(&mut counts, "tokens", TokenOutcome::ALL, || {
            apps().flat_map(|app| app.token.iter().map(|it| it.outcome))
        });
        counts
    }
}

fn count<W: StableWord + PartialEq, I: Iterator<Item = W>>(
    into: &mut Vec<(&'static str, &'static str, usize)>,
    what: &'static str,
    words: &[W],
    found: impl Fn() -> I,
) {
    for word in words {
        let number = found().filter(|it| it == word).count();
        if number > 0 {
            into.push((what, word.as_str(), number));
        }
    }
}
