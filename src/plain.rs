//! Names from archives, made safe to show.
//!
//! A name may hold line ends that would forge a line of a log, control sequences that would move a
//! terminal's cursor, and characters that hide or reorder text. Everything that is shown passes
//! through here.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with every character that is not plainly visible written as `\u{…}`.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a string does not fail.
            let _ = write!(shown, "{}", character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Control, bidirectional, zero-width and otherwise invisible characters.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_names_of_any_script_are_left_alone() {
        assert!(matches!(
            plain("Überblick 公園 <a> & \"b\""),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn what_could_mislead_is_spelled_out() {
        assert_eq!(plain("a\nb"), "a\\u{a}b");
        assert_eq!(plain("\u{1b}[2J"), "\\u{1b}[2J");
        assert_eq!(plain("gpj.\u{202E}exe"), "gpj.\\u{202e}exe");
        assert_eq!(plain("ad\u{200B}min"), "ad\\u{200b}min");
    }
}
