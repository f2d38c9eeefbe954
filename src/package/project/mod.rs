//! `project.yml`: a project's table of contents, read for the lines that name tokens.
//!
//! Only whole lines are ever taken out and only one number is ever replaced, so every other byte
//! of the document stays. FME Flow writes block lists (seen); whatever would have to be cut in
//! another way is refused when, and only when, it has to be cut. What an edit leaves is read again
//! and must say what was meant: YAML has more ways to write a thing than anybody remembers.

mod check;
mod read;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use std::ops::Range;

use super::{Document, PackageError};
use crate::edit::{Edit, Span};
use check::Change;
pub use read::read;

/// What `project.yml` says, and where.
#[derive(Debug, Clone, Default)]
pub struct ProjectYml {
    /// `minimum_fme_build`, in the oldest archives `minimum_fme_server_build` (both seen).
    pub minimum_build: Option<MinimumBuild>,
    /// `fme_server_encryption_mode`: `SECURE` or `RESTRICTED` (seen).
    pub encryption: Option<String>,
    /// `roles` in the project's content.
    pub roles: List,
    /// `tokens` in the project's content.
    pub tokens: List,
    /// The whole document.
    text: String,
    /// Why nothing can be taken out of it.
    unclear: Option<Unclear>,
}

/// The oldest FME that may import the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinimumBuild {
    /// As it is read; nothing where it is not one value.
    pub value: String,
    /// Where its digits stand, and which event they are; else why they cannot be replaced.
    digits: Result<(Span, usize), Unclear>,
}

/// A list of names.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Its key's line, together with its items the whole list.
    key_line: Option<Span>,
    /// From its key to its end.
    events: Range<usize>,
    /// How much it holds, names or not.
    len: usize,
    items: Vec<Item>,
    /// Why nothing can be taken out of it.
    unclear: Option<Unclear>,
}

/// A name in a list.
#[derive(Debug, Clone)]
struct Item {
    value: String,
    line: u64,
    event: usize,
    /// Its lines, when it can be taken out by whole lines.
    lines: Option<Span>,
}

/// Where and why a part of the document cannot be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unclear {
    line: u64,
    what: &'static str,
}

impl List {
    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| &*item.value)
    }

    /// Takes out the names for which `goes` holds, and the list's key with them when nothing is left.
    fn remove(&self, goes: impl Fn(&str) -> bool, change: &mut Change) -> Result<(), Unclear> {
        let gone = self.items.iter().filter(|item| goes(&item.value));
        let mut lines = Vec::new();
        let mut events = Vec::new();
        for item in gone {
            lines.push(item.lines.ok_or(Unclear {
                line: item.line,
                what: "the name of a token does not have lines of its own",
            })?);
            events.push(item.event..item.event + 1);
        }
        if let Some(unclear) = self.unclear {
            return Err(unclear);
        }
        if !lines.is_empty() && lines.len() == self.len {
            lines.extend(self.key_line);
            events = vec![self.events.clone()];
        }
        lines.sort_unstable();
        change.edits.extend(lines.into_iter().map(Edit::removal));
        change.gone.extend(events);
        Ok(())
    }
}

impl ProjectYml {
    /// The edit that makes `build` the oldest FME that may import the project; none where the document
    /// names no such build.
    ///
    /// # Errors
    /// [`PackageError::Unclear`] when what stands there is anything but plain or simply quoted digits.
    pub fn with_minimum(&self, build: &str) -> Result<Option<Edit>, PackageError> {
        let Some(minimum) = &self.minimum_build else {
            return Ok(None);
        };
        let (span, event) = minimum.digits.map_err(unclear)?;
        let edit = Edit {
            span,
            text: build.into(),
        };
        let change = Change {
            edits: vec![edit.clone()],
            replaced: Some((event, build.to_owned())),
            ..Change::default()
        };
        self.checked(change).map(|_| Some(edit))
    }

    /// The edits after which the roles and tokens for which `role` and `token` hold are not named any
    /// more.
    ///
    /// # Errors
    /// [`PackageError::Unclear`] when such a name does not have lines of its own, or a list is written
    /// in a way that does not say for certain what is in it.
    pub fn without(
        &self,
        role: impl Fn(&str) -> bool,
        token: impl Fn(&str) -> bool,
    ) -> Result<Vec<Edit>, PackageError> {
        if let Some(why) = self.unclear {
            return Err(unclear(why));
        }
        let mut change = Change::default();
        self.roles.remove(role, &mut change).map_err(unclear)?;
        self.tokens.remove(token, &mut change).map_err(unclear)?;
        self.checked(change)
    }

    /// The edits of `change`, after which the document says what they mean and nothing else.
    fn checked(&self, change: Change) -> Result<Vec<Edit>, PackageError> {
        if change.edits.is_empty() {
            return Ok(change.edits);
        }
        if let Some(at) = self.text.find(['\u{85}', '\u{2028}', '\u{2029}']) {
            let lines = self.text.get(..at).unwrap_or_default().lines();
            return Err(unclear(Unclear {
                line: lines.count() as u64,
                what: "a character that ends a line for readers of YAML 1.1, and not for those of 1.2",
            }));
        }
        if check::holds(&self.text, &change) {
            return Ok(change.edits);
        }
        Err(PackageError::Unclear {
            document: Document::Project,
            what: "taking out the lines of a token, or replacing the minimum build, would change \
                   something else as well"
                .to_owned(),
        })
    }
}

fn malformed<T>(what: String) -> Result<T, PackageError> {
    Err(PackageError::Malformed {
        document: Document::Project,
        what,
    })
}

fn unclear(Unclear { line, what }: Unclear) -> PackageError {
    PackageError::Unclear {
        document: Document::Project,
        what: format!("line {line}: {what}"),
    }
}
