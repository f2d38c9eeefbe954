//! Any part of `data.xml` as an outline: how FME Flow stores something, in which a value is shown only where it is known to be
//! harmless.

use std::io::{self, Read};

use serde::Serialize;

use super::secret::{Form, masked};
use super::walk::{Attribute, Event, ListKind, walk};
use crate::package::PackageError;

/// How much of a value is shown, in characters.
const SHOWN_CHARS: usize = 160;
/// How many names are remembered to suggest one of them.
const SUGGESTIONS: usize = 1000;

/// A line of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// How deep it lies below the part that is shown.
    pub depth: usize,
    /// What it is.
    #[serde(flatten)]
    pub kind: NodeKind,
    /// Its name; of an item its key.
    pub name: String,
}

/// What a line of an outline is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum NodeKind {
    /// An itemtype.
    List,
    /// A list of files in the archive.
    Files,
    /// A list of trees in the archive.
    Folders,
    /// An item.
    Item,
    /// An attribute of the item above it.
    Attribute {
        /// `string`, `boolean`, `uuid`, …
        r#type: String,
        /// What it says.
        value: Value,
    },
}

/// What is shown of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// All of it.
    Text(String),
    /// Its beginning.
    Cut {
        /// The beginning.
        text: String,
        /// Bytes of the whole as written.
        bytes: u64,
    },
    /// Nothing, for it may be a secret.
    Secret {
        /// Bytes of the whole as written.
        bytes: u64,
        /// What it is written in, such as `hexadecimal`.
        form: &'static str,
    },
}

/// How showing a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It was found.
    Found,
    /// It is not there.
    Missing(Missing),
}

/// Where a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The part of the path that was found.
    pub found: String,
    /// What there is below it, sorted.
    pub names: Vec<String>,
}

/// Shows the part of `data.xml` at `part`, at most `depth` lists and items deep.
///
/// `part` is a path of names, beginning with a category: `security`, `security/user_tokens`,
/// `security/roles/<key>/…`; nothing means everything, `*` any one name. A name may hold slashes.
///
/// # Errors
/// When the document is not well-formed or cannot be read, or `show` fails.
pub fn tree(
    document: impl Read,
    part: &str,
    depth: usize,
    show: &mut dyn FnMut(Node) -> io::Result<()>,
) -> Result<Shown, PackageError> {
    let part = part.trim_matches('/');
    let part = part.strip_prefix("categories/").unwrap_or(part);
    let part = if part == "categories" { "" } else { part };
    let mut showing = Showing {
        depth,
        show,
        levels: Vec::new(),
        names: Vec::new(),
        found: part.is_empty(),
        missing: Missing {
            found: String::new(),
            names: Vec::new(),
        },
        part,
    };
    walk(document, &mut |event| showing.event(event))?;
    if showing.found {
        return Ok(Shown::Found);
    }
    showing.missing.names.sort();
    showing.missing.names.dedup();
    Ok(Shown::Missing(showing.missing))
}

/// What the path has to say of an open list or item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level<'a> {
    /// It lies on the way; the rest of the path leads on from here.
    OnTheWay(&'a str),
    /// It is shown, this deep.
    Shown(usize),
    /// It lies elsewhere, or too deep.
    Passed,
}

struct Showing<'a, 'b> {
    part: &'a str,
    depth: usize,
    show: &'b mut dyn FnMut(Node) -> io::Result<()>,
    levels: Vec<Level<'a>>,
    /// Names of open lists and items, outermost first.
    names: Vec<String>,
    found: bool,
    missing: Missing,
}

