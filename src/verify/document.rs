//! A document of the source and the upgraded one side by side: they differ by the planned edits, and by
//! nothing else.

use std::io::{self, BufRead};

use super::zip::interrupted;
use crate::archive::ArchiveError;
use crate::edit::Edits;
use crate::error::Error;
use crate::package::PackageError;
use crate::watch::Watch;

/// A document before and after, read side by side.
pub(super) struct DocumentComparison<A, B> {
    source: A,
    upgraded: B,
    at: u64,
    upgraded_at: u64,
}

impl<A: BufRead, B: BufRead> DocumentComparison<A, B> {
    pub(super) const fn new(source: A, upgraded: B) -> Self {
        Self {
            source,
            upgraded,
            at: 0,
            upgraded_at: 0,
        }
    }

    /// What differs other than by the edits, if anything does.
    pub(super) fn run(mut self, edits: &Edits, watch: &dyn Watch) -> Result<Option<String>, Error> {
        match self.compare(edits, watch) {
            Ok(what) => Ok(what),
            Err(Stopped::Ended) => Ok(Some(self.evidence("the upgraded one ends"))),
            Err(Stopped::Interrupted(error)) => Err(error),
            Err(Stopped::Source(error)) => Err(ArchiveError::from_io(error).map_or_else(
                |error| Error::Package(PackageError::Read(error)),
                Error::Archive,
            )),
            // Said of the entry already.
            Err(Stopped::Upgraded(error)) => Ok(Some(
                self.evidence(&format!("the upgraded one cannot be read on: {error}")),
            )),
        }
    }

    fn compare(&mut self, edits: &Edits, watch: &dyn Watch) -> Result<Option<String>, Stopped> {
        for edit in edits {
            if !self.same(Reach::Bytes(edit.span.start.saturating_sub(self.at)), watch)? {
                return Ok(Some(self.evidence("bytes differ that were not to change")));
            }
            if !self.holds(edit.text.to_string().as_bytes())? {
                let what = if edit.text.is_empty() {
                    "bytes that were to go are still there"
                } else {
                    "what was to be written there is not there"
                };
                return Ok(Some(self.evidence(what)));
            }
            self.skip(edit.span.len())?;
        }
        if !self.same(Reach::End, watch)? {
            return Ok(Some(self.evidence("bytes differ that were not to change")));
        }
        if !self
            .upgraded
            .fill_buf()
            .map_err(Stopped::Upgraded)?
            .is_empty()
        {
            return Ok(Some(
                self.evidence("the source ends, the upgraded one goes on"),
            ));
        }
        Ok(None)
    }

    fn evidence(&self, what: &str) -> String {
        format!(
            "at byte {} of the source's and byte {} of the upgraded one: {what}",
            self.at, self.upgraded_at
        )
    }

    /// Whether the next bytes, as far as `asked`, are the same.
    fn same(&mut self, asked: Reach, watch: &dyn Watch) -> Result<bool, Stopped> {
        let mut count = match asked {
            Reach::Bytes(count) => count,
            Reach::End => u64::MAX,
        };
        while count > 0 {
            let mine = self.source.fill_buf().map_err(Stopped::Source)?;
            if mine.is_empty() {
                // The source is over: right only where all of it was asked for.
                return Ok(asked == Reach::End);
            }
            let theirs = self.upgraded.fill_buf().map_err(Stopped::Upgraded)?;
            if theirs.is_empty() {
                return Err(Stopped::Ended);
            }
            let take = mine
                .len()
                .min(theirs.len())
                .min(usize::try_from(count).unwrap_or(usize::MAX));
            let same = mine
                .iter()
                .zip(theirs)
                .take(take)
                .take_while(|(a, b)| a == b)
                .count();
            self.source.consume(same);
            self.upgraded.consume(same);
            self.at += same as u64;
            self.upgraded_at += same as u64;
            if same < take {
                return Ok(false);
            }
            count -= take as u64;
            watch
                .advance(take as u64)
                .map_err(|error| Stopped::Interrupted(interrupted(error)))?;
        }
        Ok(true)
    }

    /// Whether the upgraded document goes on with `text`.
    fn holds(&mut self, mut text: &[u8]) -> Result<bool, Stopped> {
        while !text.is_empty() {
            let theirs = self.upgraded.fill_buf().map_err(Stopped::Upgraded)?;
            if theirs.is_empty() {
                return Err(Stopped::Ended);
            }
            let take = theirs.len().min(text.len());
            let (now, later) = text.split_at(take);
            if !theirs.starts_with(now) {
                return Ok(false);
            }
            self.upgraded.consume(take);
            self.upgraded_at += take as u64;
            text = later;
        }
        Ok(true)
    }

    /// Passes over bytes of the source.
    fn skip(&mut self, mut count: u64) -> Result<(), Stopped> {
        while count > 0 {
            let mine = self.source.fill_buf().map_err(Stopped::Source)?;
            let take = mine.len().min(usize::try_from(count).unwrap_or(usize::MAX));
            if take == 0 {
                return Ok(());
            }
            self.source.consume(take);
            self.at += take as u64;
            count -= take as u64;
        }
        Ok(())
    }
}

/// How far to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Bytes(u64),
    /// To the source's end.
    End,
}

/// Why a comparison did not come to its end.
enum Stopped {
    Ended,
    Source(io::Error),
    Upgraded(io::Error),
    Interrupted(Error),
}
