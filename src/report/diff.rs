//! What a plan changes, as a diff: for trust.

use std::collections::BTreeMap;

use super::inspection::node;
use crate::inspect::{ChangedLine, ChangedPlace, Node};
use crate::plan::PlannedApp;
use crate::sanitize::sanitize;

/// Changes in the manner of `diff -u`: a document, places in it, and what goes and comes there. Apps are
/// named beside their identifiers.
pub fn diff(changes: &[ChangedPlace], apps: &[PlannedApp]) -> String {
    let names: BTreeMap<String, &str> = apps
        .iter()
        .map(|app| (app.identifier.to_string(), &*app.name))
        .collect();
    let mut text = String::new();
    let mut document = None;
    let mut place = None;
    for change in changes {
        if document != Some(change.document) {
            document = Some(change.document);
            place = None;
            text += &format!("--- {0}\n+++ {0}\n", change.document);
        }
        if place != Some(&change.place) {
            place = Some(&change.place);
            let mut parts = change.place.split('/');
            let app = parts.find_map(|part| names.get(part));
            let app = app.map_or_else(String::new, |name| format!(" ({})", sanitize(name)));
            text += &format!("@@ {}{app} @@\n", sanitize(&change.place));
        }
        for (sign, lines) in [('-', &change.removed), ('+', &change.added)] {
            let least = lines.iter().filter_map(depth).min().unwrap_or_default();
            for line in lines {
                text.push(sign);
                text += &shown(line, least);
            }
        }
    }
    text
}

const fn depth(line: &ChangedLine) -> Option<usize> {
    match line {
        ChangedLine::Node(node) => Some(node.depth),
        ChangedLine::Text(_) => None,
    }
}

fn shown(line: &ChangedLine, least: usize) -> String {
    match line {
        ChangedLine::Node(it) => node(&Node {
            depth: it.depth - least,
            ..it.clone()
        }),
        ChangedLine::Text(text) => sanitize(text).into_owned() + "\n",
    }
}
