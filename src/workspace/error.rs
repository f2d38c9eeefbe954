//! Why a workspace's header was not believed, with the evidence but never with a value: values of
//! parameters may hold passwords.

use std::io;

use crate::limits::Limit;

/// A workspace's header that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The text has no workspace header.
    #[error("not an FME workspace: {evidence}")]
    NotAWorkspace {
        /// What stands there instead.
        evidence: String,
    },
    /// The header ends before its `</WORKSPACE>`.
    #[error("the workspace's header is cut off after line {line}")]
    CutOff {
        /// The last line, from 1.
        line: u64,
    },
    /// The header is not what FME writes.
    #[error("the workspace's header is broken at line {line}: {what}")]
    Malformed {
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// The form of the parameters cannot be decoded.
    #[error("the workspace's parameter form at line {line} cannot be read: {what}")]
    BadForm {
        /// The line of the attribute `FORM`, from 1.
        line: u64,
        /// What is wrong with it, and where.
        what: String,
    },
    /// A line is longer than [`Limit::WorkspaceLine`] allows.
    #[error("line {line} of the workspace is longer than {limit} bytes, the limit workspace-line")]
    LineTooLong {
        /// The line, from 1.
        line: u64,
        /// The longest line that is read, in bytes.
        limit: u64,
    },
    /// The text cannot be read at all.
    #[error("the workspace cannot be read: {0}")]
    Read(#[from] io::Error),
}

impl WorkspaceError {
    /// The limit that can be raised for it.
    pub const fn limit(&self) -> Option<Limit> {
        match self {
            Self::LineTooLong { .. } => Some(Limit::WorkspaceLine),
            _ => None,
        }
    }

    /// What to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NotAWorkspace { .. } => "check that the archive's item is a workspace",
            Self::Read(_) => "check that the archive is complete, for instance by listing it",
            Self::LineTooLong { .. } => Limit::WorkspaceLine.help(),
            _ => "open the workspace in FME Workbench, save it and publish it again",
        }
    }
}
