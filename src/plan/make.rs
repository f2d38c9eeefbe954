//! From a package to its plan.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::access::Access;
use super::app::{self, Planned};
use super::entry_budget::EntryBudget;
use super::linked::Linked;
use super::token::Tokens;
use super::{Options, Outcome, Plan, place, removed, stamps};
use crate::edit::{Edit, Edits};
use crate::finding::{self, About, Fact, Finding};
use crate::package::files_map::MissingEntries;
use crate::package::{Document, Package, PackageError};
use crate::profile::Status;
use crate::target::{Form, FormWriter};

/// Makes the plan for a package.
///
/// # Errors
/// [`PackageError`] when the package contradicts itself where a decision depends on it.
pub fn plan(package: &Package, options: Options, now: Timestamp) -> Result<Plan, PackageError> {
    let data = &package.data;
    let stamps = stamps::choose(package, options)?;
    let tokens = Tokens::new(package)?;
    let access = Access::new(data, &package.stamps.schema);
    let linked = Linked::new(data);
    let is_current = !stamps.source.build.has_app_tokens();
    let planning = app::Planning {
        package,
        options,
        now,
        access: &access,
        tokens: &tokens,
        linked: &linked,
        users: RefCell::default(),
        candidates: RefCell::default(),
        is_current,
    };
    let apps = planning.apps()?;
    let mut plan = Plan {
        outcome: Outcome::Current,
        form: Form::of(stamps.source.build),
        kind: package.kind,
        source: stamps.source,
        target: stamps.target,
        apps: Vec::with_capacity(data.apps.len()),
        findings: Vec::new(),
        additions: None,
        edits: BTreeMap::new(),
    };
    if is_current {
        let apps = apps.map(|planned| planned.map(|planned| planned.app));
        plan.apps = apps.collect::<Result<_, _>>()?;
        return Ok(plan);
    }
    plan.form = options.form;
    let removed = removed::removed(package, &tokens, options)?;
    let mut edits = stamps.edits;
    let lines = edits.entry(Document::Project).or_default();
    lines.extend(removed.project);
    let data_edits = edits.entry(Document::Data).or_default();
    data_edits.extend(removed.data.into_iter().map(Edit::removal));
    let mut target = match options.profile {
        Some(_) => FormWriter::without_entries(options.form),
        None => FormWriter::new(options.form),
    };
    let mut entries = EntryBudget::of(package, options);
    for planned in apps {
        let planned = planned?;
        entries.take(&planned)?;
        data_edits.extend(planned.edits(&mut target)?);
        add_app(&mut plan, planned);
    }
    let facts = removed.facts.into_iter();
    let facts = facts
        .chain(unconfirmed_form(options))
        .chain(missing_entries(package));
    plan.findings.extend(facts.map(of_archive));
    plan.findings.shrink_to_fit();
    if let Some(profile) = options.profile {
        plan.additions = Some(place::additions(profile, package, &plan)?);
    }
    plan.edits = in_order(edits)?;
    plan.outcome = if plan.is_empty() {
        Outcome::Unchanged
    } else {
        Outcome::Planned
    };
    Ok(plan)
}

/// Adds an app and what there is to say about it.
fn add_app(plan: &mut Plan, planned: Planned<'_>) {
    let Planned { mut app, facts, .. } = planned;
    let about = Arc::new(About {
        name: Arc::clone(&app.name),
        identifier: app.identifier,
        owner: Arc::clone(&app.owner.name),
        enabled: app.enabled,
    });
    let before = plan.findings.len();
    plan.findings.extend(facts.into_iter().map(|fact| Finding {
        app: Some(Arc::clone(&about)),
        fact,
    }));
    app.impact = finding::impact(plan.findings.iter().skip(before));
    plan.apps.push(app);
}

fn unconfirmed_form(options: Options) -> Option<Fact> {
    let is_confirmed = options
        .profile
        .is_some_and(|it| it.status == Status::Confirmed);
    (options.form == Form::Final && !is_confirmed).then_some(Fact::FormUnconfirmed {
        learned: options.profile.is_some(),
    })
}

fn missing_entries(package: &Package) -> Option<Fact> {
    let MissingEntries {
        count,
        first,
        backslashes,
    } = &package.missing_entries;
    let first = first.iter().map(|name| name.as_str().into());
    (*count > 0).then(|| Fact::EntriesMissing {
        count: *count,
        first: first.collect(),
        backslashes: *backslashes,
    })
}

const fn of_archive(fact: Fact) -> Finding {
    Finding { app: None, fact }
}

/// Edits of each document that has any, in order.
fn in_order(
    edits: BTreeMap<Document, Vec<Edit>>,
) -> Result<BTreeMap<Document, Edits>, PackageError> {
    let in_order = edits
        .into_iter()
        .map(|(document, edits)| match Edits::new(edits) {
            Ok(edits) => Ok((document, edits)),
            Err(overlap) => Err(PackageError::Unclear {
                document,
                what: overlap.to_string(),
            }),
        });
    in_order
        .filter(|result| result.as_ref().map_or(true, |(_, edits)| !edits.is_empty()))
        .collect()
}
