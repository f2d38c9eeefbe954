//! A command line to be copied, made of options as they were understood.

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

use crate::shell::quoted;

/// `flowlift`, a command, its options and what it is about.
#[derive(Debug)]
pub(super) struct CommandLine(Vec<String>);

impl CommandLine {
    /// Of a command without options.
    pub(super) fn new(command: &str) -> Self {
        Self(vec!["flowlift".to_owned(), command.to_owned()])
    }

    /// With an option that has no value, if it was given.
    pub(super) fn flag(mut self, name: &str, is_given: bool) -> Self {
        if is_given {
            self.0.push(name.to_owned());
        }
        self
    }

    /// With an option that has a value, if it was given.
    pub(super) fn value(mut self, name: &str, value: Option<impl Display>) -> Self {
        let Some(value) = value.map(|value| value.to_string()) else {
            return self;
        };
        if value.starts_with('-') {
            self.0.push(format!("{name}={value}"));
        } else {
            self.0.extend([name.to_owned(), value]);
        }
        self
    }

    /// With an option whose value is a file or a folder, if it was given.
    pub(super) fn path(self, name: &str, path: Option<&Path>) -> Self {
        self.value(name, path.map(Path::display))
    }

    /// With files and folders behind all options.
    pub(super) fn about(mut self, paths: &[PathBuf]) -> Self {
        let paths = paths.iter().map(|path| path.display().to_string());
        let paths: Vec<_> = paths.collect();
        self = self.flag("--", paths.iter().any(|path| path.starts_with('-')));
        self.0.extend(paths);
        self
    }
}

impl Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|word| quoted(word)).collect();
        f.write_str(&words.join(" "))
    }
}
