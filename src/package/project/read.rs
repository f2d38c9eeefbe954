//! The whole document, read and refused.

use std::io::Read;

use super::{ProjectYml, malformed, walk};
use crate::limits::{Limit, Limits};
use crate::package::{Document, PackageError};

/// Reads `project.yml`.
///
/// # Errors
/// [`PackageError`] when it is not UTF-8, not YAML, or longer than [`Limit::ProjectYml`] allows.
pub fn read(document: impl Read, limits: Limits) -> Result<ProjectYml, PackageError> {
    let mut bytes = Vec::new();
    document
        .take(limits.project_yml.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limits.project_yml {
        return Err(PackageError::TooLong {
            document: Document::Project,
            what: "the document",
            limit: Limit::ProjectYml,
            bytes: limits.project_yml,
        });
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return malformed("it is not UTF-8".to_owned());
    };
    let project = walk::read(&text)?;
    Ok(ProjectYml { text, ..project })
}
