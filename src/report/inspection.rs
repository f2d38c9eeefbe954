//! What is in an archive, for people.

use std::path::Path;

use serde::Serialize;

use super::columns::columns;
use super::table::stopped;
use super::{ArchiveOutcome, ArchiveReport};
use crate::error::Error;
use crate::flow::{AppKind, ServerTime};
use crate::inspect::{
    Contents, EntryLine, HeldItem, Holder, HolderKind, Inspection, Node, NodeKind, Tally, Value,
};
use crate::plan::PlannedApp;
use crate::sanitize::sanitize;
use crate::sorted::naturally;
use crate::target::Form;

/// Rows of a part that was not asked for.
const GLIMPSE: usize = 20;

/// Holders of an item that was not asked for.
const HOLDERS: usize = 5;

/// A part of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectionPart {
    /// Apps and their tokens.
    Apps,
    /// How many items of which type each category of `data.xml` has.
    Categories,
    /// Tokens and the apps that use them.
    Tokens,
    /// Connections and who may do what with them.
    Connections,
}

/// What is said of an archive: an element of `archives` in the JSON contract, with more.
#[derive(Debug, Serialize)]
pub struct InspectionReport {
    /// What a plan says of it.
    #[serde(flatten)]
    pub report: ArchiveReport,
    /// What else is in it; none where the archive is refused.
    #[serde(flatten)]
    pub contents: Option<Contents>,
}

impl InspectionReport {
    /// Of the archive at `path`.
    pub fn new(path: &Path, inspection: Inspection) -> Self {
        let Inspection { plan, contents } = inspection;
        Self {
            report: ArchiveReport::planned_beside(path, plan),
            contents: Some(contents),
        }
    }

    /// Of an archive that is refused.
    pub fn refused(path: &Path, error: &Error) -> Self {
        Self {
            report: ArchiveReport::refused(path, error),
            contents: None,
        }
    }
}

/// The parts that were asked for, or all of it in short where none was.
pub fn inspection(inspection: &InspectionReport, parts: &[InspectionPart], width: u16) -> String {
    let width = usize::from(width);
    let Some(contents) = &inspection.contents else {
        return String::new();
    };
    let mut text = summary(inspection, contents);
    if !parts.is_empty() {
        for part in parts {
            text += &match part {
                InspectionPart::Apps => apps(&inspection.report, usize::MAX, width),
                InspectionPart::Categories => categories(contents, width),
                InspectionPart::Tokens => tokens(contents, width),
                InspectionPart::Connections => {
                    items("CONNECTION", &contents.connections, usize::MAX, width)
                }
            };
        }
        return text;
    }
    text += &apps(&inspection.report, GLIMPSE, width);
    text += &items("CONNECTION", &contents.connections, GLIMPSE, width);
    text += &items("RESOURCE", &contents.resources, GLIMPSE, width);
    text
}

/// The stamps and figures, a fact a line.
fn summary(inspection: &InspectionReport, contents: &Contents) -> String {
    let report = &inspection.report;
    let mut text = sanitize(&report.path).into_owned() + "\n";
    let mut fact = |name: &str, value: String| text += &format!("  {name:<11} {value}\n");
    if let (Some(kind), Some(build), Some(schema)) = (report.kind, report.build, &report.schema) {
        let release = contents.release.as_deref().unwrap_or("a release not known");
        let kind = kind.as_str();
        // Stamps are what an upgrade changes.
        let made = match contents.upgraded {
            Some(Form::Final) => "stamps",
            _ => "made by",
        };
        fact(made, format!("build {build}, {release}; schema {schema}"));
        let upgraded = match (contents.upgraded, report.outcome) {
            (Some(form), _) => &format!("upgraded by flowlift ({form} form)"),
            (None, ArchiveOutcome::Current) => "of 2026.1 or later, nothing to migrate",
            (None, ArchiveOutcome::Unchanged) => "nothing to migrate, restore it as it is",
            (None, _) => "to be migrated before a restore into 2026.1",
        };
        fact("kind", format!("{kind}, {upgraded}"));
    }
    fact("size", bytes(contents.size));
    let counts = contents.entries;
    let total = counts.total();
    fact(
        "entries",
        format!("{}, {} of content", total.count, bytes(total.bytes)),
    );
    let kinds: [(Tally, &str); 5] = [
        (counts.documents, "documents"),
        (counts.workspaces, "workspaces"),
        (counts.files, "other files"),
        (counts.directories, "empty folders"),
        (counts.others, "at the top"),
    ];
    for (tally, what) in kinds.into_iter().filter(|(tally, _)| tally.count > 0) {
        let size = format!("{what}, {}", bytes(tally.bytes));
        fact("", format!("{} {size}", tally.count));
    }
    if let Some(mode) = &contents.encryption_mode {
        fact("encryption", format!("mode {}", sanitize(mode)));
    }
    let excluded = match contents.sensitive_info_excluded {
        Some(true) => "excluded from the archive",
        Some(false) => "in the archive, keep it safe",
        None => "not said by this release, take it as being in the archive",
    };
    fact("sensitive", excluded.to_owned());
    fact("apps", kinds_of(&report.apps));
    let used = contents
        .tokens
        .iter()
        .filter(|token| !token.apps.is_empty())
        .count();
    fact(
        "tokens",
        format!("{}, {used} of them used by apps", contents.tokens.len()),
    );
    fact("connections", contents.connections.len().to_string());
    text
}

