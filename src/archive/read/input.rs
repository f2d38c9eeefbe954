//! The source file, read at positions so that several readers may work at once.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::archive::error::ArchiveError;

/// An open file with what it looked like when it was opened.
#[derive(Debug)]
pub(in crate::archive) struct InputFile {
    file: Positioned,
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
    permissions: fs::Permissions,
}

impl InputFile {
    pub(in crate::archive) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let failed = |source| ArchiveError::Read {
            path: path.into(),
            source,
        };
        // Asked before opening: opening a pipe would wait for its other end.
        let metadata = fs::metadata(path).map_err(failed)?;
        if metadata.is_dir() {
            return Err(ArchiveError::Unpacked { path: path.into() });
        }
        if !metadata.is_file() {
            return Err(ArchiveError::NotAFile { path: path.into() });
        }
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        Ok(Self {
            file: Positioned::new(file),
            path: path.into(),
            len: metadata.len(),
            modified: metadata.modified().ok(),
            permissions: metadata.permissions(),
        })
    }

    pub(in crate::archive) fn path(&self) -> &Path {
        &self.path
    }

    pub(in crate::archive) fn len(&self) -> u64 {
        self.len
    }

    pub(in crate::archive) fn permissions(&self) -> &fs::Permissions {
        &self.permissions
    }

    /// The file itself, for sharing its blocks.
    #[cfg(target_os = "linux")]
    pub(in crate::archive) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Fills `buffer` from `at` on.
    pub(in crate::archive) fn read_exact_at(
        &self,
        buffer: &mut [u8],
        at: u64,
    ) -> Result<(), ArchiveError> {
        let end = at.saturating_add(buffer.len() as u64);
        self.extent(at, end)
            .read_exact(buffer)
            .map_err(|e| self.reading(e))
    }

    /// The bytes from `start` to `end` as a stream.
    pub(in crate::archive) fn extent(&self, start: u64, end: u64) -> Extent<'_> {
        Extent {
            input: self,
            at: start,
            end,
        }
    }

    /// Fails when the file is not what it was at [`InputFile::open`].
    pub(in crate::archive) fn unchanged(&self) -> Result<(), ArchiveError> {
        let now = self.file.metadata().map_err(|e| self.reading(e))?;
        if now.len() == self.len && now.modified().ok() == self.modified {
            Ok(())
        } else {
            Err(ArchiveError::SourceChanged {
                path: self.path.clone(),
            })
        }
    }

    /// The archive error that `error` carries, else a failed read of this file.
    pub(in crate::archive) fn reading(&self, error: io::Error) -> ArchiveError {
        ArchiveError::from_io(error).unwrap_or_else(|source| ArchiveError::Read {
            path: self.path.clone(),
            source,
        })
    }
}

/// A stretch of the file; its errors carry [`ArchiveError`]s.
#[derive(Debug)]
pub(in crate::archive) struct Extent<'a> {
    input: &'a InputFile,
    at: u64,
    end: u64,
}

impl Extent<'_> {
    /// Bytes not read yet.
    pub(in crate::archive) fn left(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }
}

impl Read for Extent<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let take = buffer
            .len()
            .min(usize::try_from(self.left()).unwrap_or(usize::MAX));
        let Some(buffer) = buffer.get_mut(..take).filter(|b| !b.is_empty()) else {
            return Ok(0);
        };
        let count = loop {
            match self.input.file.read_at(buffer, self.at) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                result => break result.map_err(|e| self.input.reading(e).into_io())?,
            }
        };
        if count == 0 {
            let path = self.input.path.clone();
            return Err(ArchiveError::SourceShrank { path, at: self.end }.into_io());
        }
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(any(unix, windows))]
use system::Positioned;

#[cfg(any(unix, windows))]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    #[cfg(unix)]
    use std::os::unix::fs::FileExt;
    #[cfg(windows)]
    use std::os::windows::fs::FileExt;

    /// The system's own positioned read.
    #[derive(Debug)]
    pub(in crate::archive) struct Positioned(File);

    impl Positioned {
        pub(in crate::archive) fn new(file: File) -> Self {
            Self(file)
        }

        #[cfg(target_os = "linux")]
        pub(in crate::archive) fn as_file(&self) -> &File {
            &self.0
        }

        pub(in crate::archive) fn metadata(&self) -> io::Result<Metadata> {
            self.0.metadata()
        }

        pub(in crate::archive) fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
            #[cfg(unix)]
            return self.0.read_at(buffer, at);
            #[cfg(windows)]
            return self.0.seek_read(buffer, at);
        }
    }
}

#[cfg(not(any(unix, windows)))]
use portable::Positioned;

#[cfg(not(any(unix, windows)))]
mod portable {
    use std::fs::{File, Metadata};
    use std::io::{self, Read, Seek, SeekFrom};
    use std::sync::{Mutex, PoisonError};

    /// One reader at a time, where the system knows no positioned read.
    #[derive(Debug)]
    pub(in crate::archive) struct Positioned(Mutex<File>);

    impl Positioned {
        pub(in crate::archive) fn new(file: File) -> Self {
            Self(Mutex::new(file))
        }

        pub(in crate::archive) fn metadata(&self) -> io::Result<Metadata> {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .metadata()
        }

        pub(in crate::archive) fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
            let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(at))?;
            file.read(buffer)
        }
    }
}
