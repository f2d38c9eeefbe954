//! From an archive to the package in it: the step that reads, so that the rest can be pure.
//!
//! Only the four documents and the headers of the workspaces that apps run are read, never the
//! payload.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use crate::archive::{ArchiveError, Entry, EntryReader, ErrorKind, Names, Source};
use crate::error::Error;
use crate::limits::Limits;
use crate::package::files_map::{EntryOf, FilesMap, MissingEntries};
use crate::package::{
    Budget, Data, Document, Elsewhere, LongValues, Package, PackageError, PackageKind, References,
    Sought, Workspace, WorkspaceKey, data, files_map, project, properties,
};
use crate::watch::{Interrupted, Stage, Watch};
use crate::workspace::read_header;

/// Reads the package in `source`.
///
/// # Errors
/// When a document is missing, damaged or cannot be understood, or reading fails. A workspace that
/// cannot be understood is no error.
pub fn load(
    source: &Source,
    kind: PackageKind,
    limits: Limits,
    watch: &dyn Watch,
) -> Result<Package, Error> {
    read(source, kind, limits, watch, MapEntries::LookedFor)
}

/// The same, of which nobody will be told what `files.map` names in vain: for that all entries have to
/// be gone through.
///
/// # Errors
/// Those of [`load`].
pub(crate) fn load_to_check(
    source: &Source,
    kind: PackageKind,
    limits: Limits,
    watch: &dyn Watch,
) -> Result<Package, Error> {
    read(source, kind, limits, watch, MapEntries::TakenForThere)
}

/// What becomes of the entries that `files.map` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MapEntries {
    LookedFor,
    TakenForThere,
}

fn read(
    source: &Source,
    kind: PackageKind,
    limits: Limits,
    watch: &dyn Watch,
    entries: MapEntries,
) -> Result<Package, Error> {
    let stamps = properties::read(open(source, Document::Properties)?)?;
    tracing::debug!("build {}, schema {}", stamps.build, stamps.schema);
    let mut budget = Budget::new(limits);
    let data = read_data(source, limits, &mut budget, watch)?;
    tracing::debug!(
        "data.xml has {} apps, {} tokens, {} roles, {} users and {} grants",
        data.apps.len(),
        data.tokens.len(),
        data.roles.len(),
        data.users.len(),
        data.grants.len()
    );
    let references = references(source, &data, limits, watch)?;
    let project = source.document(Document::Project);
    let project = project
        .map(|entry| Ok::<_, Error>(project::read(source.read(entry)?, limits)?))
        .transpose()?;
    let (workspaces, missing_entries) = workspaces(source, &data, limits, entries)?;
    // After everything was read, for damage that shows there is said more exactly.
    source.check_documents()?;
    Ok(Package {
        kind,
        stamps,
        data,
        references,
        project,
        workspaces,
        missing_entries,
        budget,
    })
}

/// What an archive is for: by its extension, else by whether it has a project's description.
pub fn kind_of(source: &Source) -> PackageKind {
    kind_of_name(source.path()).unwrap_or_else(|| match source.document(Document::Project) {
        Some(_) => PackageKind::Project,
        None => PackageKind::Backup,
    })
}

/// What an archive is for by its extension alone.
pub fn kind_of_name(path: &Path) -> Option<PackageKind> {
    let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
    match &*extension {
        "fsproject" => Some(PackageKind::Project),
        "fsconfig" => Some(PackageKind::Backup),
        _ => None,
    }
}

/// Opens `data.xml`, to be read once more.
pub(crate) fn data_xml(source: &Source) -> Result<impl Read + '_, Error> {
    open(source, Document::Data)
}

fn open(source: &Source, document: Document) -> Result<impl Read + '_, Error> {
    Ok(source.read(entry_of(source, document)?)?)
}

/// The entry of a document that every archive has.
fn entry_of(source: &Source, document: Document) -> Result<&Entry, Error> {
    if let Some(entry) = source.document(document) {
        return Ok(entry);
    }
    let names = source
        .entries()
        .map(|entry| entry.map(|entry| entry.name().into_owned()));
    let elsewhere = Elsewhere::find(document, names)?;
    let missing = PackageError::Missing {
        document,
        elsewhere,
    };
    Err(missing.into())
}

