//! What stands at the meetings of one shape: the frames on the way with their attributes, and what is
//! below the last of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::known::{Known, OpenMarks, Who};
use super::meetings::{meet, shape_of};
use super::separators::AttributeSeparators;
use super::shape::{Shape, hash_of};
use crate::profile::frames::{Attribute, Frame, Separators, Visitor};

/// How many frames below a meeting are looked at; a permission takes a handful.
const BELOW: usize = 64;

/// One meeting.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) app: usize,
    /// None at a link.
    pub(super) item: Option<usize>,
    /// The UUID through which they meet.
    pub(super) link: Option<String>,
    pub(super) way: Vec<Frame>,
    /// Of each frame below: its depth below the meeting, and the frame.
    pub(super) below: Vec<(usize, Frame)>,
    /// Hashes of the ways to each frame.
    pub(super) hashes: Vec<u64>,
}

/// What is collected.
pub(super) enum InstanceKind<'a> {
    /// Meetings of this shape.
    Meeting(&'a Shape),
    /// Frames of this shape that tie one of these UUIDs to its app.
    Link(&'a Shape, &'a BTreeSet<(String, usize)>),
    /// Frames that are called by one of these UUIDs, with the app it is made for.
    Named(&'a HashMap<&'a str, usize>),
}

pub(super) struct Instances<'a> {
    pub(super) known: &'a Known,
    pub(super) opened: &'a AttributeSeparators,
    pub(super) wanted: InstanceKind<'a>,
    pub(super) before: &'a HashSet<u64>,
    marks: OpenMarks,
    /// Where the meeting that is open stands.
    open: Option<(usize, Vec<usize>)>,
    pub(super) found: Vec<Instance>,
}

impl<'a> Instances<'a> {
    pub(super) fn new(
        known: &'a Known,
        opened: &'a AttributeSeparators,
        wanted: InstanceKind<'a>,
        before: &'a HashSet<u64>,
    ) -> Self {
        Self {
            known,
            opened,
            wanted,
            before,
            marks: OpenMarks::default(),
            open: None,
            found: Vec::new(),
        }
    }

    fn instances(&self, stack: &[Frame]) -> Vec<(usize, Option<usize>, Option<String>)> {
        match self.wanted {
            InstanceKind::Meeting(shape) => {
                if self.before.contains(&hash_of(stack)) {
                    return Vec::new();
                }
                let met = meet(&self.marks).into_iter().filter_map(|met| {
                    let (app, item, of) = shape_of(self.known, stack, met)?;
                    (of == *shape).then(|| (app, Some(item), text_of(stack, &shape.app)))
                });
                met.collect()
            }
            InstanceKind::Named(links) => {
                let name = stack.last().map(|frame| &*frame.name);
                let found = name.and_then(|name| Some((*links.get(name)?, name)));
                let found = found.map(|(app, name)| (app, None, Some(name.to_owned())));
                found.into_iter().collect()
            }
            InstanceKind::Link(shape, ties) => {
                if shape.way.len() != stack.len() {
                    return Vec::new();
                }
                let Some(link) = text_of(stack, &shape.item) else {
                    return Vec::new();
                };
                let marks = self.marks.get(shape.app.depth).into_iter().flatten();
                let apps = marks.filter_map(|mark| match &mark.who {
                    Who::App(app, pattern)
                        if *pattern == shape.app.pattern && mark.field == shape.app.field =>
                    {
                        Some(*app)
                    }
                    _ => None,
                });
                let wanted = apps.filter(|app| ties.contains(&(link.clone(), *app)));
                wanted.map(|app| (app, None, Some(link.clone()))).collect()
            }
        }
    }
}

/// What stands where a side of a shape is.
pub(super) fn text_of(stack: &[Frame], side: &super::shape::ShapeSide) -> Option<String> {
    let frame = stack.get(side.depth)?;
    match &side.field {
        None => Some(frame.name.clone()),
        Some(field) => {
            let mut all = frame.attributes.iter();
            all.find(|it| it.name == *field).map(|it| it.value.clone())
        }
    }
}

impl Visitor for Instances<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        self.marks.enter(stack, self.known);
        if let Some((depth, open)) = &self.open {
            let below = stack.len() - depth;
            for at in open {
                if let Some(instance) = self.found.get_mut(*at)
                    && let Some(frame) = stack.last()
                    && instance.below.len() <= BELOW
                {
                    instance.below.push((below, frame.clone()));
                }
            }
            return;
        }
        let instances = self.instances(stack);
        if instances.is_empty() {
            return;
        }
        let hashes: Vec<u64> = (1..=stack.len())
            .filter_map(|end| stack.get(..end).map(hash_of))
            .collect();
        let first = self.found.len();
        for (app, item, link) in instances {
            self.found.push(Instance {
                app,
                item,
                link,
                way: stack.to_vec(),
                below: Vec::new(),
                hashes: hashes.clone(),
            });
        }
        self.open = Some((stack.len(), (first..self.found.len()).collect()));
    }

    fn leave(&mut self, stack: &[Frame]) {
        if self
            .open
            .as_ref()
            .is_some_and(|(depth, _)| *depth == stack.len())
        {
            self.open = None;
        }
        self.marks.leave(stack);
    }

    fn separators(&self, stack: &[Frame], attribute: &Attribute) -> Option<Separators> {
        self.opened.separators(stack, attribute)
    }

    fn is_keyed(&self, _: &[Frame], _: &str, object: &Map<String, Value>) -> bool {
        self.known.is_keyed(object)
    }
}

/// Which of `wanted` ways are in a document.
pub(super) struct Ways<'a> {
    pub(super) wanted: &'a HashSet<u64>,
    pub(super) found: HashSet<u64>,
}

impl Visitor for Ways<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        let way = hash_of(stack);
        if self.wanted.contains(&way) {
            self.found.insert(way);
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
