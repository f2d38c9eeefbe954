//! The signs between words, in every spelling in which they stand in a workspace, in JSON, in XML or in
//! an address: FME writes `/` as `<solidus>`, XML `<` as `&lt;`.

/// What stands for `/`.
const SLASHES: [&str; 6] = ["/", "\\/", "%2f", "&#x2f;", "<solidus>", "&lt;solidus&gt;"];

/// What may stand between the word `token` and its value.
const SEPARATORS: [&str; 24] = [
    "=",
    ":",
    " ",
    "\"",
    "'",
    "\\",
    "%3d",
    "%20",
    "&quot;",
    "&#34;",
    "&apos;",
    "<equal>",
    "<colon>",
    "<space>",
    "<quote>",
    "<apos>",
    "<backslash>",
    "&lt;equal&gt;",
    "&lt;colon&gt;",
    "&lt;space&gt;",
    "&lt;quote&gt;",
    "&lt;apos&gt;",
    "&lt;backslash&gt;",
    "\t",
];

/// What begins the query of an address, or another part of it.
const QUERIES: [&str; 8] = [
    "?",
    "&",
    "&amp;",
    "<quest>",
    "<amp>",
    "&lt;quest&gt;",
    "&lt;amp&gt;",
    "%3f",
];

/// What follows an address that is over.
const ENDS: [&str; 10] = [
    "\"",
    " ",
    "\r",
    "\n",
    "?",
    "&quot;",
    "<quote>",
    "<space>",
    "&lt;quote&gt;",
    "&lt;space&gt;",
];

/// What follows one slash, if `text` begins with it.
pub(super) fn after_slash(text: &[u8]) -> Option<&[u8]> {
    after_one_of(&SLASHES, text)
}

/// What follows the separators that `text` begins with, of which there is at least one.
pub(super) fn after_separators(text: &[u8]) -> Option<&[u8]> {
    let mut rest = after_one_of(&SEPARATORS, text)?;
    while let Some(after) = after_one_of(&SEPARATORS, rest) {
        rest = after;
    }
    Some(rest)
}

/// Whether `text` ends with what begins a part of an address's query.
pub(super) fn ends_in_query(text: &[u8]) -> bool {
    QUERIES.iter().any(|sign| {
        let from = text.len().saturating_sub(sign.len());
        let end = text.get(from..).unwrap_or_default();
        end.eq_ignore_ascii_case(sign.as_bytes())
    })
}

/// Whether an address is over before `text`. One that a program adds to is not: `"…/jobs/" + id`.
pub(super) fn is_end(text: &[u8]) -> bool {
    let Some(rest) = after_one_of(&ENDS, text) else {
        return text.is_empty();
    };
    !rest.trim_ascii_start().starts_with(b"+")
}

fn after_one_of<'a>(signs: &[&str], text: &'a [u8]) -> Option<&'a [u8]> {
    let found = signs.iter().find(|sign| {
        let start = text.get(..sign.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(sign.as_bytes())
    })?;
    text.get(found.len()..)
}
