//! Proves an upgraded archive against its source, after the fact and by other means than it was
//! made with.
//!
//! FME's documents are read by the same room as ever; the ZIP is read by another ([`mod@zip`]: rawzip), and
//! nothing that writes is used. Entries are compared byte by byte ([`entries`]), their content is
//! unpacked once more ([`content`]), the planned edits serve only as the list of differences that are
//! allowed ([`document`]), and the rules are told a second time on what both archives mean
//! ([`meaning`]). Memory: 100 bytes per entry, and the two packages.

mod buffered;
pub(crate) mod bystanders;
mod check;
mod connections;
mod content;
mod difference;
mod digest;
mod document;
mod entries;
mod forms;
mod local;
mod meaning;
mod migrated;
pub(crate) mod permissions;
mod record;
mod resources;
mod sides;
mod staged;
mod stamps;
mod time;
mod traces;
pub(crate) mod uuids;
mod zip;

use std::path::Path;

use serde::Serialize;

use crate::archive::{Entry, ErrorKind, Source};
use crate::clock::Clock;
use crate::error::Error;
use crate::flow::ServerTime;
use crate::load::{data_xml, kind_of, load_to_check};
use crate::package::{Document, Package, PackageError, WANTED};
use crate::plan::{Options, Plan};
use crate::target::Form;
use crate::watch::{Stage, Watch};
use difference::Differences;
pub use difference::{Difference, DifferenceKind};
pub use digest::Judged;
pub use time::AsOf;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The source.
    pub source: Judged,
    /// The upgraded archive.
    pub upgraded: Judged,
    /// The form that it was judged by.
    pub form: Form,
    /// The time that expiry dates were judged by, in the server's own time.
    pub as_of: ServerTime,
    /// How many entries were compared.
    pub entries: u64,
    /// How many of them are the same to the last byte.
    pub untouched: u64,
    /// The entries that differ by exactly the planned edits, unless a difference says otherwise.
    pub rewritten: Vec<String>,
    /// What differs; at most [`crate::limits::DIFFERENCES`].
    pub differences: Vec<Difference>,
    /// How many differences there are.
    pub difference_count: u64,
    /// What could not be judged, or is no better in the source.
    pub remarks: Vec<String>,
    /// Which options would explain a difference.
    pub hints: Vec<String>,
}

impl Verdict {
    /// Whether the upgraded archive is what a migration of the source makes.
    pub const fn is_good(&self) -> bool {
        self.difference_count == 0
    }

    /// Whether the archives have so little in common that one was never made from the other: more
    /// entries stand in one of them alone than in both.
    pub fn are_strangers(&self) -> bool {
        let alone = [DifferenceKind::EntryMissing, DifferenceKind::EntryExtra];
        let alone = self
            .differences
            .iter()
            .filter(|it| alone.contains(&it.kind));
        alone.count() as u64 > self.entries
    }
}

/// Judges whether `upgraded` is what a migration of `source` with `options` makes, in `form` or in the
/// form that its stamps say.
///
/// # Errors
/// When either archive is refused or cannot be read. An upgraded archive that opens, but whose
/// documents do not make sense, is a [`Verdict`].
pub fn verify(
    source: &Path,
    upgraded: &Path,
    options: Options,
    form: Option<Form>,
    as_of: AsOf,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Verdict, Error> {
    let open =
        |path: &Path| Source::open(path, WANTED).map_err(|error| Error::from(error).of(path));
    let (before, after) = (open(source)?, open(upgraded)?);
    let kind = kind_of(&before);
    let read = |source| load_to_check(source, kind, options.limits, watch);
    let package = read(&before).map_err(|error| error.of(source))?;
    let mut found = Differences::default();
    let loaded = match read(&after) {
        Ok(package) => Some(package),
        Err(error) if is_refusal(&error) => {
            found.add(DifferenceKind::ContentDamaged, "archive", error.line());
            None
        }
        Err(error) => return Err(error),
    };
    let told = || loaded.as_ref().map(|it| Form::of(it.stamps.build));
    let options = Options {
        form: form.or_else(told).unwrap_or_default(),
        ..options
    };
    let made = before.document(Document::Data).and_then(Entry::modified);
    let sides = (&package, loaded.as_ref());
    let (mut planned, time) = time::plan_as_of(
        sides,
        made.map(ServerTime),
        options,
        as_of,
        clock,
        &mut found,
    )?;
    planned.place(options.limits, || data_xml(&before))?;
    watch.begin(Stage::Check, before.len() + after.len());
    let checked = check::check(
        (&before, &package),
        (&after, loaded.as_ref()),
        &planned,
        options,
        watch,
        found,
    );
    watch.end();
    let check::Checked {
        counted,
        found,
        remarks,
        digests: [source, upgraded],
    } = checked?;
    let hints = match &loaded {
        Some(loaded) if found.count > 0 => hints(&planned, loaded, options),
        _ => Vec::new(),
    };
    let rewritten = planned
        .edits
        .keys()
        .map(|document| document.name().to_owned());
    Ok(Verdict {
        source,
        upgraded,
        form: options.form,
        as_of: ServerTime(clock.local(time)),
        entries: counted.entries,
        untouched: counted.untouched,
        rewritten: rewritten.collect(),
        difference_count: found.count,
        differences: found.kept,
        remarks,
        hints,
    })
}

/// Options with which the upgraded archive would rather be what it should.
fn hints(plan: &Plan, upgraded: &Package, options: Options) -> Vec<String> {
    let mut hints = Vec::new();
    let build = upgraded.stamps.build;
    let form = Form::of(build);
    if form != options.form {
        hints.push(format!(
            "its stamps are those of the other form: --form {form}"
        ));
    } else if form == Form::Final && build != plan.target.build {
        hints.push(format!(
            "it is stamped with another build: --target-build {build}"
        ));
    }
    hints
}

/// Whether an error of reading says that the archive itself is wrong.
fn is_refusal(error: &Error) -> bool {
    match error {
        Error::Archive(error) => error.kind() == ErrorKind::Refused,
        Error::Package(PackageError::Read(_)) => false,
        Error::Package(_) => true,
        _ => false,
    }
}
