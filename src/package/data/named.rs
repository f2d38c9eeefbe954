//! What values name, where nothing else of them is kept: they may be long, and they may be secrets.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::flow::resources_in;

/// The Resources that values name, as in `$(FME_SHAREDRESOURCE_DATA)/Output`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Their names.
    pub resources: BTreeSet<Arc<str>>,
    /// Whether a value was too long to be looked through.
    pub is_partial: bool,
}

impl Named {
    /// Adds those that `value` names, and tells how many bytes more are kept.
    pub(super) fn look_through(&mut self, value: &str) -> usize {
        let mut bytes = 0;
        for resource in resources_in(value.as_bytes()) {
            if self.resources.insert(resource.into()) {
                bytes += resource.len();
            }
        }
        bytes
    }

    /// In the room of a pointer: a backup has ten thousands of apps, and few name a Resource.
    pub(super) fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| self.into())
    }

    /// Adds those of others.
    pub(super) fn add(&mut self, others: Self) {
        self.resources.extend(others.resources);
        self.is_partial |= others.is_partial;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::package::Budget;
    use crate::package::data::{Data, read};

    /// A list of one item, with an attribute and what lies in the item.
    fn list(itemtype: &str, item: &str, attribute: (&str, &str), within: &str) -> String {
        let (name, value) = attribute;
        format!(
            "<itemtype><name>{itemtype}</name><items><item><name>{item}</name><type>{itemtype}</type>\
             <attributes><attribute><name>{name}</name><type>string</type><value>{value}</value>\
             </attribute></attributes><itemtypes>{within}</itemtypes></item></items></itemtype>"
        )
    }

    fn data(category: &str, lists: &str) -> Data {
        let categories = list("categories", category, ("x", ""), lists);
        let document = format!("<package><itemtypes>{categories}</itemtypes></package>");
        let limits = Limits::default();
        read(document.as_bytes(), limits, &mut Budget::new(limits)).unwrap()
    }

    const PATH: (&str, &str) = ("value", "$(FME_SHAREDRESOURCE_DATA)/a");

    fn resources(named: &Named) -> Vec<&str> {
        named.resources.iter().map(|resource| &**resource).collect()
    }

    #[test]
    fn parameters_of_apps_and_automations_name_resources() {
        let parameter = list("params", "p", PATH, "");
        let app = data(
            "server_app",
            &list("server_apps", "k", ("name", "a"), &parameter),
        );
        let named = app.apps[0].named.as_ref().unwrap();
        assert_eq!(resources(named), ["FME_SHAREDRESOURCE_DATA"]);
        let parameter = list("param", "p", PATH, "");
        let node = list("node", "n", ("name", "n"), &parameter);
        let globals = list("globals", "g", PATH, "");
        let key = list("manual_key", "m", ("defaultvalue", PATH.1), "");
        for within in [node, globals, key] {
            let lists = list("automations", "k", ("name", "a"), &within);
            let automation = &data("automation", &lists).automations["k"];
            assert_eq!(resources(&automation.named), ["FME_SHAREDRESOURCE_DATA"]);
        }
    }

    #[test]
    fn of_a_value_that_is_too_long_not_everything_is_known() {
        let long = "x".repeat(100_000);
        let parameter = list("params", "p", ("value", &long), "");
        let app = data(
            "server_app",
            &list("server_apps", "k", ("name", "a"), &parameter),
        );
        assert!(app.apps[0].named.as_ref().unwrap().is_partial);
    }
}
