//! Which archives the words of a command line mean: files, folders, and patterns.
//!
//! Shells on Windows leave patterns to the program, so they are expanded here, everywhere alike.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::history::HistoryPlace;
use crate::archive::Source;
use crate::exit::Exit;
use crate::limits::Limits;
use crate::load::{kind_of, load};
use crate::migrate::default_target;
use crate::output::FileRole;
use crate::package::WANTED;
use crate::search;
use crate::watch::Unwatched;

/// An archive to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The folder it lies in, seen from the folder that was named; empty for a file that was named.
    pub(super) below: PathBuf,
}

/// The archives that `words` mean, each once, and how badly it ended to find that out. They are files of
/// the run then. With a history, what a migration made beside its source is left out of a folder.
pub(super) fn inputs(
    context: &Context,
    words: &[PathBuf],
    history: Option<&HistoryPlace>,
) -> Result<(Vec<Input>, Exit), Exit> {
    let mut inputs: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut found = Vec::new();
    let mut exit = Exit::Done;
    let mut add = |input: Input| {
        let next = inputs.len();
        if *inputs.entry(input.path.clone()).or_insert(next) == next {
            found.push(input);
        }
    };
    for word in words {
        let ended = match matches(word) {
            Some(Ok(paths)) if paths.is_empty() => {
                let help = "quote the pattern only if the shell should leave it alone; \
                            a folder can be named as it is";
                usage(context, word, "no file matches this pattern", help)
            }
            Some(Ok(paths)) => {
                let ends = paths
                    .iter()
                    .map(|path| below(context, path, history, &mut add));
                ends.max().unwrap_or_default()
            }
            Some(Err(error)) => usage(
                context,
                word,
                &error,
                "a pattern looks like exports/*.fsproject",
            ),
            None => below(context, word, history, &mut add),
        };
        exit = exit.max(ended);
    }
    for input in &found {
        context.add(FileRole::Archive, &input.path)?;
    }
    Ok((found, exit))
}

/// The files and folders a pattern means; none where `word` is no pattern or a file of that name.
fn matches(word: &Path) -> Option<Result<Vec<PathBuf>, String>> {
    let word_text = word.to_str()?;
    let pattern = if cfg!(windows) {
        without_prefix(word_text)
    } else {
        word_text.into()
    };
    if !pattern.contains(['*', '?', '[']) || word.symlink_metadata().is_ok() {
        return None;
    }
    let options = glob::MatchOptions {
        case_sensitive: !cfg!(windows),
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    Some(match glob::glob_with(&pattern, options) {
        Ok(paths) => paths.collect::<Result<_, _>>().map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    })
}

/// A pattern without the `\\?\` with which Windows writes names that are to be taken as they are: its
/// question mark stands for nothing, and no pattern is ever in such a name.
fn without_prefix(pattern: &str) -> Cow<'_, str> {
    let Some(rest) = pattern.strip_prefix(r"\\?\") else {
        return pattern.into();
    };
    match rest.strip_prefix(r"UNC\") {
        Some(share) => format!(r"\\{share}").into(),
        None => rest.into(),
    }
}

/// Adds a file, or the archives in a folder without those that a migration made beside their source.
fn below(
    context: &Context,
    path: &Path,
    history: Option<&HistoryPlace>,
    add: &mut impl FnMut(Input),
) -> Exit {
    let is_folder = path.is_dir();
    let mut exit = Exit::Done;
    let mut archives = Vec::new();
    for archive in search::archives(path) {
        match archive {
            Ok(archive) => archives.push(archive),
            Err(error) => exit = exit.max(unreadable(context, &error)),
        }
    }
    if archives.is_empty() && exit == Exit::Done {
        let help = "name an archive, or a folder with .fsproject or .fsconfig files";
        return usage(context, path, "there is no archive in this folder", help);
    }
    let targets: BTreeSet<PathBuf> = archives.iter().map(|path| default_target(path)).collect();
    for archive in archives {
        // The name only says which archives are worth a look.
        let is_made = || history.is_some_and(|history| is_made(history, &archive));
        if is_folder && targets.contains(&archive) && is_made() {
            let shown = archive.to_string_lossy();
            tracing::info!(archive = &*shown, "passed over: a migration made it");
            continue;
        }
        let inside = archive
            .parent()
            .and_then(|parent| parent.strip_prefix(path).ok());
        let below = inside
            .filter(|_| is_folder)
            .unwrap_or(Path::new(""))
            .to_owned();
        add(Input {
            path: archive,
            below,
        });
    }
    exit
}

/// Whether a migration made this archive: the history knows its bytes, or an app in it has identifier
/// entries, which nobody else writes.
fn is_made(history: &HistoryPlace, archive: &Path) -> bool {
    let known = history.read().and_then(|history| history.has_made(archive));
    let has_entries = || {
        let source = Source::open(archive, WANTED).ok()?;
        let package = load(&source, kind_of(&source), Limits::default(), &Unwatched).ok()?;
        let mut apps = package.data.apps.iter();
        Some(apps.any(|app| !app.form.entries.is_empty()))
    };
    known.unwrap_or(false) || has_entries().unwrap_or(false)
}

fn usage(context: &Context, word: &Path, message: &str, help: &str) -> Exit {
    let word = word.to_string_lossy();
    context.voice.error(Some(&word), message, Some(help));
    Exit::Usage
}

/// A folder that could not be read: the rest goes on.
fn unreadable(context: &Context, error: &walkdir::Error) -> Exit {
    let path = error.path().map(Path::to_string_lossy);
    let why = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let message = format!("cannot read the folder: {why}");
    let help = Some("archives in it were left out");
    context.voice.error(path.as_deref(), &message, help);
    Exit::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_mark_that_windows_puts_before_a_whole_name_is_no_pattern() {
        for (word, expected) in [
            (r"\\?\C:\exports\missing", r"C:\exports\missing"),
            (r"\\?\UNC\server\exports\*", r"\\server\exports\*"),
            (r"C:\exports\?.fsproject", r"C:\exports\?.fsproject"),
            (r"\\server\exports\*", r"\\server\exports\*"),
        ] {
            assert_eq!(without_prefix(word), expected);
        }
    }
}
