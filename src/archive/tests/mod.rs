//! The room tested as a whole, against archives whose every byte the tests chose themselves, and
//! with the `zip` crate as a second reader that shares no code with the first.

#![allow(clippy::cast_possible_truncation)] // what a test writes fits its field

mod build;
mod identity;
mod property;
mod reading;
mod refusals;
mod room;
mod sharing;
#[allow(dead_code, reason = "what the integration tests use of it")]
#[path = "../../../tests/support/surgery.rs"]
mod surgery;
mod watching;

use std::io::Read;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{ArchiveError, Digesting, Rewrite, Sink, Source, Written, upgrade};
use crate::edit::{Edit, Edits, Span};
use crate::package::WANTED;
use crate::watch::Unwatched;

/// An archive on disk that lives as long as the test.
struct OnDisk {
    folder: TempDir,
    path: PathBuf,
}

fn on_disk(bytes: &[u8]) -> OnDisk {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source.fsproject");
    std::fs::write(&path, bytes).unwrap();
    OnDisk { folder, path }
}

fn opened(bytes: &[u8]) -> Result<Source, ArchiveError> {
    // The open file outlives its name.
    Source::open(&on_disk(bytes).path, WANTED)
}

fn edits(edits: &[(u64, u64, &str)]) -> Edits {
    let edits = edits
        .iter()
        .map(|(start, end, text)| Edit {
            span: Span {
                start: *start,
                end: *end,
            },
            text: (*text).into(),
        })
        .collect();
    Edits::new(edits).unwrap()
}

/// Rewrites the named entries and returns the whole new archive.
fn upgraded(
    source: &Source,
    changes: &[(&str, Edits)],
) -> Result<(Vec<u8>, Written), ArchiveError> {
    let names = changes.iter().map(|(name, _)| (*name).to_owned()).collect();
    let entries = source.find(&names)?;
    let rewrites: Vec<_> = changes
        .iter()
        .map(|(name, edits)| Rewrite {
            entry: &entries[*name],
            edits,
        })
        .collect();
    let mut out = Vec::new();
    let sink = Sink::new("target".as_ref(), &mut out);
    let mut written = upgrade(source, &rewrites, sink, Digesting::Both, &Unwatched)?;
    assert_eq!(written.bytes, out.len() as u64);
    let mut bytes = Vec::new();
    let mut whole = source.input.extent(0, source.len());
    whole.read_to_end(&mut bytes).unwrap();
    let digests = written.digesters.take().unwrap().finish().unwrap();
    assert_eq!(*digests.source, sha256_of(&bytes));
    assert_eq!(*digests.target, sha256_of(&out));
    Ok((out, written))
}

fn sha256_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
