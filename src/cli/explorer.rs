//! Started from a window of Windows, by a double click or by archives that were dropped on the program:
//! there is no command then, and the window would close with all that was said in it.

use std::ffi::OsString;
use std::path::Path;

/// The words of a command line.
pub(super) struct Words {
    pub(super) words: Vec<OsString>,
    /// Whether what is said has to be looked at before the window closes.
    pub(super) wait: bool,
}

/// The words as they were given; those that were dropped on the program are archives to plan.
pub(super) fn words(given: impl Iterator<Item = OsString>) -> Words {
    understood(given.collect(), cfg!(windows), &|word| word.exists())
}

fn understood(mut words: Vec<OsString>, windows: bool, exists: &dyn Fn(&Path) -> bool) -> Words {
    let mut given = words.iter().skip(1).map(Path::new);
    // Explorer gives whole paths.
    let wait = windows && given.all(|word| word.is_absolute() && exists(word));
    if wait && words.len() > 1 {
        words.insert(1, "plan".into());
    }
    Words { words, wait }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str], windows: bool) -> (String, bool) {
        let words = words.iter().map(OsString::from).collect();
        let exists = |path: &Path| path.extension().is_some();
        let Words { words, wait } = understood(words, windows, &exists);
        let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
        (words.join(" "), wait)
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
        for words in [["plan", archive], ["-v", archive], ["a.fsproject", archive]] {
            let given = ["flowlift", words[0], words[1]];
            assert_eq!(command(&given, true), (given.join(" "), false));
        }
    }
}
