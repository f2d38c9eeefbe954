//! What becomes of one app.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::access::{Access, May, TokenPermissions};
use super::linked::Linked;
use super::token::Tokens;
use super::{OfResources, Options, Owner, PlannedApp, PlannedToken, Unrestricted, WorkspaceUse};
use jiff::Timestamp;

use crate::edit::Edit;
use crate::finding::{Fact, Impact, Lacking};
use crate::flow::{
    AppKind, Carried, CarriedResource, Dropped, Identifier, ItemPermissions, Permissions,
    ServerTime,
};
use crate::package::data::App;
use crate::package::{Key, Package, PackageError, Workspace, WorkspaceKey};
use crate::profile::Holds;
use crate::target::{AppForm, Form, FormWriter, same_entries};

/// An app, its future, and what there is to say about it.
pub(super) struct Planned<'a> {
    pub(super) stored: &'a App,
    pub(super) app: PlannedApp,
    pub(super) facts: Vec<Fact>,
    /// Connections of which it is not known whether the owner may run them.
    unknown: Vec<Arc<str>>,
}

impl Planned<'_> {
    /// How the stored app changes.
    ///
    /// # Errors
    /// [`PackageError::Entries`] when the app has identifier entries other than those it gets: nobody
    /// but flowlift writes them, and they would grant what no token granted.
    pub(super) fn edits(&self, target: &mut FormWriter) -> Result<Vec<Edit>, PackageError> {
        let (app, stored) = (&self.app, &self.stored.form);
        if !stored.entries.is_empty() {
            same_entries(&stored.entries, app.identifier, &app.carried).map_err(|connections| {
                PackageError::Entries {
                    app: Arc::clone(&app.name),
                    connections,
                }
            })?;
        }
        if app.kind == AppKind::Gallery {
            return Ok(Vec::new());
        }
        let form = AppForm {
            kind: app.kind,
            identifier: app.identifier,
            enabled: app.enabled == Some(true),
            temporary_uploads: app.temporary_uploads,
            carried: &app.carried,
        };
        Ok(target.edits(stored, &form))
    }
}

/// All that a decision about an app depends on.
pub(super) struct Planning<'a> {
    pub(super) package: &'a Package,
    pub(super) options: Options,
    pub(super) now: Timestamp,
    pub(super) access: &'a Access<'a>,
    pub(super) tokens: &'a Tokens<'a>,
    pub(super) linked: &'a Linked<'a>,
    /// Users that were asked for.
    pub(super) users: RefCell<BTreeMap<Key, Owner>>,
    /// The users who have a token of a name that is nobody's who owns an app, by that name.
    pub(super) candidates: RefCell<BTreeMap<&'a str, Arc<[Arc<str>]>>>,
    /// Whether the archive comes from 2026.1 or later, so that there is nothing to decide.
    pub(super) is_current: bool,
}

