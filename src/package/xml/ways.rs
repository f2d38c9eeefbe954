//! The quick ways through a document are held against the thorough one, on random documents and
//! with the buffer ending anywhere.

use proptest::prelude::*;

use super::*;

/// Which of the ways through a document is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// No quick way at all.
    Thorough,
    Pieces,
    Leaves,
    /// From the beginning of this element to its end, counted from nought.
    Skipping(usize),
}

/// What is found on a way: every piece with its place, adjacent texts as one. An error is the last.
fn found(document: &[u8], buffer: usize, way: Way) -> Vec<(u64, u64, String)> {
    let mut scanner = Scanner::with_buffer(document, buffer);
    let mut found: Vec<(u64, u64, String)> = Vec::new();
    let mut elements = 0;
    loop {
        let next = match way {
            Way::Thorough => scanner.thorough_next(),
            _ => scanner.next(),
        };
        let (kind, text) = match next {
            Ok(Piece::Over) => return found,
            Ok(Piece::Start(name)) => ("start", name.to_vec()),
            Ok(Piece::End) => ("end", Vec::new()),
            Ok(Piece::Text(text)) => ("text", text.to_vec()),
            Ok(Piece::Literal(text)) => ("literal", text.to_vec()),
            Err(error) => {
                found.push((0, 0, error.to_string()));
                return found;
            }
        };
        let (start, end) = (scanner.start(), scanner.end());
        let shown = String::from_utf8(text).unwrap();
        match found.last_mut() {
            Some((_, last, text))
                if text.starts_with(kind) && !shown.is_empty() && kind != "start" =>
            {
                *last = end;
                *text += &shown;
            }
            _ => found.push((start, end, format!("{kind} {shown}"))),
        }
        if kind != "start" {
            continue;
        }
        elements += 1;
        if way == Way::Leaves
            && let Some(text) = scanner.leaf().map(<[u8]>::to_vec)
        {
            if !text.is_empty() {
                let text = format!("text {}", String::from_utf8(text).unwrap());
                found.push((end, scanner.start(), text));
            }
            found.push((scanner.start(), scanner.end(), "end ".to_owned()));
        }
        if way == Way::Skipping(elements - 1) {
            match scanner.skip() {
                Ok(()) => found.push((scanner.start(), scanner.end(), "end ".to_owned())),
                Err(error) => {
                    found.push((0, 0, error.to_string()));
                    return found;
                }
            }
        }
    }
}

/// `found` without what is in the `number`th element.
fn without(found: &[(u64, u64, String)], number: usize) -> Vec<(u64, u64, String)> {
    let (mut elements, mut depth) = (0, 0_usize);
    let mut left = Vec::new();
    for (at, piece) in found.iter().enumerate() {
        let is_error = at + 1 == found.len() && piece.2.starts_with("byte ");
        if depth > 0 {
            depth += usize::from(piece.2.starts_with("start "));
            depth -= usize::from(piece.2 == "end ");
        }
        if depth == 0 || is_error {
            left.push(piece.clone());
        }
        if depth == 0 && piece.2.starts_with("start ") {
            depth = usize::from(elements == number);
        }
        elements += usize::from(piece.2.starts_with("start "));
    }
    left
}

/// An element, or what else may stand in one: much as FME Flow writes it, the rest as odd as can be.
fn content() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        6 => "[ -%\'-;=-~]{0,40}",
        2 => "[ -%\'-;=-~]{100,150}",
        1 => "[a-z\t\nü€😀&&[^&]]{1,20}",
        1 => prop::sample::select(vec![
            "&amp;", "&#x41;", "&lt;&gt;", "&", "&no;", "\u{1}", "\u{7f}", "]]>", "<!-- x > -->", "<?p q?>",
            "<![CDATA[ <&> ]]>", "<a/>", "<item />", "</item>", "</a >", "<b", "</", "<>", "</>", "<A>", "<item",
        ]).prop_map(str::to_owned),
    ];
    let name = prop::sample::select(vec![
        "item",
        "items",
        "name",
        "itemtypes",
        "attributes",
        "a",
        "b",
        "fifteen-letters",
        "fifteenletters_",
        "sixteenletters__",
        "abcdefghijklmno",
        "abcdefghijklmnop",
        "abcdefghijklmnopq",
        "Item",
        "item2",
        "ü",
    ]);
    text.prop_recursive(5, 40, 6, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..6))
            .prop_map(|(name, content)| format!("<{name}>{}</{name}>", content.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_ways_find_what_the_thorough_way_finds_wherever_the_buffer_ends(
        content in prop::collection::vec(content(), 0..5),
        after in prop::option::weighted(0.1, content()),
        odd in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        buffer in 40_usize..400,
        percent in prop_oneof![Just(100_usize), 0_usize..100],
        skipped in 0_usize..12,
    ) {
        let (content, after) = (content.concat(), after.unwrap_or_default());
        let mut document: Vec<u8> = format!("<package>{content}</package>{after}").into_bytes();
        if let Some((place, byte)) = odd {
            let place = place.index(document.len());
            document[place] = byte;
        }
        document.truncate(document.len() * percent / 100);
        let thorough = found(&document, buffer, Way::Thorough);
        prop_assert_eq!(&found(&document, buffer, Way::Pieces), &thorough);
        prop_assert_eq!(&found(&document, buffer, Way::Leaves), &thorough);
        prop_assert_eq!(found(&document, buffer, Way::Skipping(skipped)), without(&thorough, skipped));
    }
}
