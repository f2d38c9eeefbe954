//! Lays a table out so that it can be read in a narrow terminal: a column is as wide as its words
//! want, and no word is broken where there is room for it.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

/// Blanks on both sides of a column, together.
const PADDING: usize = 2;
/// A column is not made narrower than this, as long as there is any choice.
const LEAST: usize = 8;
/// A blank within a word; shown like any other.
const TIE: &str = "\u{a0}";
/// Rows that are laid out together: a row takes two kilobytes until it is text.
const AT_ONCE: usize = 1000;

/// A table at most `width` columns wide; a cell may hold several lines.
pub(super) fn columns<const N: usize>(
    header: [&str; N],
    rows: &[[String; N]],
    width: usize,
) -> String {
    let cells = |column: usize| {
        let body = rows.iter().filter_map(move |row| row.get(column));
        header
            .get(column)
            .copied()
            .into_iter()
            .chain(body.map(|cell| &**cell))
    };
    let wanted: [usize; N] = std::array::from_fn(|i| longest(cells(i).flat_map(str::lines)));
    let words: [usize; N] =
        std::array::from_fn(|i| longest(cells(i).flat_map(|cell| cell.split([' ', '\n']))));
    let widths = share(wanted, words, width.saturating_sub(N * PADDING));

    let mut text = String::new();
    let mut some = |header: Option<[&str; N]>, rows: &[[String; N]]| {
        let mut table = styled(width);
        if let Some(header) = header {
            table.set_header(header);
        }
        table.add_rows(rows);
        for (column, width) in table.column_iter_mut().zip(widths) {
            let width = u16::try_from(width + PADDING).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        text += &text_of(&table);
    };
    some(Some(header), &[]);
    rows.chunks(AT_ONCE).for_each(|rows| some(None, rows));
    text
}

/// An empty table in the one style that all have: no rules, at most `width` columns wide.
pub(super) fn styled(width: usize) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table
}

/// A text whose blanks no line is broken at. Names have no such blank: `sanitize` spells it out.
pub(super) fn unbroken(text: &str) -> String {
    text.replace(' ', TIE)
}

/// The lines of a table, none with blanks at its end.
pub(super) fn text_of(table: &Table) -> String {
    let lines = table.to_string();
    let lines = lines
        .lines()
        .map(|line| line.trim_end().replace(TIE, " ") + "\n");
    lines.collect()
}

fn longest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(UnicodeWidthStr::width).max().unwrap_or(0).max(1)
}

/// Shares `room` out: every column gets its longest word first, then as much as it wants, the
/// narrow ones before the wide ones.
fn share<const N: usize>(wanted: [usize; N], words: [usize; N], room: usize) -> [usize; N] {
    if wanted.iter().sum::<usize>() <= room {
        return wanted;
    }
    let mut widths = words;
    // Words are broken only where all of them together do not fit, the longest first.
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > LEAST => *widest -= 1,
            _ => break,
        }
    }
    let mut left = room.saturating_sub(widths.iter().sum());
    while left > 0 {
        let hungry = widths
            .iter_mut()
            .zip(wanted)
            .filter(|(has, wants)| **has < *wants);
        let Some((narrowest, _)) = hungry.min_by_key(|(has, _)| **has) else {
            break;
        };
        *narrowest += 1;
        left -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_fits_is_as_wide_as_its_text() {
        let rows = [["a".to_owned(), "one two".to_owned()]];
        assert_eq!(columns(["X", "Y"], &rows, 80), " X  Y\n a  one two\n");
    }

    #[test]
    fn no_word_is_broken_while_there_is_room_for_the_words() {
        let row = [
            "FME_SHAREDRESOURCE_DATA of all",
            "workspace apps and more words",
        ];
        let text = columns(["FIRST", "SECOND"], &[row.map(str::to_owned)], 40);
        for word in row.iter().flat_map(|cell| cell.split_whitespace()) {
            assert!(text.contains(word), "{text}");
        }
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
    }

    #[test]
    fn a_word_wider_than_the_terminal_is_broken_and_wide_characters_count_twice() {
        let rows = [["x".repeat(100), "公園マップ".to_owned()]];
        let text = columns(["A", "B"], &rows, 40);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.contains("公園マップ"), "{text}");
    }
}