fn read_data(
    source: &Source,
    limits: Limits,
    budget: &mut Budget,
    watch: &dyn Watch,
) -> Result<Data, Error> {
    let entry = entry_of(source, Document::Data)?;
    watched(source, entry, watch, |reader| {
        data::read(reader, limits, budget)
    })
}

/// What names the tokens of apps besides them, in any document.
fn references(
    source: &Source,
    data: &Data,
    limits: Limits,
    watch: &dyn Watch,
) -> Result<References, Error> {
    let mut references = References::default();
    let sought = Sought::of(data);
    if sought.is_empty() {
        return Ok(references);
    }
    for document in Document::ALL {
        let Some(entry) = source.document(document) else {
            continue;
        };
        if document != Document::Data {
            watched(source, entry, watch, |reader| {
                references.in_other(&sought, reader)
            })?;
            continue;
        }
        let mut look = |known: &LongValues| {
            watched(source, entry, watch, |reader| {
                references.in_data(&sought, reader, limits, known)
            })
        };
        let heard = look(&LongValues::new())?;
        if !heard.is_empty() {
            look(&heard)?;
        }
    }
    Ok(references)
}

/// Reads a document while a watch is told of it.
fn watched<'a, T>(
    source: &'a Source,
    entry: &Entry,
    watch: &'a dyn Watch,
    read: impl FnOnce(Watched<'a, EntryReader<'a>>) -> Result<T, PackageError>,
) -> Result<T, Error> {
    let reader = source.read(entry)?;
    watch.begin(Stage::Read, entry.size());
    let read = read(Watched { reader, watch });
    watch.end();
    Ok(read?)
}

/// The headers of the workspaces that apps run, and what `files.map` names in vain.
fn workspaces(
    source: &Source,
    data: &Data,
    limits: Limits,
    entries: MapEntries,
) -> Result<(BTreeMap<WorkspaceKey, Workspace>, MissingEntries), Error> {
    let run = data.apps.iter().flat_map(data.workspaces());
    let wanted: BTreeSet<WorkspaceKey> = run.cloned().collect();
    let map = match source.document(Document::FilesMap) {
        Some(entry) => {
            let names = match entries {
                MapEntries::LookedFor => Some(Names::of(source)?),
                MapEntries::TakenForThere => None,
            };
            let is_there = |name: &str| names.as_ref().is_none_or(|names| names.contains(name));
            let mut map = files_map::read(source.read(entry)?, &wanted, is_there)?;
            map.missing.backslashes = names.is_some_and(|names| names.backslashes);
            map
        }
        None => FilesMap::default(),
    };
    let entries = map.workspaces.values().filter_map(|place| match place {
        EntryOf::Entry(entry) => Some(entry.clone()),
        EntryOf::Ambiguous => None,
    });
    let found = source.find(&entries.collect())?;
    let mut reader = None;
    let read = wanted.into_iter().map(|key| {
        let place = map.workspaces.get(&key);
        let (repository, name) = &key;
        tracing::trace!("workspace {repository}/{name} in {place:?}");
        let workspace = match place {
            Some(EntryOf::Ambiguous) => Workspace::Unreadable {
                why: "files.map does not say for certain which entry it is".to_owned(),
                limit: None,
            },
            Some(EntryOf::Entry(entry)) => match found.get(entry) {
                Some(entry) => workspace(source.read_on(&mut reader, entry), limits)?,
                None => Workspace::Missing,
            },
            None => Workspace::Missing,
        };
        Ok((key, workspace))
    });
    Ok((read.collect::<Result<_, Error>>()?, map.missing))
}

fn workspace(text: Result<impl Read, ArchiveError>, limits: Limits) -> Result<Workspace, Error> {
    let read = text.map(|text| read_header(text, limits));
    let (why, limit) = match read {
        Ok(Ok(header)) => return Ok(Workspace::Read(header.into())),
        Ok(Err(error)) => (error.to_string(), error.limit()),
        Err(error) if error.kind() == ErrorKind::Refused => (error.to_string(), None),
        Err(error) => return Err(error.into()),
    };
    Ok(Workspace::Unreadable { why, limit })
}

/// Tells a watch of every byte that is read, and stops when it says so.
pub(crate) struct Watched<'a, R> {
    pub(crate) reader: R,
    pub(crate) watch: &'a dyn Watch,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.watch
            .advance(count as u64)
            .map_err(|Interrupted| std::io::Error::other(ArchiveError::from(Interrupted)))?;
        Ok(count)
    }
}
