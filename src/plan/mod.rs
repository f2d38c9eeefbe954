//! Decides everything: what becomes of each app, token and grant, and which bytes change for it.
//!
//! A plan is a pure function of a package, the options and the time of the run. `plan`, `--dry-run`
//! and `migrate` share it, so they cannot disagree.

mod access;
mod app;
mod counts;
mod judge;
mod retire;
mod runnable;
mod stamps;
mod token;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer, Serialize};

use crate::edit::{Edit, Edits};
use crate::finding::{self, About, Fact, Finding, Impact};
use crate::flow::{AppKind, Build, Carried, Dropped, Identifier, Schema, ServerTime};
use crate::limits::Limits;
use crate::package::files_map::MissingEntries;
use crate::package::{Document, Package, PackageError, PackageKind};
use crate::target::{self, Target};
use crate::workspace::{DeclaredConnection, Header};
use access::Access;
use app::Planned;
pub use counts::Counts;
use retire::Retired;
use token::Tokens;

/// What becomes of the tokens of migrated apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenFate {
    /// They are removed, as in 2026.1's own exports (seen).
    #[default]
    Retire,
    /// They stay as they are.
    Keep,
}

/// What an app with an unrestricted token gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unrestricted {
    /// Nothing, since nothing was granted explicitly.
    #[default]
    Nothing,
    /// The connections that its workspaces declare and its owner may run.
    Declared,
}

/// Whether the archive is stamped as made by 2026.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stamping {
    /// Where its schema differs from 2026.1's only in what is written here.
    #[default]
    Auto,
    /// Never.
    Source,
    /// Always.
    Target,
}

/// What a user may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Of migrated apps' tokens.
    pub tokens: TokenFate,
    /// Of apps with an unrestricted token.
    pub unrestricted: Unrestricted,
    /// Of build and schema.
    pub stamping: Stamping,
    /// The build to stamp.
    pub target_build: Build,
    /// How much of an archive is believed when it is read.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens: TokenFate::default(),
            unrestricted: Unrestricted::default(),
            stamping: Stamping::default(),
            target_build: target::BUILD,
            limits: Limits::default(),
        }
    }
}

/// Whether there is anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The archive comes from 2026.1 or later.
    Current,
    /// An upgraded archive is to be written.
    Planned,
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
pub fn plan(package: &Package, options: Options, now: ServerTime) -> Result<Plan, PackageError> {
    let data = &package.data;
    let stamps = stamps::choose(package, options)?;
    let tokens = Tokens::new(data)?;
    let access = Access::new(data);
    let planning = app::Planning {
        package,
        options,
        now,
        access: &access,
        tokens: &tokens,
    };
    let mut plan = Plan {
        outcome: stamps.outcome,
        kind: package.kind,
        source: stamps.source,
        target: stamps.target,
        apps: Vec::with_capacity(data.apps.len()),
        findings: Vec::new(),
        edits: BTreeMap::new(),
    };
    if plan.outcome == Outcome::Current {
        plan.apps.extend(planning.apps().map(|planned| planned.app));
        return Ok(plan);
    }
    let retired = match options.tokens {
        TokenFate::Retire => retire::retire(package, &tokens)?,
        TokenFate::Keep => Retired::default(),
    };
    let mut edits = stamps.edits;
    let lines = edits.entry(Document::Project).or_default();
    lines.extend(retired.project);
    let data_edits = edits.entry(Document::Data).or_default();
    data_edits.extend(retired.data.into_iter().map(Edit::removal));
    let is_stamped = plan.target.schema == target::schema();
    let mut target = Target::default();
    for planned in planning.apps() {
        data_edits.extend(planned.edits(&mut target, is_stamped));
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
        .extend(retired.facts.into_iter().map(of_archive));
    plan.findings
        .extend(stamps.facts.into_iter().map(of_archive));
    plan.findings
        .extend(missing_entries(package).into_iter().map(of_archive));
    plan.findings.shrink_to_fit();
    plan.edits = in_order(edits)?;
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
