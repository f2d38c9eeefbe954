//! Permissions: words under a security category, held by a role.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Schema;

/// The security categories that matter to an upgrade (all seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// `NamedConnections`: carried over.
    Connections,
    /// `SharedResources`: dropped.
    Resources,
    /// `Services`: tells whether an app may upload.
    Services,
    /// Those under which FME Flow gives every app's token what its app needs to run (seen): its
    /// repository, its automation, the app itself. Of these only such grants count, see
    /// [`Category::is_ordinary`].
    Running,
    /// Everything else: goes with a retired token.
    Other,
}

impl Category {
    /// The category FME Flow calls `name`.
    pub fn named(name: &str) -> Self {
        Self::found(|known| known == name)
    }

    /// The category that FME Flow would call `name` in other capitals.
    pub fn in_any_case(name: &str) -> Self {
        Self::found(|known| known.eq_ignore_ascii_case(name))
    }

    fn found(is_called: impl Fn(&str) -> bool) -> Self {
        let found = NAMES.iter().find(|(known, _)| is_called(known));
        found.map_or(Self::Other, |(_, category)| *category)
    }

    /// Whether `permission` is one of those that FME Flow itself gives an app's token (seen).
    pub fn is_ordinary(self, permission: &str) -> bool {
        self == Self::Running && ORDINARY.contains(&permission)
    }
}

/// What the categories are called.
const NAMES: [(&str, Category); 9] = [
    ("NamedConnections", Category::Connections),
    ("SharedResources", Category::Resources),
    ("Services", Category::Services),
    ("Repositories", Category::Running),
    ("Automations", Category::Running),
    ("RunWorkspace", Category::Running),
    ("ServerApps", Category::Running),
    ("ServerAutomationApps", Category::Running),
    ("ServerARApps", Category::Running),
];

/// What the tokens of apps hold in [`Category::Running`] from the beginning (seen).
const ORDINARY: [&str; 7] = [
    "ACCESS_RUNWORKSPACE",
    "APP_AUTOMATIONS_READ",
    "APPS_READ",
    "AUTOMATIONS_EXECUTEAPP",
    "AUTOMATIONS_READ",
    "REPOSITORY_EXECUTE",
    "REPOSITORY_READ",
];

/// May use a connection in a workspace (from schema 2.89).
const RUN: &str = "NAMEDCONNECTIONS_RUN";
/// May change a connection (from schema 2.89).
const WRITE: &str = "NAMEDCONNECTIONS_WRITE";
/// Both of them in one word (up to schema 2.81).
const ALL: &str = "NAMEDCONNECTIONS_ALL";
/// May administer all connections (general).
const ADMIN: &str = "ADMIN_NAMEDCONNECTIONS";
/// May use a service; the only item permission of a service.
const SERVICE: &str = "SERVER_ALL";

/// A set of permission names, sorted.
///
/// Small and cheap to clone: a backup holds a million grants and only a few dozen different sets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Permissions(Arc<Vec<Arc<str>>>);

/// Permissions on items, by the items' names.
pub type ItemPermissions = BTreeMap<Arc<str>, Permissions>;

impl Permissions {
    /// The set of `names`; order and repetition do not matter.
    pub fn new<S: Into<Arc<str>>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut names: Vec<Arc<str>> = names.into_iter().map(Into::into).collect();
        names.sort();
        names.dedup();
        Self(Arc::new(names))
    }

    /// The names, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `name` is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|n| n == name)
    }

    /// The connection permissions 2026.1 knows: up to schema 2.81 `NAMEDCONNECTIONS_ALL` becomes `_RUN` and
    /// `_WRITE` (seen); every other name stays, and so does this one where FME Flow never wrote it.
    #[must_use]
    pub fn to_2026_1(&self, schema: &Schema) -> Self {
        if !self.contains(ALL) || *schema > Schema::last_with_all() {
            return self.clone();
        }
        Self::new(self.0.iter().flat_map(|name| match &**name {
            ALL => vec![Arc::from(RUN), Arc::from(WRITE)],
            _ => vec![Arc::clone(name)],
        }))
    }

    /// The permission to run a connection.
    pub fn run() -> Self {
        Self::new([RUN])
    }

    /// Whether a connection may be used with them.
    pub fn can_run(&self) -> bool {
        self.contains(RUN) || self.contains(ALL)
    }

    /// Whether, on the category as such, they let a role run every connection.
    pub fn can_run_all(&self) -> bool {
        self.contains(ADMIN)
    }

    /// Whether a service may be used with them.
    pub fn may_use_service(&self) -> bool {
        self.contains(SERVICE)
    }
}

/// Sets that are to become one. They are joined at the end, all at once: a thousand roles may each add
/// a permission of its own.
#[derive(Debug, Clone, Default)]
pub struct Union(Vec<Permissions>);

impl Union {
    /// Adds the permissions of another set.
    pub fn add(&mut self, set: Permissions) {
        // As a rule many roles grant the same.
        if self.0.last() != Some(&set) {
            self.0.push(set);
        }
    }
}

impl From<Union> for Permissions {
    fn from(Union(mut sets): Union) -> Self {
        match (sets.pop(), &sets[..]) {
            (Some(only), []) => only,
            (last, _) => {
                let sets = sets.iter().chain(&last);
                Self::new(sets.flat_map(|set| set.0.iter().cloned()))
            }
        }
    }
}

impl fmt::Display for Permissions {
    /// Comma-separated without blanks. For connections, sorted is the vocabulary's own order (seen).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

impl Serialize for Permissions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Arc<str>>::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_word_for_everything_becomes_run_and_write() {
        let old = Permissions::new(["NAMEDCONNECTIONS_ALL"]);
        assert_eq!(
            old.to_2026_1(&Schema::last_with_all()).to_string(),
            "NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE"
        );
    }

    #[test]
    fn unknown_words_are_kept() {
        let odd = Permissions::new(["NAMEDCONNECTIONS_TEST", "NAMEDCONNECTIONS_RUN"]);
        assert_eq!(odd.to_2026_1(&Schema::new(2, 54)), odd);
        let all = Permissions::new(["NAMEDCONNECTIONS_ALL"]);
        assert_eq!(all.to_2026_1(&Schema::new(2, 99)), all);
    }

    #[test]
    fn a_union_holds_each_permission_once() {
        let union = |sets: &[&[&str]]| {
            let mut union = Union::default();
            for set in sets {
                union.add(Permissions::new(set.iter().copied()));
            }
            Permissions::from(union).to_string()
        };
        assert_eq!(union(&[&["B", "A"], &["C", "A"], &["B"]]), "A,B,C");
        assert_eq!(union(&[&["A"], &["A"]]), "A");
        assert_eq!(union(&[]), "");
    }

    #[test]
    fn run_is_in_the_old_word_too() {
        assert!(Permissions::new(["NAMEDCONNECTIONS_ALL"]).can_run());
        assert!(!Permissions::new(["NAMEDCONNECTIONS_WRITE"]).can_run());
    }
}
