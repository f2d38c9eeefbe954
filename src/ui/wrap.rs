//! Text in lines that fit the terminal.

use unicode_width::UnicodeWidthStr;

/// Words in lines of at most `width` columns, each with its end; a longer word has a line of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = word.width();
        if used > 0 && used + 1 + wide > width {
            lines.push('\n');
            used = 0;
        }
        if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines += word;
        used += wide;
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_the_terminal() {
        assert_eq!(wrapped("one two  three", 7), "one two\nthree\n");
        assert_eq!(wrapped("公園マップ two", 10), "公園マップ\ntwo\n");
        assert_eq!(wrapped("longer than", 3), "longer\nthan\n");
    }
}
