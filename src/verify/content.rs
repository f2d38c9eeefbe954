//! What the entries hold, as a second reader sees it.
//!
//! The `zip` crate opens the upgraded archive, unpacks every entry and recomputes every checksum,
//! so that the judgement does not rest on the code that wrote it. It keeps about 600 bytes per
//! entry (600 MB for a million), which a verification may cost and a migration may not.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::difference::{Differences, Kind};
use super::entries::interrupted;
use super::leaps::{BUFFER, Leaps};
use super::raw::failed;
use crate::archive::{ArchiveError, Kind as ErrorKind, Source};
use crate::edit::Edits;
use crate::error::Error;
use crate::package::Document;
use crate::watch::Watch;

/// Checks every entry of the upgraded archive against its own checksum, and the documents against
/// the source's with `edits`. What cannot be checked, or is no better in the source, is remarked.
pub(super) fn check(
    source: &Source,
    upgraded: &Source,
    edits: &BTreeMap<Document, Edits>,
    watch: &dyn Watch,
    found: &mut Differences,
) -> Result<Vec<String>, Error> {
    let mut remarks = Vec::new();
    let path = upgraded.path();
    let mut second = match open(path)? {
        Ok(second) => second,
        Err(evidence) => {
            match open(source.path())? {
                Ok(_) => found.add(
                    Kind::ArchiveChanged,
                    "archive",
                    format!("a second reader cannot open it: {evidence}"),
                ),
                Err(_) => remarks.push(format!(
                    "a second reader can open neither archive, so no checksum was recomputed: \
                     {evidence}"
                )),
            }
            return Ok(remarks);
        }
    };
    let rewritten = |name: &[u8]| {
        let mut documents = edits.keys();
        documents.any(|document| document.name().as_bytes() == name)
    };
    let (mut unread, mut hidden) = (0_u64, upgraded.entry_count());
    let mut buffer = vec![0; BUFFER];
    for index in 0..second.len() {
        hidden = hidden.saturating_sub(1);
        let shown = name_of(&second, index);
        let mut entry = match second.by_index(index) {
            Ok(entry) => entry,
            Err(error) if is_unsupported(&error) => {
                unread += 1;
                continue;
            }
            Err(error) => {
                found.add(Kind::ContentDamaged, shown, error.to_string());
                continue;
            }
        };
        let mut size = 0_u64;
        let damage = loop {
            match entry.read(&mut buffer) {
                Ok(0) if size != entry.size() => {
                    break Some(format!(
                        "it holds {size} bytes and promises {}",
                        entry.size()
                    ));
                }
                Ok(0) => break None,
                Ok(count) => {
                    size += count as u64;
                    watch.advance(count as u64).map_err(interrupted)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    unread += 1;
                    break None;
                }
                Err(error) if is_about_content(&error) => break Some(error.to_string()),
                Err(error) => return Err(failed(path)(error)),
            }
        };
        let name = entry.name_raw().to_vec();
        let Some(damage) = damage else { continue };
        if rewritten(&name) {
            found.add(Kind::ContentDamaged, shown, damage);
        } else {
            // Its bytes are compared with the source's elsewhere.
            remarks.push(format!(
                "entry {shown} is damaged, as in the source: {damage}"
            ));
        }
    }
    if unread > 0 {
        remarks.push(format!(
            "{unread} entries use a compression method that is not known here: their bytes were \
             compared, their checksums not recomputed"
        ));
    }
    if hidden > 0 {
        remarks.push(format!(
            "{hidden} entries have a name that another entry has too: their bytes were compared, \
             their checksums not recomputed"
        ));
    }
    for (document, edits) in edits {
        let (Some(entry), Ok(theirs)) =
            (source.document(*document), second.by_name(document.name()))
        else {
            continue;
        };
        let mine = BufReader::with_capacity(BUFFER, source.read(entry)?);
        let theirs = BufReader::with_capacity(BUFFER, theirs);
        if let Some(what) = Comparison::new(mine, theirs).run(edits, watch)? {
            found.add(Kind::DocumentChanged, document.name(), what);
        }
    }
    Ok(remarks)
}

/// The second reader over a file; within, why it will not have it.
fn open(path: &Path) -> Result<Result<ZipArchive<Leaps>, String>, Error> {
    let file = Leaps::open(path).map_err(failed(path))?;
    match ZipArchive::new(file) {
        Ok(archive) => Ok(Ok(archive)),
        Err(ZipError::Io(error)) if !is_about_content(&error) => Err(failed(path)(error)),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn name_of(archive: &ZipArchive<Leaps>, index: usize) -> String {
    let name = archive.name_for_index(index).and_then(Result::ok);
    name.map_or_else(|| format!("number {index}"), Into::into)
}

/// Whether an error says that the reader lacks the means.
fn is_unsupported(error: &ZipError) -> bool {
    match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => true,
        ZipError::Io(error) => error.kind() == io::ErrorKind::Unsupported,
        _ => false,
    }
}

/// Whether an error says that the bytes are wrong, rather than that they cannot be had.
fn is_about_content(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    matches!(
        error.kind(),
        InvalidData | InvalidInput | Other | UnexpectedEof
    )
}

/// A document before and after, read side by side.
struct Comparison<A, B> {
    source: A,
    upgraded: B,
    at: u64,
    upgraded_at: u64,
}

impl<A: BufRead, B: BufRead> Comparison<A, B> {
    const fn new(source: A, upgraded: B) -> Self {
        Self {
            source,
            upgraded,
            at: 0,
            upgraded_at: 0,
        }
    }

    /// What differs other than by the edits, if anything does.
    fn run(mut self, edits: &Edits, watch: &dyn Watch) -> Result<Option<String>, Error> {
        match self.compare(edits, watch) {
            Ok(what) => Ok(what),
            Err(Stopped::Ended) => Ok(Some(self.evidence("the upgraded one ends"))),
            Err(Stopped::Interrupted(error)) => Err(error),
            Err(Stopped::Source(error)) => Err(ArchiveError::from_io(error).map_or_else(
                |error| Error::Package(crate::package::PackageError::Read(error)),
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

/// Whether an error of reading says that the archive itself is wrong.
pub(super) fn is_refusal(error: &Error) -> bool {
    match error {
        Error::Archive(error) => error.kind() == ErrorKind::Refused,
        Error::Package(crate::package::PackageError::Read(_)) => false,
        Error::Package(_) => true,
        _ => false,
    }
}
