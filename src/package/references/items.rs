//! `data.xml` without the apps and grants that cannot name another's token. A large document is hardly
//! anything else, and to take it apart again would cost as much as it did to read it.

use std::io::{self, Read};
use std::iter::Peekable;
use std::vec;

use super::search::says_token;
use super::sought::Items;
use crate::edit::Span;

/// How much is read at once, in bytes; an item that is longer stays.
const CHUNK: usize = 16 * 1024;

/// A document that gives away its bytes, but for those of most of these items.
pub(super) struct WithoutItems<R> {
    document: R,
    /// In the order of the document.
    items: Peekable<vec::IntoIter<Span>>,
    own: Peekable<vec::IntoIter<Span>>,
    /// What was read and not decided on, and where it begins in the document.
    text: Vec<u8>,
    at: u64,
    /// What stays, and how much of that was given away.
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> WithoutItems<R> {
    pub(super) fn new(document: R, mut items: Items) -> Self {
        items.spans.retain(|item| item.len() <= CHUNK as u64);
        items.spans.sort_unstable();
        items.own.sort_unstable();
        Self {
            document,
            items: items.spans.into_iter().peekable(),
            own: items.own.into_iter().peekable(),
            text: Vec::with_capacity(2 * CHUNK),
            at: 0,
            ready: Vec::with_capacity(2 * CHUNK),
            given: 0,
        }
    }

    /// Reads on and decides what stays of it; false at the end of the document.
    fn fill(&mut self) -> io::Result<bool> {
        self.given = 0;
        self.ready.clear();
        let held = self.text.len();
        self.text.resize(held + CHUNK, 0);
        let into = self.text.get_mut(held..).unwrap_or_default();
        let count = self.document.read(into)?;
        self.text.truncate(held + count);
        let is_over = count == 0;
        let end = self.at + self.text.len() as u64;
        let (mut kept_from, mut decided) = (self.at, end);
        while let Some(item) = self.items.next_if(|item| item.end <= end) {
            if item.start >= kept_from && !self.can_name(item) {
                self.keep(kept_from, item.start);
                kept_from = item.end;
            }
        }
        if let Some(item) = self.items.peek()
            && !is_over
        {
            decided = item.start.clamp(kept_from, end);
        }
        self.keep(kept_from, decided);
        let done = self.part(self.at, decided).len();
        self.text.drain(..done);
        self.at = decided;
        Ok(!is_over)
    }

    /// Whether an item may name another's token.
    fn can_name(&mut self, item: Span) -> bool {
        let mut from = item.start;
        let mut can_name = false;
        while let Some(own) = self.own.next_if(|own| own.end <= item.end) {
            can_name |= can_speak(self.part(from, own.start.max(from)));
            from = own.end.max(from);
        }
        can_name || can_speak(self.part(from, item.end))
    }

    /// Reads what cannot be part of an item, without holding it; none where the next item is near.
    fn between(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let next = self.items.peek().map_or(u64::MAX, |item| item.start);
        let is_far = next.saturating_sub(self.at) >= buffer.len() as u64;
        if !self.text.is_empty() || !is_far {
            return Ok(None);
        }
        let count = self.document.read(buffer)?;
        self.at += count as u64;
        Ok(Some(count))
    }

    fn keep(&mut self, start: u64, end: u64) {
        let mut ready = std::mem::take(&mut self.ready);
        ready.extend_from_slice(self.part(start, end));
        self.ready = ready;
    }

    /// The bytes of `text` from `start` to `end` in the document.
    fn part(&self, start: u64, end: u64) -> &[u8] {
        let within = |at: u64| usize::try_from(at.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let part = self.text.get(within(start)..within(end));
        part.unwrap_or_default()
    }
}

impl<R: Read> Read for WithoutItems<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if let Some(count) = self.between(buffer)? {
                return Ok(count);
            }
            if !self.fill()? {
                break;
            }
        }
        let mut rest = self.ready.get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

/// Whether a part of a document may hold the word "token", which everything that names one has: in any
/// case, as characters that are written as numbers (of XML, of JSON or of an address), or in pieces.
fn can_speak(part: &[u8]) -> bool {
    let is_hidden = memchr::memchr3(b'!', b'?', b'\\', part).is_some()
        || memchr::memchr2_iter(b'&', b'%', part).any(|at| begins_number(part, at));
    is_hidden || says_token(part)
}

/// Whether a percent sign or a reference may begin a character that is written as a number, or one
/// that begins such a one: `&#116;`, `&amp;#116;`, `&lt;u0074&gt;`.
fn begins_number(part: &[u8], at: usize) -> bool {
    let Some(mut rest) = part.get(at..).and_then(|it| it.strip_prefix(b"&")) else {
        return true;
    };
    while let Some(behind) = rest.strip_prefix(b"amp;") {
        rest = behind;
    }
    rest.starts_with(b"#") || rest.starts_with(b"u") || rest.starts_with(b"lt;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::package::references::search::speaks_of_token;
    use crate::package::xml;

    fn left(document: &str, spans: Vec<Span>, own: Vec<Span>) -> String {
        let mut left = String::new();
        let mut reader = WithoutItems::new(document.as_bytes(), Items { spans, own });
        reader.read_to_string(&mut left).unwrap();
        left
    }

    #[test]
    fn only_what_may_name_a_token_stays() {
        for (item, stays) in [
            ("<name>role</name>", false),
            ("bookmark", false),
            ("trees &amp; shrubs &gt; &quot;parks&quot;", false),
            ("token", true),
            ("apiToKeN", true),
            ("t&#111;ken", true),
            ("t&amp;amp;#111;ken", true),
            ("&lt;lt&gt;u0074&gt;oken", true),
            ("to<![CDATA[ken]]>", true),
            ("to<?x?>ken", true),
            (r"to\u006ben", true),
            ("to%6ben", true),
        ] {
            let document = format!("<before>{item}<after>");
            let span = Span {
                start: 8,
                end: 8 + item.len() as u64,
            };
            let expected = if stays { &*document } else { "<before><after>" };
            assert_eq!(left(&document, vec![span], Vec::new()), expected);
        }
    }

    #[test]
    fn what_an_item_says_of_its_own_token_is_not_looked_at() {
        let own = "<token>";
        for (item, stays) in [
            ("a<token>b", false),
            ("a<token>b<token>c", false),
            ("<token><token>", false),
            ("token<token>b", true),
            ("a<token>token", true),
            ("a<token>token<token>c", true),
            ("a<token>b<token>token", true),
        ] {
            let at = |(start, found): (usize, &str)| Span {
                start: 1 + start as u64,
                end: 1 + (start + found.len()) as u64,
            };
            let owns: Vec<Span> = item.match_indices(own).map(at).collect();
            let document = format!("-{item}-{item}+");
            let length = item.len() as u64;
            let spans = [0, length + 1].map(|by| Span {
                start: 1 + by,
                end: 1 + by + length,
            });
            let second = owns.iter().map(|own| Span {
                start: own.start + length + 1,
                end: own.end + length + 1,
            });
            let owns = owns.iter().copied().chain(second).collect();
            let expected = if stays { &*document } else { "--+" };
            assert_eq!(left(&document, spans.to_vec(), owns), expected);
        }
    }

    /// What escapes are made of, and what they may make.
    const PIECES: [&str; 24] = [
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&#38;",
        "&#x74;",
        "amp;",
        "lt;",
        "gt;",
        "lt",
        "amp",
        "percent",
        "backslash",
        "#116;",
        "u0074",
        "x74",
        "74",
        ";",
        "\\",
        "%",
        "t",
        "token",
        "oken",
        " ",
    ];

    proptest! {
        #[test]
        fn whatever_speaks_of_a_token_stays(
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..10),
        ) {
            let text = pieces.concat();
            let element = format!("<v>{text}</v>");
            let mut reader = xml::Reader::new(element.as_bytes());
            reader.next_tag().unwrap();
            let kept = reader.text(1000).unwrap().kept;
            prop_assert!(!speaks_of_token(kept) || can_speak(text.as_bytes()), "{text}");
        }

        #[test]
        fn what_is_left_is_the_document_without_them_however_long_they_are(
            parts in prop::collection::vec((0_usize..20_000, any::<bool>()), 0..12),
        ) {
            let (mut document, mut expected, mut items) = (String::new(), String::new(), Vec::new());
            for (number, (length, is_item)) in parts.into_iter().enumerate() {
                let letter = char::from(b'l' + u8::try_from(number).unwrap());
                let text = letter.to_string().repeat(length);
                let start = document.len() as u64;
                document += &text;
                let span = Span { start, end: document.len() as u64 };
                if is_item {
                    items.push(span);
                }
                if !is_item || span.len() > CHUNK as u64 {
                    expected += &text;
                }
            }
            items.reverse();
            prop_assert!(left(&document, items, Vec::new()) == expected);
        }
    }
}
