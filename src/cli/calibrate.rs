//! `flowlift calibrate`: learns from one restore where the server keeps what its apps may do.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Context;
use super::destination::write;
use super::limits::LimitArgs;
use super::profile::read_profile;
use crate::calibrate::{CalibrateOptions, GivenBack, Learned, Strength, calibrate, confirm, probe};
use crate::exit::Exit;
use crate::output::{FileAccess, FileRole, NewFile, Overwrite, SyncedOutput, TempOutput};
use crate::profile::{Profile, way};
use crate::sanitize::sanitize;

/// Learn from one restore where the new server keeps what tokens held before
///
/// Safe publishes nowhere where 2026.1 keeps what an app may do. Whoever upgrades has a server that
/// does it: import an archive whose apps have tokens with Connection permissions, export it again, and
/// give both. The place is found by its content: what it holds for every app has to be exactly what the
/// app's token held. What is found is written to a profile, which names nobody; where chance or
/// something else explains it as well, nothing is. Exits with 3 when nothing could be learned.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Calibrate {
    #[command(subcommand)]
    other: Option<Other>,
    /// The archive with app tokens that was imported
    #[arg(required = true)]
    before: Option<PathBuf>,
    /// What the new server exported after that
    #[arg(required = true)]
    after: Option<PathBuf>,
    /// Write the profile to this file
    #[arg(short, long, value_name = "FILE", required = true)]
    output: Option<PathBuf>,
    /// Replace a profile that exists
    #[arg(long)]
    force: bool,
    /// Learn from one app or one Connection, too, where chance may explain what is found
    #[arg(long)]
    accept_weak_evidence: bool,
    /// Learn where Resource permissions are, too, from those that somebody gave back by hand on the new
    /// server before the export: the app and the Resource, such as 'Tree Inspection=Data'
    #[arg(long = "resource", value_name = "APP=FOLDER", value_parser = given_back)]
    resources: Vec<GivenBack>,
    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Other {
    Probe(Probe),
    Confirm(Confirm),
}

/// Write a small project to learn from
///
/// A project of FME Flow 2025.2 with three apps of one disabled user, who have known permissions on three
/// Connections that lead nowhere. Import it into a test server, export the apps again, and learn from
/// both; then delete what is called flowlift-probe.
#[derive(Debug, clap::Args)]
struct Probe {
    /// Write the project to this file
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
}

/// Confirm a profile by a round trip
///
/// WRITTEN is what flowlift migrate --profile wrote; AFTER is what the server exported after WRITTEN
/// was imported where none of its apps was before. If every app has what WRITTEN gives it, the server
/// takes what is written there, and the profile says so from then on.
#[derive(Debug, clap::Args)]
struct Confirm {
    /// The profile, to be replaced by the confirmed one
    profile: PathBuf,
    /// What was written through it and imported
    written: PathBuf,
    /// What the server exported after that
    after: PathBuf,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Calibrate {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let done = match (&self.other, &self.before, &self.after, &self.output) {
            (Some(Other::Probe(probe)), ..) => probe.write(context),
            (Some(Other::Confirm(confirm)), ..) => confirm.confirm(context),
            (None, Some(before), Some(after), Some(output)) => {
                self.learn(context, before, after, output)
            }
            // clap asks for all three.
            _ => Err(Exit::Usage),
        };
        done.unwrap_or_else(|exit| exit)
    }

    fn learn(
        &self,
        context: &Context,
        before: &Path,
        after: &Path,
        output: &Path,
    ) -> Result<Exit, Exit> {
        for archive in [before, after] {
            context.add(FileRole::Archive, archive)?;
        }
        context.add(FileRole::NewProfile, output)?;
        context.begin()?;
        let file = create(
            context,
            FileRole::NewProfile,
            output,
            Overwrite::when(self.force),
        )?;
        let how = CalibrateOptions {
            strength: self.strength(),
            given_back: self.resources.clone(),
        };
        let shown = after.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let limits = self.limits.limits();
        let learned = calibrate(before, after, &how, limits, &context.clock, &watch);
        let learned = learned.map_err(|error| failed(context, &error))?;
        finish(context, file, &learned.profile)?;
        Ok(context.show(&told(&learned, output)))
    }

    const fn strength(&self) -> Strength {
        if self.accept_weak_evidence {
            Strength::Weak
        } else {
            Strength::Strong
        }
    }
}

