//! One pass over `data.xml`: from the events of the item tree to the [`Data`] of a package.
//!
//! What is of no interest is passed over as a whole, so the size of everything else does not matter.

use std::io::Read;

use super::collect::Collector;
use super::item::Item;
use super::kind::ItemKind;
use super::lists::{ItemLocation, ListCounts};
use super::model::Data;
use super::named::Named;
use super::slot::{Closed, Slot};
use crate::edit::Span;
use crate::flow::Category;
use crate::limits::Limits;
use crate::package::tree::{
    self, Event, ItemEnd, ListEnd, ListKind, Tree, on_one_line, structural, too_long, unclear,
};
use crate::package::{Budget, PackageError};

/// Reads a whole `data.xml`; what is kept of it is taken from `budget`.
///
/// # Errors
/// [`PackageError`] when the document is not well-formed, is no FME Flow package, or holds an item
/// that matters in a form that would have to be guessed at.
pub fn read(
    document: impl Read + Send,
    limits: Limits,
    budget: &mut Budget,
) -> Result<Data, PackageError> {
    tree::ahead(document, limits, |tree| read_tree(tree, limits, budget))
}

fn read_tree(tree: Tree<'_>, limits: Limits, budget: &mut Budget) -> Result<Data, PackageError> {
    let mut reader = Reader {
        tree,
        lists: Vec::new(),
        items: Vec::new(),
        limits,
        collector: Collector::new(budget),
        has_categories: false,
    };
    while let Some(event) = reader.tree.next()? {
        match event {
            Event::ListStart(ListKind::Items) => reader.list_start()?,
            Event::ListStart(_) => reader.tree.pass()?,
            Event::ItemStart => reader.item_start()?,
            Event::AttributeStart => reader.attribute()?,
            Event::AttributeEnd(span) => reader.attribute_end(span),
            Event::ItemEnd(end) => reader.item_end(end)?,
            Event::ListEnd(end) => reader.list_end(end),
        }
    }
    if !reader.has_categories {
        return unclear(0, "a package without categories");
    }
    reader.collector.finish()
}

struct Reader<'a> {
    tree: Tree<'a>,
    /// The lists and items that are open and not passed over; each item lies in the list before it.
    lists: Vec<OpenList>,
    items: Vec<OpenItem>,
    limits: Limits,
    collector: Collector<'a>,
    has_categories: bool,
}

struct OpenList {
    /// What its items are.
    kind: ItemKind,
    /// Its number, once it holds an item that can be taken out.
    number: Option<u32>,
}

struct OpenItem {
    kind: ItemKind,
    item: Item,
    /// The number of its group of lists, once one of these has a number.
    group: Option<u32>,
}

impl OpenItem {
    /// Whether the attribute would matter if it were written in small letters. Where it is not known what
    /// an item is, nobody knows what its attributes are either.
    fn in_other_capitals(&mut self, attribute: &str) -> bool {
        self.kind != ItemKind::PerhapsApp
            && attribute.bytes().any(|byte| byte.is_ascii_uppercase())
            && self.item.slot(attribute).is_none()
            && self.item.slot(&attribute.to_ascii_lowercase()).is_some()
    }
}

