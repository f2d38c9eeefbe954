//! Keys, wherever they stand: in a value, in a text between others, in a comment.

use std::io::{self, Read};

use super::found::References;
use super::wanted::{Wanted, Wherever};
use crate::edit::Span;

/// How long a UUID is, in bytes, and where its dashes stand.
const LENGTH: usize = 36;
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// A document that is looked through while it is read.
pub(super) struct Scanned<'w, R> {
    document: R,
    wanted: &'w Wanted<'w>,
    /// Whether the document is the one in which keys have places of their own.
    has_places: bool,
    /// What was read last: it may hold the beginning of a UUID, and the byte before that.
    rest: Vec<u8>,
    /// Where that begins in the document.
    at: u64,
    found: Vec<&'w Wherever>,
}

impl<'w, R> Scanned<'w, R> {
    /// `data.xml`.
    pub(super) fn new(document: R, wanted: &'w Wanted<'w>) -> Self {
        Self {
            has_places: true,
            ..Self::elsewhere(document, wanted)
        }
    }

    /// Another document.
    pub(super) fn elsewhere(document: R, wanted: &'w Wanted<'w>) -> Self {
        Self {
            document,
            wanted,
            has_places: false,
            rest: Vec::new(),
            at: 0,
            found: Vec::new(),
        }
    }

    /// Notes what was found; the document is over.
    pub(super) fn finish(mut self, references: &mut References) {
        // Any byte that is no part of a UUID ends the last one.
        self.look(b"\n");
        for known in self.found {
            for token in &known.tokens {
                references.tokens.entry(*token).or_default();
            }
            references.roles.extend(&known.roles);
        }
    }

    /// Looks for UUIDs in what comes next: there are few dashes in a document, and every UUID has one
    /// at the same place.
    fn look(&mut self, next: &[u8]) {
        self.rest.extend_from_slice(next);
        let text = std::mem::take(&mut self.rest);
        let [first_dash, ..] = DASHES;
        // Of a UUID that begins there or later not all is here yet, or not the byte behind it; one
        // that begins with the rest has been looked at.
        let end = text.len().saturating_sub(LENGTH);
        let begin = usize::from(self.at > 0);
        for dash in memchr::memchr_iter(b'-', &text) {
            let start = dash.checked_sub(first_dash);
            let Some(start) = start.filter(|start| (begin..end).contains(start)) else {
                continue;
            };
            let before = start.checked_sub(1).and_then(|at| text.get(at));
            let after = text.get(start + LENGTH);
            let is_whole = ![before, after]
                .into_iter()
                .flatten()
                .any(|it| is_of_a_key(*it));
            if let Some(key) = text.get(start..start + LENGTH)
                && is_whole
                && DASHES.iter().all(|at| key.get(*at) == Some(&b'-'))
            {
                self.key(self.at + start as u64, key);
            }
        }
        let done = end.saturating_sub(1);
        self.at += done as u64;
        self.rest = text;
        self.rest.drain(..done);
    }

    fn key(&mut self, start: u64, key: &[u8]) {
        let key = String::from_utf8_lossy(key).to_ascii_lowercase();
        if let Some(known) = self.wanted.keys.get(&key) {
            let is_own = self.has_places && is_within(start, &known.own);
            let is_known = self.found.iter().any(|it| std::ptr::eq(*it, known));
            if !is_own && !is_known {
                self.found.push(known);
            }
        }
    }
}

/// Whether a byte beside a UUID would make it a part of something longer.
const fn is_of_a_key(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'-'
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
        self.look(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
