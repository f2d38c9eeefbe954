//! What FME Flow put into the ZIP, as a model with byte positions. No file is opened here: the
//! documents come in as readers.

mod budget;
pub mod data;
mod document;
mod elsewhere;
mod error;
pub mod files_map;
mod names;
pub mod project;
pub mod properties;
mod references;
pub mod tree;
pub(crate) mod uuids;
pub mod xml;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::limits::Limit;
use crate::workspace::Header;
pub use budget::Budget;
pub use data::Data;
pub use document::{Document, WANTED};
pub use elsewhere::Elsewhere;
pub use error::PackageError;
pub use files_map::WorkspaceKey;
pub use names::{Key, Keys};
pub use project::ProjectYml;
pub use properties::Stamps;
pub use references::{LongValues, References, Sought};

/// What an archive is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageKind {
    /// `.fsproject`: chosen items, to be imported.
    Project,
    /// `.fsconfig`: a whole server, to be restored.
    Backup,
}

impl PackageKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Backup => "backup",
        }
    }
}

/// What could be learned of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Workspace {
    /// Its header; every app that runs it has a share in it.
    Read(Arc<Header>),
    /// It is not in the archive.
    Missing,
    /// Its header cannot be read.
    Unreadable {
        /// Why.
        why: String,
        /// The limit that can be raised for it.
        limit: Option<Limit>,
    },
}

/// All that is known of an archive's content.
#[derive(Debug)]
pub struct Package {
    /// Project or backup.
    pub kind: PackageKind,
    /// From `properties.xml`.
    pub stamps: Stamps,
    /// From `data.xml`.
    pub data: Data,
    /// What names the tokens of apps besides them.
    pub references: References,
    /// From `project.yml`, which backups and the oldest projects do not have (seen).
    pub project: Option<ProjectYml>,
    /// The workspaces that apps run.
    pub workspaces: BTreeMap<WorkspaceKey, Workspace>,
    /// What `files.map` names and the archive does not have.
    pub missing_entries: files_map::MissingEntries,
    /// How much text more could have been kept.
    pub budget: Budget,
}
