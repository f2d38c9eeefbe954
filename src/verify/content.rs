//! What the entries hold, as the second reader sees it: every entry is unpacked and every checksum
//! recomputed, so that the judgement does not rest on the code that wrote it.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchiveEntryWayfinder, ZipEntry};

use super::buffered::{BUFFER, Buffered};
use super::difference::{DifferenceKind, Differences};
use super::document::DocumentComparison;
use super::record::Record;
use super::zip::{Zip, failed, interrupted, unreadable};
use crate::archive::Source;
use crate::edit::Edits;
use crate::error::Error;
use crate::package::Document;
use crate::watch::Watch;

/// Checks every entry of the upgraded archive against its own checksum, and the documents against
/// the source's with `edits`. What cannot be checked, or is no better in the source, is remarked.
pub(super) fn check(
    source: &Source,
    upgraded: &Zip,
    edits: &BTreeMap<Document, Edits>,
    watch: &dyn Watch,
    found: &mut Differences,
) -> Result<Vec<String>, Error> {
    let mut remarks = Vec::new();
    let mut unread = 0_u64;
    let mut documents = BTreeMap::new();
    let (mut directory, mut buffer) = (Vec::new(), vec![0; BUFFER]);
    let mut records = upgraded.records(&mut directory)?;
    while let Some(record) = records.next()? {
        let document = edits.keys().copied().find(|it| is_called(&record, *it));
        let Some(unpacked) = Unpacked::of(&record) else {
            unread += 1;
            continue;
        };
        if let Some(document) = document {
            documents.insert(document, unpacked);
        }
        let Some(damage) = unpacked.damage(upgraded, &mut buffer, watch)? else {
            continue;
        };
        let name = record.shown_name();
        if document.is_some() {
            found.add(DifferenceKind::ContentDamaged, name, damage);
        } else {
            // Its bytes are compared with the source's elsewhere.
            remarks.push(format!(
                "entry {name} is damaged, as in the source: {damage}"
            ));
        }
    }
    if unread > 0 {
        remarks.push(format!(
            "{unread} entries use a compression method that is not known here: their bytes were \
             compared, their checksums not recomputed"
        ));
    }
    for (document, edits) in edits {
        let (Some(entry), Some(unpacked)) = (source.document(*document), documents.get(document))
        else {
            continue;
        };
        let mine = BufReader::with_capacity(BUFFER, source.read(entry)?);
        let theirs = unpacked
            .entry(upgraded)
            .map_err(unreadable(upgraded.path()))?;
        let theirs = BufReader::with_capacity(BUFFER, unpacked.content(&theirs));
        if let Some(what) = DocumentComparison::new(mine, theirs).run(edits, watch)? {
            found.add(DifferenceKind::DocumentChanged, document.name(), what);
        }
    }
    Ok(remarks)
}

fn is_called(record: &Record, document: Document) -> bool {
    document.name().as_bytes() == record.name
}

/// An entry that can be unpacked here.
#[derive(Debug, Clone, Copy)]
struct Unpacked {
    wayfinder: ZipArchiveEntryWayfinder,
    is_deflated: bool,
}

impl Unpacked {
    /// None where it is encrypted or compressed by another method.
    fn of(record: &Record) -> Option<Self> {
        let is_deflated = match record.method {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            _ => return None,
        };
        (!record.flags.is_encrypted()).then_some(Self {
            wayfinder: record.wayfinder,
            is_deflated,
        })
    }

    fn entry(self, zip: &Zip) -> Result<ZipEntry<'_, Buffered>, rawzip::Error> {
        zip.entry(self.wayfinder)
    }

    /// Its content, checked against the record's CRC and size when it has been read.
    fn content<'a>(self, entry: &ZipEntry<'a, Buffered>) -> impl Read + use<'a> {
        let packed = self.wayfinder.compressed_size_hint();
        let room = usize::try_from(packed).unwrap_or(BUFFER).min(BUFFER);
        let packed = BufReader::with_capacity(room, entry.reader());
        let unpacked: Box<dyn Read + 'a> = if self.is_deflated {
            Box::new(DeflateDecoder::new(packed))
        } else {
            Box::new(packed)
        };
        entry.verifying_reader(unpacked)
    }

    /// What is wrong with its content.
    fn damage(
        self,
        zip: &Zip,
        buffer: &mut [u8],
        watch: &dyn Watch,
    ) -> Result<Option<String>, Error> {
        let entry = match self.entry(zip) {
            Ok(entry) => entry,
            Err(error) => {
                return match error.into_kind() {
                    rawzip::ErrorKind::IO(error) => Err(failed(zip.path())(error)),
                    why => Ok(Some(why.to_string())),
                };
            }
        };
        let mut content = self.content(&entry);
        loop {
            match content.read(buffer) {
                Ok(0) => return Ok(None),
                Ok(count) => watch.advance(count as u64).map_err(interrupted)?,
                Err(error) if is_about_content(&error) => return Ok(Some(error.to_string())),
                Err(error) => return Err(failed(zip.path())(error)),
            }
        }
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
