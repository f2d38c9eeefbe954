//! Several files that belong together, such as an archive and its task log, get their names one
//! after the other. Where two processes replace the same ones, each waits for its turn, so that in
//! the end all are of one process. Where a disk knows no locks, nobody waits.

use std::fs::File;
use std::path::Path;
use std::sync::MutexGuard;

use super::unfinished;

/// Nobody else has a turn in this folder while this lives.
#[derive(Debug)]
pub struct Turn {
    _lock: Option<File>,
    /// Nor does this process end between two of the names.
    _naming: MutexGuard<'static, ()>,
}

impl Turn {
    pub(super) fn take(folder: &Path) -> Self {
        Self {
            _lock: system::lock(folder),
            _naming: unfinished::naming(),
        }
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::path::Path;

    /// The folder itself is locked, which leaves nothing behind.
    pub(super) fn lock(folder: &Path) -> Option<File> {
        File::open(folder).ok().filter(|it| it.lock().is_ok())
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{File, OpenOptions};
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;
    use std::thread::sleep;
    use std::time::Duration;

    /// To write and to delete (documented: `GENERIC_WRITE`, `DELETE`).
    const RIGHTS: u32 = 0x4001_0000;
    /// The system removes it, however the process ends (documented: `FILE_FLAG_DELETE_ON_CLOSE`).
    const WHILE_OPEN: u32 = 0x0400_0000;
    /// Another has it open, or it is about to be removed (documented: `ERROR_SHARING_VIOLATION`,
    /// `ERROR_ACCESS_DENIED`).
    const BUSY: [i32; 2] = [32, 5];
    /// A turn takes milliseconds; after ten seconds nobody is waited for.
    const TRIES: u32 = 1000;
    const PAUSE: Duration = Duration::from_millis(10);

    /// Folders cannot be locked, so a file in it stands for it.
    pub(super) fn lock(folder: &Path) -> Option<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).access_mode(RIGHTS);
        options.share_mode(0).custom_flags(WHILE_OPEN);
        for _ in 0..TRIES {
            match options.open(folder.join(".flowlift-turn")) {
                Ok(file) => return Some(file),
                Err(error) if error.raw_os_error().is_some_and(|it| BUSY.contains(&it)) => {
                    sleep(PAUSE);
                }
                Err(_) => return None,
            }
        }
        None
    }
}

#[cfg(not(any(unix, windows)))]
mod system {
    use std::fs::File;
    use std::path::Path;

    pub(super) const fn lock(_: &Path) -> Option<File> {
        None
    }
}
