//! The ways from the copy loop to those who take its bytes, each on a core of its own: the sink, and
//! the digests of source and target.
//!
//! A chunk is filled once and shared; once nobody has it any more, it goes back to the loop.
//! So reading, writing and digesting overlap, in memory that does not grow.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};

use super::chunk::{CHUNK, Chunk, HashInput};
use super::digest::{self, Digesting, Digests};
use super::sink::Sink;
use crate::archive::error::ArchiveError;
use crate::archive::read::input::InputFile;
use crate::archive::share::blocks::SpanCopy;
use crate::edit::Span;
use crate::watch::Interrupted;

/// Chunks under way at once; what the copy may be ahead of who takes its bytes.
const CHUNKS: usize = 16;

/// Bytes of stack of a thread that takes bytes: it calls nothing deep, and address space may be
/// scarce.
const STACK: usize = 256 << 10;

/// What comes next in the target.
enum WriteOp {
    Chunk(Arc<Chunk>),
    /// Blocks of the source from this position on, if the disk shares them; the answer goes back.
    Blocks(Span, u64, Sender<SpanCopy>),
}

/// Where the copy loop puts its bytes.
#[derive(Debug)]
pub(in crate::archive) struct Pipeline {
    sink: SyncSender<WriteOp>,
    /// Of source and target.
    digests: Option<(SyncSender<HashInput>, SyncSender<HashInput>)>,
    /// Where chunks come back, and the way there.
    returned: Receiver<Vec<u8>>,
    back: Sender<Vec<u8>>,
    made: usize,
}

/// Starts those who take the bytes. The sink has them all when `scope` is over; the digests may take
/// longer.
///
/// # Errors
/// When the system has no thread left.
pub(in crate::archive) fn start<'scope, W: Write + Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    input: &Arc<InputFile>,
    sink: Sink<'scope, W>,
    digesting: Digesting,
) -> io::Result<(Pipeline, Writer<'scope>, Option<Digesters>)> {
    let (back, returned) = channel();
    let digest = || {
        let (queue, pieces) = sync_channel(CHUNKS);
        let input = Arc::clone(input);
        let digest = thread("digest").spawn(move || digest::run(&input, &pieces))?;
        Ok::<_, io::Error>((queue, digest))
    };
    let (digests, digesters) = match digesting {
        Digesting::Neither => (None, None),
        Digesting::Both => {
            let ((source, of_source), (target, of_target)) = (digest()?, digest()?);
            let digesters = Digesters {
                input: Arc::clone(input),
                source: of_source,
                target: of_target,
            };
            (Some((source, target)), Some(digesters))
        }
    };
    let (queue, steps) = sync_channel(CHUNKS);
    let writer = thread("write").spawn_scoped(scope, {
        let input = Arc::clone(input);
        move || write(sink, &input, &steps)
    })?;
    let pipeline = Pipeline {
        sink: queue,
        digests,
        returned,
        back,
        made: 0,
    };
    Ok((pipeline, Writer(writer), digesters))
}

fn thread(name: &str) -> Builder {
    Builder::new().name(name.into()).stack_size(STACK)
}

impl Pipeline {
    /// A chunk to fill, holding anything; waits for one when the others are behind.
    pub(in crate::archive) fn chunk(&mut self) -> Vec<u8> {
        if self.made == CHUNKS
            && let Ok(mut chunk) = self.returned.recv()
        {
            chunk.resize(CHUNK, 0);
            return chunk;
        }
        self.made += 1;
        vec![0; CHUNK]
    }

    /// Bytes that stand in the target only.
    ///
    /// # Errors
    /// When the sink takes no more: [`Writer::finish`] says why.
    pub(in crate::archive) fn written(&self, bytes: Vec<u8>) -> Result<(), Interrupted> {
        self.send(self.chunk_of(bytes))
    }

    /// Bytes that go from the source to the target.
    ///
    /// # Errors
    /// As those of [`Pipeline::written`].
    pub(in crate::archive) fn copied(&self, bytes: Vec<u8>) -> Result<(), Interrupted> {
        let chunk = self.chunk_of(bytes);
        if let Some((source, _)) = &self.digests {
            // A digest only ends when this pipeline does.
            let _ = source.send(HashInput::Chunk(Arc::clone(&chunk)));
        }
        self.send(chunk)
    }

