//! What a package holds besides apps and permissions: its connections, and what its project lists.

use super::collect::Collector;
use super::model::{Connection, ProjectToken};
use super::slot::{Closed, Slot};
use crate::package::PackageError;

/// An item of a project's list.
#[derive(Debug, Default)]
pub(super) struct ProjectItem {
    kind: Option<String>,
    scope: Option<String>,
    name: Option<String>,
}

impl ProjectItem {
    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        let value = match name {
            "itemtype" => &mut self.kind,
            "itemscope" => &mut self.scope,
            "itemname" => &mut self.name,
            _ => return None,
        };
        Some(value.into())
    }

    pub(super) fn close(self, closed: &Closed, collector: &mut Collector<'_>) {
        if let (Some("USERTOKEN"), Some(place)) = (self.kind.as_deref(), closed.place) {
            collector.data.project_tokens.push(ProjectToken {
                user: self.scope.unwrap_or_default(),
                name: self.name.unwrap_or_default(),
                place,
            });
        }
    }
}

/// A Connection of the package.
#[derive(Debug)]
pub(super) struct ConnectionItem {
    name: String,
    owner_id: Option<String>,
    owner: Option<String>,
}

impl ConnectionItem {
    pub(super) fn new(name: &str, collector: &mut Collector<'_>) -> Result<Self, PackageError> {
        Ok(Self {
            name: collector.keep(name)?,
            owner_id: None,
            owner: None,
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match name {
            "ownerid" => Some((&mut self.owner_id).into()),
            "owner" => Some((&mut self.owner).into()),
            _ => None,
        }
    }

    pub(super) fn close(self, collector: &mut Collector<'_>) -> Result<(), PackageError> {
        let owner = collector.owner(self.owner_id, self.owner)?;
        let name = self.name;
        collector.data.connections.push(Connection { name, owner });
        Ok(())
    }
}
