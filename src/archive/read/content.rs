//! Reads one entry as a stream that cannot end well unless everything it claimed was true.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::entry::Entry;
use super::input::Extent;
use crate::archive::error::ArchiveError;
use crate::watch::Watch;

const BUFFER: usize = 256 << 10;

/// The content of an entry. Its end is an error when the CRC-32 or a size is not the one in the
/// central record; memory is constant, whatever the entry claims.
pub struct EntryReader<'a> {
    raw: BufReader<Watched<'a>>,
    inflate: Option<Inflate>,
    crc: Crc,
    got: u64,
    entry: Entry,
}

impl fmt::Debug for EntryReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntryReader")
            .field("entry", &self.entry)
            .finish_non_exhaustive()
    }
}

impl<'a> EntryReader<'a> {
    pub(in crate::archive) fn new(
        data: Extent<'a>,
        entry: &Entry,
        watch: &'a dyn Watch,
    ) -> Result<Self, ArchiveError> {
        let inflate = Inflate::of(entry, None)?;
        let raw = BufReader::with_capacity(BUFFER, Watched { data, watch });
        Ok(Self {
            raw,
            inflate,
            crc: Crc::new(),
            got: 0,
            entry: entry.clone(),
        })
    }

    /// Turns to another entry. Its buffer and the state of its decompression are as large as many a
    /// text that is read, and what is kept of the texts must not come to lie between them.
    pub(super) fn turn_to(&mut self, data: Extent<'a>, entry: &Entry) -> Result<(), ArchiveError> {
        self.inflate = Inflate::of(entry, self.inflate.take())?;
        self.raw.consume(self.raw.buffer().len());
        self.raw.get_mut().data = data;
        self.crc = Crc::new();
        self.got = 0;
        self.entry.clone_from(entry);
        Ok(())
    }

    /// What the end of the data must have shown.
    fn verify(&self) -> Result<(), ArchiveError> {
        let name = || self.entry.name().into();
        let left = self.raw.buffer().len() as u64 + self.raw.get_ref().data.left();
        if left > 0 {
            let evidence = format!("{left} bytes follow its end");
            return Err(ArchiveError::Deflate {
                name: name(),
                evidence,
            });
        }
        if self.got != self.entry.size {
            return Err(self.bad_size());
        }
        if self.crc.sum() != self.entry.crc {
            let (got, expected) = (self.crc.sum(), self.entry.crc);
            return Err(ArchiveError::Crc {
                name: name(),
                got,
                expected,
            });
        }
        Ok(())
    }

    fn bad_size(&self) -> ArchiveError {
        let (got, expected) = (self.got, self.entry.size);
        ArchiveError::Size {
            name: self.entry.name().into(),
            got,
            expected,
        }
    }
}

impl Read for EntryReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = match &mut self.inflate {
            None => self.raw.read(buffer)?,
            Some(inflate) => inflate.read(&mut self.raw, buffer).map_err(|e| match e {
                Failure::Io(error) => error,
                Failure::Stream(evidence) => {
                    let name = self.entry.name().into();
                    ArchiveError::Deflate { name, evidence }.into_io()
                }
            })?,
        };
        self.got += count as u64;
        if self.got > self.entry.size {
            return Err(self.bad_size().into_io());
        }
        if count == 0 {
            self.verify().map_err(ArchiveError::into_io)?;
        }
        self.crc.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Deflate by hand: flate2's own reader takes a stream that just stops for one that ended.
struct Inflate {
    state: Decompress,
    ended: bool,
}

enum Failure {
    Io(io::Error),
    Stream(String),
}

impl Inflate {
    /// What an entry takes to be read: the one that is there, set back, or a new one; none for method 0.
    fn of(entry: &Entry, there: Option<Self>) -> Result<Option<Self>, ArchiveError> {
        match entry.method {
            Entry::STORE => Ok(None),
            Entry::DEFLATE => {
                let mut state = there.map_or_else(|| Decompress::new(false), |it| it.state);
                state.reset(false);
                Ok(Some(Self {
                    state,
                    ended: false,
                }))
            }
            method => Err(ArchiveError::Method {
                name: entry.name().into(),
                method,
            }),
        }
    }

    fn read(&mut self, raw: &mut impl BufRead, buffer: &mut [u8]) -> Result<usize, Failure> {
        while !self.ended {
            let input = raw.fill_buf().map_err(Failure::Io)?;
            let (before_in, before_out) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(input, buffer, FlushDecompress::None)
                .map_err(|e| Failure::Stream(e.message().unwrap_or("invalid data").into()))?;
            let taken = self.state.total_in() - before_in;
            let made = self.state.total_out() - before_out;
            raw.consume(usize::try_from(taken).unwrap_or_default());
            self.ended = status == Status::StreamEnd;
            if made > 0 {
                return Ok(usize::try_from(made).unwrap_or_default());
            }
            if taken == 0 && !self.ended {
                let at = self.state.total_in();
                return Err(Failure::Stream(format!("it has no end after {at} bytes")));
            }
        }
        Ok(0)
    }
}

/// Reports what is read.
struct Watched<'a> {
    data: Extent<'a>,
    watch: &'a dyn Watch,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.data.read(buffer)?;
        self.watch
            .advance(count as u64)
            .map_err(|e| ArchiveError::from(e).into_io())?;
        Ok(count)
    }
}
