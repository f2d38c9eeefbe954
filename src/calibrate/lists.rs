//! The lists of a document, by which it can be said what one has that another has not.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::profile::frames::{Attribute, Frame, Separators, Visitor};

/// How many lists are told apart; real documents have about a hundred.
const LISTS: usize = 10_000;

/// The ways to all lists, by the names of the lists alone, which FME Flow gives.
#[derive(Default)]
pub(super) struct Lists(pub(super) BTreeSet<String>);

impl Visitor for Lists {
    fn enter(&mut self, stack: &[Frame]) {
        let lists: Vec<&str> = stack.iter().map(|frame| &*frame.list).collect();
        if !lists.iter().any(|list| list.starts_with('@')) && self.0.len() < LISTS {
            self.0.insert(lists.join("/"));
        }
    }

    fn leave(&mut self, _: &[Frame]) {}

    fn separators(&self, _: &[Frame], _: &Attribute) -> Option<Separators> {
        None
    }

    fn is_keyed(&self, _: &[Frame], _: &str, _: &Map<String, Value>) -> bool {
        false
    }
}
