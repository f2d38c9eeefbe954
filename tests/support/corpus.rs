//! Where the real archives lie: outside the repository, and not on every machine.

use std::env;
use std::path::{Path, PathBuf};

/// The paths of the corpus' archives, sorted; without a corpus it says that the test is skipped.
#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
pub(crate) fn archives() -> Option<Vec<PathBuf>> {
    let root = root();
    let mut archives = Vec::new();
    for folder in ["real", "grafted"] {
        let files = root.join(folder).read_dir().into_iter().flatten();
        let paths = files.flatten().map(|file| file.path());
        archives.extend(paths.filter(|path| path.extension().is_some_and(|it| it == "fsproject")));
    }
    if archives.is_empty() {
        eprintln!(
            "skipped: no corpus at {}; set FLOWLIFT_CORPUS",
            root.display()
        );
        return None;
    }
    archives.sort();
    Some(archives)
}

/// The paths of the small archives that each show one odd thing, sorted; where there are none it says
/// that the test is skipped.
#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
pub(crate) fn cases() -> Option<Vec<PathBuf>> {
    let folder = root().join("../cases");
    let files = folder.read_dir().into_iter().flatten();
    let paths = files.flatten().map(|file| file.path());
    let is_archive = |path: &PathBuf| {
        let extension = path.extension().and_then(|it| it.to_str());
        matches!(extension, Some("fsproject" | "fsconfig"))
    };
    let mut cases: Vec<_> = paths.filter(is_archive).collect();
    if cases.is_empty() {
        eprintln!("skipped: no cases at {}", folder.display());
        return None;
    }
    cases.sort();
    Some(cases)
}

fn root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    env::var_os("FLOWLIFT_CORPUS").map_or_else(beside, PathBuf::from)
}
