//! How a stored app changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entries::{EntriesText, IdentifierEntry};
use super::{ENABLED, Form, PARAMETER, UPLOADS, attribute};
use crate::edit::{Edit, InsertPoint, NewText, Span};
use crate::flow::{AppKind, Carried, Identifier};

/// What of the 2026.1 form a stored app has already, and where it can be changed.
#[derive(Debug, Clone)]
pub struct StoredForm {
    /// [`ENABLED`], where it has one.
    pub enabled: Option<bool>,
    /// [`UPLOADS`], where it has one.
    pub uploads: Option<bool>,
    /// Its identifier entries, in document order.
    pub entries: Vec<IdentifierEntry>,
    /// The attributes that the final form replaces.
    pub replaced: Vec<Span>,
    /// Where an attribute can be added.
    pub attributes: InsertPoint,
    /// Where an itemtype can be added.
    pub itemtypes: InsertPoint,
    /// Where an attribute can be added to each of its parameters that lacks [`PARAMETER`].
    pub parameters: Vec<InsertPoint>,
}

/// What a migrated app is to say of itself.
#[derive(Debug, Clone, Copy)]
pub struct AppForm<'a> {
    /// Its kind.
    pub kind: AppKind,
    /// What secures its permissions.
    pub identifier: Identifier,
    /// Whether it runs.
    pub enabled: bool,
    /// Whether it takes uploads; none for all but Workspace Apps.
    pub temporary_uploads: Option<bool>,
    /// Its permissions on connections.
    pub carried: &'a Arc<[Carried]>,
}

/// How stored apps change in a form.
#[derive(Debug)]
pub struct FormWriter {
    form: Form,
    /// Whether identifier entries are written: not where a profile says another place.
    has_entries: bool,
    /// The texts that many apps get, each kept once.
    texts: BTreeMap<String, NewText>,
}

impl FormWriter {
    /// For apps of an archive that is written in `form`.
    pub const fn new(form: Form) -> Self {
        Self {
            form,
            has_entries: true,
            texts: BTreeMap::new(),
        }
    }

    /// The same, for permissions that are put elsewhere.
    pub const fn without_entries(form: Form) -> Self {
        Self {
            form,
            has_entries: false,
            texts: BTreeMap::new(),
        }
    }

    /// How the stored form of an app changes.
    pub fn edits(&mut self, stored: &StoredForm, app: &AppForm<'_>) -> Vec<Edit> {
        let mut edits = Vec::new();
        if self.form == Form::Final {
            edits.extend(stored.replaced.iter().copied().map(Edit::removal));
            let uploads = app.temporary_uploads.map(|on| flag(UPLOADS, on));
            let attributes = flag(ENABLED, app.enabled) + &uploads.unwrap_or_default();
            edits.push(self.attributes(stored.attributes, attributes));
            let parameters = stored.parameters.iter();
            // Seen of Workspace Apps only.
            for &parameter in parameters.filter(|_| app.kind == AppKind::Workspace) {
                edits.push(self.attributes(parameter, flag(PARAMETER, false)));
            }
        }
        // Those that an archive has already are the same, or it is refused.
        if self.has_entries && !app.carried.is_empty() && stored.entries.is_empty() {
            let entries = EntriesText {
                identifier: app.identifier,
                carried: Arc::clone(app.carried),
                needs_wrapper: stored.itemtypes.needs_wrapper,
            };
            edits.push(Edit {
                span: stored.itemtypes.span,
                text: NewText::made(entries),
            });
        }
        edits
    }

    /// Adds attributes to a list, and the list itself where it is missing.
    fn attributes(&mut self, point: InsertPoint, attributes: String) -> Edit {
        let text = if point.needs_wrapper {
            format!("<attributes>{attributes}</attributes>")
        } else {
            attributes
        };
        let known = self.texts.get(&text).cloned();
        let text = known.unwrap_or_else(|| {
            let shared = NewText::from(&*text);
            self.texts.insert(text, shared.clone());
            shared
        });
        Edit {
            span: point.span,
            text,
        }
    }
}

fn flag(name: &str, on: bool) -> String {
    attribute(name, "boolean", if on { "true" } else { "false" })
}
