//! An open archive: checked once, then read at positions and never written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::path::Path;
use std::sync::Arc;

use super::central::Records;
use super::content::EntryReader;
use super::end_records::EndRecords;
use super::entry::Entry;
use super::input::{Extent, InputFile};
use super::local::{Local, Surroundings};
use super::preflight::{DirectoryIndex, preflight};
use super::wanted::Wanted;
use crate::archive::error::ArchiveError;
use crate::watch::{Unwatched, Watch};

/// A ZIP that passed the preflight. Several readers may use it at once.
#[derive(Debug)]
pub struct Source {
    pub(in crate::archive) input: Arc<InputFile>,
    pub(in crate::archive) ends: EndRecords,
    contents: DirectoryIndex,
    wanted: Wanted,
}

impl Source {
    /// Opens the archive for reading and checks its whole central directory, in memory that does
    /// not grow with the number of entries, but for 8 bytes for each that may be looked up (and 16 for each
    /// entry where the directory is out of order).
    ///
    /// # Errors
    /// A refusal names its evidence; see [`ArchiveError`].
    pub fn open(path: &Path, wanted: Wanted) -> Result<Self, ArchiveError> {
        let input = InputFile::open(path)?;
        let ends = EndRecords::find(&input)?;
        let contents = preflight(&input, &ends, wanted)?;
        Ok(Self {
            input: Arc::new(input),
            ends,
            contents,
            wanted,
        })
    }

    /// Checks that each document could be written anew: that what stands around its data, where
    /// readers of a stream look, says what the central directory says.
    ///
    /// # Errors
    /// The contradiction, or that of reading.
    pub fn check_documents(&self) -> Result<(), ArchiveError> {
        for entry in self.contents.documents.values() {
            Surroundings::read(&self.input, entry, self.limit(entry.offset)?)?;
        }
        Ok(())
    }

    /// The file, as it was given.
    pub fn path(&self) -> &Path {
        self.input.path()
    }

    /// Size of the file in bytes, when it was opened.
    pub fn len(&self) -> u64 {
        self.input.len()
    }

    /// Whether the file is empty; an archive never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of entries, counted.
    pub fn entry_count(&self) -> u64 {
        self.ends.entries
    }

    /// The file's permissions, when it was opened.
    pub fn permissions(&self) -> &Permissions {
        self.input.permissions()
    }

    /// One of the documents that are wanted, by its name, if the archive has it.
    pub fn document(&self, name: impl AsRef<str>) -> Option<&Entry> {
        self.contents.documents.get(name.as_ref())
    }

    /// All entries in the directory's order, streamed.
    pub fn entries(&self) -> Entries<'_> {
        Entries {
            records: Records::new(&self.input, self.ends.directory),
            failed: false,
        }
    }

    /// The entries with these names: at once where all may be looked up, else in one pass.
    ///
    /// # Errors
    /// [`ArchiveError::Duplicate`] when a name is there twice: which one is meant, nobody can say.
    pub fn find(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, Entry>, ArchiveError> {
        let mut found = BTreeMap::new();
        let mut keep = |entry: &Entry<&[u8]>| {
            let Some(name) = str::from_utf8(entry.name).ok().and_then(|n| names.get(n)) else {
                return Ok(());
            };
            if found.insert(name.clone(), entry.owned()).is_some() {
                return Err(ArchiveError::Duplicate {
                    first: name.clone(),
                    second: name.clone(),
                });
            }
            Ok(())
        };
        let mut records = Records::new(&self.input, self.ends.directory);
        if names
            .iter()
            .all(|name| self.wanted.may_be_looked_up(name.as_bytes()))
        {
            for at in &self.contents.looked_up {
                records.skip_to(*at);
                if let Some((_, entry)) = records.next()? {
                    keep(&entry)?;
                }
            }
        } else {
            while let Some((_, entry)) = records.next()? {
                keep(&entry)?;
            }
        }
        Ok(found)
    }

    /// Where what follows the entry at `offset` begins: another entry, or the directory.
    pub(in crate::archive) fn limit(&self, offset: u64) -> Result<u64, ArchiveError> {
        if let Some(limit) = self.contents.limits.get(&offset) {
            return Ok(*limit);
        }
        let mut limit = self.ends.directory.start;
        let mut records = Records::new(&self.input, self.ends.directory);
        while let Some((_, entry)) = records.next()? {
            if entry.offset > offset {
                limit = limit.min(entry.offset);
            }
        }
        Ok(limit)
    }

    /// The content of an entry as a stream, checked against CRC-32 and both sizes once it is read
    /// to its end. Errors while reading carry an [`ArchiveError`]: see [`ArchiveError::from_io`].
    ///
    /// # Errors
    /// When the local header contradicts the central record, or the method is not 0 or 8.
    pub fn read(&self, entry: &Entry) -> Result<EntryReader<'_>, ArchiveError> {
        self.read_watched(entry, &Unwatched)
    }

    /// The same with a reader that has read another entry, if there is one: for many small ones, one
    /// after the other.
    ///
    /// # Errors
    /// As above.
    pub fn read_on<'a, 'r>(
        &'a self,
        reader: &'r mut Option<EntryReader<'a>>,
        entry: &Entry,
    ) -> Result<&'r mut EntryReader<'a>, ArchiveError> {
        let data = self.data(entry)?;
        match reader {
            Some(reader) => {
                reader.turn_to(data, entry)?;
                Ok(reader)
            }
            None => Ok(reader.insert(EntryReader::new(data, entry, &Unwatched)?)),
        }
    }

    pub(in crate::archive) fn read_watched<'a>(
        &'a self,
        entry: &Entry,
        watch: &'a dyn Watch,
    ) -> Result<EntryReader<'a>, ArchiveError> {
        EntryReader::new(self.data(entry)?, entry, watch)
    }

    /// Where the data of an entry stands, by its local header.
    fn data(&self, entry: &Entry) -> Result<Extent<'_>, ArchiveError> {
        let local = Local::read(&self.input, entry, self.ends.directory.start)?;
        Ok(self.input.extent(local.data.start, local.data.end))
    }
}

/// Entries one by one; ends after the first error.
#[derive(Debug)]
pub struct Entries<'a> {
    records: Records<'a>,
    failed: bool,
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self
            .records
            .next()
            .map(|record| record.map(|(_, entry)| entry.owned()))
            .transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}
