//! Apps by the names that Gallery Apps link to.

use std::collections::BTreeMap;

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

    /// The apps of that name; none where there is none.
    pub(super) fn named(&self, name: &str) -> Option<&[&'a App]> {
        self.0.get(&name.to_lowercase()).map(|apps| &**apps)
    }
}
