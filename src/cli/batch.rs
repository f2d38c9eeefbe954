//! Several archives, one after the other: each by itself, the rest go on when one is refused.

use std::path::Path;

use super::Context;
use super::options::{Format, MigrationArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use crate::history::{Asked, History, Record};
use crate::migrate::{Manner, migrate, prepare};
use crate::report::{ArchiveReport, json, table};

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doing<'a> {
    /// Only say what would be done.
    Plan,
    /// Write the upgraded archives, and record it.
    Migrate(Manner, Option<&'a History>),
}

/// Plans or migrates every archive, shows what came of it, and returns the highest exit.
pub(super) fn batch(context: &Context, migration: &MigrationArgs, doing: Doing<'_>) -> Exit {
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
            exit = exit.max(context.show(&table(&report, context.voice.width())));
        }
        if ended == Exit::Interrupted {
            break;
        }
    }
    if migration.format == Format::Json {
        exit = exit.max(context.show_json(&json(&reports)));
    }
    exit
}

fn one(
    context: &Context,
    migration: &MigrationArgs,
    doing: Doing<'_>,
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
    let mut record = match doing {
        Doing::Plan => None,
        Doing::Migrate(manner, history) => {
            let asked = Asked {
                source: path,
                options,
                overwrite: manner.overwrite,
            };
            match Record::submit(history, asked, &context.clock) {
                Ok(record) => Some((record, manner)),
                Err(error) => {
                    let error = error.into();
                    return (ArchiveReport::refused(path, &error), stopped(&error));
                }
            }
        }
    };
    let prepared = match prepare(path, options, &context.clock, &watch) {
        Ok(prepared) => prepared,
        Err(error) => {
            let mut exit = stopped(&error);
            if let Some((record, _)) = &mut record {
                exit = exit.max(closed(context, record, &error));
            }
            return (ArchiveReport::refused(path, &error), exit);
        }
    };
    for finding in &prepared.plan.findings {
        announce(&shown, finding);
    }
    let Some((mut record, manner)) = record else {
        return (
            ArchiveReport::planned(path, prepared.plan, &target),
            Exit::Done,
        );
    };
    let done = migrate(
        &prepared,
        &target,
        manner,
        &context.clock,
        &watch,
        &mut record,
    );
    let report = ArchiveReport::planned(path, prepared.plan, &target);
    match done {
        Ok(digests) => {
            let sha256 = digests.map(|digests| digests.target);
            (report.migrated(sha256), Exit::Done)
        }
        Err(error) => {
            let exit = stopped(&error).max(closed(context, &mut record, &error));
            (report.failed(&error), exit)
        }
    }
}

/// Records that a task failed; where that fails too, the task shows as interrupted.
fn closed(context: &Context, record: &mut Record<'_>, error: &Error) -> Exit {
    match record.fail(error) {
        Ok(()) => Exit::Done,
        Err(error) => context.history_error(&error),
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
