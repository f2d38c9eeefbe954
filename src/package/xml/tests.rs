//! What the reader tells of, and what it refuses with which evidence.

use super::*;

/// The tags and texts of a document, one a line, with their positions. Only elements called `v` are
/// asked for their text.
fn told(document: &[u8]) -> String {
    told_by(Reader::new(document))
}

fn told_by(mut xml: Reader<'_>) -> String {
    let mut lines = String::new();
    loop {
        let (line, is_wanted) = match xml.next_tag() {
            Ok(None) => return lines,
            Ok(Some(Tag::Start(name))) => {
                let shown = format!("start {}", String::from_utf8_lossy(name));
                (shown, name == b"v")
            }
            Ok(Some(Tag::End)) => ("end".to_owned(), false),
            Err(error) => return format!("{lines}error {error}"),
        };
        let place = if line == "end" {
            xml.element()
        } else {
            xml.tag()
        };
        lines += &format!("{}..{} {line}\n", place.start, place.end);
        if is_wanted {
            let text = match xml.text(8) {
                Ok(text) => text,
                Err(error) => return format!("{lines}error {error}"),
            };
            let cut = if text.is_whole { "" } else { ", cut" };
            let Span { start, end } = text.span;
            lines += &format!("{start}..{end} text {:?}{cut}\n", text.kept);
        }
    }
}

fn error(document: impl AsRef<[u8]>) -> String {
    let told = told(document.as_ref());
    told.rsplit_once("error ")
        .map_or_else(|| "no error".to_owned(), |(_, e)| e.to_owned())
}

#[test]
fn every_tag_comes_with_its_place() {
    let document = b"<?xml version=\"1.0\"?>\n<a><b>x &amp; y</b><c/></a>";
    let expected =
        "22..25 start a\n25..28 start b\n25..41 end\n41..45 start c\n41..45 end\n22..49 end\n";
    assert_eq!(told(document), expected);
}

#[test]
fn text_comes_where_it_is_asked_for_with_its_place_and_without_elements_in_it() {
    let document = "<a><v>x &lt; y</v><v>a<b>c</b>d</v><v/><v><![CDATA[<&]]]]></v></a>";
    let expected = "0..66 end\n";
    let told = told(document.as_bytes());
    assert!(told.contains("6..14 text \"x < y\"\n"), "{told}");
    assert!(told.contains("21..31 text \"ad\"\n"), "{told}");
    assert!(told.contains("39..39 text \"\"\n"), "{told}");
    assert!(told.contains("text \"<&]]\"\n"), "{told}");
    assert!(told.ends_with(expected), "{told}");
}

#[test]
fn every_line_end_is_a_line_feed_unless_it_is_a_reference() {
    let text = |document: &str| {
        let told = told(document.as_bytes());
        let (_, text) = told.split_once("text ").unwrap();
        text.to_owned()
    };
    assert_eq!(text("<v>a\r\nb\rc\nd</v>"), "\"a\\nb\\nc\\nd\"\n");
    assert_eq!(text("<v>\r\r\n\n</v>"), "\"\\n\\n\\n\"\n");
    assert_eq!(text("<v>a&#13;\nb&#13;</v>"), "\"a\\r\\nb\\r\"\n");
    assert_eq!(text("<v>a\r<![CDATA[\nb\r\n]]></v>"), "\"a\\n\\nb\\n\"\n");
}

#[test]
fn of_a_long_text_only_the_beginning_is_kept_and_no_half_of_a_character() {
    assert!(told("<v>1234567ü9</v>".as_bytes()).contains("3..13 text \"1234567\", cut"));
    assert!(told("<v>12345678&gt;</v>".as_bytes()).contains("text \"12345678\", cut"));
    assert!(told("<v>12345678</v>".as_bytes()).ends_with("text \"12345678\"\n"));
}

#[test]
fn a_byte_order_mark_counts_but_is_not_text() {
    assert_eq!(told(b"\xEF\xBB\xBF<a></a>"), "3..6 start a\n3..10 end\n");
    assert_eq!(
        error(b"\xEF\xBB\xBF\xEF\xBB\xBF<a/>"),
        "byte 3: text outside of the root element"
    );
}

#[test]
fn comments_and_instructions_are_passed_over() {
    let document = b"<a><!-- <b> & --><?p >?></a>";
    assert_eq!(told(document), "0..3 start a\n0..28 end\n");
}

