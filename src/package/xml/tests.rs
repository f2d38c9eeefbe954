//! What the scanner reads, and what it refuses with which evidence.

use super::*;

/// The pieces of a document, one a line, with their positions.
fn pieces(document: &[u8]) -> String {
    let mut scanner = Scanner::new(document);
    let mut lines = String::new();
    loop {
        let shown = match scanner.next() {
            Ok(Piece::Over) => return lines,
            Ok(Piece::Start(name)) => format!("start {}", String::from_utf8_lossy(name)),
            Ok(Piece::End) => "end".to_owned(),
            Ok(Piece::Text(text)) => format!("text {:?}", String::from_utf8_lossy(text)),
            Ok(Piece::Literal(text)) => format!("literal {:?}", String::from_utf8_lossy(text)),
            Err(error) => return format!("{lines}error {error}"),
        };
        lines += &format!("{}..{} {shown}\n", scanner.start(), scanner.end());
    }
}

fn error(document: impl AsRef<[u8]>) -> String {
    let pieces = pieces(document.as_ref());
    pieces
        .rsplit_once("error ")
        .map_or_else(|| "no error".to_owned(), |(_, e)| e.to_owned())
}

#[test]
fn every_piece_comes_with_its_place() {
    let document = b"<?xml version=\"1.0\"?>\n<a><b>x &amp; y</b><c/></a>";
    let expected = "21..22 text \"\\n\"\n22..25 start a\n25..28 start b\n28..37 text \"x &amp; y\"\n\
                    37..41 end\n41..45 start c\n41..45 end\n45..49 end\n";
    assert_eq!(pieces(document), expected);
}

#[test]
fn a_byte_order_mark_counts_but_is_not_text() {
    assert_eq!(pieces(b"\xEF\xBB\xBF<a></a>"), "3..6 start a\n6..10 end\n");
}

#[test]
fn comments_and_instructions_are_passed_over_and_cdata_is_literal() {
    let document = b"<a><!-- <b> & --><?p >?><![CDATA[<&]]]]></a>";
    assert_eq!(
        pieces(document),
        "0..3 start a\n33..37 literal \"<&]]\"\n40..44 end\n"
    );
}

#[test]
fn attributes_of_other_tools_may_hold_angle_brackets() {
    assert_eq!(
        pieces(b"<a x='>' y=\">\"></a>"),
        "0..15 start a\n15..19 end\n"
    );
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_place() {
    assert_eq!(error("<a><b></a>"), "byte 6: </a> where </b> is expected");
    assert_eq!(error("</a>"), "byte 0: </a> where no element is open");
    assert_eq!(error("<a>"), "byte 3: the document ends within <a>");
    assert_eq!(error("<a"), "byte 0: the document ends within a tag");
    assert_eq!(error(""), "byte 0: the document has no element");
    assert_eq!(error("<a/><b/>"), "byte 4: a second root element");
    assert_eq!(error("<a/>x"), "byte 4: text outside of the root element");
    assert_eq!(
        error("<a>&nbsp;</a>"),
        "byte 3: an & that begins no known entity"
    );
    assert_eq!(
        error("<a>x & y</a>"),
        "byte 5: an & that begins no known entity"
    );
    assert_eq!(
        error("<a>&#0;</a>"),
        "byte 3: an & that begins no known entity"
    );
    assert_eq!(error("<1/>"), "byte 0: a tag without a proper name");
    assert_eq!(
        error("<a><!-- "),
        "byte 8: the document ends within a comment or section"
    );
    assert_eq!(error(b"<a>x\xFFy</a>"), "byte 4: bytes that are not UTF-8");
    assert_eq!(error(b"<a>\xC3</a>"), "byte 3: bytes that are not UTF-8");
    assert_eq!(
        error("<a>x\0</a>"),
        "byte 4: a control character that XML forbids"
    );
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
fn a_value_longer_than_the_buffer_arrives_whole_in_pieces() {
    let value = "ü&amp;<".replace('<', "&lt;").repeat(BUFFER_BYTES / 4);
    let document = format!("<a>{value}<![CDATA[{value}]]></a>");
    let mut scanner = Scanner::new(document.as_bytes());
    let (mut text, mut literal) = (Vec::new(), Vec::new());
    loop {
        match scanner.next().unwrap() {
            Piece::Text(piece) => text.extend_from_slice(piece),
            Piece::Literal(piece) => literal.extend_from_slice(piece),
            Piece::Over => break,
            _ => {}
        }
    }
    assert!(text == value.as_bytes());
    assert!(literal == value.as_bytes());
}

#[test]
fn entities_are_unescaped() {
    assert_eq!(unescape("&#65;&#x42;&quot;&apos;"), "AB\"'");
}

#[test]
fn a_passage_is_passed_over_where_it_comes_again_as_deep() {
    let list = "<b>x &amp; y<c/></b>";
    let document = format!("<a><i>{list}</i><i>{list}z</i><i><i>{list}</i></i><i>{list}");
    let mut scanner = Scanner::new(document.as_bytes());
    let next = |scanner: &mut Scanner<_>| scanner.next().map(drop);
    next(&mut scanner).unwrap();
    next(&mut scanner).unwrap();
    let from = scanner.end();
    scanner.skip().unwrap();
    let passage = scanner.passage(from).unwrap();
    assert_eq!(passage.len(), list.len());

    next(&mut scanner).unwrap();
    assert!(scanner.repeats(&passage));
    assert!(!scanner.repeats(&passage));
    assert_eq!(scanner.next().unwrap(), Piece::Text(b"z"));
    next(&mut scanner).unwrap();

    next(&mut scanner).unwrap();
    next(&mut scanner).unwrap();
    assert!(!scanner.repeats(&passage), "it is deeper here");
    scanner.skip().unwrap();
    next(&mut scanner).unwrap();

    next(&mut scanner).unwrap();
    assert!(scanner.repeats(&passage));
    assert!(next(&mut scanner).is_err(), "the document ends within <i>");
}
