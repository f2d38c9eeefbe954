//! Options that `migrate` and `plan` share, since both make the same plan.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::{Args, ValueEnum};

use super::Context;
use super::command_line::CommandLine;
use super::destination::folder_for_all;
use super::history::HistoryPlace;
use super::inputs::Input;
use super::limits::LimitArgs;
use super::profile::read_profile;
use crate::archive::ArchiveError;
use crate::error::Error;
use crate::exit::Exit;
use crate::flow::Build;
use crate::migrate::{Unchanged, default_target, log_path};
use crate::output::{FileRole, create_folder};
use crate::plan::{OfResources, Options, Unrestricted};
use crate::profile::Profile;
use crate::target::{self, Form};

/// Endings of what is a report, and never an archive.
const REPORTS: [&str; 8] = ["csv", "htm", "html", "json", "log", "md", "pdf", "txt"];

/// What is to be migrated, and how.
#[derive(Debug, Args)]
pub(super) struct MigrationArgs {
    /// Backups (.fsconfig), projects (.fsproject), folders to be searched for them, and patterns
    #[arg(required = true, value_name = "ARCHIVE")]
    pub(super) archives: Vec<PathBuf>,
    /// Write the upgraded archive to this file [default: NAME-2026.1.EXT beside the source]
    #[arg(short, long, value_name = "FILE", conflicts_with = "out_dir")]
    output: Option<PathBuf>,
    /// Write the upgraded archives into this folder, those of a folder as they lay in it
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    #[command(flatten)]
    shape: ShapeArgs,
    #[command(flatten)]
    pub(super) history: HistoryPlace,
    /// Work on so many archives at once [default: one for each core, up to 4]
    #[arg(short, long, value_name = "N")]
    pub(super) jobs: Option<NonZero<usize>>,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Rows,
}

/// What shapes a plan.
#[derive(Debug, Args)]
pub(super) struct ShapeArgs {
    #[command(flatten)]
    form: FormArgs,
    /// Write what apps may do where this profile says that the server keeps it; the form is final
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[arg(skip)]
    loaded: OnceLock<&'static Profile>,
    /// Carry Resource permissions too, where the profile knows where they are: what FME Flow itself drops
    #[arg(long, requires = "profile")]
    carry_resources: bool,
    /// Give an app with an unrestricted token the connections that its workspace declares and its
    /// owner may run
    #[arg(long)]
    expand_unrestricted: bool,
    /// The build that a final archive is stamped with, 26000 or later
    #[arg(long, value_name = "BUILD", default_value_t = target::BUILD, value_parser = target_build)]
    target_build: Build,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Which form an upgraded archive gets.
#[derive(Debug, Args)]
pub(super) struct FormArgs {
    /// What the upgraded archive is like [default: staged; verify: what the stamps of UPGRADED say]
    #[arg(long, value_enum, value_name = "FORM")]
    form: Option<FormWord>,
}

impl FormArgs {
    /// The form that was asked for, if any was.
    pub(super) fn asked(&self) -> Option<Form> {
        self.form.map(Form::from)
    }

    /// The same as it is written on a command line.
    pub(super) fn word(&self) -> Option<String> {
        let word = self.form.and_then(|form| form.to_possible_value());
        word.map(|word| word.get_name().to_owned())
    }
}

/// The form of an upgraded archive.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormWord {
    /// Adds identifier entries and drops Resource permissions; tokens and stamps stay, so that FME Flow
    /// itself transfers the Connections on restore
    Staged,
    /// As 2026.1 itself exports: no app tokens, stamped as 2026.1; schema 2.99 only
    Final,
}

impl From<FormWord> for Form {
    fn from(word: FormWord) -> Self {
        match word {
            FormWord::Staged => Self::Staged,
            FormWord::Final => Self::Final,
        }
    }
}

