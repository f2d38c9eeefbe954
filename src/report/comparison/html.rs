//! A comparison as one page, to be read, printed and signed.

use askama::Template;
use jiff::Zoned;

use super::{answer, connection, described, others, outcomes};
use crate::compare::{ComparedApp, Comparison, StableWord};
use crate::report::page::{embedded, policy_without_script};
use crate::sanitize::sanitize;

/// The page, made `now`.
///
/// # Errors
/// Only such as writing to memory can have.
pub fn comparison_html(comparison: &Comparison, now: &Zoned) -> askama::Result<String> {
    let style = [
        include_str!("../../../templates/audit.css"),
        include_str!("../../../templates/compare.css"),
    ];
    let style = embedded(&style.concat());
    let sides = [
        ("Planned", &comparison.before),
        ("Found", &comparison.after),
    ];
    let mut apps: Vec<_> = comparison.apps.iter().map(App::of).collect();
    apps.sort_by_key(|app| app.is_as_planned);
    Page {
        version: env!("CARGO_PKG_VERSION"),
        when: now.strftime("%-d %B %Y, %H:%M %Z").to_string(),
        policy: policy_without_script(&style),
        style,
        is_as_planned: comparison.is_as_planned(),
        answer: answer(comparison),
        sides: sides
            .into_iter()
            .map(|(title, side)| Archive {
                title,
                description: described(side),
                digest: side.sha256.as_deref().unwrap_or("not recorded").to_owned(),
            })
            .collect(),
        counts: comparison.counts(),
        remarks: shown(&comparison.remarks),
        apps,
    }
    .render()
}

/// The page's data; all text in it is fit to be shown, and yet to be escaped.
#[derive(Template)]
#[template(path = "compare.html")]
struct Page {
    version: &'static str,
    when: String,
    policy: String,
    style: String,
    is_as_planned: bool,
    answer: String,
    sides: Vec<Archive>,
    counts: Vec<(&'static str, &'static str, usize)>,
    remarks: Vec<String>,
    apps: Vec<App>,
}

struct Archive {
    title: &'static str,
    description: String,
    digest: String,
}

struct App {
    name: String,
    kind: String,
    owner: String,
    identifier: String,
    is_as_planned: bool,
    has_gained: bool,
    outcomes: Vec<String>,
    connections: Vec<(bool, String)>,
    others: Vec<String>,
}

impl App {
    fn of(app: &ComparedApp) -> Self {
        let connections = app.connections.iter();
        Self {
            name: sanitize(&app.name).into_owned(),
            kind: app.kind.to_string(),
            owner: sanitize(&app.owner.name).into_owned(),
            identifier: app.identifier.to_string(),
            is_as_planned: app.is_as_planned(),
            has_gained: app.has_gained(),
            outcomes: outcomes(app),
            connections: connections
                .map(|it| (it.outcome.is_as_planned(), connection(it)))
                .collect(),
            others: others(app),
        }
    }
}

fn shown(sentences: &[String]) -> Vec<String> {
    sentences
        .iter()
        .map(|it| sanitize(it).into_owned())
        .collect()
}
