//! Deflate at level 0, in the very blocks that Java's writer makes (seen): 32 768 bytes each, so
//! that an entry rewritten without a change is the same to the byte.

use std::io::{self, Write};

const BLOCK: usize = 32_768;

/// Writes stored deflate blocks (documented: RFC 1951, 3.2.4).
pub(in crate::archive) struct Stored<W> {
    inner: W,
    block: Vec<u8>,
}

impl<W: Write> Stored<W> {
    pub(in crate::archive) fn new(inner: W) -> Self {
        Self {
            inner,
            block: Vec::with_capacity(BLOCK),
        }
    }

    /// Ends the stream but for its last block, which alone may be short or empty and is returned
    /// apart.
    pub(in crate::archive) fn end(self) -> io::Result<(W, Vec<u8>)> {
        let mut last = Vec::with_capacity(5 + self.block.len());
        emit(&mut last, 1, &self.block)?;
        Ok((self.inner, last))
    }
}

fn emit(out: &mut impl Write, last: u8, block: &[u8]) -> io::Result<()> {
    // A block never holds more than its length field can say.
    let len = u16::try_from(block.len()).map_err(io::Error::other)?;
    let [low, high] = len.to_le_bytes();
    out.write_all(&[last, low, high, !low, !high])?;
    out.write_all(block)
}

impl<W: Write> Write for Stored<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full block waits for the byte after it: it might be the last.
        if self.block.len() == BLOCK && !bytes.is_empty() {
            emit(&mut self.inner, 0, &self.block)?;
            self.block.clear();
        }
        let take = bytes.len().min(BLOCK - self.block.len());
        self.block
            .extend_from_slice(bytes.get(..take).unwrap_or_default());
        Ok(take)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn stored_blocks_inflate_to_what_went_in() {
        for len in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let content: Vec<u8> = (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect();
            let mut stored = Stored::new(Vec::new());
            stored.write_all(&content).unwrap();
            let (mut bytes, last) = stored.end().unwrap();
            bytes.extend(last);
            assert_eq!(bytes.len(), len + 5 * len.div_ceil(BLOCK).max(1));
            let mut back = Vec::new();
            flate2::read::DeflateDecoder::new(&bytes[..])
                .read_to_end(&mut back)
                .unwrap();
            assert_eq!(back, content);
        }
    }
}
