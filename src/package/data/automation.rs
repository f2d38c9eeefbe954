//! Automations, as far as they say what they run, what they ask for, and which Resources they name.

use super::collect::Collector;
use super::model::Automation;
use super::named::Named;
use super::slot::{Slot, flag};
use crate::package::PackageError;
use crate::package::files_map::WorkspaceKey;

/// An automation.
#[derive(Debug)]
pub(super) struct AutomationItem {
    key: String,
    name: Option<String>,
    enabled: Option<String>,
    pub(super) workspaces: Vec<WorkspaceKey>,
    pub(super) file_parameters: Vec<String>,
    pub(super) named: Named,
    pub(super) open_webhooks: u32,
}

impl AutomationItem {
    pub(super) fn new(key: &str, collector: &mut Collector<'_>) -> Result<Self, PackageError> {
        Ok(Self {
            key: collector.keep(key)?,
            name: None,
            enabled: None,
            workspaces: Vec::new(),
            file_parameters: Vec::new(),
            named: Named::default(),
            open_webhooks: 0,
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match name {
            "name" => Some((&mut self.name).into()),
            "isenabled" => Some((&mut self.enabled).into()),
            _ => None,
        }
    }

    pub(super) fn close(self, collector: &mut Collector<'_>) {
        let automation = Automation {
            name: self.name.unwrap_or_else(|| self.key.clone()),
            enabled: flag(self.enabled.as_ref()),
            workspaces: self.workspaces,
            file_parameters: self.file_parameters,
            named: self.named,
            open_webhooks: self.open_webhooks,
        };
        collector.data.automations.insert(self.key, automation);
    }
}

/// A parameter of an automation's manual trigger, which an Automation App asks its user for (seen in
/// builds 24612 on).
#[derive(Debug)]
pub(super) struct ManualKeyItem {
    name: String,
    kind: Option<String>,
    pub(super) named: Named,
}

impl ManualKeyItem {
    pub(super) fn new(name: &str, collector: &mut Collector<'_>) -> Result<Self, PackageError> {
        Ok(Self {
            name: collector.keep(name)?,
            kind: None,
            named: Named::default(),
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Slot<'_> {
        match name {
            "type" => (&mut self.kind).into(),
            _ => Slot::Names(&mut self.named),
        }
    }

    /// The parameter is a part of `automation`.
    pub(super) fn close(self, automation: &mut AutomationItem) {
        if self.kind.as_deref() == Some("file") {
            automation.file_parameters.push(self.name);
        }
        automation.named.add(self.named);
    }
}

/// A trigger or an action of an automation.
#[derive(Debug, Default)]
pub(super) struct NodeItem {
    repository: Option<String>,
    workspaces: Vec<String>,
    named: Named,
    is_webhook: bool,
    is_open: bool,
}

impl NodeItem {
    pub(super) fn take(&mut self, parameter: NodeParameterItem) {
        self.named.add(parameter.named);
        let value = parameter.value.unwrap_or_default();
        match parameter.runs {
            Some(Runs::Repository) => self.repository = Some(value),
            Some(Runs::Workspace) => self.workspaces.push(value),
            Some(Runs::Publisher) => self.is_webhook |= parameter.is == Some(true),
            Some(Runs::Authentication) => self.is_open |= parameter.is == Some(true),
            None => {}
        }
    }

    /// The node is a part of `automation`.
    pub(super) fn close(self, automation: &mut AutomationItem) {
        let repository = self.repository.unwrap_or_default();
        let own = self.workspaces.into_iter();
        let keys = own.map(|workspace| (repository.clone(), workspace));
        automation.workspaces.extend(keys);
        automation.named.add(self.named);
        automation.open_webhooks += u32::from(self.is_webhook && self.is_open);
    }
}

/// A parameter of a node, or one that all nodes share. A node that runs a workspace names its
/// repository and the workspace in two of them, in any order (seen); in others people write whole
/// messages, of which nothing is kept but the Resources that they name.
#[derive(Debug)]
pub(super) struct NodeParameterItem {
    runs: Option<Runs>,
    value: Option<String>,
    is: Option<bool>,
    pub(super) named: Named,
}

#[derive(Debug, Clone, Copy)]
enum Runs {
    Repository,
    Workspace,
    /// What starts it: `manual`, `schedule` (seen), `webhook` (inferred).
    Publisher,
    /// Whether a webhook requires authentication (documented; the parameter's name is inferred).
    Authentication,
}

impl NodeParameterItem {
    pub(super) fn new(name: &str) -> Self {
        let runs = match name {
            "REPOSITORY" => Some(Runs::Repository),
            "WORKSPACE" => Some(Runs::Workspace),
            "publisher" => Some(Runs::Publisher),
            _ if name.to_ascii_uppercase().contains("AUTH") => Some(Runs::Authentication),
            _ => None,
        };
        Self {
            runs,
            value: None,
            is: None,
            named: Named::default(),
        }
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        let is = &mut self.is;
        match (name, self.runs) {
            ("value", Some(Runs::Publisher)) => Some(Slot::Is {
                word: "webhook",
                is,
            }),
            ("value", Some(Runs::Authentication)) => Some(Slot::Is { word: "false", is }),
            ("value", Some(_)) => Some((&mut self.value).into()),
            ("value", None) => Some(Slot::Names(&mut self.named)),
            _ => None,
        }
    }
}
