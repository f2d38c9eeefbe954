//! Several archives, one after the other: each by itself, the rest go on when one is refused.

use std::path::Path;

use super::Context;
use super::again::applying;
use super::inputs::{Input, inputs};
use super::jobs::{in_order, jobs};
use super::options::{MigrationArgs, Rows};
use super::words::Words;
use crate::error::Error;
use crate::exit::Exit;
use crate::history::{Asked, History, Record};
use crate::migrate::{Manner, migrate, prepare};
use crate::report::audit::{AuditedArchive, csv};
use crate::report::{ArchiveReport, Line, Outcome, summary, table, write_json};
use crate::sanitize::sanitize;

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doing {
    /// Only say what would be done.
    Plan,
    /// Write the upgraded archives, and record it if that is wanted.
    Migrate(Manner, Recording),
}

/// Whether what is done is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    InHistory,
    Nowhere,
}

/// Plans or migrates every archive, shows what came of it, and returns the highest exit.
pub(super) fn batch(context: &Context, migration: &MigrationArgs, doing: Doing) -> Exit {
    let (inputs, found) = match begin(context, migration) {
        Ok(begun) => begun,
        Err(exit) => return exit,
    };
    let history = match doing {
        Doing::Migrate(_, Recording::InHistory) => match migration.history.open() {
            Ok(history) => Some(history),
            Err(error) => return context.history_error(&error),
        },
        _ => None,
    };
    found.max(all(context, migration, doing, history.as_ref(), &inputs))
}

/// Finds the archives and sees to it that no file of the run can harm another.
fn begin(context: &Context, migration: &MigrationArgs) -> Result<(Vec<Input>, Exit), Exit> {
    migration.history.add(context)?;
    let found = inputs(context, &migration.archives, Some(&migration.history))?;
    migration.add_targets(context, &found.0)?;
    context.begin()?;
    Ok(found)
}

fn all(
    context: &Context,
    migration: &MigrationArgs,
    doing: Doing,
    history: Option<&History>,
    inputs: &[Input],
) -> Exit {
    let mut exit = Exit::Done;
    let sizes = inputs.iter().map(|input| size(&input.path));
    context.voice.bars().expect(inputs.len(), sizes.sum());
    let (mut reports, mut lines) = (Vec::new(), Vec::new());
    let jobs = jobs(migration.jobs).min(inputs.len());
    in_order(
        inputs,
        jobs,
        |input| {
            let mut words = if jobs > 1 {
                Words::kept(context)
            } else {
                Words::at_once(context)
            };
            let (report, ended) = one(context, migration, doing, history, input, &mut words);
            (report, ended, words)
        },
        |(_, ended, _)| *ended == Exit::Interrupted,
        |(report, ended, words)| {
            words.speak();
            exit = exit.max(ended);
            lines.push(Line::from(&report));
            if migration.format != Rows::Table {
                reports.push(report);
            } else if report.error.is_none() {
                let apart = if lines.len() > 1 { "\n" } else { "" };
                let text = apart.to_owned() + &table(&report, context.voice.width());
                exit = exit.max(context.show(&text));
            }
        },
    );
    context.voice.bars().done();
    exit.max(match migration.format {
        Rows::Json => {
            let written = context.voice.stream(|out| write_json(out, &reports));
            context.shown(written)
        }
        Rows::Csv => {
            let archives: Vec<_> = reports.iter().map(AuditedArchive::from).collect();
            match csv(&archives) {
                Ok(text) => context.show(&text),
                Err(error) => context.shown(Err(error.into())),
            }
        }
        Rows::Table => context.show(&conclusion(context, doing, &lines)),
    })
}

/// What is said once all archives are through.
fn conclusion(context: &Context, doing: Doing, lines: &[Line]) -> String {
    let mut text = String::new();
    if lines.len() > 1 {
        text += &summary(lines, context.voice.width());
    }
    let is_planned = lines.iter().any(|line| line.outcome == Outcome::Planned);
    if matches!(doing, Doing::Plan) && is_planned {
        let command = applying(context.words.iter().cloned());
        text += &format!("\nto apply: {}\n", sanitize(&command));
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
    doing: Doing,
    history: Option<&History>,
    input: &Input,
    words: &mut Words<'_>,
) -> (ArchiveReport, Exit) {
    let path = &*input.path;
    let shown = path.to_string_lossy();
    let watch = context.voice.bars().part(&shown, size(path));
    let options = migration.options();
    let target = migration.target(input);
    let mut record = match doing {
        Doing::Plan => None,
        Doing::Migrate(manner, _) => {
            let asked = Asked {
                source: path,
                options,
                overwrite: manner.overwrite,
            };
            match Record::submit(history, asked, &context.clock) {
                Ok(record) => Some((record, manner)),
                Err(error) => {
                    let error = error.into();
                    return (
                        ArchiveReport::refused(path, &error),
                        words.stopped(path, &error),
                    );
                }
            }
        }
    };
    let prepared = match prepare(path, options, &context.clock, &watch) {
        Ok(prepared) => prepared,
        Err(error) => {
            let mut exit = words.stopped(path, &error);
            if let Some((record, _)) = &mut record {
                exit = exit.max(closed(words, record, &error));
            }
            return (ArchiveReport::refused(path, &error), exit);
        }
    };
    for finding in &prepared.plan.findings {
        words.found(&shown, finding);
    }
    let Some((mut record, manner)) = record else {
        return (
            ArchiveReport::planned(path, prepared.plan, &target),
            Exit::Done,
        );
    };
    let Context { clock, files, .. } = context;
    let done = migration.make_room(input, &target).and_then(|()| {
        migrate(
            &prepared,
            &target,
            files,
            manner,
            clock,
            &watch,
            &mut record,
        )
    });
    let report = ArchiveReport::planned(path, prepared.plan, &target);
    match done {
        Ok(done) => (report.migrated(done, &target), Exit::Done),
        Err(error) => {
            let exit = words
                .stopped(path, &error)
                .max(closed(words, &mut record, &error));
            (report.failed(&error), exit)
        }
    }
}

/// Records that a task failed; where that fails too, the task shows as interrupted.
fn closed(words: &mut Words<'_>, record: &mut Record<'_>, error: &Error) -> Exit {
    match record.fail(error) {
        Ok(()) => Exit::Done,
        Err(error) => words.unrecorded(error),
    }
}
