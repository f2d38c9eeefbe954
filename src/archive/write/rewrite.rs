//! Writes one entry anew: local header, edited content, descriptor.

use std::io::{self, BufReader, Write};

use flate2::Crc;

use super::pack::Pack;
use super::target::TargetWriter;
use crate::archive::error::ArchiveError;
use crate::archive::read::entry::Entry;
use crate::archive::read::local::{CrcAndSizes, Descriptor, Local, Surroundings};
use crate::archive::read::source::Source;
use crate::archive::share::blocks::WORTH;
use crate::archive::share::padding;
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
pub(in crate::archive) struct PlannedRewrite<'a> {
    rewrite: Rewrite<'a>,
    local: Local,
    descriptor: Option<Descriptor>,
    sums_in_header: bool,
    /// All that it replaces in the source, from the local header to the descriptor.
    pub(in crate::archive) span: Span,
    /// What follows it in the source and is copied as it stands.
    pub(in crate::archive) behind: Span,
}

impl<'a> PlannedRewrite<'a> {
    /// `limit` is where the next entry, or the directory, begins; nothing is known of what is
    /// `behind`.
    pub(in crate::archive) fn new(
        source: &Source,
        rewrite: Rewrite<'a>,
        limit: u64,
    ) -> Result<Self, ArchiveError> {
        let entry = rewrite.entry;
        let Surroundings {
            local,
            descriptor,
            sums_in_header,
            end,
        } = Surroundings::read(&source.input, entry, limit)?;
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
            behind: Span::at(end),
        })
    }

    /// The entry this replaces.
    pub(in crate::archive) fn entry(&self) -> &'a Entry {
        self.rewrite.entry
    }

    /// Whether it is lengthened, so that what is behind it moves by whole blocks of the disk.
    pub(in crate::archive) fn is_padded(&self) -> bool {
        self.entry().method == Entry::DEFLATE && self.behind.len() >= WORTH
    }

    /// Writes it, and returns its new entry. A header that holds the sums costs a dry run first,
    /// which keeps the output a forward stream.
    pub(in crate::archive) fn write(
        &self,
        source: &Source,
        out: &mut TargetWriter,
        watch: &dyn Watch,
    ) -> Result<Entry, ArchiveError> {
        let entry = self.entry();
        let offset = out.at();
        let mut promised = None;
        if self.sums_in_header {
            let sums = self.splice(source, offset, io::sink(), &Alert(watch))?;
            let full = || ArchiveError::ExtraFull {
                name: entry.name().into(),
            };
            out.put(&self.local.with(sums).ok_or_else(full)?)?;
            promised = Some(sums);
        } else {
            out.put(&self.local.header)?;
        }
        let sums = self.splice(source, offset, &mut *out, watch)?;
        if promised.is_some_and(|promised| promised != sums) {
            return Err(ArchiveError::SourceChanged {
                path: source.path().into(),
            });
        }
        out.put(&self.descriptor(sums))?;
        watch.advance(self.span.len() - self.local.data.len())?;
        let CrcAndSizes {
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

    /// What stands behind data with these sums.
    fn descriptor(&self, sums: CrcAndSizes) -> Vec<u8> {
        self.descriptor.map_or_else(Vec::new, |form| {
            let old = CrcAndSizes::of(self.entry());
            form.adjusted(&self.local, old, sums).bytes(sums)
        })
    }

    /// Where the entry ends that begins at `offset` and has these sums.
    fn end(&self, offset: u64, sums: CrcAndSizes) -> Option<u64> {
        let header = if self.sums_in_header {
            self.local.with(sums)?.len()
        } else {
            self.local.header.len()
        };
        let around = header + self.descriptor(sums).len();
        Some(offset + around as u64 + sums.compressed_size)
    }

    /// `sums` with as many empty blocks as it takes for what is behind to move by whole blocks of the
    /// disk. `None` where that cannot be had: at 4 GiB they may lengthen header or descriptor.
    fn padded(&self, offset: u64, sums: CrcAndSizes) -> Option<CrcAndSizes> {
        let missing = |sums| Some(padding::empties(self.end(offset, sums)?, self.span.end));
        let padded = CrcAndSizes {
            compressed_size: sums.compressed_size + missing(sums)? * padding::EMPTY.len() as u64,
            ..sums
        };
        (missing(padded)? == 0).then_some(padded)
    }

    /// Streams the content through the edits into `out`, compressed, where the entry begins at
    /// `offset`.
    fn splice(
        &self,
        source: &Source,
        offset: u64,
        out: impl Write,
        watch: &dyn Watch,
    ) -> Result<CrcAndSizes, ArchiveError> {
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
        let spliced = || {
            edits.apply(content, &mut plain)?;
            if self.is_padded() {
                plain.pack.seal()?;
            }
            let (mut packed, last) = plain.pack.end()?;
            let mut sums = CrcAndSizes {
                crc: plain.crc.sum(),
                compressed_size: packed.count + last.len() as u64,
                size: plain.count,
            };
            if self.is_padded()
                && let Some(padded) = self.padded(offset, sums)
            {
                while sums.compressed_size < padded.compressed_size {
                    packed.write_all(&padding::EMPTY)?;
                    sums.compressed_size += padding::EMPTY.len() as u64;
                }
            }
            packed.write_all(&last)?;
            Ok(sums)
        };
        spliced().map_err(|error| self.carried(error))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edits;

    #[test]
    fn an_entry_that_padding_would_lift_over_four_gib_is_not_padded() {
        let mut header = b"PK\x03\x04".to_vec();
        header.resize(30, 0);
        let entry = Entry {
            name: [].into(),
            flags: 0,
            method: Entry::DEFLATE,
            crc: 0,
            compressed_size: 0,
            size: 0,
            offset: 0,
            disk: 0,
            modified: 0,
        };
        let planned = PlannedRewrite {
            rewrite: Rewrite {
                entry: &entry,
                edits: &Edits::default(),
            },
            local: Local {
                header,
                data: Span::at(30),
            },
            descriptor: None,
            sums_in_header: true,
            span: Span { start: 0, end: 30 },
            behind: Span {
                start: 30,
                end: 30 + WORTH,
            },
        };
        let padded = |compressed_size| {
            let sums = CrcAndSizes {
                crc: 1,
                compressed_size,
                size: 1,
            };
            planned.padded(0, sums).map(|padded| padded.compressed_size)
        };
        let most = u64::from(u32::MAX) - 1;
        // It would take 4095 blocks, and a header of 20 bytes more.
        let lifted = most - most % padding::BLOCK + 5;
        assert_eq!(padded(lifted), None);
        let below = lifted - 5 * padding::BLOCK;
        assert_eq!(padded(below), Some(below + 5 * (padding::BLOCK - 1)));
        let zip64 = padded(1 << 32).unwrap();
        assert_eq!(zip64 % padding::BLOCK, padding::BLOCK - 20);
    }
}
