//! From a plan to an upgraded archive with its name on it.
//!
//! The archive is written beside its target, read back, planned again and only then renamed, so
//! whatever happens there is either no target or one that is known to be good.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::archive::{Digesters, Digesting, Digests, Entry, Rewrite, Source, upgrade};
use crate::clock::Clock;
use crate::edit::{Edit, Edits, Span};
use crate::error::Error;
use crate::flow::{AppKind, Identifier};
use crate::history::Record;
use crate::load::{data_xml, kind_of, load};
use crate::output::{Access, Files, OutputError, Overwrite, Role, Target, TempOutput};
use crate::package::{Package, WANTED};
use crate::plan::PlannedApp;
use crate::plan::{Options, Outcome, Plan, plan};
use crate::profile::{self, Profile};
use crate::verify::{AsOf, bystanders, verify};
use crate::watch::Watch;

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

/// An archive that was read and planned.
#[derive(Debug)]
pub struct Prepared {
    /// The archive, still open.
    pub source: Source,
    /// What is to be done to it.
    pub plan: Plan,
}

/// Opens an archive and plans its upgrade; writes nothing.
///
/// # Errors
/// When the archive is refused or cannot be read.
pub fn prepare(
    path: &Path,
    options: Options,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Prepared, Error> {
    prepare_with_package(path, options, clock, watch).map(|(prepared, _)| prepared)
}

/// The same, and the package that the plan is made from.
///
/// # Errors
/// When the archive is refused or cannot be read.
pub fn prepare_with_package(
    path: &Path,
    options: Options,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<(Prepared, Package), Error> {
    let source = Source::open(path, WANTED)?;
    tracing::debug!("{} entries in {} bytes", source.entry_count(), source.len());
    let package = load(&source, kind_of(&source), options.limits, watch)?;
    let mut plan = plan(&package, options, clock.timestamp())?;
    plan.place(options.limits, || data_xml(&source))?;
    for (document, edits) in &plan.edits {
        tracing::debug!(
            "{document}: {} edits, {:+} bytes",
            edits.iter().len(),
            edits.growth()
        );
        for Edit { span, text } in edits {
            let Span { start, end } = span;
            tracing::trace!(
                "{document}: bytes {start} to {end} become {} bytes",
                text.len()
            );
        }
    }
    Ok((Prepared { source, plan }, package))
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
    record: &mut Record<'_>,
) -> Result<Done, Error> {
    let Prepared { source, plan } = prepared;
    let changes = plan.outcome == Outcome::Planned;
    if !changes && how.unchanged == Unchanged::Left {
        record.nothing_to_do(plan)?;
        return Ok(Done::Nothing);
    }
    record.started(plan, target)?;
    let create = |path, role| {
        let target = Target {
            path,
            role,
            overwrite: how.overwrite,
            access: Access::Like(source.permissions()),
        };
        TempOutput::create(files, target)
    };
    let mut output = create(target, Role::Target(source.path()))?;
    let log_path = log_path(target);
    let mut log = if changes {
        Some(create(&log_path, Role::TaskLog(source.path()))?)
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
        check((source.path(), path), plan, how.options, clock, watch)?;
        match how.checking {
            Checking::Quick => Ok(()),
            Checking::Full => prove(source.path(), path, how.options, clock, watch),
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

/// Reads what was written as any other archive: its directory, the rewritten documents to their last
/// byte and checksum, and what they mean. A second migration has to find nothing to do, and nobody that
/// was there before may have got anything through a profile.
fn check(
    (from, written): (&Path, &Path),
    first: &Plan,
    options: Options,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<(), Error> {
    let source = Source::open(written, WANTED)?;
    let package = load(&source, first.kind, options.limits, watch)?;
    let second = plan(&package, options, clock.timestamp())?;
    if let Some(profile) = options.profile {
        read_back(profile, &source, &package, first)?;
        let before = load(
            &Source::open(from, WANTED)?,
            first.kind,
            options.limits,
            watch,
        )?;
        if let Some(harm) = bystanders::harmed(&before, &package).first() {
            return Err(Error::Check(format!("through the profile, {harm}")));
        }
    }
    let failed = |what: String| Err(Error::Check(what));
    if second.source != first.target {
        return failed(format!(
            "it is stamped {:?} instead of {:?}",
            second.source, first.target
        ));
    }
    if !second.is_empty() {
        let documents: Vec<_> = second
            .edits
            .keys()
            .map(|document| document.name())
            .collect();
        return failed(format!(
            "a second migration would change {}",
            documents.join(", ")
        ));
    }
    // Apps of a kind that is not known are told by their token, which the final form lacks.
    let state = |plan: &Plan| -> Vec<_> {
        let known = plan.apps.iter().filter(|app| app.kind != AppKind::Other);
        known
            .map(|app| (app.kind, app.name.clone(), app.identifier, app.enabled))
            .collect()
    };
    if state(&second) != state(first) {
        return failed("its apps are not the source's".to_owned());
    }
    Ok(())
}

/// What stands where the profile says has to be what was planned, read as a server would.
fn read_back(
    profile: &Profile,
    source: &Source,
    package: &Package,
    planned: &Plan,
) -> Result<(), Error> {
    let data = &package.data;
    let reading = profile::read(profile, data, || data_xml(source))?;
    let planned: BTreeMap<Identifier, &PlannedApp> = planned
        .apps
        .iter()
        .map(|app| (app.identifier, app))
        .collect();
    let found = reading.connections.into_iter().zip(reading.resources);
    for (app, (connections, resources)) in data.apps.iter().zip(found) {
        let planned = planned.get(&data.identifier(app));
        let carried = planned.into_iter().flat_map(|app| &*app.carried);
        let carried = carried.map(|it| (&it.connection, &it.permissions));
        let of_resources = planned.into_iter().flat_map(|app| &app.carried_resources);
        let of_resources = of_resources.map(|it| (&it.resource, &it.permissions));
        if connections.unwrap_or_default().iter().ne(carried)
            || resources.unwrap_or_default().iter().ne(of_resources)
        {
            let what = format!(
                "{:?} has other permissions where the profile says",
                app.name
            );
            return Err(Error::Check(what));
        }
    }
    Ok(())
}

/// Judges the upgraded archive by all that a verification has.
fn prove(
    source: &Path,
    written: &Path,
    options: Options,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<(), Error> {
    let form = Some(options.form);
    let verdict = verify(source, written, options, form, AsOf::Derived, clock, watch)?;
    for remark in &verdict.remarks {
        tracing::warn!(archive = %source.display(), "{remark}");
    }
    match verdict.differences.first() {
        None => Ok(()),
        Some(first) => Err(Error::Check(format!(
            "{first} (of {} differences)",
            verdict.difference_count
        ))),
    }
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
