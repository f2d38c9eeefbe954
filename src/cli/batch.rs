//! Several archives, one after the other: each by itself, the rest go on when one is refused.

use std::path::Path;

use super::Context;
use super::inputs::{Input, inputs};
use super::jobs::{in_order, jobs};
use super::messages::Messages;
use super::options::{MigrationArgs, Rows};
use crate::error::Error;
use crate::exit::Exit;
use crate::history::{Asked, History, TaskRecord};
use crate::migrate::{MigrateOptions, migrate, prepare};
use crate::report::audit::{AuditedArchive, write_csv};
use crate::report::{ArchiveOutcome, ArchiveReport, Detail, Summary, table, write_json};
use crate::sanitize::sanitize;
use crate::shell::quoted;

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mode<'a> {
    /// Only say what would be done, and with which command line it is.
    Plan { apply: &'a str },
    /// Write the upgraded archives, and record it if that is wanted.
    Migrate(MigrateOptions, Recording, Existing),
}

/// Whether what is done is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    InHistory,
    Nowhere,
}

/// What a target that is there means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// The archive is not even read.
    Skipped,
    /// The archive is worked on, and what may be replaced is known only then.
    Seen,
}

/// Plans or migrates every archive, shows what came of it, and returns the highest exit.
pub(super) fn batch(context: &Context, migration: &MigrationArgs, mode: Mode<'_>) -> Exit {
    let (inputs, found) = match begin(context, migration) {
        Ok(begun) => begun,
        Err(exit) => return exit,
    };
    let history = match mode {
        Mode::Migrate(_, Recording::InHistory, _) => match migration.history.open() {
            Ok(history) => Some(history),
            Err(error) => return context.history_error(&error),
        },
        _ => None,
    };
    found.max(all(context, migration, mode, history.as_ref(), &inputs))
}

/// Finds the archives and sees to it that no file of the run can harm another.
pub(super) fn begin(
    context: &Context,
    migration: &MigrationArgs,
) -> Result<(Vec<Input>, Exit), Exit> {
    migration.history.add(context)?;
    let found = inputs(context, &migration.archives, Some(&migration.history))?;
    migration.add_targets(context, &found.0)?;
    context.begin()?;
    Ok(found)
}

fn all(
    context: &Context,
    migration: &MigrationArgs,
    mode: Mode<'_>,
    history: Option<&History>,
    inputs: &[Input],
) -> Exit {
    let mut exit = Exit::Done;
    let sizes = inputs.iter().map(|input| size(&input.path));
    context.voice.bars().expect(inputs.len(), sizes.sum());
    let (mut reports, mut stopped) = (Vec::new(), Vec::new());
    let mut summary = Summary::default();
    let (are_several, width) = (inputs.len() > 1, context.voice.width());
    in_order(
        inputs,
        jobs(migration.jobs).min(inputs.len()),
        |input| {
            let mut messages = if are_several {
                Messages::kept(context)
            } else {
                Messages::at_once(context)
            };
            let (report, ended) = one(context, migration, mode, history, input, &mut messages);
            (report, ended, messages)
        },
        |(_, ended, _)| *ended == Exit::Interrupted,
        |(report, ended, messages)| {
            stopped.extend(messages.speak());
            exit = exit.max(ended);
            summary.add(&report);
            let is_shown = !are_several || context.detail == Detail::Full;
            if migration.format != Rows::Table {
                reports.push(report);
            } else if report.error.is_none() && is_shown {
                let apart = if are_several { "\n" } else { "" };
                let text = table(&report, context.detail, width) + apart;
                exit = exit.max(context.show(&text));
            }
        },
    );
    context.voice.bars().done();
    exit = exit.max(match migration.format {
        Rows::Json => {
            let written = context.voice.stream(|out| write_json(out, &reports));
            context.shown(written)
        }
        Rows::Csv => {
            let archives: Vec<_> = reports.iter().map(AuditedArchive::from).collect();
            let written = context.voice.stream(|out| write_csv(out, &archives));
            context.shown(written)
        }
        Rows::Table => context.show(&conclusion(context, migration, inputs, mode, &summary)),
    });
    // What went wrong stands last, where it is seen.
    for word in stopped {
        word.say(context);
    }
    exit
}

