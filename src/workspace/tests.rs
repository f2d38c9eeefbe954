//! What of a header is read, what is passed over, and what is refused with which evidence.

use std::io::{self, Read};

use base64::prelude::{BASE64_STANDARD, Engine};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::limits::Limits;

/// A header as FME writes it: a tag or an attribute to a line, the command line in between.
fn header(body: &[&str]) -> String {
    let mut lines = vec![
        "#! <?xml version=\"1.0\" encoding=\"UTF-8\" ?>",
        "#! <WORKSPACE",
        "#    Command line to run this workspace:",
        "#          --DestDataset \"a > b\"",
        "#    ",
        "#!   FME_BUILD_NUM=\"25609\"",
        "#!   TITLE=\"MULTI &gt; MULTI\"",
        "#! >",
    ];
    let body: Vec<_> = body.iter().map(|line| format!("#! {line}")).collect();
    lines.extend(body.iter().map(String::as_str));
    lines.extend([
        "#! </WORKSPACE>",
        "",
        "FME_PYTHON_VERSION 312",
        "#! START_HEADER",
        "",
    ]);
    lines.join("\n")
}

fn with_form(json: &str) -> String {
    let form = format!("  FORM=\"{}\"", BASE64_STANDARD.encode(json));
    header(&["<USER_PARAMETERS", &form, ">", "</USER_PARAMETERS>"])
}

fn with_gui_line(line: &str) -> String {
    header(&["<GLOBAL_PARAMETER", &format!("  GUI_LINE=\"{line}\""), "/>"])
}

fn read(text: &str) -> Header {
    read_header(text.as_bytes(), Limits::default()).unwrap()
}

fn refusal(text: impl AsRef<[u8]>) -> String {
    let error = read_header(text.as_ref(), Limits::default()).unwrap_err();
    assert!(!error.help().is_empty());
    error.to_string()
}

const CONNECTIONS: [&str; 17] = [
    "<FMESERVER>",
    "<CONNECTIONS>",
    "<CONNECTION",
    "  NAME=\"R&amp;D &quot;live&quot;&#10;&#x263a;\"",
    "  TYPE=\"DATABASE\"",
    "  FAMILY=\"PostgreSQL\"",
    "  USAGE=\"PUBLISHED\"",
    "/>",
    "<CONNECTION NAME=\"Drive\" TYPE=\"WEB\" FAMILY=\"Google Drive\" USAGE=\"MIXED\"/>",
    "<CONNECTION",
    "  NAME=\"new\"",
    "  TYPE=\"QUEUE\"",
    "  USAGE=\"INTERNAL\"",
    ">",
    "</CONNECTION>",
    "</CONNECTIONS>",
    "</FMESERVER>",
];

#[test]
fn an_empty_header_declares_nothing() {
    assert_eq!(
        read(&header(&[])),
        Header {
            build: Some(Build(25609)),
            ..Header::default()
        }
    );
    assert_eq!(read("#! <WORKSPACE/>"), Header::default());
}

#[test]
fn connections_are_read_in_order_and_unescaped() {
    let connections = read(&header(&CONNECTIONS)).connections;
    assert_eq!(
        serde_json::to_value(connections).unwrap(),
        json!([
            {"name": "R&D \"live\"\n\u{263a}", "type": "DATABASE", "family": "PostgreSQL",
             "usage": "PUBLISHED"},
            {"name": "Drive", "type": "WEB", "family": "Google Drive", "usage": "MIXED"},
            {"name": "new", "type": "QUEUE", "family": "", "usage": "INTERNAL"},
        ])
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let text = header(&CONNECTIONS);
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(&text));
}

#[test]
fn file_parameters_on_a_form_are_found_in_groups_too() {
    let text = with_form(
        r#"{"parameters": [
            {"name": "in", "type": "file", "accessMode": "read", "defaultValue": {"a": [1]}},
            {"name": "n", "type": "number", "defaultValue": 3},
            {"name": "g", "type": "group", "parameters": [
                {"name": "g2", "type": "group", "parameters": [
                    {"name": "out", "type": "file", "accessMode": "write",
                     "itemsToSelect": "folders"}]}]},
            {"name": "gdb", "type": "file", "itemsToSelect": "filegeodb"}
        ]}"#,
    );
    assert_eq!(read(&text).file_parameters, ["in", "out", "gdb"]);
}

