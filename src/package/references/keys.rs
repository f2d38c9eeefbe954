//! Keys, wherever they stand: in a value, in a text between others, in a comment.

use std::collections::BTreeSet;
use std::io::{self, Read};

use uuid::Uuid;

use super::found::References;
use super::sought::Sought;
use crate::edit::Span;
use crate::package::uuids::Uuids;

/// A document that is looked through while it is read.
pub(super) struct Scanned<'w, R> {
    document: R,
    uuids: Uuids,
    keys: Keys<'w>,
}

/// The keys that stand where they do not belong.
struct Keys<'w> {
    sought: &'w Sought<'w>,
    /// Whether the document is the one in which keys have places of their own.
    has_places: bool,
    found: BTreeSet<Uuid>,
}

impl<'w, R> Scanned<'w, R> {
    /// `data.xml`.
    pub(super) fn new(document: R, sought: &'w Sought<'w>) -> Self {
        Self::of(document, sought, true)
    }

    /// Another document.
    pub(super) fn elsewhere(document: R, sought: &'w Sought<'w>) -> Self {
        Self::of(document, sought, false)
    }

    fn of(document: R, sought: &'w Sought<'w>, has_places: bool) -> Self {
        Self {
            document,
            uuids: Uuids::default(),
            keys: Keys {
                sought,
                has_places,
                found: BTreeSet::new(),
            },
        }
    }

    /// Notes what was found; the document is over.
    pub(super) fn finish(self, references: &mut References) {
        let found = self.keys.found.iter();
        for known in found.filter_map(|key| self.keys.sought.keys.get(key)) {
            for token in &known.tokens {
                references.tokens.entry(*token).or_default();
            }
            references.roles.extend(&known.roles);
        }
    }
}

impl Keys<'_> {
    fn key(&mut self, start: u64, key: Uuid) {
        if let Some(known) = self.sought.keys.get(&key)
            && !(self.has_places && is_within(start, &known.own))
        {
            self.found.insert(key);
        }
    }
}

/// Whether a place is in one of the spans, which are in order.
fn is_within(at: u64, spans: &[Span]) -> bool {
    let after = spans.partition_point(|span| span.start <= at);
    let before = after.checked_sub(1).and_then(|last| spans.get(last));
    before.is_some_and(|span| at < span.end)
}

impl<R: Read> Read for Scanned<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.document.read(buffer)?;
        let piece = buffer.get(..count).unwrap_or_default();
        let keys = &mut self.keys;
        self.uuids
            .read(piece, &mut |start, key| keys.key(start, key));
        Ok(count)
    }
}
