//! What is in an archive, for an engineer who wants to look before deciding anything.
//!
//! The model that a plan is made from holds only what a migration needs. This is the other view:
//! everything counted, any part shown, nothing decided, and no secret ever among it. It reads
//! `data.xml` a second time with a reader of its own, in memory that does not grow with its size.

mod census;
mod changes;
mod entries;
mod holders;
mod outline;
mod secret;
mod shared;
mod tokens;

use std::io::Read;
use std::path::Path;

use serde::Serialize;

use crate::archive::Source;
use crate::clock::Clock;
use crate::error::Error;
use crate::limits::Limits;
use crate::load::{Watched, kind_of, load};
use crate::package::PackageError;
use crate::package::{Document, WANTED};
use crate::plan::{Options, Plan, plan};
use crate::target::Form;
use crate::watch::{Stage, Watch};
pub use census::{CategoryCounts, Census};
pub use changes::{ChangedLine, ChangedPlace, changes};
pub use entries::{EntryCounts, EntryLine, Tally, entry_line};
pub use holders::{HeldItem, Holder, HolderKind};
pub use outline::{Missing, Node, NodeKind, Shown, Value, outline_of};
pub use tokens::TokenRecord;

/// What is in an archive.
#[derive(Debug)]
pub struct Inspection {
    /// What becomes of it.
    pub plan: Plan,
    /// What else is in it.
    pub contents: Contents,
}

/// What a plan does not need to know.
#[derive(Debug, Serialize)]
pub struct Contents {
    /// The release its build stands for, as far as that is known.
    pub release: Option<String>,
    /// The form that it was upgraded to, where it has identifier entries: nobody but flowlift is known to
    /// write them.
    pub upgraded: Option<Form>,
    /// Of the file, in bytes.
    pub size: u64,
    /// Its entries.
    pub entries: EntryCounts,
    /// `fme_server_encryption_mode` of `project.yml`: `SECURE` or `RESTRICTED` (seen).
    pub encryption_mode: Option<String>,
    /// `CONFIG_EXCLUDE_SENSITIVE_INFO`; none before build 24612 (seen).
    pub sensitive_info_excluded: Option<bool>,
    /// The categories of `data.xml`, in document order.
    pub categories: Vec<CategoryCounts>,
    /// API tokens, by user and name.
    pub tokens: Vec<TokenRecord>,
    /// Connections, by name.
    pub connections: Vec<HeldItem>,
    /// Resources, by name.
    pub resources: Vec<HeldItem>,
}

/// Reads all there is to know of an archive, of whatever release.
///
/// # Errors
/// When the archive is refused or cannot be read.
pub fn inspect(
    path: &Path,
    limits: Limits,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Inspection, Error> {
    let source = Source::open(path, WANTED)?;
    let package = load(&source, kind_of(&source), limits, watch)?;
    let plan = plan(&package, Options::default(), clock.timestamp())?;
    let census = Census::take(data_xml(&source, watch)?, limits);
    watch.end();
    let census = census?;
    let contents = Contents {
        release: package.stamps.build.release(),
        upgraded: (!census.app_connections.is_empty()).then(|| {
            if package.stamps.build.has_app_tokens() {
                Form::Staged
            } else {
                Form::Final
            }
        }),
        size: source.len(),
        entries: EntryCounts::of(&source)?,
        encryption_mode: package.project.as_ref().and_then(|p| p.encryption.clone()),
        sensitive_info_excluded: package.stamps.excludes_sensitive,
        tokens: tokens::records(&package.data),
        connections: holders::connections(&package.data, &census.app_connections),
        resources: holders::resources(&package.data),
        categories: census.categories,
    };
    Ok(Inspection { plan, contents })
}

/// Shows a part of an archive's `data.xml`; each piece of it goes to `show` as it is read.
///
/// # Errors
/// When the archive is refused or cannot be read, or `show` fails.
pub fn outline(
    path: &Path,
    limits: Limits,
    part: &str,
    depth: usize,
    watch: &dyn Watch,
    show: &mut dyn FnMut(Node) -> std::io::Result<()>,
) -> Result<Shown, Error> {
    let source = Source::open(path, WANTED)?;
    let shown = outline_of(data_xml(&source, watch)?, limits, part, depth, show);
    watch.end();
    Ok(shown?)
}

/// Opens `data.xml`; whoever has read it ends the watch.
fn data_xml<'a>(source: &'a Source, watch: &'a dyn Watch) -> Result<impl Read + 'a, Error> {
    let entry = source
        .document(Document::Data)
        .ok_or(PackageError::missing(Document::Data))?;
    let reader = source.read(entry)?;
    watch.begin(Stage::Read, entry.size());
    Ok(Watched { reader, watch })
}
