//! `flowlift migrate`: writes upgraded archives.

use super::Context;
use super::batch::{Doing, batch};
use super::history::HistoryPlace;
use super::options::MigrationArgs;
use crate::archive::Overwrite;
use crate::exit::Exit;

/// Write an upgraded archive and a task log
///
/// Each app's Connection permissions move from its token to its Flow App Identifier; Resource
/// permissions have no place in 2026.1 and are dropped with a warning; tokens that apps used are
/// removed. Everything else, byte for byte, stays as it is. The source is never written to, and the
/// target gets its name only once it is complete and checked.
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    migration: MigrationArgs,
    /// Replace a target that exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    history: HistoryPlace,
    /// Record nothing
    #[arg(long)]
    no_history: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Migrate {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let overwrite = if self.force {
            Overwrite::Allowed
        } else {
            Overwrite::Refused
        };
        if self.dry_run {
            return batch(context, &self.migration, Doing::Plan);
        }
        if self.no_history {
            return batch(context, &self.migration, Doing::Migrate(overwrite, None));
        }
        match self.history.open() {
            Ok(history) => {
                let doing = Doing::Migrate(overwrite, Some(&history));
                batch(context, &self.migration, doing)
            }
            Err(error) => context.history_error(&error),
        }
    }
}
