//! Names of apps and Connections in the server's own restore or import log.
//!
//! How 2026.1 words these messages is not known, so nothing is read but names: an app and a
//! Connection in one message. That confirms no fact; it is reported beside what the export says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};
use std::path::Path;

use aho_corasick::AhoCorasick;
use fs_err::File;
use serde::Deserialize;

use super::CompareError;

/// The longest line that is looked at, in bytes; a longer one is cut.
const LINE: u64 = 1 << 16;

/// Pairs of an app and a Connection, by their positions in the lists that were looked for.
pub(super) type NamedPairs = BTreeSet<(usize, usize)>;

/// The answer of `/log/parsed` (seen).
#[derive(Deserialize)]
struct Parsed {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    message: String,
}

/// Which apps and Connections are named together in a message of the log at `path`: text, or the
/// JSON of `/log/parsed`.
pub(super) fn named(
    path: &Path,
    apps: &[&str],
    connections: &[&str],
) -> Result<NamedPairs, CompareError> {
    let failed = |why: String| CompareError::Log {
        path: path.into(),
        why,
    };
    let read = |error: std::io::Error| failed(error.to_string());
    let finder = Finder::new(apps, connections).map_err(|error| failed(error.to_string()))?;
    let mut found = NamedPairs::new();
    let mut file = std::io::BufReader::new(File::open(path).map_err(read)?);
    let start = file.fill_buf().map_err(read)?;
    if start.trim_ascii_start().starts_with(b"{") {
        let parsed: Parsed =
            serde_json::from_reader(file).map_err(|error| failed(error.to_string()))?;
        for item in parsed.items {
            finder.look(item.message.as_bytes(), &mut found);
        }
        return Ok(found);
    }
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = (&mut file).take(LINE).read_until(b'\n', &mut line);
        if count.map_err(read)? == 0 {
            return Ok(found);
        }
        finder.look(&line, &mut found);
    }
}

/// The longest name that is looked for, in bytes: each of these takes memory of its own to be found.
const LONGEST: usize = 256;

/// Finds names as whole words.
struct Finder {
    names: AhoCorasick,
    /// Of each name, the apps and the Connections that bear it.
    bearers: Vec<(Vec<usize>, Vec<usize>)>,
}

impl Finder {
    fn new(apps: &[&str], connections: &[&str]) -> Result<Self, aho_corasick::BuildError> {
        let mut by_name: BTreeMap<String, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, name) in apps.iter().enumerate() {
            by_name.entry(name.to_lowercase()).or_default().0.push(at);
        }
        for (at, name) in connections.iter().enumerate() {
            by_name.entry(name.to_lowercase()).or_default().1.push(at);
        }
        by_name.retain(|name, _| (1..=LONGEST).contains(&name.len()));
        let names = AhoCorasick::new(by_name.keys())?;
        Ok(Self {
            names,
            bearers: by_name.into_values().collect(),
        })
    }

    fn look(&self, message: &[u8], found: &mut NamedPairs) {
        let message = String::from_utf8_lossy(message).to_lowercase();
        let (mut apps, mut connections) = (BTreeMap::new(), BTreeMap::new());
        for hit in self.names.find_overlapping_iter(&message) {
            let (start, end) = (hit.start(), hit.end());
            let before = message.get(..start).and_then(|it| it.chars().next_back());
            let after = message.get(end..).and_then(|it| it.chars().next());
            if [before, after]
                .into_iter()
                .flatten()
                .any(char::is_alphanumeric)
            {
                continue;
            }
            if let Some((of_apps, of_connections)) = self.bearers.get(hit.pattern().as_usize()) {
                // One mention cannot be both: an app and a Connection of one name need two.
                for (at, into) in [(of_apps, &mut apps), (of_connections, &mut connections)] {
                    for bearer in at {
                        into.entry(*bearer)
                            .or_insert_with(BTreeSet::new)
                            .insert(start);
                    }
                }
            }
        }
        for (app, at) in &apps {
            for (connection, also_at) in &connections {
                if at != also_at || at.len() > 1 {
                    found.insert((*app, *connection));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(message: &str) -> Vec<(usize, usize)> {
        let finder = Finder::new(
            &["tree", "tree-inspection", "Parks"],
            &["Parks", "Sensor Hub"],
        );
        let mut found = NamedPairs::new();
        finder.unwrap().look(message.as_bytes(), &mut found);
        found.into_iter().collect()
    }

    #[test]
    fn an_app_and_a_connection_in_one_message_are_found() {
        assert_eq!(found("app \"tree\" may run 'sensor hub'."), [(0, 1)]);
    }

    #[test]
    fn a_name_within_a_word_is_not_that_name() {
        assert_eq!(found("trees use Sensor Hubs"), []);
    }

    #[test]
    fn a_name_that_both_bear_has_to_be_there_twice() {
        assert_eq!(found("Parks is there"), []);
        assert_eq!(found("Parks: Parks granted"), [(2, 0)]);
    }
}
