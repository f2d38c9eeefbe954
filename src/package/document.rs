//! The entries that are read by name.

use std::fmt;

use crate::archive::Wanted;

/// One of the four documents at the root of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Document {
    /// `properties.xml`: the stamps.
    Properties,
    /// `data.xml`: all metadata.
    Data,
    /// `project.yml`: the project's own description; absent from backups (inferred).
    Project,
    /// `files.map`: logical keys and their places in the ZIP.
    FilesMap,
}

impl Document {
    /// All four, in the order FME Flow writes them (seen).
    pub const ALL: [Self; 4] = [Self::Properties, Self::Data, Self::Project, Self::FilesMap];

    /// The entry's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Properties => "properties.xml",
            Self::Data => "data.xml",
            Self::Project => "project.yml",
            Self::FilesMap => "files.map",
        }
    }
}

impl AsRef<str> for Document {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

/// What is read of an archive by name: the documents, and workspaces, which FME Flow keeps as `.fmw`
/// files (seen).
pub const WANTED: Wanted = Wanted {
    documents: &[
        Document::Properties.name(),
        Document::Data.name(),
        Document::Project.name(),
        Document::FilesMap.name(),
    ],
    looked_up: ".fmw",
};

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
