//! What is in resource files: as much noise as asked for, made faster than a disk writes.

use std::io::{self, Read};

use super::random::number;

/// A stretch of noise that files are cut from.
const NOISE: usize = 4 << 20;
/// Noise and sameness take turns in blocks of this size.
const BLOCK: usize = 4096;

/// Makes one file after the other, each different from the last.
pub(crate) struct Payload {
    noise: Vec<u8>,
    at: usize,
}

impl Payload {
    pub(crate) fn new(seed: u64, compressible: u8) -> Self {
        let same = BLOCK * usize::from(compressible) / 100;
        let words = (0..NOISE as u64 / 8).map(|at| number(seed, at).to_le_bytes());
        let mut noise: Vec<u8> = words.flatten().collect();
        for block in noise.chunks_mut(BLOCK) {
            if let Some(block) = block.get_mut(..same) {
                block.fill(b' ');
            }
        }
        Self { noise, at: 0 }
    }

    /// The next file.
    pub(crate) fn file(&mut self, size: u64) -> impl Read + '_ {
        self.at = (self.at + 4099) % NOISE;
        let start = self.at;
        Cut {
            noise: &self.noise,
            at: start,
        }
        .take(size)
    }
}

/// The noise without end.
struct Cut<'a> {
    noise: &'a [u8],
    at: usize,
}

impl Read for Cut<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.noise.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at = (self.at + count) % self.noise.len();
        Ok(count)
    }
}
