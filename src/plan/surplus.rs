//! What a token may do beyond what its apps need. FME Flow gives an app's token what the app runs by
//! (seen): its repository or automation, the app itself, its service. Whoever gave it more had a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::access::UPLOAD_SERVICE;
use super::token::Tokens;
use crate::flow::Category;
use crate::package::Key;
use crate::package::data::{App, Data, Grant, Token};

/// The apps of each token.
pub(super) struct Surplus<'a> {
    data: &'a Data,
    /// By the token's key.
    apps: BTreeMap<&'a str, Vec<&'a App>>,
}

impl<'a> Surplus<'a> {
    pub(super) fn of_apps(data: &'a Data, tokens: &Tokens<'a>) -> Self {
        let mut apps: BTreeMap<&str, Vec<&App>> = BTreeMap::new();
        for app in &data.apps {
            if let Some(token) = tokens.of(app) {
                apps.entry(&token.key).or_default().push(app);
            }
        }
        Self { data, apps }
    }

    /// How many grants of a token's roles none of its apps needs. Connections, Resources and general
    /// permissions on them are told of by themselves.
    pub(super) fn of(&self, token: &Token) -> u32 {
        let apps = self.apps.get(&*token.key).map_or(&[][..], Vec::as_slice);
        let needed = Needed::by(apps);
        let roles: BTreeSet<Key> = token.roles.iter().copied().collect();
        let grants = roles.iter().flat_map(|role| self.data.grants_of(*role));
        let more = grants.filter(|grant| !needed.has(grant, self.data));
        more.count().try_into().unwrap_or(u32::MAX)
    }
}

/// What apps run by.
struct Needed<'a> {
    /// Repositories, automations and the apps themselves.
    running: BTreeSet<&'a str>,
    services: BTreeSet<&'a str>,
    /// Whether all services are known.
    knows_services: bool,
}

impl<'a> Needed<'a> {
    fn by(apps: &[&'a App]) -> Self {
        let running = apps.iter().flat_map(|app| {
            let repository = app.workspace.as_ref().map(|(repository, _)| &**repository);
            let own = [&*app.key, &*app.name];
            own.into_iter()
                .chain(repository)
                .chain(app.automation.as_deref())
        });
        let services = apps.iter().filter_map(|app| app.service.as_deref());
        Self {
            running: running.collect(),
            services: services.chain([UPLOAD_SERVICE]).collect(),
            knows_services: apps.iter().all(|app| app.service.is_some()),
        }
    }

    fn has(&self, grant: &Grant, data: &Data) -> bool {
        let item = grant.item.and_then(|item| data.secured(item));
        let item = item.map(|item| &*item.name);
        match grant.category {
            Category::Connections | Category::Resources => true,
            Category::Services => {
                item.is_none_or(|name| !self.knows_services || self.services.contains(name))
            }
            Category::Running => item.is_none_or(|name| self.running.contains(name)),
            Category::Other => false,
        }
    }
}
