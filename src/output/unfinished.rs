//! The unfinished files of this process, for the case that it has to end where it stands.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Nothing is abandoned while what this returns lives.
pub(super) fn naming() -> MutexGuard<'static, ()> {
    UNFINISHED.naming()
}

/// Files that have no name yet.
#[derive(Debug)]
pub(super) struct Unfinished {
    paths: Mutex<BTreeSet<PathBuf>>,
    /// Held while files that belong together get their names.
    naming: Mutex<()>,
}

/// Those of the process.
static UNFINISHED: Unfinished = Unfinished::new();

/// A file that is one of them while this lives.
#[derive(Debug)]
pub(super) struct Listed(PathBuf);

impl Listed {
    pub(super) fn new(path: &Path) -> Self {
        UNFINISHED.add(path);
        Self(path.to_owned())
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        UNFINISHED.forget(&self.0);
    }
}

/// Removes what is unfinished and lets nothing more get a name: the process is about to end. What
/// belongs together gets its names first.
#[cfg(feature = "cli")]
pub(crate) fn abandon() {
    std::mem::forget(UNFINISHED.naming());
    UNFINISHED.remove();
}

impl Unfinished {
    const fn new() -> Self {
        Self {
            paths: Mutex::new(BTreeSet::new()),
            naming: Mutex::new(()),
        }
    }

    fn add(&self, path: &Path) {
        self.paths().insert(path.to_owned());
    }

    fn forget(&self, path: &Path) {
        self.paths().remove(path);
    }

    fn naming(&self) -> MutexGuard<'_, ()> {
        self.naming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(any(feature = "cli", test))]
    fn remove(&self) {
        for path in &*self.paths() {
            // What is not there any more has its name, or was removed.
            let _ = std::fs::remove_file(path);
        }
    }

    fn paths(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_yet_is_removed_and_what_has_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b", "c"].map(|name| folder.path().join(name));
        let unfinished = Unfinished::new();
        for path in &paths {
            fs_err::write(path, "x").unwrap();
            unfinished.add(path);
        }
        unfinished.forget(&paths[1]);
        fs_err::remove_file(&paths[2]).unwrap();
        unfinished.remove();
        assert_eq!(paths.map(|path| path.exists()), [false, true, false]);
    }
}
