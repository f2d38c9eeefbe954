//! Names in a value that is too long to be looked through as what it is, or is not what it looks like:
//! wherever they stand they may be meant. That a name is not found is certain; that it is, is not.

use std::collections::BTreeSet;

use super::beginnings::BEGINNING;
use super::wanted::Wanted;

/// Whether a value says that a token is meant; it is told in pieces.
#[derive(Debug, Default)]
pub(super) struct Speaks {
    text: Unescaped,
    of_token: bool,
}

impl Speaks {
    pub(super) fn read(&mut self, piece: &[u8]) {
        let text = self.text.read(piece, TOKEN - 1);
        self.of_token = self.of_token || says_token(text);
    }

    pub(super) const fn of_token(&self) -> bool {
        self.of_token
    }
}

/// The names in a value that is told in pieces.
#[derive(Debug)]
pub(super) struct Search<'w, 'd> {
    wanted: &'w Wanted<'d>,
    text: Unescaped,
    /// Positions in the names of [`beginnings`](super::beginnings).
    found: BTreeSet<usize>,
}

impl<'w, 'd> Search<'w, 'd> {
    pub(super) fn new(wanted: &'w Wanted<'d>) -> Self {
        Self {
            wanted,
            text: Unescaped::default(),
            found: BTreeSet::new(),
        }
    }

    pub(super) fn read(&mut self, piece: &[u8]) {
        let text = self.text.read(piece, BEGINNING);
        match &self.wanted.beginnings().automaton {
            Ok(automaton) => {
                let found = automaton.find_overlapping_iter(text);
                self.found.extend(found.map(|it| it.pattern().as_usize()));
            }
            // Too many names to be looked for: any may be there.
            Err(_) => self.found.extend(0..self.wanted.beginnings().names.len()),
        }
    }

    pub(super) fn found(self) -> impl Iterator<Item = &'w str> {
        let wanted = self.wanted;
        let names = &wanted.beginnings().names;
        let found = self.found.into_iter();
        let found = found.filter_map(|number| names.get(number)).flatten();
        found.filter_map(|number| wanted.names.get(*number).copied())
    }
}

/// A text that is told in pieces, without its escapes.
#[derive(Debug, Default)]
struct Unescaped {
    text: Vec<u8>,
    escape: Escape,
}

impl Unescaped {
    /// Reads the next piece; gives it with the last `kept` bytes before it, for what begins in one
    /// piece may end in the next.
    fn read(&mut self, piece: &[u8], kept: usize) -> &[u8] {
        self.text.drain(..self.text.len().saturating_sub(kept));
        if self.escape.is_none() && memchr::memchr(b'\\', piece).is_none() {
            self.text.extend_from_slice(piece);
        } else {
            for &byte in piece {
                self.escape.read(byte, &mut self.text);
            }
        }
        &self.text
    }
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

/// How long the word is that is in everything that means a token.
const TOKEN: usize = 5;

/// Whether a text says that a token is meant: whether that word is in it, in any case.
pub(super) fn says_token(text: &[u8]) -> bool {
    let from = |at: usize| text.get(at..).unwrap_or_default();
    let words = from(0).iter().zip(from(1)).zip(from(2)).zip(from(3));
    let is = |byte: &u8, letter| byte | 0x20 == letter;
    // Without an early exit the loop runs many bytes at a time; it nearly always finds nothing.
    words
        .zip(from(4))
        .fold(false, |any, ((((t, o), k), e), n)| {
            any | (is(t, b't') & is(o, b'o') & is(k, b'k') & is(e, b'e') & is(n, b'n'))
        })
}
