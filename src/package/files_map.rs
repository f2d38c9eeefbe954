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

/// Finds the entries of `wanted` workspaces.
///
/// A key is `/categories/repository/repositories/<repo>/workspaces/<w>/workspace_files/<w>` with
/// blanks written as `+` (seen); that other characters are percent-encoded is inferred from the
/// `+`, so a key that has them plain is recognised too.
///
/// # Errors
/// [`PackageError`] when a line is missing or longer than [`limits::FILES_MAP_LINE_BYTES`], or
/// reading fails.
pub fn workspaces(
    document: impl Read,
    wanted: &BTreeSet<WorkspaceKey>,
) -> Result<BTreeMap<WorkspaceKey, String>, PackageError> {
    let keys: BTreeMap<String, &WorkspaceKey> = wanted
        .iter()
        .flat_map(|workspace| spellings(workspace).map(|k| (k, workspace)))
        .collect();
    let mut found = BTreeMap::new();
    let mut lines = Lines {
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
        if let Some(&workspace) = keys.get(&key) {
            found.entry(workspace.clone()).or_insert(entry);
        }
    }
    Ok(found)
}

/// The ways in which a workspace's key may be written.
fn spellings((repository, workspace): &WorkspaceKey) -> [String; 3] {
    let encodings: [fn(&str) -> String; 3] = [
        |text| form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        |text| text.replace(' ', "+"),
        str::to_owned,
    ];
    encodings.map(|encode| {
        let (repository, workspace) = (encode(repository), encode(workspace));
        format!(
            "/categories/repository/repositories/{repository}/workspaces/{workspace}\
             /workspace_files/{workspace}"
        )
    })
}

struct Lines<R> {
    reader: BufReader<R>,
    number: u64,
}

impl<R: Read> Lines<R> {
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

    fn find(map: &str, repository: &str, workspace: &str) -> Option<String> {
        let wanted = BTreeSet::from([(repository.to_owned(), workspace.to_owned())]);
        workspaces(map.as_bytes(), &wanted)
            .unwrap()
            .into_values()
            .next()
    }

    #[test]
    fn a_workspace_is_found_by_repository_and_name() {
        let map = format!(
            "/categories/x\nfiles/0_x\n{KEY}Data+Validation/workspaces/a.fmw/workspace_files/a.fmw\n\
             files/1_a.fmw\n"
        );
        assert_eq!(
            find(&map, "Data Validation", "a.fmw").as_deref(),
            Some("files/1_a.fmw")
        );
        assert_eq!(find(&map, "Other", "a.fmw"), None);
    }

    #[test]
    fn a_name_with_odd_characters_is_found_however_it_is_written() {
        for written in [
            "%C3%9Cber+%2B+100%25+%26.fmw",
            "Über+++100%+&.fmw",
            "Über + 100% &.fmw",
        ] {
            let map =
                format!("{KEY}R/workspaces/{written}/workspace_files/{written}\r\nfiles/1\r\n");
            assert_eq!(
                find(&map, "R", "Über + 100% &.fmw").as_deref(),
                Some("files/1"),
                "{written}"
            );
        }
    }

    #[test]
    fn an_odd_number_of_lines_is_refused() {
        let error = workspaces(&b"/categories/x\n"[..], &BTreeSet::new()).unwrap_err();
        assert!(
            error.to_string().contains("key without an entry"),
            "{error}"
        );
    }
}
