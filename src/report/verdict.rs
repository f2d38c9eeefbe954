//! What a verification found, for people and for programs.

use std::io;

use serde::Serialize;

use super::table::Detail;
use crate::json::pretty;
use crate::sanitize::sanitize;
use crate::verify::Verdict;

/// Differences that are shown where nobody asked for all.
const SOME: usize = 20;

/// The verdict in lines; the last one signs it off with what was judged.
pub fn verdict_text(verdict: &Verdict, detail: Detail) -> String {
    let mut text = String::new();
    let shown = match detail {
        Detail::Full => usize::MAX,
        Detail::Brief if verdict.are_strangers() => 0,
        Detail::Brief => SOME,
    };
    for difference in verdict.differences.iter().take(shown) {
        text += &sanitize(&difference.to_string());
        text.push('\n');
    }
    if verdict.are_strangers() {
        text += "UPGRADED was not made from SOURCE: more entries stand in one of them alone than in both; \
                 name the archive that it was made from\n";
    }
    let shown = verdict.differences.len().min(shown) as u64;
    if shown > 0 && verdict.difference_count > shown {
        text += &format!(
            "and {} more: -v shows all\n",
            verdict.difference_count - shown
        );
    }
    for remark in &verdict.remarks {
        text += &format!("remark: {}\n", sanitize(remark));
    }
    for hint in &verdict.hints {
        text += &format!("hint: {}\n", sanitize(hint));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let Verdict {
        entries,
        untouched,
        form,
        as_of,
        difference_count,
        ..
    } = verdict;
    let as_of = as_of.0.strftime("%Y-%m-%dT%H:%M:%S");
    let rewritten = match &verdict.rewritten[..] {
        [] => "none rewritten".to_owned(),
        names => format!("rewritten as planned: {}", names.join(", ")),
    };
    text += &match difference_count {
        0 => format!(
            "verified in the form {form}: {entries} entries, {untouched} identical, {rewritten}; \
             expiry as of {as_of}"
        ),
        1 => "NOT verified: 1 difference".to_owned(),
        count => format!("NOT verified: {count} differences"),
    };
    let (source, upgraded) = (verdict.source.to_string(), verdict.upgraded.to_string());
    text + &format!(
        "\n  source   {}\n  upgraded {}\n",
        sanitize(&source),
        sanitize(&upgraded)
    )
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    verified: bool,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

/// The verdict as one document, with a line end.
///
/// # Errors
/// Those of writing JSON.
pub fn verdict_json(verdict: &Verdict) -> io::Result<String> {
    let document = Document {
        schema_version: 1,
        verified: verdict.is_good(),
        verdict,
    };
    pretty(&document)
}
