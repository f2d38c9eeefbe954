//! A document as frames: every item, and what a value holds, with everything above it.
//!
//! 2026.1 may keep permissions in items, in attributes, or in a text within an attribute. So that all of
//! them can be looked at alike, a text in JSON or between separators is opened into frames as well:
//!
//! ```text
//! items of an itemtype                      named_connections
//! elements of a list in JSON                @attribute[]       key[]
//! members of an object, by key              @attribute*        key*
//! an object as such                         @attribute         key
//! parts between `;`, and before a `=`       @attribute;        @attribute;=
//! ```
//!
//! An object that holds nothing but texts and numbers is no frame of its own: `{"may": {"run": true}}` is an
//! attribute `may/run`.
//!
//! Memory: the frames above the one that is looked at, never a document.

use std::io::Read;

use serde_json::{Map, Value};

use crate::limits::Limits;
use crate::package::tree::{self, Event, ListKind, Tree};
use crate::package::{Document, PackageError};

/// What may stand between the parts of a value, and within one.
pub const SEPARATORS: [char; 7] = [';', ',', '|', '\n', '\t', '=', ':'];

/// How much of a value is read, in bytes: a policy for thousands of apps may be one text.
const VALUE_BYTES: usize = 16 << 20;

/// An item, or a part of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// What it is an item of.
    pub list: String,
    /// Its name, its key; empty where it has none.
    pub name: String,
    /// Its attributes, in order; the name of one is empty where what stands behind a `=` is meant.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type: FME Flow's; in JSON `string`, `json` for a number and its like, `array` and `object` for
    /// those that are empty.
    pub kind: String,
    /// Its value.
    pub value: String,
}

/// What is told of frames.
pub trait Visitor {
    /// The last frame of `stack` begins; its name and attributes are known.
    fn enter(&mut self, stack: &[Frame]);
    /// It is over.
    fn leave(&mut self, stack: &[Frame]);
    /// How the value of an attribute of the last frame is separated, if it is to be opened as that.
    fn separators(&self, stack: &[Frame], attribute: &Attribute) -> Option<Separators>;
    /// Whether the keys of an object at `list` are data, such as names of Connections.
    fn is_keyed(&self, stack: &[Frame], list: &str, object: &Map<String, Value>) -> bool;
}

/// What stands between the parts of a value, and in each behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Separators {
    /// Between parts.
    pub outer: char,
    /// Within a part, before what is said of it.
    pub inner: Option<char>,
}

impl Separators {
    /// Whether `name` can be named between them.
    pub fn can_hold(self, name: &str) -> bool {
        let is_odd = |c| c == self.outer || Some(c) == self.inner;
        !name.contains(is_odd) && name.trim() == name && !name.is_empty()
    }

    /// The list that the parts of `attribute` are items of.
    pub fn list(self, attribute: &str) -> String {
        let inner = self.inner.map_or_else(String::new, String::from);
        format!("@{attribute}{}{inner}", self.outer)
    }

    /// The parts of a value: the name of each, and what is said of it.
    pub fn parts(self, value: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
        let parts = value.split(self.outer).filter(|part| !part.is_empty());
        parts.map(move |part| match self.inner {
            Some(inner) => match part.split_once(inner) {
                Some((name, rest)) => (name, Some(rest)),
                None => (part, None),
            },
            None => (part, None),
        })
    }
}

/// The attribute that a list of parts is in, and what is between them.
pub fn separated(list: &str) -> Option<(String, Separators)> {
    let rest = list.strip_prefix('@')?;
    let at = rest.find(|c| SEPARATORS.contains(&c))?;
    let (attribute, separators) = rest.split_at_checked(at)?;
    let mut separators = separators.chars();
    let outer = separators.next()?;
    let inner = separators.next();
    Some((attribute.to_owned(), Separators { outer, inner }))
}

/// Tells of every frame of `document`.
///
/// # Errors
/// When the document is not well-formed or cannot be read.
pub fn frames(document: impl Read + Send, visitor: &mut impl Visitor) -> Result<(), PackageError> {
    tree::ahead(document, Limits::default(), |tree| walk(tree, visitor))
}

fn walk(mut tree: Tree<'_>, visitor: &mut impl Visitor) -> Result<(), PackageError> {
    let mut walking = Walking {
        stack: Vec::new(),
        is_entered: true,
    };
    while let Some(event) = tree.next()? {
        match event {
            Event::ListStart(ListKind::Items) => walking.enter(visitor),
            Event::ListStart(_) => tree.pass()?,
            Event::ItemStart => walking.open(&tree),
            Event::AttributeStart => walking.attribute(&mut tree)?,
            Event::ItemEnd(_) => {
                walking.enter(visitor);
                visitor.leave(&walking.stack);
                walking.stack.pop();
            }
            Event::AttributeEnd(_) | Event::ListEnd(_) => {}
        }
    }
    Ok(())
}

struct Walking {
    stack: Vec<Frame>,
    /// Whether the last frame was told of.
    is_entered: bool,
}

impl Walking {
    fn open(&mut self, tree: &Tree<'_>) {
        let path = tree.path();
        let list = path.len().checked_sub(2).and_then(|level| path.get(level));
        self.stack.push(Frame {
            list: list.unwrap_or_default().to_owned(),
            name: path.last().to_owned(),
            attributes: Vec::new(),
        });
        self.is_entered = false;
    }

