//! The second ZIP reader: rawzip, which shares no line with `archive`, so that one cannot repeat the
//! other's mistake.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rawzip::{
    ErrorKind, RangeReader, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipEntries, ZipEntry,
    ZipLocator,
};

use super::buffered::{BUFFER, Buffered};
use super::record::Record;
use crate::archive::ArchiveError;
use crate::edit::Span;
use crate::error::{Error, Problem};
use crate::watch::Interrupted;

/// An archive as the second reader has it.
pub(super) struct Zip {
    path: PathBuf,
    archive: ZipArchive<Buffered>,
    /// Length of the file in bytes.
    pub(super) len: u64,
}

/// Where the parts of an archive lie.
pub(super) struct Layout {
    /// Where the local headers begin, sorted, and behind them where the directory begins.
    pub(super) offsets: Vec<u64>,
    /// Where the central directory ends.
    pub(super) directory_end: u64,
    /// Where the end of central directory record begins.
    pub(super) end_record: u64,
}

impl Zip {
    /// Opens an archive that `archive` has found to be whole.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let mut file = Buffered::open(path).map_err(failed(path))?;
        let len = fs_err::metadata(path).map_err(failed(path))?.len();
        let (mut buffer, mut end) = (vec![0; BUFFER], len);
        // What looks like an end record may stand in the archive's comment: the comment of the right
        // one ends with the file.
        let archive = loop {
            match ZipLocator::new().locate_in_reader(file, &mut buffer, end) {
                Ok(archive) if archive.end_offset() == len => break archive,
                Ok(archive) => {
                    end = archive.eocd_offset();
                    file = archive.into_inner();
                }
                Err((again, error)) => {
                    let Some(at) = error.eocd_offset().filter(|at| *at < end) else {
                        return Err(unreadable(path)(error));
                    };
                    (file, end) = (again, at);
                }
            }
        };
        Ok(Self {
            path: path.into(),
            archive,
            len,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The records of the central directory in their order, read into `buffer`.
    pub(super) fn records<'a>(&'a self, buffer: &'a mut Vec<u8>) -> Result<Records<'a>, Error> {
        buffer.resize(BUFFER, 0);
        Ok(Records {
            path: &self.path,
            file: Buffered::open(&self.path).map_err(failed(&self.path))?,
            entries: self.archive.entries(buffer),
        })
    }

    pub(super) fn layout(&self) -> Result<Layout, Error> {
        let directory = self.archive.directory_offset();
        let (mut offsets, mut directory_end) = (Vec::new(), directory);
        let mut buffer = Vec::new();
        let mut records = self.records(&mut buffer)?;
        while let Some(record) = records.next()? {
            offsets.push(record.offset);
            directory_end = record.span.end;
        }
        offsets.push(directory);
        offsets.sort_unstable();
        Ok(Layout {
            offsets,
            directory_end,
            end_record: self.archive.eocd_offset(),
        })
    }

    /// The entry whose local header is where its record says.
    pub(super) fn entry(
        &self,
        wayfinder: ZipArchiveEntryWayfinder,
    ) -> Result<ZipEntry<'_, Buffered>, rawzip::Error> {
        self.archive.get_entry(wayfinder)
    }

    /// The bytes of a stretch, as far as the file has them.
    pub(super) fn bytes(&self, span: Span) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.reader(span)
            .read_to_end(&mut bytes)
            .map_err(failed(&self.path))?;
        Ok(bytes)
    }

    fn reader(&self, span: Span) -> RangeReader<&Buffered> {
        RangeReader::new(self.archive.get_ref(), span.start..span.end)
    }
}

/// Reads the central directory record by record.
pub(super) struct Records<'a> {
    path: &'a Path,
    entries: ZipEntries<'a, 'a, Buffered>,
    /// The same file again, for what the entries do not tell.
    file: Buffered,
}

impl Records<'_> {
    pub(super) fn next(&mut self) -> Result<Option<Record>, Error> {
        let Some(told) = self.entries.next_entry().map_err(unreadable(self.path))? else {
            return Ok(None);
        };
        let mut fixed = [0; Record::FIXED];
        self.file
            .read_exact_at(&mut fixed, told.central_directory_offset())
            .map_err(failed(self.path))?;
        Ok(Some(Record::new(&told, &fixed)))
    }
}

/// Where two stretches of bytes differ for the first time, counted from their beginnings.
pub(super) fn first_difference(
    (source, before): (&Zip, Span),
    (upgraded, after): (&Zip, Span),
    mut passed: impl FnMut(u64) -> Result<(), Error>,
) -> Result<Option<u64>, Error> {
    let (mut mine, mut theirs) = (source.reader(before), upgraded.reader(after));
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let mut at = 0;
    loop {
        fill(&mut a, &mut mine).map_err(failed(&source.path))?;
        fill(&mut b, &mut theirs).map_err(failed(&upgraded.path))?;
        if a != b {
            let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
            return Ok(Some(at + same as u64));
        }
        if a.is_empty() {
            return Ok(None);
        }
        at += a.len() as u64;
        passed(a.len() as u64)?;
    }
}

/// The next bytes, as many as fit or as there are.
fn fill(bytes: &mut Vec<u8>, reader: &mut RangeReader<&Buffered>) -> io::Result<()> {
    bytes.clear();
    reader.take(BUFFER as u64).read_to_end(bytes).map(drop)
}

/// What the second reader has against an archive that the first one reads.
#[derive(Debug, thiserror::Error)]
#[error("a second ZIP reader cannot read {}: {why}", path.display())]
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    why: String,
}

impl Problem for Unreadable {
    fn help(&self) -> &'static str {
        "unzip the archive, check its content and zip it again"
    }
}

/// An error of the second reader over the file at `path`.
pub(super) fn unreadable(path: &Path) -> impl Fn(rawzip::Error) -> Error + '_ {
    move |error| match error.into_kind() {
        ErrorKind::IO(error) => failed(path)(error),
        why => Error::from(Unreadable {
            path: path.into(),
            why: why.to_string(),
        }),
    }
}

/// An error of reading the file at `path`.
pub(super) fn failed(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |source| {
        Error::Archive(ArchiveError::Read {
            path: path.into(),
            source,
        })
    }
}

pub(super) fn interrupted(error: Interrupted) -> Error {
    Error::Archive(error.into())
}
