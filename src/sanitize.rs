//! Names from archives, made safe to show.
//!
//! A name may hold line ends that would forge a line of a log, control sequences that would move a
//! terminal's cursor, and characters that hide or reorder text. Everything that is shown passes
//! through here.

use std::borrow::Cow;
use std::fmt::Write;

/// The longest text that is shown to people, in bytes. No name comes near it, and a list of a hundred
/// does not either.
const LONGEST: usize = 8 * 1024;

/// `text` with every character that is not plainly visible written as `\u{…}`, and without its middle
/// where it is longer than anybody reads.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    match shortened(text) {
        Cow::Borrowed(text) => visible(text),
        Cow::Owned(text) => Cow::Owned(visible(&text).into_owned()),
    }
}

/// The beginning and the end of a text that is longer than anybody reads, and how much is left out.
/// Names may have 64 KiB, and each is told a hundred times.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let begin = text.get(..boundary(text, LONGEST / 2)).unwrap_or_default();
    let end = boundary(text, text.len() - LONGEST / 4);
    let end = text.get(end..).unwrap_or_default();
    let left_out = text.len() - begin.len() - end.len();
    Cow::Owned(format!("{begin} … ({left_out} bytes left out) … {end}"))
}

/// Where the character begins that byte `at` is of.
fn boundary(text: &str, at: usize) -> usize {
    let candidates = (0..=at).rev();
    let mut candidates = candidates.filter(|at| text.is_char_boundary(*at));
    candidates.next().unwrap_or_default()
}

fn visible(text: &str) -> Cow<'_, str> {
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

/// A cell that no spreadsheet takes for a formula, with nothing invisible in it.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    // Excel reads full-width signs like the plain ones.
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if shown.starts_with(starts) {
        Cow::Owned(format!("'{shown}"))
    } else {
        shown
    }
}

/// Whether two names that differ only in `character` could look alike, or one that has it could
/// look like something else.
pub(crate) fn is_hidden(character: char) -> bool {
    !character.is_ascii_graphic()
        && (character.is_control()
            || is_ignorable(character)
            || is_blank(character)
            || is_no_character(character))
}

/// What is drawn as nothing at all or moves what is around it: Unicode's `Default_Ignorable_Code_Point`
/// (17.0), and those format characters that are not in it.
const fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{13430}'..='\u{1343F}' | '\u{16FE4}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// What looks like a blank and is none. The wide blank of Chinese and Japanese (U+3000) can be told
/// from one.
const fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{2800}'
    )
}

/// Noncharacters, which mean nothing to anybody (documented: Unicode 23.7).
const fn is_no_character(character: char) -> bool {
    let code = character as u32;
    code & 0xFFFE == 0xFFFE || matches!(code, 0xFDD0..=0xFDEF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_names_of_any_script_are_left_alone() {
        for name in [
            "Überblick 公園 <a> & \"b\"",
            "東京\u{3000}公園",
            "한강 공원",
            "पार्क",
            "ប្រទេសកម្ពុជា",
            "Парк №\u{b9}",
            "❤ 🚢",
        ] {
            assert!(matches!(sanitize(name), Cow::Borrowed(_)), "{name}");
        }
    }

    #[test]
    fn what_could_mislead_is_spelled_out() {
        assert_eq!(sanitize("a\nb"), "a\\u{a}b");
        assert_eq!(sanitize("\u{1b}[2J"), "\\u{1b}[2J");
        assert_eq!(sanitize("gpj.\u{202E}exe"), "gpj.\\u{202e}exe");
        assert_eq!(sanitize("ad\u{200B}min"), "ad\\u{200b}min");
    }

    #[test]
    fn what_is_drawn_as_nothing_or_as_a_blank_is_spelled_out() {
        for hidden in [
            '\u{85}',
            '\u{A0}',
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{115F}',
            '\u{1160}',
            '\u{17B4}',
            '\u{17B5}',
            '\u{180B}',
            '\u{180E}',
            '\u{180F}',
            '\u{2003}',
            '\u{200D}',
            '\u{2028}',
            '\u{202F}',
            '\u{2064}',
            '\u{2800}',
            '\u{3164}',
            '\u{FDD0}',
            '\u{FE00}',
            '\u{FE0F}',
            '\u{FEFF}',
            '\u{FFA0}',
            '\u{FFF9}',
            '\u{FFFE}',
            '\u{1D173}',
            '\u{1FFFF}',
            '\u{E0001}',
            '\u{E0100}',
            '\u{E01EF}',
        ] {
            let shown = sanitize(&format!("a{hidden}b")).into_owned();
            assert_eq!(shown, format!("a{}b", hidden.escape_unicode()));
        }
    }

    #[test]
    fn of_what_nobody_reads_the_beginning_and_the_end_are_shown() {
        let long = format!("begin{}end", "ä".repeat(30_000));
        let shown = sanitize(&long);
        assert!(shown.len() < LONGEST, "{}", shown.len());
        assert!(shown.starts_with("beginä") && shown.ends_with("äend"));
        assert!(shown.contains(" … (53864 bytes left out) … "), "{shown}");
        assert_eq!(sanitize(&"x".repeat(LONGEST)).len(), LONGEST);
    }

    #[test]
    fn no_cell_starts_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a"] {
            assert_eq!(super::cell(cell), format!("'{cell}"));
        }
        assert_eq!(super::cell("\t=1"), "\\u{9}=1");
        assert_eq!(super::cell("\r\n=1"), "\\u{d}\\u{a}=1");
    }

    #[test]
    fn every_other_cell_stays_as_it_is() {
        for cell in [
            "",
            "a=b",
            "Slack+Teams 50%",
            "'quoted'",
            "公園マップ",
            "a,\"b\"",
        ] {
            assert_eq!(super::cell(cell), cell);
        }
    }
}
