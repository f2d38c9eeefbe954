//! Gallery Apps: what they link to, which may be missing or not run.

use std::sync::Arc;

use super::app::{Planned, Planning};
use crate::finding::Fact;

impl<'a> Planning<'a> {
    /// Says which links of a Gallery App lead nowhere, or to an app that will not run.
    pub(super) fn links(&self, planned: &mut Planned<'a>) {
        // `APP` and `URL` are seen; of a kind that is not known nothing is concluded.
        let links = planned.stored.links.iter();
        let of_apps = links.filter(|link| link.kind.starts_with("APP") && !link.target.is_empty());
        let mut names: Vec<&str> = of_apps.map(|link| &*link.target).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let app = || Arc::from(name);
            match self.linked.named(name) {
                None => planned.facts.push(Fact::LinkMissing { app: app() }),
                Some(apps) if apps.iter().any(|app| self.will_run(app)) => {}
                Some(_) => planned.facts.push(Fact::LinkDisabled { app: app() }),
            }
        }
    }
}
