//! A simulated FME Flow: holds users, Connections and apps, exports them as an old server with app
//! tokens, imports such an export as 2026.1 is documented to (app token, its role, the role's grants
//! on Connections, to the app), and exports as 2.111, with the permissions in a [`Place`] of choice.

mod expiry;
mod exported;
mod import;
mod old;
pub(crate) mod place;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use expiry::Expiry;
pub(crate) use import::granted;
pub(crate) use place::Place;
pub(crate) use tree::uuid;

/// Permissions by what they are on.
pub(crate) type Held = BTreeMap<String, BTreeSet<String>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct App {
    pub(crate) automation: bool,
    pub(crate) key: String,
    pub(crate) name: String,
    /// Login name.
    pub(crate) owner: String,
    pub(crate) enabled: bool,
    pub(crate) uploads: bool,
    pub(crate) held: Held,
    pub(crate) resources: Held,
    /// As 2025.2 writes the date.
    pub(crate) expires: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Server {
    /// Key and login name.
    pub(crate) users: Vec<(String, String)>,
    /// Name and owner's login name.
    pub(crate) connections: Vec<(String, String)>,
    pub(crate) apps: Vec<App>,
    /// App tokens that an export of 2026.1 still holds: login name and name.
    pub(crate) tokens: Vec<(String, String)>,
    /// Where 2026.1 writes when an app expires.
    pub(crate) expiry: Expiry,
}

/// What differs between two exports of one server.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Noise {
    /// Makes other UUIDs and dates.
    pub(crate) salt: u64,
    /// Apps, Connections and users come in reverse.
    pub(crate) reversed: bool,
}

impl Server {
    /// Users `user0`…, Connections `Connection 0`…, apps `app-0`…; each app holds what `held` says of its
    /// number.
    pub(crate) fn new(
        (users, connections, apps): (usize, usize, usize),
        held: impl Fn(usize) -> Vec<(usize, &'static str)>,
    ) -> Self {
        let user = |at: usize| format!("user{}", at % users);
        Self {
            users: (0..users).map(|at| (uuid(&user(at)), user(at))).collect(),
            connections: (0..connections)
                .map(|at| (format!("Connection {at}"), user(at)))
                .collect(),
            apps: (0..apps)
                .map(|at| App {
                    automation: at % 3 == 2,
                    key: uuid(&format!("app {at}")),
                    name: format!("app-{at}"),
                    owner: user(at),
                    enabled: true,
                    uploads: false,
                    held: held(at)
                        .into_iter()
                        .map(|(connection, words)| {
                            let words = words.split(',').map(|it| format!("NAMEDCONNECTIONS_{it}"));
                            (format!("Connection {connection}"), words.collect())
                        })
                        .collect(),
                    resources: Held::from([(
                        "FME_SHAREDRESOURCE_DATA".to_owned(),
                        BTreeSet::from(["SHAREDRESOURCE_READ".to_owned()]),
                    )]),
                    expires: "Sat-13-Oct-2035 11:00:00 PM".to_owned(),
                })
                .collect(),
            tokens: Vec::new(),
            expiry: Expiry::default(),
        }
    }

    /// Three users, four Connections, seven apps of two kinds with different permissions.
    pub(crate) fn usual() -> Self {
        Self::new((3, 4, 7), |at| match at {
            0 => vec![(0, "RUN"), (1, "RUN,WRITE")],
            1 => vec![(1, "RUN")],
            2 => vec![(0, "RUN"), (2, "RUN,WRITE")],
            3 => vec![(0, "RUN,WRITE"), (1, "RUN"), (2, "RUN")],
            4 => vec![(3, "RUN")],
            5 => vec![(2, "RUN")],
            _ => vec![],
        })
    }

    /// Gives every user another login name.
    pub(crate) fn rename_users(&mut self) {
        let renamed = |name: &str| format!("{name}@example.org");
        for (_, name) in &mut self.users {
            *name = renamed(name);
        }
        for (_, owner) in &mut self.connections {
            *owner = renamed(owner);
        }
        for app in &mut self.apps {
            app.owner = renamed(&app.owner);
        }
    }

    pub(crate) fn owner_id(&self, name: &str) -> &str {
        let user = self.users.iter().find(|(_, user)| user == name);
        user.map_or("", |(id, _)| id)
    }
}
