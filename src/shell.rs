//! Words as a shell takes them, for commands that people copy from what is shown.

use std::borrow::Cow;

/// A word as this system's shells take it for one word: on Windows as both of them do or, where no
/// quotes are right for both, as `PowerShell` does.
pub(crate) fn quoted(word: &str) -> String {
    for_system(word, cfg!(windows))
}

fn for_system(word: &str, windows: bool) -> String {
    if windows {
        return for_windows(word);
    }
    shlex::try_quote(word).map_or_else(|_| format!("{word:?}"), Cow::into_owned)
}

/// In double quotes `PowerShell` expands what begins with `$` or a backtick, in single ones nothing; cmd
/// knows only double ones, and expands `%NAME%` in those as well.
fn for_windows(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || r"-_.:\/=+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // A program takes a backslash before the closing quote for part of what it quotes.
    let backslash = if word.ends_with('\\') { r"\" } else { "" };
    // No file name holds a double quote there.
    if word.contains(['$', '`', '%', '“', '”', '„']) {
        // Quotes of print end it as well.
        let single = |c: &char| "'‘’‚‛".contains(*c);
        let doubled: String = word
            .chars()
            .flat_map(|c| [Some(c), Some(c).filter(single)])
            .flatten()
            .collect();
        return format!("'{doubled}{backslash}'");
    }
    format!("\"{word}{backslash}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_its_own_quotes() {
        assert_eq!(for_system("a b", false), "'a b'");
        assert_eq!(for_system("$HOME", false), "'$HOME'");
        assert_eq!(for_system("plain.fsconfig", false), "plain.fsconfig");
        for (word, expected) in [
            (r"C:\exports\a.fsproject", r"C:\exports\a.fsproject"),
            (r"C:\exports\a b.fsproject", r#""C:\exports\a b.fsproject""#),
            (r"C:\my exports\", r#""C:\my exports\\""#),
            ("a,b", r#""a,b""#),
            ("it's", r#""it's""#),
            ("it's 5$", "'it''s 5$'"),
            ("it’s 5$", "'it’’s 5$'"),
            ("“a” b", "'“a” b'"),
            ("100%.fsproject", "'100%.fsproject'"),
            ("a`b", "'a`b'"),
            ("", r#""""#),
        ] {
            assert_eq!(for_system(word, true), expected);
        }
    }
}
