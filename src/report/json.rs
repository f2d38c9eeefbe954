//! JSON for programs. The contract is stable: fields are added, never changed.

use std::io::{self, Write};

use serde::Serialize;

use crate::json::{pretty, write_pretty};

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

/// All archives of a call in one document, with a line end.
///
/// # Errors
/// When a path cannot be written as text.
pub fn json<T: Serialize>(archives: &[T]) -> io::Result<String> {
    pretty(&document(archives))
}

/// The same, written as it is made.
///
/// # Errors
/// Those of `out`, and when a path cannot be written as text.
pub fn write_json<T: Serialize>(out: impl Write, archives: &[T]) -> io::Result<()> {
    write_pretty(out, &document(archives))
}
