//! A comparison for people, in as many columns as the terminal has.

use super::{answer, connection, described, outcomes, tallies};
use crate::compare::{ComparedApp, ComparedArchive, Comparison, ConnectionOutcome, StableWord};
use crate::report::columns::columns;
use crate::sanitize::sanitize;

/// What differs, how many of everything there are, and the answer; at most `width` columns wide.
pub fn comparison_table(comparison: &Comparison, width: u16) -> String {
    let mut text = side("BEFORE", &comparison.before) + &side("AFTER ", &comparison.after);
    let differing = comparison.apps.iter().filter(|app| !app.is_as_planned());
    let rows: Vec<_> = differing.map(row).collect();
    if !rows.is_empty() {
        let header = ["KIND", "APP", "OWNER", "APP IS", "CONNECTIONS", "TOKEN"];
        text.push('\n');
        text += &columns(header, &rows, width.into());
    }
    text.push('\n');
    for line in tallies(comparison) {
        text += &format!("{line}\n");
    }
    for remark in &comparison.remarks {
        text += &format!("remark: {}\n", sanitize(remark));
    }
    text + "\n" + &answer(comparison) + "\n"
}

fn side(name: &str, side: &ComparedArchive) -> String {
    let digest = side.sha256.as_deref().unwrap_or("not recorded");
    format!("{name} {}\n       sha256:{digest}\n", described(side))
}

/// An app that is not as planned: of its Connections those that are not. What is not observable is
/// only counted, since then hardly anything of it is.
fn row(app: &ComparedApp) -> [String; 6] {
    let differing = app.connections.iter();
    let differing = differing.filter(|it| !it.outcome.is_as_planned());
    let (unseen, seen): (Vec<_>, Vec<_>) =
        differing.partition(|it| it.outcome == ConnectionOutcome::NotObservable);
    let mut connections: Vec<_> = seen.into_iter().map(connection).collect();
    if !unseen.is_empty() {
        connections.push(format!("{} not-observable", unseen.len()));
    }
    let token = app.token.as_ref();
    [
        app.kind.to_string(),
        sanitize(&app.name).into_owned(),
        sanitize(&app.owner.name).into_owned(),
        outcomes(app).join("\n"),
        lines(&connections),
        token.map_or_else(|| "-".to_owned(), |token| token.outcome.to_string()),
    ]
}

fn lines(of: &[String]) -> String {
    if of.is_empty() {
        "-".to_owned()
    } else {
        of.join("\n")
    }
}
