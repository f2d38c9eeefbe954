//! From a plan to an upgraded archive with its name on it.
//!
//! The archive is written beside its target, read back, planned again and only then renamed, so
//! whatever happens there is either no target or one that is known to be good.

mod check;
mod prepare;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::archive::{Digesters, Digesting, Digests, Entry, Rewrite, Source, upgrade};
use crate::clock::Clock;
use crate::edit::Edits;
use crate::error::Error;
use crate::history::TaskRecord;
use crate::output::{FileAccess, FileRole, Files, NewFile, OutputError, Overwrite, TempOutput};
use crate::plan::{Options, Outcome, Plan};
use crate::watch::Watch;

pub use self::prepare::{Prepared, prepare, prepare_with_package};

/// How thoroughly an upgraded archive is checked before it gets its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checking {
    /// Its directory, the rewritten documents to their last byte, and what they mean; the payload is
    /// not read again.
    #[default]
    Quick,
    /// That, and everything that [`verify`](crate::verify) does: all of it is read again.
    Full,
}

/// How an archive is migrated: what a user chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrateOptions {
    /// What shapes the plan.
    pub options: Options,
    /// Whether an existing target may be replaced.
    pub overwrite: Overwrite,
    /// How thoroughly what was written is checked.
    pub checking: Checking,
    /// Whether the SHA-256 of source and target are made.
    pub digesting: Digesting,
    /// What becomes of an archive in which no byte would change.
    pub unchanged: Unchanged,
}

/// What becomes of an archive in which no byte would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unchanged {
    /// Nothing: the original is what to restore.
    #[default]
    Left,
    /// It is copied, so that the folder of the targets is a complete set.
    Copied,
}

/// What a migration wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Nothing.
    Nothing,
    /// A copy of the source; the digests of both where they were asked for.
    Copied(Option<Digests>),
    /// The upgraded archive and its task log; the digests of both archives where they were asked for.
    Upgraded(Option<Digests>),
}

/// Writes the upgraded archive and, beside it, its task log, and records each step; neither may be
/// another of `files`. An archive in which no byte would change is left alone or copied.
///
/// # Errors
/// When the target or its log may not or cannot be written, what was written does not pass its
/// check, or the task cannot be recorded. No target is left behind then, except where only its log
/// got no name or only the end of the task is not recorded.
pub fn migrate(
    prepared: &Prepared,
    target: &Path,
    files: &Files,
    how: MigrateOptions,
    clock: &Clock,
    watch: &dyn Watch,
    record: &mut TaskRecord<'_>,
) -> Result<Done, Error> {
    let Prepared { source, plan } = prepared;
    let changes = plan.outcome == Outcome::Planned;
    if !changes && how.unchanged == Unchanged::Left {
        record.nothing_to_do(plan)?;
        return Ok(Done::Nothing);
    }
    record.started(plan, target)?;
    let create = |path, role| {
        let target = NewFile {
            path,
            role,
            overwrite: how.overwrite,
            access: FileAccess::Like(source.permissions()),
        };
        TempOutput::create(files, target)
    };
    let mut output = create(target, FileRole::Target(source.path()))?;
    let log_path = log_path(target);
    let mut log = if changes {
        Some(create(&log_path, FileRole::TaskLog(source.path()))?)
    } else {
        None
    };
    let rewrites = rewrites(source, plan)?;
    let rewrites: Vec<_> = rewrites
        .iter()
        .map(|(entry, edits)| Rewrite { entry, edits })
        .collect();
    let written = upgrade(source, &rewrites, output.sink(), how.digesting, watch)?;
    let output = output.sync_while(|path| {
        check::check((source.path(), path), plan, how.options, clock, watch)?;
        match how.checking {
            Checking::Quick => Ok(()),
            Checking::Full => check::prove(source.path(), path, how.options, clock, watch),
        }
    })?;
    let digests = written.digesters.map(Digesters::finish).transpose()?;
    record.about_to_commit(plan, written.bytes, digests.as_ref())?;
    record.finish(plan, target, |lines| match &mut log {
        Some(log) => write_log(log, lines),
        None => Ok(()),
    })?;
    let log = log.map(TempOutput::sync).transpose()?;
    let turn = output.turn();
    output.commit()?;
    let Some(log) = log else {
        record.succeed(&format!("{}, copied", plan.outcome))?;
        return Ok(Done::Copied(digests));
    };
    let logged = log.commit();
    drop(turn);
    match logged {
        Ok(()) => record.succeed("migrated")?,
        Err(error) => {
            let error = Error::TaskLog(error);
            record.succeed(&format!("migrated, but {}", error.line()))?;
            return Err(error);
        }
    }
    Ok(Done::Upgraded(digests))
}

/// Where the upgraded archive goes when nothing else is said: `<stem>-2026.1.<ext>`.
pub fn default_target(source: &Path) -> PathBuf {
    let mut name = source.file_stem().unwrap_or_default().to_owned();
    name.push("-2026.1");
    if let Some(extension) = source.extension() {
        name.push(".");
        name.push(extension);
    }
    source.with_file_name(name)
}

/// Where the task log of an upgraded archive goes.
pub fn log_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".log");
    name.into()
}

fn rewrites<'a>(source: &Source, plan: &'a Plan) -> Result<Vec<(Entry, &'a Edits)>, Error> {
    let entries = plan.edits.iter().map(|(&document, edits)| {
        let missing = || crate::package::PackageError::missing(document);
        let entry = source.document(document).ok_or_else(missing)?;
        Ok((entry.clone(), edits))
    });
    entries.collect()
}

fn write_log(
    log: &mut TempOutput<'_>,
    lines: &mut dyn Iterator<Item = String>,
) -> Result<(), OutputError> {
    let mut out = BufWriter::new(log.sink().out);
    let write = || {
        for line in lines {
            out.write_all(line.as_bytes())?;
        }
        out.flush()
    };
    let written = write();
    drop(out);
    written.map_err(|error| log.failed(error))
}
