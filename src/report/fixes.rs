//! The fix list: which connection its owner has to share with whom, however many apps it is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::finding::{Finding, Impact};
use crate::sorted::naturally;

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
        let (Some(owners), Some(connection), Some(app)) =
            (described.owners, described.item, &finding.app)
        else {
            continue;
        };
        let fix = fixes.entry((owners, connection));
        let fix = fix.or_insert_with(|| Fix {
            owners: owners.into(),
            connection: Arc::clone(connection),
            share_with: BTreeSet::new(),
            apps: BTreeSet::new(),
            impact: Impact::None,
        });
        fix.share_with.insert(Arc::clone(&app.owner));
        fix.apps.insert(Arc::clone(&app.name));
        fix.impact = fix.impact.max(finding.impact());
    }
    let mut fixes: Vec<_> = fixes.into_values().collect();
    fixes.sort_by(|a, b| {
        let owners = || naturally(&a.owners.join("\n"), &b.owners.join("\n"));
        owners().then_with(|| naturally(&a.connection, &b.connection))
    });
    fixes
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
        let mut users: Vec<&str> = self.share_with.iter().map(|user| &**user).collect();
        users.sort_by(|a, b| naturally(a, b));
        users.join(", ")
    }

    /// Who has to share it with `users`, in words.
    pub(super) fn shared_with(&self, users: &str) -> String {
        let actor = self.actor();
        format!("{actor}: share \"{}\" with {users} (Run)", self.connection)
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shared_with(&self.users()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{About, Fact, Lacking};
    use crate::flow::{AppKind, Identifier};

    fn lacks(app: &str, owner: &str, connection_owners: &[&str]) -> Finding {
        let names = connection_owners.iter().map(|&name| name.into());
        Finding {
            app: Some(Arc::new(About {
                name: app.into(),
                identifier: Identifier::of(app, AppKind::Workspace, owner, app),
                owner: owner.into(),
                enabled: Some(true),
            })),
            fact: Fact::OwnerLacksConnection {
                connection: "Connection 1".into(),
                lacking: Lacking {
                    owner: owner.into(),
                    connection_owners: names.collect(),
                },
            },
        }
    }

    #[test]
    fn a_connection_is_shared_once_for_all_apps_and_users() {
        let findings = [
            lacks("map", "user2", &["admin"]),
            lacks("form", "user0", &["admin"]),
            lacks("list", "user0", &["admin"]),
        ];
        let fixes = fixes(&findings);
        let lines: Vec<_> = fixes.iter().map(Fix::to_string).collect();
        assert_eq!(
            lines,
            ["admin: share \"Connection 1\" with user0, user2 (Run)"]
        );
        assert_eq!(fixes[0].apps.len(), 3);
    }

    #[test]
    fn who_has_to_share_is_sorted_as_people_sort() {
        let findings = ["user10", "user2"].map(|owner| lacks("map", "user0", &[owner]));
        let actors: Vec<_> = fixes(&findings).iter().map(Fix::actor).collect();
        assert_eq!(actors, ["user2", "user10"]);
    }

    #[test]
    fn an_owner_who_is_not_known_is_not_invented() {
        let fixes = fixes(&[lacks("map", "user0", &[])]);
        let expected = "the owner of \"Connection 1\": share \"Connection 1\" with user0 (Run)";
        assert_eq!(fixes[0].to_string(), expected);
    }
}
