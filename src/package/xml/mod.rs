//! XML as positions: every tag with the bytes it stands at, and text where it is asked for.
//!
//! quick-xml takes a document apart, a chunk at a time: FME Flow's `data.xml` can be gigabytes on
//! one line, with single values of hundreds of megabytes (inline thumbnails). A piece that a chunk
//! ends within is taken apart again at the beginning of the next one; only text may be longer than a
//! chunk, and what nobody wants of it is let go at once.
//!
//! Well-formedness is checked as far as it could mislead an edit: nesting, names, entities,
//! encoding, characters that XML forbids. A DOCTYPE is refused, so no entity can be declared. An
//! error says where and what, but never quotes the document: what looks like a tag may be part of a
//! secret that was not escaped.

use std::io::Read;

use crate::edit::Span;
use crate::limits;

mod ahead;
mod chunk;
mod error;
mod piece;
#[cfg(test)]
mod tests;
mod text;

use ahead::chunks_ahead;
use chunk::{Chunk, ChunkSource, Chunks};
pub use error::XmlError;
use error::malformed;
use piece::{Piece, PieceKind};

/// A tag. An element written `<name/>` has both, each with the place of the whole element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag<'a> {
    /// `<name>`.
    Start(&'a [u8]),
    /// `</name>`, of the innermost element.
    End,
}

/// The text of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// What it says, with references replaced; its beginning where it is longer than was asked for.
    pub kept: &'a str,
    /// Whether that is all.
    pub is_whole: bool,
    /// Whether there are elements in it, of which nothing is told.
    pub has_elements: bool,
    /// Where it stands, as written: all there is between the two tags.
    pub span: Span,
}

/// Reads a document tag by tag in memory of fixed size.
#[derive(Debug)]
pub struct Reader<'a> {
    chunks: Box<dyn ChunkSource + 'a>,
    /// The one that is read, and how many of its pieces are.
    chunk: Chunk,
    read: usize,
    /// The elements that are open.
    open: Vec<Opened>,
    /// The names of those that began before this chunk, one behind the other, and how many there are.
    names: Vec<u8>,
    before: usize,
    has_root: bool,
    /// Where the tag stands that was read last.
    tag: Span,
    /// Where the element begins that the last tag begins or ends.
    element: u64,
    /// The text that was asked for last.
    text: Vec<u8>,
}

/// An element that is open.
#[derive(Debug, Clone, Copy)]
struct Opened {
    /// Where it begins.
    at: u64,
    /// Where its name begins in the chunk, or among those of elements that began before it.
    name: u32,
    /// How long that is.
    length: u32,
}

/// What [`Reader::step`] came to.
enum Step {
    /// A start tag, its name at this place of the chunk.
    Start(u32, u32),
    End,
    Over,
}

/// Where text goes that is wanted.
struct Keep<'a> {
    /// In bytes.
    limit: usize,
    is_whole: bool,
    /// Whether the last byte was a carriage return, as it stands in the document.
    is_after_return: bool,
    /// Is told all of a text that is longer, piece by piece.
    long: &'a mut dyn FnMut(&[u8]),
}

