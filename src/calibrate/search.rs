//! The search for a place: meetings in the export that the first archive did not have, of which those are
//! taken whose pairs are the plan's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::error::CalibrateError;
use super::expiry::OwnAttributes;
use super::known::{Known, KnownApp};
use super::lists::Lists;
use super::meetings::{Links, Meetings, Pairs, Ties};
use super::relation::{Accepted, Lessons, Relation};
use super::replay::{AllWays, Replay};
use super::separators::AttributeSeparators;
use super::shape::Shape;
use super::strength::Strength;
use crate::compare::PlannedArchive;
use crate::error::Error;
use crate::flow::{ItemPermissions, Permissions};
use crate::load::data_xml;
use crate::package::PackageError;
use crate::profile::frames::frames;
use crate::profile::{
    AppPermissions, Encoding, ExpiryLocation, Holds, PermissionLocation, Profile, read,
};
use crate::verify::uuids;

/// How many lists are shown that are new.
const SHOWN: usize = 4;

/// The two archives of a search.
pub(super) struct PlaceSearch<'a> {
    pub(super) before: &'a PlannedArchive,
    pub(super) after: &'a PlannedArchive,
    pub(super) strength: Strength,
    /// What must not get into a profile.
    pub(super) names: HashSet<String>,
}

/// What was found.
pub(super) struct FoundPlaces {
    /// What was known of Connections.
    pub(super) known: Known,
    opened: AttributeSeparators,
    /// The same of Resources, where they were looked for.
    pub(super) resources: Option<(Known, AttributeSeparators)>,
    pub(super) places: Vec<PermissionLocation>,
    pub(super) ruled_out: Vec<String>,
    /// The UUIDs that tie apps to other items.
    links: HashMap<String, usize>,
}

impl FoundPlaces {
    /// Adds what was found of Resources.
    pub(super) fn add(&mut self, resources: Self) {
        self.places.extend(resources.places);
        self.ruled_out.extend(resources.ruled_out);
        self.links.extend(resources.links);
        self.resources = Some((resources.known, resources.opened));
    }
}

