//! The small rules of XML: names, references, the declaration.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesDecl, BytesRef};

use crate::limits;

/// The character a reference stands for in a document without declarations.
pub(super) fn replacement(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        let character = reference.resolve_char_ref().ok()??;
        return Some(character).filter(|&c| c >= ' ' || matches!(c, '\t' | '\n' | '\r'));
    }
    resolve_xml_entity(str::from_utf8(reference).ok()?)?
        .chars()
        .next()
}

/// What is wrong with a declaration, if anything.
pub(super) fn declaration_fault(declaration: &BytesDecl<'_>) -> Option<String> {
    let encoding = declaration.encoding()?.unwrap_or_default();
    if ["utf-8", "us-ascii"]
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known.as_bytes()))
    {
        return None;
    }
    // Only what can be the name of an encoding is quoted.
    let is_name = encoding.len() <= 40
        && encoding
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(b));
    let found = str::from_utf8(&encoding).ok().filter(|_| is_name);
    let found = found.unwrap_or("another");
    Some(format!(
        "the document declares the encoding {found:?}, not UTF-8"
    ))
}

/// Whether `name`, which is valid UTF-8, may be an element's.
#[inline]
pub(super) fn is_name(name: &[u8]) -> bool {
    let (Some(&first), true) = (name.first(), name.len() <= limits::XML_NAME_BYTES) else {
        return false;
    };
    // As all are that FME Flow writes.
    if name.iter().all(u8::is_ascii_lowercase) {
        return true;
    }
    let starts = first.is_ascii_alphabetic() || matches!(first, b'_' | b':') || !first.is_ascii();
    let is_allowed = |b: &u8| {
        !b.is_ascii() || b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.')
    };
    starts && name.iter().all(is_allowed)
}
