//! Builds the fixtures' archives from their readable trees.
//!
//! A diff of an archive says nothing, so the trees under `fixtures/` are what people read and edit,
//! and the archives beside them are derived. The rules stand in `fixtures/README.md`.

use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::java_zip::{DosTime, JavaZip};

/// A tree under `fixtures/`, and when FME Flow would have packed it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixture {
    /// Name of the tree, and of the archive without its extension.
    pub(crate) name: &'static str,
    /// `fsproject` or `fsconfig`.
    pub(crate) extension: &'static str,
    packed: DosTime,
}

/// Every fixture, oldest schema first.
pub(crate) const FIXTURES: [Fixture; 5] = [
    Fixture::new("archive-2.16", "fsproject", (2017, 5, 9), (14, 39, 28)),
    Fixture::new("harbour-2.57", "fsproject", (2022, 6, 14), (9, 5, 2)),
    Fixture::new("parks-2.99", "fsproject", (2025, 11, 19), (20, 24, 34)),
    Fixture::new("city", "fsconfig", (2026, 2, 27), (23, 59, 58)),
    Fixture::new("next-2.111", "fsproject", (2026, 6, 30), (0, 0, 0)),
];

/// What lies in an archive's root, in FME Flow's order; what it does not know comes last.
const ROOT: [&str; 6] = [
    "properties.xml",
    "data.xml",
    "project.yml",
    "README.md",
    FILES,
    "files.map",
];
/// Numbered files and trees.
const FILES: &str = "files";
/// Git keeps no empty directory; this file keeps it and is not packed.
const KEEP: &str = ".gitkeep";

impl Fixture {
    const fn new(
        name: &'static str,
        extension: &'static str,
        date: (u16, u16, u16),
        clock: (u16, u16, u16),
    ) -> Self {
        Self {
            name,
            extension,
            packed: DosTime::new(date, clock),
        }
    }

    /// Where the built archive lies in the repository.
    pub(crate) fn archive(&self) -> PathBuf {
        folder().join(format!("{}.{}", self.name, self.extension))
    }

    /// The archive's bytes, from the tree.
    ///
    /// # Errors
    /// Those of reading the tree; [`io::ErrorKind::InvalidData`] for names that are not UTF-8.
    pub(crate) fn build(&self) -> io::Result<Vec<u8>> {
        let tree = folder().join(self.name);
        let mut zip = JavaZip::new(Vec::new());
        for name in entries(&tree)? {
            let bytes = match name.as_str() {
                directory if directory.ends_with('/') => Vec::new(),
                "data.xml" => one_line(&fs::read_to_string(tree.join(&name))?).into_bytes(),
                file => fs::read(tree.join(file))?,
            };
            zip.entry(&name, self.packed, bytes.as_slice())?;
        }
        zip.finish()
    }
}

/// The folder the fixtures lie in.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The names of a tree's entries in FME Flow's order.
fn entries(tree: &Path) -> io::Result<Vec<String>> {
    let mut root = names(tree)?;
    root.sort_by_key(|name| {
        ROOT.iter()
            .position(|known| known == name)
            .unwrap_or(ROOT.len())
    });
    let mut entries = Vec::new();
    for name in root {
        if name == FILES {
            let mut files = names(&tree.join(FILES))?;
            files.sort_by_key(|name| number(name));
            files
                .into_iter()
                .try_for_each(|name| walk(tree, format!("{FILES}/{name}"), &mut entries))?;
        } else {
            walk(tree, name, &mut entries)?;
        }
    }
    Ok(entries)
}

/// The `N` of `<N>_<name>`.
fn number(name: &str) -> Option<u32> {
    name.split_once('_')?.0.parse().ok()
}

/// Adds a file, what a directory holds, or a directory that holds nothing.
fn walk(tree: &Path, name: String, entries: &mut Vec<String>) -> io::Result<()> {
    let path = tree.join(&name);
    if !path.is_dir() {
        entries.push(name);
        return Ok(());
    }
    let inside = names(&path)?;
    if inside.is_empty() {
        entries.push(name + "/");
        return Ok(());
    }
    inside
        .into_iter()
        .try_for_each(|child| walk(tree, format!("{name}/{child}"), entries))
}

/// What a directory holds, sorted by its bytes.
fn names(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().into_string();
        let name = name.map_err(|name| {
            io::Error::new(io::ErrorKind::InvalidData, name.display().to_string())
        })?;
        if name != KEEP {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Takes the indentation out of a readable `data.xml`: FME Flow writes one line after the
/// declaration. Blanks between an opening tag and its own closing tag are a value and stay.
fn one_line(xml: &str) -> String {
    let mut line = String::with_capacity(xml.len());
    let mut last_tag = "";
    for piece in xml.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.rfind('<').unwrap_or(piece.len()));
        let value = tag.starts_with("</") && !last_tag.starts_with("</");
        if value || !text.trim().is_empty() {
            line.push_str(text);
        }
        line.push_str(tag);
        if tag.starts_with("<?") {
            line.push('\n');
        }
        last_tag = tag;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn indentation_goes_and_values_stay() {
        let readable = "<?xml version=\"1.0\"?>\n<a>\n  <b>\n    <c> \n </c>\n    <c></c>\n    \
                        <c>one\n  two</c>\n  </b>\n</a>\n";
        let line = "<?xml version=\"1.0\"?>\n<a><b><c> \n </c><c></c><c>one\n  two</c></b></a>";
        assert_eq!(one_line(readable), line);
    }
}
