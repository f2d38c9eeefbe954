//! Whether what was written is what was planned; only then it gets its name.

use std::collections::BTreeMap;
use std::path::Path;

use crate::archive::Source;
use crate::clock::Clock;
use crate::error::Error;
use crate::flow::{AppKind, Identifier};
use crate::load::{data_xml, load_to_check};
use crate::package::{Package, WANTED};
use crate::plan::{Options, Plan, PlannedApp, plan};
use crate::profile::{self, Profile};
use crate::verify::{AsOf, bystanders, verify};
use crate::watch::Watch;

/// Reads what was written as any other archive: its directory, the rewritten documents to their last
/// byte and checksum, and what they mean. A second migration has to find nothing to do, and nobody that
/// was there before may have got anything through a profile.
pub(super) fn check(
    (from, written): (&Path, &Path),
    first: &Plan,
    options: Options,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<(), Error> {
    let source = Source::open(written, WANTED)?;
    let package = load_to_check(&source, first.kind, options.limits, watch)?;
    let second = plan(&package, options, clock.timestamp())?;
    if let Some(profile) = options.profile {
        read_back(profile, &source, &package, first)?;
        let before = load_to_check(
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

/// Judges the upgraded archive by all that a verification has.
pub(super) fn prove(
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
