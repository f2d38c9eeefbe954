//! Finds where apps and items meet: on one way, in one item, in one value, or through a UUID that
//! names another item. An index by word, never all of one with all of the other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::known::{Known, Mark, OpenMarks, Who};
use super::separators::AttributeSeparators;
use super::shape::{Placed, Shape, hash_of, is_uuid};
use crate::profile::frames::{Attribute, Frame, Separators, Visitor};
use crate::profile::{Pattern, Variable};

/// How many shapes are told apart; real documents have dozens.
const SHAPES: usize = 20_000;
/// How many meetings of one frame are looked at.
const AT_ONCE: usize = 4096;

/// Pairs of an app and an item, by position.
pub(super) type Pairs = BTreeSet<(usize, usize)>;

/// Which apps each UUID is tied to, by the shape of the tie.
pub(super) type Ties = HashMap<Shape, BTreeMap<String, BTreeSet<usize>>>;

/// Goes through a document and finds meetings.
pub(super) struct Meetings<'a> {
    pub(super) known: &'a Known,
    pub(super) opened: &'a AttributeSeparators,
    /// Meetings at these ways are left out: they were there before.
    pub(super) before: HashSet<u64>,
    marks: OpenMarks,
    /// What was found, by shape.
    pub(super) found: HashMap<Shape, Pairs>,
    /// The ways to everything that was found.
    pub(super) ways: HashSet<u64>,
}

impl<'a> Meetings<'a> {
    pub(super) fn new(known: &'a Known, opened: &'a AttributeSeparators) -> Self {
        Self {
            known,
            opened,
            before: HashSet::new(),
            marks: OpenMarks::default(),
            found: HashMap::new(),
            ways: HashSet::new(),
        }
    }
}

/// Every meeting at the end of `stack` of which at least one side stands there.
pub(super) fn meet(marks: &[Vec<Mark>]) -> Vec<(Placed<'_>, Placed<'_>)> {
    let last = marks.len().saturating_sub(1);
    let placed = || {
        let all = marks.iter().enumerate();
        all.flat_map(|(depth, marks)| marks.iter().map(move |mark| (depth, mark)))
    };
    let apps: Vec<_> = placed()
        .filter(|(_, mark)| mark.who.app().is_some())
        .collect();
    let items: Vec<_> = placed()
        .filter(|(_, mark)| mark.who.item().is_some())
        .collect();
    let mut met = Vec::new();
    for &app in &apps {
        for &item in &items {
            let is_new = app.0 == last || item.0 == last;
            let is_one = app.0 == item.0 && app.1.field == item.1.field;
            // Both in one word meet each other and nobody else.
            let is_both = matches!(app.1.who, Who::Both(..));
            let is_other = is_both != matches!(item.1.who, Who::Both(..));
            let meets = if is_both {
                std::ptr::eq(app.1, item.1)
            } else {
                !is_one
            };
            if is_new && meets && !is_other && met.len() < AT_ONCE {
                met.push((app, item));
            }
        }
    }
    met
}

/// The app and the item that meet at the end of `stack`, and the shape of it.
pub(super) fn shape_of(
    known: &Known,
    stack: &[Frame],
    (app_mark, item_mark): (Placed<'_>, Placed<'_>),
) -> Option<(usize, usize, Shape)> {
    let (app, item) = (app_mark.1.who.app()?, item_mark.1.who.item()?);
    let (of_app, name) = (known.apps.get(app)?, known.items.get(item)?);
    let permissions = &known.permissions;
    let shape = Shape::of(stack, app_mark, item_mark, of_app, name, permissions);
    Some((app, item, shape))
}

