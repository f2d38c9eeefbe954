//! Who loses what, does it matter, what to do: findings gathered by app and by item.
//!
//! An app owner does not read findings. This model turns them over: for each app one row for each
//! thing it had or needs, with what becomes of it, whether that matters, and what is to be done.
//! Every format of an audit is a view of it.

mod brief;
mod chart;
mod csv;
mod file_name;
mod gather;
mod handouts;
mod html;
mod lost;
mod owners;
mod ranking;
mod recall;
mod table;

use std::sync::Arc;

use crate::finding::Actor;
pub use crate::finding::{Concern, Fate, Impact};
use crate::flow::{AppKind, Identifier, Permissions};
use crate::report::{Answer, Fix};
use crate::target::Form;
pub use csv::write_csv;
pub use handouts::{Handout, Handouts};
pub use html::write_html;
pub use lost::{Losses, lost_json, lost_table};
pub use ranking::ranking;
pub use recall::Recalled;
pub use table::{is_short, summary, table};

/// One thing an app had or needs, and what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub concern: Concern,
    /// Which one: a connection's, a resource's, a token's name, a workspace's path.
    pub item: Option<Arc<str>>,
    /// The permissions that were carried, are lost or are needed.
    pub permissions: Option<Permissions>,
    /// What becomes of them.
    pub fate: Option<Fate>,
    /// Whether it matters.
    pub impact: Impact,
    /// What is the case, a sentence each.
    pub facts: Vec<String>,
    /// What is to be done, a sentence each.
    pub actions: Vec<String>,
    /// The same to the app's owner, where it is for him to do.
    pub tasks: Vec<String>,
    /// Who has to act.
    pub actor: Option<Actor>,
    /// Their names.
    pub who: Vec<String>,
    /// Codes of the findings behind it.
    pub codes: Vec<String>,
    /// Those of them that give it its impact.
    pub decisive: Vec<String>,
}

impl Row {
    /// Whether a reader is shown it who wants to know what to do.
    fn is_shown(&self) -> bool {
        self.impact > Impact::None || self.concern == Concern::Readiness
    }

    /// Of an app about which there is nothing to say.
    const fn nothing() -> Self {
        Self {
            concern: Concern::App,
            item: None,
            permissions: None,
            fate: None,
            impact: Impact::None,
            facts: Vec::new(),
            actions: Vec::new(),
            tasks: Vec::new(),
            actor: None,
            who: Vec::new(),
            codes: Vec::new(),
            decisive: Vec::new(),
        }
    }
}

/// An app, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedApp {
    /// Its kind.
    pub kind: AppKind,
    /// Its name.
    pub name: Arc<str>,
    /// What secures its permissions.
    pub identifier: Identifier,
    /// Its owner's name.
    pub owner: Arc<str>,
    /// Whether it will run; none where no token is involved.
    pub enabled: Option<bool>,
    /// The greatest of its rows' impacts.
    pub impact: Impact,
    /// What matters most first.
    pub rows: Vec<Row>,
}

impl AuditedApp {
    /// How many items of this fate it has.
    pub fn count(&self, fate: Fate) -> usize {
        let of_fate = |row: &&Row| row.fate == Some(fate) && row.item.is_some();
        self.rows.iter().filter(of_fate).count()
    }
}

/// An archive, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedArchive {
    /// As given or found.
    pub path: Arc<str>,
    /// What its ticks are kept by: its name, its apps, and what is to be done for them. Its own
    /// digest would take reading all of it.
    pub key: String,
    /// What it is, in words; empty where that was not found out.
    pub description: String,
    /// The form that it would be upgraded to; none where nothing is to be upgraded.
    pub form: Option<Form>,
    /// Whether it was made by 2026.1 or later.
    pub is_current: bool,
    /// Why it could not be audited.
    pub error: Option<String>,
    /// What its plan comes to, in the figures of `plan` and `migrate`.
    pub answer: Answer,
    /// What owners of connections have to share.
    pub fixes: Vec<Fix>,
    /// Its apps: what matters most first, then by name.
    pub apps: Vec<AuditedApp>,
    /// What concerns none of them.
    pub rows: Vec<Row>,
}
