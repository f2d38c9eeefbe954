//! Finds archives, so that a folder can be named in place of everything in it.

use std::iter;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// Extensions of projects and backups.
const EXTENSIONS: [&str; 2] = ["fsproject", "fsconfig"];

/// The archives that `path` names, sorted: itself unless it is a folder, else all `.fsproject` and
/// `.fsconfig` files in it and below. Links are followed, but never in a circle. A folder that an
/// archive was unpacked into counts as one, so that it is said and not passed over; what lies in it is
/// the archive's payload.
///
/// # Errors
/// Folders that could not be read stand among the paths.
pub(crate) fn archives(path: &Path) -> impl Iterator<Item = Result<PathBuf, walkdir::Error>> {
    let whole = path.is_dir() && !is_unpacked(path);
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
    let mut walk = walk.into_iter();
    let inside = iter::from_fn(move || {
        loop {
            match walk.next()? {
                Ok(entry) if entry.depth() > 0 && entry.file_type().is_dir() => {
                    if has_extension(entry.path()) {
                        walk.skip_current_dir();
                        return Some(Ok(entry.into_path()));
                    }
                }
                Ok(entry) if is_archive(&entry) => return Some(Ok(entry.into_path())),
                Err(error) if error.loop_ancestor().is_none() => return Some(Err(error)),
                Ok(_) | Err(_) => {}
            }
        }
    });
    let alone = (!whole).then(|| Ok(path.to_owned()));
    alone.into_iter().chain(inside.take_while(move |_| whole))
}

/// Whether this is a folder with the content of an archive.
fn is_unpacked(folder: &Path) -> bool {
    let holds = |name| folder.join(name).is_file();
    has_extension(folder) || (holds("properties.xml") && holds("data.xml"))
}

fn is_archive(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && has_extension(entry.path())
}

fn has_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| {
        EXTENSIONS
            .iter()
            .any(|known| it.eq_ignore_ascii_case(known))
    })
}
