//! From an archive to its plan; nothing is written.

use std::path::Path;

use crate::archive::Source;
use crate::clock::Clock;
use crate::edit::{Edit, Span};
use crate::error::Error;
use crate::load::{data_xml, kind_of, load};
use crate::package::{Package, WANTED};
use crate::plan::{Options, Plan, plan};
use crate::watch::Watch;

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
