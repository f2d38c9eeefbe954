//! Where a simulated 2026.1 keeps the permissions of apps: the candidates of the format's description,
//! others that a server could as well have, and some that nobody can learn from. Each is written and
//! read in one file, so that what is written is what is read.

mod children;
mod identifiers;
mod roles;
mod security;
mod texts;
mod unlearnable;

use std::collections::BTreeSet;

use super::{App, Held, Server};
use crate::support::dom::Item;
pub(crate) use roles::RoleName;

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere: the export leaves them out.
    Nowhere,
    /// Where flowlift itself writes them.
    Own,
    /// A child list of the app, an item a Connection, an item a permission below it.
    Children,
    /// A child list of the app whose items have UUIDs; Connection and permissions are attributes.
    ChildrenByUuid,
    /// A child list of the app, permissions as a number.
    ChildrenByFlags,
    /// A child list of the app, Connections with a path before their names.
    ChildrenByPath,
    /// Two child lists of the app: who may run, and who may write.
    RunAndWrite,
    /// A child list of the app, permissions below it in words of its own.
    OtherWords,
    /// An internal role with ordinary grants; it is called after the app.
    Role(RoleName),
    /// A flat list under `security`, an item for each app, Connection and permission.
    SecurityFlat,
    /// A flat list under `security` by owner and name of the app, permissions in other spelling.
    SecurityByName,
    /// A flat list under `security` whose items are called by app and Connection.
    SecurityByKeys,
    /// A list under `security` by app, with levels as booleans.
    SecurityByApp,
    /// Under the Connection, by app.
    OnConnection,
    /// An identifier made anew on the app, and a list under `security` by identifier.
    Identifier,
    /// The same, but as an app token has it: a principal of its own, with a role.
    Principal,
    /// A JSON string on the app: a list of objects.
    JsonList,
    /// A JSON string on the app: permissions by Connection.
    JsonMap,
    /// A JSON string on the app: a list of objects that hold objects.
    JsonNested,
    /// A JSON string on something that is no app, for all apps.
    JsonOfAll,
    /// A string on the app: Connections with their permissions.
    Separated,
    /// As [`Place::JsonList`], but nobody can read it.
    Encrypted,
    /// [`Place::SecurityFlat`], but apps go by a hash of their key.
    Hashed,
    /// [`Place::Children`] and [`Place::SecurityFlat`].
    Two,
    /// [`Place::Children`], and a list of what workspaces declare, which grants nothing.
    Declared,
}

/// What permissions are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Connections,
    Resources,
}

impl Of {
    pub(crate) const ALL: [Self; 2] = [Self::Connections, Self::Resources];

    pub(crate) const fn category(self) -> &'static str {
        match self {
            Self::Connections => "NamedConnections",
            Self::Resources => "SharedResources",
        }
    }

    /// What an app has.
    pub(crate) const fn held(self, app: &App) -> &Held {
        match self {
            Self::Connections => &app.held,
            Self::Resources => &app.resources,
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Connections => "NAMEDCONNECTIONS_",
            Self::Resources => "SHAREDRESOURCE_",
        }
    }

    fn short(self, words: &BTreeSet<String>) -> Vec<&str> {
        words
            .iter()
            .map(|it| it.strip_prefix(self.prefix()).unwrap())
            .collect()
    }

    fn full(self, word: &str) -> String {
        format!("{}{}", self.prefix(), word.to_uppercase())
    }
}

/// What stands on an app.
#[derive(Default)]
pub(crate) struct OnApp {
    pub(crate) attributes: Vec<(&'static str, String)>,
    pub(crate) lists: String,
}

/// How a place is written and read; where nothing is said, nothing is there.
pub(crate) trait Keeps {
    fn on_app(&self, _: &App, _of: Of, _salt: u64) -> OnApp {
        OnApp::default()
    }

    /// Items of `security/roles`.
    fn roles(&self, _: &Server, _salt: u64) -> String {
        String::new()
    }

