//! Automations, as far as they say which workspaces they run.

use super::collect::Collector;
use super::slot::Slot;
use crate::package::PackageError;
use crate::package::files_map::WorkspaceKey;

/// An automation.
#[derive(Debug)]
pub(super) struct AutomationItem {
    key: String,
    pub(super) workspaces: Vec<WorkspaceKey>,
}

impl AutomationItem {
    pub(super) fn new(key: &str, collector: &mut Collector<'_>) -> Result<Self, PackageError> {
        Ok(Self {
            key: collector.keep(key)?,
            workspaces: Vec::new(),
        })
    }

    pub(super) fn close(self, collector: &mut Collector<'_>) {
        let known = &mut collector.data.automations;
        known.insert(self.key, self.workspaces);
    }
}

/// A trigger or an action of an automation.
#[derive(Debug, Default)]
pub(super) struct NodeItem {
    repository: Option<String>,
    workspaces: Vec<String>,
}

impl NodeItem {
    pub(super) fn take(&mut self, parameter: NodeParameterItem) {
        let value = parameter.value.unwrap_or_default();
        match parameter.names {
            Some(Named::Repository) => self.repository = Some(value),
            Some(Named::Workspace) => self.workspaces.push(value),
            None => {}
        }
    }

    pub(super) fn workspaces(self) -> impl Iterator<Item = WorkspaceKey> {
        let repository = self.repository.unwrap_or_default();
        let own = self.workspaces.into_iter();
        own.map(move |workspace| (repository.clone(), workspace))
    }
}

/// A parameter of a node. A node that runs a workspace names its repository and the workspace in two of
/// them, in any order (seen); in others people write whole messages, which are not read.
#[derive(Debug)]
pub(super) struct NodeParameterItem {
    names: Option<Named>,
    value: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Named {
    Repository,
    Workspace,
}

impl NodeParameterItem {
    pub(super) fn new(name: &str) -> Self {
        let names = match name {
            "REPOSITORY" => Some(Named::Repository),
            "WORKSPACE" => Some(Named::Workspace),
            _ => None,
        };
        Self { names, value: None }
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        (self.names.is_some() && name == "value").then_some((&mut self.value).into())
    }
}
