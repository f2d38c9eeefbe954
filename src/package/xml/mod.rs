//! XML as a stream of positions: every piece of the input with the place it was found at.
//!
//! FME Flow's `data.xml` can be gigabytes on one line, with single values of hundreds of megabytes
//! (inline thumbnails). A value is therefore never held: text arrives in pieces, and whoever wants
//! it keeps it. That, and the byte positions the edits need, is why this is not a general parser;
//! a test holds it against one.
//!
//! Well-formedness is checked as far as it could mislead an edit: nesting, entities, encoding,
//! characters that XML forbids. A DOCTYPE is refused, so no entity can be declared.

use std::io::Read;

use memchr::{memchr, memchr2, memmem};

use crate::limits;

mod open;
mod quick;
#[cfg(test)]
mod tests;
mod text;
#[cfg(test)]
mod ways;

use open::OpenElements;
pub use quick::Passage;
pub use text::unescape;
use text::{declared_encoding, forbidden_character, is_entity, is_name, is_plain, tag_length};

/// One piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// `<name>`; an element written `<name/>` is a `Start` and an `End` at the end of it.
    Start(&'a [u8]),
    /// `</name>`, of the innermost element.
    End,
    /// Text between tags, valid UTF-8 and as written: entities are not replaced. Long text comes in
    /// several pieces, none of which splits a character or an entity.
    Text(&'a [u8]),
    /// Text in a `CDATA` section, to be taken literally; in several pieces where it is long.
    Literal(&'a [u8]),
    /// The document is over.
    Over,
}

/// Why a document cannot be read, and where.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// The document breaks a rule of XML.
    #[error("byte {at}: {what}")]
    Malformed {
        /// Byte position.
        at: u64,
        /// The evidence.
        what: String,
    },
    /// The reader failed.
    #[error(transparent)]
    Read(#[from] std::io::Error),
}

/// What the scanner is in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Content,
    /// An element written `<name/>`, whose end is still to be reported.
    Bare,
    Literal,
    Comment,
    Instruction,
}

impl Within {
    const fn terminator(self) -> &'static [u8] {
        match self {
            Self::Literal => b"]]>",
            Self::Comment => b"-->",
            Self::Instruction | Self::Content | Self::Bare => b"?>",
        }
    }
}

/// Reads a document piece by piece in a buffer of fixed size.
#[derive(Debug)]
pub struct Scanner<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where the unread part of the buffer begins and ends.
    from: usize,
    to: usize,
    /// Position in the document of the buffer's first byte.
    base: u64,
    ended: bool,
    within: Within,
    open: OpenElements,
    /// Where the current piece begins.
    start: u64,
    seen_root: bool,
}

/// As long as the longest tag, and short enough to stay in a core's own cache with all else that
/// is read from and into on the way.
const BUFFER_BYTES: usize = limits::XML_TAG_BYTES;

impl<R: Read> Scanner<R> {
    /// A scanner at the beginning of `reader`.
    pub fn new(reader: R) -> Self {
        Self::with_buffer(reader, BUFFER_BYTES)
    }

    /// One with a buffer of so many bytes, which every tag must fit in.
    fn with_buffer(reader: R, bytes: usize) -> Self {
        Self {
            reader,
            buffer: vec![0; bytes],
            from: 0,
            to: 0,
            base: 0,
            ended: false,
            within: Within::Content,
            open: OpenElements::default(),
            start: 0,
            seen_root: false,
        }
    }

    /// Position of the first byte of the piece last returned; for the end of an element written
    /// `<name/>`, of the element.
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// Position after the last byte of the piece last returned.
    pub const fn end(&self) -> u64 {
        self.base + self.from as u64
    }

    /// Whether the element just started is written `<name/>`.
    pub const fn is_self_closed(&self) -> bool {
        matches!(self.within, Within::Bare)
    }

