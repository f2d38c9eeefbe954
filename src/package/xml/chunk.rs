//! A document in chunks, each taken apart: valid UTF-8 that splits no character, in memory of fixed
//! size.

use std::fmt;
use std::io::{ErrorKind, Read};

use super::error::{XmlError, malformed};
use super::piece::{Fault, Piece, Stop, take_apart};
use crate::limits;

/// A part of a document and the pieces it consists of.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    text: String,
    /// Position in the document of its first byte.
    base: u64,
    pieces: Vec<Piece>,
    has_returns: bool,
}

impl Chunk {
    /// Its pieces, in order.
    #[inline]
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether it is that behind the end of the document.
    pub(super) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether there is a carriage return in it, which is read as another line end.
    #[inline]
    pub(super) const fn has_returns(&self) -> bool {
        self.has_returns
    }

    /// Some of it: a piece, or a part of one between characters.
    #[inline]
    pub(super) fn text(&self, from: u32, to: u32) -> &str {
        self.text
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// The same as bytes.
    #[inline]
    pub(super) fn bytes(&self, from: u32, to: u32) -> &[u8] {
        self.text
            .as_bytes()
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// Position in the document of one of its bytes.
    #[inline]
    pub(super) const fn position(&self, at: u32) -> u64 {
        self.base + at as u64
    }
}

/// Where the chunks of a document come from.
pub(super) trait ChunkSource {
    /// Puts the next chunk in the place of one that is done with; false at the end of the document, where
    /// it is empty.
    ///
    /// # Errors
    /// [`XmlError`] where the document cannot be read, or its next piece is none.
    fn next(&mut self, chunk: &mut Chunk) -> Result<bool, XmlError>;
}

impl fmt::Debug for dyn ChunkSource + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkSource")
    }
}

/// A document that is read chunk by chunk.
#[derive(Debug)]
pub(super) struct Chunks<R> {
    reader: R,
    /// What was read and is taken apart with the next chunk, and where it begins in the document.
    rest: Vec<u8>,
    base: u64,
    ended: bool,
}

impl<R> Chunks<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self {
            reader,
            rest: Vec::new(),
            base: 0,
            ended: false,
        }
    }
}

impl<R: Read> ChunkSource for Chunks<R> {
    fn next(&mut self, chunk: &mut Chunk) -> Result<bool, XmlError> {
        chunk.pieces.clear();
        let buffer = std::mem::take(&mut chunk.text).into_bytes();
        let (text, mut behind, fault) = text(self.fill(buffer)?, self.ended);
        chunk.base = self.base;
        let end = match take_apart(&text, &mut chunk.pieces) {
            Ok(()) => text.len(),
            Err(Stop { at: 0, fault: why }) => return Err(self.fault(why, text.len(), fault)),
            // It is taken apart again once all of it is there.
            Err(Stop { at, .. }) => at,
        };
        if let (0, Some(what)) = (end, fault) {
            return malformed(self.base, what);
        }
        self.base += end as u64;
        self.rest.clear();
        let unfinished = text.get(end..).unwrap_or_default();
        self.rest.extend_from_slice(unfinished.as_bytes());
        self.rest.append(&mut behind);
        chunk.has_returns = memchr::memchr(b'\r', text.as_bytes()).is_some();
        chunk.text = text;
        Ok(end > 0)
    }
}

impl<R: Read> Chunks<R> {
    /// Why a chunk does not begin with a piece: `behind` its `length` bytes of text something is wrong.
    fn fault(&self, why: Fault, length: usize, behind: Option<&'static str>) -> XmlError {
        let (at, what) = match (why, behind) {
            (Fault::Broken(what), _) => (self.base, what),
            (Fault::Unfinished, Some(what)) => (self.base + length as u64, what.to_owned()),
            (Fault::Unfinished, None) if self.ended => (
                self.base,
                "the document ends within a tag, a comment or a section".to_owned(),
            ),
            (Fault::Unfinished, None) => (
                self.base,
                format!(
                    "a tag, a comment or a section of more than {} bytes",
                    limits::XML_TAG_BYTES
                ),
            ),
        };
        XmlError::Malformed { at, what }
    }

    /// What is left and what comes next, in a buffer that is done with.
    fn fill(&mut self, mut buffer: Vec<u8>) -> Result<Vec<u8>, XmlError> {
        let is_first = self.base == 0 && self.rest.is_empty();
        let mut filled = self.rest.len();
        buffer.resize(limits::XML_TAG_BYTES, 0);
        if let Some(left) = buffer.get_mut(..filled) {
            left.copy_from_slice(&self.rest);
        }
        while !self.ended && filled < buffer.len() {
            let room = buffer.get_mut(filled..).unwrap_or_default();
            match self.reader.read(room) {
                Ok(0) => self.ended = true,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(XmlError::Read(error)),
            }
        }
        buffer.truncate(filled);
        match &*buffer {
            // A byte order mark.
            [0xEF, 0xBB, 0xBF, ..] if is_first => {
                buffer.drain(..3);
                self.base = 3;
            }
            [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] if is_first => {
                return malformed(0, "the document is UTF-16, FME Flow writes UTF-8");
            }
            _ => {}
        }
        Ok(buffer)
    }
}

/// How much of `bytes` is text, what stands behind it, and what is wrong with that, if anything.
fn text(bytes: Vec<u8>, is_last: bool) -> (String, Vec<u8>, Option<&'static str>) {
    let (mut text, mut behind, fault) = match String::from_utf8(bytes) {
        Ok(text) => (text, Vec::new(), None),
        Err(error) => {
            let at = error.utf8_error();
            let mut whole = error.into_bytes();
            let behind = whole.split_off(at.valid_up_to());
            let is_cut = at.error_len().is_none() && !is_last;
            let fault = (!is_cut).then_some("bytes that are not UTF-8");
            (String::from_utf8(whole).unwrap_or_default(), behind, fault)
        }
    };
    let Some(at) = forbidden_character(text.as_bytes()) else {
        return (text, behind, fault);
    };
    let mut forbidden = text.split_off(at).into_bytes();
    forbidden.append(&mut behind);
    let fault = "a control character that XML forbids";
    (text, forbidden, Some(fault))
}

/// The first byte that XML 1.0 allows nowhere: a control character other than tab and line ends.
fn forbidden_character(bytes: &[u8]) -> Option<usize> {
    let is_forbidden = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
    // Without an early exit the loop runs many bytes at a time; it nearly always finds nothing.
    let any = bytes.iter().fold(false, |any, &b| any | is_forbidden(b));
    bytes.iter().position(|&b| any && is_forbidden(b))
}
