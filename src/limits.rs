//! How much of anything is believed before it is refused, and why.
//!
//! Memory follows the number of entries and grants, never what an archive claims about itself;
//! each limit below keeps one such claim in bounds. A good archive may exceed a few of them, and
//! those are [`Limits`]: whoever knows the archive can raise them. The others guard what no good
//! archive does, so there is nothing to raise.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A limit that a good archive may exceed, so that it can be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// The largest `project.yml`: the only document that is held in memory whole. A line for each of a
    /// hundred thousand items takes 16 MiB, but people write descriptions of any length.
    ProjectYml,
    /// The longest name or value that is kept from `data.xml`. Names in FME Flow are far shorter than
    /// 64 KiB, and long values (thumbnails, descriptions, messages) are not kept.
    Value,
    /// The longest line of a workspace's header, its end included; a line is held as a whole. The
    /// longest seen is 16 kB, but choice lists and embedded scripts make lines of megabytes. One that
    /// is longer than 16 MiB is no reason to refuse the archive: the workspace counts as unreadable.
    WorkspaceLine,
    /// All text that is kept of a package, in bytes: keys and names of users, roles, tokens, apps and
    /// connections, and the connections' names once more for each app they go to. A backup of 100,000
    /// users and 20,000 apps has 20 MiB of it; an archive of a few megabytes can be made to hold a
    /// gigabyte of names. A plan, an audit and a migration of such names just below it were measured in
    /// 256 MiB of address space.
    Text,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::ProjectYml,
        Self::Value,
        Self::WorkspaceLine,
        Self::Text,
    ];

    /// The name by which it is raised.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProjectYml => "project-yml",
            Self::Value => "value",
            Self::WorkspaceLine => "workspace-line",
            Self::Text => "text",
        }
    }

    /// How it is raised, for an archive that is known to be good.
    pub const fn help(self) -> &'static str {
        match self {
            Self::ProjectYml => {
                "if the archive is known to be good, raise the limit: --limit project-yml=64M, or \
                 more; memory grows with it"
            }
            Self::Value => {
                "if the archive is known to be good, raise the limit: --limit value=1M, or more"
            }
            Self::WorkspaceLine => {
                "if the workspace is known to be good, raise the limit: --limit workspace-line=64M, \
                 or more; memory grows with it"
            }
            Self::Text => {
                "if the archive is known to be good, raise the limit: --limit text=256M, or more; \
                 memory grows with it"
            }
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What the limits that can be raised are, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// [`Limit::ProjectYml`].
    pub project_yml: u64,
    /// [`Limit::Value`].
    pub value: u64,
    /// [`Limit::WorkspaceLine`].
    pub workspace_line: u64,
    /// [`Limit::Text`].
    pub text: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            project_yml: 16 << 20,
            value: 64 << 10,
            workspace_line: 16 << 20,
            text: 32 << 20,
        }
    }
}

impl Limits {
    /// What one of them is.
    pub const fn of(self, limit: Limit) -> u64 {
        match limit {
            Limit::ProjectYml => self.project_yml,
            Limit::Value => self.value,
            Limit::WorkspaceLine => self.workspace_line,
            Limit::Text => self.text,
        }
    }

    /// The same but for one.
    #[must_use]
    pub const fn with(mut self, limit: Limit, bytes: u64) -> Self {
        match limit {
            Limit::ProjectYml => self.project_yml = bytes,
            Limit::Value => self.value = bytes,
            Limit::WorkspaceLine => self.workspace_line = bytes,
            Limit::Text => self.text = bytes,
        }
        self
    }
}

/// How many lists of `data.xml` are counted by `inspect`; real archives have about a hundred. What
/// comes after stays uncounted, and nothing is refused.
pub const COUNTED_LISTS: usize = 10_000;

/// How many of the folders are known that an entry lies in, outermost first: a name can consist of
/// 32,000 of them. FME Flow's resources lie a dozen deep, and Windows ends at 260 characters.
pub const FOLDERS_KNOWN: usize = 64;

/// Longest tag, comment or CDATA section in an XML document, in bytes: the parser holds each whole.
/// FME Flow writes no XML attributes, comments or sections, so a tag is a name of a dozen letters;
/// this leaves room for documents edited by other tools.
pub const XML_TAG_BYTES: usize = 64 * 1024;

/// Longest name of an element in an XML document, in bytes, since the names of all open elements are
/// held; FME Flow's have a dozen letters.
pub const XML_NAME_BYTES: usize = 1024;

/// Deepest nesting of an XML document. A level of FME Flow's tree takes four elements and real
/// archives have ten levels; deeper ones are made to exhaust memory.
pub const XML_DEPTH: usize = 1024;

/// Longest value of `properties.xml` that is kept, in bytes: stamps of a few digits.
pub const STAMP_BYTES: usize = 64 * 1024;

/// Longest line of `files.map`, in bytes: a key is made of a few names, and an entry is at most
/// 65,535 bytes long, as every ZIP's is.
pub const FILES_MAP_LINE_BYTES: usize = 1024 * 1024;

/// Deepest nesting of tags in a workspace's header. Six levels are seen; what nests without end
/// would otherwise take memory without end.
pub const WORKSPACE_DEPTH: usize = 64;

/// Deepest nesting of `project.yml`. FME Flow's has three levels; each level that is open takes the
/// parser hundreds of bytes of memory for two bytes of text.
pub const YAML_DEPTH: usize = 64;

/// How far from its end a file is searched for a ZIP's end record, in bytes: 22 bytes and a
/// comment of at most 65 535 stand there, the rest finds archives with something behind them. They
/// are refused all the same, with better evidence.
pub const END_RECORD_SEARCH: u64 = 1 << 20;

/// Longest zip64 end record, in bytes: 56, and an extensible part that hardly anybody writes.
pub const ZIP64_END_RECORD_BYTES: u64 = 1 << 16;

/// How many differences a verification lists; it counts the others. Who sees a thousand knows that
/// the two archives have little to do with each other.
pub const DIFFERENCES: usize = 1000;
