//! Byte edits on a text: the plan's only way to change anything.
//!
//! A document is never serialised again. It is copied, and at the planned places bytes are left
//! out or put in, so that everything else is identical by construction.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// A half-open range of byte positions in a document, from its first byte (a BOM included).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl Span {
    /// The empty span at `at`.
    pub const fn at(at: u64) -> Self {
        Self { start: at, end: at }
    }

    /// Length in bytes.
    pub const fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies within this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A place to add a child element to a list that may not be there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InsertPoint {
    /// What to replace: nothing, or an element written `<name/>`.
    pub span: Span,
    /// Whether the list itself has to be written too.
    pub needs_wrapper: bool,
}

/// Replaces the bytes of `span` by `text`; an empty span inserts, an empty text removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: NewText,
}

impl Edit {
    /// Takes out the bytes of `span`.
    pub const fn removal(span: Span) -> Self {
        Self {
            span,
            text: NewText::NOTHING,
        }
    }
}

/// What an edit puts in; made when it is written, since of ten thousand apps each has its own. Small,
/// and cheap to clone, since the same text is often put in many places.
#[derive(Clone)]
pub struct NewText(Option<Arc<dyn fmt::Display + Send + Sync>>);

impl NewText {
    /// No text: the edit only takes out.
    pub const NOTHING: Self = Self(None);

    /// What `text` is written as.
    pub fn made(text: impl fmt::Display + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(text)))
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.to_string().len() as u64
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl From<&str> for NewText {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::NOTHING
        } else {
            Self::made(text.to_owned())
        }
    }
}

impl fmt::Display for NewText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |text| text.fmt(f))
    }
}

impl fmt::Debug for NewText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

impl PartialEq for NewText {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for NewText {}

/// Two edits want the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two edits overlap at byte {at}")]
pub struct Overlap {
    /// Where the second begins.
    pub at: u64,
}

/// The edits of one document: in order and without overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits(Vec<Edit>);

impl<'a> IntoIterator for &'a Edits {
    type Item = &'a Edit;
    type IntoIter = std::slice::Iter<'a, Edit>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Edits {
    /// Puts edits in order. Insertions at one place keep the order they were given in and come
    /// before a replacement that starts there; an edit inside a removed span is a part of that
    /// removal and disappears.
    ///
    /// # Errors
    /// [`Overlap`] when two edits share bytes and neither contains the other as a removal.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, Overlap> {
        // Longest first among those that replace bytes, so that a removal comes before what it
        // contains; insertions (empty spans) come before either.
        edits.sort_by_key(|e| (e.span.start, !e.span.is_empty(), u64::MAX - e.span.end));
        let mut overlap = None;
        edits.dedup_by(|edit, last| {
            let at = edit.span.start;
            let is_within = at < last.span.end;
            if is_within && !(last.text.is_empty() && last.span.contains(edit.span)) {
                overlap.get_or_insert(Overlap { at });
            }
            is_within
        });
        edits.shrink_to_fit();
        overlap.map_or(Ok(Self(edits)), Err)
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The edits in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Edit> {
        self.0.iter()
    }

    /// By how many bytes the document grows (or, below zero, shrinks).
    pub fn growth(&self) -> i128 {
        self.0
            .iter()
            .map(|e| i128::from(e.text.len()) - i128::from(e.span.len()))
            .sum()
    }

    /// Copies `source` to `target` with the edits applied, in constant memory.
    ///
    /// # Errors
    /// Those of reading and writing; [`io::ErrorKind::UnexpectedEof`] when the source ends before
    /// the last edit.
    pub fn apply(&self, mut source: impl BufRead, mut target: impl Write) -> io::Result<()> {
        let mut at = 0;
        for edit in &self.0 {
            pass(&mut source, &mut target, edit.span.start - at)?;
            write!(target, "{}", edit.text)?;
            pass(&mut source, &mut io::sink(), edit.span.len())?;
            at = edit.span.end;
        }
        loop {
            let rest = source.fill_buf()?;
            if rest.is_empty() {
                return Ok(());
            }
            target.write_all(rest)?;
            let taken = rest.len();
            source.consume(taken);
        }
    }
}

/// Moves exactly `count` bytes.
fn pass(source: &mut impl BufRead, target: &mut impl Write, mut count: u64) -> io::Result<()> {
    while count > 0 {
        let available = source.fill_buf()?;
        let take = available
            .len()
            .min(usize::try_from(count).unwrap_or(usize::MAX));
        let Some(bytes) = available.get(..take).filter(|b| !b.is_empty()) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        target.write_all(bytes)?;
        source.consume(take);
        count -= take as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u64, end: u64, text: &str) -> Edit {
        Edit {
            span: Span { start, end },
            text: text.into(),
        }
    }

    fn applied(source: &str, edits: Vec<Edit>) -> String {
        let mut out = Vec::new();
        Edits::new(edits)
            .unwrap()
            .apply(source.as_bytes(), &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_edit_changes_no_byte() {
        assert_eq!(applied("abc", vec![]), "abc");
    }

    #[test]
    fn edits_may_be_given_in_any_order() {
        assert_eq!(
            applied("abcdef", vec![edit(4, 5, ""), edit(1, 2, "BB")]),
            "aBBcdf"
        );
    }

    #[test]
    fn insertions_at_one_place_keep_their_order_and_precede_a_removal_there() {
        let edits = vec![edit(1, 3, ""), edit(1, 1, "x"), edit(1, 1, "y")];
        assert_eq!(applied("abcd", edits), "axyd");
    }

    #[test]
    fn an_edit_within_a_removed_span_disappears_with_it() {
        assert_eq!(
            applied("abcdef", vec![edit(2, 3, ""), edit(1, 5, "")]),
            "af"
        );
    }

    #[test]
    fn edits_that_share_bytes_are_an_error() {
        assert_eq!(
            Edits::new(vec![edit(0, 3, "x"), edit(2, 4, "")]),
            Err(Overlap { at: 2 })
        );
    }

    #[test]
    fn a_source_that_ends_early_is_an_error() {
        let edits = Edits::new(vec![edit(5, 6, "")]).unwrap();
        let error = edits.apply(&b"abc"[..], io::sink()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