    /// Items of the `role_permissions` of something secured: its category and name.
    fn grants_on(&self, _: &Server, _on: (&str, &str), _salt: u64) -> String {
        String::new()
    }

    /// Lists of something secured.
    fn on_secured(&self, _: &Server, _of: Of, _name: &str) -> String {
        String::new()
    }

    /// Lists of `security`.
    fn in_security(&self, _: &Server, _salt: u64) -> String {
        String::new()
    }

    /// Further categories.
    fn categories(&self, _: &Server) -> String {
        String::new()
    }

    /// What an app holds in a document of this server's own form; `stored` is its item.
    fn read(&self, document: &Item, stored: &Item, app: &App, of: Of) -> Held;
}

impl Place {
    /// Every place that can be learned.
    pub(crate) const LEARNABLE: [Self; 22] = [
        Self::Children,
        Self::ChildrenByUuid,
        Self::ChildrenByFlags,
        Self::ChildrenByPath,
        Self::OtherWords,
        Self::Role(RoleName::OwnerAndApp),
        Self::Role(RoleName::Key),
        Self::Role(RoleName::App),
        Self::Role(RoleName::Registered),
        Self::SecurityFlat,
        Self::SecurityByName,
        Self::SecurityByKeys,
        Self::SecurityByApp,
        Self::OnConnection,
        Self::Identifier,
        Self::JsonList,
        Self::JsonMap,
        Self::JsonNested,
        Self::JsonOfAll,
        Self::Separated,
        Self::Declared,
        Self::RunAndWrite,
    ];

    pub(crate) fn keeps(self) -> Box<dyn Keeps> {
        match self {
            Self::Nowhere => Box::new(unlearnable::Nowhere),
            Self::Own => Box::new(children::Own),
            Self::Children => Box::new(children::Children),
            Self::ChildrenByUuid => Box::new(children::ByUuid),
            Self::ChildrenByFlags => Box::new(children::ByFlags),
            Self::ChildrenByPath => Box::new(children::ByPath),
            Self::RunAndWrite => Box::new(children::RunAndWrite),
            Self::OtherWords => Box::new(children::OtherWords),
            Self::Role(name) => Box::new(name),
            Self::SecurityFlat => Box::new(security::Flat),
            Self::SecurityByName => Box::new(security::ByName),
            Self::SecurityByKeys => Box::new(security::ByKeys),
            Self::SecurityByApp => Box::new(security::ByApp),
            Self::OnConnection => Box::new(security::OnConnection),
            Self::Identifier => Box::new(identifiers::Identifier),
            Self::Principal => Box::new(identifiers::Principal),
            Self::JsonList => Box::new(texts::JsonList),
            Self::JsonMap => Box::new(texts::JsonMap),
            Self::JsonNested => Box::new(texts::JsonNested),
            Self::JsonOfAll => Box::new(texts::JsonOfAll),
            Self::Separated => Box::new(texts::Separated),
            Self::Encrypted => Box::new(unlearnable::Encrypted),
            Self::Hashed => Box::new(unlearnable::Hashed),
            Self::Two => Box::new(unlearnable::Two),
            Self::Declared => Box::new(unlearnable::Declared),
        }
    }
}

fn security(document: &Item) -> &Item {
    let mut categories = document.children("categories");
    categories.find(|it| it.name == "security").unwrap()
}

fn joined(words: &BTreeSet<String>) -> String {
    words.iter().cloned().collect::<Vec<_>>().join(",")
}

fn split(text: &str) -> BTreeSet<String> {
    text.split(',').map(str::to_owned).collect()
}

/// All pairs of an app and what it holds.
fn pairs(server: &Server, of: Of) -> Vec<(&App, &String, &BTreeSet<String>)> {
    let apps = server.apps.iter();
    apps.flat_map(|app| {
        of.held(app)
            .iter()
            .map(move |(name, words)| (app, name, words))
    })
    .collect()
}
