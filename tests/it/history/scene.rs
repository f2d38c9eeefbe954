//! A folder of its own for each test: a history, archives, and the program run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::Connection;
use tempfile::TempDir;

use super::super::support::fixtures::folder;
use super::super::support::run::command;

pub(super) struct Scene {
    folder: TempDir,
}

impl Scene {
    /// A scene with copies of these fixtures.
    pub(super) fn with(fixtures: &[&str]) -> Self {
        let scene = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for name in fixtures {
            fs_err::copy(folder().join(name), scene.path(name)).unwrap();
        }
        scene
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn history(&self) -> PathBuf {
        self.path("history.sqlite")
    }

    /// The program, about to run in this scene.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = command(self.folder(), words);
        command.env("FLOWLIFT_HISTORY", self.history());
        command
    }

    /// Runs the program; returns its exit code, stdout and stderr.
    pub(super) fn run(&self, words: &[&str]) -> (i32, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(words).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// Runs the program, which has to succeed; returns its stdout.
    pub(super) fn done(&self, words: &[&str]) -> String {
        let (code, stdout, stderr) = self.run(words);
        assert_eq!(code, 0, "{words:?}: {stderr}");
        stdout
    }

    /// The tasks, newest first, as `history list` gives them in JSON.
    pub(super) fn tasks(&self, more: &[&str]) -> Vec<serde_json::Value> {
        let words = [&["history", "list", "--format", "json"], more].concat();
        let mut document: serde_json::Value = serde_json::from_str(&self.done(&words)).unwrap();
        serde_json::from_value(document["tasks"].take()).unwrap()
    }

    /// The history, for a second reader.
    pub(super) fn database(&self) -> Connection {
        Connection::open(self.history()).unwrap()
    }
}
