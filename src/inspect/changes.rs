//! What a plan changes, shown before it is done: which lists, items and attributes go, which come, and
//! where. Values are masked like those of an outline.
//!
//! `data.xml` is read twice, as it is and as it would be. What stands in both is passed over, so memory
//! follows the number of changes.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};
use std::thread;

use super::outline::{Node, NodeKind, outline_of};
use crate::archive::Source;
use crate::edit::{Edit, Edits, Span};
use crate::error::Error;
use crate::limits::Limits;
use crate::package::{Document, PackageError};
use crate::plan::Plan;
use crate::watch::{Stage, Watch};

/// A place in a document where something changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPlace {
    /// The document.
    pub document: Document,
    /// The names of the lists and items around it; in a text the byte.
    pub place: String,
    /// What is taken out.
    pub removed: Vec<ChangedLine>,
    /// What is put in.
    pub added: Vec<ChangedLine>,
}

/// A line of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedLine {
    /// Of `data.xml`.
    Node(Node),
    /// Of any other document.
    Text(String),
}

/// Everything that `plan` changes in `source`, by document and place.
///
/// # Errors
/// When a document cannot be read.
pub fn changes(
    source: &Source,
    plan: &Plan,
    limits: Limits,
    watch: &dyn Watch,
) -> Result<Vec<ChangedPlace>, Error> {
    let mut changes = Vec::new();
    for (&document, edits) in &plan.edits {
        if edits.is_empty() {
            continue;
        }
        let entry = source.document(document);
        let entry = entry.ok_or(PackageError::missing(document))?;
        let open = || {
            watch.begin(Stage::Read, entry.size());
            source.read(entry)
        };
        if document == Document::Data {
            let before = outlined(open()?, &spans(edits), limits)?;
            let after = upgraded(open()?, edits, limits)?;
            changes.extend(paired(before, after));
        } else {
            let mut text = Vec::new();
            open()?.read_to_end(&mut text).map_err(PackageError::Read)?;
            changes.extend(edits.iter().map(|edit| in_text(document, &text, edit)));
        }
        watch.end();
    }
    Ok(changes)
}

/// What stands in the span of an edit, and below what.
#[derive(Debug, Default)]
struct Part {
    place: String,
    nodes: Vec<Node>,
}

/// The parts of `data.xml` in the spans, by the number of the span.
fn outlined(
    document: impl Read,
    spans: &[Span],
    limits: Limits,
) -> Result<BTreeMap<usize, Part>, PackageError> {
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut number = 0;
    outline_of(document, limits, "", usize::MAX, &mut |node| {
        names.truncate(node.depth);
        while spans.get(number).is_some_and(|span| span.end <= node.at) {
            number += 1;
        }
        if spans.get(number).is_some_and(|span| span.start <= node.at) {
            // The outermost list, `categories`, goes without saying.
            let place = || {
                names
                    .iter()
                    .skip(1)
                    .map(|name| &**name)
                    .collect::<Vec<_>>()
                    .join("/")
            };
            let part = parts.entry(number).or_insert_with(|| Part {
                place: place(),
                nodes: Vec::new(),
            });
            part.nodes.push(node.clone());
        }
        if !matches!(node.kind, NodeKind::Attribute { .. }) {
            names.push(node.name);
        }
        Ok(())
    })?;
    Ok(parts)
}

/// The parts of `data.xml` as it would be.
fn upgraded(
    source: impl Read + Send,
    edits: &Edits,
    limits: Limits,
) -> Result<BTreeMap<usize, Part>, Error> {
    let failed = |error: io::Error| Error::from(PackageError::Read(error));
    let (reader, writer) = io::pipe().map_err(failed)?;
    thread::scope(|scope| {
        let applied = scope.spawn(move || edits.apply(BufReader::new(source), writer));
        let parts = outlined(BufReader::new(reader), &spans_after(edits), limits);
        match applied.join() {
            // Whoever read it knows better why it ended.
            Ok(Err(error)) if parts.is_ok() => Err(failed(error)),
            _ => Ok(parts?),
        }
    })
}

fn spans(edits: &Edits) -> Vec<Span> {
    edits.iter().map(|edit| edit.span).collect()
}

/// Where the texts of the edits stand once they are applied.
fn spans_after(edits: &Edits) -> Vec<Span> {
    let mut removed = 0;
    let mut added = 0;
    let spans = edits.iter().map(|edit| {
        let start = edit.span.start - removed + added;
        removed += edit.span.len();
        added += edit.text.len();
        Span {
            start,
            end: start + edit.text.len(),
        }
    });
    spans.collect()
}

/// Changes in the order of the document.
fn paired(
    mut before: BTreeMap<usize, Part>,
    mut after: BTreeMap<usize, Part>,
) -> impl Iterator<Item = ChangedPlace> {
    let mut numbers: Vec<usize> = before.keys().chain(after.keys()).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(move |number| {
        let removed = before.remove(&number).unwrap_or_default();
        let added = after.remove(&number).unwrap_or_default();
        let lines = |part: Vec<Node>| part.into_iter().map(ChangedLine::Node).collect();
        ChangedPlace {
            document: Document::Data,
            place: if removed.nodes.is_empty() {
                added.place
            } else {
                removed.place
            },
            removed: lines(removed.nodes),
            added: lines(added.nodes),
        }
    })
}

/// Only what is replaced: whatever else stands in the line may be a secret.
fn in_text(document: Document, text: &[u8], edit: &Edit) -> ChangedPlace {
    let range = usize::try_from(edit.span.start)
        .ok()
        .zip(usize::try_from(edit.span.end).ok());
    let removed = range.and_then(|(start, end)| text.get(start..end));
    let removed = String::from_utf8_lossy(removed.unwrap_or_default());
    let lines = |text: &str| {
        text.lines()
            .map(|line| ChangedLine::Text(line.to_owned()))
            .collect()
    };
    ChangedPlace {
        document,
        place: format!("byte {}", edit.span.start),
        removed: lines(&removed),
        added: lines(&edit.text.to_string()),
    }
}
