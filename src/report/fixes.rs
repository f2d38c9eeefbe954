//! The fix list: which connection its owner has to share with whom, however many apps it is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::finding::{Actor, Finding, Impact};

/// A connection that has to be shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Who can do it: the owners of connections of that name; none where the archive does not tell.
    pub owners: Arc<[Arc<str>]>,
    /// The connection.
    pub connection: Arc<str>,
    /// The owners of apps who have to be able to run it.
    pub share_with: BTreeSet<Arc<str>>,
    /// The apps it is for.
    pub apps: BTreeSet<Arc<str>>,
    /// The greatest impact on one of them.
    pub impact: Impact,
}

/// What has to be shared, by owner and connection.
pub fn fixes<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Fix> {
    let mut fixes: BTreeMap<(&[Arc<str>], &Arc<str>), Fix> = BTreeMap::new();
    for finding in findings {
        let described = finding.description();
        let (Some(Actor::ConnectionOwner), Some(connection), Some(app)) =
            (described.actor, described.item, &finding.app)
        else {
            continue;
        };
        let fix = fixes.entry((described.owners, connection));
        let fix = fix.or_insert_with(|| Fix {
            owners: described.owners.into(),
            connection: Arc::clone(connection),
            share_with: BTreeSet::new(),
            apps: BTreeSet::new(),
            impact: Impact::None,
        });
        fix.share_with.insert(Arc::clone(&app.owner));
        fix.apps.insert(Arc::clone(&app.name));
        fix.impact = fix.impact.max(finding.impact());
    }
    fixes.into_values().collect()
}

impl Fix {
    /// Who has to act, in words.
    pub fn actor(&self) -> String {
        match &*self.owners {
            [] => format!("the owner of \"{}\"", self.connection),
            owners => owners.join(" or "),
        }
    }

    /// With whom to share it, in a row.
    pub fn users(&self) -> String {
        let users: Vec<&str> = self.share_with.iter().map(|user| &**user).collect();
        users.join(", ")
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (actor, users) = (self.actor(), self.users());
        write!(
            f,
            "{actor}: share \"{}\" with {users} (Run)",
            self.connection
        )
    }
}