impl<'a> Planning<'a> {
    /// Every app, by kind and name. An app is planned when its turn comes, so that what was thought
    /// of one need not be kept until all are through.
    ///
    /// # Errors
    /// [`PackageError::SameIdentifier`] when two apps would share a Flow App Identifier.
    pub(super) fn apps(
        &self,
    ) -> Result<impl Iterator<Item = Result<Planned<'a>, PackageError>>, PackageError> {
        let data = &self.package.data;
        let workspaces = data.workspaces();
        let identified = data.apps.iter().map(|app| (self.identifier(app), app));
        let mut apps: Vec<_> = identified.collect();
        apps.sort_by_key(|&(identifier, _)| identifier);
        let mut pairs = apps.iter().zip(apps.iter().skip(1));
        let same = pairs.find(|((one, _), (other, _))| one == other);
        if let Some((&(identifier, one), (_, other))) = same.filter(|_| !self.is_current) {
            return Err(PackageError::SameIdentifier {
                identifier,
                apps: [Arc::clone(&one.name), Arc::clone(&other.name)],
            });
        }
        apps.sort_by_key(|&(identifier, app)| (app.kind, &app.name, identifier));
        let planned = apps.into_iter();
        Ok(planned.map(move |(identifier, app)| Ok(self.app(app, identifier, &workspaces(app)))))
    }

    fn identifier(&self, app: &App) -> Identifier {
        let owner = app
            .owner
            .map_or("", |owner| self.package.data.keys.text(owner));
        Identifier::of(&app.key, app.kind, owner, &app.name)
    }

    fn app(
        &self,
        stored: &'a App,
        identifier: Identifier,
        workspaces: &BTreeSet<&WorkspaceKey>,
    ) -> Planned<'a> {
        let owner = self.user(stored.owner);
        let used = workspaces.iter().filter_map(|key| self.workspace(key));
        let mut used: Vec<_> = used.collect();
        used.shrink_to_fit();
        let app = PlannedApp {
            kind: stored.kind,
            name: Arc::clone(&stored.name),
            identifier,
            impact: Impact::default(),
            owner,
            token: None,
            enabled: stored.form.enabled,
            temporary_uploads: stored
                .form
                .uploads
                .filter(|_| stored.kind == AppKind::Workspace),
            carried: Arc::default(),
            carried_resources: Vec::new(),
            dropped: Vec::new(),
            workspaces: used,
        };
        let mut planned = Planned {
            stored,
            app,
            facts: Vec::new(),
            unknown: Vec::new(),
        };
        if self.is_current {
            return planned;
        }
        if stored.kind.is_unverified() {
            planned
                .facts
                .push(Fact::AppKindUnverified { kind: stored.kind });
        }
        if stored
            .owner
            .is_some_and(|owner| self.package.data.is_disabled(owner))
        {
            planned.facts.push(Fact::OwnerDisabled {
                owner: Arc::clone(&planned.app.owner.name),
            });
        }
        if stored.kind == AppKind::Gallery {
            self.links(&mut planned);
        } else {
            self.migrate(&mut planned);
            self.assess_needs(&mut planned, workspaces);
            self.rights_unknown(&mut planned);
        }
        planned
    }

    fn migrate(&self, planned: &mut Planned<'a>) {
        let stored = planned.stored;
        let Some(token) = self.tokens.of(stored) else {
            let name: Option<Arc<str>> = stored.token.as_deref().map(Arc::from);
            planned.app.token = name.clone().map(|name| PlannedToken {
                name,
                enabled: None,
                restricted: None,
                expires: None,
                retired: None,
            });
            let users = self.candidates(stored);
            planned.facts.push(match name {
                Some(token) if !users.is_empty() => Fact::TokenAmbiguous { token, users },
                token => Fact::TokenMissing { token },
            });
            set_enabled(planned, false, false);
            return;
        };
        let name = Arc::clone(&token.name);
        let expires = token.expires.as_deref().map(str::parse::<ServerTime>);
        let kept = self.tokens.is_used_elsewhere(stored);
        let retired = self.options.form == Form::Final && !kept;
        planned.app.token = Some(PlannedToken {
            name: Arc::clone(&name),
            enabled: token.enabled,
            restricted: token.restricted,
            expires: expires
                .as_ref()
                .and_then(|date| date.as_ref().ok())
                .copied(),
            retired: Some(retired),
        });
        self.state(planned, token, &name);
        self.ownership(planned, token, &name);
        let held = match self.tokens.shared_by(stored) {
            0 | 1 => self.access.held(token),
            _ => self.access.held_by_several(token),
        };
        let unrestricted = token.restricted == Some(false);
        let runs = self.will_run(stored);
        set_enabled(planned, runs, held.uploads || unrestricted);
        self.permissions(planned, held, unrestricted, &name);
        self.expiry(planned);
    }

    /// The users whose tokens bear the name of an app's, kept once for all apps that name it.
    fn candidates(&self, app: &'a App) -> Arc<[Arc<str>]> {
        let mut known = self.candidates.borrow_mut();
        let users = known.entry(app.token.as_deref().unwrap_or_default());
        let users = users.or_insert_with(|| {
            let tokens = self.tokens.candidates(app).into_iter();
            tokens.map(|token| self.user(token.user).name).collect()
        });
        Arc::clone(users)
    }

    /// Whether an app can run today; it must not come alive by being migrated. FME Flow disables an app
    /// whose owner is changed (documented), and a date in no known time zone has passed where it has
    /// passed in any. Gallery Apps have no token, and run.
    pub(super) fn will_run(&self, app: &App) -> bool {
        let Some(token) = self.tokens.of(app) else {
            return app.kind == AppKind::Gallery;
        };
        let expires = token.expires.as_deref().map(str::parse::<ServerTime>);
        let in_time = match expires {
            None => true,
            Some(Ok(expires)) => !expires.has_come_somewhere(self.now),
            Some(Err(_)) => false,
        };
        token.enabled == Some(true) && in_time && token.user == app.owner
    }

    fn permissions(
        &self,
        planned: &mut Planned<'_>,
        held: TokenPermissions,
        unrestricted: bool,
        token: &Arc<str>,
    ) {
        let mut connections = held.connections;
        if unrestricted {
            let expanded = self.options.unrestricted == Unrestricted::Declared;
            if expanded {
                for (connection, run) in self.declared(planned) {
                    connections.entry(connection).or_insert(run);
                }
            }
            planned.facts.push(Fact::TokenUnrestricted {
                token: Arc::clone(token),
                expanded,
            });
        }
        planned.app.carried = connections
            .into_iter()
            .map(|(connection, permissions)| Carried {
                connection,
                permissions,
            })
            .collect();
        for carried in &*Arc::clone(&planned.app.carried) {
            self.carry(planned, carried);
        }
        for (resource, permissions) in held.resources {
            if self.is_carried(planned.app.kind, &resource, &permissions) {
                planned.app.carried_resources.push(CarriedResource {
                    resource,
                    permissions,
                });
            } else {
                planned.app.dropped.push(Dropped {
                    resource,
                    permissions,
                });
            }
        }
        let resources = planned.app.carried_resources.iter().cloned();
        planned.facts.extend(resources.map(
            |CarriedResource {
                 resource,
                 permissions,
             }| Fact::ResourceCarried {
                resource,
                permissions,
            },
        ));
        let facts = planned.app.dropped.iter().cloned();
        planned.facts.extend(facts.map(
            |Dropped {
                 resource,
                 permissions,
             }| Fact::ResourceDropped {
                resource,
                permissions,
                judged: false,
            },
        ));
        if let Some(permissions) = held.general_connections {
            planned
                .facts
                .push(Fact::GeneralConnectionDropped { permissions });
        }
        if let Some(permissions) = held.general_resources {
            planned
                .facts
                .push(Fact::GeneralResourceDropped { permissions });
        }
    }

    /// Whether a permission on a resource goes where the profile says.
    fn is_carried(&self, kind: AppKind, resource: &str, permissions: &Permissions) -> bool {
        self.options.resources == OfResources::Carried
            && self
                .options
                .profile
                .is_some_and(|profile| profile.takes(Holds::Resources, kind, resource, permissions))
    }

    /// An expiry that goes where the profile says is not lost.
    fn expiry(&self, planned: &mut Planned<'_>) {
        let app = &planned.app;
        let has_any = !app.carried.is_empty() || !app.carried_resources.is_empty();
        let is_kept = self
            .options
            .profile
            .is_some_and(|profile| profile.keeps_expiry(app.kind, has_any));
        for fact in planned.facts.iter_mut().filter(|_| is_kept) {
            if let Fact::TokenExpiryLost { token, expires } = fact {
                *fact = Fact::ExpiryCarried {
                    token: Arc::clone(token),
                    expires: *expires,
                };
            }
        }
    }

    fn carry(&self, planned: &mut Planned<'_>, carried: &Carried) {
        let connection = || Arc::clone(&carried.connection);
        planned.facts.push(Fact::ConnectionCarried {
            connection: connection(),
            permissions: carried.permissions.clone(),
        });
        if !self.access.holds(&carried.connection) {
            planned.facts.push(Fact::ConnectionNotInArchive {
                connection: connection(),
            });
        }
        if let Some(lacking) = self.lacking(planned, &carried.connection) {
            planned.facts.push(Fact::OwnerLacksConnection {
                connection: connection(),
                lacking,
            });
        }
    }

    /// An app's owner who may not run a connection, and who could change that. Where the package does
    /// not tell, that is noted for [`Planning::rights_unknown`].
    pub(super) fn lacking(
        &self,
        planned: &mut Planned<'_>,
        connection: &Arc<str>,
    ) -> Option<Lacking> {
        match self.access.can_run(planned.stored.owner?, connection) {
            May::Yes => None,
            May::No => Some(Lacking {
                owner: Arc::clone(&planned.app.owner.name),
                connection_owners: self.access.owners(connection),
            }),
            May::Unknown => {
                planned.unknown.push(Arc::clone(connection));
                None
            }
        }
    }

    /// Says once of which connections it is not known whether the app's owner may run them.
    fn rights_unknown(&self, planned: &mut Planned<'_>) {
        let mut connections = std::mem::take(&mut planned.unknown);
        connections.sort_unstable();
        connections.dedup();
        if let Some(owner) = planned.stored.owner.filter(|_| !connections.is_empty()) {
            planned.facts.push(Fact::OwnerRightsUnknown {
                owner: Arc::clone(&planned.app.owner.name),
                connections: connections.into(),
                roles_unknown: self.access.unknown_roles(owner),
            });
        }
    }

    /// The connections that an app's workspaces declare and its owner may run, to be run.
    fn declared(&self, planned: &Planned<'_>) -> ItemPermissions {
        let declared = planned
            .app
            .workspaces
            .iter()
            .flat_map(|workspace| &workspace.header.connections);
        let known = declared.filter(|connection| !connection.is_expression());
        let names = known.map(|connection| connection.name.as_str());
        let can_run = |name: &&str| {
            planned
                .stored
                .owner
                .is_some_and(|owner| self.access.can_run(owner, name) == May::Yes)
        };
        names
            .filter(can_run)
            .map(|name| (name.into(), Permissions::run()))
            .collect()
    }

    fn workspace(&self, key: &WorkspaceKey) -> Option<WorkspaceUse> {
        let Some(Workspace::Read(header)) = self.package.workspaces.get(key) else {
            return None;
        };
        let (repository, name) = key;
        Some(WorkspaceUse {
            path: format!("{repository}/{name}"),
            header: Arc::clone(header),
        })
    }

    /// A user, whose key and name are kept once for all apps.
    pub(super) fn user(&self, user: Option<Key>) -> Owner {
        let Some(key) = user else {
            return Owner {
                id: Arc::default(),
                name: Arc::default(),
            };
        };
        let data = &self.package.data;
        let mut users = self.users.borrow_mut();
        let known = users.entry(key).or_insert_with(|| Owner {
            id: data.keys.text(key).into(),
            name: data.user_name(key).into(),
        });
        known.clone()
    }
}

fn set_enabled(planned: &mut Planned<'_>, runs: bool, uploads: bool) {
    planned.app.enabled = Some(runs);
    planned.app.temporary_uploads = (planned.stored.kind == AppKind::Workspace).then_some(uploads);
}
