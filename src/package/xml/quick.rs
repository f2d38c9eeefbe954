//! The quick ways through a document: tags and short texts as FME Flow writes nearly all of them,
//! seen in a few looks at sixteen bytes each.
//!
//! Each either does exactly what the thorough way would do, or nothing at all and leaves the place,
//! and every error, to that. A test holds the two against each other on random documents.

use std::io::Read;

use super::open::Word;
use super::{Piece, Scanner, Tag, Within, XmlError};
use crate::limits;

/// Longest text that is looked at here, in looks; longer ones are found faster by the thorough way.
const TEXT_LOOKS: usize = 8;

impl<R: Read> Scanner<R> {
    /// The text of the element just started, when that is plain, short and all there is in it. Its
    /// end is passed too, as if it had been the piece last returned.
    ///
    /// Where there is none nothing has happened: whatever follows comes as usual.
    #[inline]
    pub fn leaf(&mut self) -> Option<&[u8]> {
        if self.within != Within::Content {
            return None;
        }
        let rest = self.buffer.get(self.from..self.to)?;
        let length = plain_length(rest)?;
        let end_tag = self.end_tag_length(rest.get(length..)?)?;
        self.open.close_word();
        self.start = self.end() + length as u64;
        let from = self.from;
        self.from += length + end_tag;
        self.buffer.get(from..from + length)
    }

    /// Passes over the element just started, its end included.
    ///
    /// # Errors
    /// Those of [`Scanner::next`].
    pub fn skip(&mut self) -> Result<(), XmlError> {
        let depth = self.open.depth();
        self.leaf();
        while self.open.depth() >= depth {
            match self.next()? {
                Piece::Start(_) => {
                    self.leaf();
                }
                Piece::Over => break,
                _ => {}
            }
        }
        Ok(())
    }

    /// What stands between `from`, which lies between two pieces of the element just closed, and its
    /// end tag; none where that is no longer at hand.
    pub fn passage(&self, from: u64) -> Option<Passage> {
        let at = |position: u64| usize::try_from(position.checked_sub(self.base)?).ok();
        let bytes = self.buffer.get(at(from)?..at(self.start)?)?;
        Some(Passage {
            bytes: bytes.into(),
            depth: self.open.depth() + 1,
        })
    }

    /// Passes over what follows, if it is `passage` once more: what was right then is right now.
    pub fn repeats(&mut self, passage: &Passage) -> bool {
        let repeats = self.within == Within::Content
            && self.open.depth() == passage.depth
            && self.unread().starts_with(&passage.bytes);
        if repeats {
            self.from += passage.bytes.len();
        }
        repeats
    }

    /// A tag of lower case letters only, where it is right.
    #[expect(
        clippy::inline_always,
        reason = "measured: takes a third off the scanner's time"
    )]
    #[inline(always)]
    pub(super) fn quick_tag(&mut self) -> Option<Tag> {
        if self.within != Within::Content {
            return None;
        }
        let rest = self.buffer.get(self.from..self.to)?;
        let (b'<', inner) = rest.split_first()? else {
            return None;
        };
        if inner.first() == Some(&b'/') {
            let length = self.end_tag_length(rest)?;
            self.open.close_word();
            self.start = self.end();
            self.from += length;
            return Some(Tag::End);
        }
        let look = look(inner)?;
        let expected = EXPECTED.iter().copied().find(|word| word.begins(look));
        let word = expected.or_else(|| measured(look))?;
        let allowed = if self.open.is_empty() {
            !self.seen_root
        } else {
            self.open.depth() < limits::XML_DEPTH
        };
        if !allowed {
            return None;
        }
        self.open.open_word(word);
        self.start = self.end();
        self.seen_root = true;
        let length = word.length();
        self.from += length + "<>".len();
        Some(Tag::Start(length))
    }

    /// Length of the end tag of the innermost element, if `rest` begins with it.
    #[expect(clippy::inline_always, reason = "the same")]
    #[inline(always)]
    fn end_tag_length(&self, rest: &[u8]) -> Option<usize> {
        let name = self.open.ends_with(look(rest.strip_prefix(b"</")?)?)?;
        Some(name + "</>".len())
    }
}

/// Whole elements and texts of a document, as deep as they were found.
#[derive(Debug)]
pub struct Passage {
    bytes: Box<[u8]>,
    depth: usize,
}

impl Passage {
    /// Length in bytes.
    #[allow(clippy::len_without_is_empty)] // an empty one is no use, but no harm either
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// The names of nearly all elements in `data.xml`, by how many there are. A processor that rightly
/// expects one is well ahead before the bytes are compared; to measure a name, it has to wait.
const EXPECTED: [Word; 9] = [
    Word::of(b"name"),
    Word::of(b"type"),
    Word::of(b"value"),
    Word::of(b"attribute"),
    Word::of(b"item"),
    Word::of(b"itemtypes"),
    Word::of(b"itemtype"),
    Word::of(b"items"),
    Word::of(b"attributes"),
];

/// The name that `look` begins with, of lower case letters only and with a `>` behind it.
fn measured(look: u128) -> Option<Word> {
    let marks = not_lowercase(look) & HIGH;
    let word = Word::up_to(look, marks);
    (marks != 0 && word.is_name()).then_some(word)
}

/// Length of the plain text at the beginning of `bytes`: of ASCII without control characters, up
/// to anything else. None if it is long.
#[inline]
fn plain_length(bytes: &[u8]) -> Option<usize> {
    let (looks, _) = bytes.as_chunks::<{ Word::BYTES }>();
    looks
        .iter()
        .take(TEXT_LOOKS)
        .enumerate()
        .find_map(|(number, bytes)| {
            let length = first(not_plain(u128::from_le_bytes(*bytes)))?;
            Some(number * Word::BYTES + length)
        })
}

/// The first sixteen of `bytes`, the first lowest.
#[inline]
fn look(bytes: &[u8]) -> Option<u128> {
    bytes.first_chunk().map(|bytes| u128::from_le_bytes(*bytes))
}

/// Every byte one.
const ONES: u128 = u128::from_le_bytes([1; Word::BYTES]);

/// Every byte's highest bit, which marks it.
const HIGH: u128 = ONES << 7;

/// Place of the first marked byte.
#[inline]
const fn first(marks: u128) -> Option<usize> {
    match marks & HIGH {
        0 => None,
        marks => Some(marks.trailing_zeros() as usize / 8),
    }
}

/// Marks what is no lower case letter; right up to the first mark, as all of these are.
#[inline]
const fn not_lowercase(look: u128) -> u128 {
    let below = !look.wrapping_add(ONES * (0x80 - b'a') as u128);
    let above = look.wrapping_add(ONES * (0x7f - b'z') as u128);
    // What is not ASCII is one or the other.
    below | above
}

/// Marks what is not ASCII, a control character, or begins markup or an entity.
#[inline]
const fn not_plain(look: u128) -> u128 {
    let control = look.wrapping_sub(ONES * b' ' as u128) & !look;
    control | equal(look, b'<') | equal(look, b'&') | look
}

#[inline]
const fn equal(look: u128, byte: u8) -> u128 {
    let zero = look ^ (ONES * byte as u128);
    zero.wrapping_sub(ONES) & !zero
}
