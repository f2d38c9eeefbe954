//! JSON for programs. The contract is stable: fields are added, never changed.

use std::io::{self, Write};

use serde::Serialize;

use crate::json::write_pretty;

#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    archives: &'a [T],
}

const fn document<T>(archives: &[T]) -> Document<'_, T> {
    Document {
        schema_version: 1,
        archives,
    }
}

/// Writes all archives of a call as one document, with a line end.
///
/// # Errors
/// Those of `out`, and when a path cannot be written as text.
pub fn write_json<T: Serialize>(out: impl Write, archives: &[T]) -> io::Result<()> {
    write_pretty(out, &document(archives))
}
