//! Which names an archive has, in eight bytes for each entry and each folder.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::central::Records;
use super::source::Source;
use crate::archive::error::ArchiveError;
use crate::limits::FOLDERS_KNOWN;

/// The names of all entries, and of the folders they lie in. What was not put in may be taken for
/// there once in 10^13 times, with a million entries; what was put in is always there.
#[derive(Debug)]
pub struct Names {
    hashes: Vec<u64>,
    /// Whether any of them has a backslash.
    pub backslashes: bool,
}

impl Names {
    /// Goes through the central directory.
    ///
    /// # Errors
    /// Those of reading.
    pub fn of(source: &Source) -> Result<Self, ArchiveError> {
        let count = usize::try_from(source.entry_count()).unwrap_or_default();
        let mut hashes = Vec::with_capacity(count);
        let mut last_folder = Vec::new();
        let mut backslashes = false;
        let mut records = Records::new(&source.input, source.ends.directory);
        while let Some((_, entry)) = records.next()? {
            let name = entry.name.strip_suffix(b"/").unwrap_or(entry.name);
            backslashes |= memchr::memchr(b'\\', name).is_some();
            hashes.push(hash(name));
            let folder = memchr::memrchr(b'/', name).and_then(|end| name.get(..end));
            // Entries of one folder mostly follow each other.
            if let Some(folder) = folder.filter(|folder| *folder != last_folder) {
                folder.clone_into(&mut last_folder);
                let outer = memchr::memchr_iter(b'/', name).take(FOLDERS_KNOWN);
                hashes.extend(outer.filter_map(|end| name.get(..end)).map(hash));
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        Ok(Self {
            hashes,
            backslashes,
        })
    }

    /// Whether there is an entry, or a folder, of this name; a folder that lies in
    /// [`FOLDERS_KNOWN`] others, or in more, may be there.
    pub fn contains(&self, name: &str) -> bool {
        let name = name.strip_suffix('/').unwrap_or(name).as_bytes();
        self.hashes.binary_search(&hash(name)).is_ok()
            || memchr::memchr_iter(b'/', name)
                .nth(FOLDERS_KNOWN - 1)
                .is_some()
    }
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
