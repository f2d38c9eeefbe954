//! Gives a finished file its name, and an unfinished one none.

use std::ffi::OsString;
use std::fs::{self, File, FileType};
use std::io;
use std::path::{MAIN_SEPARATOR, Path};
use std::thread;

use tempfile::{Builder, NamedTempFile};

use super::files::{FileRole, Files};
use super::leftovers::{TEMP_SUFFIX, claimed, clear};
use super::turn::Turn;
use super::unfinished::Listed;
#[cfg(windows)]
use super::windows::{patiently, whole_path};
use super::{OutputError, Overwrite};
use crate::archive::{Flushed, Sink};

/// Room for the target's name within the temporary one; file systems allow 255 bytes in all.
const NAME_ROOM: usize = 200;

/// What a file becomes.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// Its name.
    pub path: &'a Path,
    /// What it is in the run.
    pub role: FileRole<'a>,
    /// Whether an existing file may be replaced.
    pub overwrite: Overwrite,
    /// Who may read it.
    pub access: FileAccess<'a>,
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy)]
pub enum FileAccess<'a> {
    /// Whom the system lets read new files.
    Default,
    /// At most those who may read a file with these permissions: it holds the same secrets.
    Like(&'a fs::Permissions),
}

/// An unfinished file: it lies beside its target, as `.<target>.XXXXXX.flowlift-tmp`. Dropped without
/// [`SyncedOutput::commit`], it is removed.
#[derive(Debug)]
pub struct TempOutput<'a> {
    temp: NamedTempFile,
    target: NewFile<'a>,
    files: &'a Files,
    listed: Listed,
}

impl<'a> TempOutput<'a> {
    /// Creates it. What would keep the finished file from its name is found now, before gigabytes are
    /// written; the commit does not rely on it.
    ///
    /// # Errors
    /// When the target is another file of the run, may not be replaced, or its folder cannot be
    /// written.
    pub fn create(files: &'a Files, target: NewFile<'a>) -> Result<Self, OutputError> {
        let path = target.path;
        files.add(target.role, path)?;
        replaceable(path, target.overwrite)?;
        let failed = |error| OutputError::write(path, error);
        let unnamed = || io::Error::new(io::ErrorKind::InvalidInput, "it names no file");
        let name = path.file_name().ok_or_else(|| failed(unnamed()))?;
        let mut prefix = OsString::from(".");
        if name.len() <= NAME_ROOM {
            prefix.push(name);
        } else {
            let name = name.to_string_lossy();
            prefix.push(name.chars().take(NAME_ROOM / 4).collect::<String>());
        }
        prefix.push(".");
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(TEMP_SUFFIX);
        #[cfg(unix)]
        builder.permissions(target.access.mode());
        clear(&whole_path(folder(path)), &prefix);
        // What went wrong, without the temporary name.
        let temp = claimed(&builder, &whole_path(folder(path)));
        let temp = temp.map_err(|error| failed(error.kind().into()))?;
        let listed = Listed::new(temp.path());
        Ok(Self {
            temp,
            target,
            files,
            listed,
        })
    }

    /// What it becomes.
    pub const fn target(&self) -> &'a Path {
        self.target.path
    }

    /// Where the unfinished file is, for whoever checks it before it gets its name.
    pub fn path(&self) -> &Path {
        self.temp.path()
    }

    /// Where its bytes go.
    pub fn sink(&mut self) -> Sink<'_, Flushed<'_>> {
        Sink::file(self.target.path, self.temp.as_file())
    }

    /// What it is for the bytes not to get there.
    pub fn failed(&self, error: io::Error) -> OutputError {
        OutputError::write(self.target.path, error)
    }

    /// Brings its bytes onto the disk.
    ///
    /// # Errors
    /// When they cannot be brought there.
    pub fn sync(self) -> Result<SyncedOutput<'a>, OutputError> {
        self.give_back()?;
        self.flush()?;
        Ok(SyncedOutput(self))
    }

    /// Brings its bytes onto the disk while `check` reads them, so that neither waits for the other.
    ///
    /// # Errors
    /// When the bytes cannot be brought there, or those of `check`.
    pub fn sync_while<E: From<OutputError>>(
        self,
        check: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<SyncedOutput<'a>, E> {
        self.give_back()?;
        thread::scope(|scope| {
            let syncing = thread::Builder::new().spawn_scoped(scope, || self.flush());
            let checked = check(self.path());
            match syncing {
                Ok(syncing) => syncing
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
                // The system has no thread left.
                Err(_) => self.flush()?,
            }
            checked
        })?;
        Ok(SyncedOutput(self))
    }

    /// Gives back what was reserved and not needed, before anybody reads it.
    fn give_back(&self) -> Result<(), OutputError> {
        let file = self.temp.as_file();
        let length = file.metadata().map(|metadata| metadata.len());
        let given = length.and_then(|length| file.set_len(length));
        given.map_err(|error| self.failed(error))
    }

    fn flush(&self) -> Result<(), OutputError> {
        let synced = self.temp.as_file().sync_all();
        synced.map_err(|error| self.failed(error))
    }
}

