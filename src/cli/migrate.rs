//! `flowlift migrate`: writes upgraded archives.

use clap::ValueEnum;

use super::Context;
use super::batch::{Doing, Existing, Recording, batch};
use super::options::MigrationArgs;
use crate::archive::Digesting;
use crate::exit::Exit;
use crate::migrate::{Checking, Manner};
use crate::output::Overwrite;

/// Write an upgraded archive and a task log
///
/// Each app's Connection permissions move from its token to its Flow App Identifier; Resource
/// permissions have no place in 2026.1 and are dropped with a warning; tokens that apps used are
/// removed. Everything else, byte for byte, stays as it is. The source is never written to, and the
/// target gets its name only once it is complete and checked.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a word of the command line
pub(super) struct Migrate {
    #[command(flatten)]
    migration: MigrationArgs,
    /// Replace a target, and its task log, that exist
    #[arg(long)]
    force: bool,
    /// Pass over archives whose target is there, which is then no error
    #[arg(long, conflicts_with = "force")]
    skip_existing: bool,
    /// Record nothing
    #[arg(long)]
    no_history: bool,
    /// How thoroughly the upgraded archive is checked before it gets its name
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    verify: Verify,
    /// Make no SHA-256 of the archives: faster where no two cores are free or the disk shares blocks
    #[arg(long)]
    no_digest: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Verify {
    /// Read the directory and the rewritten documents again, and plan again
    #[default]
    Quick,
    /// Do all that flowlift verify does; reads both archives again, to their last byte
    Full,
}

impl From<Verify> for Checking {
    fn from(verify: Verify) -> Self {
        match verify {
            Verify::Quick => Self::Quick,
            Verify::Full => Self::Full,
        }
    }
}

impl Migrate {
    pub(super) fn run(&self, context: &Context) -> Exit {
        if let Err(exit) = self.migration.load(context) {
            return exit;
        }
        if self.dry_run {
            return batch(context, &self.migration, Doing::Plan);
        }
        let manner = Manner {
            options: self.migration.options(),
            overwrite: Overwrite::when(self.force),
            checking: self.verify.into(),
            digesting: if self.no_digest {
                Digesting::Neither
            } else {
                Digesting::Both
            },
            unchanged: self.migration.unchanged(),
        };
        let recording = if self.no_history {
            Recording::Nowhere
        } else {
            Recording::InHistory
        };
        let existing = if self.skip_existing {
            Existing::Skipped
        } else {
            Existing::Seen
        };
        batch(
            context,
            &self.migration,
            Doing::Migrate(manner, recording, existing),
        )
    }
}
