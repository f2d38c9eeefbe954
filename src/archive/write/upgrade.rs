//! Writes the upgraded archive: the source, with some entries written anew.
//!
//! The source is copied in the order of its bytes. Everything that is not rewritten moves by
//! whole spans, and an entry's new offset follows from the span it lies in; so memory does not
//! grow with the number of entries, whatever order the directory has.

use std::io::Write;
use std::thread;

use super::chunk::CHUNK;
use super::digest::Digesting;
use super::pipeline::{self, Digesters};
use super::rewrite::{PlannedRewrite, Rewrite};
use super::sink::Sink;
use super::target::TargetWriter;
use crate::archive::error::ArchiveError;
use crate::archive::read::central::{Records, moved, patched};
use crate::archive::read::entry::Entry;
use crate::archive::read::source::Source;
use crate::archive::share::blocks::WORTH;
use crate::edit::Span;
use crate::watch::{Stage, Watch};

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// Size of the archive in bytes.
    pub bytes: u64,
    /// The entries that were written anew, with their new CRC, sizes and offset, in its order.
    pub rewritten: Vec<Entry>,
    /// The digests of source and target where they were asked for; they may take a while longer.
    pub digesters: Option<Digesters>,
}

/// Streams `source` to `sink` with the rewrites applied. Every other entry keeps its bytes, header
/// fields and place; a rewrite without edits is no rewrite. Sum of `watch.advance` is the size of
/// the source.
///
/// # Errors
/// Those of reading the source, of writing, and refusals found only when an entry is read to its
/// end. What the sink received until then is worthless.
pub fn upgrade(
    source: &Source,
    rewrites: &[Rewrite<'_>],
    sink: Sink<'_, impl Write + Send>,
    digesting: Digesting,
    watch: &dyn Watch,
) -> Result<Written, ArchiveError> {
    let planned = plan(source, rewrites)?;
    let spans = shareable(&planned, source.ends.directory.start);
    let way = sink.prepare(&source.input, expected_size(source, rewrites), &spans)?;
    watch.begin(Stage::Write, source.len());
    let written = thread::scope(|scope| {
        let started = pipeline::start(scope, &source.input, sink, digesting);
        let (pipeline, writer, digesters) = started.map_err(|error| source.input.reading(error))?;
        let result = write(source, planned, TargetWriter::new(pipeline, way), watch);
        // If the sink took no more, that is why.
        writer.finish()?;
        let (bytes, rewritten) = result?;
        Ok::<_, ArchiveError>(Written {
            bytes,
            rewritten,
            digesters,
        })
    });
    watch.end();
    let written = written?;
    source.input.unchanged()?;
    Ok(written)
}

/// Returns the size of what was written, and the entries that were written anew.
fn write(
    source: &Source,
    planned: Vec<PlannedRewrite<'_>>,
    mut out: TargetWriter,
    watch: &dyn Watch,
) -> Result<(u64, Vec<Entry>), ArchiveError> {
    let input = &source.input;
    let directory = source.ends.directory;
    let mut moves = Moves(vec![]);
    let mut rewritten = Vec::new();
    let mut at = 0;
    for planned in planned {
        out.copy(
            input,
            Span {
                start: at,
                end: planned.span.start,
            },
            watch,
        )?;
        rewritten.push((planned.entry(), planned.write(source, &mut out, watch)?));
        out.pass(planned.span);
        at = planned.span.end;
        moves.0.push((at, out.at()));
    }
    out.copy(
        input,
        Span {
            start: at,
            end: directory.start,
        },
        watch,
    )?;

    out.pass(Span {
        start: directory.start,
        end: source.len(),
    });
    let start = out.at();
    let (mut count, mut changed, mut passed) = (0, 0, 0);
    let mut records = Records::new(input, directory);
    while let Some((record, old)) = records.next()? {
        let rewritten = rewritten.iter().find(|(e, _)| e.offset == old.offset);
        match rewritten {
            Some((entry, new)) if **entry == old.owned() => {
                changed += 1;
                out.put(&patched(record, entry, new)?)?;
            }
            Some(_) => return Err(source_changed(source)),
            None => put_moved(&mut out, record, &old, moves.apply(old.offset))?,
        }
        count += 1;
        passed += record.len() as u64;
        if passed >= CHUNK as u64 {
            watch.advance(std::mem::take(&mut passed))?;
        }
    }
    watch.advance(passed)?;
    if count != source.entry_count() || changed != rewritten.len() {
        return Err(source_changed(source));
    }
    let directory_moved = Span {
        start,
        end: out.at(),
    };
    out.put(
        &source
            .ends
            .moved(directory_moved)
            .ok_or_else(|| source_changed(source))?,
    )?;
    watch.advance(source.len() - directory.end)?;
    let rewritten = rewritten
        .into_iter()
        .map(|(_, rewritten)| rewritten)
        .collect();
    Ok((out.finish()?, rewritten))
}

/// Writes the record of an entry that is now at `offset` and else what it was.
fn put_moved(
    out: &mut TargetWriter,
    record: &[u8],
    old: &Entry<&[u8]>,
    offset: u64,
) -> Result<(), ArchiveError> {
    if let Some((before, offset, after)) = moved(record, offset) {
        out.put(before)?;
        out.put(&offset)?;
        out.put(after)?;
        return Ok(());
    }
    let old = old.owned();
    let new = Entry {
        offset,
        ..old.clone()
    };
    out.put(&patched(record, &old, &new)?)?;
    Ok(())
}

/// The rewrites that change something, by offset, with their surroundings checked.
fn plan<'a>(
    source: &Source,
    rewrites: &[Rewrite<'a>],
) -> Result<Vec<PlannedRewrite<'a>>, ArchiveError> {
    let changing = rewrites.iter().filter(|rewrite| !rewrite.edits.is_empty());
    let mut changing: Vec<_> = changing.copied().collect();
    changing.sort_by_key(|rewrite| rewrite.entry.offset);
    let planned = changing
        .into_iter()
        .map(|rewrite| PlannedRewrite::new(source, rewrite, source.limit(rewrite.entry.offset)?));
    let mut planned = planned.collect::<Result<Vec<_>, _>>()?;
    let mut next = source.ends.directory.start;
    for planned in planned.iter_mut().rev() {
        planned.behind.end = next;
        next = planned.span.start;
    }
    Ok(planned)
}

