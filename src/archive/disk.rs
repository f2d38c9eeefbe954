//! What the disk is asked beforehand and told on the way, so that there is room to the end and
//! little left to wait for there.
//!
//! A system keeps written bytes until it is made to write them out. If that is only when all are
//! there, the copy and the disk wait for each other in turn; told every few megabytes, both work at
//! once. Measured on ext4: 1.0 s instead of 1.9 s for 2 GB.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::error::ArchiveError;

/// How many bytes may gather before the disk is told.
const STRIDE: u64 = 8 << 20;

/// A file whose bytes are on their way to the disk while more are written.
#[derive(Debug)]
pub struct Flushed<'a> {
    file: &'a mut File,
    written: u64,
    told: u64,
}

impl<'a> Flushed<'a> {
    /// `file` is empty.
    pub(super) const fn new(file: &'a mut File) -> Self {
        Self {
            file,
            written: 0,
            told: 0,
        }
    }
}

impl Write for Flushed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.written += count as u64;
        if self.written - self.told >= STRIDE {
            system::flush(self.file, self.told, self.written - self.told);
            self.told = self.written;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Fails when the disk has no room for `bytes` more in the empty `file` in `folder`, and keeps the
/// room where the system can. A disk that does not say how much is free is taken to have enough.
pub(super) fn reserve(
    file: &File,
    folder: &Path,
    target: &Path,
    bytes: u64,
) -> Result<(), ArchiveError> {
    if let Ok(free) = fs4::available_space(folder)
        && free < bytes
    {
        return Err(ArchiveError::NoSpace {
            path: target.into(),
            needed: bytes,
            free,
        });
    }
    system::allocate(file, bytes).map_err(|source| ArchiveError::Write {
        path: target.into(),
        source,
    })
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io;
    use std::num::NonZero;

    use rustix::fs::{Advice, FallocateFlags, fadvise, fallocate};
    use rustix::io::Errno;

    /// Begins to write out a part of the file, and does not wait for it. "Not needed" is what
    /// Linux takes as the word for that (seen in its `mm/fadvise.c`); what is not written yet stays
    /// in memory, so that the check afterwards finds it there.
    pub(super) fn flush(file: &File, at: u64, bytes: u64) {
        // Advice that is not taken costs time and nothing else.
        let _ = fadvise(file, at, NonZero::new(bytes), Advice::DontNeed);
    }

    /// Keeps room for `bytes` without making the file longer.
    pub(super) fn allocate(file: &File, bytes: u64) -> io::Result<()> {
        match fallocate(file, FallocateFlags::KEEP_SIZE, 0, bytes) {
            Err(full @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => Err(full.into()),
            // Some file systems cannot.
            _ => Ok(()),
        }
    }
}

/// Other systems are left to their own ways.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io;

    pub(super) fn flush(_: &File, _: u64, _: u64) {}

    #[allow(clippy::unnecessary_wraps)] // as where it can fail
    pub(super) fn allocate(_: &File, _: u64) -> io::Result<()> {
        Ok(())
    }
}