#[test]
fn file_parameters_on_gui_lines_are_told_by_their_type() {
    for (line, name) in [
        (
            "GUI FILENAME out GeoJSON_Files(*.json)|*.json|All_Files|* Destination File:",
            Some("out"),
        ),
        (
            "GUI MULTIFILE in TAB_Files(*.tab)|*.tab Source File(s):",
            Some("in"),
        ),
        (
            "GUI OPTIONAL FILENAME_OR_ATTR file HTML_Files(*.html)|*.html Report",
            Some("file"),
        ),
        (
            "GUI FILE_OR_URL in JSON(*.json)|*.json Source File or URL:",
            Some("in"),
        ),
        ("GUI OPTIONAL LITERAL DIRNAME dir Folder:", Some("dir")),
        (
            "GUI DEST_GEODATABASE gdb Destination Geodatabase:",
            Some("gdb"),
        ),
        (
            "gui optional filename_mustexist in Any|* Source:",
            Some("in"),
        ),
        (
            "GUI IGNORE NO_EDIT OPTIONAL DIRNAME_SRC private Data Directory",
            None,
        ),
        (
            "GUI OPTIONAL FEATURE_TYPES FEATURE_TYPES &quot;FILENAME x&quot; Types:",
            None,
        ),
        ("GUI STRING_OR_ATTR FILENAME FILENAME x", None),
        ("GUI LITERAL CHOICE where North%South Where", None),
        ("GUI FILENAME", None),
        ("", None),
    ] {
        let expected: Vec<&str> = name.into_iter().collect();
        assert_eq!(
            read(&with_gui_line(line)).file_parameters,
            expected,
            "{line}"
        );
    }
}

#[test]
fn a_form_is_believed_before_gui_lines() {
    let form = BASE64_STANDARD.encode(r#"{"parameters": []}"#);
    let line = "<GLOBAL_PARAMETER GUI_LINE=\"GUI FILENAME old * x\"/>";
    let both = |form: &str| header(&[line, "<USER_PARAMETERS", form, "/>", line]);
    assert!(
        read(&both(&format!("FORM=\"{form}\"")))
            .file_parameters
            .is_empty()
    );
    assert_eq!(read(&both("FORM=\"\"")).file_parameters, ["old", "old"]);
}

#[test]
fn an_embedded_custom_transformer_declares_nothing_for_the_workspace() {
    let text = header(&[
        "<SUBDOCUMENTS>",
        "<SUBDOCUMENT",
        "  NAME=\"Inner\"",
        ">",
        "<GLOBAL_PARAMETER GUI_LINE=\"GUI FILENAME inner * x\"/>",
        "<USER_PARAMETERS FORM=\"no base64\"/>",
        "<CONNECTION NAME=\"inner\"/>",
        "</SUBDOCUMENT>",
        "</SUBDOCUMENTS>",
        "<GLOBAL_PARAMETER GUI_LINE=\"GUI FILENAME outer * x\"/>",
    ]);
    let header = read(&text);
    assert_eq!(
        (header.file_parameters, header.connections),
        (vec!["outer".to_owned()], vec![])
    );
}

#[test]
fn nothing_after_the_header_is_read() {
    struct Unreadable;
    impl Read for Unreadable {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("read too far"))
        }
    }
    let text = header(&CONNECTIONS);
    assert_eq!(
        read_header(text.as_bytes().chain(Unreadable), Limits::default()).unwrap(),
        read(&text)
    );
}

#[test]
fn what_is_no_workspace_is_refused_with_what_it_is_instead() {
    assert_eq!(refusal(""), "not an FME workspace: it is empty");
    assert_eq!(
        refusal("PK\x03\x04 and more"),
        "not an FME workspace: it begins with \"PK\\x03\\x04\", not with \"#!\""
    );
    assert_eq!(
        refusal("#! <?xml version=\"1.0\" ?>\r\n#! <TRANSFORMER\r\n"),
        "not an FME workspace: its header is that of <TRANSFORMER>"
    );
    assert_eq!(
        refusal("#!/bin/sh\nexit\n"),
        "not an FME workspace: it has no <WORKSPACE"
    );
}

