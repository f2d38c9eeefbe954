//! Several archives, one after the other: each by itself, the rest go on when one is refused.

use std::path::Path;

use super::Context;
use super::options::{Format, MigrationArgs};
use crate::archive::Overwrite;
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use crate::migrate::{migrate, prepare};
use crate::report::{ArchiveReport, json, table};

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doing {
    /// Only say what would be done.
    Plan,
    /// Write the upgraded archives.
    Migrate(Overwrite),
}

/// Plans or migrates every archive, shows what came of it, and returns the highest exit.
pub(super) fn batch(context: &Context, migration: &MigrationArgs, doing: Doing) -> Exit {
    if let Some(mistake) = migration.mistake() {
        context
            .voice
            .error(None, mistake, Some("use --out-dir for several archives"));
        return Exit::Usage;
    }
    let mut exit = Exit::Done;
    let mut reports = Vec::new();
    for path in &migration.archives {
        let (report, ended) = one(context, migration, doing, path);
        exit = exit.max(ended);
        if migration.format == Format::Json {
            reports.push(report);
        } else if report.error.is_none() {
            exit = exit.max(show(context, &table(&report, context.voice.width())));
        }
        if ended == Exit::Interrupted {
            break;
        }
    }
    if migration.format == Format::Json {
        match json(&reports) {
            Ok(text) => exit = exit.max(show(context, &text)),
            Err(error) => {
                context
                    .voice
                    .error(None, &format!("cannot write JSON: {error}"), None);
                exit = exit.max(Exit::Failed);
            }
        }
    }
    exit
}

fn one(
    context: &Context,
    migration: &MigrationArgs,
    doing: Doing,
    path: &Path,
) -> (ArchiveReport, Exit) {
    let shown = path.to_string_lossy();
    let watch = context.voice.bars().watch(&shown);
    let options = migration.options();
    let target = migration.target(path);
    let stopped = |error: &Error| {
        context
            .voice
            .error(Some(&shown), &error.line(), error.help());
        error.exit()
    };
    let prepared = match prepare(path, options, &context.clock, &watch) {
        Ok(prepared) => prepared,
        Err(error) => return (ArchiveReport::refused(path, &error), stopped(&error)),
    };
    for finding in &prepared.plan.findings {
        announce(&shown, finding);
    }
    let Doing::Migrate(overwrite) = doing else {
        return (
            ArchiveReport::planned(path, prepared.plan, &target),
            Exit::Done,
        );
    };
    let done = migrate(
        &prepared,
        &target,
        overwrite,
        options,
        &context.clock,
        &watch,
    );
    let report = ArchiveReport::planned(path, prepared.plan, &target);
    match done {
        Ok(()) => (report.migrated(), Exit::Done),
        Err(error) => (report.failed(&error), stopped(&error)),
    }
}

/// Makes a finding an event.
fn announce(archive: &str, finding: &Finding) {
    let (code, app) = (finding.code().as_str(), finding.app.as_deref());
    let message = finding.message();
    match finding.level() {
        Level::Inform => tracing::info!(archive, app, code, "{message}"),
        Level::Warn => tracing::warn!(archive, app, code, "{message}"),
        Level::Error => tracing::error!(archive, app, code, "{message}"),
    }
}

fn show(context: &Context, text: &str) -> Exit {
    match context.voice.data(text) {
        Ok(()) => Exit::Done,
        Err(error) => {
            context
                .voice
                .error(None, &format!("cannot write the result: {error}"), None);
            Exit::Failed
        }
    }
}
