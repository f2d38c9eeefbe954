//! The small rules of XML: names, entities, characters, the declaration.

use std::borrow::Cow;

use memchr::memchr;

/// Replaces the entities of `text`, all of which the scanner has found to be known.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let Some((name, after)) = after.split_once(';') else {
            break;
        };
        plain.extend(replacement(name.as_bytes()));
        rest = after;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Whether `name` stands between `&` and `;` in a document without declarations.
pub(super) fn is_entity(name: &[u8]) -> bool {
    replacement(name).is_some()
}

/// The character an entity stands for.
fn replacement(name: &[u8]) -> Option<char> {
    Some(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', number @ ..] => {
            let (digits, radix) = match number {
                [b'x', hex @ ..] => (hex, 16),
                decimal => (decimal, 10),
            };
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
            char::from_u32(code).filter(|&c| c >= ' ' || matches!(c, '\t' | '\n' | '\r'))?
        }
        _ => return None,
    })
}

/// Whether all bytes are printable ASCII, which needs no closer look. Nearly all text is.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    // Without an early exit the loop runs many bytes at a time.
    let odd = |b: u8| b.wrapping_sub(b' ') >= 0x5f;
    !bytes.iter().fold(false, |found, &b| found | odd(b))
}

/// The first byte that XML 1.0 allows nowhere: a control character other than tab and line ends.
pub(super) fn forbidden_character(bytes: &[u8]) -> Option<usize> {
    let is_forbidden = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
    // Without an early exit the loop runs many bytes at a time; it nearly always finds nothing.
    if !bytes
        .iter()
        .fold(false, |found, &b| found | is_forbidden(b))
    {
        return None;
    }
    bytes.iter().position(|&b| is_forbidden(b))
}

/// The value of `encoding="…"` in an XML declaration.
pub(super) fn declared_encoding(declaration: &str) -> Option<&str> {
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split_once(quote).map(|(value, _)| value)
}

/// Length of a tag with attributes, whose values may hold `>`.
pub(super) fn tag_length(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (position, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(position + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

pub(super) fn is_name(name: &[u8]) -> bool {
    let first = name.first().copied().unwrap_or_default();
    let starts = first.is_ascii_alphabetic() || matches!(first, b'_' | b':') || !first.is_ascii();
    let forbidden = |b: &u8| b.is_ascii() && !b.is_ascii_alphanumeric() && !b"_:-.".contains(b);
    starts && !name.iter().any(forbidden) && std::str::from_utf8(name).is_ok()
}
