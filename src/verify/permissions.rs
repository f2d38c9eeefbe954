//! The connection permissions that apps have of their own: read from `data.xml` apart from the model that
//! made the plan.

use std::collections::BTreeMap;
use std::io::Read;

use crate::flow::Permissions;
use crate::limits::Limits;
use crate::package::tree::{self, Event, Path, Tree};
use crate::package::{Budget, Document, PackageError};
use crate::target::{ENTRIES, ENTRY_IDENTIFIER, ENTRY_PERMISSIONS};

/// An app's own permissions: by category and key of the app, then by connection, with the
/// identifier they are bound to.
pub(crate) type OwnPermissions =
    BTreeMap<(String, String), BTreeMap<String, (String, Permissions)>>;

/// Reads the permissions of every app.
pub(crate) fn read(
    document: impl Read + Send,
    limits: Limits,
) -> Result<OwnPermissions, PackageError> {
    tree::ahead(document, limits, |tree| read_tree(tree, limits))
}

fn read_tree(mut tree: Tree<'_>, limits: Limits) -> Result<OwnPermissions, PackageError> {
    let limit = usize::try_from(limits.value).unwrap_or(usize::MAX);
    let mut entries = OwnPermissions::new();
    let mut budget = Budget::new(limits);
    let mut sets: BTreeMap<String, Permissions> = BTreeMap::new();
    while let Some(event) = tree.next()? {
        match event {
            Event::ListStart(_) | Event::ItemStart if !leads_to_entry(tree.path()) => {
                tree.pass()?;
            }
            Event::ItemStart => {
                if let Some((app, connection)) = entry(tree.path()) {
                    budget.take(Document::Data, connection.len())?;
                    let entry = (String::new(), Permissions::default());
                    entries.entry(app).or_default().insert(connection, entry);
                }
            }
            Event::AttributeStart => {
                let Some((app, connection)) = entry(tree.path()) else {
                    continue;
                };
                let Some(known) = entries.get_mut(&app).and_then(|it| it.get_mut(&connection))
                else {
                    continue;
                };
                match tree.attribute() {
                    ENTRY_IDENTIFIER => known.0 = value(&mut tree, limit)?,
                    ENTRY_PERMISSIONS => {
                        let words = value(&mut tree, limit)?;
                        let set = sets.entry(words);
                        let set = set.or_insert_with_key(|words| {
                            let words = words.split(',').filter(|word| !word.is_empty());
                            Permissions::new(words)
                        });
                        known.1 = set.clone();
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    Ok(entries)
}

/// What is longer than `limit` is none of the words that matter.
fn value(tree: &mut Tree<'_>, limit: usize) -> Result<String, PackageError> {
    let value = tree.value(limit)?;
    let whole = value.filter(|text| text.is_whole);
    Ok(whole.map_or_else(String::new, |text| text.kept.to_owned()))
}

/// Whether a list or an item is one of an app's permissions, or may hold one.
fn leads_to_entry(path: &Path) -> bool {
    let expected = [
        |root: &str| root == "categories",
        |category: &str| category.starts_with("server_"),
        |_: &str| true,
        |_: &str| true,
        |list: &str| list == ENTRIES,
        |_: &str| true,
    ];
    path.len() <= expected.len() && path.iter().zip(expected).all(|(name, is)| is(name))
}

/// The app, by category and key, and the connection that the innermost item is an entry of.
fn entry(path: &Path) -> Option<((String, String), String)> {
    let (category, app) = (path.get(1)?.to_owned(), path.get(3)?.to_owned());
    Some(((category, app), path.get(5)?.to_owned()))
}
