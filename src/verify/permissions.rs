//! The connection permissions that apps have of their own, and the words of a document: read from
//! `data.xml` apart from the model that made the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use crate::flow::Permissions;
use crate::limits::Limits;
use crate::package::xml::{Piece, Scanner, unescape};
use crate::package::{Document, PackageError};
use crate::target::{ENTRIES, ENTRY_IDENTIFIER, ENTRY_PERMISSIONS};

/// An app's own permissions: by category and key of the app, then by connection, with the
/// identifier they are bound to.
pub(crate) type Entries = BTreeMap<(String, String), BTreeMap<String, (String, Permissions)>>;

/// Reads the permissions of every app.
pub(crate) fn read(document: impl Read, limits: Limits) -> Result<Entries, PackageError> {
    let mut scanner = Scanner::new(document);
    let mut reading = Reading::default();
    loop {
        let piece = scanner
            .next()
            .map_err(PackageError::in_xml(Document::Data))?;
        match piece {
            Piece::Over => return Ok(reading.entries),
            Piece::Text(text) => reading.text(&unescape(&String::from_utf8_lossy(text)), limits),
            Piece::Literal(text) => reading.text(&String::from_utf8_lossy(text), limits),
            Piece::Start(element) => reading.start(element),
            Piece::End => reading.end(),
        }
    }
}

#[derive(Default)]
struct Reading {
    /// Names of the elements that are open, only those of the generic tree.
    open: Vec<&'static str>,
    /// Names of the itemtypes and items that are open, alternating.
    path: Vec<String>,
    attribute: String,
    text: String,
    entry: (String, String),
    entries: Entries,
}

/// The elements that matter, others are `""`.
const ELEMENTS: [&str; 5] = ["itemtype", "item", "attribute", "name", "value"];

impl Reading {
    fn start(&mut self, element: &[u8]) {
        let known = ELEMENTS
            .into_iter()
            .find(|known| known.as_bytes() == element)
            .unwrap_or_default();
        self.text.clear();
        match known {
            "itemtype" | "item" => self.path.push(String::new()),
            "attribute" => self.attribute.clear(),
            _ => {}
        }
        if known == "item" && self.is_entry() {
            self.entry = <_>::default();
        }
        self.open.push(known);
    }

    fn text(&mut self, text: &str, limits: Limits) {
        // What is longer is none of the words that matter.
        if matches!(self.open.last(), Some(&("name" | "value")))
            && (self.text.len() + text.len()) as u64 <= limits.value
        {
            self.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let closed = self.open.pop().unwrap_or_default();
        let within = self.open.last().copied().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        match (closed, within) {
            ("name", "itemtype" | "item") => {
                if let Some(name) = self.path.last_mut() {
                    *name = text;
                }
            }
            ("name", "attribute") => self.attribute = text,
            ("value", "attribute") if self.is_entry() => match &*self.attribute {
                ENTRY_IDENTIFIER => self.entry.0 = text,
                ENTRY_PERMISSIONS => self.entry.1 = text,
                _ => {}
            },
            ("item", _) => {
                if let [_, category, _, app, _, connection] = &self.path[..]
                    && self.is_entry()
                {
                    let (identifier, permissions) = std::mem::take(&mut self.entry);
                    let permissions = permissions.split(',').filter(|word| !word.is_empty());
                    let entry = (identifier, Permissions::new(permissions));
                    let app = (category.clone(), app.clone());
                    let known = self.entries.entry(app).or_default();
                    known.insert(connection.clone(), entry);
                }
                self.path.pop();
            }
            ("itemtype", _) => {
                self.path.pop();
            }
            _ => {}
        }
    }

    /// Whether the innermost item is one of an app's permissions.
    fn is_entry(&self) -> bool {
        matches!(&self.path[..], [root, category, _, _, list, _]
            if root == "categories" && category.starts_with("server_") && list == ENTRIES)
    }
}

/// Which of `wanted` UUIDs occur in a document, wherever.
pub(crate) fn uuids(
    mut document: impl Read,
    wanted: &BTreeSet<String>,
) -> std::io::Result<BTreeSet<String>> {
    const LENGTH: usize = 36;
    let mut found = BTreeSet::new();
    let mut word = String::with_capacity(LENGTH + 1);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match document.read(&mut buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        for &byte in buffer.get(..count).unwrap_or_default() {
            if byte.is_ascii_hexdigit() || byte == b'-' {
                if word.len() <= LENGTH {
                    word.push(char::from(byte.to_ascii_lowercase()));
                }
            } else if !word.is_empty() {
                if word.len() == LENGTH && wanted.contains(&word) {
                    found.insert(word.clone());
                }
                word.clear();
            }
        }
        if count == 0 {
            if wanted.contains(&word) {
                found.insert(word);
            }
            return Ok(found);
        }
    }
}
