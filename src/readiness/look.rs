//! Reads what an archive has of text: the headers of all workspaces, resources of up to 4 MiB, and
//! `data.xml`.

use std::io::{self, Read};
use std::sync::Arc;

use super::text::{Signs, facts, search};
use crate::archive::{ArchiveError, Entry, EntryReader, Source};
use crate::error::Error;
use crate::finding::Fact;
use crate::limits::Limits;
use crate::load::{Watched, data_xml};
use crate::package::Document;
use crate::package::tree::{Event, Tree};
use crate::watch::{Interrupted, Stage, Watch};

/// The largest text that is searched, in bytes; scripts and pages are far smaller. Of a workspace the
/// header is searched, whatever its length.
const LARGEST_TEXT: u64 = 4 << 20;

/// How much of a file tells whether it is a text, in bytes.
const BEGINNING: u64 = 4096;

/// What a workspace's header ends with.
const END_OF_HEADER: &[u8] = b"</WORKSPACE>";

/// How many files of each kind there were.
#[derive(Debug, Default)]
struct FileCounts {
    headers: u32,
    texts: u32,
    large: u32,
    binary: u32,
    unreadable: u32,
}

/// Searches all there is.
pub(super) fn look(source: &Source, limits: Limits, watch: &dyn Watch) -> Result<Vec<Fact>, Error> {
    let mut told = Vec::new();
    let mut counts = FileCounts::default();
    watch.begin(Stage::Read, source.len());
    for entry in source.entries() {
        let entry = entry?;
        go_on(watch)?;
        let is_document = Document::ALL.iter().any(|it| it.as_ref() == entry.name());
        if !entry.is_directory() && entry.size() > 0 && !is_document {
            let place: Arc<str> = entry.name().into();
            let signs = counts.search(source, &entry, watch);
            told.extend(facts(signs, &place));
        }
    }
    // Reading stops at an interruption, which is not to be taken for damage.
    go_on(watch)?;
    told.extend(data(source, limits, watch)?);
    watch.end();
    let FileCounts {
        headers,
        texts,
        large,
        binary,
        unreadable,
    } = counts;
    told.push(Fact::TextsRead {
        headers,
        texts,
        large,
        binary,
        unreadable,
    });
    Ok(told)
}

/// Stops where the run is asked to.
fn go_on(watch: &dyn Watch) -> Result<(), Error> {
    let asked = watch.advance(0);
    Ok(asked.map_err(|Interrupted| ArchiveError::from(Interrupted))?)
}

impl FileCounts {
    /// Searches a file, if it is one to be searched.
    fn search(&mut self, source: &Source, entry: &Entry, watch: &dyn Watch) -> Signs {
        let is_workspace = entry.name().to_ascii_lowercase().ends_with(".fmw");
        let searched = match source.read(entry) {
            Ok(text) if is_workspace => {
                let reader = Watched {
                    reader: text,
                    watch,
                };
                search(reader, Some(END_OF_HEADER)).map(Some)
            }
            Ok(_) if entry.size() > LARGEST_TEXT => {
                self.large += 1;
                return Signs::new();
            }
            Ok(text) => search_text(text, watch),
            Err(_) => {
                self.unreadable += 1;
                return Signs::new();
            }
        };
        let counted = match searched {
            Ok(Some(_)) if is_workspace => &mut self.headers,
            Ok(Some(_)) => &mut self.texts,
            Ok(None) => &mut self.binary,
            Err(_) => &mut self.unreadable,
        };
        *counted += 1;
        searched.ok().flatten().unwrap_or_default()
    }
}

/// Searches a file that is a text; none where it is not.
fn search_text(text: EntryReader<'_>, watch: &dyn Watch) -> io::Result<Option<Signs>> {
    let mut reader = Watched {
        reader: text,
        watch,
    };
    let mut beginning = Vec::new();
    reader
        .by_ref()
        .take(BEGINNING)
        .read_to_end(&mut beginning)?;
    if beginning.contains(&0) {
        return Ok(None);
    }
    let rest = reader.take(LARGEST_TEXT);
    search(beginning.chain(rest), None).map(Some)
}

/// Searches `data.xml`; only where something is in it, each value is looked at by itself.
fn data(source: &Source, limits: Limits, watch: &dyn Watch) -> Result<Vec<Fact>, Error> {
    let mut told = Vec::new();
    let reader = Watched {
        reader: data_xml(source)?,
        watch,
    };
    if search(reader, None).is_ok_and(|signs| signs.is_empty()) {
        return Ok(told);
    }
    go_on(watch)?;
    let reader = Watched {
        reader: data_xml(source)?,
        watch,
    };
    let mut tree = Tree::new(reader, limits);
    let limit = usize::try_from(LARGEST_TEXT).unwrap_or(usize::MAX);
    while let Some(event) = tree.next()? {
        if !matches!(event, Event::AttributeStart) {
            continue;
        }
        let names: Vec<&str> = tree.path().iter().skip(1).collect();
        let place: Arc<str> = format!("data.xml: {} {}", names.join("/"), tree.attribute()).into();
        if let Some(value) = tree.value(limit)? {
            let signs = search(value.kept.as_bytes(), None).unwrap_or_default();
            told.extend(facts(signs, &place));
        }
    }
    Ok(told)
}
