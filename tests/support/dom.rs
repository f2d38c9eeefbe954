//! `data.xml` as a tree in memory, read and changed in the plainest way there is: what the program
//! does as a stream of edits is done here by taking things out of maps.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

/// An item with everything in it. Elements that FME Flow's tree is not made of are kept as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Item {
    pub(crate) name: String,
    /// Type and value by name.
    pub(crate) attributes: BTreeMap<String, (String, String)>,
    /// Itemtypes in order, each with its items in order.
    itemtypes: Vec<(String, Vec<Item>)>,
    /// Other elements, as they are written.
    others: Vec<String>,
}

/// What was taken out.
pub(crate) struct Retired {
    /// Keys of tokens and roles that must not occur any more.
    pub(crate) keys: BTreeSet<String>,
}

/// Reads a whole document; the document is an item without a name.
pub(crate) fn read(text: &str) -> Item {
    let document = roxmltree::Document::parse(text).unwrap();
    item(document.root_element())
}

fn item(node: Node<'_, '_>) -> Item {
    let mut item = Item::default();
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "name" => item.name = content(child),
            "attributes" => {
                for attribute in child.children().filter(Node::is_element) {
                    let part = |name| attribute.children().find(|c| c.has_tag_name(name));
                    let part = |name| part(name).map(content).unwrap_or_default();
                    let known = item
                        .attributes
                        .insert(part("name"), (part("type"), part("value")));
                    assert!(known.is_none(), "an attribute is there twice");
                }
            }
            "itemtypes" => {
                for itemtype in child.children().filter(Node::is_element) {
                    let name = itemtype
                        .children()
                        .find(|c| c.has_tag_name("name"))
                        .unwrap();
                    let items = itemtype.children().find(|c| c.has_tag_name("items"));
                    let items = items.into_iter().flat_map(|items| items.children());
                    let items = items.filter(Node::is_element).map(self::item).collect();
                    item.itemtypes.push((content(name), items));
                }
            }
            "type" => {}
            _ => {
                let text = child.document().input_text();
                item.others.push(text[child.range()].to_owned());
            }
        }
    }
    item
}

fn content(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().to_owned()
}

impl Item {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn set(&mut self, name: &str, kind: &str, value: &str) {
        self.attributes
            .insert(name.to_owned(), (kind.to_owned(), value.to_owned()));
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", |(_, value)| value)
    }

    pub(crate) fn children(&self, itemtype: &str) -> impl Iterator<Item = &Self> {
        let lists = self
            .itemtypes
            .iter()
            .filter(move |(name, _)| name == itemtype);
        lists.flat_map(|(_, items)| items)
    }

    pub(crate) fn children_mut(&mut self, itemtype: &str) -> impl Iterator<Item = &mut Self> {
        let lists = self
            .itemtypes
            .iter_mut()
            .filter(move |(name, _)| name == itemtype);
        lists.flat_map(|(_, items)| items)
    }

    pub(crate) fn add(&mut self, itemtype: &str, item: Self) {
        if let Some((_, items)) = self.itemtypes.iter_mut().find(|(name, _)| name == itemtype) {
            items.push(item);
        } else {
            self.itemtypes.push((itemtype.to_owned(), vec![item]));
        }
    }

    /// Takes out lists without items, and does so all the way down.
    pub(crate) fn prune(&mut self) {
        for (_, items) in &mut self.itemtypes {
            items.iter_mut().for_each(Self::prune);
        }
        self.itemtypes.retain(|(_, items)| !items.is_empty());
    }

    fn category(&mut self, name: &str) -> Option<&mut Self> {
        self.children_mut("categories")
            .find(|category| category.name == name)
    }

    pub(crate) fn find_app(&mut self, kind: &str, name: &str) -> Option<&mut Self> {
        let category = |category: &str| match kind {
            "workspace" => category == "server_app",
            "automation" => category == "server_automation_app",
            "ar" => category == "server_ar_app",
            "gallery" => category == "server_app_suite",
            _ => category.starts_with("server_"),
        };
        let categories = self
            .children_mut("categories")
            .filter(|item| category(&item.name));
        let lists = categories.flat_map(|category| &mut category.itemtypes);
        lists
            .flat_map(|(_, items)| items)
            .find(|item| item.value("name") == name)
    }

    /// Takes out items anywhere below.
    fn remove(&mut self, itemtype: &str, goes: &impl Fn(&Self) -> bool) {
        for (name, items) in &mut self.itemtypes {
            if name == itemtype {
                items.retain(|item| !goes(item));
            }
            for item in items {
                item.remove(itemtype, goes);
            }
        }
    }
}

/// Takes out the tokens called so, with their internal roles and those roles' grants, unless
/// something else is registered on a role. In tests a token's name is nobody else's, or it stays.
pub(crate) fn retire(tree: &mut Item, tokens: &BTreeSet<String>) -> Retired {
    let mut keys = BTreeSet::new();
    let mut roles = BTreeSet::new();
    let mut kept = BTreeSet::new();
    let mut internal = BTreeSet::new();
    if let Some(security) = tree.category("security") {
        for token in security.children("user_tokens") {
            let registered = token
                .children("user_role_registrations")
                .map(|r| r.name.clone());
            if tokens.contains(token.value("name")) {
                keys.insert(token.name.clone());
                roles.extend(registered);
            } else {
                kept.extend(registered);
            }
        }
        for user in security.children("users") {
            kept.extend(
                user.children("user_role_registrations")
                    .map(|r| r.name.clone()),
            );
        }
        let is_internal = |role: &&Item| role.value("isinternal") == "true";
        let roles = security.children("roles").filter(is_internal);
        internal.extend(roles.map(|role| role.name.clone()));
    }
    roles.retain(|role| internal.contains(role) && !kept.contains(role));
    tree.remove("user_tokens", &|token| keys.contains(&token.name));
    tree.remove("roles", &|role| roles.contains(&role.name));
    tree.remove("role_permissions", &|grant| roles.contains(&grant.name));
    tree.remove("project_items", &|item| {
        item.value("itemtype") == "USERTOKEN" && tokens.contains(item.value("itemname"))
    });
    keys.extend(roles);
    Retired { keys }
}
