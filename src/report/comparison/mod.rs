//! What a comparison found: a table, JSON, a page to sign.

mod html;
mod table;

use std::fmt::Write;
use std::io;

use serde::Serialize;

pub use html::comparison_html;
pub use table::comparison_table;

use crate::compare::{ComparedApp, ComparedArchive, ComparedConnection, Comparison};
use crate::flow::Permissions;
use crate::json::write_pretty;
use crate::sanitize::sanitize;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    as_planned: bool,
    #[serde(flatten)]
    comparison: &'a Comparison,
    counts: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    of: &'static str,
    outcome: &'static str,
    count: usize,
}

/// Writes the comparison as one document, with a line end.
///
/// # Errors
/// Those of `out`.
pub fn write_comparison_json(out: &mut dyn io::Write, comparison: &Comparison) -> io::Result<()> {
    let counts = comparison.counts().into_iter();
    let document = Document {
        schema_version: 1,
        as_planned: comparison.is_as_planned(),
        comparison,
        counts: counts
            .map(|(of, outcome, count)| Count { of, outcome, count })
            .collect(),
    };
    write_pretty(out, &document)
}

/// What an archive is, in a line.
fn described(side: &ComparedArchive) -> String {
    let mut text = sanitize(&side.path).into_owned();
    if let (Some(kind), Some(build), Some(schema)) = (side.kind, side.build, &side.schema) {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            ": {} of build {build}, schema {schema}",
            kind.as_str()
        );
    }
    text
}

/// The answer in a sentence.
fn answer(comparison: &Comparison) -> String {
    let all = comparison.apps.len();
    let apps = || comparison.apps.iter();
    let differing = apps().filter(|app| !app.is_as_planned()).count();
    if differing == 0 {
        return match all {
            1 => "As planned: the one app has what it should have, and nothing more".to_owned(),
            _ => format!("As planned: all {all} apps have what they should have, and nothing more"),
        };
    }
    let are = if differing == 1 { "is" } else { "are" };
    let mut text = format!(
        "NOT as planned: {differing} of {all} apps {are} not as planned, or cannot be told to be"
    );
    let gained = apps().filter(|app| app.has_gained()).count();
    if gained > 0 {
        let _ = write!(text, "; {gained} of them can do MORE than was planned");
    }
    text
}

/// How many of everything came out how: `apps: 3 same, 1 missing`.
fn tallies(comparison: &Comparison) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut last = "";
    for (of, outcome, count) in comparison.counts() {
        let text = format!("{count} {outcome}");
        match lines.last_mut() {
            Some(line) if last == of => *line += &format!(", {text}"),
            _ => lines.push(format!("{of}: {text}")),
        }
        last = of;
    }
    lines
}

/// What became of a Connection, in a line.
fn connection(it: &ComparedConnection) -> String {
    let mut text = format!("{}: {}", sanitize(&it.connection), it.outcome);
    let words =
        |them: &Option<Permissions>| them.as_ref().map_or_else(|| "nothing".to_owned(), short);
    if it.expected != it.found {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            " (planned {}, found {})",
            words(&it.expected),
            words(&it.found)
        );
    }
    match it.logged {
        Some(true) => text += ", named in the log",
        Some(false) => text += ", not named in the log",
        None => {}
    }
    text
}

/// What became of a token and the Resources, in lines.
fn others(app: &ComparedApp) -> Vec<String> {
    let token = app.token.iter();
    let token = token.map(|it| format!("token {}: {}", sanitize(&it.name), it.outcome));
    let resources = app.resources.iter();
    let resources = resources.map(|it| {
        let (name, words) = (sanitize(&it.resource), short(&it.permissions));
        format!("{name}: {} ({words})", it.outcome)
    });
    token.chain(resources).collect()
}

/// Permissions without what they all begin with.
fn short(permissions: &Permissions) -> String {
    let words = permissions
        .iter()
        .map(|word| word.split_once('_').map_or(word, |(_, rest)| rest));
    words.map(sanitize).collect::<Vec<_>>().join(", ")
}

/// What became of the app itself, in words.
fn outcomes(app: &ComparedApp) -> Vec<String> {
    let words = app.outcomes.iter();
    words
        .map(|outcome| match (&app.owner_now, outcome) {
            (Some(owner), crate::compare::AppOutcome::OwnerChanged) => {
                format!("{outcome}: {}", sanitize(&owner.name))
            }
            _ => outcome.to_string(),
        })
        .collect()
}
