//! The entries a migration reads by name, and therefore holds to stricter rules than the payload.

use std::fmt;

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

    /// The document that an entry of this name becomes when it is unpacked, on any system: some ignore
    /// ASCII case, take `\` for `/`, or drop full stops and blanks at the end.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        if name.starts_with(b"files/") {
            return None; // all payload, a million times
        }
        let parts = name.split(|byte| matches!(byte, b'/' | b'\\'));
        let mut parts = parts.filter(|part| !matches!(*part, b"" | b"."));
        let (Some(name), None) = (parts.next(), parts.next()) else {
            return None;
        };
        let end = name.iter().rposition(|byte| !matches!(byte, b'.' | b' '))?;
        let name = name.get(..=end)?;
        Self::ALL
            .into_iter()
            .find(|d| name.eq_ignore_ascii_case(d.name().as_bytes()))
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
