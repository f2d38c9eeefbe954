//! What else of an archive breaks at 2026.1: `flowlift audit --readiness`.
//!
//! Three sources, told as findings of the archive: texts (headers of workspaces, text resources,
//! `data.xml`), searched for calls, transformers and tokens; the package itself; and a fixed list of what
//! no archive can show. How certain each check is, and by whom, stands in `docs/findings.md`. Of a text
//! only the place is told, never what stands there: it may be a secret.
//!
//! [`look`](mod@look) reads; [`text`], [`signs`] and [`package`] are pure.

mod look;
mod package;
mod signs;
mod text;

use jiff::Timestamp;

use crate::archive::Source;
use crate::error::Error;
use crate::finding::{Fact, Finding, Outside};
use crate::limits::Limits;
use crate::package::Package;
use crate::watch::Watch;

/// What there is to say of an archive's readiness for 2026.1, beside its plan.
///
/// # Errors
/// When the archive cannot be read. A file in it that cannot be read is counted instead.
pub fn readiness(
    source: &Source,
    read: &Package,
    now: Timestamp,
    limits: Limits,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, Error> {
    let mut facts = look::look(source, limits, watch)?;
    facts.extend(package::look(read, now)?);
    let outside = Outside::ALL.into_iter();
    facts.extend(outside.map(|what| Fact::OutsideTheArchive { what }));
    let of_archive = |fact| Finding { app: None, fact };
    Ok(facts.into_iter().map(of_archive).collect())
}
