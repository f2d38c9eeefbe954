//! `data.xml` without the grants that cannot name a token. A large document is hardly anything else, and
//! to take it apart again would cost as much as it did to read it.

use std::io::{self, Read};
use std::iter::Peekable;
use std::vec;

use super::search::says_token;
use crate::edit::Span;

/// How much is read at once, in bytes; a grant that is longer stays.
const CHUNK: usize = 16 * 1024;

/// A document that gives away its bytes, but for those of most items at `grants`.
pub(super) struct WithoutGrants<R> {
    document: R,
    /// In the order of the document.
    grants: Peekable<vec::IntoIter<Span>>,
    /// What was read and not decided on, and where it begins in the document.
    text: Vec<u8>,
    at: u64,
    /// What stays, and how much of that was given away.
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> WithoutGrants<R> {
    pub(super) fn new(document: R, mut grants: Vec<Span>) -> Self {
        grants.retain(|grant| grant.len() <= CHUNK as u64);
        grants.sort_unstable();
        Self {
            document,
            grants: grants.into_iter().peekable(),
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
        while let Some(grant) = self.grants.next_if(|grant| grant.end <= end) {
            if grant.start >= kept_from && !can_name(self.part(grant.start, grant.end)) {
                self.keep(kept_from, grant.start);
                kept_from = grant.end;
            }
        }
        if let Some(grant) = self.grants.peek()
            && !is_over
        {
            decided = grant.start.clamp(kept_from, end);
        }
        self.keep(kept_from, decided);
        let done = self.part(self.at, decided).len();
        self.text.drain(..done);
        self.at = decided;
        Ok(!is_over)
    }

    /// Reads what cannot be part of a grant, without holding it; none where the next grant is near.
    fn between(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let next = self.grants.peek().map_or(u64::MAX, |grant| grant.start);
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

impl<R: Read> Read for WithoutGrants<R> {
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

/// Whether an element may hold the word "token", which everything that names one has: in any case, as
/// characters that are written as numbers (of XML, of JSON or of an address), or in pieces.
fn can_name(element: &[u8]) -> bool {
    let is_hidden = memchr::memchr3(b'&', b'!', b'?', element).is_some()
        || memchr::memchr2(b'\\', b'%', element).is_some();
    is_hidden || says_token(element)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn left(document: &str, grants: Vec<Span>) -> String {
        let mut left = String::new();
        let mut reader = WithoutGrants::new(document.as_bytes(), grants);
        reader.read_to_string(&mut left).unwrap();
        left
    }

    #[test]
    fn only_what_may_name_a_token_stays() {
        for (grant, stays) in [
            ("<name>role</name>", false),
            ("bookmark", false),
            ("token", true),
            ("apiToKeN", true),
            ("t&#111;ken", true),
            ("to<![CDATA[ken]]>", true),
            ("to<?x?>ken", true),
            (r"to\u006ben", true),
            ("to%6ben", true),
        ] {
            let document = format!("<before>{grant}<after>");
            let span = Span {
                start: 8,
                end: 8 + grant.len() as u64,
            };
            let expected = if stays { &*document } else { "<before><after>" };
            assert_eq!(left(&document, vec![span]), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_the_document_without_them_however_long_they_are(
            parts in prop::collection::vec((0_usize..20_000, any::<bool>()), 0..12),
        ) {
            let (mut document, mut expected, mut grants) = (String::new(), String::new(), Vec::new());
            for (number, (length, is_grant)) in parts.into_iter().enumerate() {
                let letter = char::from(b'l' + u8::try_from(number).unwrap());
                let text = letter.to_string().repeat(length);
                let start = document.len() as u64;
                document += &text;
                let span = Span { start, end: document.len() as u64 };
                if is_grant {
                    grants.push(span);
                }
                if !is_grant || span.len() > CHUNK as u64 {
                    expected += &text;
                }
            }
            grants.reverse();
            prop_assert!(left(&document, grants) == expected);
        }
    }
}
