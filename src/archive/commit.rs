//! Gives a finished archive its name, and an unfinished one none.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use tempfile::{Builder, NamedTempFile};

use super::copy::Sink;
use super::disk::{self, Flushed};
use super::error::ArchiveError;
use super::input::Input;
use super::share::{Disk, Way};
use super::source::Source;
use crate::edit::Span;

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
        clear(folder(target), &prefix);
        // What went wrong, without the temporary name.
        let temp =
            claimed(&builder, folder(target)).map_err(|error| failed(error.kind().into()))?;
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
    pub fn sink(&mut self) -> Sink<'_, Flushed<'_>> {
        Sink {
            path: &self.target,
            out: Flushed::new(self.temp.as_file()),
            disk: Some(self),
        }
    }

    /// Brings its bytes onto the disk and gives it the target's name, as [`Settled::commit`].
    ///
    /// # Errors
    /// As those of [`Settled::commit`].
    pub fn commit(self) -> Result<(), ArchiveError> {
        self.sync()?;
        Settled(self).commit()
    }

    /// Brings its bytes onto the disk while `check` reads them, so that neither waits for the other.
    ///
    /// # Errors
    /// When the bytes cannot be brought there, or those of `check`.
    pub fn settle<E: From<ArchiveError>>(
        self,
        check: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Settled, E> {
        thread::scope(|scope| {
            let syncing = thread::Builder::new().spawn_scoped(scope, || self.sync());
            let checked = check(self.path());
            match syncing {
                Ok(syncing) => syncing
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
                // The system has no thread left.
                Err(_) => self.sync()?,
            }
            checked
        })?;
        Ok(Settled(self))
    }

    fn sync(&self) -> Result<(), ArchiveError> {
        let failed = |source| ArchiveError::Write {
            path: self.target.clone(),
            source,
        };
        let file = self.temp.as_file();
        // Gives back what was reserved and not needed.
        let length = file.metadata().map_err(failed)?.len();
        file.set_len(length).map_err(failed)?;
        file.sync_all().map_err(failed)
    }
}

/// An archive that is on the disk to its last byte and has no name yet.
#[derive(Debug)]
pub struct Settled(Pending);

impl Settled {
    /// Gives it the target's name, at once. Where the folder cannot be synced after that, the
    /// target is there all the same, which a warning says: only a power cut could still take its
    /// name away.
    ///
    /// # Errors
    /// Nothing is left behind then; an existing target is as it was.
    pub fn commit(self) -> Result<(), ArchiveError> {
        let Pending {
            temp,
            target,
            overwrite,
        } = self.0;
        let failed = |source| ArchiveError::Write {
            path: target.clone(),
            source,
        };
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
        if let Err(error) = sync_folder(folder(&target)) {
            let archive = target.display().to_string();
            tracing::warn!(
                archive,
                "it is complete, but its folder cannot be synced: {error}"
            );
        }
        Ok(())
    }
}

impl Disk for Pending {
    fn prepare(&self, input: &Input, bytes: u64, spans: &[Span]) -> Result<Way, ArchiveError> {
        let (file, target) = (self.temp.as_file(), &*self.target);
        disk::prepare(file, target, folder(target), input, bytes, spans)
    }

    fn share(&self, input: &Input, span: Span, to: u64) -> io::Result<()> {
        disk::share(self.temp.as_file(), input, span, to)
    }
}

/// A temporary file that is locked while it is written, so that nobody takes it for one that a
/// killed run left. It may be taken for one before it is locked; then another is made.
#[cfg(unix)]
fn claimed(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let temp = builder.tempfile_in(folder)?;
        // A file system without locks has none that could be cleared, either.
        if temp.as_file().lock().is_err() || temp.path().exists() {
            return Ok(temp);
        }
    }
}

/// Removes what killed runs left of the same target: its unfinished files that nobody has locked.
/// What cannot be removed does no harm.
#[cfg(unix)]
fn clear(folder: &Path, prefix: &OsStr) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let middle = name
            .strip_prefix(prefix.as_encoded_bytes())
            .and_then(|rest| rest.strip_suffix(TEMP_SUFFIX.as_bytes()));
        let is_ours =
            middle.is_some_and(|it| it.len() == 6 && it.iter().all(u8::is_ascii_alphanumeric));
        // Not through a link, and nothing that would wait to be opened.
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(left) = File::open(entry.path())
            && left.try_lock().is_ok()
            && fs::remove_file(entry.path()).is_ok()
        {
            tracing::debug!("removed what a killed run left: {}", entry.path().display());
        }
    }
}

/// Elsewhere a lock would keep the check from reading the file.
#[cfg(not(unix))]
fn claimed(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    builder.tempfile_in(folder)
}

/// Nothing tells a file that is left from one that is being written.
#[cfg(not(unix))]
fn clear(_: &Path, _: &OsStr) {}

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
