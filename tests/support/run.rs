//! Runs the built program as a user would, with the clock stopped and no terminal.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// When every test happens.
pub(crate) const NOW: &str = "2026-11-21T12:00:00[UTC]";

/// What a run came to: all that a user sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The whole outcome as one text, for a snapshot.
    pub(crate) fn text(&self) -> String {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        slashes(&format!(
            "exit {code}\n--- stdout\n{stdout}--- stderr\n{stderr}"
        ))
    }

    /// The one archive of a JSON document.
    pub(crate) fn archive(&self) -> serde_json::Value {
        let mut document: serde_json::Value =
            serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"));
        document["archives"][0].take()
    }
}

/// A text in which the parts of paths stand apart by slashes everywhere, as in snapshots.
pub(crate) fn slashes(text: &str) -> String {
    if !cfg!(windows) {
        return text.to_owned();
    }
    // JSON has them twice; before a quote or "u{" they are none.
    let kept = text.replace(r"\\", "/");
    let kept = kept.replace("\\\"", "\0\"").replace(r"\u{", "\0u{");
    kept.replace('\\', "/").replace('\0', r"\")
}

/// The program, to be run in `folder`.
pub(crate) fn command<S: AsRef<OsStr>>(folder: &Path, words: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowlift"));
    command.args(words).current_dir(folder);
    command
        .env("FLOWLIFT_NOW", NOW)
        .env("TZ", "UTC")
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS");
    // Nothing is written outside of the folder.
    let state = folder.join("state");
    if cfg!(target_os = "linux") {
        command.env("XDG_STATE_HOME", state).env("HOME", folder);
    } else {
        // Other systems are not told by variables where the user's files are. What only looks at a folder
        // of the repository finds no history, and makes none.
        let place = state.join("flowlift");
        if folder.starts_with(std::env::temp_dir()) {
            fs_err::create_dir_all(&place).unwrap();
        }
        command.env("FLOWLIFT_HISTORY", place.join("history.sqlite"));
    }
    command
}

/// Runs the program in `folder`.
pub(crate) fn run<S: AsRef<OsStr>>(folder: &Path, words: &[S]) -> Outcome {
    let output = command(folder, words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
