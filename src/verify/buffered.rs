//! A file that is read at any place through one window: a ZIP reader asks for a few bytes of each of
//! a million entries, which mostly lie behind each other.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use fs_err::File;
use rawzip::{FileReader, ReaderAt};

/// Bytes that are read at once; more than a record of the central directory can have.
pub(super) const BUFFER: usize = 1 << 18;

/// An open file and the part of it that was read last.
#[derive(Debug)]
pub(super) struct Buffered {
    file: FileReader,
    window: RefCell<Window>,
}

#[derive(Debug, Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Buffered {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?.into_file();
        Ok(Self {
            file: file.into(),
            window: RefCell::default(),
        })
    }
}

impl Window {
    /// What it has from `at` on.
    fn from(&self, at: u64) -> &[u8] {
        let ahead = at.checked_sub(self.start);
        let ahead = ahead.and_then(|ahead| usize::try_from(ahead).ok());
        ahead
            .and_then(|ahead| self.bytes.get(ahead..))
            .unwrap_or_default()
    }

    fn move_to(&mut self, at: u64, file: &FileReader) -> io::Result<()> {
        self.start = at;
        self.bytes.resize(BUFFER, 0);
        let read = file.read_at(&mut self.bytes, at);
        self.bytes.truncate(*read.as_ref().unwrap_or(&0));
        read.map(drop)
    }
}

impl ReaderAt for Buffered {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        if into.len() >= BUFFER {
            return self.file.read_at(into, at);
        }
        let mut window = self.window.borrow_mut();
        if window.from(at).is_empty() {
            window.move_to(at, &self.file)?;
        }
        let there = window.from(at);
        let count = there.len().min(into.len());
        if let (Some(into), Some(there)) = (into.get_mut(..count), there.get(..count)) {
            into.copy_from_slice(there);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_those_of_their_place_wherever_the_window_is() {
        let bytes: Vec<u8> = (0..=250).cycle().take(3 * BUFFER).collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs_err::write(file.path(), &bytes).unwrap();
        let file = Buffered::open(file.path()).unwrap();
        let len = bytes.len();
        for at in [0, 7, 6, len - 9, 9, BUFFER - 2, BUFFER + 1, 2, len - 3] {
            for count in [1, 5, BUFFER - 1, BUFFER, BUFFER + 1] {
                let mut read = vec![0; count.min(len - at)];
                file.read_exact_at(&mut read, at as u64).unwrap();
                assert!(read == bytes[at..][..read.len()], "{count} at {at}");
            }
        }
        assert_eq!(file.read_at(&mut [0; 4], len as u64).unwrap(), 0);
    }
}