/// How what came of apps is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Rows {
    /// For people
    #[default]
    Table,
    /// For programs: one document for all archives
    Json,
    /// For spreadsheets: a row per app, category, item and permission
    Csv,
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

    /// Reads the profile, if one was named.
    pub(super) fn load(&self, context: &Context) -> Result<(), Exit> {
        self.shape.load(context)
    }

    /// The line that does what was planned with these options.
    pub(super) fn applied_by(&self, line: CommandLine) -> String {
        let ShapeArgs {
            form,
            profile,
            carry_resources,
            expand_unrestricted,
            target_build,
            limits,
            loaded: _,
        } = &self.shape;
        let build = Some(target_build).filter(|build| **build != target::BUILD);
        let mut line = line
            .path("--output", self.output.as_deref())
            .path("--out-dir", self.out_dir.as_deref())
            .value("--form", form.word())
            .path("--profile", profile.as_deref())
            .flag("--carry-resources", *carry_resources)
            .flag("--expand-unrestricted", *expand_unrestricted)
            .value("--target-build", build)
            .path("--history", self.history.given())
            .value("--jobs", self.jobs);
        for limit in limits.words() {
            line = line.value("--limit", Some(limit));
        }
        line.about(&self.archives).to_string()
    }

    /// Where the upgraded archive of an input goes: in a folder for all, as it lay in its own.
    pub(super) fn target(&self, input: &Input) -> PathBuf {
        let default = default_target(&input.path);
        match (&self.output, &self.out_dir) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => {
                let name = default.file_name().unwrap_or_default();
                folder.join(&input.below).join(name)
            }
            (None, None) => default,
        }
    }

    /// What becomes of an archive in which no byte would change: a folder for all is a complete set.
    pub(super) fn unchanged(&self) -> Unchanged {
        match self.out_dir {
            Some(_) => Unchanged::Copied,
            None => Unchanged::Left,
        }
    }

    /// Makes the folder that the upgraded archive of an input goes to, where the input lay in one of
    /// its own. The folder for all has to be there.
    pub(super) fn make_room(&self, input: &Input, target: &Path) -> Result<(), Error> {
        let is_mirrored = self.out_dir.as_deref().is_some_and(Path::is_dir);
        let folder = target.parent().filter(|_| is_mirrored);
        let Some(folder) = folder.filter(|_| !input.below.as_os_str().is_empty()) else {
            return Ok(());
        };
        let made = create_folder(folder);
        made.map_err(|source| {
            Error::Archive(ArchiveError::Write {
                path: folder.to_owned(),
                source,
            })
        })
    }

    /// What no archive can be written to is one mistake, not one for each archive.
    fn check(&self, context: &Context) -> Result<(), Exit> {
        folder_for_all(context, self.out_dir.as_deref())?;
        let ending = self.output.as_deref().and_then(Path::extension);
        let ending = ending.map(|ending| ending.to_string_lossy().to_lowercase());
        if let Some(ending) = ending.filter(|ending| REPORTS.contains(&&**ending)) {
            let mistake = format!("--output names the upgraded archive, and that is no .{ending}");
            let help = "the result goes to stdout, as a table, JSON or CSV (--format); a page for people \
                        is made by flowlift audit -o NAME.html";
            context.voice.error(None, &mistake, Some(help));
            return Err(Exit::Usage);
        }
        Ok(())
    }

    /// Adds what will be written to the files of the run.
    pub(super) fn add_targets(&self, context: &Context, inputs: &[Input]) -> Result<(), Exit> {
        if inputs.len() > 1 && self.output.is_some() {
            let mistake = "--output names one file, but there are several archives";
            let help = Some("use --out-dir for several archives");
            context.voice.error(None, mistake, help);
            return Err(Exit::Usage);
        }
        self.check(context)?;
        for input in inputs {
            let target = self.target(input);
            context.add(FileRole::Target(&input.path), &target)?;
            context.add(FileRole::TaskLog(&input.path), &log_path(&target))?;
        }
        Ok(())
    }
}

impl ShapeArgs {
    /// The form that was asked for, if any was.
    pub(super) fn form(&self) -> Option<Form> {
        self.form.asked()
    }

    /// What a plan needs to know.
    pub(super) fn options(&self) -> Options {
        let unrestricted = if self.expand_unrestricted {
            Unrestricted::Declared
        } else {
            Unrestricted::Nothing
        };
        Options {
            form: match self.loaded.get() {
                Some(_) => Form::Final,
                None => self.form().unwrap_or_default(),
            },
            unrestricted,
            resources: if self.carry_resources {
                OfResources::Carried
            } else {
                OfResources::Dropped
            },
            target_build: self.target_build,
            limits: self.limits.limits(),
            profile: self.loaded.get().copied(),
        }
    }

    /// Reads the profile, if one was named: once, for all that follows.
    pub(super) fn load(&self, context: &Context) -> Result<(), Exit> {
        if let Some(path) = &self.profile {
            context.add(FileRole::Profile, path)?;
            let profile = read_profile(context, path)?;
            let _ = self.loaded.set(Box::leak(Box::new(profile)));
        }
        Ok(())
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
