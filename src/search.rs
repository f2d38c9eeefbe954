//! Finds archives, so that a folder can be named in place of everything in it.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Extensions of projects and backups.
const EXTENSIONS: [&str; 2] = ["fsproject", "fsconfig"];

/// The archives that `path` names, sorted: itself unless it is a folder, else all `.fsproject` and
/// `.fsconfig` files in it and below. Links are followed, but never in a circle.
///
/// # Errors
/// Folders that could not be read stand among the paths.
pub fn archives(path: &Path) -> impl Iterator<Item = Result<PathBuf, walkdir::Error>> {
    let whole = path.is_dir();
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
    let inside = walk.into_iter().filter(move |_| whole);
    let inside = inside.filter_map(|entry| match entry {
        Ok(entry) => is_archive(&entry).then(|| Ok(entry.into_path())),
        Err(error) if error.loop_ancestor().is_some() => None,
        Err(error) => Some(Err(error)),
    });
    let alone = (!whole).then(|| Ok(path.to_owned()));
    alone.into_iter().chain(inside)
}

fn is_archive(entry: &walkdir::DirEntry) -> bool {
    let extension = entry.path().extension().and_then(|it| it.to_str());
    entry.file_type().is_file()
        && extension.is_some_and(|it| {
            EXTENSIONS
                .iter()
                .any(|known| it.eq_ignore_ascii_case(known))
        })
}