/// What is said once all archives are through, and which commands come next.
fn conclusion(
    context: &Context,
    migration: &MigrationArgs,
    inputs: &[Input],
    mode: Mode<'_>,
    summary: &Summary,
) -> String {
    let mut text = String::new();
    if inputs.len() > 1 {
        text += &summary.text(context.detail, context.voice.width());
    }
    let mut next = |when: &str, command: &str| {
        text += &format!("{when}: {}\n", sanitize(command));
    };
    if summary.needs_someone() {
        let words = migration.archives.iter();
        let words: Vec<_> = words.map(|word| quoted(&word.to_string_lossy())).collect();
        next("details", &format!("flowlift audit {}", words.join(" ")));
    }
    match (mode, inputs) {
        (Mode::Plan { apply }, _) if summary.count(ArchiveOutcome::Planned) > 0 => {
            next("to apply", apply);
        }
        (Mode::Migrate(..), [input]) if summary.count(ArchiveOutcome::Migrated) > 0 => {
            let before = quoted(&input.path.to_string_lossy());
            let command = format!("flowlift compare {before} BACKUP-OF-THE-NEW-SERVER");
            next("after the restore", &command);
        }
        _ => {}
    }
    text
}

/// Of a file, in bytes; what cannot be read is found out when it is opened.
fn size(path: &Path) -> u64 {
    fs_err::metadata(path).map_or(0, |metadata| metadata.len())
}

fn one(
    context: &Context,
    migration: &MigrationArgs,
    mode: Mode<'_>,
    history: Option<&History>,
    input: &Input,
    messages: &mut Messages<'_>,
) -> (ArchiveReport, Exit) {
    let path = &*input.path;
    let shown = path.to_string_lossy();
    let watch = context.voice.bars().part(&shown, size(path));
    let options = migration.options();
    let target = migration.target(input);
    if matches!(mode, Mode::Migrate(.., Existing::Skipped)) && target.exists() {
        return (ArchiveReport::exists(path), Exit::Done);
    }
    let mut record = match mode {
        Mode::Plan { .. } => None,
        Mode::Migrate(how, ..) => {
            let asked = Asked {
                source: path,
                options,
                overwrite: how.overwrite,
            };
            match TaskRecord::submit(history, asked, &context.clock) {
                Ok(record) => Some((record, how)),
                Err(error) => {
                    let error = error.into();
                    return (
                        ArchiveReport::refused(path, &error),
                        messages.stopped(path, &error),
                    );
                }
            }
        }
    };
    let prepared = match prepare(path, options, &context.clock, &watch) {
        Ok(prepared) => prepared,
        Err(error) => {
            let mut exit = messages.stopped(path, &error);
            if let Some((record, _)) = &mut record {
                exit = exit.max(closed(messages, record, &error));
            }
            return (ArchiveReport::refused(path, &error), exit);
        }
    };
    for finding in &prepared.plan.findings {
        messages.found(&shown, finding);
    }
    let Some((mut record, how)) = record else {
        return (
            ArchiveReport::planned(path, prepared.plan, &target),
            Exit::Done,
        );
    };
    let Context { clock, files, .. } = context;
    let done = migration
        .make_room(input, &target)
        .and_then(|()| migrate(&prepared, &target, files, how, clock, &watch, &mut record));
    let report = ArchiveReport::planned(path, prepared.plan, &target);
    match done {
        Ok(done) => (report.migrated(done, &target), Exit::Done),
        Err(error) => {
            let exit = messages
                .stopped(path, &error)
                .max(closed(messages, &mut record, &error));
            (report.failed(&error), exit)
        }
    }
}

/// Records that a task failed; where that fails too, the task shows as interrupted.
fn closed(messages: &mut Messages<'_>, record: &mut TaskRecord<'_>, error: &Error) -> Exit {
    match record.fail(error) {
        Ok(()) => Exit::Done,
        Err(error) => messages.unrecorded(error),
    }
}