/// A file that is on the disk to its last byte and has no name yet.
#[derive(Debug)]
pub struct SyncedOutput<'a>(TempOutput<'a>);

impl SyncedOutput<'_> {
    /// Waits until no other process names files in this folder, and keeps others from it: what
    /// belongs together gets its names together.
    pub fn turn(&self) -> Turn {
        Turn::take(folder(self.0.target.path))
    }

    /// Gives it the target's name, at once. Where the folder cannot be synced after that, the
    /// target is there all the same, which a warning says: only a power cut could still take its
    /// name away.
    ///
    /// # Errors
    /// Nothing is left behind then; an existing target is as it was.
    pub fn commit(self) -> Result<(), OutputError> {
        let TempOutput {
            temp,
            target,
            files,
            listed: _until_it_is_named,
        } = self.0;
        let NewFile {
            path, overwrite, ..
        } = target;
        // Again, because another process, or this one under a name that only the disk takes for the
        // same, may have made it meanwhile.
        let before = files.add_known(target.role, path)?;
        replaceable(path, overwrite)?;
        let named = patiently(temp, |temp| {
            let named = match overwrite {
                Overwrite::Allowed => temp.persist(whole_path(path)),
                Overwrite::Refused => temp.persist_noclobber(whole_path(path)),
            };
            named.map_err(|error| (error.error, error.file))
        });
        let file = named.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => OutputError::Exists { path: path.into() },
            _ => OutputError::write(path, error),
        })?;
        files.replaced(&before, path);
        if let Err(error) = sync_name(&file, folder(path)) {
            let archive = path.display().to_string();
            tracing::warn!(
                archive,
                "it is complete, but its folder cannot be synced: {error}"
            );
        }
        Ok(())
    }
}

#[cfg(unix)]
impl FileAccess<'_> {
    /// The umask takes its share when the file is created.
    fn mode(self) -> fs::Permissions {
        use std::os::unix::fs::PermissionsExt;
        let mode = match self {
            Self::Default => 0o666,
            Self::Like(permissions) => permissions.mode() & 0o777,
        };
        fs::Permissions::from_mode(mode)
    }
}

/// Fails unless `path` is free, or is a regular file that may be replaced.
fn replaceable(path: &Path, overwrite: Overwrite) -> Result<(), OutputError> {
    let refused = |what| {
        let path = path.into();
        Err(OutputError::NotRegular { path, what })
    };
    let text = path.as_os_str().as_encoded_bytes();
    if text.ends_with(b"/") || text.ends_with(&[MAIN_SEPARATOR as u8]) {
        return refused("a folder");
    }
    #[cfg(windows)]
    super::windows::check_name(path)?;
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(OutputError::write(path, error)),
        Ok(found) if !found.is_file() => refused(kind(found.file_type())),
        Ok(_) if overwrite == Overwrite::Refused => Err(OutputError::Exists { path: path.into() }),
        #[cfg(windows)]
        Ok(_) => super::windows::try_to_replace(path),
        #[cfg(not(windows))]
        Ok(_) => Ok(()),
    }
}

fn kind(found: FileType) -> &'static str {
    if found.is_dir() {
        "a folder"
    } else if found.is_symlink() {
        "a link"
    } else {
        "a device or a pipe"
    }
}

fn folder(target: &Path) -> &Path {
    target
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Brings a name onto the disk: it is safe only once its folder is.
#[cfg(unix)]
fn sync_name(_: &File, folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems cannot open a folder; they write the name with the file.
#[cfg(not(unix))]
fn sync_name(file: &File, _: &Path) -> io::Result<()> {
    file.sync_all()
}

/// A path as the system takes it, whatever its length.
#[cfg(not(windows))]
fn whole_path(path: &Path) -> std::path::PathBuf {
    path.to_owned()
}

/// Gives a file its name; where it is open elsewhere, that is no hindrance.
#[cfg(not(windows))]
fn patiently<T>(temp: T, give: impl Fn(T) -> Result<File, (io::Error, T)>) -> io::Result<File> {
    give(temp).map_err(|(error, _)| error)
}