#[test]
fn attributes_of_other_tools_may_hold_angle_brackets() {
    assert_eq!(told(b"<a x='>' y=\">\"></a>"), "0..15 start a\n0..19 end\n");
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_place() {
    assert_eq!(
        error("<a><b></a>"),
        "byte 6: an end tag that is not of the element that begins at byte 3"
    );
    assert_eq!(error("</a>"), "byte 0: an end tag where no element is open");
    assert_eq!(
        error("<a>"),
        "byte 3: the document ends within the element that begins at byte 0"
    );
    let within = "the document ends within a tag, a comment or a section";
    assert_eq!(error("<a"), format!("byte 0: {within}"));
    assert_eq!(error("<"), format!("byte 0: {within}"));
    assert_eq!(error("<a><!-- "), format!("byte 3: {within}"));
    assert_eq!(error("<a><![CDATA["), format!("byte 3: {within}"));
    assert_eq!(error(""), "byte 0: the document has no element");
    assert_eq!(error("<a/><b/>"), "byte 4: a second root element");
    assert_eq!(error("<a/>x"), "byte 4: text outside of the root element");
    assert_eq!(
        error("<a/>&lt;"),
        "byte 4: text outside of the root element"
    );
    for odd in ["&nbsp;", "& y", "&#0;", "&#xD800;", "&"] {
        let document = format!("<a>x{odd}</a>");
        assert_eq!(error(document), "byte 4: an & that begins no known entity");
    }
    assert_eq!(error("<1/>"), "byte 0: a tag without a proper name");
    assert_eq!(error(b"<a>x\xFFy</a>"), "byte 4: bytes that are not UTF-8");
    assert_eq!(error(b"<a>\xC3</a>"), "byte 3: bytes that are not UTF-8");
    assert_eq!(error(b"<a>\xC3"), "byte 3: bytes that are not UTF-8");
    assert_eq!(
        error("<a>x\0</a>"),
        "byte 4: a control character that XML forbids"
    );
}

#[test]
fn no_error_quotes_what_may_be_part_of_a_secret() {
    for document in [
        "<a><v>s3cret<hidden</v></a>",
        "<a><v>s3cret<hidden>x</v></a>",
        "<a><v>s3cret</hidden></v></a>",
        "<a><v>s3cret&hidden;</v></a>",
        "<a><v>s3cret<!hidden></v></a>",
        "<a><v>s3cret<hidden",
        "<a>hidden",
    ] {
        let error = error(document);
        assert!(
            error.starts_with("byte ") && !error.contains("hidden"),
            "{error}"
        );
    }
}

#[test]
fn a_doctype_is_refused_so_that_no_entity_can_be_declared() {
    let laughs = "<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>";
    assert!(error(laughs).contains("DOCTYPE"), "{}", error(laughs));
}

#[test]
fn another_encoding_is_refused() {
    assert!(error("<?xml version='1.0' encoding='ISO-8859-1'?><a/>").contains("ISO-8859-1"));
    assert!(error(b"\xFF\xFE<\0a\0").contains("UTF-16"));
    assert_eq!(
        error("<?xml version='1.0' encoding='utf-8'?><a/>"),
        "no error"
    );
}

#[test]
fn nesting_without_end_is_refused() {
    assert!(error("<a>".repeat(limits::XML_DEPTH + 1)).contains("nested"));
}

#[test]
fn a_text_longer_than_a_chunk_is_read_whole_wherever_a_chunk_ends() {
    for shift in 0..5 {
        let value = "ü&amp;x".repeat(40_000);
        let document = format!("<a>{}<v>{value}</v></a>", "y".repeat(shift));
        let mut xml = Reader::new(document.as_bytes());
        xml.next_tag().unwrap();
        xml.next_tag().unwrap();
        let text = xml.text(usize::MAX).unwrap();
        assert!(text.kept == "ü&x".repeat(40_000) && text.is_whole);
    }
}

#[test]
fn markup_without_end_is_refused_before_it_is_held() {
    let long = "x".repeat(10 * limits::XML_TAG_BYTES);
    for document in [
        format!("<a><{long}></{long}></a>"),
        format!("<a {long}='1'></a>"),
        format!("<a><!--{long}--></a>"),
        format!("<a><![CDATA[{long}]]></a>"),
    ] {
        let mut xml = Reader::new(document.as_bytes());
        let error = loop {
            match xml.next_tag() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it was read"),
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("of more than 65536 bytes"), "{error}");
        assert!(xml.names.capacity() < limits::XML_TAG_BYTES);
    }
}

#[test]
fn an_element_is_passed_over_as_a_whole() {
    let mut xml = Reader::new(&b"<a><b>x<b>y</b><c/></b><d/></a>"[..]);
    xml.next_tag().unwrap();
    xml.next_tag().unwrap();
    xml.pass().unwrap();
    assert_eq!(xml.element(), Span { start: 3, end: 23 });
    assert_eq!(xml.next_tag().unwrap(), Some(Tag::Start(b"d")));
    xml.pass().unwrap();
    assert_eq!(xml.next_tag().unwrap(), Some(Tag::End));
}

#[test]
fn a_document_that_is_taken_apart_ahead_tells_the_same_to_its_end_or_its_fault() {
    let part = format!(
        "<v>{}</v><b><v>x &amp; y</v>\r\n</b><!-- c -->",
        "t".repeat(900)
    );
    let whole = format!("<a>{}</a>", part.repeat(1300));
    for fault in ["", "</c>", "<", "\u{1}", "&x;", "<!DOCTYPE a>", "</a>"] {
        for at in [3, 3 + part.len() * 1000, 3 + part.len() * 1300] {
            let (before, behind) = whole.split_at(at);
            let document = [before, fault, behind].concat();
            let ahead = ahead(document.as_bytes(), told_by);
            assert!(ahead == told(document.as_bytes()), "{fault:?} at {at}");
        }
    }
    for length in [0, 1, 65_536, 262_144, 1_000_000] {
        let cut = whole.get(..length).unwrap();
        assert!(
            ahead(cut.as_bytes(), told_by) == told(cut.as_bytes()),
            "{length}"
        );
    }
}
