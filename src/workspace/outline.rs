//! Where in the header the reading is, and what has been found so far.

use std::collections::BTreeSet;

use super::markup::{Markup, unescape};
use super::{ConnectionKind, DeclaredConnection, Header, Usage, WorkspaceError, parameter};
use crate::flow::resources_in;
use crate::limits::WORKSPACE_DEPTH;

/// Whether there is more of the header to come.
pub(super) enum Progress {
    /// There is.
    Unfinished,
    /// `</WORKSPACE>` is reached.
    Complete,
}

/// The elements that matter, and all the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Workspace,
    Connection,
    GlobalParameter,
    UserParameters,
    Subdocuments,
    Other,
}

impl Section {
    fn named(name: &[u8]) -> Self {
        match name {
            b"WORKSPACE" => Self::Workspace,
            b"CONNECTION" => Self::Connection,
            b"GLOBAL_PARAMETER" => Self::GlobalParameter,
            b"USER_PARAMETERS" => Self::UserParameters,
            b"SUBDOCUMENTS" => Self::Subdocuments,
            _ => Self::Other,
        }
    }
}

/// The reading of one header.
#[derive(Default)]
pub(super) struct Outline {
    /// The elements around the present place, outermost first.
    open: Vec<Section>,
    /// What is found; its file parameters are those of the older form.
    header: Header,
    /// File parameters of the newer form, where there is one.
    form: Option<Vec<String>>,
    /// Names of resources.
    resources: BTreeSet<String>,
    /// Attributes of the connection being read.
    connection: Declaration,
}

/// A connection of which not all attributes need have been read.
#[derive(Default)]
struct Declaration {
    name: Option<String>,
    kind: String,
    family: String,
    usage: String,
}

impl Outline {
    /// Notes the resources that the values of a line name, an embedded transformer's too.
    pub(super) fn look_through(&mut self, text: &[u8]) {
        for resource in resources_in(text) {
            if !self.resources.contains(resource) {
                self.resources.insert(resource.to_owned());
            }
        }
    }

    /// Takes the next piece of markup, which stands on `line`.
    pub(super) fn take(&mut self, mark: &Markup, line: u64) -> Result<Progress, WorkspaceError> {
        let malformed = |what| WorkspaceError::Malformed { line, what };
        match *mark {
            Markup::Start(name) => self.enter(name, line)?,
            Markup::Attribute(name, value) => self.attribute(name, value, line)?,
            Markup::Entered => self.declare().map_err(malformed)?,
            Markup::Closed => {
                self.declare().map_err(malformed)?;
                self.open.pop();
            }
            Markup::End(name) => {
                if self.open.pop() != Some(Section::named(name)) {
                    return Err(malformed(
                        "a closing tag closes another tag than the open one",
                    ));
                }
            }
        }
        let ended = matches!(mark, Markup::Closed | Markup::End(_)) && self.open.is_empty();
        Ok(if ended {
            Progress::Complete
        } else {
            Progress::Unfinished
        })
    }

    /// What a complete header says.
    pub(super) fn into_header(self) -> Header {
        let mut header = Header {
            file_parameters: self.form.unwrap_or(self.header.file_parameters),
            resources: self.resources.into_iter().collect(),
            ..self.header
        };
        // A backup has ten thousands of them, most with one connection.
        header.connections.shrink_to_fit();
        header.file_parameters.shrink_to_fit();
        header
    }

    /// Why the header is not complete although the text ended after `line`.
    pub(super) fn unfinished(&self, line: u64) -> WorkspaceError {
        if !self.open.is_empty() {
            return WorkspaceError::CutOff { line };
        }
        let what = if line == 0 {
            "it is empty"
        } else {
            "it has no <WORKSPACE"
        };
        WorkspaceError::NotAWorkspace {
            evidence: what.into(),
        }
    }

    fn enter(&mut self, name: &[u8], line: u64) -> Result<(), WorkspaceError> {
        let section = Section::named(name);
        if self.open.is_empty() && section != Section::Workspace {
            // An exported custom transformer (`.fmx`) has `TRANSFORMER` here (seen, 11 of 11).
            let name = name.get(..32).unwrap_or(name).escape_ascii();
            let evidence = format!("its header is that of <{name}>");
            return Err(WorkspaceError::NotAWorkspace { evidence });
        }
        if self.open.len() >= WORKSPACE_DEPTH {
            return Err(WorkspaceError::Malformed {
                line,
                what: "tags are nested more than 64 deep",
            });
        }
        self.open.push(section);
        self.connection = Declaration::default();
        Ok(())
    }

    fn attribute(&mut self, name: &[u8], value: &[u8], line: u64) -> Result<(), WorkspaceError> {
        let Some(section) = self.section() else {
            return Ok(());
        };
        let text =
            |escaped| unescape(escaped).map_err(|what| WorkspaceError::Malformed { line, what });
        match (section, name) {
            (Section::Workspace, b"FME_BUILD_NUM") => self.header.build = text(value)?.parse().ok(),
            (Section::Connection, b"NAME") => self.connection.name = Some(text(value)?),
            (Section::Connection, b"TYPE") => self.connection.kind = text(value)?,
            (Section::Connection, b"FAMILY") => self.connection.family = text(value)?,
            (Section::Connection, b"USAGE") => self.connection.usage = text(value)?,
            (Section::GlobalParameter, b"GUI_LINE") => {
                if let Some(name) = parameter::on_gui_line(value) {
                    self.header.file_parameters.push(text(name)?);
                }
            }
            // No form, rather than a form that is no JSON (inferred).
            (Section::UserParameters, b"FORM") if !value.is_empty() => {
                let bad = |what| WorkspaceError::BadForm { line, what };
                let json = parameter::decoded(value).map_err(bad)?;
                self.look_through(&json);
                self.form = Some(parameter::on_form(&json).map_err(bad)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The innermost element, unless it belongs to an embedded custom transformer. Apart from
    /// those, the elements that matter have one place each (seen, 25 of 25), so that their name is
    /// enough.
    fn section(&self) -> Option<Section> {
        let embedded = self.open.contains(&Section::Subdocuments);
        self.open.last().copied().filter(|_| !embedded)
    }

    /// Keeps the connection whose tag has just ended, if it was one.
    fn declare(&mut self) -> Result<(), &'static str> {
        if self.section() == Some(Section::Connection) {
            let Declaration {
                name,
                kind,
                family,
                usage,
            } = std::mem::take(&mut self.connection);
            self.header.connections.push(DeclaredConnection {
                name: name.ok_or("a connection has no NAME")?,
                kind: match kind.as_str() {
                    "DATABASE" => ConnectionKind::Database,
                    "WEB" => ConnectionKind::Web,
                    _ => ConnectionKind::Other(kind),
                },
                family,
                usage: match usage.as_str() {
                    "PUBLISHED" => Usage::Published,
                    "MIXED" => Usage::Mixed,
                    "INTERNAL" => Usage::Internal,
                    _ => Usage::Other(usage),
                },
            });
        }
        Ok(())
    }
}
