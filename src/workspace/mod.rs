//! What a workspace declares of itself: the connections it needs and the files it asks for.
//!
//! FME Flow 2026.1 offers an app Connection permissions only when its workspace has Published or
//! Mixed connection dependencies, and Resource permissions only when it has file parameters
//! (documented). Whether a lost permission matters can therefore be read from the workspace.
//!
//! The facts below were read from 25 workspaces of builds 16674 (2016) to 26121 (2026.1).
//!
//! - **Shape (seen, 25 of 25).** A `.fmw` file is text. Its header is an XML document, each line
//!   of which is prefixed with `#! `; it begins on the first line and ends with
//!   `#! </WORKSPACE>`. Lines end in LF or CRLF. An attribute never spans lines: line ends within
//!   a value are `&#10;` and `&#13;`.
//! - **Interruption (seen, 25 of 25).** Within the first tag stand lines that begin with `#` but
//!   not `#!`: the command line that runs the workspace. They repeat parameter *values* and are
//!   skipped unread.
//! - **Connections (seen in builds 22337 on).** `FMESERVER > CONNECTIONS > CONNECTION`. Its name may be an
//!   expression, such as `@Value(_authentication)` (seen).
//! - **File parameters (seen).** See [`Header::file_parameters`].
//! - **Embedded custom transformers (seen, 4 of 25).** Each is a `SUBDOCUMENTS > SUBDOCUMENT` with
//!   `GLOBAL_PARAMETERS` and `USER_PARAMETERS` of its own. Those are parameters of the
//!   transformer, not of the workspace, and do not count.
//! - **Encoding.** The declaration says UTF-8 (seen, 25 of 25), also where `FME_NAMES_ENCODING` is
//!   `windows-1252` (6 of 25); every byte is ASCII. Names in another encoding are unknown and
//!   refused rather than guessed.

mod error;
mod lines;
mod markup;
mod outline;
mod parameter;
mod read;

use serde::{Deserialize, Serialize};

use crate::flow::Build;
pub use error::WorkspaceError;
pub use read::read_header;

/// What the header of a workspace says; names only, never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Build of the FME that wrote the workspace, such as 25609 (seen, `FME_BUILD_NUM`, 25 of 25).
    pub build: Option<Build>,
    /// The connections it depends on, in its order.
    pub connections: Vec<DeclaredConnection>,
    /// Names of the published parameters that hold a file, a folder or a file geodatabase, to be
    /// read or to be written, in the workspace's order.
    ///
    /// Two places declare them. `USER_PARAMETERS` has `FORM`, base64 of a JSON object whose
    /// `parameters` have `"type": "file"` (seen, 17 of 25, from build 22337); groups nest
    /// `parameters` (documented, not seen). Where there is no form, `GLOBAL_PARAMETER` has
    /// `GUI_LINE`, the older form of the same (seen, 8 of 25). Where there are both they name the
    /// same file parameters (seen, 17 of 17), and the form is believed.
    pub file_parameters: Vec<String>,
    /// The Resources that its values name, such as `FME_SHAREDRESOURCE_DATA`, each once.
    pub resources: Vec<String>,
}

/// A connection a workspace depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredConnection {
    /// The connection's name, as in the category `NamedConnections`.
    pub name: String,
    /// Database or web.
    #[serde(rename = "type")]
    pub kind: ConnectionKind,
    /// The kind of service, such as `PostgreSQL` (seen); empty when not said.
    pub family: String,
    /// Whether whoever runs the workspace may choose the connection.
    pub usage: Usage,
}

impl DeclaredConnection {
    /// Whether it is named by an expression, so that nobody knows which one it is before the workspace
    /// runs: `@Value(_authentication)` (seen), `$(CONNECTION)`.
    pub fn is_expression(&self) -> bool {
        let (name, mut functions) = (&*self.name, self.name.split('@').skip(1));
        let is_call = |word: &str| {
            let called = word.split_once('(').map_or("", |(called, _)| called);
            !called.is_empty() && called.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        name.contains("$(") || functions.any(is_call)
    }
}

/// What a connection connects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ConnectionKind {
    /// `DATABASE` (seen).
    Database,
    /// `WEB` (seen, in none of the 25).
    Web,
    /// Any other word, as it stands; empty when not said (unknown).
    #[serde(untagged)]
    Other(String),
}

/// How a workspace uses a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Usage {
    /// `PUBLISHED` (seen): through a published parameter.
    Published,
    /// `MIXED` (documented): both.
    Mixed,
    /// `INTERNAL` (seen): the workspace alone decides.
    Internal,
    /// Any other word, as it stands; empty when not said (unknown).
    #[serde(untagged)]
    Other(String),
}

impl Usage {
    /// The word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Published => "PUBLISHED",
            Self::Mixed => "MIXED",
            Self::Internal => "INTERNAL",
            Self::Other(word) => word,
        }
    }
}

/// The first build whose workspaces declare connections (seen: no older one does; of later ones those
/// that have any).
pub const FIRST_WITH_CONNECTIONS: Build = Build(22337);

#[cfg(test)]
mod tests;
