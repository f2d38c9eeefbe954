//! `flowlift plan`: what a migration would do.

use super::Context;
use super::batch::{Mode, batch};
use super::command_line::CommandLine;
use super::options::MigrationArgs;
use crate::exit::Exit;

/// Say what migrate would do, and write nothing
///
/// Reads each archive and shows the apps, what matters most first, with the Connection permissions
/// that would be carried over and the Resource permissions that would be dropped; then warnings by
/// code, and what it comes to. The same as migrate --dry-run, and what archives without a command
/// stand for.
#[derive(Debug, clap::Args)]
pub(super) struct Plan {
    #[command(flatten)]
    migration: MigrationArgs,
}

impl Plan {
    pub(super) fn run(&self, context: &Context) -> Exit {
        match self.migration.load(context) {
            Ok(()) => {
                let apply = self.migration.applied_by(CommandLine::new("migrate"));
                batch(context, &self.migration, Mode::Plan { apply: &apply })
            }
            Err(exit) => exit,
        }
    }
}
