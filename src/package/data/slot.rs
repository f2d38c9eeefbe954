//! Where what is read of an item goes.

use super::lists::ItemLocation;
use super::named::Named;
use crate::package::tree::ItemEnd;

/// What becomes of an attribute.
pub(super) enum Slot<'a> {
    /// Its value is kept here.
    Value(&'a mut Option<String>),
    /// Its value is kept here, and counted where it is shared with others.
    Shared(&'a mut Option<String>),
    /// Its value is not even read; that it is there is noted.
    Seen(&'a mut bool),
    /// Of its value only this is kept: whether it is `word`, in any case.
    Is {
        word: &'static str,
        is: &'a mut Option<bool>,
    },
    /// Of its value only the Resources are kept that it names.
    Names(&'a mut Named),
}

/// The item that was just read.
pub(super) struct Closed {
    pub(super) end: ItemEnd,
    /// Where it stands, if it can be taken out.
    pub(super) place: Option<ItemLocation>,
}

impl<'a> From<&'a mut Option<String>> for Slot<'a> {
    fn from(value: &'a mut Option<String>) -> Self {
        Self::Value(value)
    }
}

/// `true` or `false`, as FME Flow writes a boolean.
pub(super) fn flag(value: Option<&String>) -> Option<bool> {
    value.and_then(|value| value.parse().ok())
}
