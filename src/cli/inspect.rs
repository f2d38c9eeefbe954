//! `flowlift inspect`: what is in an archive.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::Context;
use super::inputs::{Input, inputs};
use super::limits::LimitArgs;
use super::options::Format;
use super::suggest::nearest;
use crate::archive::Source;
use crate::error::Error;
use crate::exit::Exit;
use crate::inspect::{EntryLine, Missing, Node, Shown, entry_line, inspect, outline};
use crate::package::WANTED;
use crate::report::{self, InspectionPart, InspectionReport};

/// Show what is in an archive, of any release
///
/// Says which release made it, what it holds, which apps use which token, and who may run which
/// connection. Nothing is written and no secret is shown: --tree shows values that are known to be
/// names, keys, dates and switches, and of all others their length and what they are written in. An
/// upgraded archive and one of 2026.1 can be looked at in the same way.
#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// Backups (.fsconfig), projects (.fsproject), folders to be searched for them, and patterns
    #[arg(required = true, value_name = "ARCHIVE")]
    archives: Vec<PathBuf>,
    #[command(flatten)]
    parts: Parts,
    /// List all entries of the ZIP
    #[arg(long)]
    entries: bool,
    /// Show a part of data.xml as an outline, such as `security/user_tokens`; "/" shows all of it and
    /// "*" stands for any one name
    #[arg(long, value_name = "PATH", conflicts_with_all = ["apps", "categories", "tokens", "connections", "entries"])]
    tree: Option<String>,
    /// How many levels of lists and items --tree shows
    #[arg(long, value_name = "LEVELS", requires = "tree", default_value_t = 64)]
    depth: usize,
    #[command(flatten)]
    limits: LimitArgs,
    /// How the result is shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// The tables to show instead of a summary of all.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a word of the command line
struct Parts {
    /// List all apps with their tokens
    #[arg(long)]
    apps: bool,
    /// Count the items of each category of data.xml
    #[arg(long)]
    categories: bool,
    /// List all API tokens with the apps that use them
    #[arg(long)]
    tokens: bool,
    /// List all connections with who may do what with them
    #[arg(long)]
    connections: bool,
}

impl Parts {
    fn asked_for(&self) -> Vec<InspectionPart> {
        let parts = [
            (self.apps, InspectionPart::Apps),
            (self.categories, InspectionPart::Categories),
            (self.tokens, InspectionPart::Tokens),
            (self.connections, InspectionPart::Connections),
        ];
        let asked = parts.into_iter().filter(|(asked, _)| *asked);
        asked.map(|(_, part)| part).collect()
    }
}

/// An element of `archives` in JSON.
#[derive(Serialize)]
struct Element {
    #[serde(flatten)]
    inspection: InspectionReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_list: Option<Vec<EntryLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<Vec<Node>>,
}

impl Inspect {
    pub(super) fn run(&self, context: &Context) -> Exit {
        let mut exit = Exit::Done;
        let mut elements = Vec::new();
        let found = inputs(context, &self.archives, None);
        let (inputs, found) = match found.and_then(|found| context.begin().map(|()| found)) {
            Ok(found) => found,
            Err(exit) => return exit,
        };
        exit = exit.max(found);
        for Input { path, .. } in &inputs {
            match self.one(context, path, &mut elements) {
                Ok(ended) => exit = exit.max(ended),
                Err(error) => {
                    exit = exit.max(context.stopped(path, &error));
                    elements.push(element(InspectionReport::refused(path, &error)));
                }
            }
            if exit == Exit::Interrupted {
                break;
            }
        }
        if self.format == Format::Json {
            let written = context
                .voice
                .stream(|out| report::write_json(out, &elements));
            exit = exit.max(context.shown(written));
        }
        exit
    }

