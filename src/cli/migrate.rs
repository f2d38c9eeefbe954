//! `flowlift migrate`: writes upgraded archives.

use clap::ValueEnum;

use super::Context;
use super::batch::{Existing, Mode, Recording, batch};
use super::command_line::CommandLine;
use super::options::MigrationArgs;
use crate::archive::Digesting;
use crate::exit::Exit;
use crate::migrate::{Checking, MigrateOptions};
use crate::output::Overwrite;

/// Write an upgraded archive and a task log
///
/// Each app's Connection permissions go from its token to its Flow App Identifier; Resource
/// permissions have no place in 2026.1 and are dropped with a warning. Tokens that apps used stay in
/// the staged form, and are removed in the final one. Everything else, byte for byte, stays as it is. The source is never written to, and the
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

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
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
            let apply = self.without_dry_run();
            return batch(context, &self.migration, Mode::Plan { apply: &apply });
        }
        let options = MigrateOptions {
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
            Mode::Migrate(options, recording, existing),
        )
    }

    /// The same command line, but for `--dry-run`.
    fn without_dry_run(&self) -> String {
        let verify = self.verify.to_possible_value();
        let verify = verify.filter(|_| self.verify != Verify::default());
        let line = CommandLine::new("migrate")
            .flag("--force", self.force)
            .flag("--skip-existing", self.skip_existing)
            .flag("--no-history", self.no_history)
            .value("--verify", verify.map(|word| word.get_name().to_owned()))
            .flag("--no-digest", self.no_digest);
        self.migration.applied_by(line)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Args, Command, FromArgMatches};

    use super::*;

    fn understood(line: &[String]) -> Migrate {
        let command = Migrate::augment_args(Command::new("migrate"));
        Migrate::from_arg_matches(&command.get_matches_from(line)).unwrap()
    }

    #[test]
    fn the_line_that_applies_a_plan_is_understood_like_the_line_that_planned_it() {
        let shared = "--dry-run --no-history --verify full --no-digest --form final \
                      --expand-unrestricted --target-build 26200 --limit value=2M --limit text=1k \
                      --history h --jobs 3 --profile p --carry-resources";
        let mut options = BTreeSet::new();
        for place in ["--force --output=-x", "--skip-existing --out-dir out"] {
            let given = format!("migrate {shared} {place} 'my plan.fsproject' -- -b.fsconfig");
            let given = shlex::split(&given).unwrap();
            let dry = understood(&given);
            let applied = shlex::split(&dry.without_dry_run()).unwrap();
            let wanted = format!("{dry:?}").replace("dry_run: true", "dry_run: false");
            assert_eq!(format!("{:?}", understood(&applied[1..])), wanted);
            options.extend(applied.into_iter().filter_map(|word| {
                let name = word.strip_prefix("--")?;
                Some(name.split('=').next()?.to_owned())
            }));
        }
        // Where there is another format, the line is not shown.
        options.extend(["dry-run", "format", "help"].map(str::to_owned));
        let command = Migrate::augment_args(Command::new("migrate"));
        for option in command.get_arguments().filter_map(|it| it.get_long()) {
            assert!(options.contains(option), "--{option} is not applied");
        }
    }
}
