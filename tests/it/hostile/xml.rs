//! XML that attacks parsers, or is not what FME Flow writes.

use super::super::support::small;
use super::Fate::{self, Refused, Upgraded};
use super::{cases, with};

const MALFORMED: Fate = Refused("data.xml is not well-formed");

fn data(change: impl FnOnce(String) -> String) -> Vec<u8> {
    with(|it| it.part("data.xml").fill(change(small::data()).as_bytes()))
}

fn bytes(content: &[u8]) -> Vec<u8> {
    with(|it| it.part("data.xml").fill(content))
}

/// The first `mark` of `data.xml` replaced.
fn replaced(mark: &str, text: &str) -> Vec<u8> {
    data(|data| {
        assert!(data.contains(mark), "no {mark}");
        data.replacen(mark, text, 1)
    })
}

fn utf16(big: bool) -> Vec<u8> {
    let order = |unit: u16| {
        if big {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        }
    };
    let text = format!("\u{feff}{}", small::data());
    bytes(&text.encode_utf16().flat_map(order).collect::<Vec<_>>())
}

fn properties(change: impl FnOnce(String) -> String) -> Vec<u8> {
    with(|it| {
        it.part("properties.xml")
            .fill(change(small::properties()).as_bytes());
    })
}

/// An element `<a>` so deep.
fn deep(levels: usize) -> String {
    "<a>".repeat(levels) + &"</a>".repeat(levels)
}

const ROOT: &str = "<package><itemtypes>";

