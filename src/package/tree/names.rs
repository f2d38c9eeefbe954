//! What is refused of names and values, for it shows that a formatter or an editor was at work.

use crate::limits::{Limit, Limits};
use crate::package::{Document, PackageError};
use crate::sanitize::is_hidden;

/// Refuses a name that FME Flow gives, never a person, where it has blanks around it or holds what
/// cannot be seen: a formatter or an editor was at work, and what it did to other names nobody can tell.
///
/// # Errors
/// [`PackageError::Unclear`].
pub(in crate::package) fn structural(name: &str, at: u64) -> Result<(), PackageError> {
    // Without an early exit the loop runs many bytes at a time; it nearly always finds nothing else.
    let is_plain = |all, byte: u8| all & byte.is_ascii_graphic();
    if name.bytes().fold(true, is_plain) {
        return Ok(());
    }
    if name.trim() != name {
        return unclear(
            at,
            "a name or a value with blanks around it, as a formatter or an editor puts them there",
        );
    }
    match name.chars().find(|it| is_hidden(*it)) {
        None => Ok(()),
        Some(hidden) => {
            let code = u32::from(hidden);
            let what =
                format!("a name of FME Flow's own with the invisible character U+{code:04X}");
            unclear(at, &what)
        }
    }
}

/// The same for a name that people give, which may begin or end with a blank but not with a line end.
///
/// # Errors
/// [`PackageError::Unclear`].
pub(in crate::package) fn on_one_line(text: &str, at: u64) -> Result<(), PackageError> {
    let is_line_end = |c| matches!(c, '\n' | '\r');
    if !text.starts_with(is_line_end) && !text.ends_with(is_line_end) {
        return Ok(());
    }
    unclear(
        at,
        "a name or a value on lines of its own, as a formatter or an editor puts it there",
    )
}

/// A name or a value is longer than is believed.
pub(in crate::package) const fn too_long(limits: Limits) -> PackageError {
    PackageError::TooLong {
        document: Document::Data,
        what: "a name or a value that matters",
        limit: Limit::Value,
        bytes: limits.value,
    }
}

pub(in crate::package) fn unclear<T>(at: u64, what: &str) -> Result<T, PackageError> {
    Err(PackageError::Unclear {
        document: Document::Data,
        what: format!("byte {at}: {what}"),
    })
}
