//! Adds items to the tree of a document: where an item of that name is, what is below goes into it; what
//! is not there is added behind what is.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::io::Read;

use super::additions::Addition;
use super::frames::Attribute;
use crate::edit::{Edit, InsertPoint, NewText, Span};
use crate::limits::Limits;
use crate::package::tree::{Event, ItemEnd, ListKind, Tree};
use crate::package::{Document, PackageError};
use crate::target::escape;

/// The edits that add everything below `root` to `document`, from which `removed` is taken out, in order.
///
/// # Errors
/// When the document cannot be read, or an item has the attribute already that it would get.
pub fn graft(
    document: impl Read,
    limits: Limits,
    root: &Addition,
    removed: &[Span],
) -> Result<Vec<Edit>, PackageError> {
    let mut tree = Tree::new(document, limits);
    let mut grafting = Grafting {
        removed,
        open: vec![OpenItem::new(root)],
        lists: Vec::new(),
        edits: Vec::new(),
    };
    while let Some(event) = tree.next()? {
        match event {
            Event::ListStart(ListKind::Items) => {
                grafting.lists.push(tree.path().last().to_owned());
            }
            Event::ListStart(_) => tree.pass()?,
            Event::ListEnd(_) => {
                grafting.lists.pop();
            }
            Event::ItemStart => {
                let (at, name) = (tree.at(), tree.path().last().to_owned());
                if !grafting.enter(&name, at) {
                    // Where it ends is all there is to know of it.
                    grafting.open.push(OpenItem::passed());
                }
            }
            Event::AttributeStart => grafting.attribute(&mut tree)?,
            Event::AttributeEnd(_) => {}
            Event::ItemEnd(end) => grafting.leave(end),
        }
    }
    grafting.finish();
    Ok(grafting.edits)
}

/// An item that is open.
struct OpenItem<'a> {
    /// What is to be in it; none where nothing is.
    wanted: Option<&'a Addition>,
    /// Attributes that it gets.
    values: Vec<Attribute>,
    /// What of `wanted` is there.
    met: BTreeSet<usize>,
    /// Where the last item of each list ends.
    ends: HashMap<String, u64>,
}

impl<'a> OpenItem<'a> {
    fn new(wanted: &'a Addition) -> Self {
        Self {
            wanted: Some(wanted),
            values: wanted
                .values()
                .into_iter()
                .chain(wanted.attributes.clone())
                .collect(),
            met: BTreeSet::new(),
            ends: HashMap::new(),
        }
    }

    fn passed() -> Self {
        Self {
            wanted: None,
            values: Vec::new(),
            met: BTreeSet::new(),
            ends: HashMap::new(),
        }
    }
}

struct Grafting<'a> {
    removed: &'a [Span],
    open: Vec<OpenItem<'a>>,
    lists: Vec<String>,
    edits: Vec<Edit>,
}

