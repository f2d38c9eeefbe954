//! Which names an archive has, in eight bytes for each.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::central::Records;
use super::source::Source;
use crate::archive::error::ArchiveError;

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
            hashes.push(hash(name));
            backslashes |= name.contains(&b'\\');
            let slashes = name.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            let mut folders = slashes.rev().filter_map(|(at, _)| name.get(..at));
            let Some(folder) = folders.next().filter(|folder| *folder != last_folder) else {
                continue;
            };
            hashes.push(hash(folder));
            hashes.extend(folders.map(hash));
            last_folder = folder.to_vec();
        }
        hashes.sort_unstable();
        hashes.dedup();
        Ok(Self {
            hashes,
            backslashes,
        })
    }

    /// Whether there is an entry, or a folder, of this name.
    pub fn contains(&self, name: &str) -> bool {
        let name = name.strip_suffix('/').unwrap_or(name);
        self.hashes.binary_search(&hash(name.as_bytes())).is_ok()
    }
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
