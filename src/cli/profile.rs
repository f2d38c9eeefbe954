//! Which profile the words of a command line mean: several commands take one.

use std::path::Path;

use super::Context;
use crate::exit::Exit;
use crate::io_error::{help_to_read, in_words};
use crate::profile::Profile;

/// The largest profile that is read, in bytes; they take a few thousand.
const LARGEST: u64 = 1 << 20;

/// Reads a profile, or says why it cannot be used.
pub(super) fn read_profile(context: &Context, path: &Path) -> Result<Profile, Exit> {
    let stopped = |line: &str, help: &str| {
        let shown = path.to_string_lossy();
        context.voice.error(Some(&shown), line, Some(help));
    };
    let read = || -> std::io::Result<String> {
        use std::io::Read;
        let mut text = String::new();
        let file = fs_err::File::open(path)?;
        file.take(LARGEST).read_to_string(&mut text)?;
        Ok(text)
    };
    let text = read().map_err(|error| {
        let line = format!("cannot read the profile: {}", in_words(&error));
        stopped(&line, help_to_read(&error));
        Exit::Failed
    })?;
    Profile::from_toml(&text).map_err(|error| {
        let help = "learn one from a restore with flowlift calibrate";
        stopped(&error.to_string(), help);
        Exit::Refused
    })
}
