//! `flowlift calibrate`: learns from one restore where the server keeps what its apps may do.

use std::path::{Path, PathBuf};

use super::Context;
use super::audit::write;
use super::limits::LimitArgs;
use crate::calibrate::{Learned, Strength, calibrate};
use crate::exit::Exit;
use crate::output::{Access, Overwrite, Role, Target, TempOutput};
use crate::profile::{Profile, way};
use crate::sanitize::sanitize;

/// The largest profile that is read, in bytes; they take a few thousand.
const LARGEST: u64 = 1 << 20;

/// Learn from one restore where the new server keeps what tokens held before
///
/// Safe publishes nowhere where 2026.1 keeps what an app may do. Whoever upgrades has a server that
/// does it: import an archive whose apps have tokens with Connection permissions, export it again, and
/// give both. The place is found by its content: what it holds for every app has to be exactly what the
/// app's token held. What is found is written to a profile, which names nobody; where chance or
/// something else explains it as well, nothing is. Exits with 3 when nothing could be learned.
#[derive(Debug, clap::Args)]
pub(super) struct Calibrate {
    /// The archive with app tokens that was imported
    before: PathBuf,
    /// What the new server exported after that
    after: PathBuf,
    /// Write the profile to this file
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace a profile that exists
    #[arg(long)]
    force: bool,
    /// Learn from one app or one Connection, too, where chance may explain what is found
    #[arg(long)]
    accept_weak_evidence: bool,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Calibrate {
    pub(super) fn run(&self, context: &Context) -> Exit {
        self.learn(context).unwrap_or_else(|exit| exit)
    }

    fn learn(&self, context: &Context) -> Result<Exit, Exit> {
        for archive in [&self.before, &self.after] {
            context.add(Role::Archive, archive)?;
        }
        context.add(Role::NewProfile, &self.output)?;
        context.begin()?;
        let target = Target {
            path: &self.output,
            role: Role::NewProfile,
            overwrite: Overwrite::when(self.force),
            access: Access::Default,
        };
        let output = TempOutput::create(&context.files, target);
        let output = output.map_err(|error| context.unwritten(&error))?;
        let strength = if self.accept_weak_evidence {
            Strength::Weak
        } else {
            Strength::Strong
        };
        let shown = self.after.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let learned = calibrate(
            &self.before,
            &self.after,
            strength,
            self.limits.limits(),
            &context.clock,
            &watch,
        );
        let learned = learned.map_err(|error| failed(context, &error))?;
        let text = learned.profile.to_toml();
        let text = text.map_err(|error| failed(context, &error.into()))?;
        write(output, &text).map_err(|error| context.unwritten(&error))?;
        Ok(context.show(&told(&learned, &self.output)))
    }
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
        text += &format!("  {} apps: {}\n", kinds.join(" and "), place.way());
        for link in &place.links {
            text += &format!("    where {{link}} is {}\n", way(&link.levels));
        }
        text += &format!("    with {}\n", place.seen.join(" or "));
    }
    for candidate in &learned.ruled_out {
        text += &format!("  ruled out: {candidate}\n");
    }
    let written = sanitize(&output.to_string_lossy()).into_owned();
    text + &format!("written to {written}\n")
}

/// Reads a profile, or says why it cannot be used.
pub(super) fn read_profile(context: &Context, path: &Path) -> Result<Profile, Exit> {
    let stopped = |line: &str| {
        let shown = path.to_string_lossy();
        let help = Some("learn one from a restore with flowlift calibrate");
        context.voice.error(Some(&shown), line, help);
    };
    let read = || -> std::io::Result<String> {
        use std::io::Read;
        let mut text = String::new();
        let file = fs_err::File::open(path)?;
        file.take(LARGEST).read_to_string(&mut text)?;
        Ok(text)
    };
    let text = read().map_err(|error| {
        stopped(&format!("cannot read the profile: {error}"));
        Exit::Failed
    })?;
    Profile::from_toml(&text).map_err(|error| {
        stopped(&error.to_string());
        Exit::Refused
    })
}

fn failed(context: &Context, error: &crate::error::Error) -> Exit {
    context.voice.error(None, &error.line(), error.help());
    error.exit()
}
