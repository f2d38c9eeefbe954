//! Learns from one restore where a server keeps what its apps may do.
//!
//! What each app should have is known from the archive that was imported. Somewhere in the export of
//! the new server there is a place that holds exactly that; it is found by its content, not by its name.
//! Every place where an app meets a Connection is generalised to a shape, and a shape whose pairs are
//! exactly the plan's is the place. Nothing is taken that chance or something else explains as well.

mod confirm;
mod contents;
mod encoding;
mod error;
mod known;
mod learn;
mod lesson;
mod meetings;
mod opened;
mod probe;
mod relation;
mod shape;
mod strength;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::archive::sha256;
use crate::clock::Clock;
use crate::compare::matching::{Match, matches};
use crate::compare::{AppState, Read};
use crate::error::Error;
use crate::flow::Category;
use crate::limits::Limits;
use crate::load::data_xml;
use crate::package::{Package, PackageError};
use crate::plan::{Options, Outcome};
use crate::profile::frames::frames;
use crate::profile::{Evidence, Holds, ItemLocation, Profile, Status, VERSION, read};
use crate::watch::Watch;
pub use confirm::confirm;
pub use error::{CalibrateError, Unlearned};
use known::{Known, KnownApp};
use meetings::{Links, Meetings};
pub use probe::probe;
pub use strength::Strength;

/// What was learned.
#[derive(Debug, Clone)]
pub struct Learned {
    /// To be kept.
    pub profile: Profile,
    /// What was looked at and left out, in sentences.
    pub ruled_out: Vec<String>,
}

/// Learns where the server that exported `after` keeps what the tokens of `before` held.
///
/// # Errors
/// When an archive cannot be read, or what there is does not tell.
pub fn calibrate(
    before: &Path,
    after: &Path,
    strength: Strength,
    limits: Limits,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Learned, Error> {
    let options = Options {
        limits,
        ..Options::default()
    };
    let imported = Read::open(before, options, clock, watch)?;
    if imported.plan.outcome == Outcome::Current {
        let build = imported.plan.source.build;
        return Err(CalibrateError::NoTokens { build }.into());
    }
    let exported = Read::open(after, options, clock, watch)?;
    if exported.plan.outcome != Outcome::Current {
        let build = exported.plan.source.build;
        return Err(CalibrateError::NotExported { build }.into());
    }
    let known = known(&imported, &exported);
    let evidence = Evidence {
        before: sha256(before)?.to_string(),
        after: sha256(after)?.to_string(),
        apps: known
            .apps
            .iter()
            .filter(|app| !app.expected.is_empty())
            .count(),
        connections: known.items.len(),
        pairs: known.apps.iter().map(|app| app.expected.len()).sum(),
        written: None,
        exported: None,
    };
    if evidence.pairs == 0 {
        return Err(CalibrateError::NothingGranted.into());
    }
    let search = Search {
        before: &imported,
        after: &exported,
        holds: Holds::Connections,
        strength,
        names: names([&imported.package, &exported.package]),
    };
    let (places, ruled_out) = search.places(known)?;
    let profile = Profile {
        version: VERSION,
        status: Status::Learned,
        schema: exported.plan.source.schema.to_string(),
        build: exported.plan.source.build.0,
        container: exported.plan.kind,
        evidence,
        places,
    };
    search.replay(&profile)?;
    Ok(Learned { profile, ruled_out })
}

/// The apps of the export with what they should have, and the Connections that it holds.
fn known(before: &Read, after: &Read) -> Known {
    let state = |it: &Read| -> Vec<AppState> {
        let apps = it.plan.apps.iter();
        apps.map(|app| AppState::planned(app, None)).collect()
    };
    let (planned, found) = (state(before), state(after));
    let matched = matches(&planned, &found);
    let data = &after.package.data;
    let held = data.connections.iter().map(|it| Arc::from(&*it.name));
    let secured = data.secured.iter();
    let secured = secured.filter(|it| it.category == Category::Connections);
    let items: BTreeSet<Arc<str>> = held.chain(secured.map(|it| Arc::clone(&it.name))).collect();
    let items: Vec<Arc<str>> = items.into_iter().collect();
    let position: HashMap<&str, usize> = items
        .iter()
        .enumerate()
        .map(|(at, it)| (&**it, at))
        .collect();
    let mut expected = BTreeMap::new();
    for (app, to) in planned.iter().zip(&matched.of_before) {
        if let (Match::One(at), Some(held)) = (to, &app.connections) {
            let held = held.iter();
            let held = held.filter_map(|(item, set)| Some((*position.get(&**item)?, set.clone())));
            if let Some(now) = found.get(*at) {
                expected.insert(now.identifier, held.collect::<BTreeMap<_, _>>());
            }
        }
    }
    let apps = data.apps.iter().map(|app| {
        let known = data.app_ref(app);
        KnownApp {
            kind: app.kind,
            key: known.key.to_owned(),
            name: known.name.to_owned(),
            owner_key: known.owner_key.to_owned(),
            owner_name: known.owner_name.to_owned(),
            expected: expected.remove(&data.identifier(app)).unwrap_or_default(),
        }
    });
    let apps = apps.collect();
    Known::new(apps, items, Holds::Connections)
}

/// Every name and key of the archives that must not get into a profile.
fn names(packages: [&Package; 2]) -> HashSet<String> {
    let mut names = HashSet::new();
    for package in packages {
        let data = &package.data;
        for app in &data.apps {
            names.extend([app.key.clone(), app.name.to_string()]);
        }
        for user in &data.users {
            let texts = [user.key, user.name].map(|key| data.keys.text(key).to_owned());
            names.extend(texts);
        }
        names.extend(data.connections.iter().map(|it| it.name.clone()));
        names.extend(data.tokens.iter().map(|it| it.name.to_string()));
    }
    names.remove("");
    names
}

/// One search, for Connections or for Resources.
struct Search<'a> {
    before: &'a Read,
    after: &'a Read,
    holds: Holds,
    strength: Strength,
    names: HashSet<String>,
}

