//! JSON as every command writes it: a terminal shows it too, so characters that hide or mislead are
//! written as escapes, which say the same to a program.

use std::io::{self, Write};

use serde::Serialize;

use crate::sanitize::is_hidden;

/// `content` for people and programs, with a line end.
///
/// # Errors
/// When a part of `content` cannot be written as JSON, such as a path that is no text.
pub(crate) fn pretty(content: &impl Serialize) -> io::Result<String> {
    let mut text = Vec::new();
    write_pretty(&mut text, content)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// The same, written as it is made: with a million grants the text alone is a hundred megabytes.
///
/// # Errors
/// Those of `out`, and as [`pretty`].
pub(crate) fn write_pretty(out: impl Write, content: &impl Serialize) -> io::Result<()> {
    let mut out = Visible(out);
    serde_json::to_writer_pretty(&mut out, content)?;
    out.0.write_all(b"\n")
}

/// `content` on a line of its own.
///
/// # Errors
/// As [`write_pretty`].
pub(crate) fn write_line(out: impl Write, content: &impl Serialize) -> io::Result<()> {
    let mut out = Visible(out);
    serde_json::to_writer(&mut out, content)?;
    out.0.write_all(b"\n")
}

/// A line of JSON that others made, written as [`write_line`] would.
///
/// # Errors
/// Those of `out`, and for what is not UTF-8.
#[cfg(feature = "cli")]
pub(crate) fn write_made_line(out: impl Write, line: &[u8]) -> io::Result<()> {
    let mut out = Visible(out);
    out.write_all(line.strip_suffix(b"\n").unwrap_or(line))?;
    out.0.write_all(b"\n")
}

/// Writes hidden characters as `\uXXXX`. JSON has them within texts only, which arrive in pieces of
/// whole characters.
struct Visible<W>(W);

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_ascii() && !bytes.contains(&b'\x7f') {
            self.0.write_all(bytes)?;
            return Ok(bytes.len());
        }
        let mut rest = str::from_utf8(bytes).map_err(io::Error::other)?;
        while let Some((at, hidden)) = rest.char_indices().find(|(_, it)| is_hidden(*it)) {
            let (before, after) = rest.split_at(at);
            self.0.write_all(before.as_bytes())?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(self.0, "\\u{unit:04x}")?;
            }
            rest = after.get(hidden.len_utf8()..).unwrap_or_default();
        }
        self.0.write_all(rest.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_hide_is_an_escape_and_means_the_same() {
        let name = "ä\u{3164}b\u{7f}\u{9b}2J \u{e0101}\"\n公園";
        let text = pretty(&[name]).unwrap();
        assert_eq!(
            text,
            "[\n  \"ä\\u3164b\\u007f\\u009b2J \\udb40\\udd01\\\"\\n公園\"\n]\n"
        );
        assert_eq!(serde_json::from_str::<[String; 1]>(&text).unwrap(), [name]);
    }

    #[test]
    fn a_line_is_one_line() {
        let mut line = Vec::new();
        write_line(&mut line, &"a\u{2028}b\nc").unwrap();
        assert_eq!(line, b"\"a\\u2028b\\nc\"\n");
    }
}
