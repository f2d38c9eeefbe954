//! The little XML that FME writes into a header, taken line by line.
//!
//! A tag may span lines, an attribute never does, and there is no text between tags (seen,
//! 25 of 25). A line alone therefore decides what it holds, and no tag is ever collected in
//! memory: those of a large workspace carry megabytes that nobody here asks for.

use std::str::from_utf8;

/// One piece of markup.
pub(super) enum Markup<'a> {
    /// `<NAME`
    Start(&'a [u8]),
    /// `NAME="value"`, the value still escaped.
    Attribute(&'a [u8], &'a [u8]),
    /// `>`, the end of a tag whose content follows.
    Entered,
    /// `/>`, the end of a tag without content.
    Closed,
    /// `</NAME>`
    End(&'a [u8]),
}

/// Finds markup; remembers between lines whether a tag is open.
#[derive(Default)]
pub(super) struct Lexer {
    within_tag: bool,
}

impl Lexer {
    /// Takes the next piece of markup from the front of `rest`, which is one line; `None` when the
    /// line holds no more.
    pub(super) fn next<'a>(
        &mut self,
        rest: &mut &'a [u8],
    ) -> Result<Option<Markup<'a>>, &'static str> {
        *rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return Ok(None);
        }
        if self.within_tag {
            self.in_tag(rest).map(Some)
        } else {
            self.between_tags(rest)
        }
    }

    fn in_tag<'a>(&mut self, rest: &mut &'a [u8]) -> Result<Markup<'a>, &'static str> {
        for (sign, mark) in [(&b"/>"[..], Markup::Closed), (b">", Markup::Entered)] {
            if let Some(after) = rest.strip_prefix(sign) {
                self.within_tag = false;
                *rest = after;
                return Ok(mark);
            }
        }
        attribute(rest).ok_or("an attribute is not NAME=\"value\" on one line")
    }

    fn between_tags<'a>(
        &mut self,
        rest: &mut &'a [u8],
    ) -> Result<Option<Markup<'a>>, &'static str> {
        loop {
            let Some((_, tag)) = split(rest, b'<') else {
                *rest = &[];
                return Ok(None);
            };
            if let [b'?' | b'!', declaration @ ..] = tag {
                *rest = split(declaration, b'>').map_or(&[], |(_, after)| after);
            } else if let [b'/', end @ ..] = tag {
                let (name, after) = split(end, b'>').ok_or("a closing tag has no >")?;
                *rest = after;
                return Ok(Some(Markup::End(name.trim_ascii_end())));
            } else {
                let length = tag
                    .iter()
                    .position(|b| matches!(b, b'/' | b'>') || b.is_ascii_whitespace());
                let (name, after) = tag
                    .split_at_checked(length.unwrap_or(tag.len()))
                    .unwrap_or_default();
                *rest = after;
                self.within_tag = true;
                return Ok(Some(Markup::Start(name)));
            }
        }
    }
}

/// Takes `NAME="value"` from the front of `rest`.
fn attribute<'a>(rest: &mut &'a [u8]) -> Option<Markup<'a>> {
    let (name, value) = split(rest, b'=')?;
    let (value, after) = match value.trim_ascii_start() {
        [quote @ (b'"' | b'\''), value @ ..] => split(value, *quote)?,
        _ => return None,
    };
    *rest = after;
    Some(Markup::Attribute(name.trim_ascii_end(), value))
}

/// What stands before and after the first `at`.
fn split(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let (before, after) = bytes.split_at_checked(memchr::memchr(at, bytes)?)?;
    Some((before, after.get(1..)?))
}

/// The text of an escaped value. Seen are the five entities of XML, `&#10;` and `&#13;`.
pub(super) fn unescape(value: &[u8]) -> Result<String, &'static str> {
    let mut rest = from_utf8(value).map_err(|_| "a name is not UTF-8")?;
    let mut text = String::with_capacity(rest.len());
    while let Some((before, escaped)) = rest.split_once('&') {
        let (entity, after) = escaped.split_once(';').ok_or("an entity has no ;")?;
        text.push_str(before);
        text.push(character(entity).ok_or("an entity is unknown")?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// The character an entity stands for.
fn character(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
