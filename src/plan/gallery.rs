//! Gallery Apps: what they link to, which may be missing or not run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::app::{Planned, Planning};
use crate::finding::Fact;
use crate::flow::AppKind;
use crate::package::data::{App, Data};

/// The apps of a package by name; names of apps do not differ in case (documented).
pub(super) struct Linked<'a>(BTreeMap<String, Vec<&'a App>>);

impl<'a> Linked<'a> {
    /// Empty where there is no Gallery App to ask.
    pub(super) fn new(data: &'a Data) -> Self {
        let mut apps: BTreeMap<_, Vec<_>> = BTreeMap::new();
        if data.apps.iter().any(|app| app.kind == AppKind::Gallery) {
            for app in &data.apps {
                apps.entry(app.name.to_lowercase()).or_default().push(app);
            }
        }
        Self(apps)
    }
}

impl<'a> Planning<'a> {
    /// Says which links of a Gallery App lead nowhere, or to an app that will not run.
    pub(super) fn links(&self, planned: &mut Planned<'a>) {
        let of_apps = planned
            .stored
            .links
            .iter()
            .filter(|link| link.kind != "URL");
        let mut names: Vec<&str> = of_apps.map(|link| &*link.target).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let app = || Arc::from(name);
            match self.linked.0.get(&name.to_lowercase()) {
                None => planned.facts.push(Fact::LinkMissing { app: app() }),
                Some(apps) if apps.iter().any(|app| self.will_run(app)) => {}
                Some(_) => planned.facts.push(Fact::LinkDisabled { app: app() }),
            }
        }
    }
}
