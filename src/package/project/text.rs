//! The document's text, to turn the parser's positions into bytes and lines.

use crate::edit::Span;

/// A whole document.
pub(super) struct YamlText<'a> {
    whole: &'a str,
    /// The text without a byte order mark, as the parser sees it.
    content: &'a str,
    /// The byte each character starts at, when they are not all one byte long.
    starts: Vec<usize>,
}

impl<'a> YamlText<'a> {
    pub(super) fn new(whole: &'a str) -> Self {
        let content = content(whole);
        let starts = if content.is_ascii() {
            Vec::new()
        } else {
            content.char_indices().map(|(start, _)| start).collect()
        };
        Self {
            whole,
            content,
            starts,
        }
    }

    pub(super) fn bytes(&self, start: usize, end: usize) -> Span {
        let bom = self.whole.len() - self.content.len();
        let byte = |character: usize| {
            let byte = if self.starts.is_empty() {
                character.min(self.content.len())
            } else {
                self.starts
                    .get(character)
                    .copied()
                    .unwrap_or(self.content.len())
            };
            (bom + byte) as u64
        };
        Span {
            start: byte(start),
            end: byte(end),
        }
    }

    pub(super) fn byte(&self, at: u64) -> Option<u8> {
        usize::try_from(at)
            .ok()
            .and_then(|at| self.whole.as_bytes().get(at).copied())
    }

    /// The bytes of `span`.
    pub(super) fn get(&self, span: Span) -> Option<&'a str> {
        let start = usize::try_from(span.start).ok()?;
        self.whole.get(start..usize::try_from(span.end).ok()?)
    }

    fn split(&self, at: u64) -> (&str, &str) {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        self.whole.split_at_checked(at).unwrap_or((self.whole, ""))
    }

    /// The lines that hold `span`, their ends included.
    pub(super) fn line(&self, span: Span) -> Span {
        let (before, _) = self.split(span.start);
        let (_, after) = self.split(span.end);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = after.find('\n').map_or(after.len(), |newline| newline + 1);
        Span {
            start: start as u64,
            end: span.end + rest as u64,
        }
    }

    /// The lines of the list item whose value is at `span`, when they hold nothing else.
    pub(super) fn item_lines(&self, span: Span) -> Option<Span> {
        let start = usize::try_from(span.start).ok()?;
        let end = usize::try_from(span.end).ok()?;
        // The end of a plain value may lie behind blanks and line ends that follow it.
        let value = self.whole.get(start..end)?.trim_end();
        let span = Span {
            start: span.start,
            end: span.start + value.len() as u64,
        };
        let lines = self.line(span);
        let lead = self.whole.get(usize::try_from(lines.start).ok()?..start)?;
        (lead.trim() == "-").then_some(lines)
    }
}

/// What the parser reads: the text without a byte order mark.
pub(super) fn content(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}
