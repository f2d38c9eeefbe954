//! Options that `migrate` and `plan` share, since both make the same plan.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::flow::Build;
use crate::migrate::default_target;
use crate::plan::{Options, Stamping, TokenFate, Unrestricted};
use crate::target;

/// What is to be migrated, and how.
#[derive(Debug, Args)]
pub(super) struct MigrationArgs {
    /// Backups (.fsconfig) and projects (.fsproject)
    #[arg(required = true, value_name = "ARCHIVE")]
    pub(super) archives: Vec<PathBuf>,
    /// Write the upgraded archive to this file [default: NAME-2026.1.EXT beside the source]
    #[arg(short, long, value_name = "FILE", conflicts_with = "out_dir")]
    output: Option<PathBuf>,
    /// Write the upgraded archives into this folder
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    #[command(flatten)]
    shape: ShapeArgs,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
}

/// What shapes a plan.
#[derive(Debug, Args)]
pub(super) struct ShapeArgs {
    /// Leave the tokens of migrated apps, their roles and grants as they are
    #[arg(long)]
    keep_tokens: bool,
    /// Give an app with an unrestricted token the connections that its workspace declares and its
    /// owner may run
    #[arg(long)]
    expand_unrestricted: bool,
    /// Whether the upgraded archive is stamped as made by 2026.1
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    stamp: Stamp,
    /// The build to stamp, 26000 or later
    #[arg(long, value_name = "BUILD", default_value_t = target::BUILD, value_parser = target_build)]
    target_build: Build,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Stamp {
    /// Where its schema is 2.99, which differs from 2026.1's only in what is written here
    #[default]
    Auto,
    /// Never: FME Flow then upgrades the rest by itself
    Source,
    /// Always
    Target,
}

/// How a result is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs: one document for all archives
    Json,
}

impl MigrationArgs {
    /// What a plan needs to know.
    pub(super) fn options(&self) -> Options {
        self.shape.options()
    }

    /// Where the upgraded archive of `source` goes.
    pub(super) fn target(&self, source: &Path) -> PathBuf {
        let default = default_target(source);
        match (&self.output, &self.out_dir) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => folder.join(default.file_name().unwrap_or_default()),
            (None, None) => default,
        }
    }

    /// Why the words do not make sense together, if they do not.
    pub(super) fn mistake(&self) -> Option<&'static str> {
        let several = self.archives.len() > 1 && self.output.is_some();
        several.then_some("--output names one file, but there are several archives")
    }
}

impl ShapeArgs {
    /// What a plan needs to know.
    pub(super) fn options(&self) -> Options {
        let unrestricted = if self.expand_unrestricted {
            Unrestricted::Declared
        } else {
            Unrestricted::Nothing
        };
        Options {
            tokens: if self.keep_tokens {
                TokenFate::Keep
            } else {
                TokenFate::Retire
            },
            unrestricted,
            stamping: match self.stamp {
                Stamp::Auto => Stamping::Auto,
                Stamp::Source => Stamping::Source,
                Stamp::Target => Stamping::Target,
            },
            target_build: self.target_build,
        }
    }
}

fn target_build(text: &str) -> Result<Build, String> {
    let build: Build = text.parse().map_err(|_| "not a build number".to_owned())?;
    if build.has_app_tokens() {
        return Err(format!(
            "builds below {} have app tokens",
            Build::FIRST_WITHOUT_TOKENS
        ));
    }
    Ok(build)
}
