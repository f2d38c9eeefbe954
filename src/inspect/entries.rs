//! The entries of the ZIP, counted by what they are.

use serde::Serialize;

use crate::archive::{ArchiveError, Entry, Source};
use crate::package::Document;

/// Entries and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Their content, in bytes.
    pub bytes: u64,
}

/// The entries of an archive by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct EntryCounts {
    /// The four documents that FME Flow describes a package in.
    pub documents: Tally,
    /// Workspaces: `.fmw` under `files/`.
    pub workspaces: Tally,
    /// All other files under `files/`: resources, thumbnails, formats, ….
    pub files: Tally,
    /// Empty directories.
    pub directories: Tally,
    /// Anything else at the top, such as `README.md`.
    pub others: Tally,
}

/// An entry as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryLine {
    /// As it stands in the archive.
    pub name: String,
    /// Of the content, in bytes.
    pub size: u64,
    /// In the archive, in bytes.
    pub compressed: u64,
    /// CRC-32 of the content, in hexadecimal.
    pub crc: String,
}

impl EntryCounts {
    /// Counts all entries.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn of(source: &Source) -> Result<Self, ArchiveError> {
        let mut counts = Self::default();
        for entry in source.entries() {
            let entry = entry?;
            let tally = counts.tally(&entry);
            tally.count += 1;
            tally.bytes = tally.bytes.saturating_add(entry.size());
        }
        Ok(counts)
    }

    /// All entries together.
    pub fn total(&self) -> Tally {
        let Self {
            documents,
            workspaces,
            files,
            directories,
            others,
        } = *self;
        let all = [documents, workspaces, files, directories, others];
        Tally {
            count: all.iter().map(|tally| tally.count).sum(),
            bytes: all
                .iter()
                .fold(0, |sum: u64, tally| sum.saturating_add(tally.bytes)),
        }
    }

    fn tally(&mut self, entry: &Entry) -> &mut Tally {
        let name = entry.name();
        if entry.is_directory() {
            &mut self.directories
        } else if Document::ALL.iter().any(|document| name == document.name()) {
            &mut self.documents
        } else if !name.starts_with("files/") {
            &mut self.others
        } else if name.to_ascii_lowercase().ends_with(".fmw") {
            &mut self.workspaces
        } else {
            &mut self.files
        }
    }
}

/// How an entry is listed.
pub fn entry_line(entry: &Entry) -> EntryLine {
    EntryLine {
        name: entry.name().into_owned(),
        size: entry.size(),
        compressed: entry.compressed_size(),
        crc: format!("{:08x}", entry.crc()),
    }
}
