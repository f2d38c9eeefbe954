//! JSON for programs. The contract is stable: fields are added, never changed.

use serde::Serialize;

use super::ArchiveReport;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    archives: &'a [ArchiveReport],
}

/// All archives of a call in one document, with a line end.
///
/// # Errors
/// When a path cannot be written as text.
pub fn json(archives: &[ArchiveReport]) -> serde_json::Result<String> {
    let document = Document {
        schema_version: 1,
        archives,
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}