    /// The next piece.
    ///
    /// # Errors
    /// [`XmlError`] at the first byte that cannot be right.
    #[allow(clippy::should_implement_trait)] // the pieces borrow from the scanner
    #[inline]
    pub fn next(&mut self) -> Result<Piece<'_>, XmlError> {
        match self.quick_tag() {
            Some(tag) => Ok(self.piece(tag)),
            None => self.thorough_next(),
        }
    }

    #[inline]
    fn piece(&self, tag: Tag) -> Piece<'_> {
        match tag {
            Tag::Start(length) => {
                // The name follows the angle bracket that the piece begins with.
                let name = usize::try_from(self.start - self.base).unwrap_or(usize::MAX);
                let rest = self.buffer.get(name..).unwrap_or_default();
                Piece::Start(rest.get(1..=length).unwrap_or_default())
            }
            Tag::End => Piece::End,
        }
    }

    /// The next piece, whatever it is.
    #[inline(never)]
    fn thorough_next(&mut self) -> Result<Piece<'_>, XmlError> {
        loop {
            if self.within == Within::Bare {
                self.within = Within::Content;
                self.open.close();
                return Ok(Piece::End);
            }
            if self.from == self.to && !self.fill()? {
                return self.finish();
            }
            match self.within {
                Within::Content if self.unread().first() == Some(&b'<') => {
                    if let Some(tag) = self.markup()? {
                        return Ok(self.piece(tag));
                    }
                }
                Within::Content => {
                    let length = self.text_length()?;
                    return self.text(length).map(Piece::Text);
                }
                within => {
                    if let Some(length) = self.skip_within(within)? {
                        return self.text(length).map(Piece::Literal);
                    }
                }
            }
        }
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    fn malformed<T>(&self, what: impl Into<String>) -> Result<T, XmlError> {
        Err(XmlError::Malformed {
            at: self.end(),
            what: what.into(),
        })
    }

    /// Moves what is unread to the front and reads more behind it; false at the end of the input
    /// or when the buffer is full.
    fn fill(&mut self) -> Result<bool, XmlError> {
        let first = self.base == 0 && self.to == 0 && !self.ended;
        self.buffer.copy_within(self.from..self.to, 0);
        self.base += self.from as u64;
        self.to -= self.from;
        self.from = 0;
        let before = self.to;
        while !self.ended && self.to < self.buffer.len() {
            let Some(room) = self.buffer.get_mut(self.to..) else {
                break;
            };
            match self.reader.read(room) {
                Ok(0) => self.ended = true,
                Ok(count) => self.to += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        if first {
            self.begin()?;
        }
        Ok(self.to > before)
    }

    /// The byte order mark and the declaration.
    fn begin(&mut self) -> Result<(), XmlError> {
        match self.unread() {
            [0xEF, 0xBB, 0xBF, ..] => self.from += 3,
            [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] => {
                return self.malformed("the document is UTF-16, FME Flow writes UTF-8");
            }
            _ => {}
        }
        if self.unread().starts_with(b"<?xml") {
            let length = memmem::find(self.unread(), b"?>").unwrap_or_default();
            let declaration = String::from_utf8_lossy(self.unread().get(..length).unwrap_or(b""));
            if let Some(encoding) = declared_encoding(&declaration)
                && !["utf-8", "us-ascii"].contains(&&*encoding.to_ascii_lowercase())
            {
                let what = format!("the document declares the encoding {encoding:?}, not UTF-8");
                return self.malformed(what);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Piece<'static>, XmlError> {
        self.start = self.end();
        if self.within != Within::Content {
            return self.malformed("the document ends within a comment or section");
        }
        if let Some(name) = self.open.innermost() {
            return self.malformed(format!("the document ends within <{name}>"));
        }
        if !self.seen_root {
            return self.malformed("the document has no element");
        }
        Ok(Piece::Over)
    }

    /// One tag, or none where something else in angle brackets begins.
    fn markup(&mut self) -> Result<Option<Tag>, XmlError> {
        self.start = self.end();
        // The fast way: a tag without attributes, whole in the buffer.
        if let Some(length) = memchr(b'>', self.unread())
            && let Some(tag) = self.unread().get(1..length)
            && !matches!(tag.first(), Some(b'!' | b'?') | None)
            && memchr2(b'"', b'\'', tag).is_none()
        {
            return self.tag(length + 1).map(Some);
        }
        if self.unread().len() < limits::XML_TAG_BYTES {
            self.fill()?;
        }
        let rest = self.unread();
        for (opening, within) in [
            (&b"<!--"[..], Within::Comment),
            (&b"<![CDATA["[..], Within::Literal),
            (&b"<?"[..], Within::Instruction),
        ] {
            if rest.starts_with(opening) {
                if within == Within::Literal && self.open.is_empty() {
                    return self.malformed("text outside of the root element");
                }
                self.from += opening.len();
                self.within = within;
                return Ok(None);
            }
        }
        if rest.starts_with(b"<!") {
            return self.malformed("a DOCTYPE or other declaration, which FME Flow never writes");
        }
        match tag_length(rest) {
            Some(length) if length <= limits::XML_TAG_BYTES => self.tag(length).map(Some),
            None if rest.len() < limits::XML_TAG_BYTES => {
                self.malformed("the document ends within a tag")
            }
            _ => self.malformed(format!(
                "a tag is longer than {} bytes",
                limits::XML_TAG_BYTES
            )),
        }
    }

    /// The tag that takes the next `length` bytes.
    fn tag(&mut self, length: usize) -> Result<Tag, XmlError> {
        let tag = self
            .buffer
            .get(self.from + 1..self.from + length - 1)
            .unwrap_or_default();
        let (tag, closes) = match tag {
            [b'/', name @ ..] => {
                let name = name.trim_ascii_end();
                if !self.open.is_innermost(name) {
                    let expected = match self.open.innermost() {
                        Some(open) => format!("</{open}> is expected"),
                        None => "no element is open".to_owned(),
                    };
                    let found = String::from_utf8_lossy(name).into_owned();
                    return self.malformed(format!("</{found}> where {expected}"));
                }
                self.open.close();
                self.from += length;
                return Ok(Tag::End);
            }
            [tag @ .., b'/'] => (tag, true),
            tag => (tag, false),
        };
        let name = tag
            .split(u8::is_ascii_whitespace)
            .next()
            .unwrap_or_default();
        if !is_name(name) {
            return self.malformed("a tag without a proper name");
        }
        if self.open.is_empty() && self.seen_root {
            return self.malformed("a second root element");
        }
        if self.open.depth() >= limits::XML_DEPTH {
            return self.malformed(format!("more than {} nested elements", limits::XML_DEPTH));
        }
        self.open.open(name);
        self.seen_root = true;
        if closes {
            self.within = Within::Bare;
        }
        let name_length = name.len();
        self.from += length;
        Ok(Tag::Start(name_length))
    }

    /// Length of the text up to the next tag or to the end of the buffer, entities and characters
    /// whole.
    fn text_length(&mut self) -> Result<usize, XmlError> {
        let mut at = 0;
        loop {
            let rest = self.unread().get(at..).unwrap_or_default();
            match memchr2(b'<', b'&', rest) {
                Some(offset) if rest.get(offset) == Some(&b'<') => return Ok(at + offset),
                Some(offset) => {
                    let entity = rest.get(offset..).unwrap_or_default();
                    let reach = entity.len().min(limits::XML_ENTITY_BYTES);
                    let within = entity.get(..reach).unwrap_or_default();
                    match memchr(b';', within) {
                        Some(end) if is_entity(within.get(1..end).unwrap_or_default()) => {
                            at += offset + end + 1;
                        }
                        // Cut short by the end of the buffer: leave it to the next piece.
                        None if reach < limits::XML_ENTITY_BYTES && at + offset > 0 => {
                            return Ok(at + offset);
                        }
                        None if reach < limits::XML_ENTITY_BYTES && self.fill()? => {}
                        _ => {
                            self.from += at + offset;
                            return self.malformed("an & that begins no known entity");
                        }
                    }
                }
                None => return Ok(at + rest.len()),
            }
        }
    }

    /// Takes up to `length` bytes of text: fewer where the last character is cut short by the end
    /// of the buffer.
    fn text(&mut self, length: usize) -> Result<&[u8], XmlError> {
        self.start = self.end();
        let bytes = self.unread().get(..length).unwrap_or_default();
        let whole = if is_plain(bytes) {
            length
        } else {
            self.checked_length(length)?
        };
        let bytes = self.unread().get(..whole).unwrap_or_default();
        if self.open.is_empty() && !bytes.trim_ascii().is_empty() {
            return self.malformed("text outside of the root element");
        }
        let from = self.from;
        self.from += whole;
        Ok(self.buffer.get(from..self.from).unwrap_or_default())
    }

    /// Length of those of the next `length` bytes that are whole characters, all of them allowed.
    fn checked_length(&mut self, length: usize) -> Result<usize, XmlError> {
        let bytes = self.unread().get(..length).unwrap_or_default();
        let checked = std::str::from_utf8(bytes).map(|_| length);
        let whole = match checked {
            Ok(length) => length,
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                error.valid_up_to()
            }
            Err(error) if error.error_len().is_none() && self.fill()? => 0,
            Err(error) => {
                self.from += error.valid_up_to();
                return self.malformed("bytes that are not UTF-8");
            }
        };
        let bytes = self.unread().get(..whole).unwrap_or_default();
        if let Some(position) = forbidden_character(bytes) {
            self.from += position;
            return self.malformed("a control character that XML forbids");
        }
        Ok(whole)
    }

    /// Goes on within a comment, an instruction or a CDATA section; the length of the literal text
    /// to hand out, if any.
    fn skip_within(&mut self, within: Within) -> Result<Option<usize>, XmlError> {
        let terminator = within.terminator();
        let literal = within == Within::Literal;
        if let Some(length) = memmem::find(self.unread(), terminator) {
            if literal && length > 0 {
                return Ok(Some(length));
            }
            self.from += length + terminator.len();
            self.within = Within::Content;
            return Ok(None);
        }
        // Keep what may be the first bytes of the terminator.
        let length = self.unread().len().saturating_sub(terminator.len() - 1);
        if length == 0 {
            if !self.fill()? {
                self.from = self.to;
                return self.malformed("the document ends within a comment or section");
            }
            return Ok(None);
        }
        if literal {
            return Ok(Some(length));
        }
        self.from += length;
        Ok(None)
    }
}

/// A tag that was found.
#[derive(Debug, Clone, Copy)]
enum Tag {
    /// With the length of its name; the element may be written `<name/>`.
    Start(usize),
    End,
}
