//! Names in a text that speaks of tokens, whatever it is written in: wherever they stand they may be meant.
//! That a name is not found is certain; that it is, is not.

use std::collections::BTreeSet;

use super::beginnings::{BEGINNING, fold};
use super::sought::Sought;
use super::unescaped::{Unescaped, has_escapes};

/// Whether a text says that a token is meant; it is told in pieces.
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

/// Whether a whole text does.
pub(super) fn speaks_of_token(text: &str) -> bool {
    let text = text.as_bytes();
    says_token(text)
        || has_escapes(text) && {
            let mut speaks = Speaks::default();
            speaks.read(text);
            speaks.of_token()
        }
}

/// The names in a text that is told in pieces.
#[derive(Debug)]
pub(super) struct Search<'w, 'd> {
    sought: &'w Sought<'d>,
    text: Unescaped,
    /// Positions in the names of [`beginnings`](super::beginnings).
    found: BTreeSet<usize>,
}

impl<'w, 'd> Search<'w, 'd> {
    pub(super) fn new(sought: &'w Sought<'d>) -> Self {
        let mut text = Unescaped::default();
        // A byte stands before every name, and one behind it.
        text.read(b"\n", 0);
        Self {
            sought,
            text,
            found: BTreeSet::new(),
        }
    }

    pub(super) fn read(&mut self, piece: &[u8]) {
        look(self.sought, self.text.read(piece, KEPT), &mut self.found);
    }

    /// The names in it; it is over.
    pub(super) fn finish(mut self) -> impl Iterator<Item = &'w str> {
        let rest = [self.text.end(KEPT), b"\n"].concat();
        look(self.sought, &rest, &mut self.found);
        let sought = self.sought;
        let names = &sought.beginnings().names;
        let found = self.found.into_iter();
        let found = found.filter_map(|number| names.get(number)).flatten();
        found.filter_map(|number| sought.names.get(*number).copied())
    }
}

/// Of a text that goes on: what may be a beginning, and a byte on either side of it.
const KEPT: usize = BEGINNING + 2;

fn look(sought: &Sought<'_>, text: &[u8], found: &mut BTreeSet<usize>) {
    let beginnings = sought.beginnings();
    let Ok(automaton) = &beginnings.automaton else {
        // Too many names to be looked for: any may be there.
        found.extend(0..beginnings.names.len());
        return;
    };
    let text: Vec<u8> = text.iter().copied().map(fold).collect();
    for name in automaton.find_overlapping_iter(&text) {
        // What begins with the text was looked at before; what ends with it will be.
        let is_decided = name.start() > 0 && name.end() < text.len();
        let is_word = !goes_on(&text, name.start())
            && (name.len() >= BEGINNING || !goes_on(&text, name.end()));
        if is_decided && is_word {
            found.insert(name.pattern().as_usize());
        }
    }
}

/// Whether a letter or a digit stands on both sides of a place.
fn goes_on(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    let sides = [before, text.get(at)];
    sides
        .iter()
        .all(|it| it.is_some_and(u8::is_ascii_alphanumeric))
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