    fn attribute(&mut self, tree: &mut Tree<'_>) -> Result<(), PackageError> {
        let (name, kind) = (
            tree.attribute().to_owned(),
            tree.attribute_type().to_owned(),
        );
        let at = tree.at();
        let value = tree.value(VALUE_BYTES)?;
        // What is too long is a picture; a text that could hold permissions is not passed over in silence.
        if value
            .as_ref()
            .is_some_and(|text| !text.is_whole && text.kept.starts_with(['{', '[']))
        {
            let what = format!("byte {at}: JSON of more than {} MiB", VALUE_BYTES >> 20);
            return Err(PackageError::Unclear {
                document: Document::Data,
                what,
            });
        }
        let whole = value.filter(|text| text.is_whole);
        let value = whole.map_or_else(String::new, |text| text.kept.to_owned());
        if let Some(frame) = self.stack.last_mut() {
            frame.attributes.push(Attribute { name, kind, value });
        }
        Ok(())
    }

    /// Tells of the last frame, and of what its values hold.
    fn enter(&mut self, visitor: &mut impl Visitor) {
        if std::mem::replace(&mut self.is_entered, true) {
            return;
        }
        visitor.enter(&self.stack);
        let attributes = match self.stack.last() {
            Some(frame) => frame.attributes.len(),
            None => return,
        };
        for at in 0..attributes {
            let Some(attribute) = self.stack.last().and_then(|it| it.attributes.get(at)) else {
                continue;
            };
            let attribute = attribute.clone();
            let list = format!("@{}", attribute.name);
            if let Some(value) = json(&attribute.value) {
                open_json(&mut self.stack, &list, &value, visitor);
            } else if let Some(separators) = visitor.separators(&self.stack, &attribute) {
                let list = separators.list(&attribute.name);
                for (name, rest) in separators.parts(&attribute.value) {
                    let rest = rest.map(|rest| Attribute {
                        name: String::new(),
                        kind: "string".to_owned(),
                        value: rest.to_owned(),
                    });
                    self.stack.push(Frame {
                        list: list.clone(),
                        name: name.to_owned(),
                        attributes: rest.into_iter().collect(),
                    });
                    visitor.enter(&self.stack);
                    visitor.leave(&self.stack);
                    self.stack.pop();
                }
            }
        }
    }
}

/// A list or an object in JSON; everything else is text.
pub fn json(value: &str) -> Option<Value> {
    let text = value.trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// A part of JSON that holds no other, as text, and its type.
fn scalar(value: &Value) -> Option<(String, &'static str)> {
    Some(match value {
        Value::String(text) => (text.clone(), "string"),
        Value::Array(all) if all.is_empty() => (String::new(), "array"),
        Value::Object(all) if all.is_empty() => (String::new(), "object"),
        Value::Array(_) | Value::Object(_) => return None,
        other => (other.to_string(), "json"),
    })
}

/// An object that holds nothing but texts, numbers and their like.
fn is_flat(object: &Map<String, Value>) -> bool {
    object.values().all(|value| scalar(value).is_some())
}

fn part(name: String, value: String, kind: &str) -> Attribute {
    Attribute {
        name,
        kind: kind.to_owned(),
        value,
    }
}

/// A key as JSON pointers have it, in which a slash stands between an object and what it holds.
fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn open_json(stack: &mut Vec<Frame>, list: &str, value: &Value, visitor: &mut impl Visitor) {
    match value {
        Value::Array(all) => {
            let list = format!("{list}[]");
            for element in all {
                open_part(stack, &list, "", element, visitor);
            }
        }
        Value::Object(all) if visitor.is_keyed(stack, list, all) => {
            let list = format!("{list}*");
            for (key, member) in all {
                open_part(stack, &list, key, member, visitor);
            }
        }
        Value::Object(_) => open_part(stack, list, "", value, visitor),
        _ => {}
    }
}

/// An element or a member, as a frame: of an object its texts are attributes, all else is below it.
fn open_part(
    stack: &mut Vec<Frame>,
    list: &str,
    name: &str,
    value: &Value,
    visitor: &mut impl Visitor,
) {
    let mut frame = Frame {
        list: list.to_owned(),
        name: name.to_owned(),
        attributes: Vec::new(),
    };
    let mut below: Vec<(&str, &Value)> = Vec::new();
    match (value, scalar(value)) {
        (Value::Object(members), None) => {
            for (key, member) in members {
                match (scalar(member), member.as_object()) {
                    (Some((value, kind)), _) => {
                        frame.attributes.push(part(pointer(key), value, kind));
                    }
                    (None, Some(inner))
                        if is_flat(inner) && !visitor.is_keyed(stack, key, inner) =>
                    {
                        let inner = inner.iter().filter_map(|(name, value)| {
                            let (value, kind) = scalar(value)?;
                            Some(part(pointer(key) + "/" + &pointer(name), value, kind))
                        });
                        frame.attributes.extend(inner);
                    }
                    _ => below.push((key, member)),
                }
            }
        }
        (_, None) => below.push(("", value)),
        // An element that is a text is called that; of a member the key is the name.
        (_, Some((text, _))) if list.ends_with("[]") => frame.name = text,
        (_, Some((text, kind))) => frame.attributes.push(Attribute {
            name: String::new(),
            kind: kind.to_owned(),
            value: text,
        }),
    }
    stack.push(frame);
    visitor.enter(stack);
    for (key, member) in below {
        open_json(stack, key, member, visitor);
    }
    visitor.leave(stack);
    stack.pop();
}
