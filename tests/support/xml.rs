//! Finds pieces of `data.xml` as text, to move them about by hand.

/// The innermost item that holds `mark`.
pub(crate) fn item_with(text: &str, mark: &str) -> String {
    let at = text.find(mark).unwrap_or_else(|| panic!("no {mark}"));
    let mut depth = 0;
    let mut start = at;
    loop {
        start = text[..start].rfind("item>").unwrap();
        if text[..start].ends_with("</") {
            depth += 1;
        } else if depth == 0 {
            break;
        } else {
            depth -= 1;
        }
    }
    element(&text[start - 1..], "item")
}

/// The itemtype called `name`.
pub(crate) fn list_of(text: &str, name: &str) -> String {
    let mark = format!("<itemtype><name>{name}</name>");
    element(&text[text.find(&mark).unwrap()..], "itemtype")
}

/// The element that `text` begins with.
pub(crate) fn element(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let (mut at, mut depth) = (0, 0);
    loop {
        let rest = &text[at..];
        let end = rest.find(&close).unwrap();
        if let Some(start) = rest.find(&open).filter(|start| *start < end) {
            depth += 1;
            at += start + open.len();
            continue;
        }
        depth -= 1;
        at += end + close.len();
        if depth == 0 {
            return text[..at].to_owned();
        }
    }
}