impl Reader<'_> {
    fn list_start(&mut self) -> Result<(), PackageError> {
        let within = self
            .items
            .last()
            .map_or(ItemKind::Document, |item| item.kind);
        let name = self.tree.path().last();
        let kind = within.child(name);
        if within.is_misspelled(kind, name, ItemKind::child) {
            return in_other_capitals(name, self.tree.at());
        }
        self.has_categories |= kind == ItemKind::Category;
        if kind == ItemKind::Passed {
            return self.tree.pass();
        }
        self.lists.push(OpenList { kind, number: None });
        Ok(())
    }

    fn list_end(&mut self, end: ListEnd) {
        if let Some(number) = self.lists.pop().and_then(|list| list.number) {
            let counts = &mut self.collector.data.tree;
            counts.close_list(number, end.span, end.items);
        }
    }

    fn item_start(&mut self) -> Result<(), PackageError> {
        let (name, at) = (self.tree.path().last(), self.tree.at());
        let listed = self.lists.last().map_or(ItemKind::Passed, |list| list.kind);
        if listed.has_fixed_names() {
            structural(name, at)?;
        }
        let kind = listed.called(name);
        if listed.is_misspelled(kind, name, ItemKind::called) {
            return in_other_capitals(name, at);
        }
        if kind != ItemKind::Passed {
            on_one_line(name, at)?;
        }
        match kind {
            ItemKind::Passed => return self.tree.pass(),
            ItemKind::Permission => {
                match self.granted_on() {
                    Some(category @ (Category::Running | Category::Other)) => {
                        if let Some(Item::Grant(grant)) =
                            self.items.last_mut().map(|it| &mut it.item)
                        {
                            grant.passed(name, category);
                        }
                    }
                    Some(_) => self.collector.permission(name, at)?,
                    None => {}
                }
                return self.tree.pass();
            }
            ItemKind::RoleRegistration => {
                let role = self.collector.id(name)?;
                match self.items.last_mut().map(|open| &mut open.item) {
                    Some(Item::Token(token)) => token.roles.push(role),
                    Some(Item::User(user)) => user.roles.push(role),
                    _ => self.collector.data.other_registrations.push(role),
                }
                return self.tree.pass();
            }
            ItemKind::Apps(_) => self.collector.category = Some(self.collector.key(name)?),
            _ => {}
        }
        let item = Item::begin(kind, name, at, &mut self.collector)?;
        self.items.push(OpenItem {
            kind,
            item,
            group: None,
        });
        Ok(())
    }

    /// The category of the grant that is open.
    fn granted_on(&self) -> Option<Category> {
        match self.items.iter().rev().nth(1).map(|open| &open.item) {
            Some(Item::Secured(secured)) => Some(secured.category),
            _ => None,
        }
    }

    fn attribute(&mut self) -> Result<(), PackageError> {
        let (name, at) = (self.tree.attribute(), self.tree.at());
        if self
            .items
            .last_mut()
            .is_some_and(|open| open.in_other_capitals(name))
        {
            return in_other_capitals(name, at);
        }
        let slot = self.items.last_mut().and_then(|open| open.item.slot(name));
        let is_twice = match slot {
            None => false,
            Some(Slot::Seen(seen)) => std::mem::replace(seen, true),
            Some(Slot::Value(Some(_)) | Slot::Shared(Some(_))) => true,
            Some(Slot::Shared(value)) => {
                *value = read_value(&mut self.tree, self.limits)?;
                false
            }
            Some(Slot::Is { word, is }) => {
                let value = self.tree.value(word.len() + 1)?;
                *is = value.map(|text| text.kept.eq_ignore_ascii_case(word));
                false
            }
            Some(Slot::Names(named)) => {
                let bytes = look_through(&mut self.tree, self.limits, named)?;
                self.collector.count(bytes)?;
                false
            }
            Some(Slot::Value(value)) => {
                *value = read_value(&mut self.tree, self.limits)?;
                let bytes = value.as_ref().map_or(0, String::len);
                self.collector.count(bytes)?;
                false
            }
        };
        if is_twice {
            let name = self.tree.attribute();
            let what = format!("an item with two attributes called {name}");
            return unclear(at, &what);
        }
        Ok(())
    }

    fn attribute_end(&mut self, span: Span) {
        if let Some(open) = self.items.last_mut() {
            open.item.attribute_at(self.tree.attribute(), span);
        }
    }

    fn item_end(&mut self, end: ItemEnd) -> Result<(), PackageError> {
        let Some(OpenItem { kind, item, group }) = self.items.pop() else {
            return Ok(());
        };
        if let (Some(group), Some((span, count))) = (group, end.lists) {
            let counts = &mut self.collector.data.tree;
            counts.close_group(group, span, count);
        }
        let place = kind.is_removable().then(|| self.place(end.span));
        let above = self.items.last_mut().map(|open| &mut open.item);
        let closed = Closed {
            end,
            place: place.flatten(),
        };
        item.close(&closed, above, &mut self.collector)
    }

    /// Where an item of the innermost list stands.
    fn place(&mut self, span: Span) -> Option<ItemLocation> {
        let (list, within) = (self.lists.last_mut()?, self.items.last_mut()?);
        let counts = &mut self.collector.data.tree;
        let group = *within.group.get_or_insert_with(|| counts.add_group());
        let list = *list.number.get_or_insert_with(|| counts.add_list(group));
        Some(ListCounts::location(list, span))
    }
}

/// A name that would mean something to FME Flow if it were written as FME Flow writes it.
fn in_other_capitals<T>(name: &str, at: u64) -> Result<T, PackageError> {
    unclear(
        at,
        &format!("{name:?}, which FME Flow writes in other capitals"),
    )
}

/// Looks for Resources in the value of the attribute that was just told of, and tells how many bytes
/// more are kept.
fn look_through(
    tree: &mut Tree<'_>,
    limits: Limits,
    named: &mut Named,
) -> Result<usize, PackageError> {
    let limit = usize::try_from(limits.value).unwrap_or(usize::MAX);
    let Some(text) = tree.value(limit)? else {
        return Ok(0);
    };
    named.is_partial |= !text.is_whole;
    Ok(named.look_through(text.kept))
}

/// The value of the attribute that was just told of, if it has one.
fn read_value(tree: &mut Tree<'_>, limits: Limits) -> Result<Option<String>, PackageError> {
    let is_text = matches!(tree.attribute_type(), "string" | "");
    let limit = usize::try_from(limits.value).unwrap_or(usize::MAX);
    let Some(text) = tree.value(limit)? else {
        return Ok(None);
    };
    if !text.is_whole {
        return Err(too_long(limits));
    }
    let at = text.span.start;
    if text.has_elements {
        return unclear(at, "a value with an element in it");
    }
    if is_text {
        on_one_line(text.kept, at)?;
    } else {
        structural(text.kept, at)?;
    }
    Ok(Some(text.kept.to_owned()))
}
