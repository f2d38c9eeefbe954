//! A buffered file that keeps its buffer over short leaps: a ZIP reader seeks twice for each of a
//! million entries, mostly to where it is already, and the standard buffer is thrown away each time.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use fs_err::File;

/// Bytes that are read at once.
pub(super) const BUFFER: usize = 1 << 18;

/// An open file and where it is read.
#[derive(Debug)]
pub(super) struct Leaps {
    file: BufReader<File>,
    at: u64,
}

impl Leaps {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = BufReader::with_capacity(BUFFER, File::open(path)?);
        Ok(Self { file, at: 0 })
    }

    /// Where the next byte is read, in bytes from the start of the file.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }
}

impl Read for Leaps {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(bytes)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Leaps {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let ahead = match to {
            SeekFrom::Start(to) => i64::try_from(i128::from(to) - i128::from(self.at)).ok(),
            SeekFrom::Current(ahead) if self.at.checked_add_signed(ahead).is_some() => Some(ahead),
            _ => None,
        };
        if let Some(ahead) = ahead {
            self.file.seek_relative(ahead)?;
            self.at = self.at.saturating_add_signed(ahead);
        } else {
            self.at = self.file.seek(to)?;
        }
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaps_of_any_length_end_where_they_should() {
        let bytes: Vec<u8> = (0..=250).cycle().take(3 * BUFFER).collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs_err::write(file.path(), &bytes).unwrap();
        let mut leaps = Leaps::open(file.path()).unwrap();
        let len = bytes.len() as u64;
        for to in [0, 7, 6, len - 9, 9, BUFFER as u64, BUFFER as u64 + 1, 2] {
            for relative in [0, 1, 2] {
                let from = match relative {
                    0 => SeekFrom::Start(to),
                    1 => SeekFrom::Current(to.cast_signed() - leaps.at().cast_signed()),
                    _ => SeekFrom::End(to.cast_signed() - len.cast_signed()),
                };
                assert_eq!(leaps.seek(from).unwrap(), to);
                let mut read = [0; 5];
                leaps.read_exact(&mut read).unwrap();
                assert_eq!(read, bytes[usize::try_from(to).unwrap()..][..5]);
                assert_eq!(leaps.at(), to + 5);
            }
        }
        assert!(leaps.seek(SeekFrom::Current(i64::MIN)).is_err());
    }
}
