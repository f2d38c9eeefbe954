//! What is told of a fact, and the words that [`mod@super::describe`] tells it with.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Actor, Concern, Fate, Impact, Lacking, Level};
use crate::flow::Permissions;
use crate::sanitize::shortened;

/// Everything that is told of a fact.
#[derive(Debug, Clone)]
pub struct Description<'a> {
    /// A word that stays.
    pub code: &'a str,
    /// The code in the task log; this tool's own, in no relation to FME Flow's.
    pub number: u32,
    /// How much it matters to whoever reads a log.
    pub level: Level,
    /// How much it matters to an app that runs.
    pub impact: Impact,
    /// What it is about.
    pub concern: Concern,
    /// Which one: a connection's, a resource's, a token's name, a workspace's path.
    pub item: Option<&'a Arc<str>>,
    /// The permissions that are carried, lost or needed.
    pub permissions: Option<Permissions>,
    /// What becomes of them.
    pub fate: Option<Fate>,
    /// Who has to act; none where nobody has to.
    pub actor: Option<Actor>,
    /// Names of the connection's owners, where one of them has to share it; they may be unknown.
    pub owners: Option<&'a [Arc<str>]>,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) task: Option<String>,
    words: Wording,
}

/// Whether words are wanted too. A million findings are counted and sorted without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wording {
    Made,
    Unmade,
}

impl Wording {
    /// Begins the description of a fact that is for the record.
    pub(super) const fn inform(self, code: &str, number: u32) -> Description<'_> {
        Description::new(self, Level::Inform, code, number)
    }

    /// Begins the description of a fact on which someone may have to act.
    pub(super) const fn warn(self, code: &str, number: u32) -> Description<'_> {
        Description::new(self, Level::Warn, code, number)
    }
}

impl<'a> Description<'a> {
    pub(super) const fn new(words: Wording, level: Level, code: &'a str, number: u32) -> Self {
        Self {
            code,
            number,
            level,
            impact: match level {
                Level::Inform => Impact::None,
                Level::Warn => Impact::Check,
            },
            concern: Concern::Archive,
            item: None,
            permissions: None,
            fate: None,
            actor: None,
            owners: None,
            message: String::new(),
            help: None,
            task: None,
            words,
        }
    }

    /// What version 1 of the history kept of a finding: its words.
    pub(super) fn recorded(
        code: &'a str,
        number: u32,
        level: Level,
        message: &str,
        words: Wording,
    ) -> Self {
        let matters = match (code, level) {
            ("resource-action-needed", _) => Impact::Action,
            (_, Level::Warn) => Impact::Check,
            (_, Level::Inform) => Impact::None,
        };
        Self::new(words, level, code, number)
            .about(Concern::App, None)
            .matters(matters)
            .message(|| message.to_owned())
    }

    pub(super) fn about(self, concern: Concern, item: Option<&'a Arc<str>>) -> Self {
        Self {
            concern,
            item,
            ..self
        }
    }

    pub(super) fn connection(self, name: &'a Arc<str>) -> Self {
        self.about(Concern::Connection, Some(name))
    }

    pub(super) fn resource(self, name: &'a Arc<str>) -> Self {
        self.about(Concern::Resource, Some(name))
    }

    pub(super) fn token(self, name: &'a Arc<str>) -> Self {
        self.about(Concern::Token, Some(name))
    }

    pub(super) fn fate(self, fate: Fate, permissions: Option<&Permissions>) -> Self {
        Self {
            fate: Some(fate),
            permissions: permissions.cloned(),
            ..self
        }
    }

    pub(super) fn matters(self, impact: Impact) -> Self {
        Self { impact, ..self }
    }

    pub(super) fn acts(self, actor: Actor) -> Self {
        Self {
            actor: Some(actor),
            ..self
        }
    }

    /// One of the connection's owners has to share it with the app's.
    pub(super) fn shares(self, lacking: &'a Lacking) -> Self {
        Self {
            owners: Some(&lacking.connection_owners),
            ..self
        }
    }

    pub(super) fn message(mut self, words: impl FnOnce() -> String) -> Self {
        if self.words == Wording::Made {
            self.message = told(words);
        }
        self
    }

    /// What can be done, for whoever runs the upgrade.
    pub(super) fn help(mut self, words: impl FnOnce() -> String) -> Self {
        if self.words == Wording::Made {
            self.help = Some(told(words));
        }
        self
    }

    /// The same where it is another thing for the app's owner, who has no archive and no flowlift.
    pub(super) fn task(mut self, words: impl FnOnce() -> String) -> Self {
        if self.words == Wording::Made {
            self.task = Some(told(words));
        }
        self
    }
}

/// Words that somebody can read, whatever names are in them: those are in fields of their own as a whole.
fn told(words: impl FnOnce() -> String) -> String {
    let words = words();
    match shortened(&words) {
        Cow::Borrowed(_) => words,
        Cow::Owned(short) => short,
    }
}
