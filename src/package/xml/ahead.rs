//! A document that another thread takes apart: the tags of the next chunks are found while those of the
//! last are understood, which takes about as long.

use std::io::Read;

use super::chunk::{Chunk, ChunkSource, Chunks};
use super::error::XmlError;
use crate::ahead::{Ahead, ahead};

/// How many chunks are read in one go where that is done ahead.
const BATCH: usize = 4;

/// Chunks that are read ahead.
#[derive(Debug, Default)]
struct Batch {
    chunks: [Chunk; BATCH],
    filled: usize,
    /// Why there are no more.
    error: Option<XmlError>,
}

impl Batch {
    /// Reads chunks; false if no more will come.
    fn fill(&mut self, document: &mut impl ChunkSource) -> bool {
        self.filled = 0;
        for chunk in &mut self.chunks {
            match document.next(chunk) {
                Ok(goes_on) => {
                    self.filled += 1;
                    if !goes_on {
                        return false;
                    }
                }
                Err(error) => {
                    self.error = Some(error);
                    return false;
                }
            }
        }
        true
    }
}

/// A document that another thread reads.
struct ChunksAhead<'a> {
    batches: Ahead<'a, Batch>,
    batch: Batch,
    used: usize,
}

impl ChunkSource for ChunksAhead<'_> {
    fn next(&mut self, chunk: &mut Chunk) -> Result<bool, XmlError> {
        while self.used == self.batch.filled {
            if let Some(error) = self.batch.error.take() {
                return Err(error);
            }
            if !self.batches.next(&mut self.batch) {
                *chunk = Chunk::default();
                return Ok(false);
            }
            self.used = 0;
        }
        if let Some(next) = self.batch.chunks.get_mut(self.used) {
            std::mem::swap(chunk, next);
        }
        self.used += 1;
        Ok(!chunk.is_empty())
    }
}

/// Reads a document in a thread of its own, while `take` takes its chunks.
pub(super) fn chunks_ahead<T>(
    document: impl Read + Send,
    take: impl FnOnce(Box<dyn ChunkSource + '_>) -> T,
) -> T {
    let mut document = Chunks::new(document);
    let fill = move |batch: &mut Batch| batch.fill(&mut document);
    ahead(fill, |batches| {
        take(Box::new(ChunksAhead {
            batches,
            batch: Batch::default(),
            used: 0,
        }))
    })
}