impl Grafting<'_> {
    /// Whether something is wanted in the item that begins.
    fn enter(&mut self, name: &str, at: u64) -> bool {
        if self.removed_at(at).is_some() {
            return false;
        }
        let (Some(list), Some(above)) = (self.lists.last(), self.open.last_mut()) else {
            return false;
        };
        let wanted = above.wanted;
        let found = wanted.and_then(|wanted| Some((wanted, wanted.find(list, name)?)));
        let Some((wanted, position)) = found else {
            return false;
        };
        let Some(below) = wanted.below.get(position) else {
            return false;
        };
        above.met.insert(position);
        self.open.push(OpenItem::new(below));
        true
    }

    /// An attribute that the item would get: it may be there with the same value.
    fn attribute(&mut self, tree: &mut Tree<'_>) -> Result<(), PackageError> {
        let at = tree.at();
        if self.removed_at(at).is_some() {
            return Ok(());
        }
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        let known = open
            .values
            .iter()
            .position(|it| it.name == tree.attribute());
        let Some((position, wanted)) = known.and_then(|at| Some((at, open.values.get(at)?))) else {
            return Ok(());
        };
        let value = tree.value(wanted.value.len() + 1)?;
        if value.is_none_or(|value| value.kept != wanted.value) {
            return Err(PackageError::Unclear {
                document: Document::Data,
                what: format!("byte {at}: an item has the attribute already that it would get"),
            });
        }
        open.values.remove(position);
        Ok(())
    }

    fn leave(&mut self, end: ItemEnd) {
        let Some(open) = self.open.pop() else {
            return;
        };
        if let Some(wanted) = open.wanted {
            self.add_attributes(&open.values, end.attributes);
            self.add_items(wanted, &open, Some(end));
        }
        let is_there = self.removed_at(end.span.start).is_none();
        if let (true, Some(list), Some(above)) = (is_there, self.lists.last(), self.open.last_mut())
            && above.wanted.is_some()
        {
            match above.ends.get_mut(list) {
                Some(known) => *known = end.span.end,
                None => drop(above.ends.insert(list.clone(), end.span.end)),
            }
        }
    }

    fn finish(&mut self) {
        if let Some(root) = self.open.pop()
            && let Some(wanted) = root.wanted
        {
            self.add_items(wanted, &root, None);
        }
    }

    fn add_attributes(&mut self, values: &[Attribute], point: InsertPoint) {
        if values.is_empty() {
            return;
        }
        let mut text = String::new();
        write_attributes(&mut text, values);
        self.insert(point, &text, "attributes");
    }

    /// Adds what of `wanted` was not there.
    fn add_items(&mut self, wanted: &Addition, open: &OpenItem<'_>, end: Option<ItemEnd>) {
        let missing = wanted.below.iter().enumerate();
        let missing =
            missing.filter(|(at, it)| !open.met.contains(at) && !it.list.starts_with('@'));
        let mut lists: Vec<(&str, String)> = Vec::new();
        for (_, item) in missing {
            let known = lists.iter().position(|(list, _)| *list == item.list);
            let at = known.unwrap_or_else(|| {
                lists.push((&item.list, String::new()));
                lists.len() - 1
            });
            if let Some((_, text)) = lists.get_mut(at) {
                write_item(text, item);
            }
        }
        let mut made = String::new();
        for (list, items) in lists {
            if let Some(end) = open.ends.get(list) {
                self.edits.push(Edit {
                    span: Span::at(*end),
                    text: NewText::from(&*items),
                });
            } else {
                write_list(&mut made, list, &items);
            }
        }
        if let Some(end) = end.filter(|_| !made.is_empty()) {
            self.insert(end.itemtypes, &made, "itemtypes");
        }
    }

    /// Adds text where a list of such elements is, or where it was before it was taken out.
    fn insert(&mut self, point: InsertPoint, text: &str, element: &str) {
        let wrapped = || format!("<{element}>{text}</{element}>");
        let edit = match self.removed_at(point.span.start) {
            Some(removed) => Edit {
                span: Span::at(removed.end),
                text: NewText::from(&*wrapped()),
            },
            None if point.needs_wrapper => Edit {
                span: point.span,
                text: NewText::from(&*wrapped()),
            },
            None => Edit {
                span: point.span,
                text: NewText::from(text),
            },
        };
        self.edits.push(edit);
    }

    /// What is taken out around a byte.
    fn removed_at(&self, at: u64) -> Option<Span> {
        let before = self.removed.partition_point(|span| span.start <= at);
        let last = self.removed.get(before.checked_sub(1)?)?;
        (at < last.end).then_some(*last)
    }
}

fn write_list(text: &mut String, list: &str, items: &str) {
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "<itemtype><name>{}</name><items>{items}</items></itemtype>",
        escape(list)
    );
}

fn write_item(text: &mut String, item: &Addition) {
    let (name, list) = (escape(&item.name), escape(&item.list));
    let _ = write!(text, "<item><name>{name}</name><type>{list}</type>");
    let values = item.values();
    if !item.attributes.is_empty() || !values.is_empty() {
        text.push_str("<attributes>");
        write_attributes(text, &item.attributes);
        write_attributes(text, &values);
        text.push_str("</attributes>");
    }
    let mut lists: Vec<(&str, String)> = Vec::new();
    for below in item.below.iter().filter(|it| !it.list.starts_with('@')) {
        let known = lists.iter().position(|(list, _)| *list == below.list);
        let at = known.unwrap_or_else(|| {
            lists.push((&below.list, String::new()));
            lists.len() - 1
        });
        if let Some((_, items)) = lists.get_mut(at) {
            write_item(items, below);
        }
    }
    if !lists.is_empty() {
        text.push_str("<itemtypes>");
        for (list, items) in lists {
            write_list(text, list, &items);
        }
        text.push_str("</itemtypes>");
    }
    text.push_str("</item>");
}

fn write_attributes(text: &mut String, attributes: &[Attribute]) {
    for Attribute { name, kind, value } in attributes {
        let (name, value) = (escape(name), escape(value));
        let _ = write!(
            text,
            "<attribute><name>{name}</name><type>{kind}</type><value>{value}</value></attribute>"
        );
    }
}
