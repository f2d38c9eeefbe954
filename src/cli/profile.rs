//! Which profile the words of a command line mean: several commands take one.

use std::path::Path;

use super::Context;
use crate::exit::Exit;
use crate::profile::Profile;

/// The largest profile that is read, in bytes; they take a few thousand.
const LARGEST: u64 = 1 << 20;

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