fn kinds_of(apps: &[PlannedApp]) -> String {
    let kinds = [
        AppKind::Workspace,
        AppKind::Automation,
        AppKind::Ar,
        AppKind::Gallery,
        AppKind::Other,
    ];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (apps.iter().filter(|app| app.kind == kind).count(), kind))
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect();
    if counts.is_empty() {
        "none".to_owned()
    } else {
        format!("{}: {}", apps.len(), counts.join(", "))
    }
}

fn categories(contents: &Contents, width: usize) -> String {
    let rows: Vec<[String; 2]> = contents
        .categories
        .iter()
        .map(|category| {
            // Lists within lists tell something only of repositories.
            let lists = category
                .lists
                .iter()
                .filter(|(list, _)| !list.contains('/') || list.ends_with("/workspaces"));
            let lists: Vec<_> = lists
                .map(|(list, count)| {
                    let list = list.rsplit('/').next().unwrap_or(list);
                    format!("{count}\u{a0}{}", sanitize(list))
                })
                .collect();
            [sanitize(&category.name).into_owned(), lists.join(", ")]
        })
        .collect();
    section(["CATEGORY", "ITEMS"], &rows, usize::MAX, width, "").replace('\u{a0}', " ")
}

fn apps(report: &ArchiveReport, most: usize, width: usize) -> String {
    let stopped = stopped(report);
    let mut apps: Vec<_> = report.apps.iter().collect();
    apps.sort_by(|a, b| {
        a.kind
            .cmp(&b.kind)
            .then_with(|| naturally(&a.name, &b.name))
    });
    let rows: Vec<[String; 6]> = apps
        .iter()
        .map(|app| {
            let token = app.token.as_ref();
            let state = match (app.enabled, stopped.get(&app.identifier)) {
                (None, _) => "-",
                (Some(false), why) => why.copied().unwrap_or("off"),
                (Some(true), _) if token.is_some_and(|it| it.restricted == Some(false)) => {
                    "unrestricted"
                }
                (Some(true), _) => "on",
            };
            let expires = token.and_then(|token| token.expires);
            [
                app.kind.to_string(),
                sanitize(&app.name).into_owned(),
                sanitize(&app.owner.name).into_owned(),
                token.map_or_else(
                    || "-".to_owned(),
                    |token| sanitize(&token.name).into_owned(),
                ),
                state.to_owned(),
                expires.map_or_else(|| "-".to_owned(), |time| time.0.date().to_string()),
            ]
        })
        .collect();
    let header = ["KIND", "APP", "OWNER", "TOKEN", "STATE", "EXPIRES"];
    section(header, &rows, most, width, "--apps lists all")
}

fn tokens(contents: &Contents, width: usize) -> String {
    let yes = |flag: Option<bool>| match flag {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    };
    let or_dash = |text: String| {
        if text.is_empty() {
            "-".to_owned()
        } else {
            text
        }
    };
    let rows: Vec<[String; 6]> = contents
        .tokens
        .iter()
        .map(|token| {
            let apps: Vec<_> = token
                .apps
                .iter()
                .map(|app| sanitize(app).into_owned())
                .collect();
            [
                sanitize(&token.user).into_owned(),
                or_dash(sanitize(&token.name).into_owned()),
                yes(token.enabled).to_owned(),
                yes(token.restricted).to_owned(),
                or_dash(expiry(token.expires.as_deref().unwrap_or_default())),
                or_dash(apps.join("\n")),
            ]
        })
        .collect();
    let header = ["USER", "TOKEN", "ENABLED", "RESTRICTED", "EXPIRES", "APPS"];
    section(header, &rows, usize::MAX, width, "")
}

