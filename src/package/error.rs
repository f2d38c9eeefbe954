//! Why a package cannot be upgraded: always with the document, the place and the evidence.

use std::sync::Arc;

use super::document::Document;
use super::elsewhere::Elsewhere;
use super::xml::XmlError;
use crate::flow::{Build, Identifier, Schema};
use crate::limits::Limit;
use crate::target::Form;

/// Why a package is refused.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A document that every archive has is not there.
    #[error("{document} is missing{}", found(elsewhere.as_ref()))]
    Missing {
        /// Which.
        document: Document,
        /// What there is instead, where that was looked for.
        elsewhere: Option<Elsewhere>,
    },
    /// A document is not well-formed.
    #[error("{document} is not well-formed: {what}")]
    Malformed {
        /// Which.
        document: Document,
        /// Place and evidence.
        what: String,
    },
    /// A document is well-formed but cannot be understood without guessing.
    #[error("{document}: {what}")]
    Unclear {
        /// Which.
        document: Document,
        /// Place and evidence.
        what: String,
    },
    /// More than is believed; a limit that can be raised.
    #[error("{document}: {what} is longer than {bytes} bytes, the limit {limit}")]
    TooLong {
        /// Which document.
        document: Document,
        /// What of it.
        what: &'static str,
        /// Which limit.
        limit: Limit,
        /// What it is.
        bytes: u64,
    },
    /// What apps may do cannot be written where a profile says.
    #[error("cannot be written where the profile says: {0}")]
    Unwritable(String),
    /// A stamp is not there.
    #[error("properties.xml has no {0}")]
    StampMissing(&'static str),
    /// A stamp is not what it should be.
    #[error("{name} is {found:?}, not {expected}")]
    StampOdd {
        /// The property's name.
        name: &'static str,
        /// Its value.
        found: String,
        /// What is expected instead.
        expected: &'static str,
    },
    /// Build and schema contradict each other.
    #[error("build {build} with schema {schema}: one of the two stamps is wrong")]
    Contradiction {
        /// `CONFIG_SERVER_VERSION`.
        build: Build,
        /// `CONFIG_SCHEMA_VERSION`.
        schema: Schema,
    },
    /// Archives of this schema cannot be written in this form.
    #[error(
        "schema {schema} cannot be written in the form {form}: its stamps would keep FME Flow from upgrading the rest"
    )]
    Form {
        /// The form asked for.
        form: Form,
        /// `CONFIG_SCHEMA_VERSION`.
        schema: Schema,
    },
    /// Two apps would be secured by one identifier.
    #[error("the apps {:?} and {:?} would share the Flow App Identifier {identifier}", apps[0], apps[1])]
    SameIdentifier {
        /// Which.
        identifier: Identifier,
        /// Names of two of the apps.
        apps: [Arc<str>; 2],
    },
    /// An app has identifier entries that its token does not explain.
    #[error(
        "the app {app:?} has identifier entries that its token does not explain, for {}",
        quoted(connections)
    )]
    Entries {
        /// The app's name.
        app: Arc<str>,
        /// The Connections they are for.
        connections: Vec<Arc<str>>,
    },
    /// Reading failed.
    #[error(transparent)]
    Read(#[from] std::io::Error),
}

fn found(elsewhere: Option<&Elsewhere>) -> String {
    elsewhere.map_or_else(String::new, |elsewhere| format!(", {elsewhere}"))
}

impl PackageError {
    /// A document is not there, and nothing is known of another place.
    pub const fn missing(document: Document) -> Self {
        Self::Missing {
            document,
            elsewhere: None,
        }
    }

    /// What can be done about it.
    pub const fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Missing {
                elsewhere: Some(elsewhere),
                ..
            } => elsewhere.help(),
            Self::Missing { .. } => {
                "an FME Flow backup or project holds properties.xml and data.xml at its top level; \
                 if it was zipped again by hand, zip the contents and not the folder"
            }
            Self::Malformed { .. } => {
                "the archive is damaged or was edited by hand; export it from FME Flow again"
            }
            Self::Unclear { .. } => {
                "FME Flow does not write this; export the archive again, or undo the manual edit"
            }
            Self::TooLong { limit, .. } => limit.help(),
            Self::StampMissing(_) | Self::StampOdd { .. } | Self::Contradiction { .. } => {
                "the stamps say which FME Flow wrote the archive, so nothing can be decided without \
                 them; export it from FME Flow again"
            }
            Self::Form { .. } => {
                "use --form staged; or import the archive into FME Flow 2025.1 or 2025.2, export it \
                 again, and upgrade that"
            }
            Self::SameIdentifier { .. } => {
                "each app needs an identifier of its own, so that none gets another's permissions; \
                 rename or remove one of them in FME Flow and export again"
            }
            Self::Entries { .. } => {
                "only flowlift writes such entries: start from the archive that FME Flow exported, \
                 or give the options that this one was upgraded with"
            }
            Self::Unwritable(_) => {
                "use --form staged, which leaves the transfer to FME Flow; or learn a profile from apps \
                 like these with flowlift calibrate"
            }
            Self::Read(_) => return None,
        })
    }

    /// Turns an error of the XML reader into one about `document`.
    pub fn in_xml(document: Document) -> impl Fn(XmlError) -> Self {
        move |error| match error {
            XmlError::Malformed { .. } => Self::Malformed {
                document,
                what: error.to_string(),
            },
            XmlError::Read(error) => Self::Read(error),
        }
    }
}

/// Names in quotes; of many the first few.
fn quoted(names: &[Arc<str>]) -> String {
    const SHOWN: usize = 5;
    let mut quoted: Vec<_> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{name:?}"))
        .collect();
    if names.len() > SHOWN {
        quoted.push(format!("{} more", names.len() - SHOWN));
    }
    quoted.join(", ")
}
