//! What is told of a tree, and what is no such tree.

use super::*;

/// Everything that is told of a document, one a line; lists and items called `pass` are passed over.
fn told(document: &str) -> String {
    let mut tree = Tree::new(document.as_bytes(), Limits::default());
    let mut lines = String::new();
    loop {
        let event = match tree.next() {
            Ok(Some(event)) => event,
            Ok(None) => return lines,
            Err(error) => return format!("{lines}{error}\n"),
        };
        let path = tree.path().iter().collect::<Vec<_>>().join("/");
        lines += &match event {
            Event::ListStart(kind) => format!("{path}: {kind:?}\n"),
            Event::ItemStart => format!("{path}: item, named at {}\n", tree.at()),
            Event::AttributeStart => {
                let (name, kind) = (
                    tree.attribute().to_owned(),
                    tree.attribute_type().to_owned(),
                );
                let value = tree.value(100).unwrap();
                format!("{path}: {name}, {kind} {:?}\n", value.map(|it| it.kept))
            }
            Event::AttributeEnd(span) => {
                format!("{path}: attribute at {}..{}\n", span.start, span.end)
            }
            Event::ItemEnd(end) => format!(
                "{path}: item over, {}..{}, {:?}, {:?}, {:?}\n",
                end.span.start,
                end.span.end,
                point(end.attributes),
                point(end.itemtypes),
                end.lists.map(|(_, count)| count)
            ),
            Event::ListEnd(end) => format!("{path}: {} items\n", end.items),
        };
        if tree.path().last() == "pass" {
            tree.pass().unwrap();
        }
    }
}

fn point(point: InsertPoint) -> (u64, u64, bool) {
    (point.span.start, point.span.end, point.needs_wrapper)
}

/// A document with these items in its only list.
fn items(items: &str) -> String {
    format!(
        "<package><itemtypes><itemtype><name>l</name><items>{items}</items></itemtype></itemtypes></package>"
    )
}

#[test]
fn lists_items_and_attributes_are_told_of_in_order_with_their_places() {
    let document = items(
        "<item><name>a &amp; b</name><type>l</type><attributes><attribute><name>n</name>\
         <type>string</type><value>x&lt;y</value></attribute></attributes>\
         <dirtypes><dirtype><name>d</name><dirs><dir><name>D</name></dir></dirs></dirtype></dirtypes>\
         </item>",
    );
    let expected = "l: Items
l/a & b: item, named at 63
l/a & b: n, string Some(\"x<y\")
l/a & b: attribute at 105..182
l/a & b/d: Folders
l/a & b/d/D: item, named at 245
l/a & b/d/D: item over, 234..259, (253, 253, true), (253, 253, true), None
l/a & b/d: 1 items
l/a & b: item over, 51..294, (182, 182, false), (287, 287, true), None
l: 1 items
";
    assert_eq!(told(&document), expected);
}

#[test]
fn an_attribute_without_a_value_and_lists_written_as_one_tag_are_told_of_too() {
    let document = items(
        "<item><name>a</name><attributes><attribute><name>n</name></attribute></attributes>\
         <itemtypes/></item><item><name>b</name><attributes/></item>",
    );
    let told = told(&document);
    assert!(
        told.contains("l/a: n,  None\nl/a: attribute at 83..120\n"),
        "{told}"
    );
    assert!(
        told.contains("l/a: item over, 51..152, (120, 120, false), (133, 145, true), Some(0)"),
        "{told}"
    );
    assert!(
        told.contains("l/b: item over, 152..192, (172, 185, true), (185, 185, true), None"),
        "{told}"
    );
    assert!(told.ends_with("l: 2 items\n"), "{told}");
}

#[test]
fn what_is_passed_over_counts_but_is_not_told_of() {
    let list = "<itemtype><name>pass</name><items><item><nonsense/></item></items></itemtype>";
    let document = items(&format!(
        "<item><name>pass</name><name>again</name></item>\
         <item><name>a</name><itemtypes>{list}</itemtypes></item>"
    ));
    let told = told(&document);
    let lines: Vec<_> = told.lines().filter(|line| line.contains("pass")).collect();
    assert_eq!(lines, ["l/pass: item, named at 63", "l/a/pass: Items"]);
    assert!(told.contains("Some(1)\nl: 2 items\n"), "{told}");
}

#[test]
fn elements_of_no_tree_are_passed_over_and_so_is_text_between_tags() {
    let document =
        items("text<other><item><name>x</name></item></other><item><name>a</name></item>");
    let told = told(&document);
    assert!(
        !told.contains("l/x") && told.contains("l/a: item"),
        "{told}"
    );
}

#[test]
fn what_would_have_to_be_guessed_at_is_refused_with_its_place() {
    let attribute = |parts: &str| {
        let attribute = format!("<attributes><attribute>{parts}</attribute></attributes>");
        items(&format!("<item><name>a</name>{attribute}</item>"))
    };
    for (document, expected) in [
        (
            "<html></html>".to_owned(),
            "byte 0: the root element is not <package>",
        ),
        (
            items("<item></item>"),
            "byte 57: an item whose content comes before its name",
        ),
        (
            items("<item><attributes/><name>a</name></item>"),
            "byte 57: an item whose content comes before its name",
        ),
        (
            items("<item><name>a</name><name>b</name></item>"),
            "byte 71: an item with two names",
        ),
        (
            items("<item><name>a</name><itemtypes/><itemtypes/></item>"),
            "byte 83: an item with two lists of itemtypes",
        ),
        (
            items("<item><name>a</name><attributes/><attributes/></item>"),
            "byte 84: an item with two lists of attributes",
        ),
        (
            attribute("<value>x</value>"),
            "byte 94: an attribute whose value comes before its name",
        ),
        (
            attribute("<name>n</name><name>n</name>"),
            "byte 108: an attribute with two names",
        ),
        (
            attribute("<name>n</name><value>1</value><value>2</value>"),
            "byte 124: an attribute with two values",
        ),
        (attribute(""), "byte 83: an attribute without a name"),
        (
            attribute("<name> n</name>"),
            "byte 100: a name or a value with blanks around it",
        ),
        (
            "<package><itemtypes><itemtype><items/></itemtype></itemtypes></package>".to_owned(),
            "byte 30: an itemtype whose items come before its name",
        ),
        (
            "<package><itemtypes><itemtype></itemtype></itemtypes></package>".to_owned(),
            "byte 20: an itemtype without a name",
        ),
        (
            "<package><itemtypes><itemtype><name>\nl</name></itemtype></itemtypes></package>"
                .to_owned(),
            "byte 36: a name or a value with blanks around it",
        ),
    ] {
        let told = told(&document);
        assert!(
            told.contains(expected),
            "{document}\n{told}\nexpected {expected}"
        );
    }
}

#[test]
fn a_name_that_is_too_long_is_refused_and_the_limit_named() {
    let document = items(&format!("<item><name>{}</name></item>", "n".repeat(70_000)));
    let told = told(&document);
    assert!(
        told.ends_with("is longer than 65536 bytes, the limit value\n"),
        "{told}"
    );
}
