//! `files.map`: line pairs, a file's place in the tree and then its entry in the ZIP (seen).
//!
//! The map of a large backup has a line for every file, so it is read as a stream and only the
//! files that are asked for are remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};

use super::{Document, PackageError};
use crate::limits;

/// A workspace: repository and name.
pub type WorkspaceKey = (String, String);

/// What a map says, as far as it was asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FilesMap {
    /// The entries of the workspaces that were asked for and are in it.
    pub workspaces: BTreeMap<WorkspaceKey, EntryOf>,
    /// The entries that it names and the archive does not have.
    pub missing: MissingEntries,
}

/// Where a workspace is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryOf {
    /// In this entry.
    Entry(String),
    /// In one of several entries, or another workspace may be meant.
    Ambiguous,
}

/// Entries that are named and not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MissingEntries {
    /// How many.
    pub count: u64,
    /// The first few, in the map's order.
    pub first: Vec<String>,
    /// Whether the archive has entries whose names have backslashes.
    pub backslashes: bool,
}

impl MissingEntries {
    /// So many names are enough to see what kind of entries is missing.
    const NAMED: usize = 3;

    fn add(&mut self, entry: &str) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(entry.to_owned());
        }
    }
}

/// How keys are written. FME Flow writes blanks as `+` (seen); that it is the encoding of HTML forms is
/// inferred from that. In each of them a workspace has one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// As in HTML forms, which is Java's `URLEncoder`.
    Form,
    /// With blanks as `+`, and everything else as it is.
    Plus,
    /// As they are.
    Plain,
}

impl Encoding {
    const ALL: [Self; 3] = [Self::Form, Self::Plus, Self::Plain];

    fn encode(self, text: &str) -> String {
        match self {
            Self::Form => form_urlencoded::byte_serialize(text.as_bytes()).collect(),
            Self::Plus => text.replace(' ', "+"),
            Self::Plain => text.to_owned(),
        }
    }

    /// The key of a workspace: `/categories/repository/repositories/<repo>/workspaces/<w>/workspace_files/<w>`.
    fn key(self, (repository, workspace): &WorkspaceKey) -> String {
        let (repository, workspace) = (self.encode(repository), self.encode(workspace));
        format!("{WORKSPACES}{repository}/workspaces/{workspace}/workspace_files/{workspace}")
    }
}

/// What the keys of workspaces begin with (seen).
const WORKSPACES: &str = "/categories/repository/repositories/";

/// Finds the entries of `wanted` workspaces, and those for which `has_entry` does not hold. Which
/// encoding the map is in follows from all of its keys, never from their order.
///
/// # Errors
/// [`PackageError`] when a line is missing or longer than [`limits::FILES_MAP_LINE_BYTES`], or
/// reading fails.
pub fn read(
    document: impl Read,
    wanted: &BTreeSet<WorkspaceKey>,
    has_entry: impl Fn(&str) -> bool,
) -> Result<FilesMap, PackageError> {
    let keys = wanted
        .iter()
        .flat_map(|workspace| Encoding::ALL.map(|it| it.key(workspace)));
    let mut found: BTreeMap<String, Option<EntryOf>> = keys.map(|key| (key, None)).collect();
    let mut map = FilesMap::default();
    let mut encoding = Encoding::Form;
    let mut lines = MapLines {
        reader: BufReader::with_capacity(256 * 1024, document),
        number: 0,
    };
    while let Some(key) = lines.next()? {
        let Some(entry) = lines.next()? else {
            let what = format!("line {} is a key without an entry after it", lines.number);
            return Err(PackageError::Malformed {
                document: Document::FilesMap,
                what,
            });
        };
        if !entry.is_empty() && !has_entry(&entry) {
            map.missing.add(&entry);
        }
        if let Some(name) = key.strip_prefix(WORKSPACES) {
            encoding = narrowed(encoding, name);
        }
        if let Some(place) = found.get_mut(&key) {
            *place = Some(match place.take() {
                Some(EntryOf::Entry(known)) if known != entry => EntryOf::Ambiguous,
                Some(place) => place,
                None => EntryOf::Entry(entry),
            });
        }
    }
    map.workspaces = resolved(wanted, encoding, &found);
    Ok(map)
}

/// The encoding that a map can still be in when it has this key, too.
fn narrowed(encoding: Encoding, key: &str) -> Encoding {
    match encoding {
        Encoding::Form if is_form_encoded(key) => Encoding::Form,
        Encoding::Form | Encoding::Plus if !key.contains(' ') => Encoding::Plus,
        _ => Encoding::Plain,
    }
}

