//! `flowlift plan`: what a migration would do.

use std::path::Path;

use super::Context;
use super::batch::{Mode, batch, begin};
use super::command_line::CommandLine;
use super::inputs::Input;
use super::options::MigrationArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::inspect::changes;
use crate::migrate::{Prepared, prepare};
use crate::report::diff;
use crate::sanitize::sanitize;

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
    /// Show the edits themselves, as a diff of what the documents of the archive say: what goes, what
    /// comes, and where; no secret is among it
    #[arg(long, conflicts_with = "format")]
    diff: bool,
}

impl Plan {
    pub(super) fn run(&self, context: &Context) -> Exit {
        match self.migration.load(context) {
            Ok(()) if self.diff => self.show_edits(context).unwrap_or_else(|exit| exit),
            Ok(()) => {
                let apply = self.migration.applied_by(CommandLine::new("migrate"));
                batch(context, &self.migration, Mode::Plan { apply: &apply })
            }
            Err(exit) => exit,
        }
    }

    fn show_edits(&self, context: &Context) -> Result<Exit, Exit> {
        let (inputs, mut exit) = begin(context, &self.migration)?;
        for Input { path, .. } in &inputs {
            let ended = match self.edits(context, path) {
                Ok(text) => context.shown(context.voice.diff(&text)),
                Err(error) => context.stopped(path, &error),
            };
            exit = exit.max(ended);
            if ended == Exit::Interrupted {
                break;
            }
        }
        Ok(exit)
    }

    fn edits(&self, context: &Context, path: &Path) -> Result<String, Error> {
        let shown = path.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let options = self.migration.options();
        let Prepared { source, plan } = prepare(path, options, &context.clock, &watch)?;
        let heading = sanitize(&shown).into_owned() + "\n";
        if plan.is_empty() {
            return Ok(heading + "  no byte changes\n");
        }
        let changes = changes(&source, &plan, options.limits, &watch)?;
        Ok(heading + &diff(&changes, &plan.apps))
    }
}
