//! Whether it matters: what everything that an app runs asks for, held against what the app gets. Its
//! workspaces ask, and for an Automation App its automation's manual trigger.
//!
//! In 2026.1 a Workspace App's Connection Permissions tab appears only where its workspace has
//! Published or Mixed connections, and its Resource Permissions tab only where it has file parameters
//! (documented; of other kinds nothing is). What could not be read is unknown, and about the unknown nothing is concluded.

use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::app::{Planned, Planning};
use crate::finding::Fact;
use crate::flow::AppKind;
use crate::package::data::Named;
use crate::package::{Workspace, WorkspaceKey};
use crate::workspace::{FIRST_WITH_CONNECTIONS, Header, Usage};

/// What an app asks for, with all that it runs.
#[derive(Default)]
struct Needs<'a> {
    /// The declared connections, and which workspace declares each.
    connections: BTreeMap<&'a str, (&'a Usage, &'a WorkspaceKey)>,
    /// Connections that are named by an expression, so that nobody knows which they are.
    expressions: BTreeMap<&'a str, &'a WorkspaceKey>,
    /// Names of file parameters.
    files: BTreeSet<&'a str>,
    /// The resources that values name, and in which workspace; none for the app and its automation.
    resources: BTreeMap<&'a str, Option<&'a WorkspaceKey>>,
    /// Whether that is all they ask for.
    known: bool,
    /// Whether they would declare every connection they use.
    declare_connections: bool,
}

impl<'a> Planning<'a> {
    /// Says of each permission whether it matters to the app.
    pub(super) fn assess_needs(&self, planned: &mut Planned<'a>, keys: &BTreeSet<&WorkspaceKey>) {
        let needs = self.needs(planned, keys);
        self.connections(planned, &needs);
        let parameters: Arc<[Arc<str>]> = needs.files.iter().map(|&name| name.into()).collect();
        let facts = planned.app.dropped.iter().filter_map(|dropped| {
            let resource = Arc::clone(&dropped.resource);
            if !needs.files.is_empty() {
                Some(Fact::ResourceActionNeeded {
                    resource,
                    permissions: dropped.permissions.clone(),
                    parameters: Arc::clone(&parameters),
                })
            } else if let Some(workspace) = needs.resources.get(&*resource) {
                Some(Fact::ResourceNamed {
                    resource,
                    workspace: workspace.map(path),
                })
            } else if needs.known {
                Some(Fact::ResourceWithoutFileParameter {
                    resource,
                    kind: planned.app.kind,
                })
            } else {
                None
            }
        });
        let facts: Vec<_> = facts.collect();
        let all_judged = !needs.files.is_empty() || needs.known;
        for fact in &mut planned.facts {
            if let Fact::ResourceDropped {
                resource, judged, ..
            } = fact
            {
                *judged = all_judged || needs.resources.contains_key(&**resource);
            }
        }
        planned.facts.extend(facts);
    }

    /// What is asked for; what cannot be asked is a finding.
    fn needs<'k>(
        &'k self,
        planned: &mut Planned<'a>,
        keys: &'k BTreeSet<&WorkspaceKey>,
    ) -> Needs<'k> {
        let mut needs = Needs {
            known: !keys.is_empty() || self.package.data.automation_of(planned.stored).is_some(),
            // An automation's own actions use connections too, and declare none that is known.
            declare_connections: !keys.is_empty() && planned.stored.kind != AppKind::Automation,
            ..Needs::default()
        };
        if let Some(named) = &planned.stored.named {
            needs.look_through(named);
        }
        if planned.stored.kind == AppKind::Automation {
            self.automation(planned, &mut needs);
        }
        for key in keys {
            let fact = match self.package.workspaces.get(key) {
                Some(Workspace::Read(header)) => {
                    needs.add(key, header);
                    continue;
                }
                Some(Workspace::Unreadable { why, limit }) => Fact::WorkspaceUnreadable {
                    workspace: path(key),
                    why: why.as_str().into(),
                    limit: *limit,
                },
                Some(Workspace::Missing) | None => Fact::WorkspaceMissing {
                    workspace: path(key),
                },
            };
            planned.facts.push(fact);
            needs.known = false;
            needs.declare_connections = false;
        }
        needs
    }

    /// What an Automation App's automation asks for itself.
    fn automation<'k>(&'k self, planned: &mut Planned<'a>, needs: &mut Needs<'k>) {
        let stored = planned.stored;
        let Some(automation) = self.package.data.automation_of(stored) else {
            needs.known = false;
            planned.facts.push(Fact::AutomationMissing {
                automation: stored.automation.as_deref().unwrap_or_default().into(),
            });
            return;
        };
        let files = automation.file_parameters.iter();
        needs.files.extend(files.map(String::as_str));
        needs.look_through(&automation.named);
        if automation.enabled == Some(false) {
            planned.facts.push(Fact::AutomationStopped {
                automation: automation.name.as_str().into(),
            });
        }
    }

    fn connections(&self, planned: &mut Planned<'a>, needs: &Needs<'_>) {
        let carried = Arc::clone(&planned.app.carried);
        let runs: HashSet<_> = carried
            .iter()
            .filter(|carried| carried.permissions.can_run())
            .map(|carried| &*carried.connection)
            .collect();
        let needed = needs.connections.iter();
        let not_granted = needed.filter(|(connection, _)| !runs.contains(**connection));
        let not_granted = not_granted.map(|(&connection, &(usage, workspace))| {
            let connection = Arc::from(connection);
            Fact::ConnectionNeededNotGranted {
                lacking: self.lacking(planned, &connection).map(Box::new),
                connection,
                workspace: path(workspace),
                usage: usage.clone(),
            }
        });
        let unused = carried
            .iter()
            .map(|carried| &carried.connection)
            .filter(|&connection| {
                needs.declare_connections && !needs.connections.contains_key(&**connection)
            });
        let unused = unused.map(|connection| Fact::ConnectionUnused {
            connection: Arc::clone(connection),
        });
        let expressions = needs.expressions.iter();
        let expressions = expressions.map(|(&expression, key)| Fact::ConnectionByExpression {
            expression: expression.into(),
            workspace: path(key),
        });
        let facts: Vec<_> = not_granted.chain(unused).chain(expressions).collect();
        planned.facts.extend(facts);
    }
}

impl<'a> Needs<'a> {
    /// Adds what the values of an app or of its automation name.
    fn look_through(&mut self, named: &'a Named) {
        let resources = named.resources.iter();
        self.resources
            .extend(resources.map(|resource| (&**resource, None)));
        self.known &= !named.is_partial;
    }

    fn add(&mut self, key: &'a WorkspaceKey, header: &'a Header) {
        self.files
            .extend(header.file_parameters.iter().map(String::as_str));
        let recent = |build| build >= FIRST_WITH_CONNECTIONS;
        self.declare_connections &= header.build.is_some_and(recent);
        for resource in &header.resources {
            self.resources.entry(resource).or_insert(Some(key));
        }
        for connection in &header.connections {
            if connection.is_expression() {
                self.expressions.entry(&connection.name).or_insert(key);
                self.declare_connections = false;
                continue;
            }
            let need = (&connection.usage, key);
            match self.connections.entry(&connection.name) {
                Entry::Vacant(entry) => {
                    entry.insert(need);
                }
                // Any other usage asks for more than the owner's rights.
                Entry::Occupied(mut entry) if *entry.get().0 == Usage::Internal => {
                    entry.insert(need);
                }
                Entry::Occupied(_) => {}
            }
        }
    }
}

fn path((repository, name): &WorkspaceKey) -> Arc<str> {
    format!("{repository}/{name}").into()
}
