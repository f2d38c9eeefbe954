//! SHA-256 of whole archives, so that months later a file can be told to be the one of a task.
//!
//! While an archive is upgraded, both digests are made on other cores from the very buffers that
//! pass through the copy loop: nothing of the payload is read a second time, and where two cores
//! are free it costs no time.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use sha2::{Digest, Sha256};

use super::chunk::{CHUNK, HashInput};
use crate::archive::error::ArchiveError;
use crate::archive::read::input::InputFile;

/// The SHA-256 of an archive and of what became of it, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Of the source.
    pub source: Arc<str>,
    /// Of the upgraded archive.
    pub target: Arc<str>,
}

/// Whether digests are made while an archive is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digesting {
    /// Of source and target.
    Both,
    /// Of neither.
    Neither,
}

/// The SHA-256 of the file at `path` in hexadecimal.
///
/// # Errors
/// [`ArchiveError::Read`].
pub fn sha256(path: &Path) -> Result<Arc<str>, ArchiveError> {
    let read = || {
        let mut hasher = Sha256::new();
        digest(&mut hasher, File::open(path)?, &mut vec![0; CHUNK])?;
        Ok(hexadecimal(hasher))
    };
    read().map_err(|source| ArchiveError::Read {
        path: path.into(),
        source,
    })
}

fn digest(hasher: &mut Sha256, mut reader: impl Read, chunk: &mut [u8]) -> io::Result<()> {
    loop {
        match reader.read(chunk) {
            Ok(0) => return Ok(()),
            Ok(count) => hasher.update(chunk.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hexadecimal(hasher: Sha256) -> Arc<str> {
    let digest = hasher.finalize();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digest.into()
}

/// Takes the pieces of a file until no more come.
pub(in crate::archive) fn run(
    input: &InputFile,
    pieces: &Receiver<HashInput>,
) -> Result<Arc<str>, ArchiveError> {
    let mut hasher = Sha256::new();
    let mut room = Vec::new();
    let mut read = Ok(());
    for piece in pieces {
        match piece {
            HashInput::Chunk(chunk) => hasher.update(&**chunk),
            HashInput::Span(span) if read.is_ok() => {
                room.resize(CHUNK, 0);
                let extent = input.extent(span.start, span.end);
                read = digest(&mut hasher, extent, &mut room).map_err(|e| input.reading(e));
            }
            // The queue is emptied all the same: whoever fills it must not wait for ever.
            HashInput::Span(_) => {}
        }
    }
    read.map(|()| hexadecimal(hasher))
}
