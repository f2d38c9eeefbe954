//! How much of everything `data.xml` holds, and the permissions that apps hold by themselves.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use serde::Serialize;

use super::shared::Shared;
use crate::limits::{self, Limits};
use crate::package::tree::{Event, ListKind, Path, Tree};
use crate::package::{Budget, Document, PackageError};
use crate::target;

/// A category of `data.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryCounts {
    /// Its name, such as `security`.
    pub name: String,
    /// Items by list, such as `users`, and by list within a list, such as `repositories/workspaces`.
    pub lists: BTreeMap<String, u64>,
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Census {
    /// Categories in document order.
    pub categories: Vec<CategoryCounts>,
    /// Connections that apps hold permissions on by themselves, as in an upgraded archive.
    pub app_connections: Vec<AppConnection>,
}

/// An entry of a Flow App Identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppConnection {
    /// The app's name.
    pub app: Arc<str>,
    /// The connection's name.
    pub connection: String,
    /// Comma-separated, as written.
    pub permissions: Arc<str>,
}

impl Census {
    /// Counts the items of a whole `data.xml`.
    ///
    /// # Errors
    /// When the document is not well-formed or cannot be read.
    pub fn take(document: impl Read, limits: Limits) -> Result<Self, PackageError> {
        let mut tree = Tree::new(document, limits);
        let mut counting = Counting {
            census: Self::default(),
            budget: Budget::new(limits),
            permissions: Shared::default(),
            lists: 0,
            app: None,
        };
        // What the open lists hold, outermost first.
        let mut kinds = Vec::new();
        while let Some(event) = tree.next()? {
            match event {
                Event::ListStart(kind) => kinds.push(kind),
                Event::ListEnd(_) => drop(kinds.pop()),
                Event::ItemStart if kinds.last() == Some(&ListKind::Items) => {
                    counting.item(tree.path())?;
                }
                Event::AttributeStart => counting.attribute(&mut tree)?,
                _ => {}
            }
        }
        Ok(counting.census)
    }
}

struct Counting {
    census: Census,
    /// For names.
    budget: Budget,
    /// A few dozen sets for any number of entries.
    permissions: Shared,
    lists: usize,
    /// Name of the app that is open, once known.
    app: Option<Arc<str>>,
}

impl Counting {
    fn item(&mut self, path: &Path) -> Result<(), PackageError> {
        let list = match (path.len(), path.get(2), path.get(4)) {
            (2, ..) => return self.category(path.last()),
            (4, Some(list), _) => {
                self.app = None;
                list.to_owned()
            }
            (6, Some(list), Some(inner)) => {
                self.permissions_of(path)?;
                format!("{list}/{inner}")
            }
            _ => return Ok(()),
        };
        let Some(category) = self.census.categories.last_mut() else {
            return Ok(());
        };
        if let Some(count) = category.lists.get_mut(&list) {
            *count += 1;
        } else if self.lists < limits::COUNTED_LISTS {
            self.lists += 1;
            self.budget.take(Document::Data, list.len())?;
            category.lists.insert(list, 1);
        }
        Ok(())
    }

    fn category(&mut self, name: &str) -> Result<(), PackageError> {
        if self.census.categories.len() < limits::COUNTED_LISTS {
            self.budget.take(Document::Data, name.len())?;
            self.census.categories.push(CategoryCounts {
                name: name.to_owned(),
                lists: BTreeMap::new(),
            });
        }
        Ok(())
    }

    /// An item within an item begins: an app's own permission on a connection, or not.
    fn permissions_of(&mut self, path: &Path) -> Result<(), PackageError> {
        if is_of_app(path) && path.get(4) == Some(target::ENTRIES) {
            let app = self
                .app
                .get_or_insert_with(|| path.get(3).unwrap_or_default().into());
            self.budget.take(Document::Data, path.last().len())?;
            self.census.app_connections.push(AppConnection {
                app: Arc::clone(app),
                connection: path.last().to_owned(),
                permissions: Arc::default(),
            });
        }
        Ok(())
    }

    fn attribute(&mut self, tree: &mut Tree<'_>) -> Result<(), PackageError> {
        let path = tree.path();
        if !is_of_app(path) {
            return Ok(());
        }
        let list = path.get(4);
        match (path.len(), tree.attribute()) {
            (4, "name") => {
                let text = tree.value(KEPT_BYTES)?;
                self.app = text.map(|text| text.kept.into());
            }
            (6, target::ENTRY_PERMISSIONS) if list == Some(target::ENTRIES) => {
                if let (Some(text), Some(entry)) = (
                    tree.value(KEPT_BYTES)?,
                    self.census.app_connections.last_mut(),
                ) {
                    entry.permissions = self.permissions.text(text.kept);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// How much of a value is kept, in bytes.
const KEPT_BYTES: usize = 4096;

fn is_of_app(path: &Path) -> bool {
    let category = path.get(1);
    category.is_some_and(|category| category.starts_with("server_"))
}