/// About how large the upgraded archive becomes, in bytes: the source and what the edits add.
fn expected_size(source: &Source, rewrites: &[Rewrite<'_>]) -> u64 {
    let growth: i128 = rewrites.iter().map(|it| it.edits.growth()).sum();
    u64::try_from(i128::from(source.len()) + growth).unwrap_or(source.len())
}

/// The spans whose blocks a disk may share: what does not move, and what moves by whole blocks.
fn shareable(planned: &[PlannedRewrite<'_>], directory: u64) -> Vec<Span> {
    let first = Span {
        start: 0,
        end: planned.first().map_or(directory, |it| it.span.start),
    };
    let padded = planned.iter().filter(|it| it.is_padded());
    let spans = std::iter::once(first).chain(padded.map(|it| it.behind));
    spans.filter(|span| span.len() >= WORTH).collect()
}

/// Where bytes went: (old, new) position from which on the source was copied again.
struct Moves(Vec<(u64, u64)>);

impl Moves {
    fn apply(&self, offset: u64) -> u64 {
        let next = self.0.partition_point(|(old, _)| *old <= offset);
        match next.checked_sub(1).and_then(|last| self.0.get(last)) {
            Some((old, new)) => offset - old + new,
            None => offset,
        }
    }
}

fn source_changed(source: &Source) -> ArchiveError {
    ArchiveError::SourceChanged {
        path: source.path().into(),
    }
}
