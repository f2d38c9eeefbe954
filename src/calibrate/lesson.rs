//! What a place is learned from.

use std::collections::HashSet;

use super::known::Known;
use crate::profile::Holds;

/// A place and what is known of the server it was found on.
pub(super) struct Lesson<'a> {
    pub(super) known: &'a Known,
    pub(super) holds: Holds,
    /// Names that must not get into a profile.
    pub(super) names: &'a HashSet<String>,
    /// Ways that were there before.
    pub(super) before: &'a HashSet<u64>,
}
