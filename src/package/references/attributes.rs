//! Names, where a token is meant: in an attribute, or in a member of a JSON value, whose own name
//! says so; the name of a token's role in any. No structure is asked of what is looked through: it was
//! read before, as far as it matters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::found::References;
use super::search::{Search, Speaks, says_token, speaks_of_token};
use super::sought::Sought;
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

/// The attributes of a token that name nothing else: its value, what it is called, and its dates, whose
/// names say "token" (seen).
const OF_TOKEN_ITSELF: [&str; 5] = [
    "token",
    "name",
    "description",
    "firsttokendate",
    "lasttokendate",
];

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
    /// Whether anything in it says that a token is meant.
    speaks: bool,
    /// What it names.
    words: BTreeSet<&'w str>,
    /// What it names if it speaks of a token: its values that are a name and nothing else.
    perhaps: BTreeSet<&'w str>,
}

/// The items and lists that are open.
struct Place<'w> {
    sought: &'w Sought<'w>,
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
    xml: &mut Reader<'_>,
    sought: &Sought<'_>,
    limits: Limits,
    known: &LongValues,
    found: &mut References,
) -> Result<LongValues, PackageError> {
    let limit = usize::try_from(limits.value).unwrap_or(usize::MAX);
    let limit = limit.max(sought.longest);
    let (mut number, mut heard) = (0, LongValues::new());
    let mut open: Vec<Element> = Vec::new();
    let mut place = Place {
        sought,
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
            (Some(Element::Attribute), Element::Value) if place.is_own() => {
                xml.pass().map_err(in_xml)?;
                continue;
            }
            (Some(Element::Attribute), Element::Value) => {
                let mut long = if known.contains(&number) {
                    Long::Searched(Search::new(sought))
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
    /// Whether the attribute is a token's or a role's own, a secret, or what an app calls its token: that
    /// names nothing else.
    fn is_own(&self) -> bool {
        let list = self.lists.last().map_or("", String::as_str);
        let category = self.items.first().map_or("", |item| &item.name);
        let key = self.items.last().map_or("", |item| &item.name);
        let attribute = &*self.attribute;
        let is_in_category = self.items.len() == 2;
        attribute == "tokenvalue"
            || is_in_category
                && match (category, list) {
                    ("security", "user_tokens") => OF_TOKEN_ITSELF.contains(&attribute),
                    ("security", "roles") => attribute == "name",
                    _ => {
                        attribute == "token"
                            && category.starts_with("server_")
                            && self.sought.is_app(category, key)
                    }
                }
            // Of a token that goes it goes, too.
            || (category, list, attribute) == ("project", "project_items", "itemname")
    }

    /// Whether the name of the attribute, or of the item, says that a token is meant.
    fn is_meant(&self) -> bool {
        let item = self.items.last().map_or("", |item| &item.name);
        is_of_token(&self.attribute) || is_of_token(item)
    }

    fn value(&mut self, value: &str) {
        if let Some(item) = self.items.last_mut()
            && OWNERS.contains(&&*self.attribute)
            && item.owner.is_none()
            && value.len() <= NAME
        {
            item.owner = Some(value.to_owned());
        }
        let is_meant = self.is_meant();
        // Where nothing but a name can stand, another name does not mean what it begins with.
        let is_name = is_meant && is_plain(value);
        if !is_name && (is_meant || speaks_of_token(value)) {
            let mut search = Search::new(self.sought);
            search.read(value.as_bytes());
            self.may_name(search);
        }
        let known = self.sought.words.get_key_value(value);
        if let Some(item) = self.items.last_mut() {
            item.speaks |= is_meant;
            item.perhaps.extend(known.map(|(word, _)| &**word));
        }
    }

    /// A value that speaks of a token: whatever stands in it may be meant.
    fn may_name(&mut self, search: Search<'_, '_>) {
        let sought = self.sought;
        let found = search.finish();
        let words = found.filter_map(|name| sought.words.get_key_value(name));
        if let Some(item) = self.items.last_mut() {
            item.speaks = true;
            item.words.extend(words.map(|(word, _)| &**word));
        }
    }

    fn item_ends(&mut self, found: &mut References) {
        let Some(mut item) = self.items.pop() else {
            return;
        };
        let list = self.lists.last().map_or("", String::as_str);
        if item.speaks || is_of_token(&item.name) || is_of_token(list) {
            item.words.append(&mut item.perhaps);
            let is_security = self.items.first().is_some_and(|it| it.name == "security");
            // There items are called as what they are.
            let name = self.sought.words.get_key_value(&item.name);
            let name = name.filter(|_| !is_security);
            item.words.extend(name.map(|(name, _)| &**name));
        }
        let outer = self.items.iter().rev();
        let owner = item
            .owner
            .as_ref()
            .or_else(|| outer.clone().find_map(|it| it.owner.as_ref()));
        let category: Option<Arc<str>> = self.items.first().map(|item| (&*item.name).into());
        for word in item.words {
            let Some(known) = self.sought.words.get(word) else {
                continue;
            };
            let own = self
                .sought
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

/// Whether a text is no list, no query, nothing within anything.
fn is_plain(text: &str) -> bool {
    !text.contains(|it: char| it.is_control() || "[]{}<>()=:,;|\"'`&%+\\".contains(it))
}

/// Whether it says that a token is meant.
fn is_of_token(text: &str) -> bool {
    says_token(text.as_bytes())
}