/// Reads a document that another thread takes apart, ahead of `read`; a short one is taken apart here.
pub fn ahead<T>(document: impl Read + Send, read: impl FnOnce(Reader<'_>) -> T) -> T {
    chunks_ahead(document, |chunks| read(Reader::of(chunks)))
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of `document`.
    pub fn new(document: impl Read + 'a) -> Self {
        Self::of(Box::new(Chunks::new(document)))
    }

    fn of(chunks: Box<dyn ChunkSource + 'a>) -> Self {
        Self {
            chunks,
            chunk: Chunk::default(),
            read: 0,
            open: Vec::new(),
            names: Vec::new(),
            before: 0,
            has_root: false,
            tag: Span::at(0),
            element: 0,
            text: Vec::new(),
        }
    }

    /// The next tag; none at the end of the document. Text before it is passed.
    ///
    /// # Errors
    /// [`XmlError`] at the first byte that cannot be right.
    #[inline]
    pub fn next_tag(&mut self) -> Result<Option<Tag<'_>>, XmlError> {
        Ok(match self.step(None)? {
            Step::Start(from, to) => Some(Tag::Start(self.chunk.bytes(from, to))),
            Step::End => Some(Tag::End),
            Step::Over => None,
        })
    }

    /// The text of the element just started, without that of elements in it, of which at most
    /// `limit` bytes are kept. The element's end is passed as if [`Reader::next_tag`] had said so.
    ///
    /// # Errors
    /// Those of [`Reader::next_tag`].
    pub fn text(&mut self, limit: usize) -> Result<Text<'_>, XmlError> {
        self.long_text(limit, &mut |_| {})
    }

    /// The same; of a text of more than `limit` bytes all is told to `long`, in pieces.
    ///
    /// # Errors
    /// Those of [`Reader::next_tag`].
    pub fn long_text(
        &mut self,
        limit: usize,
        long: &mut dyn FnMut(&[u8]),
    ) -> Result<Text<'_>, XmlError> {
        let (start, depth) = (self.tag.end, self.open.len());
        if let Some((from, to)) = self.plain_text(limit)? {
            let end = self.tag.start;
            return Ok(Text {
                kept: self.chunk.text(from, to),
                is_whole: true,
                has_elements: false,
                span: Span { start, end },
            });
        }
        let mut keep = Keep {
            limit,
            is_whole: true,
            is_after_return: false,
            long,
        };
        self.text.clear();
        let mut has_elements = false;
        while self.open.len() >= depth {
            let wanted = (self.open.len() == depth).then_some(&mut keep);
            has_elements |= matches!(self.step(wanted)?, Step::Start(..));
        }
        // Of a character that did not fit only the beginning is there.
        let kept = match str::from_utf8(&self.text) {
            Ok(text) => text,
            Err(error) => {
                let whole = self.text.get(..error.valid_up_to()).unwrap_or_default();
                str::from_utf8(whole).unwrap_or_default()
            }
        };
        let end = self.tag.start.max(start);
        Ok(Text {
            kept,
            is_whole: keep.is_whole,
            has_elements,
            span: Span { start, end },
        })
    }

    /// Where the text of the element just started stands in the chunk, if it is all there is in it;
    /// nearly all of them are so.
    #[inline]
    fn plain_text(&mut self, limit: usize) -> Result<Option<(u32, u32)>, XmlError> {
        let next = self.chunk.pieces().get(self.read..).unwrap_or_default();
        let [text, tag, ..] = next else {
            return Ok(None);
        };
        let (text, tag) = (*text, *tag);
        let (PieceKind::Text, PieceKind::End(length)) = (text.kind, tag.kind) else {
            return Ok(None);
        };
        if (text.end - text.start) as usize > limit || self.chunk.has_returns() {
            return Ok(None);
        }
        self.read += 2;
        self.end(tag, length)?;
        Ok(Some((text.start, text.end)))
    }

    /// Passes over the element just started, its end included.
    ///
    /// # Errors
    /// Those of [`Reader::next_tag`].
    pub fn pass(&mut self) -> Result<(), XmlError> {
        if self.plain_text(usize::MAX)?.is_some() {
            return Ok(());
        }
        let depth = self.open.len();
        while self.open.len() >= depth.max(1) {
            self.step(None)?;
        }
        Ok(())
    }

    /// Where the tag stands that was read last.
    #[inline]
    pub const fn tag(&self) -> Span {
        self.tag
    }

    /// Where the element stands that has just ended.
    #[inline]
    pub const fn element(&self) -> Span {
        Span {
            start: self.element,
            end: self.tag.end,
        }
    }

    /// Goes on to the next tag; keeps the text before it where that is wanted.
    fn step(&mut self, mut keep: Option<&mut Keep<'_>>) -> Result<Step, XmlError> {
        loop {
            let Some(&piece) = self.chunk.pieces().get(self.read) else {
                if self.next_chunk()? {
                    continue;
                }
                return self.finish();
            };
            self.read += 1;
            let Piece { kind, start, end } = piece;
            match kind {
                PieceKind::Start(length) => {
                    self.begin(piece, length)?;
                    return Ok(Step::Start(start + 1, start + 1 + length));
                }
                PieceKind::End(length) => return self.end(piece, length),
                PieceKind::EmptyEnd => {
                    self.open.pop();
                    return Ok(Step::End);
                }
                PieceKind::Text => {
                    let text = self.chunk.bytes(start, end);
                    if self.open.is_empty() && !text.trim_ascii().is_empty() {
                        return malformed(self.chunk.position(start), OUTSIDE);
                    }
                    if let Some(keep) = keep.as_deref_mut() {
                        keep.push_lines(text, &mut self.text);
                    }
                }
                PieceKind::Reference(_) | PieceKind::Literal if self.open.is_empty() => {
                    return malformed(self.chunk.position(start), OUTSIDE);
                }
                PieceKind::Reference(character) => {
                    if let Some(keep) = keep.as_deref_mut() {
                        let mut bytes = [0; 4];
                        let bytes = character.encode_utf8(&mut bytes).as_bytes();
                        keep.is_after_return = false;
                        keep.push(bytes, &mut self.text);
                    }
                }
                PieceKind::Literal => {
                    if let Some(keep) = keep.as_deref_mut() {
                        let [opening, closing] = ["<![CDATA[", "]]>"].map(str::len);
                        let section = self.chunk.bytes(start, end);
                        let text = section.get(opening..section.len() - closing);
                        keep.is_after_return = false;
                        keep.push_lines(text.unwrap_or_default(), &mut self.text);
                        keep.is_after_return = false;
                    }
                }
            }
        }
    }

    /// An element begins.
    fn begin(&mut self, piece: Piece, length: u32) -> Result<(), XmlError> {
        let at = self.chunk.position(piece.start);
        if self.open.is_empty() && self.has_root {
            return malformed(at, "a second root element");
        }
        if self.open.len() >= limits::XML_DEPTH {
            let what = format!("more than {} nested elements", limits::XML_DEPTH);
            return malformed(at, what);
        }
        self.has_root = true;
        self.open.push(Opened {
            at,
            name: piece.start + 1,
            length,
        });
        self.element = at;
        self.tag = Span {
            start: at,
            end: self.chunk.position(piece.end),
        };
        Ok(())
    }

    /// An element ends, which has to be the innermost.
    fn end(&mut self, piece: Piece, length: u32) -> Result<Step, XmlError> {
        let at = self.chunk.position(piece.start);
        let Some(opened) = self.open.pop() else {
            return malformed(at, "an end tag where no element is open");
        };
        let from = piece.start + 2;
        if self.name(opened) != self.chunk.bytes(from, from + length) {
            let start = opened.at;
            let what = format!("an end tag that is not of the element that begins at byte {start}");
            return malformed(at, what);
        }
        if self.open.len() < self.before {
            self.before = self.open.len();
            self.names.truncate(opened.name as usize);
        }
        self.element = opened.at;
        self.tag = Span {
            start: at,
            end: self.chunk.position(piece.end),
        };
        Ok(Step::End)
    }

    /// The name of an element that was the innermost.
    #[inline]
    fn name(&self, opened: Opened) -> &[u8] {
        let Opened { name, length, .. } = opened;
        if self.open.len() >= self.before {
            return self.chunk.bytes(name, name + length);
        }
        self.names.get(name as usize..).unwrap_or_default()
    }

    /// Goes on to the next chunk; false at the end of the document.
    fn next_chunk(&mut self) -> Result<bool, XmlError> {
        for opened in self.open.iter_mut().skip(self.before) {
            let from = opened.name;
            opened.name = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let name = self.chunk.bytes(from, from + opened.length);
            self.names.extend_from_slice(name);
        }
        self.before = self.open.len();
        self.read = 0;
        self.chunks.next(&mut self.chunk)
    }

    fn finish(&mut self) -> Result<Step, XmlError> {
        let end = self.chunk.position(0);
        self.tag = Span::at(end);
        match self.open.last() {
            Some(opened) => {
                let start = opened.at;
                let what =
                    format!("the document ends within the element that begins at byte {start}");
                malformed(end, what)
            }
            None if !self.has_root => malformed(end, "the document has no element"),
            None => Ok(Step::Over),
        }
    }
}

impl Keep<'_> {
    /// Text as it stands in the document, where every line end is read as a line feed (XML 1.0, 2.11).
    fn push_lines(&mut self, text: &[u8], into: &mut Vec<u8>) {
        if !self.is_after_return && memchr::memchr(b'\r', text).is_none() {
            return self.push(text, into);
        }
        for (number, line) in text.split(|byte| *byte == b'\r').enumerate() {
            let line = match line {
                [b'\n', rest @ ..] if number > 0 || self.is_after_return => rest,
                _ => line,
            };
            if number > 0 {
                self.push(b"\n", into);
            }
            self.push(line, into);
        }
        if !text.is_empty() {
            self.is_after_return = text.ends_with(b"\r");
        }
    }

    fn push(&mut self, text: &[u8], into: &mut Vec<u8>) {
        let room = self.limit.saturating_sub(into.len());
        let (kept, beyond) = text.split_at_checked(room).unwrap_or((text, &[]));
        into.extend_from_slice(kept);
        if !beyond.is_empty() {
            if self.is_whole {
                (self.long)(into);
                self.is_whole = false;
            }
            (self.long)(beyond);
        }
    }
}

const OUTSIDE: &str = "text outside of the root element";