impl PlaceSearch<'_> {
    pub(super) fn find(&self, holds: Holds, mut known: Known) -> Result<FoundPlaces, Error> {
        let (ties, opened) = self.new_ties(&known)?;
        for (link, apps) in ties.values().flatten() {
            for app in apps {
                known.link(link, *app);
            }
        }
        let (found, was) = self.new_meetings(&known, &opened)?;
        let learn = |known: &Known, accepted: &Accepted<'_>| {
            let lessons = Lessons {
                known,
                opened: &opened,
                holds,
                was: &was,
                ties: &ties,
                names: &self.names,
            };
            lessons.places(
                &accepted.shapes,
                &mut || data_xml(&self.after.source),
                &mut || data_xml(&self.before.source),
            )
        };
        let accept = |known: &Known| {
            let relation = Relation {
                known,
                holds,
                strength: self.strength,
            };
            relation.accept(&found)
        };
        let accepted = match accept(&known) {
            Err(error) => return Err(self.with_new_lists(error)?.into()),
            Ok(accepted) => accepted,
        };
        let mut lesson = learn(&known, &accepted)?;
        if lesson
            .places
            .iter()
            .any(PermissionLocation::hides_permissions)
        {
            // Perhaps each permission has a place of its own.
            let each = known.words().into_iter().map(|word| {
                let of_word = known.of(&word);
                let accepted = accept(&of_word)?;
                learn(&of_word, &accepted)
            });
            if let Ok(each) = each.collect::<Result<Vec<_>, Error>>() {
                let places = each.iter().flat_map(|it| it.places.clone());
                lesson.places = places.collect();
                for one in each {
                    lesson.links.extend(one.links);
                }
            }
        }
        let ruled_out = accepted.ruled_out;
        Ok(FoundPlaces {
            places: lesson.places,
            links: lesson.links,
            ruled_out,
            known,
            resources: None,
            opened,
        })
    }

    /// The UUIDs that tie apps to items of the export, and how its attributes are separated.
    fn new_ties(&self, known: &Known) -> Result<(Ties, AttributeSeparators), Error> {
        let mut links = Links::new(known);
        frames(data_xml(&self.after.source)?, &mut links)?;
        let (mut ties, opened) = (links.found, links.opened);
        // A UUID that was there before is nobody's new role.
        let uuid = |link: &String| Uuid::try_parse(link).ok();
        let links = ties.values().flat_map(BTreeMap::keys);
        let all = links.filter_map(uuid).collect();
        let old =
            uuids::occurring(data_xml(&self.before.source)?, &all).map_err(PackageError::Read)?;
        for of_shape in ties.values_mut() {
            of_shape.retain(|link, _| uuid(link).is_none_or(|link| !old.contains(&link)));
        }
        ties.retain(|_, of_shape| !of_shape.is_empty());
        Ok((ties, opened))
    }

    /// The meetings of the export that the first archive has not, and the ways to those it has.
    fn new_meetings(
        &self,
        known: &Known,
        opened: &AttributeSeparators,
    ) -> Result<(HashMap<Shape, Pairs>, HashSet<u64>), Error> {
        let mut was = Meetings::new(known, opened);
        frames(data_xml(&self.before.source)?, &mut was)?;
        let mut met = Meetings::new(known, opened);
        met.before = was.ways;
        frames(data_xml(&self.after.source)?, &mut met)?;
        Ok((met.found, met.before))
    }

    /// Where there is no place, what else is new belongs to the error.
    fn with_new_lists(&self, mut error: CalibrateError) -> Result<CalibrateError, Error> {
        if let CalibrateError::NoPlace { new, .. } = &mut error {
            *new = self.new_lists()?;
        }
        Ok(error)
    }

    /// Lists of the export that the first archive has not.
    fn new_lists(&self) -> Result<Vec<String>, Error> {
        let (mut old, mut new) = (Lists::default(), Lists::default());
        frames(data_xml(&self.before.source)?, &mut old)?;
        frames(data_xml(&self.after.source)?, &mut new)?;
        Ok(new.0.difference(&old.0).take(SHOWN).cloned().collect())
    }

    /// Where it stands when an app expires.
    pub(super) fn expiry(
        &self,
        known: &Known,
    ) -> Result<Result<Vec<ExpiryLocation>, &'static str>, Error> {
        let mut old = OwnAttributes::new(known);
        frames(data_xml(&self.before.source)?, &mut old)?;
        let mut new = OwnAttributes::new(known);
        frames(data_xml(&self.after.source)?, &mut new)?;
        Ok(new.places(&old, self.strength))
    }

    /// What is read through the profile has to be what the tokens held, and what it would write has to be
    /// what is there; tells of what is there besides.
    pub(super) fn replay(
        &self,
        profile: &Profile,
        found: &FoundPlaces,
    ) -> Result<Vec<String>, Error> {
        self.read_back(profile, found)?;
        if profile
            .places
            .iter()
            .any(PermissionLocation::hides_permissions)
        {
            return Ok(vec!["which permissions an app has".to_owned()]);
        }
        let nothing = BTreeMap::new();
        let holders = found.known.apps.iter().enumerate().map(|(at, app)| {
            let resources = found.resources.as_ref();
            let of_resources =
                resources.and_then(|(known, _)| Some((known, &known.apps.get(at)?.expected)));
            let held = |(known, expected): (&'_ Known, &'_ BTreeMap<usize, Permissions>)| {
                let named = expected.iter().filter_map(|(item, set)| {
                    Some((known.items.get(*item)?.to_string(), set.clone()))
                });
                named.collect::<Vec<_>>()
            };
            let resources = of_resources.unwrap_or((&found.known, &nothing));
            (app, held((&found.known, &app.expected)), held(resources))
        });
        let held: Vec<_> = holders.collect();
        let holders: Vec<AppPermissions<'_>> = held
            .iter()
            .map(|(app, connections, resources)| AppPermissions {
                app: app.as_ref(),
                connections: borrowed(connections),
                resources: borrowed(resources),
            })
            .collect();
        let predicted = profile.additions(&holders, REPLAYED);
        let predicted = predicted.map_err(CalibrateError::NotMadeAgain)?;
        let of_resources = found.resources.iter();
        let known = std::iter::once((&found.known, &found.opened))
            .chain(of_resources.map(|(known, opened)| (known, opened)))
            .collect();
        let mut before = AllWays::default();
        frames(data_xml(&self.before.source)?, &mut before)?;
        let mut links = found.links.clone();
        for (at, app) in found.known.apps.iter().enumerate() {
            links.insert(crate::profile::link_of(&app.as_ref()), at);
        }
        let mut replay = Replay::new(known, before, links, &predicted);
        frames(data_xml(&self.after.source)?, &mut replay)?;
        let (missing, more) = replay.result();
        if missing > 0 {
            return Err(CalibrateError::Replay { apps: missing }.into());
        }
        let is_name = |list: &str| list.split('/').any(|it| self.names.contains(it));
        let more = more.into_iter().map(|list| {
            if is_name(&list) {
                "something with a name of the archives".to_owned()
            } else {
                list
            }
        });
        Ok(more.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn read_back(&self, profile: &Profile, found: &FoundPlaces) -> Result<(), Error> {
        let data = &self.after.package.data;
        let reading = read(profile, data, || data_xml(&self.after.source))?;
        let is_wrong = |known: &Known, app: &KnownApp, held: Option<&ItemPermissions>| {
            let expected = app
                .expected
                .iter()
                .filter_map(|(item, set)| Some((known.items.get(*item)?, set)));
            let expected: BTreeMap<_, _> = expected.collect();
            let found: BTreeMap<_, _> = held.into_iter().flatten().collect();
            // Where the place does not say which permissions, whose they are is all there is to see.
            let is_same = expected.keys().eq(found.keys())
                && found
                    .iter()
                    .all(|(item, set)| set.is_empty() || expected.get(item) == Some(set));
            !is_same
        };
        let apps = found.known.apps.iter().zip(&reading.connections);
        let wrong = apps.filter(|(app, held)| is_wrong(&found.known, app, held.as_ref()));
        let mut wrong = wrong.count();
        if let Some((known, _)) = &found.resources {
            let apps = known.apps.iter().zip(&reading.resources);
            wrong += apps
                .filter(|(app, held)| is_wrong(known, app, held.as_ref()))
                .count();
        }
        match wrong {
            0 => Ok(()),
            apps => Err(CalibrateError::Replay { apps }.into()),
        }
    }
}

/// The time of a replay; times are compared by their form only.
const REPLAYED: jiff::civil::DateTime = jiff::civil::date(2026, 5, 12).at(0, 0, 0, 0);

fn borrowed(held: &[(String, Permissions)]) -> Vec<(&str, &Permissions)> {
    held.iter().map(|(item, set)| (&**item, set)).collect()
}

impl PermissionLocation {
    /// Whether the place tells who may use what, and not how.
    fn hides_permissions(&self) -> bool {
        self.permissions == Encoding::Presence && self.seen.len() > 1
    }
}
