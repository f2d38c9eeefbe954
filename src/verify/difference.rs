//! What a verification can find, each with its place. Bytes of the archives are never among the
//! evidence: they may be secrets.

use std::fmt;

use serde::Serialize;

use crate::limits;

/// The kinds of difference; the words are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// An entry of the source is not there.
    EntryMissing,
    /// An entry is there that the source does not have.
    EntryExtra,
    /// Entries, or their data, come in another order.
    EntryMoved,
    /// An entry's local header, compressed bytes or descriptor changed.
    EntryChanged,
    /// An entry's record in the central directory changed.
    RecordChanged,
    /// The end records, the archive's comment, or bytes outside of all entries changed.
    ArchiveChanged,
    /// An entry does not hold what its checksum and size promise.
    ContentDamaged,
    /// A document differs from the source by more, or less, than the planned edits.
    DocumentChanged,
    /// The stamps are not those that were declared.
    StampWrong,
    /// A retired token or role, or a grant of it, is still there.
    TraceLeft,
    /// An app has a permission that the source does not grant.
    PermissionExtra,
    /// An app lacks a permission that the source grants.
    PermissionMissing,
    /// An app does not have its 2026.1 form.
    AppForm,
}

impl DifferenceKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EntryMissing => "entry-missing",
            Self::EntryExtra => "entry-extra",
            Self::EntryMoved => "entry-moved",
            Self::EntryChanged => "entry-changed",
            Self::RecordChanged => "record-changed",
            Self::ArchiveChanged => "archive-changed",
            Self::ContentDamaged => "content-damaged",
            Self::DocumentChanged => "document-changed",
            Self::StampWrong => "stamp-wrong",
            Self::TraceLeft => "trace-left",
            Self::PermissionExtra => "permission-extra",
            Self::PermissionMissing => "permission-missing",
            Self::AppForm => "app-form",
        }
    }
}

/// One difference. Names in it are as the archives have them; whoever shows it cleans them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What kind it is.
    pub kind: DifferenceKind,
    /// The entry, app or part of the archive it was found in.
    pub place: String,
    /// The evidence.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.kind.as_str(), self.place, self.what)
    }
}

/// What was found so far; only so many are kept, all are counted.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub(super) kept: Vec<Difference>,
    pub(super) count: u64,
}

impl Differences {
    pub(super) fn add(
        &mut self,
        kind: DifferenceKind,
        place: impl Into<String>,
        what: impl Into<String>,
    ) {
        self.count += 1;
        if self.kept.len() < limits::DIFFERENCES {
            self.kept.push(Difference {
                kind,
                place: place.into(),
                what: what.into(),
            });
        }
    }
}
