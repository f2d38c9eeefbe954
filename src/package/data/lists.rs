//! Where removable items stand, so that taking the last one leaves no empty list behind: FME Flow
//! never writes an `itemtype` without items (seen).

use crate::edit::Span;

/// A removable item and the list it is in. There may be millions, so it has no gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(Rust, packed(4))]
pub struct ItemLocation {
    /// The whole `item` element.
    pub span: Span,
    list: u32,
}

/// An `itemtype` element that holds a removable item.
#[derive(Debug, Clone, Copy)]
struct List {
    span: Span,
    items: u32,
    group: u32,
}

/// An `itemtypes` element that holds such a list.
#[derive(Debug, Clone, Copy)]
struct Group {
    span: Span,
    lists: u32,
}

/// The lists of all removable items.
#[derive(Debug, Clone, Default)]
pub struct ListCounts {
    lists: Vec<List>,
    groups: Vec<Group>,
}

impl ListCounts {
    pub(super) fn add_group(&mut self) -> u32 {
        self.groups.push(Group {
            span: Span::at(0),
            lists: 0,
        });
        number(self.groups.len())
    }

    pub(super) fn add_list(&mut self, group: u32) -> u32 {
        self.lists.push(List {
            span: Span::at(0),
            items: 0,
            group,
        });
        number(self.lists.len())
    }

    pub(super) fn close_group(&mut self, group: u32, span: Span, lists: u32) {
        if let Some(group) = self.groups.get_mut(group as usize) {
            *group = Group { span, lists };
        }
    }

    pub(super) fn close_list(&mut self, list: u32, span: Span, items: u32) {
        if let Some(list) = self.lists.get_mut(list as usize) {
            *list = List {
                span,
                items,
                ..*list
            };
        }
    }

    pub(super) const fn location(list: u32, span: Span) -> ItemLocation {
        ItemLocation { span, list }
    }

    /// What to take out so that `locations` are gone, and with them every list and group of lists that
    /// would be left empty; in order. A location given twice counts once.
    pub fn removals(&self, locations: impl IntoIterator<Item = ItemLocation>) -> Vec<Span> {
        let mut locations: Vec<ItemLocation> = locations.into_iter().collect();
        locations.sort_unstable_by_key(|location| location.span);
        locations.dedup();
        let mut left: Vec<u32> = self.lists.iter().map(|list| list.items).collect();
        for location in &locations {
            decrease(&mut left, location.list);
        }
        let mut lists_left: Vec<u32> = self.groups.iter().map(|group| group.lists).collect();
        for (list, _) in self.lists.iter().zip(&left).filter(|(_, left)| **left == 0) {
            decrease(&mut lists_left, list.group);
        }
        let mut spans: Vec<Span> = locations
            .iter()
            .map(|location| {
                let emptied = self
                    .list(location.list)
                    .filter(|_| at(&left, location.list) == Some(0));
                let Some(list) = emptied else {
                    return location.span;
                };
                let emptied = self
                    .group(list.group)
                    .filter(|_| at(&lists_left, list.group) == Some(0));
                emptied.map_or(list.span, |group| group.span)
            })
            .collect();
        spans.dedup();
        spans
    }

    fn list(&self, list: u32) -> Option<&List> {
        self.lists.get(list as usize)
    }

    fn group(&self, group: u32) -> Option<&Group> {
        self.groups.get(group as usize)
    }
}

/// The number of the element pushed last.
fn number(len: usize) -> u32 {
    u32::try_from(len.saturating_sub(1)).unwrap_or(u32::MAX)
}

fn at(counts: &[u32], index: u32) -> Option<u32> {
    counts.get(index as usize).copied()
}

fn decrease(counts: &mut [u32], index: u32) {
    if let Some(count) = counts.get_mut(index as usize) {
        *count = count.saturating_sub(1);
    }
}
