//! Everything about a task but its log: its apps, what became of their grants, and its findings.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::grants::{GrantRecord, fact};
use super::task::Task;
use crate::finding::{About, Fact, Finding, Level};
use crate::flow::Identifier;
use crate::plan::{PlannedApp, PlannedToken, WorkspaceUse};

/// Everything about a task but its log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskDetail {
    /// The task itself.
    #[serde(flatten)]
    pub task: Task,
    /// The archive's apps, by kind and name.
    pub apps: Vec<AppRecord>,
    /// What there was to say.
    pub findings: Vec<Finding>,
}

/// An app of a migrated archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppRecord {
    /// `workspace`, `automation`, `ar`, `gallery` or `other`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its Flow App Identifier.
    pub identifier: String,
    /// Who owned it: key and login name.
    pub owner: OwnerRecord,
    /// Whether it runs; none where no token is involved.
    pub enabled: Option<bool>,
    /// What its token was granted.
    pub grants: Vec<GrantRecord>,
    /// What else was known of it; version 1 of the history did not keep that.
    #[serde(flatten)]
    pub more: Option<AppDetail>,
}

/// What else a plan says of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppDetail {
    /// The token it used; none where it names none.
    pub token: Option<PlannedToken>,
    /// Whether it takes uploads; none for all but Workspace Apps.
    pub temporary_uploads: Option<bool>,
    /// The workspaces it runs, as far as they could be read.
    pub workspaces: Vec<WorkspaceUse>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerRecord {
    /// Key.
    pub id: String,
    /// Login name.
    pub name: String,
}

impl AppDetail {
    /// Of an app as it was planned.
    pub(super) fn of(app: &PlannedApp) -> Self {
        Self {
            token: app.token.clone(),
            temporary_uploads: app.temporary_uploads,
            workspaces: app.workspaces.clone(),
        }
    }
}

impl TaskDetail {
    pub(super) fn read(connection: &Connection, task: Task) -> rusqlite::Result<Self> {
        let apps = apps(connection, task.row)?;
        Ok(Self {
            findings: findings(connection, task.row, &apps)?,
            apps: apps.into_values().collect(),
            task,
        })
    }
}

/// Apps by their number in the task.
fn apps(connection: &Connection, task: i64) -> rusqlite::Result<BTreeMap<i64, AppRecord>> {
    let mut query = connection.prepare(
        "SELECT app, kind, name, identifier, owner_id, owner, enabled, planned FROM apps
         WHERE task = ?1",
    )?;
    let mut grants = connection.prepare(
        "SELECT category.text, item.text, permissions.text, fate.text, reason.text, grant_rows.item
         FROM grant_rows
         JOIN words AS category ON category.word = grant_rows.category
         LEFT JOIN words AS item ON item.word = grant_rows.item
         JOIN words AS permissions ON permissions.word = grant_rows.permissions
         JOIN words AS fate ON fate.word = grant_rows.fate
         JOIN words AS reason ON reason.word = grant_rows.reason
         WHERE task = ?1 AND app = ?2 ORDER BY number",
    )?;
    // One item is granted to many apps.
    let mut items: BTreeMap<i64, Arc<str>> = BTreeMap::new();
    let apps = query.query_map([task], |row| {
        let app: i64 = row.get(0)?;
        let of_app = grants.query_map([task, app], |row| {
            let permissions: String = row.get(2)?;
            let words = permissions.split(',').filter(|word| !word.is_empty());
            let item = match row.get(5)? {
                Some(word) => Some(match items.entry(word) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(new) => new.insert(row.get(1)?).clone(),
                }),
                None => None,
            };
            Ok(GrantRecord {
                category: row.get(0)?,
                item,
                permissions: words.map(str::to_owned).collect(),
                fate: row.get(3)?,
                reason: row.get(4)?,
            })
        })?;
        let more: Option<String> = row.get(7)?;
        let record = AppRecord {
            grants: of_app.collect::<rusqlite::Result<_>>()?,
            kind: row.get(1)?,
            name: row.get(2)?,
            identifier: row.get(3)?,
            owner: OwnerRecord {
                id: row.get(4)?,
                name: row.get(5)?,
            },
            enabled: row.get(6)?,
            more: more.and_then(|more| serde_json::from_str(&more).ok()),
        };
        Ok((app, record))
    })?;
    apps.collect()
}

