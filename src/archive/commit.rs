//! Gives a finished archive its name, and an unfinished one none.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::copy::Sink;
use super::error::ArchiveError;
use super::source::Source;

/// How the name of every unfinished archive ends, so that what a killed run left can be told.
pub const TEMP_SUFFIX: &str = ".flowlift-tmp";

/// Room for the target's name within the temporary one; file systems allow 255 bytes in all.
const NAME_ROOM: usize = 200;

/// Whether an existing target may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// It may.
    Allowed,
    /// It is an error.
    Refused,
}

/// The unfinished archive: a file beside its target, named `.<target>.XXXXXX.flowlift-tmp`.
/// Dropped without [`Pending::commit`], it is removed.
#[derive(Debug)]
pub struct Pending {
    temp: NamedTempFile,
    target: PathBuf,
    overwrite: Overwrite,
}

impl Pending {
    /// Creates it, with at most the mode bits of `source`: it holds the same secrets.
    ///
    /// # Errors
    /// When the target is the source, exists against `overwrite`, or its folder cannot be written.
    pub fn create(
        target: &Path,
        source: &Source,
        overwrite: Overwrite,
    ) -> Result<Self, ArchiveError> {
        if same_file(target, source.path()) {
            return Err(ArchiveError::TargetIsSource {
                path: target.into(),
            });
        }
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::mode(source.permissions());
        #[cfg(not(unix))]
        let mode = 0;
        Self::begin(target, overwrite, mode)
    }

    /// Creates a report about `sources`, which anyone may read whom the umask lets.
    ///
    /// # Errors
    /// As those of [`Pending::create`].
    pub fn report<'a>(
        target: &Path,
        mut sources: impl Iterator<Item = &'a Path>,
        overwrite: Overwrite,
    ) -> Result<Self, ArchiveError> {
        if sources.any(|source| same_file(target, source)) {
            return Err(ArchiveError::TargetIsSource {
                path: target.into(),
            });
        }
        Self::begin(target, overwrite, 0o666)
    }

    /// `mode` counts only where files have mode bits.
    #[cfg_attr(not(unix), expect(unused_variables))]
    fn begin(target: &Path, overwrite: Overwrite, mode: u32) -> Result<Self, ArchiveError> {
        // Found early, before gigabytes are written; the commit does not rely on it.
        if overwrite == Overwrite::Refused && fs::symlink_metadata(target).is_ok() {
            return Err(ArchiveError::TargetExists {
                path: target.into(),
            });
        }
        let failed = |source| ArchiveError::Write {
            path: target.into(),
            source,
        };
        let name = target.file_name().ok_or_else(|| {
            failed(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it names no file",
            ))
        })?;
        let mut prefix = OsString::from(".");
        if name.len() <= NAME_ROOM {
            prefix.push(name);
        } else {
            prefix.push(
                name.to_string_lossy()
                    .chars()
                    .take(NAME_ROOM / 4)
                    .collect::<String>(),
            );
        }
        prefix.push(".");
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(TEMP_SUFFIX);
        #[cfg(unix)]
        let mode = {
            use std::os::unix::fs::PermissionsExt;
            // The umask takes its share when the file is created.
            fs::Permissions::from_mode(mode & 0o777)
        };
        #[cfg(unix)]
        builder.permissions(mode);
        // What went wrong, without the temporary name.
        let temp = builder
            .tempfile_in(folder(target))
            .map_err(|error| failed(error.kind().into()))?;
        Ok(Self {
            temp,
            target: target.into(),
            overwrite,
        })
    }

    /// Where the unfinished archive is, for whoever checks it before it gets its name.
    pub fn path(&self) -> &Path {
        self.temp.path()
    }

    /// Where its bytes go.
    pub fn sink(&mut self) -> Sink<'_, &mut File> {
        Sink {
            path: &self.target,
            out: self.temp.as_file_mut(),
        }
    }

    /// Brings its bytes onto the disk, and only then gives it the target's name, at once.
    ///
    /// # Errors
    /// Nothing is left behind then; an existing target is as it was.
    pub fn commit(self) -> Result<(), ArchiveError> {
        let Self {
            temp,
            target,
            overwrite,
        } = self;
        let failed = |source| ArchiveError::Write {
            path: target.clone(),
            source,
        };
        temp.as_file().sync_all().map_err(failed)?;
        let named = match overwrite {
            Overwrite::Allowed => temp.persist(&target),
            Overwrite::Refused => temp.persist_noclobber(&target),
        };
        named.map_err(|e| match e.error.kind() {
            io::ErrorKind::AlreadyExists => ArchiveError::TargetExists {
                path: target.clone(),
            },
            _ => failed(e.error),
        })?;
        sync_folder(folder(&target)).map_err(failed)
    }
}

fn folder(target: &Path) -> &Path {
    target
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// A name is safe only once its folder is on the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems cannot open a folder, and write its names through.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // as on systems where it can fail
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
