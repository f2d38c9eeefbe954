//! Names, where a token is meant: in an attribute, or in a member of a JSON value, whose own name
//! says so; the name of a token's role in any. No structure is asked of what is looked through: it was
//! read before, as far as it matters.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use serde_json::Value;

use super::found::References;
use super::search::{Search, Speaks, says_token};
use super::wanted::Wanted;
use crate::limits::Limits;
use crate::package::xml::{Reader, Tag, XmlError};
use crate::package::{Document, PackageError};

/// How much is kept of the name of an item, a list or an attribute, in bytes.
const NAME: usize = 256;

/// How many categories are noted that name a token: archives have a dozen, one can be made to have
/// thousands, and each may name the tokens of thousands.
const MOST_CATEGORIES: usize = 16;

/// The attributes that say who an item belongs to, by key or by name.
const OWNERS: [&str; 5] = ["ownerid", "userid", "owner", "user", "username"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Item,
    List,
    Attribute,
    Name,
    Value,
    Other,
}

impl Element {
    fn called(name: &[u8]) -> Self {
        match name {
            b"item" => Self::Item,
            b"itemtype" => Self::List,
            b"attribute" => Self::Attribute,
            b"name" => Self::Name,
            b"value" => Self::Value,
            _ => Self::Other,
        }
    }
}

/// An item that is open.
#[derive(Debug, Default)]
struct OpenItem<'w> {
    name: String,
    owner: Option<String>,
    /// What it names.
    words: BTreeSet<&'w str>,
}

/// The items and lists that are open.
struct Place<'w> {
    wanted: &'w Wanted<'w>,
    items: Vec<OpenItem<'w>>,
    lists: Vec<String>,
    attribute: String,
    /// The categories of items that name a token by a word, and whose owners have none of their own.
    by_anybody: BTreeMap<&'w str, BTreeSet<Option<Arc<str>>>>,
}

/// The values that are too long to be kept and may name a token, by their number among all such
/// values of a document. There are hardly ever any, so names are looked for in these alone, when the
/// document is read once more: most long values are pictures.
pub type LongValues = BTreeSet<usize>;

/// A value that is too long to be kept.
enum Long<'w, 'd> {
    Heard(Speaks),
    Searched(Search<'w, 'd>),
}

impl Long<'_, '_> {
    fn read(&mut self, piece: &[u8]) {
        match self {
            Self::Heard(speaks) => speaks.read(piece),
            Self::Searched(search) => search.read(piece),
        }
    }
}

/// Looks through `data.xml`, and through the long values in it that are `known` to speak of a token;
/// tells which others do.
pub(super) fn find(
    document: impl Read,
    wanted: &Wanted<'_>,
    limits: Limits,
    known: &LongValues,
    found: &mut References,
) -> Result<LongValues, PackageError> {
    let limit = usize::try_from(limits.value).unwrap_or(usize::MAX);
    let limit = limit.max(wanted.longest);
    let mut xml = Reader::new(document);
    let (mut number, mut heard) = (0, LongValues::new());
    let mut open: Vec<Element> = Vec::new();
    let mut place = Place {
        wanted,
        items: Vec::new(),
        lists: Vec::new(),
        attribute: String::new(),
        by_anybody: BTreeMap::new(),
    };
    while let Some(tag) = xml.next_tag().map_err(in_xml)? {
        let Tag::Start(name) = tag else {
            match open.pop() {
                Some(Element::Item) => place.item_ends(found),
                Some(Element::List) => {
                    place.lists.pop();
                }
                _ => {}
            }
            continue;
        };
        let element = Element::called(name);
        let into = match (open.last(), element) {
            (Some(Element::Item), Element::Name) => {
                place.items.last_mut().map(|item| &mut item.name)
            }
            (Some(Element::List), Element::Name) => place.lists.last_mut(),
            (Some(Element::Attribute), Element::Name) => Some(&mut place.attribute),
            (Some(Element::Attribute), Element::Value) if place.is_secret() => {
                xml.pass().map_err(in_xml)?;
                continue;
            }
            (Some(Element::Attribute), Element::Value) => {
                let mut long = if known.contains(&number) {
                    Long::Searched(Search::new(wanted))
                } else {
                    Long::Heard(Speaks::default())
                };
                let text = xml.long_text(limit, &mut |piece| long.read(piece));
                let text = text.map_err(in_xml)?;
                if text.is_whole {
                    place.value(text.kept);
                    continue;
                }
                match long {
                    Long::Searched(search) => place.may_name(search),
                    Long::Heard(speaks) if speaks.of_token() || place.is_meant() => {
                        heard.insert(number);
                    }
                    Long::Heard(_) => {}
                }
                number += 1;
                continue;
            }
            (_, element) => {
                match element {
                    Element::Item => place.items.push(OpenItem::default()),
                    Element::List => place.lists.push(String::new()),
                    Element::Attribute => place.attribute.clear(),
                    _ => {}
                }
                open.push(element);
                continue;
            }
        };
        let text = xml.text(NAME).map_err(in_xml)?.kept;
        if let Some(into) = into {
            text.clone_into(into);
        }
    }
    Ok(heard)
}

