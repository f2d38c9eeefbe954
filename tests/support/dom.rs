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

    /// Where two trees differ first, in words.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        if (&self.name, &self.attributes, &self.others)
            != (&other.name, &other.attributes, &other.others)
        {
            let (one, two) = (&self.attributes, &other.attributes);
            return Some(format!(
                "{:?} {one:?} is {:?} {two:?}",
                self.name, other.name
            ));
        }
        let names = |item: &Self| -> Vec<(String, Vec<String>)> {
            let lists = item.itemtypes.iter();
            let names = |items: &[Self]| items.iter().map(|item| item.name.clone()).collect();
            lists
                .map(|(name, items)| (name.clone(), names(items)))
                .collect()
        };
        let (one, two) = (names(self), names(other));
        if one != two {
            return Some(format!("{:?} holds {one:?}, not {two:?}", self.name));
        }
        let items = |item: &Self| -> Vec<Self> {
            let lists = item.itemtypes.iter();
            lists.flat_map(|(_, items)| items.clone()).collect()
        };
        let (one, two) = (items(self), items(other));
        one.iter()
            .zip(&two)
            .find_map(|(one, two)| one.difference(two))
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

    pub(crate) fn category(&mut self, name: &str) -> Option<&mut Self> {
        self.children_mut("categories")
            .find(|category| category.name == name)
    }

    pub(crate) fn find_app(&mut self, kind: &str, name: &str, owner: &str) -> Option<&mut Self> {
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
        lists.flat_map(|(_, items)| items).find(|item| {
            item.value("name") == name
                && (item.value("ownerid") == owner || item.value("owner") == owner)
        })
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

/// Takes out the tokens called so, with their own roles and those roles' grants; returns the keys that
/// must not occur any more. In tests a token's name is nobody else's, or it stays.
pub(crate) fn retire(tree: &mut Item, tokens: &BTreeSet<String>) -> BTreeSet<String> {
    let (mut keys, roles) = own_roles(tree, tokens);
    tree.remove("user_tokens", &|token| keys.contains(&token.name));
    tree.remove("roles", &|role| roles.contains(&role.name));
    tree.remove("role_permissions", &|grant| roles.contains(&grant.name));
    tree.remove("project_items", &|item| {
        item.value("itemtype") == "USERTOKEN" && tokens.contains(item.value("itemname"))
    });
    keys.extend(roles);
    keys
}

/// Takes out the grants under `SharedResources` of the own roles of the tokens called so.
pub(crate) fn drop_resources(tree: &mut Item, tokens: &BTreeSet<String>) {
    let (_, roles) = own_roles(tree, tokens);
    let Some(security) = tree.category("security") else {
        return;
    };
    let categories = security.children_mut("app_resource_categories");
    for category in categories.filter(|category| category.name == "SharedResources") {
        category.remove("role_permissions", &|grant| roles.contains(&grant.name));
    }
}

/// Keys of the tokens called so, and of the roles that FME Flow made for them and that nothing else is
/// registered on.
fn own_roles(tree: &mut Item, tokens: &BTreeSet<String>) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut keys, mut roles, mut kept) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let Some(security) = tree.category("security") else {
        return (keys, roles);
    };
    let name_of = |role: &str| {
        let mut roles = security.children("roles");
        let role = roles.find(|it| it.name == role && it.value("isinternal") == "true");
        role.map(|role| role.value("name").to_owned())
            .unwrap_or_default()
    };
    for token in security.children("user_tokens") {
        let registered = token.children("user_role_registrations");
        let mut registered: Vec<String> = registered.map(|role| role.name.clone()).collect();
        let name = token.value("name");
        if tokens.contains(name) {
            keys.insert(token.name.clone());
            let mut users = security.children("users");
            let user = users.find(|user| user.name == token.value("userid"));
            // Where the user is unknown, the role's name tells it.
            let is_own = |role: &String| {
                let of_role = name_of(role);
                user.map_or_else(
                    || of_role.starts_with("token:") && of_role.ends_with(&format!(".{name}")),
                    |user| of_role == format!("token:{}.{name}", user.value("username")),
                )
            };
            registered.retain(is_own);
            roles.extend(registered);
        } else {
            kept.extend(registered);
        }
    }
    for user in security.children("users") {
        let registered = user.children("user_role_registrations");
        kept.extend(registered.map(|role| role.name.clone()));
    }
    roles.retain(|role| !kept.contains(role));
    (keys, roles)
}