#[test]
fn a_header_without_its_end_is_refused() {
    let text = header(&CONNECTIONS);
    let cut = text.split_once("#! </FMESERVER>").unwrap().0;
    assert_eq!(
        refusal(cut),
        "the workspace's header is cut off after line 24"
    );
}

#[test]
fn a_broken_header_is_refused_with_the_line() {
    for (body, what) in [
        (
            vec!["<CONNECTION NAME=\"two", "lines\"/>"],
            "9: an attribute is not NAME=\"value\" on one line",
        ),
        (
            vec!["<CONNECTION TYPE=\"WEB\"/>"],
            "9: a connection has no NAME",
        ),
        (
            vec!["<CONNECTION NAME=\"&nbsp;\"/>"],
            "9: an entity is unknown",
        ),
        (
            vec!["<CONNECTION NAME=\"&#xd800;\"/>"],
            "9: an entity is unknown",
        ),
        (vec!["<CONNECTION NAME=\"R&D\"/>"], "9: an entity has no ;"),
        (
            vec!["<CONNECTIONS>", "</SUBDOCUMENTS>"],
            "10: a closing tag closes another tag than the open one",
        ),
        (vec!["</WORKSPACE"], "9: a closing tag has no >"),
        (
            vec!["<A>"; crate::limits::WORKSPACE_DEPTH],
            "72: tags are nested more than 64 deep",
        ),
    ] {
        let message = refusal(header(&body));
        assert_eq!(
            message,
            format!("the workspace's header is broken at line {what}")
        );
    }
}

#[test]
fn a_name_in_another_encoding_is_refused_and_other_text_is_not() {
    let latin_1 = |text: String| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let name = latin_1(header(&["<CONNECTION NAME=\"Donn\u{e9}es\"/>"]));
    assert_eq!(
        refusal(name),
        "the workspace's header is broken at line 9: a name is not UTF-8"
    );
    let prompt = latin_1(with_gui_line("GUI FILENAME in *.* Donn\u{e9}es"));
    assert_eq!(
        read_header(&prompt[..], Limits::default())
            .unwrap()
            .file_parameters,
        ["in"]
    );
}

#[test]
fn a_form_that_cannot_be_decoded_is_refused_without_repeating_a_value() {
    for (json, what) in [
        (
            r#"{"parameters": "hunter2"}"#,
            "its JSON is of another shape than expected at line 1, column 24",
        ),
        (
            r#"{"parameters": [{"name": "hunter2"#,
            "its JSON is cut off at line 1, column 33",
        ),
        (r#"{"hunter2"}"#, "its JSON is broken at line 1, column 11"),
        (
            r#"{"parameters": [{"type": "file"}]}"#,
            "a file parameter has no name",
        ),
    ] {
        let message = refusal(with_form(json));
        assert_eq!(
            message,
            format!("the workspace's parameter form at line 10 cannot be read: {what}")
        );
        assert!(!message.contains("hunter2"));
    }
    let text = header(&["<USER_PARAMETERS FORM=\"e30*\"/>"]);
    assert!(refusal(text).ends_with("line 9 cannot be read: its base64 is broken at character 3"));
}

#[test]
fn a_form_nested_without_end_is_refused() {
    let json = r#"{"parameters":["#.repeat(10_000);
    assert!(refusal(with_form(&json)).contains("its JSON is broken"));
}

#[test]
fn a_line_without_end_is_refused() {
    let text = b"#! <WORKSPACE\n#! TITLE=\"".chain(io::repeat(b'x'));
    let message = read_header(text, Limits::default())
        .unwrap_err()
        .to_string();
    assert_eq!(
        message,
        "line 2 of the workspace is longer than 16777216 bytes, the limit workspace-line"
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = read_header(&bytes[..], Limits::default());
    }

    #[test]
    fn arbitrary_markup_is_read_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "\n#! ", "<", "</", ">", "/>", "=", "\"", "'", "&", ";", "&#", "&lt;", "GUI ", "FILENAME ",
            "WORKSPACE", "CONNECTION ", "SUBDOCUMENTS", "USER_PARAMETERS", "GLOBAL_PARAMETER",
            " NAME=", " FORM=", " GUI_LINE=", "e30=", "\u{e9}", "<?", "<!", "\r",
        ]), 0..64),
    ) {
        let text = format!("#! <WORKSPACE>\n#! {}", pieces.concat());
        let _ = read_header(text.as_bytes(), Limits::default());
    }
}