/// The findings of a task, in the order of its log.
fn findings(
    connection: &Connection,
    task: i64,
    apps: &BTreeMap<i64, AppRecord>,
) -> rusqlite::Result<Vec<Finding>> {
    let about: BTreeMap<i64, Arc<About>> = apps
        .iter()
        .filter_map(|(&number, app)| Some((number, Arc::new(About::recorded(app)?))))
        .collect();
    let mut granted = granted(apps);
    let mut facts = Facts::default();
    let mut query = connection.prepare(
        "SELECT app, fact, finding.text, level, code, message
         FROM log_lines
         JOIN words AS finding ON finding.word = log_lines.finding
         WHERE task = ?1 ORDER BY number",
    )?;
    let findings = query.query_map([task], |row| {
        let number: Option<i64> = row.get(0)?;
        let app = number.and_then(|number| about.get(&number)).cloned();
        let stored = row.get_ref(1)?.as_str_or_null()?;
        let code: String = row.get(2)?;
        let fact = match stored.and_then(|text| facts.read(text)) {
            Some(fact) => fact,
            None => match granted
                .get_mut(&(number, code.clone()))
                .and_then(Iterator::next)
            {
                Some(fact) => fact,
                None => words(&code, row, app.as_deref())?,
            },
        };
        Ok(Finding { app, fact })
    })?;
    let mut findings: Vec<Finding> = findings.collect::<rusqlite::Result<_>>()?;
    mark_judged(&mut findings);
    Ok(findings)
}

/// Facts by what is recorded of them: one is told of many apps, which then share its texts.
#[derive(Default)]
struct Facts(HashMap<String, Fact>);

impl Facts {
    /// None if another version recorded what this one does not know.
    fn read(&mut self, text: &str) -> Option<Fact> {
        if let Some(known) = self.0.get(text) {
            return Some(known.clone());
        }
        let fact: Fact = serde_json::from_str(text).ok()?;
        self.0.insert(text.to_owned(), fact.clone());
        Some(fact)
    }
}

/// Version 1 said in other findings of an app what its dropped resources mean to it, of all of them
/// or of none.
fn mark_judged(findings: &mut [Finding]) {
    let is_verdict = |finding: &&Finding| match &finding.fact {
        Fact::Recorded { code, .. } => {
            matches!(
                &**code,
                "resource-action-needed" | "resource-without-file-parameter"
            )
        }
        _ => false,
    };
    let judged_apps = findings.iter().filter(is_verdict);
    let judged_apps: BTreeSet<_> = judged_apps.map(Finding::identifier).collect();
    for finding in findings {
        let identifier = finding.identifier();
        if let Fact::ResourceDropped { judged, .. } = &mut finding.fact {
            *judged |= judged_apps.contains(&identifier);
        }
    }
}

/// Facts that grants stand for, by app and code, in their order. Version 1 kept no others.
fn granted(
    apps: &BTreeMap<i64, AppRecord>,
) -> BTreeMap<(Option<i64>, String), std::vec::IntoIter<Fact>> {
    let mut facts: BTreeMap<_, Vec<Fact>> = BTreeMap::new();
    for (&number, app) in apps {
        for grant in &app.grants {
            let of_code = facts.entry((Some(number), grant.reason.clone()));
            of_code.or_default().extend(fact(grant));
        }
    }
    let facts = facts.into_iter();
    facts.map(|(key, facts)| (key, facts.into_iter())).collect()
}

/// A finding of which only the words are known.
fn words(code: &str, row: &rusqlite::Row<'_>, app: Option<&About>) -> rusqlite::Result<Fact> {
    let level: String = row.get(3)?;
    let message: String = row.get(5)?;
    let prefix = app.map_or_else(String::new, |app| Finding::prefix(&app.name));
    Ok(Fact::Recorded {
        code: code.into(),
        number: row.get(4)?,
        level: level.parse().unwrap_or(Level::Warn),
        message: message.strip_prefix(&prefix).unwrap_or(&message).into(),
    })
}

impl About {
    /// An app as it was recorded; none if another version recorded what this one does not know.
    fn recorded(app: &AppRecord) -> Option<Self> {
        Some(Self {
            name: app.name.as_str().into(),
            identifier: Identifier::known(Uuid::try_parse(&app.identifier).ok()?),
            owner: app.owner.name.as_str().into(),
            enabled: app.enabled,
        })
    }
}