    fn one(
        &self,
        context: &Context,
        path: &Path,
        elements: &mut Vec<Element>,
    ) -> Result<Exit, Error> {
        let shown = path.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        if let Some(part) = &self.tree {
            return self.tree(context, path, part, elements);
        }
        let inspection = inspect(path, self.limits.limits(), &context.clock, &watch)?;
        let mut exit = Exit::Done;
        let mut element = element(InspectionReport::new(path, inspection));
        if self.format == Format::Table {
            let parts = self.parts.asked_for();
            if !self.entries || !parts.is_empty() {
                let apart = if elements.is_empty() { "" } else { "\n" };
                let width = context.voice.width();
                let text = report::inspection(&element.inspection, &parts, width);
                exit = context.show(&(apart.to_owned() + &text));
            }
        }
        if self.entries {
            let source = Source::open(path, WANTED)?;
            let lines = source
                .entries()
                .map(|entry| entry.map(|entry| entry_line(&entry)));
            if self.format == Format::Json {
                element.entry_list = Some(lines.collect::<Result<_, _>>()?);
            } else {
                let mut pages = Pages::new(context);
                let mut shown = pages.push(&report::entry_header());
                for line in lines {
                    let line = line?;
                    shown = shown.and_then(|()| pages.push(&report::entry(&line)));
                }
                exit = exit.max(context.shown(shown.and_then(|()| pages.turn())));
            }
        }
        elements.push(element);
        Ok(exit)
    }

    fn tree(
        &self,
        context: &Context,
        path: &Path,
        part: &str,
        elements: &mut Vec<Element>,
    ) -> Result<Exit, Error> {
        let shown = path.to_string_lossy();
        let watch = context.voice.bars().watch(&shown);
        let mut nodes = Vec::new();
        let pages = RefCell::new(Pages::new(context));
        let limits = self.limits.limits();
        let ended = outline(path, limits, part, self.depth, &watch, &mut |node| {
            if self.format == Format::Json {
                nodes.push(node);
                Ok(())
            } else {
                pages.borrow_mut().push(&report::node(&node))
            }
        })?;
        let mut exit = context.shown(pages.borrow_mut().turn());
        if let Shown::Missing(missing) = &ended {
            say_missing(context, path, part, missing);
            exit = exit.max(Exit::No);
        }
        if self.format == Format::Json {
            let inspection = inspect(path, limits, &context.clock, &watch)?;
            let mut element = element(InspectionReport::new(path, inspection));
            element.tree = Some(nodes);
            elements.push(element);
        }
        Ok(exit)
    }
}

const fn element(inspection: InspectionReport) -> Element {
    Element {
        inspection,
        entry_list: None,
        tree: None,
    }
}

fn say_missing(context: &Context, path: &Path, part: &str, missing: &Missing) {
    let rest = part.trim_matches('/');
    let rest = rest.strip_prefix(&*missing.found).unwrap_or(rest);
    let word = rest.split('/').next().unwrap_or(rest);
    let near = nearest(word, missing.names.iter().map(String::as_str));
    let below = if missing.found.is_empty() {
        "the categories are".to_owned()
    } else {
        format!("below {} there are", missing.found.trim_end_matches('/'))
    };
    let help = match near {
        Some(near) => format!("did you mean {}{near}?", missing.found),
        None if missing.names.is_empty() => "nothing lies below it".to_owned(),
        None => {
            let some: Vec<_> = missing.names.iter().take(12).map(String::as_str).collect();
            let more = if missing.names.len() > some.len() {
                ", …"
            } else {
                ""
            };
            format!("{below}: {}{more}", some.join(", "))
        }
    };
    let message = format!("data.xml has nothing at {part:?}");
    context
        .voice
        .error(Some(&path.to_string_lossy()), &message, Some(&help));
}

/// Text that is shown in pages: neither piece by piece nor kept as a whole.
struct Pages<'a> {
    context: &'a Context,
    page: String,
}

impl<'a> Pages<'a> {
    const BYTES: usize = 64 * 1024;

    const fn new(context: &'a Context) -> Self {
        Self {
            context,
            page: String::new(),
        }
    }

    fn push(&mut self, text: &str) -> io::Result<()> {
        self.page.push_str(text);
        if self.page.len() < Self::BYTES {
            return Ok(());
        }
        self.turn()
    }

    fn turn(&mut self) -> io::Result<()> {
        let shown = self.context.voice.data(&self.page);
        self.page.clear();
        shown
    }
}
