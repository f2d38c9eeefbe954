//! How much of everything `data.xml` holds, and the permissions that apps hold by themselves.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;

use super::walk::{Attribute, Event, ListKind, walk};
use crate::limits;
use crate::package::PackageError;
use crate::target;

/// A category of `data.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its name, such as `security`.
    pub name: String,
    /// Items by list, such as `users`, and by list within a list, such as `repositories/workspaces`.
    pub lists: BTreeMap<String, u64>,
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Census {
    /// Categories in document order.
    pub categories: Vec<Category>,
    /// Connections that apps hold permissions on by themselves, as in an upgraded archive.
    pub app_connections: Vec<AppConnection>,
}

/// An entry of a Flow App Identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppConnection {
    /// The app's name.
    pub app: String,
    /// The connection's name.
    pub connection: String,
    /// Comma-separated, as written.
    pub permissions: String,
}

impl Census {
    /// Counts the items of a whole `data.xml`.
    ///
    /// # Errors
    /// When the document is not well-formed or cannot be read.
    pub fn take(document: impl Read) -> Result<Self, PackageError> {
        let mut counting = Counting::default();
        walk(document, &mut |event| {
            counting.event(event);
            Ok(())
        })?;
        Ok(counting.census)
    }
}

#[derive(Default)]
struct Counting {
    census: Census,
    /// Names of open lists and items, alternating, outermost first.
    path: Vec<String>,
    /// What the open lists hold, outermost first.
    kinds: Vec<ListKind>,
    lists: usize,
    /// Name of the app that is open, once known.
    app: Option<String>,
}

impl Counting {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::List(kind, name) => {
                self.path.push(name.to_owned());
                self.kinds.push(kind);
            }
            Event::Item(name) => {
                self.count(name);
                self.path.push(name.to_owned());
            }
            Event::Attributes(attributes) => self.attributes(attributes),
            Event::ItemOver => {
                self.path.pop();
                if self.path.len() == 3 {
                    self.app = None;
                }
            }
            Event::ListOver => {
                self.path.pop();
                self.kinds.pop();
            }
        }
    }

    fn count(&mut self, item: &str) {
        if self.kinds.last() != Some(&ListKind::Items) {
            return;
        }
        let list = match &self.path[..] {
            [_] => {
                if self.census.categories.len() < limits::COUNTED_LISTS {
                    self.census.categories.push(Category {
                        name: item.to_owned(),
                        lists: BTreeMap::new(),
                    });
                }
                return;
            }
            [_, _, list] => list.clone(),
            [_, _, list, _, inner] => format!("{list}/{inner}"),
            _ => return,
        };
        let Some(category) = self.census.categories.last_mut() else {
            return;
        };
        if let Some(count) = category.lists.get_mut(&list) {
            *count += 1;
        } else if self.lists < limits::COUNTED_LISTS {
            self.lists += 1;
            category.lists.insert(list, 1);
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        let value = |name: &str| {
            let found = attributes.iter().find(|attribute| attribute.name == name);
            found.map(|attribute| attribute.value.clone())
        };
        match &self.path[..] {
            [_, category, _, _] if category.starts_with("server_") => self.app = value("name"),
            [_, category, _, app, list, connection]
                if category.starts_with("server_") && list == target::ENTRIES =>
            {
                self.census.app_connections.push(AppConnection {
                    app: self.app.as_ref().unwrap_or(app).clone(),
                    connection: connection.clone(),
                    permissions: value("permissions").unwrap_or_default(),
                });
            }
            _ => {}
        }
    }
}