cases! {
    nothing_in_data_xml: MALFORMED, || bytes(b"");
    blanks_in_data_xml: MALFORMED, || bytes(b"  \n ");
    no_xml_in_data_xml: MALFORMED, || bytes(b"hello");
    noise_in_data_xml: MALFORMED, || bytes(&[0xff, 0x00, 0xaa].repeat(100));
    another_root: Refused("the root element is not <package>"), || bytes(b"<html></html>");
    an_empty_package: Refused("a package without categories"), || bytes(b"<package/>");
    cut_within_a_tag: MALFORMED, || data(|data| data[..data.len() - 3].to_owned());
    cut_between_tags: MALFORMED, || data(|data| data.strip_suffix("</package>").unwrap().to_owned());
    cut_within_a_value: MALFORMED, || data(|data| data[..data.find("SECRET").unwrap() + 3].to_owned());
    cut_within_a_character: MALFORMED, || bytes(b"<package>\xc3");
    a_second_root: MALFORMED, || data(|data| data + "<package/>");
    text_behind_the_root: MALFORMED, || data(|data| data + "text");
    blanks_behind_the_root: Upgraded, || data(|data| data + "\n\n");
    tags_that_cross: MALFORMED, || bytes(b"<package><a><b></a></b></package>");
    an_end_tag_too_many: MALFORMED, || data(|data| data + "</package>");
    depth_1000: Upgraded, || replaced(ROOT, &format!("<package>{}<itemtypes>", deep(1000)));
    depth_100_000: Refused("more than 1024 nested elements"),
        || replaced(ROOT, &format!("<package>{}<itemtypes>", deep(100_000)));
    billion_laughs: Refused("a DOCTYPE"), || replaced("<package>", "<!DOCTYPE p [<!ENTITY a \"lol\"><!ENTITY b \
        \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><package>&c;");
    an_external_entity: Refused("a DOCTYPE"),
        || replaced("<package>", "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><package>&x;");
    an_external_subset: Refused("a DOCTYPE"),
        || replaced("<package>", "<!DOCTYPE package SYSTEM \"http://localhost/evil.dtd\"><package>");
    a_parameter_entity: Refused("a DOCTYPE"),
        || replaced("<package>", "<!DOCTYPE p [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]><package>");
    a_doctype_and_nothing_else: Refused("a DOCTYPE"), || replaced("<package>", "<!DOCTYPE package><package>");
    a_doctype_in_properties: Refused("a DOCTYPE"),
        || properties(|text| text.replace("<properties>", "<!DOCTYPE p><properties>"));
    a_doctype_within: Refused("a DOCTYPE"), || replaced(ROOT, "<package><!DOCTYPE p><itemtypes>");
    an_entity_that_nobody_declared: Refused("begins no known entity"), || replaced("mira", "&evil;");
    an_ampersand_alone: Refused("begins no known entity"), || replaced("mira", "mira & co");
    a_character_by_number: Upgraded, || replaced("<value>mira", "<value>&#109;ira");
    a_nul_by_number: Refused("begins no known entity"), || replaced("mira", "mi&#0;ra");
    a_surrogate_by_number: Refused("begins no known entity"), || replaced("mira", "mi&#xD800;ra");
    a_character_beyond_unicode: Refused("begins no known entity"), || replaced("mira", "mi&#x110000;ra");
    a_nul: MALFORMED, || replaced("mira", "mi\0ra");
    a_control_character: MALFORMED, || replaced("mira", "mi\x01ra");
    an_escape_character: MALFORMED, || replaced("mira", "mi\x1b[2Jra");
    bytes_that_are_not_utf8: MALFORMED, || bytes(b"<package><a>\xff\xfe</a></package>");
    an_overlong_character: MALFORMED, || bytes(b"<package><a>\xc0\xbc</a></package>");
    half_a_surrogate_pair: MALFORMED, || bytes(b"<package><a>\xed\xa0\x80</a></package>");
    a_byte_order_mark: Upgraded, || data(|data| format!("\u{feff}{data}"));
    two_byte_order_marks: MALFORMED, || data(|data| format!("\u{feff}\u{feff}{data}"));
    utf16_little_endian: Refused("UTF-16"), || utf16(false);
    utf16_big_endian: Refused("UTF-16"), || utf16(true);
    another_encoding: Refused("declares the encoding"), || replaced("UTF-8", "ISO-8859-1");
    utf7: Refused("declares the encoding"), || replaced("UTF-8", "UTF-7");
    a_declared_utf16_that_is_utf8: Refused("declares the encoding"), || replaced("UTF-8", "UTF-16");
    an_encoding_in_small_letters: Upgraded, || replaced("UTF-8", "utf-8");
    no_declaration: Upgraded, || data(|data| data.split_once('\n').unwrap().1.to_owned());
    cdata_in_a_name: Upgraded, || replaced("<value>mira</value>", "<value><![CDATA[mira]]></value>");
    cdata_that_looks_like_tags: Upgraded, || replaced("SECRET-hash", "<![CDATA[</value><item>]]>");
    cdata_without_an_end: MALFORMED, || replaced("SECRET-hash", "<![CDATA[");
    cdata_outside_of_the_root: MALFORMED, || data(|data| data + "<![CDATA[x]]>");
    a_comment_between_tags: Upgraded, || replaced(ROOT, "<package><!-- <itemtypes> --><itemtypes>");
    a_comment_in_a_name: Upgraded, || replaced("<value>mira<", "<value>mi<!-- x -->ra<");
    a_comment_without_an_end: MALFORMED, || replaced(ROOT, "<package><!-- <itemtypes>");
    a_processing_instruction: Upgraded, || replaced(ROOT, "<package><?php evil ?><itemtypes>");
    an_instruction_without_an_end: MALFORMED, || replaced(ROOT, "<package><?php evil");
    mixed_content: Upgraded, || replaced("<items>", "text<items>more text");
    xml_attributes: Upgraded, || replaced("<items>", "<items a=\"1\" b='>'>");
    an_attribute_that_does_not_end: MALFORMED, || replaced("<items>", "<items a=\"1>");
    namespaces: Upgraded, || replaced("<package>", "<package xmlns=\"urn:x\" xmlns:y=\"urn:y\">");
    prefixed_elements: Upgraded, || replaced("<itemtypes>", "<y:x></y:x><itemtypes>");
    capital_tags: MALFORMED, || replaced("<itemtypes>", "<ITEMTYPES>");
    blanks_in_tags: Upgraded, || data(|data| data.replace("</value>", "</value >").replace("<value>", "<value\n>"));
    a_tag_without_a_name: MALFORMED, || replaced(ROOT, "<package>< ><itemtypes>");
    line_ends_of_windows: Upgraded, || data(|data| data.replace("><", ">\r\n<"));
    empty_elements_in_one_tag: Upgraded, || replaced("<attributes>", "<other/><attributes>");
    no_properties: Refused("properties.xml has no CONFIG_FORMAT_VERSION"), || properties(|_| "<p/>".to_owned());
    a_stamp_that_is_there_twice: Refused("more than once"), || properties(|text| {
        let start = text.find("<property>").unwrap();
        let end = text.find("</properties>").unwrap();
        text.replace("</properties>", &format!("{}</properties>", &text[start..end]))
    });
    a_build_that_is_no_number: Refused("is \"now\", not a build number"), || properties(|text| text.replace("25609", "now"));
    a_build_beyond_all_numbers: Refused("not a build number"),
        || properties(|text| text.replace("25609", "99999999999999999999"));
    a_build_below_nothing: Refused("not a build number"), || properties(|text| text.replace("25609", "-1"));
    a_build_with_a_sign: Upgraded, || properties(|text| text.replace("25609", "+25609"));
    a_build_with_blanks: Refused("not a build number"), || properties(|text| text.replace("25609", " 25609 "));
    a_schema_of_many_numbers: Refused("cannot be written in the form final"), || properties(|text| text.replace("2.99", "2.99.0.0.0"));
    a_schema_that_is_none: Refused("not a version"), || properties(|text| text.replace("2.99", "two"));
    stamps_that_contradict: Refused("one of the two stamps is wrong"),
        || properties(|text| text.replace("2.99", "2.111"));
    another_format: Refused("CONFIG_FORMAT_VERSION is"), || properties(|text| text.replacen("1.0<", "9.9<", 1));
}
