//! `flowlift history lost`: who lost access to what, without the archives.

use std::io;

use clap::{Args, ValueEnum};

use super::which::since;
use super::{HistoryPlace, Trouble};
use crate::cli::Context;
use crate::cli::options::Rows;
use crate::flow::AppKind;
use crate::history::Filter;
use crate::report::audit::{AuditedArchive, Losses, lost_json, lost_table, write_csv};

/// Say who lost access to what
///
/// Of every archive the last migration that succeeded counts: each Resource permission that was dropped,
/// and each Connection that an app needs and could not be given, what matters most first. A name is meant
/// when it holds the text. The columns are those of the audit's CSV.
#[derive(Debug, Args)]
pub(super) struct Lost {
    /// Only of apps whose owner's name holds this
    #[arg(long, value_name = "TEXT")]
    owner: Option<String>,
    /// Only of apps whose name holds this
    #[arg(long, value_name = "TEXT")]
    app: Option<String>,
    /// Only Connections and Resources whose name holds this
    #[arg(long, value_name = "TEXT")]
    item: Option<String>,
    /// Only of apps of this kind
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<KindWord>,
    /// Only what was migrated since then: a date, a date and time, or a span such as 30d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Rows,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindWord {
    Ar,
    Automation,
    Gallery,
    Other,
    Workspace,
}

impl From<KindWord> for AppKind {
    fn from(kind: KindWord) -> Self {
        match kind {
            KindWord::Ar => Self::Ar,
            KindWord::Automation => Self::Automation,
            KindWord::Gallery => Self::Gallery,
            KindWord::Other => Self::Other,
            KindWord::Workspace => Self::Workspace,
        }
    }
}

impl Lost {
    pub(super) fn answer(
        &self,
        context: &Context,
        place: &HistoryPlace,
    ) -> Result<String, Trouble> {
        let now = context.clock.now();
        let since = self.since.as_deref().map(|text| since(text, &now));
        let filter = Filter {
            since: since.transpose()?,
            ..Filter::default()
        };
        let losses = Losses {
            owner: self.owner.clone(),
            app: self.app.clone(),
            item: self.item.clone(),
            kind: self.kind.map(AppKind::from),
        };
        let mut archives = Vec::new();
        place.read()?.last_of_each(&[filter], |detail| {
            archives.extend(losses.of(AuditedArchive::from(&detail)));
        })?;
        Ok(match self.format {
            Rows::Table => lost_table(&archives, context.voice.width()),
            Rows::Csv => csv(&archives).map_err(Trouble::Unheard)?,
            Rows::Json => lost_json(&archives).map_err(Trouble::Unheard)?,
        })
    }
}

fn csv(archives: &[AuditedArchive]) -> io::Result<String> {
    let mut text = Vec::new();
    write_csv(&mut text, archives)?;
    String::from_utf8(text).map_err(io::Error::other)
}