/// `APP=FOLDER`; the app's name may hold a `=`, a Resource's does not.
fn given_back(text: &str) -> Result<GivenBack, String> {
    let (app, resource) = text
        .rsplit_once('=')
        .filter(|(app, resource)| !app.is_empty() && !resource.is_empty())
        .ok_or_else(|| "not of the form APP=FOLDER".to_owned())?;
    Ok(GivenBack {
        app: app.to_owned(),
        resource: resource.to_owned(),
    })
}

impl Probe {
    fn write(&self, context: &Context) -> Result<Exit, Exit> {
        context.add(FileRole::Report, &self.output)?;
        context.begin()?;
        let overwrite = Overwrite::when(self.force);
        let mut file = create(context, FileRole::Report, &self.output, overwrite)?;
        let made = probe().and_then(|archive| file.sink().out.write_all(&archive));
        made.map_err(|error| context.unwritten(&file.failed(error)))?;
        let written = file.sync().and_then(SyncedOutput::commit);
        written.map_err(|error| context.unwritten(&error))?;
        let path = sanitize(&self.output.to_string_lossy()).into_owned();
        let next =
            "import it into a test server, export its apps, and give both to flowlift calibrate";
        Ok(context.show(&format!("written to {path}\n{next}\n")))
    }
}

impl Confirm {
    fn confirm(&self, context: &Context) -> Result<Exit, Exit> {
        for archive in [&self.written, &self.after] {
            context.add(FileRole::Archive, archive)?;
        }
        context.add(FileRole::NewProfile, &self.profile)?;
        context.begin()?;
        let profile = read_profile(context, &self.profile)?;
        let file = create(
            context,
            FileRole::NewProfile,
            &self.profile,
            Overwrite::Allowed,
        )?;
        let shown = self.after.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let limits = self.limits.limits();
        let confirmed = confirm(
            &profile,
            &self.written,
            &self.after,
            limits,
            &context.clock,
            &watch,
        );
        let confirmed = confirmed.map_err(|error| failed(context, &error))?;
        finish(context, file, &confirmed)?;
        let path = sanitize(&self.profile.to_string_lossy()).into_owned();
        Ok(context.show(&format!(
            "confirmed: the server has taken what was written there\nwritten to {path}\n"
        )))
    }
}

fn create<'a>(
    context: &'a Context,
    role: FileRole<'a>,
    path: &'a Path,
    overwrite: Overwrite,
) -> Result<TempOutput<'a>, Exit> {
    let target = NewFile {
        path,
        role,
        overwrite,
        access: FileAccess::Default,
    };
    let created = TempOutput::create(&context.files, target);
    created.map_err(|error| context.unwritten(&error))
}

/// Gives a profile its name.
fn finish(context: &Context, file: TempOutput<'_>, profile: &Profile) -> Result<(), Exit> {
    let text = profile.to_toml();
    let text = text.map_err(|error| failed(context, &error.into()))?;
    write(file, |out| out.write_all(text.as_bytes())).map_err(|error| context.unwritten(&error))
}

/// What was learned, and what was left out.
fn told(learned: &Learned, output: &Path) -> String {
    let Profile {
        evidence, places, ..
    } = &learned.profile;
    let mut text = format!(
        "learned from {} apps, {} Connections and {} pairs of both\n",
        evidence.apps, evidence.connections, evidence.pairs
    );
    for place in places {
        let kinds: Vec<_> = place.kinds.iter().map(|kind| kind.as_str()).collect();
        let kinds = kinds.join(" and ");
        text += &format!(
            "  {kinds} apps, {}: {}\n",
            place.holds.as_str(),
            place.way()
        );
        for link in &place.links {
            text += &format!("    where {{link}} is {}\n", way(&link.levels));
        }
        text += &format!("    with {}\n", place.seen.join(" or "));
    }
    for place in &learned.profile.expiry {
        let kinds: Vec<_> = place.kinds.iter().map(|kind| kind.as_str()).collect();
        text += &format!(
            "  {} apps, expiry: {}\n",
            kinds.join(" and "),
            way(&place.levels)
        );
    }
    if let Some(why) = learned.expiry {
        text += &format!("  expiry is not learned: {why}\n");
    }
    if !learned.profile.incomplete.is_empty() {
        text += "  for reading only, since AFTER holds more that is not understood:\n";
        for more in &learned.profile.incomplete {
            text += &format!("    {}\n", sanitize(more));
        }
    }
    for candidate in &learned.ruled_out {
        text += &format!("  ruled out: {candidate}\n");
    }
    let written = sanitize(&output.to_string_lossy()).into_owned();
    text + &format!("written to {written}\n")
}

fn failed(context: &Context, error: &crate::error::Error) -> Exit {
    context.voice.error(None, &error.line(), error.help());
    error.exit()
}