impl<'a> Showing<'a, '_> {
    fn event(&mut self, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::List(kind, name) => {
                let kind = match kind {
                    ListKind::Items => NodeKind::List,
                    ListKind::Files => NodeKind::Files,
                    ListKind::Folders => NodeKind::Folders,
                };
                self.open(kind, name)
            }
            Event::Item(name) => self.open(NodeKind::Item, name),
            Event::Attributes(attributes) => self.attributes(attributes),
            Event::ItemOver | Event::ListOver => {
                self.levels.pop();
                self.names.pop();
                Ok(())
            }
        }
    }

    fn open(&mut self, kind: NodeKind, name: &str) -> io::Result<()> {
        let level = self.level(name);
        self.levels.push(level);
        self.names.push(name.to_owned());
        let Level::Shown(depth) = level else {
            return Ok(());
        };
        self.found = true;
        (self.show)(Node {
            depth,
            kind,
            name: name.to_owned(),
        })
    }

    fn level(&mut self, name: &str) -> Level<'a> {
        let rest = match self.levels.last() {
            // The outermost list, `categories`, goes without saying.
            None if self.part.is_empty() => return Level::Shown(0),
            None => return Level::OnTheWay(self.part),
            Some(Level::Shown(depth)) if depth + 1 < self.depth => {
                return Level::Shown(depth + 1);
            }
            Some(Level::Shown(_) | Level::Passed) => return Level::Passed,
            Some(Level::OnTheWay(rest)) => *rest,
        };
        match after(rest, name) {
            Some("") => Level::Shown(0),
            Some(rest) => Level::OnTheWay(rest),
            None => {
                self.suggest(rest, name);
                Level::Passed
            }
        }
    }

    /// Remembers what there is where the path gets no further.
    fn suggest(&mut self, rest: &str, name: &str) {
        let found = self.part.strip_suffix(rest).unwrap_or_default();
        if found.len() > self.missing.found.len() {
            found.clone_into(&mut self.missing.found);
            self.missing.names.clear();
        }
        let here = found.len() == self.missing.found.len();
        if here && !name.is_empty() && self.missing.names.len() < SUGGESTIONS {
            self.missing.names.push(name.to_owned());
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) -> io::Result<()> {
        let Some(Level::Shown(depth)) = self.levels.last().copied() else {
            return Ok(());
        };
        let list = self.names.iter().nth_back(1).map_or("", |name| name);
        for attribute in attributes {
            let value = match masked(list, attribute) {
                Some(Form(form)) => Value::Secret {
                    bytes: attribute.bytes,
                    form,
                },
                None => shown(attribute),
            };
            (self.show)(Node {
                depth: depth + 1,
                kind: NodeKind::Attribute {
                    r#type: attribute.kind.clone(),
                    value,
                },
                name: attribute.name.clone(),
            })?;
        }
        Ok(())
    }
}

/// What is left of a path once `name` has taken its first step.
fn after<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(name).filter(|_| !name.is_empty());
    let rest = rest.or_else(|| path.strip_prefix('*'))?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

fn shown(attribute: &Attribute) -> Value {
    let text = attribute.value.clone();
    match text.char_indices().nth(SHOWN_CHARS) {
        None => Value::Text(text),
        Some((cut, _)) => Value::Cut {
            text: text.get(..cut).unwrap_or(&text).to_owned(),
            bytes: attribute.bytes,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<package><itemtypes><itemtype><name>categories</name><items>\
        <item><name>security</name><itemtypes>\
        <itemtype><name>users</name><items>\
        <item><name>u1</name><attributes><attribute><name>userpassword</name><type>string</type>\
        <value>hush</value></attribute><attribute><name>username</name><type>string</type>\
        <value>anna</value></attribute></attributes></item></items></itemtype>\
        <itemtype><name>roles</name><items><item><name>a/b</name></item></items></itemtype>\
        </itemtypes></item></items></itemtype></itemtypes></package>";

    fn lines(part: &str, depth: usize) -> (Vec<String>, Shown) {
        let mut lines = Vec::new();
        let shown = tree(DOCUMENT.as_bytes(), part, depth, &mut |node| {
            let value = match &node.kind {
                NodeKind::Attribute { value, .. } => format!(" {value:?}"),
                _ => String::new(),
            };
            lines.push(format!("{} {}{value}", node.depth, node.name));
            Ok(())
        });
        (lines, shown.unwrap())
    }

    #[test]
    fn a_part_is_shown_with_its_secrets_masked() {
        let (lines, shown) = lines("security/users", 9);
        assert_eq!(
            lines,
            [
                "0 users",
                "1 u1",
                "2 userpassword Secret { bytes: 4, form: \"one word\" }",
                "2 username Text(\"anna\")"
            ]
        );
        assert_eq!(shown, Shown::Found);
    }

    #[test]
    fn names_may_hold_slashes_and_a_star_stands_for_any() {
        assert_eq!(lines("security/roles/a/b", 9).0, ["0 a/b"]);
        assert_eq!(lines("/categories/*/roles/", 9).0, ["0 roles", "1 a/b"]);
    }

    #[test]
    fn everything_can_be_shown_as_deep_as_wanted() {
        assert_eq!(
            lines("", 3).0,
            ["0 categories", "1 security", "2 users", "2 roles"]
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_says_where_it_got_to() {
        let Shown::Missing(missing) = lines("security/rolls/a/b", 9).1 else {
            panic!("found");
        };
        assert_eq!(missing.found, "security/");
        assert_eq!(missing.names, ["roles", "users"]);
    }
}
