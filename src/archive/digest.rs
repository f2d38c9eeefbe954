//! SHA-256 of whole archives, so that months later a file can be told to be the one of a task.
//!
//! While an archive is upgraded, both digests are made on other cores from the very buffers that
//! pass through the copy loop: nothing of the payload is read a second time, and where two cores
//! are free it costs no time.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, Scope, ScopedJoinHandle};

use sha2::{Digest, Sha256};

use super::error::ArchiveError;
use super::input::Input;
use crate::edit::Span;

/// Bytes read and passed on at once: what lies in a core's own cache. Measured: with 1 MiB the
/// system takes three times as long to find room for it in its cache.
pub(super) const CHUNK: usize = 128 << 10;

/// Buffers under way at once; what the copy may be ahead of the digests.
const BUFFERS: usize = 16;

/// Bytes of stack that a digest has: it calls nothing deep, and address space may be scarce.
const STACK: usize = 256 << 10;

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

/// Bytes that the copy loop and the digests share; they go back to the loop after the last of them.
pub(super) type Bytes = Arc<Vec<u8>>;

/// What comes next in the file a digest is of.
enum Piece {
    Bytes(Bytes),
    /// Bytes of the source that the copy loop does not pass on: entries that are written anew and
    /// the directory. They were read a moment ago, so the system still has them.
    Span(Span),
}

/// The way from the copy loop to the two digests.
#[derive(Debug)]
pub(super) struct Tap {
    source: SyncSender<Piece>,
    target: SyncSender<Piece>,
    back: Receiver<Vec<u8>>,
    made: usize,
}

/// The two digests under way.
pub(super) struct Digesters<'scope> {
    source: Digester<'scope>,
    target: Digester<'scope>,
}

type Digester<'scope> = ScopedJoinHandle<'scope, Result<Arc<str>, ArchiveError>>;

/// Starts both digests.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    input: &'scope Input,
) -> io::Result<(Tap, Digesters<'scope>)> {
    let (give_back, back) = channel();
    let start = |give_back: Sender<Vec<u8>>| {
        let (queue, pieces) = sync_channel(BUFFERS);
        let digester = Builder::new()
            .name("digest".into())
            .stack_size(STACK)
            .spawn_scoped(scope, move || run(input, &pieces, &give_back))?;
        Ok::<_, io::Error>((queue, digester))
    };
    let (source, of_source) = start(give_back.clone())?;
    let (target, of_target) = start(give_back)?;
    let tap = Tap {
        source,
        target,
        back,
        made: 0,
    };
    let digesters = Digesters {
        source: of_source,
        target: of_target,
    };
    Ok((tap, digesters))
}

fn run(
    input: &Input,
    pieces: &Receiver<Piece>,
    back: &Sender<Vec<u8>>,
) -> Result<Arc<str>, ArchiveError> {
    let mut hasher = Sha256::new();
    let mut chunk = Vec::new();
    let mut read = Ok(());
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => {
                hasher.update(&**bytes);
                if let Some(buffer) = Arc::into_inner(bytes) {
                    // Where nobody waits for it any more, the loop is over.
                    let _ = back.send(buffer);
                }
            }
            Piece::Span(span) if read.is_ok() => {
                chunk.resize(CHUNK, 0);
                let extent = input.extent(span.start, span.end);
                read = digest(&mut hasher, extent, &mut chunk).map_err(|e| input.reading(e));
            }
            // The queue is emptied all the same: whoever fills it must not wait for ever.
            Piece::Span(_) => {}
        }
    }
    read.map(|()| hexadecimal(hasher))
}

impl Tap {
    /// A chunk to fill, holding anything; waits for one when the digests are behind.
    pub(super) fn buffer(&mut self) -> Vec<u8> {
        if self.made == BUFFERS
            && let Ok(mut buffer) = self.back.recv()
        {
            buffer.resize(CHUNK, 0);
            return buffer;
        }
        self.made += 1;
        vec![0; CHUNK]
    }

    /// Bytes that stand in the target only.
    pub(super) fn written(&self, bytes: Vec<u8>) {
        // A digest only ends when this tap does.
        let _ = self.target.send(Piece::Bytes(Arc::new(bytes)));
    }

    /// Bytes that go from the source to the target.
    pub(super) fn copied(&self, bytes: Vec<u8>) {
        let bytes = Arc::new(bytes);
        let _ = self.source.send(Piece::Bytes(Arc::clone(&bytes)));
        let _ = self.target.send(Piece::Bytes(bytes));
    }

    /// Bytes of the source that do not go to the target as they are.
    pub(super) fn passed(&self, span: Span) {
        let _ = self.source.send(Piece::Span(span));
    }
}

impl Digesters<'_> {
    /// Waits for both, once their tap is gone.
    pub(super) fn finish(self) -> Result<Digests, ArchiveError> {
        let finish = |digester: Digester<'_>| {
            let ended = digester.join();
            ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        Ok(Digests {
            source: finish(self.source)?,
            target: finish(self.target)?,
        })
    }
}
