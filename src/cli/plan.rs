//! `flowlift plan`: what a migration would do.

use super::Context;
use super::batch::{Doing, batch};
use super::options::MigrationArgs;
use crate::exit::Exit;

/// Say what migrate would do, and write nothing
///
/// Reads each archive and shows every app with the Connection permissions that would be carried
/// over and the Resource permissions that would be dropped. Warnings go to stderr. The same as
/// migrate --dry-run.
#[derive(Debug, clap::Args)]
pub(super) struct Plan {
    #[command(flatten)]
    migration: MigrationArgs,
}

impl Plan {
    pub(super) fn run(&self, context: &Context) -> Exit {
        match self.migration.load(context) {
            Ok(()) => batch(context, &self.migration, Doing::Plan),
            Err(exit) => exit,
        }
    }
}
