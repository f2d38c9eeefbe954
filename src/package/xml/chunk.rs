//! A document in chunks, each taken apart: valid UTF-8 that splits no character, in memory of fixed
//! size.

use std::io::{ErrorKind, Read};

use super::error::{XmlError, malformed};
use super::token::{Fault, Stop, Token, take_apart};
use crate::limits;

/// A part of a document and the pieces it consists of; empty at the end of the document.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    buffer: Vec<u8>,
    /// Where its text ends in the buffer.
    to: usize,
    /// Position in the document of the buffer's first byte.
    base: u64,
    tokens: Vec<Token>,
}

impl Chunk {
    pub(super) const fn is_empty(&self) -> bool {
        self.to == 0
    }

    /// Its pieces, in order.
    #[inline]
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Some of its bytes.
    #[inline]
    pub(super) fn bytes(&self, from: u32, to: u32) -> &[u8] {
        self.buffer
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// Position in the document of one of its bytes.
    #[inline]
    pub(super) const fn position(&self, at: u32) -> u64 {
        self.base + at as u64
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

impl<R: Read> Chunks<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self {
            reader,
            rest: Vec::new(),
            base: 0,
            ended: false,
        }
    }

    /// Reads the next chunk into one that is done with.
    ///
    /// # Errors
    /// [`XmlError`] where the document cannot be read, or its next piece is none.
    pub(super) fn next(&mut self, chunk: &mut Chunk) -> Result<(), XmlError> {
        chunk.tokens.clear();
        let filled = self.fill(&mut chunk.buffer)?;
        chunk.base = self.base;
        let bytes = chunk.buffer.get(..filled).unwrap_or_default();
        let (text, fault) = text(bytes, self.ended);
        let end = match take_apart(text, &mut chunk.tokens) {
            Ok(()) => text.len(),
            Err(Stop { at: 0, fault: why }) => return Err(self.fault(why, text.len(), fault)),
            // It is taken apart again once all of it is there.
            Err(Stop { at, .. }) => at,
        };
        if let (0, Some(what)) = (end, fault) {
            return malformed(self.base, what);
        }
        chunk.to = end;
        self.base += end as u64;
        self.rest.clear();
        self.rest
            .extend_from_slice(bytes.get(end..).unwrap_or_default());
        Ok(())
    }

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

    /// Fills a buffer with what is left and what comes next; tells how many bytes that is.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<usize, XmlError> {
        let is_first = self.base == 0 && self.rest.is_empty();
        buffer.resize(limits::XML_TAG_BYTES, 0);
        let mut filled = self.rest.len();
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
        if !is_first {
            return Ok(filled);
        }
        match buffer.get(..filled).unwrap_or_default() {
            // A byte order mark.
            [0xEF, 0xBB, 0xBF, ..] => {
                buffer.copy_within(3..filled, 0);
                self.base = 3;
                Ok(filled - 3)
            }
            [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] => {
                malformed(0, "the document is UTF-16, FME Flow writes UTF-8")
            }
            _ => Ok(filled),
        }
    }
}

/// How much of `bytes` is text, and what is wrong behind it, if anything.
fn text(bytes: &[u8], is_last: bool) -> (&str, Option<&'static str>) {
    let (text, fault) = match str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let is_cut = error.error_len().is_none() && !is_last;
            let fault = (!is_cut).then_some("bytes that are not UTF-8");
            (str::from_utf8(whole).unwrap_or_default(), fault)
        }
    };
    match forbidden_character(text.as_bytes()) {
        Some(at) => {
            let fault = "a control character that XML forbids";
            (text.get(..at).unwrap_or_default(), Some(fault))
        }
        None => (text, fault),
    }
}

/// The first byte that XML 1.0 allows nowhere: a control character other than tab and line ends.
fn forbidden_character(bytes: &[u8]) -> Option<usize> {
    let is_forbidden = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
    // Without an early exit the loop runs many bytes at a time; it nearly always finds nothing.
    let any = bytes.iter().fold(false, |any, &b| any | is_forbidden(b));
    bytes.iter().position(|&b| any && is_forbidden(b))
}
