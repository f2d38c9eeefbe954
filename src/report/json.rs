//! JSON for programs. The contract is stable: fields are added, never changed.

use std::io::{self, Write};

use serde::Serialize;

#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    archives: &'a [T],
}

/// All archives of a call in one document, with a line end.
///
/// # Errors
/// When a path cannot be written as text.
pub fn json<T: Serialize>(archives: &[T]) -> serde_json::Result<String> {
    let document = Document {
        schema_version: 1,
        archives,
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

/// The same, written as it is made: with a million grants the text alone is a hundred megabytes.
///
/// # Errors
/// Those of `out`, and when a path cannot be written as text.
pub fn write_json<T: Serialize>(mut out: impl Write, archives: &[T]) -> io::Result<()> {
    let document = Document {
        schema_version: 1,
        archives,
    };
    serde_json::to_writer_pretty(&mut out, &document)?;
    out.write_all(b"\n")
}