impl Place<'_> {
    /// Whether the attribute's value is known to be a secret, or an app's own token: neither is read.
    fn is_secret(&self) -> bool {
        let list = self.lists.last().map(String::as_str);
        let category = self.items.first().map_or("", |item| &item.name);
        let key = self.items.last().map_or("", |item| &item.name);
        let is_in_category = self.items.len() == 2;
        match &*self.attribute {
            "tokenvalue" => true,
            "token" => {
                is_in_category
                    && (category.starts_with("server_") && self.wanted.is_app(category, key)
                        || (category, list) == ("security", Some("user_tokens")))
            }
            // What a role is called names nobody else.
            "name" => is_in_category && (category, list) == ("security", Some("roles")),
            _ => false,
        }
    }

    /// Whether the attribute's name, or that of the parameter whose value it is, says that a token is
    /// meant.
    fn is_meant(&self) -> bool {
        let item = self.items.last().map_or("", |item| &item.name);
        is_of_token(&self.attribute) || self.attribute == "value" && is_of_token(item)
    }

    fn value(&mut self, value: &str) {
        let is_meant = self.is_meant();
        let Some(item) = self.items.last_mut() else {
            return;
        };
        if OWNERS.contains(&&*self.attribute) && item.owner.is_none() && value.len() <= NAME {
            item.owner = Some(value.to_owned());
        }
        let known = self.wanted.words.get_key_value(value);
        if let Some((word, known)) = known
            && (is_meant || known.is_role)
        {
            item.words.insert(word);
        }
        let text = value.trim_start();
        if !text.starts_with(['{', '[']) || !(is_of_token(text) || text.contains("\\u")) {
            return;
        }
        let Ok(json) = serde_json::from_str(text) else {
            let mut speaks = Speaks::default();
            speaks.read(value.as_bytes());
            if is_meant || speaks.of_token() {
                let mut search = Search::new(self.wanted);
                search.read(value.as_bytes());
                self.may_name(search);
            }
            return;
        };
        in_json(&json, false, &mut |text| {
            let known = self.wanted.words.get_key_value(text);
            item.words.extend(known.map(|(word, _)| &**word));
        });
    }

    /// A value that is not looked through as what it is: whatever stands in it may be meant.
    fn may_name(&mut self, search: Search<'_, '_>) {
        let wanted = self.wanted;
        let found = search.found();
        let words = found.filter_map(|name| wanted.words.get_key_value(name));
        if let Some(item) = self.items.last_mut() {
            item.words.extend(words.map(|(word, _)| &**word));
        }
    }

    fn item_ends(&mut self, found: &mut References) {
        let Some(item) = self.items.pop() else { return };
        let outer = self.items.iter().rev();
        let owner = item
            .owner
            .as_ref()
            .or_else(|| outer.clone().find_map(|it| it.owner.as_ref()));
        let category: Option<Arc<str>> = self.items.first().map(|item| (&*item.name).into());
        for word in item.words {
            let Some(known) = self.wanted.words.get(word) else {
                continue;
            };
            let own = self
                .wanted
                .of_owner(known, owner.map_or("", String::as_str));
            // Whoever has none of that name may use anybody's, which need not be noted once more.
            let all = self.by_anybody.entry(word).or_default();
            let may_be = match own {
                [] if all.len() < MOST_CATEGORIES && all.insert(category.clone()) => {
                    Some(&known.tokens)
                }
                _ => None,
            };
            for token in own.iter().chain(may_be.into_iter().flatten()) {
                let by = found.tokens.entry(*token).or_default();
                by.extend(category.clone().filter(|_| by.len() < MOST_CATEGORIES));
            }
        }
    }
}

fn in_xml(error: XmlError) -> PackageError {
    PackageError::in_xml(Document::Data)(error)
}

/// Whether it says that a token is meant.
fn is_of_token(text: &str) -> bool {
    says_token(text.as_bytes())
}

/// Tells of every text that a member of JSON holds whose name says that a token is meant.
fn in_json(json: &Value, is_meant: bool, told: &mut dyn FnMut(&str)) {
    match json {
        Value::String(text) => {
            if is_meant {
                told(text);
            }
            // A text may be JSON itself; what is in it is shorter, so this ends.
            if text.starts_with(['{', '['])
                && let Ok(json) = serde_json::from_str(text)
            {
                in_json(&json, false, told);
            }
        }
        Value::Array(all) => all.iter().for_each(|it| in_json(it, is_meant, told)),
        Value::Object(members) => members
            .iter()
            .for_each(|(name, it)| in_json(it, is_of_token(name), told)),
        _ => {}
    }
}
