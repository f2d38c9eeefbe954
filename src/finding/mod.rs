//! What there is to say about an archive: one finding for each fact that someone may have to act
//! on, and for each permission that is carried or dropped.
//!
//! A finding keeps the [`Fact`], which is what the history stores; all else follows from it and is
//! told in one place ([`mod@describe`]): code, level, what it is about, who has to act, and the words,
//! which are made when they are shown. Codes and numbers are stable: scripts and people rely on
//! them. `docs/findings.md` has a heading for each code.

mod apps;
mod archive;
mod connections;
mod describe;
mod description;
mod expiry;
mod fact;
mod owners;
mod pages;
mod phrases;
mod readiness;
mod resources;
mod terms;
#[cfg(test)]
mod tests;
mod tokens;
mod workspaces;

use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::flow::Identifier;
pub use description::Description;
pub use fact::{Fact, Lacking, Occurrence, Outside};
pub use pages::{FindingPage, page, pages};
pub(crate) use phrases::counted;
pub use terms::{Actor, Concern, Fate, Impact, Level};

use description::Wording;

/// Something to say about an archive or about one of its apps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The app it is about; none for the archive.
    pub app: Option<Arc<About>>,
    /// What there is to say.
    pub fact: Fact,
}

/// The app that findings are about, which share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: Arc<str>,
    /// Its identifier: names are unique neither across kinds nor across owners.
    pub identifier: Identifier,
    /// Its owner's name.
    pub owner: Arc<str>,
    /// Whether it will run; none where no token is involved.
    pub enabled: Option<bool>,
}

impl Finding {
    /// The name of the app it is about; none for the archive.
    pub fn app_name(&self) -> Option<&str> {
        self.app.as_ref().map(|app| &*app.name)
    }

    /// The identifier of the app it is about; none for the archive.
    pub fn identifier(&self) -> Option<Identifier> {
        self.app.as_ref().map(|app| app.identifier)
    }

    /// All that is told of it but its words.
    pub fn description(&self) -> Description<'_> {
        self.fact.describe(Wording::Unmade)
    }

    /// What kind of finding it is, in a word that stays.
    pub fn code(&self) -> &str {
        self.description().code
    }

    /// How much it matters to whoever reads a log.
    pub fn level(&self) -> Level {
        self.description().level
    }

    /// How much it matters to the app. One that does not run anyway has something to be done only if
    /// it should.
    pub fn impact(&self) -> Impact {
        let most = match &self.app {
            Some(app) if app.enabled == Some(false) => Impact::Check,
            _ => Impact::Action,
        };
        self.description().impact.min(most)
    }

    /// Names of those who have to act: the app's owner, or those who own the connection; none where
    /// nobody has to, where the names are unknown, and for the upgrade engineer.
    pub fn who(&self) -> Vec<&str> {
        let description = self.description();
        if let (Some(Actor::AppOwner), Some(app)) = (description.actor, &self.app) {
            let owner = Some(&*app.owner).filter(|owner| !owner.is_empty());
            owner.into_iter().collect()
        } else {
            let owners = description.owners.unwrap_or_default();
            owners.iter().map(|name| &**name).collect()
        }
    }

    /// What is the case, in one line without the app's name.
    pub fn message(&self) -> String {
        self.fact.describe(Wording::Made).message
    }

    /// What is the case, in one line of a log.
    pub fn line(&self) -> String {
        match self.app_name() {
            Some(app) => Self::prefix(app) + &self.message(),
            None => self.message(),
        }
    }

    /// What a line begins with that is about an app.
    pub(crate) fn prefix(app: &str) -> String {
        format!("App \"{app}\": ")
    }

    /// What can be done, in one line, for whoever runs the upgrade.
    pub fn help(&self) -> Option<String> {
        self.fact.describe(Wording::Made).help
    }

    /// What the app's owner can do, in one line that addresses him; none where nobody has to act, or
    /// someone else.
    pub fn task(&self) -> Option<String> {
        let Description {
            actor, help, task, ..
        } = self.fact.describe(Wording::Made);
        match actor? {
            Actor::AppOwner => task.or(help),
            Actor::ConnectionOwner => task,
            Actor::UpgradeEngineer => None,
        }
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let description = self.fact.describe(Wording::Made);
        let mut fields = serializer.serialize_struct("Finding", 13)?;
        fields.serialize_field("code", description.code)?;
        fields.serialize_field("level", &description.level)?;
        fields.serialize_field("app", &self.app_name())?;
        fields.serialize_field("identifier", &self.identifier())?;
        fields.serialize_field("impact", &self.impact())?;
        fields.serialize_field("category", &description.concern)?;
        fields.serialize_field("item", &description.item)?;
        fields.serialize_field("permissions", &description.permissions)?;
        fields.serialize_field("fate", &description.fate)?;
        fields.serialize_field("actor", &description.actor)?;
        fields.serialize_field("who", &self.who())?;
        fields.serialize_field("message", &description.message)?;
        fields.serialize_field("help", &description.help)?;
        fields.end()
    }
}

/// The greatest impact of an app's findings.
pub fn impact<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Impact {
    let impacts = findings.into_iter().map(Finding::impact);
    impacts.max().unwrap_or_default()
}