impl Visitor for Meetings<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        self.marks.enter(stack, self.known);
        if is_membership(stack) {
            return;
        }
        let meetings = meet(&self.marks);
        if meetings.is_empty() {
            return;
        }
        let way = hash_of(stack);
        if self.before.contains(&way) {
            return;
        }
        self.ways.insert(way);
        for met in meetings {
            let Some((app, item, shape)) = shape_of(self.known, stack, met) else {
                continue;
            };
            if self.found.len() < SHAPES || self.found.contains_key(&shape) {
                self.found.entry(shape).or_default().insert((app, item));
            }
        }
    }

    fn leave(&mut self, stack: &[Frame]) {
        self.marks.leave(stack);
    }

    fn separators(&self, stack: &[Frame], attribute: &Attribute) -> Option<Separators> {
        self.opened.separators(stack, attribute)
    }

    fn is_keyed(&self, _: &[Frame], _: &str, object: &Map<String, Value>) -> bool {
        self.known.is_keyed(object)
    }
}

/// Whether this is what belongs to a project, which grants nothing.
fn is_membership(stack: &[Frame]) -> bool {
    stack.first().is_some_and(|frame| frame.name == "project")
}

/// Finds UUIDs that tie an app to another item, and how the values of attributes are separated.
pub(super) struct Links<'a> {
    known: &'a Known,
    marks: OpenMarks,
    pub(super) found: Ties,
    pub(super) opened: AttributeSeparators,
    opening: AttributeSeparators,
}

impl<'a> Links<'a> {
    pub(super) fn new(known: &'a Known) -> Self {
        Self {
            known,
            marks: OpenMarks::default(),
            found: HashMap::new(),
            opened: AttributeSeparators::default(),
            opening: AttributeSeparators::default(),
        }
    }

    fn tie(&mut self, stack: &[Frame]) {
        let last = stack.len().saturating_sub(1);
        let mut ties: Vec<(usize, Mark)> = Vec::new();
        for (depth, frame) in stack.iter().enumerate() {
            let named = std::iter::once((None, &frame.name));
            let attributes = frame
                .attributes
                .iter()
                .map(|it| (Some(&it.name), &it.value));
            let attributes = attributes.filter(|_| depth == last);
            for (field, text) in named.chain(attributes) {
                if is_uuid(text) && !self.known.knows(text) {
                    ties.push((
                        depth,
                        Mark {
                            field: field.cloned(),
                            who: Who::App(0, Pattern::variable(Variable::Link)),
                        },
                    ));
                }
            }
        }
        if ties.is_empty() {
            return;
        }
        for (depth, marks) in self.marks.iter().enumerate() {
            for mark in marks {
                let Who::App(app, _) = mark.who else { continue };
                let Some(known) = self.known.apps.get(app) else {
                    continue;
                };
                for (at, tie) in &ties {
                    if depth != last && *at != last {
                        continue;
                    }
                    let Some(frame) = stack.get(*at) else {
                        continue;
                    };
                    let text = match &tie.field {
                        None => &frame.name,
                        Some(field) => {
                            let mut all = frame.attributes.iter();
                            match all.find(|it| it.name == *field) {
                                Some(found) => &found.value,
                                None => continue,
                            }
                        }
                    };
                    let shape = Shape::of(
                        stack,
                        (depth, mark),
                        (*at, tie),
                        known,
                        "",
                        &self.known.permissions,
                    );
                    if self.found.len() < SHAPES || self.found.contains_key(&shape) {
                        let links = self.found.entry(shape).or_default();
                        links.entry(text.clone()).or_default().insert(app);
                    }
                }
            }
        }
    }
}

impl Visitor for Links<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        self.marks.enter(stack, self.known);
        let attributes = stack.last().into_iter().flat_map(|frame| &frame.attributes);
        for attribute in attributes {
            self.opened.look(stack, attribute, self.known);
        }
        if !is_membership(stack) && self.marks.iter().any(|marks| !marks.is_empty()) {
            self.tie(stack);
        }
    }

    fn leave(&mut self, stack: &[Frame]) {
        self.marks.leave(stack);
    }

    fn separators(&self, stack: &[Frame], attribute: &Attribute) -> Option<Separators> {
        self.opening.separators(stack, attribute)
    }

    fn is_keyed(&self, _: &[Frame], _: &str, object: &Map<String, Value>) -> bool {
        self.known.is_keyed(object)
    }
}