/// The date alone, where it can be read.
fn expiry(text: &str) -> String {
    let read = text.parse::<ServerTime>();
    read.map_or_else(
        |_| sanitize(text).into_owned(),
        |time| time.0.date().to_string(),
    )
}

fn items(what: &str, items: &[HeldItem], most: usize, width: usize) -> String {
    let rows: Vec<[String; 3]> = items
        .iter()
        .map(|item| {
            let outside = if item.in_archive == Some(false) {
                " (not in the archive)"
            } else {
                ""
            };
            let shown = if most == usize::MAX { most } else { HOLDERS };
            let mut holders: Vec<_> = item.holders.iter().take(shown).map(holder).collect();
            let more = item.holders.len().saturating_sub(shown);
            if more > 0 {
                holders.push(format!("… and {more} more"));
            }
            [
                sanitize(&item.name).into_owned() + outside,
                item.owner
                    .as_deref()
                    .map_or("-".into(), sanitize)
                    .into_owned(),
                if holders.is_empty() {
                    "-".to_owned()
                } else {
                    holders.join("\n")
                },
            ]
        })
        .collect();
    let header = [what, "OWNER", "WHO MAY DO WHAT"];
    section(
        header,
        &rows,
        most,
        width,
        "--connections lists all, as does --format json",
    )
}

fn holder(holder: &Holder) -> String {
    let kind = match holder.kind {
        HolderKind::Role => "role",
        HolderKind::User => "user",
        HolderKind::Token => "token",
        HolderKind::App => "app",
    };
    let words = holder.permissions.iter().map(|word| {
        let short = word.split_once('_').map_or(&**word, |(_, rest)| rest);
        sanitize(short).into_owned()
    });
    let words: Vec<_> = words.collect();
    format!("{kind} {}: {}", sanitize(&holder.name), words.join(", "))
}

/// A table under a blank line, cut after `most` rows; nothing where there are none.
fn section<const N: usize>(
    header: [&str; N],
    rows: &[[String; N]],
    most: usize,
    width: usize,
    more: &str,
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let shown = rows.get(..most).unwrap_or(rows);
    let mut text = "\n".to_owned() + &columns(header, shown, width);
    if shown.len() < rows.len() {
        text += &format!(" … and {} more: {more}\n", rows.len() - shown.len());
    }
    text
}

/// A line of `--entries`.
pub fn entry(entry: &EntryLine) -> String {
    let EntryLine {
        name,
        size,
        compressed,
        crc,
    } = entry;
    format!("{size:>14} {compressed:>14} {crc} {}\n", sanitize(name))
}

/// What stands above the lines of `--entries`.
pub fn entry_header() -> String {
    format!("{:>14} {:>14} {:8} NAME\n", "SIZE", "COMPRESSED", "CRC-32")
}

/// A line of `--tree`.
pub fn node(node: &Node) -> String {
    let indent = "  ".repeat(node.depth);
    let name = sanitize(&node.name);
    let named = if name.is_empty() { "(no name)" } else { &name };
    match &node.kind {
        NodeKind::List => format!("{indent}{named}:\n"),
        NodeKind::Files => format!("{indent}{named} (files):\n"),
        NodeKind::Folders => format!("{indent}{named} (folders):\n"),
        NodeKind::Item => format!("{indent}- {named}\n"),
        NodeKind::Attribute { r#type, value } => {
            let value = match value {
                Value::Text(text) => sanitize(text).into_owned(),
                Value::Cut { text, bytes } => format!("{}… ({bytes} bytes)", sanitize(text)),
                Value::Secret { bytes, form } => format!("(not shown: {form}, {bytes} bytes)"),
            };
            format!("{indent}{named} ({}) = {value}\n", sanitize(r#type))
        }
    }
}

/// A number of bytes for people.
fn bytes(count: u64) -> String {
    indicatif::HumanBytes(count).to_string()
}
