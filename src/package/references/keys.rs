//! Keys, wherever they stand: in a value, in a text between others, in a comment.

use std::io::{self, Read};

use super::found::References;
use super::wanted::{Wanted, Wherever};
use crate::edit::Span;

/// How long a UUID is, in bytes.
const LENGTH: usize = 36;

/// A document that is looked through while it is read.
pub(super) struct Scanned<'w, R> {
    document: R,
    wanted: &'w Wanted<'w>,
    /// Whether the document is the one in which keys have places of their own.
    has_places: bool,
    /// The word that is being read, in lower case; one byte more than a UUID where it is longer.
    word: String,
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
            word: String::with_capacity(LENGTH + 1),
            at: 0,
            found: Vec::new(),
        }
    }

    /// Notes what was found; the document is over.
    pub(super) fn finish(mut self, references: &mut References) {
        self.word_ends();
        for known in self.found {
            for token in &known.tokens {
                references.tokens.entry(*token).or_default();
            }
            references.roles.extend(&known.roles);
        }
    }

    fn word_ends(&mut self) {
        if self.word.len() == LENGTH
            && let Some(known) = self.wanted.keys.get(&self.word)
        {
            let start = self.at - LENGTH as u64;
            let is_own = self.has_places && is_within(start, &known.own);
            let is_known = self.found.iter().any(|it| std::ptr::eq(*it, known));
            if !is_own && !is_known {
                self.found.push(known);
            }
        }
        self.word.clear();
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
        for &byte in buffer.get(..count).unwrap_or_default() {
            if byte.is_ascii_hexdigit() || byte == b'-' {
                if self.word.len() <= LENGTH {
                    self.word.push(char::from(byte.to_ascii_lowercase()));
                }
            } else if !self.word.is_empty() {
                self.word_ends();
            }
            self.at += 1;
        }
        Ok(count)
    }
}