/// Whether these are names in the encoding of HTML forms, with slashes between them.
fn is_form_encoded(key: &str) -> bool {
    let mut bytes = key.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => {
                let mut digit = || bytes.next().is_some_and(|it| it.is_ascii_hexdigit());
                digit() && digit()
            }
            b'/' | b'+' | b'*' | b'-' | b'.' | b'_' => true,
            byte => byte.is_ascii_alphanumeric(),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Each workspace by its key in this encoding; two that have one key cannot be told apart.
fn resolved(
    wanted: &BTreeSet<WorkspaceKey>,
    encoding: Encoding,
    found: &BTreeMap<String, Option<EntryOf>>,
) -> BTreeMap<WorkspaceKey, EntryOf> {
    let mut sharing: BTreeMap<String, Vec<&WorkspaceKey>> = BTreeMap::new();
    for workspace in wanted {
        sharing
            .entry(encoding.key(workspace))
            .or_default()
            .push(workspace);
    }
    let placed = sharing.into_iter().filter_map(|(key, workspaces)| {
        let place = found.get(&key)?.clone()?;
        Some((place, workspaces))
    });
    placed
        .flat_map(|(place, workspaces)| {
            let place = if workspaces.len() > 1 {
                EntryOf::Ambiguous
            } else {
                place
            };
            workspaces
                .into_iter()
                .map(move |workspace| (workspace.clone(), place.clone()))
        })
        .collect()
}

struct MapLines<R> {
    reader: BufReader<R>,
    number: u64,
}

impl<R: Read> MapLines<R> {
    /// The next line without its end; a line of blanks at the end of the document is none.
    fn next(&mut self) -> Result<Option<String>, PackageError> {
        let mut line = Vec::new();
        let limit = limits::FILES_MAP_LINE_BYTES + 1;
        let count = (&mut self.reader)
            .take(limit as u64)
            .read_until(b'\n', &mut line)?;
        self.number += 1;
        if count == 0 {
            return Ok(None);
        }
        if count == limit {
            let what = format!("line {} is longer than {} bytes", self.number, limit - 1);
            return Err(PackageError::Malformed {
                document: Document::FilesMap,
                what,
            });
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Ok(Some(String::from_utf8_lossy(line).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "/categories/repository/repositories/";

    fn key(repository: &str, workspace: &str) -> WorkspaceKey {
        (repository.to_owned(), workspace.to_owned())
    }

    fn map_of(workspaces: &[(&str, &str)]) -> String {
        let pairs = workspaces.iter().map(|(name, entry)| {
            format!("{KEY}R/workspaces/{name}/workspace_files/{name}\n{entry}\n")
        });
        pairs.collect()
    }

    /// Where the workspaces are that have these names.
    fn places(map: &str, names: &[&str]) -> Vec<Option<String>> {
        let wanted = names.iter().map(|name| key("R", name)).collect();
        let map = read(map.as_bytes(), &wanted, |_| true).unwrap();
        let place = |name: &&str| {
            map.workspaces
                .get(&key("R", name))
                .map(|place| match place {
                    EntryOf::Entry(entry) => entry.clone(),
                    EntryOf::Ambiguous => "?".to_owned(),
                })
        };
        names.iter().map(place).collect()
    }

    fn find(map: &str, repository: &str, workspace: &str) -> Option<EntryOf> {
        let wanted = BTreeSet::from([key(repository, workspace)]);
        let map = read(map.as_bytes(), &wanted, |_| true).unwrap();
        map.workspaces.into_values().next()
    }

    #[test]
    fn a_workspace_is_found_by_repository_and_name() {
        let map = format!(
            "/categories/x\nfiles/0_x\n{KEY}Data+Validation/workspaces/a.fmw/workspace_files/a.fmw\n\
             files/1_a.fmw\n"
        );
        let found = find(&map, "Data Validation", "a.fmw");
        assert_eq!(found, Some(EntryOf::Entry("files/1_a.fmw".to_owned())));
        assert_eq!(find(&map, "Other", "a.fmw"), None);
    }

    #[test]
    fn a_name_with_odd_characters_is_found_however_it_is_written() {
        for written in [
            "%C3%9Cber+%2B+100%25+%26.fmw",
            "Über+++100%+&.fmw",
            "Über + 100% &.fmw",
        ] {
            let map = map_of(&[(written, "files/1")]).replace('\n', "\r\n");
            let found = places(&map, &["Über + 100% &.fmw"]);
            assert_eq!(found, [Some("files/1".to_owned())], "{written}");
        }
    }

    #[test]
    fn a_blank_and_a_plus_are_told_apart_in_any_order_or_not_at_all() {
        let both = ["map x.fmw", "map+x.fmw"];
        let entry = |name: &str| Some(name.to_owned());
        for (pairs, expected) in [
            // As FME Flow writes them.
            (
                vec![("map+x.fmw", "a"), ("map%2Bx.fmw", "b")],
                [entry("a"), entry("b")],
            ),
            // Plain.
            (
                vec![("map x.fmw", "a"), ("map+x.fmw", "b")],
                [entry("a"), entry("b")],
            ),
            // With a name that is not form-encoded, so that `+` may be either.
            (
                vec![("map+x.fmw", "a"), ("ü.fmw", "c")],
                [entry("?"), entry("?")],
            ),
            (
                vec![("map+x.fmw", "a"), ("map+x.fmw", "b"), ("ü.fmw", "c")],
                [entry("?"), entry("?")],
            ),
            (vec![("map+x.fmw", "a")], [entry("a"), None]),
            (
                vec![("map+x.fmw", "a"), ("map+x.fmw", "b")],
                [entry("?"), None],
            ),
            (
                vec![("map+x.fmw", "a"), ("map+x.fmw", "a")],
                [entry("a"), None],
            ),
        ] {
            let mut pairs = pairs;
            for _ in 0..pairs.len() {
                pairs.rotate_left(1);
                assert_eq!(places(&map_of(&pairs), &both), expected, "{pairs:?}");
            }
        }
    }

    #[test]
    fn entries_that_the_archive_lacks_are_counted_and_the_first_are_named() {
        let map = "/a\nfiles/0\n/b\nfiles/1\n/c\nfiles/2\n/d\nfiles/3\n/e\nfiles/4\n";
        let map = read(map.as_bytes(), &BTreeSet::new(), |entry| entry == "files/1").unwrap();
        assert_eq!(map.missing.count, 4);
        assert_eq!(map.missing.first, ["files/0", "files/2", "files/3"]);
    }

    #[test]
    fn an_odd_number_of_lines_is_refused() {
        let error = read(&b"/categories/x\n"[..], &BTreeSet::new(), |_| true).unwrap_err();
        assert!(
            error.to_string().contains("key without an entry"),
            "{error}"
        );
    }
}
