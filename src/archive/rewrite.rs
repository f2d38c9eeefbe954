//! Writes one entry anew: local header, edited content, descriptor.

use std::io::{self, BufReader, Write};

use flate2::Crc;

use super::copy::Output;
use super::entry::Entry;
use super::error::ArchiveError;
use super::local::{Descriptor, Local, Sums};
use super::pack::Pack;
use super::source::Source;
use crate::edit::{Edits, Span};
use crate::watch::{Interrupted, Stage, Watch};

/// An entry and what changes in its content.
#[derive(Debug, Clone, Copy)]
pub struct Rewrite<'a> {
    /// An entry of the source.
    pub entry: &'a Entry,
    /// Positions are bytes of its decompressed content.
    pub edits: &'a Edits,
}

/// A rewrite whose surroundings in the source were read and checked.
pub(super) struct Planned<'a> {
    rewrite: Rewrite<'a>,
    local: Local,
    descriptor: Option<Descriptor>,
    sums_in_header: bool,
    /// All that it replaces in the source, from the local header to the descriptor.
    pub(super) span: Span,
}

impl<'a> Planned<'a> {
    /// `limit` is where the next entry, or the directory, begins.
    pub(super) fn new(
        source: &Source,
        rewrite: Rewrite<'a>,
        limit: u64,
    ) -> Result<Self, ArchiveError> {
        let entry = rewrite.entry;
        let local = Local::read(&source.input, entry, limit)?;
        let sums_in_header = !local.leaves_sums_to_descriptor(entry)?;
        let (descriptor, end) = if entry.flags & Entry::DESCRIPTOR == 0 {
            (None, local.data.end)
        } else {
            let (form, end) = Descriptor::find(&source.input, entry, local.data.end, limit)?;
            (Some(form), end)
        };
        let span = Span {
            start: entry.offset,
            end,
        };
        Ok(Self {
            rewrite,
            local,
            descriptor,
            sums_in_header,
            span,
        })
    }

    /// The entry this replaces.
    pub(super) fn entry(&self) -> &'a Entry {
        self.rewrite.entry
    }

    /// Writes it, and returns its new entry. A header that holds the sums costs a dry run first, which keeps the output a
    /// forward stream.
    pub(super) fn write(
        &self,
        source: &Source,
        out: &mut Output,
        watch: &dyn Watch,
    ) -> Result<Entry, ArchiveError> {
        let entry = self.entry();
        let offset = out.at();
        let mut promised = None;
        if self.sums_in_header {
            let sums = self.splice(source, io::sink(), &Alert(watch))?;
            let full = || ArchiveError::ExtraFull {
                name: entry.name().into(),
            };
            out.put(&self.local.with(sums).ok_or_else(full)?)?;
            promised = Some(sums);
        } else {
            out.put(&self.local.header)?;
        }
        let sums = self.splice(source, &mut *out, watch)?;
        if promised.is_some_and(|promised| promised != sums) {
            return Err(ArchiveError::SourceChanged {
                path: source.path().into(),
            });
        }
        if let Some(descriptor) = self.descriptor {
            out.put(
                &descriptor
                    .adjusted(&self.local, Sums::of(entry), sums)
                    .bytes(sums),
            )?;
        }
        watch.advance(self.span.len() - self.local.data.len())?;
        let Sums {
            crc,
            compressed_size,
            size,
        } = sums;
        Ok(Entry {
            crc,
            compressed_size,
            size,
            offset,
            ..entry.clone()
        })
    }

    /// Streams the content through the edits into `out`, compressed.
    fn splice(
        &self,
        source: &Source,
        out: impl Write,
        watch: &dyn Watch,
    ) -> Result<Sums, ArchiveError> {
        let Rewrite { entry, edits } = self.rewrite;
        let content = BufReader::with_capacity(1 << 18, source.read_watched(entry, watch)?);
        let packed = Counted {
            inner: out,
            count: 0,
        };
        let mut plain = Summed {
            pack: Pack::like(entry, packed)?,
            crc: Crc::new(),
            count: 0,
        };
        edits
            .apply(content, &mut plain)
            .map_err(|e| self.carried(e))?;
        let Summed {
            pack,
            crc,
            count: size,
        } = plain;
        let packed = pack.finish().map_err(|e| self.carried(e))?;
        Ok(Sums {
            crc: crc.sum(),
            compressed_size: packed.count,
            size,
        })
    }

    /// Whatever this room's readers and writers report is an archive error already; the one thing
    /// left is edits that reach beyond the content.
    fn carried(&self, error: io::Error) -> ArchiveError {
        let Rewrite { entry, .. } = self.rewrite;
        ArchiveError::from_io(error).unwrap_or_else(|_| ArchiveError::EditsOutside {
            name: entry.name().into(),
            size: entry.size,
        })
    }
}

/// Counts what passes.
struct Counted<W> {
    inner: W,
    count: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.count += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Sums up content on its way to be compressed.
struct Summed<W: Write> {
    pack: Pack<W>,
    crc: Crc,
    count: u64,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.pack.write(bytes)?;
        self.crc.update(bytes.get(..count).unwrap_or_default());
        self.count += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pack.flush()
    }
}

/// Can stop a dry run, which is no progress.
struct Alert<'a>(&'a dyn Watch);

impl Watch for Alert<'_> {
    fn begin(&self, _: Stage, _: u64) {}

    fn advance(&self, _: u64) -> Result<(), Interrupted> {
        self.0.advance(0)
    }

    fn end(&self) {}
}
