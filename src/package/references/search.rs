//! Names in a value that is too long to be looked through as what it is, or is not what it looks like:
//! wherever they stand they may be meant. That a name is not found is certain; that it is, is not.

use std::collections::BTreeSet;

use super::beginnings::BEGINNING;
use super::wanted::Wanted;

/// A value that is looked through while it is read.
#[derive(Debug)]
pub(super) struct Search<'w, 'd> {
    wanted: &'w Wanted<'d>,
    /// What was read last, without escapes.
    text: Vec<u8>,
    escape: Escape,
    says_token: bool,
    /// Positions in the names of [`beginnings`](super::beginnings).
    found: BTreeSet<usize>,
}

/// An escape as JSON has it, in texts within texts with several backslashes.
#[derive(Debug, Clone, Copy, Default)]
struct Escape {
    is_open: bool,
    /// Digits of a `\uXXXX` that were read, and what they say.
    digits: Option<(u8, u32)>,
    /// The first half of a character that takes two of them.
    half: Option<u32>,
}

impl<'w, 'd> Search<'w, 'd> {
    pub(super) const fn new(wanted: &'w Wanted<'d>) -> Self {
        Self {
            wanted,
            text: Vec::new(),
            escape: Escape {
                is_open: false,
                digits: None,
                half: None,
            },
            says_token: false,
            found: BTreeSet::new(),
        }
    }

    /// Reads the next piece of it.
    pub(super) fn read(&mut self, piece: &[u8]) {
        if self.escape.is_none() && memchr::memchr(b'\\', piece).is_none() {
            self.text.extend_from_slice(piece);
        } else {
            for &byte in piece {
                self.escape.read(byte, &mut self.text);
            }
        }
        self.says_token = self.says_token || says_token(&self.text);
        match &self.wanted.beginnings().automaton {
            Ok(automaton) => {
                let found = automaton.find_overlapping_iter(&self.text);
                self.found.extend(found.map(|it| it.pattern().as_usize()));
            }
            // Too many names to be looked for: any may be there.
            Err(_) => self.found.extend(0..self.wanted.beginnings().names.len()),
        }
        // What begins in this piece may end in the next.
        let read = self.text.len().saturating_sub(BEGINNING);
        self.text.drain(..read);
    }

    /// The names that may be meant; none where neither what it is called nor itself speaks of a token.
    pub(super) fn finish(self, is_meant: bool) -> impl Iterator<Item = &'w str> {
        let wanted = self.wanted;
        let names = &wanted.beginnings().names;
        let found = self.found.into_iter();
        let found = found.filter(move |_| is_meant || self.says_token);
        let found = found.filter_map(|number| names.get(number));
        let found = found.flatten();
        found.filter_map(|number| wanted.names.get(*number).copied())
    }
}

impl Escape {
    /// Whether what comes next is no part of one.
    const fn is_none(self) -> bool {
        !self.is_open && self.digits.is_none() && self.half.is_none()
    }

    fn read(&mut self, byte: u8, text: &mut Vec<u8>) {
        if let Some((count, value)) = self.digits {
            let Some(digit) = char::from(byte).to_digit(16) else {
                // None after all: what it looked like is no name either.
                *self = Self::default();
                return self.read(byte, text);
            };
            let value = value << 4 | digit;
            self.digits = (count < 3).then_some((count + 1, value));
            if self.digits.is_none() {
                self.unit(value, text);
            }
        } else if byte == b'\\' {
            self.is_open = true;
        } else if self.is_open && byte == b'u' {
            self.is_open = false;
            self.digits = Some((0, 0));
        } else {
            *self = Self::default();
            text.push(byte);
        }
    }

    /// A `\uXXXX`: a character, or half of one.
    fn unit(&mut self, value: u32, text: &mut Vec<u8>) {
        let half = self.half.take();
        let whole = match (half, value) {
            (_, 0xD800..0xDC00) => {
                self.half = Some(value);
                return;
            }
            (Some(half), 0xDC00..0xE000) => 0x1_0000 + ((half - 0xD800) << 10) + (value - 0xDC00),
            (_, value) => value,
        };
        let whole = char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(whole.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Whether a text says that a token is meant.
pub(super) fn says_token(text: &[u8]) -> bool {
    // Of its letters the rarest.
    let mut letters = memchr::memchr2_iter(b'k', b'K', text);
    letters.any(|at| {
        let word = at.checked_sub(2).and_then(|start| text.get(start..at + 3));
        word.is_some_and(|word| word.eq_ignore_ascii_case(b"token"))
    })
}
