//! Archives named without a command, or dropped on the program: they are planned, which writes nothing.
//!
//! Started from a window of Windows, the window would close with all that was said in it.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The words of a command line.
pub(super) struct CommandWords {
    pub(super) words: Vec<OsString>,
    /// Whether what is said has to be looked at before the window closes.
    pub(super) wait: bool,
}

/// The words as they were given; where the first of them is a file and no command, the words of a plan.
pub(super) fn words(
    given: impl Iterator<Item = OsString>,
    is_command: impl Fn(&OsStr) -> bool,
) -> CommandWords {
    let exists = |word: &Path| word.exists();
    understood(given.collect(), cfg!(windows), &is_command, &exists)
}

fn understood(
    mut words: Vec<OsString>,
    windows: bool,
    is_command: &dyn Fn(&OsStr) -> bool,
    exists: &dyn Fn(&Path) -> bool,
) -> CommandWords {
    let mut given = words.iter().skip(1).map(Path::new);
    // Explorer gives whole paths.
    let wait = windows && given.all(|word| word.is_absolute() && exists(word));
    let first = words.get(1);
    if first.is_some_and(|word| !is_command(word) && exists(Path::new(word))) {
        words.insert(1, "plan".into());
    }
    CommandWords { words, wait }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str], windows: bool) -> (String, bool) {
        let words = words.iter().map(OsString::from).collect();
        let exists = |path: &Path| path.extension().is_some() || path == Path::new("plan");
        let is_command = |word: &OsStr| word == "plan";
        let CommandWords { words, wait } = understood(words, windows, &is_command, &exists);
        let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
        (words.join(" "), wait)
    }

    #[test]
    fn archives_without_a_command_are_planned_and_a_command_is_one_whatever_files_there_are() {
        let named = command(&["flowlift", "a.fsproject", "-v"], false);
        assert_eq!(named, ("flowlift plan a.fsproject -v".into(), false));
        for words in [
            ["plan", "a.fsproject"],
            ["-v", "a.fsproject"],
            ["nothing", "a.fsproject"],
        ] {
            let given = ["flowlift", words[0], words[1]];
            assert_eq!(command(&given, false), (given.join(" "), false));
        }
    }

    #[test]
    fn archives_that_are_dropped_on_the_program_are_planned() {
        let archive = std::env::temp_dir().join("a.fsproject");
        let archive = archive.to_str().unwrap();
        let dropped = command(&["flowlift", archive, archive], true);
        assert_eq!(
            dropped,
            (format!("flowlift plan {archive} {archive}"), true)
        );
        assert_eq!(command(&["flowlift"], true), ("flowlift".into(), true));
        assert_eq!(command(&["flowlift"], false), ("flowlift".into(), false));
        for words in [["plan", archive], ["-v", archive]] {
            let given = ["flowlift", words[0], words[1]];
            assert_eq!(command(&given, true), (given.join(" "), false));
        }
    }
}
