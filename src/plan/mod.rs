//! Decides everything: what becomes of each app, token and grant, and which bytes change for it.
//!
//! A plan is a pure function of a package, the options and the time of the run. `plan`, `--dry-run`
//! and `migrate` share it, so they cannot disagree.

mod access;
mod app;
mod counts;
mod impacts;
mod judge;
mod place;
mod removed;
mod runnable;
mod stamps;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer, Serialize};

use crate::edit::{Edit, Edits};
use crate::finding::{self, About, Fact, Finding, Impact};
use crate::flow::{AppKind, Build, Carried, Dropped, Identifier, Schema, ServerTime};
use crate::limits::Limits;
use crate::package::files_map::MissingEntries;
use crate::package::{Document, Package, PackageError, PackageKind};
use crate::profile::{Addition, Profile, Status};
use crate::target::{self, Form, Target};
use crate::workspace::{DeclaredConnection, Header};
use access::Access;
use app::Planned;
pub use counts::Counts;
pub use impacts::Impacts;
use token::Tokens;

/// What an app with an unrestricted token gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unrestricted {
    /// Nothing, since nothing was granted explicitly.
    #[default]
    Nothing,
    /// The connections that its workspaces declare and its owner may run.
    Declared,
}

/// What a user may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Of the upgraded archive.
    pub form: Form,
    /// Of apps with an unrestricted token.
    pub unrestricted: Unrestricted,
    /// The build that a final archive is stamped with.
    pub target_build: Build,
    /// How much of an archive is believed when it is read.
    pub limits: Limits,
    /// Where the server keeps what apps may do, in the final form; read once and kept for the whole run.
    pub profile: Option<&'static Profile>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            form: Form::default(),
            unrestricted: Unrestricted::default(),
            target_build: target::BUILD,
            limits: Limits::default(),
            profile: None,
        }
    }
}

/// Whether there is anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The archive comes from 2026.1 or later.
    Current,
    /// No byte of the archive would change: the original is what to restore.
    Unchanged,
    /// An upgraded archive is to be written.
    Planned,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Current => "current",
            Self::Unchanged => "unchanged",
            Self::Planned => "planned",
        })
    }
}

/// Build and schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// `CONFIG_SERVER_VERSION`.
    pub build: Build,
    /// `CONFIG_SCHEMA_VERSION`.
    pub schema: Schema,
}

/// What will be done to an archive.
#[derive(Debug)]
pub struct Plan {
    /// Whether there is anything to do.
    pub outcome: Outcome,
    /// The form that the upgraded archive would have.
    pub form: Form,
    /// Project or backup.
    pub kind: PackageKind,
    /// The stamps as they are.
    pub source: Stamp,
    /// The stamps as they will be.
    pub target: Stamp,
    /// Every app, by kind and name.
    pub apps: Vec<PlannedApp>,
    /// What there is to say: of the apps in their order, then of the archive.
    pub findings: Vec<Finding>,
    /// What is still to be added where a profile says: see [`Plan::place`].
    pub additions: Option<Addition>,
    /// Which bytes change.
    pub edits: BTreeMap<Document, Edits>,
}

impl Plan {
    /// Every app with its findings.
    pub fn findings_by_app(&self) -> impl Iterator<Item = (&PlannedApp, &[Finding])> {
        let mut rest = self.findings.as_slice();
        self.apps.iter().map(move |app| {
            let is_own = |finding: &&Finding| finding.identifier() == Some(app.identifier);
            let count = rest.iter().take_while(is_own).count();
            let (own, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = others;
            (app, own)
        })
    }

    /// The findings that are of the archive and not of one app.
    pub fn archive_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.app.is_none())
    }

    /// Whether no byte changes.
    pub fn is_empty(&self) -> bool {
        self.edits.values().all(Edits::is_empty)
    }
}

/// What becomes of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedApp {
    /// Its kind.
    pub kind: AppKind,
    /// Its name.
    pub name: Arc<str>,
    /// What secures its permissions from now on.
    pub identifier: Identifier,
    /// Whether it will work as it did.
    pub impact: Impact,
    /// Who owns it.
    pub owner: Owner,
    /// The token it used; none where it names none.
    pub token: Option<PlannedToken>,
    /// Whether it will run; none where no token is involved.
    pub enabled: Option<bool>,
    /// Whether it takes uploads; none for all but Workspace Apps.
    pub temporary_uploads: Option<bool>,
    /// Permissions on connections that go to the identifier, by connection.
    pub carried: Arc<[Carried]>,
    /// Permissions on resources that are lost, by resource.
    pub dropped: Vec<Dropped>,
    /// The workspaces it runs, as far as they could be read.
    pub workspaces: Vec<WorkspaceUse>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Owner {
    /// Key.
    pub id: Arc<str>,
    /// Login name; the key where the archive does not hold the user.
    pub name: Arc<str>,
}

/// A token that an app used; only the name is known where the token is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedToken {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it was switched on.
    pub enabled: Option<bool>,
    /// Whether it held explicit grants only.
    pub restricted: Option<bool>,
    /// When it expires, in the server's own time.
    pub expires: Option<ServerTime>,
    /// Whether it is removed.
    pub retired: Option<bool>,
}

/// A workspace that an app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceUse {
    /// `repository/name`.
    pub path: String,
    /// What it declares.
    pub header: Arc<Header>,
}

impl Serialize for WorkspaceUse {
    /// Names of its file parameters, and the connections it declares by name.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut connections: Vec<_> = self.header.connections.iter().collect();
        connections.sort_by_key(|connection| &connection.name);
        let mut fields = serializer.serialize_struct("WorkspaceUse", 3)?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("file_parameters", &self.header.file_parameters)?;
        fields.serialize_field("connections", &connections)?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for WorkspaceUse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Used {
            path: String,
            file_parameters: Vec<String>,
            connections: Vec<DeclaredConnection>,
        }
        let used = Used::deserialize(deserializer)?;
        let header = Header {
            build: None,
            connections: used.connections,
            file_parameters: used.file_parameters,
        };
        Ok(Self {
            path: used.path,
            header: Arc::new(header),
        })
    }
}

/// Makes the plan for a package.
///
/// # Errors
/// [`PackageError`] when the package contradicts itself where a decision depends on it.
pub fn plan(package: &Package, options: Options, now: Timestamp) -> Result<Plan, PackageError> {
    let data = &package.data;
    let stamps = stamps::choose(package, options)?;
    let tokens = Tokens::new(data)?;
    let access = Access::new(data, &package.stamps.schema);
    let is_current = !stamps.source.build.has_app_tokens();
    let planning = app::Planning {
        package,
        options,
        now,
        access: &access,
        tokens: &tokens,
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
    let removed = removed::removed(package, &tokens, options.form)?;
    let mut edits = stamps.edits;
    let lines = edits.entry(Document::Project).or_default();
    lines.extend(removed.project);
    let data_edits = edits.entry(Document::Data).or_default();
    data_edits.extend(removed.data.into_iter().map(Edit::removal));
    let mut target = match options.profile {
        Some(_) => Target::without_entries(options.form),
        None => Target::new(options.form),
    };
    for planned in apps {
        let planned = planned?;
        data_edits.extend(planned.edits(&mut target)?);
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
    plan.findings
        .extend(removed.facts.into_iter().map(of_archive));
    let is_confirmed = options
        .profile
        .is_some_and(|it| it.status == Status::Confirmed);
    if options.form == Form::Final && !is_confirmed {
        plan.findings.push(of_archive(Fact::FormUnconfirmed));
    }
    plan.findings
        .extend(missing_entries(package).into_iter().map(of_archive));
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
