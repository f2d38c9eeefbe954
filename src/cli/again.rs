//! The command that does what was only planned, in the words it was planned with.

use std::ffi::OsString;

use crate::shell::quoted;

/// General options that take the next word as their value.
const TAKE_A_VALUE: [&str; 3] = ["--log-file", "--color", "--now"];

/// The command line that applies a plan: `words` with `plan` or `--dry-run` turned into the deed,
/// quoted for this system's shell.
pub(super) fn applying(words: impl Iterator<Item = OsString>) -> String {
    let mut line = vec!["flowlift".to_owned()];
    let mut words = words
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    let mut is_command_known = false;
    let mut are_options_over = false;
    while let Some(word) = words.next() {
        are_options_over |= word == "--";
        if !is_command_known && TAKE_A_VALUE.contains(&&*word) {
            line.push(word);
            line.extend(words.next());
        } else if !is_command_known && !word.starts_with('-') {
            is_command_known = true;
            line.push("migrate".to_owned());
        } else if are_options_over || word != "--dry-run" {
            line.push(word);
        }
    }
    let quoted: Vec<String> = line.iter().map(|word| quoted(word)).collect();
    quoted.join(" ")
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    fn applied(words: &[&str]) -> String {
        applying(words.iter().map(OsString::from))
    }

    #[test]
    fn a_plan_becomes_the_deed_in_its_own_words() {
        assert_eq!(
            applied(&[
                "/bin/flowlift",
                "-v",
                "plan",
                "--form=final",
                "my plan.fsproject"
            ]),
            "flowlift -v migrate '--form=final' 'my plan.fsproject'"
        );
        assert_eq!(
            applied(&["flowlift", "migrate", "--dry-run", "--force", "a"]),
            "flowlift migrate --force a"
        );
        assert_eq!(
            applied(&[
                "flowlift",
                "--log-file",
                "plan",
                "plan",
                "plan",
                "--",
                "--dry-run"
            ]),
            "flowlift --log-file plan migrate plan -- --dry-run"
        );
    }
}