impl Search<'_> {
    fn places(&self, mut known: Known) -> Result<(Vec<ItemLocation>, Vec<String>), Error> {
        let mut links = Links::new(&known);
        frames(data_xml(&self.after.source)?, &mut links)?;
        let (mut ties, opened) = (links.found, links.opened);
        // A UUID that was there before is nobody's new role.
        let all = ties.values().flat_map(BTreeMap::keys).cloned().collect();
        let old = crate::verify::permissions::uuids(data_xml(&self.before.source)?, &all)
            .map_err(PackageError::Read)?;
        for of_shape in ties.values_mut() {
            of_shape.retain(|link, _| !old.contains(link));
        }
        ties.retain(|_, of_shape| !of_shape.is_empty());
        for (link, apps) in ties.values().flatten() {
            for app in apps {
                known.link(link, *app);
            }
        }
        let mut was = Meetings::new(&known, &opened);
        frames(data_xml(&self.before.source)?, &mut was)?;
        let was = was.ways;
        let mut met = Meetings::new(&known, &opened);
        met.before = was;
        frames(data_xml(&self.after.source)?, &mut met)?;
        let (found, was) = (met.found, met.before);
        let relation = relation::Relation {
            known: &known,
            strength: self.strength,
        };
        let accepted = relation.accept(&found)?;
        let lesson = relation::Lessons {
            known: &known,
            opened: &opened,
            holds: self.holds,
            was: &was,
            ties: &ties,
            names: &self.names,
        };
        let places = lesson.places(
            &accepted.shapes,
            &mut || data_xml(&self.after.source),
            &mut || data_xml(&self.before.source),
        )?;
        Ok((places, accepted.ruled_out))
    }

    /// What is read through the profile has to be what the tokens held.
    fn replay(&self, profile: &Profile) -> Result<(), Error> {
        let known = known(self.before, self.after);
        let apps: Vec<_> = known.apps.iter().map(KnownApp::as_ref).collect();
        let items = known.items.iter().map(|item| &**item).collect();
        let reading = read(profile, &apps, &items, || data_xml(&self.after.source))?;
        let wrong = known.apps.iter().zip(&reading.connections);
        let wrong = wrong.filter(|(app, found)| {
            let expected = app
                .expected
                .iter()
                .filter_map(|(item, set)| Some((Arc::clone(known.items.get(*item)?), set)));
            let expected: BTreeMap<_, _> = expected.collect();
            let found: BTreeMap<_, _> = found
                .iter()
                .flatten()
                .map(|(item, set)| (Arc::clone(item), set))
                .collect();
            // Where the place does not say which permissions, whose they are is all there is to see.
            let same = expected.keys().eq(found.keys())
                && found
                    .iter()
                    .all(|(item, set)| set.is_empty() || expected.get(item) == Some(set));
            !same
        });
        match wrong.count() {
            0 => Ok(()),
            apps => Err(CalibrateError::Replay { apps }.into()),
        }
    }
}
