//! A document in chunks: valid UTF-8 that splits no character, in memory of fixed size.

use std::io::{ErrorKind, Read};

use super::error::{XmlError, malformed};
use crate::limits;

/// A document of which one chunk at a time is held.
#[derive(Debug)]
pub(super) struct Chunks<R> {
    reader: R,
    buffer: Box<[u8]>,
    /// Where the text of the chunk ends.
    to: usize,
    /// Where the bytes in the buffer end; from `to` on they are not checked yet.
    filled: usize,
    /// Position in the document of the buffer's first byte.
    base: u64,
    ended: bool,
    /// What is wrong where the text ends.
    fault: Option<&'static str>,
}

impl<R: Read> Chunks<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; limits::XML_TAG_BYTES].into(),
            to: 0,
            filled: 0,
            base: 0,
            ended: false,
            fault: None,
        }
    }

    /// The chunk.
    pub(super) fn text(&self) -> &str {
        let bytes = self.buffer.get(..self.to).unwrap_or_default();
        str::from_utf8(bytes).unwrap_or_default()
    }

    /// Some bytes of the chunk.
    #[inline]
    pub(super) fn bytes(&self, from: u32, to: u32) -> &[u8] {
        self.buffer
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// Position in the document of the chunk's first byte.
    #[inline]
    pub(super) const fn base(&self) -> u64 {
        self.base
    }

    /// Whether the chunk is the last.
    pub(super) const fn is_last(&self) -> bool {
        self.ended
    }

    /// What is wrong right behind the chunk, if anything.
    pub(super) fn fault_behind(&self) -> Result<(), XmlError> {
        match self.fault {
            Some(what) => malformed(self.base + self.to as u64, what),
            None => Ok(()),
        }
    }

    /// Goes on at byte `from` of the chunk; false where nothing is left.
    pub(super) fn advance(&mut self, from: usize) -> Result<bool, XmlError> {
        if from == self.to {
            self.fault_behind()?;
        }
        let is_first = self.base == 0 && self.filled == 0;
        self.buffer.copy_within(from..self.filled, 0);
        self.base += from as u64;
        self.filled -= from;
        while !self.ended && self.filled < self.buffer.len() {
            let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
            match self.reader.read(room) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(XmlError::Read(error)),
            }
        }
        if is_first {
            self.pass_byte_order_mark()?;
        }
        self.check();
        if self.to == 0 {
            self.fault_behind()?;
        }
        Ok(self.to > 0)
    }

    fn pass_byte_order_mark(&mut self) -> Result<(), XmlError> {
        match self.buffer.get(..self.filled).unwrap_or_default() {
            [0xEF, 0xBB, 0xBF, ..] => {
                self.buffer.copy_within(3..self.filled, 0);
                self.base = 3;
                self.filled -= 3;
                Ok(())
            }
            [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] => {
                malformed(0, "the document is UTF-16, FME Flow writes UTF-8")
            }
            _ => Ok(()),
        }
    }

    /// Finds how much of what is in the buffer is text.
    fn check(&mut self) {
        let bytes = self.buffer.get(..self.filled).unwrap_or_default();
        (self.to, self.fault) = match str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), None),
            Err(error) => {
                let is_cut = error.error_len().is_none() && !self.ended;
                let fault = (!is_cut).then_some("bytes that are not UTF-8");
                (error.valid_up_to(), fault)
            }
        };
        if let Some(at) = forbidden_character(bytes.get(..self.to).unwrap_or_default()) {
            self.to = at;
            self.fault = Some("a control character that XML forbids");
        }
    }
}

/// The first byte that XML 1.0 allows nowhere: a control character other than tab and line ends.
fn forbidden_character(bytes: &[u8]) -> Option<usize> {
    let is_forbidden = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
    // Without an early exit the loop runs many bytes at a time; it nearly always finds nothing.
    let any = bytes.iter().fold(false, |any, &b| any | is_forbidden(b));
    bytes.iter().position(|&b| any && is_forbidden(b))
}
