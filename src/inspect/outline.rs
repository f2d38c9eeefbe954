//! Any part of `data.xml` as an outline: how FME Flow stores something, in which a value is shown only where it is known to be
//! harmless.

use std::io::{self, Read};

use serde::Serialize;

use super::secret::{ValueForm, WrittenAttribute, masked};
use crate::limits::Limits;
use crate::package::PackageError;
use crate::package::tree::{Event, ListKind, Tree};

/// How much of a value is read, in bytes.
const KEPT_BYTES: usize = 4096;
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
    /// Where the name stands in the document, in bytes.
    #[serde(skip)]
    pub at: u64,
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
pub fn outline_of(
    document: impl Read,
    limits: Limits,
    part: &str,
    depth: usize,
    show: &mut dyn FnMut(Node) -> io::Result<()>,
) -> Result<Shown, PackageError> {
    let trimmed = part.trim_matches('/');
    let within = trimmed.strip_prefix("categories/").unwrap_or(trimmed);
    let part = if within == "categories" { "" } else { within };
    let mut showing = Showing {
        depth,
        show,
        levels: Vec::new(),
        found: part.is_empty(),
        missing: Missing {
            found: String::new(),
            names: Vec::new(),
        },
        part,
    };
    let mut tree = Tree::new(document, limits);
    while let Some(event) = tree.next()? {
        showing.event(event, &mut tree)?;
    }
    if showing.found {
        return Ok(Shown::Found);
    }
    showing.missing.names.sort();
    showing.missing.names.dedup();
    Ok(Shown::Missing(showing.missing))
}

/// What the path has to say of an open list or item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PathMatch<'a> {
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
    /// Of the lists and items that are open and not passed over.
    levels: Vec<PathMatch<'a>>,
    found: bool,
    missing: Missing,
}

impl<'a> Showing<'a, '_> {
    fn event(&mut self, event: Event, tree: &mut Tree<'_>) -> Result<(), PackageError> {
        match event {
            Event::ListStart(kind) => {
                let kind = match kind {
                    ListKind::Items => NodeKind::List,
                    ListKind::Files => NodeKind::Files,
                    ListKind::Folders => NodeKind::Folders,
                };
                self.open(kind, tree)?;
            }
            Event::ItemStart => self.open(NodeKind::Item, tree)?,
            Event::AttributeStart => self.attribute(tree)?,
            Event::AttributeEnd(_) => {}
            Event::ItemEnd(_) | Event::ListEnd(_) => drop(self.levels.pop()),
        }
        Ok(())
    }

    fn open(&mut self, kind: NodeKind, tree: &mut Tree<'_>) -> Result<(), PackageError> {
        let name = tree.path().last();
        let level = self.level(name);
        match level {
            PathMatch::Passed => return tree.pass(),
            PathMatch::OnTheWay(_) => {}
            PathMatch::Shown(depth) => {
                self.found = true;
                let name = name.to_owned();
                let at = tree.at();
                (self.show)(Node {
                    depth,
                    kind,
                    name,
                    at,
                })?;
            }
        }
        self.levels.push(level);
        Ok(())
    }

    /// What the path has to say of a list or an item that begins.
    fn level(&mut self, name: &str) -> PathMatch<'a> {
        let rest = match self.levels.last() {
            // The outermost list, `categories`, goes without saying.
            None if self.part.is_empty() => return PathMatch::Shown(0),
            None => return PathMatch::OnTheWay(self.part),
            Some(PathMatch::Shown(depth)) if depth + 1 < self.depth => {
                return PathMatch::Shown(depth + 1);
            }
            Some(PathMatch::Shown(_) | PathMatch::Passed) => return PathMatch::Passed,
            Some(PathMatch::OnTheWay(rest)) => *rest,
        };
        match after(rest, name) {
            Some("") => PathMatch::Shown(0),
            Some(rest) => PathMatch::OnTheWay(rest),
            None => {
                self.suggest(rest, name);
                PathMatch::Passed
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

    fn attribute(&mut self, tree: &mut Tree<'_>) -> Result<(), PackageError> {
        let Some(&PathMatch::Shown(depth)) = self.levels.last() else {
            return Ok(());
        };
        let at = tree.at();
        let attribute = WrittenAttribute::read(tree)?;
        let path = tree.path();
        let list = path.len().checked_sub(2).and_then(|level| path.get(level));
        let value = match masked(list.unwrap_or_default(), &attribute) {
            Some(ValueForm(form)) => Value::Secret {
                bytes: attribute.bytes,
                form,
            },
            None => shown(&attribute),
        };
        (self.show)(Node {
            depth: depth + 1,
            kind: NodeKind::Attribute {
                r#type: attribute.kind,
                value,
            },
            name: attribute.name,
            at,
        })?;
        Ok(())
    }
}

impl WrittenAttribute {
    fn read(tree: &mut Tree<'_>) -> Result<Self, PackageError> {
        let name = tree.attribute().to_owned();
        let kind = tree.attribute_type().to_owned();
        let value = tree.value(KEPT_BYTES)?;
        Ok(Self {
            name,
            kind,
            bytes: value.map_or(0, |text| text.span.len()),
            value: value.map_or_else(String::new, |text| text.kept.to_owned()),
        })
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

fn shown(attribute: &WrittenAttribute) -> Value {
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
        let shown = outline_of(
            DOCUMENT.as_bytes(),
            Limits::default(),
            part,
            depth,
            &mut |node| {
                let value = match &node.kind {
                    NodeKind::Attribute { value, .. } => format!(" {value:?}"),
                    _ => String::new(),
                };
                lines.push(format!("{} {}{value}", node.depth, node.name));
                Ok(())
            },
        );
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
