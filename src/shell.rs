//! Words as a shell takes them, for commands that people copy from what is shown.

use std::borrow::Cow;

/// A word as this system's shells take it for one word.
pub fn quoted(word: &str) -> String {
    for_system(word, cfg!(windows))
}

/// As `sh` and its kin take it, or both shells of Windows.
fn for_system(word: &str, windows: bool) -> String {
    if windows {
        let is_plain = |c: char| c.is_alphanumeric() || r"-_.:\/=+,".contains(c);
        if !word.is_empty() && word.chars().all(is_plain) {
            return word.to_owned();
        }
        // No file name holds a double quote there.
        return format!("\"{word}\"");
    }
    shlex::try_quote(word).map_or_else(|_| format!("{word:?}"), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_its_own_quotes() {
        let path = r"C:\exports\a b.fsproject";
        assert_eq!(for_system(path, true), format!("\"{path}\""));
        assert_eq!(
            for_system(r"C:\exports\a.fsproject", true),
            r"C:\exports\a.fsproject"
        );
        assert_eq!(for_system("a b", false), "'a b'");
        assert_eq!(for_system("$HOME", false), "'$HOME'");
        assert_eq!(for_system("plain.fsconfig", false), "plain.fsconfig");
    }
}