    /// Blocks of the source that the target is to have from `to` on, and whether the disk shares them;
    /// if not, nothing is done. The digests still want their bytes.
    ///
    /// # Errors
    /// As those of [`Pipeline::written`].
    pub(in crate::archive) fn share(&self, blocks: Span, to: u64) -> Result<SpanCopy, Interrupted> {
        let (answer, answered) = channel();
        let step = WriteOp::Blocks(blocks, to, answer);
        self.sink.send(step).map_err(|_| Interrupted)?;
        answered.recv().map_err(|_| Interrupted)
    }

    /// Bytes of the source that the target has already.
    pub(in crate::archive) fn shared(&self, bytes: Vec<u8>) {
        let chunk = self.chunk_of(bytes);
        if let Some((source, target)) = &self.digests {
            let _ = source.send(HashInput::Chunk(Arc::clone(&chunk)));
            let _ = target.send(HashInput::Chunk(chunk));
        }
    }

    /// Whether digests are made.
    pub(in crate::archive) fn digests(&self) -> bool {
        self.digests.is_some()
    }

    /// Bytes of the source that do not go to the target as they are.
    pub(in crate::archive) fn passed(&self, span: Span) {
        if let Some((source, _)) = &self.digests {
            let _ = source.send(HashInput::Span(span));
        }
    }

    fn chunk_of(&self, bytes: Vec<u8>) -> Arc<Chunk> {
        let back = self.back.clone();
        Arc::new(Chunk { bytes, back })
    }

    fn send(&self, chunk: Arc<Chunk>) -> Result<(), Interrupted> {
        if let Some((_, target)) = &self.digests {
            let _ = target.send(HashInput::Chunk(Arc::clone(&chunk)));
        }
        self.sink
            .send(WriteOp::Chunk(chunk))
            .map_err(|_| Interrupted)
    }
}

fn write<W: Write>(
    mut sink: Sink<'_, W>,
    input: &InputFile,
    steps: &Receiver<WriteOp>,
) -> Result<(), ArchiveError> {
    let mut shared = 0;
    let mut write = || {
        for step in steps {
            match step {
                WriteOp::Chunk(chunk) => sink.out.write_all(&chunk)?,
                WriteOp::Blocks(blocks, to, answer) => {
                    let way = sink.share(input, blocks, to);
                    if way == SpanCopy::Share {
                        shared += blocks.len();
                    }
                    // Where nobody waits for it any more, the loop is over.
                    let _ = answer.send(way);
                }
            }
        }
        sink.out.flush()
    };
    write().map_err(|error: io::Error| {
        ArchiveError::from_io(error).unwrap_or_else(|source| ArchiveError::Write {
            path: sink.path.into(),
            source,
        })
    })?;
    if shared > 0 {
        let archive = sink.path.display().to_string();
        tracing::info!(
            archive,
            "it shares {shared} bytes with the source, which are not copied"
        );
    }
    Ok(())
}

/// The sink's writer under way.
pub(in crate::archive) struct Writer<'scope>(ScopedJoinHandle<'scope, Result<(), ArchiveError>>);

impl Writer<'_> {
    /// Waits until the sink has all bytes, once their pipeline is gone.
    ///
    /// # Errors
    /// Those of writing.
    pub(in crate::archive) fn finish(self) -> Result<(), ArchiveError> {
        let ended = self.0.join();
        ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// The two digests under way.
#[derive(Debug)]
pub struct Digesters {
    input: Arc<InputFile>,
    source: Digester,
    target: Digester,
}

type Digester = JoinHandle<Result<Arc<str>, ArchiveError>>;

impl Digesters {
    /// Waits for both.
    ///
    /// # Errors
    /// When the source cannot be read, or was changed meanwhile.
    pub fn finish(self) -> Result<Digests, ArchiveError> {
        let finish = |digester: Digester| {
            let ended = digester.join();
            ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        let digests = Digests {
            source: finish(self.source)?,
            target: finish(self.target)?,
        };
        self.input.unchanged()?;
        Ok(digests)
    }
}
