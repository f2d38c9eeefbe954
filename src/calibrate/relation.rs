//! Which shapes hold exactly what the tokens held, and whether that can be chance.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;

use super::error::CalibrateError;
use super::instances::{Instance, InstanceKind, Instances, Ways};
use super::known::Known;
use super::lesson::Lesson;
use super::meetings::{Pairs, Ties};
use super::separators::AttributeSeparators;
use super::shape::{Shape, Way};
use super::strength::Strength;
use crate::error::Error;
use crate::flow::AppKind;
use crate::profile::frames::frames;
use crate::profile::{Holds, PathLevel, Pattern, PermissionLocation, Variable, way};
use crate::sanitize::sanitize;

/// How many candidates are shown.
const SHOWN: usize = 4;

/// What the tokens held.
pub(super) struct Relation<'a> {
    pub(super) known: &'a Known,
    pub(super) holds: Holds,
    pub(super) strength: Strength,
}

/// What holds exactly that.
pub(super) struct Accepted<'a> {
    /// A shape for each kind of app; the same for several where it is the same place.
    pub(super) shapes: BTreeMap<AppKind, &'a Shape>,
    /// What was left out.
    pub(super) ruled_out: Vec<String>,
}

impl Relation<'_> {
    pub(super) fn accept<'a>(
        &self,
        found: &'a HashMap<Shape, Pairs>,
    ) -> Result<Accepted<'a>, CalibrateError> {
        let mut expected: BTreeMap<AppKind, Pairs> = BTreeMap::new();
        for (at, app) in self.known.apps.iter().enumerate() {
            for item in app.expected.keys() {
                expected.entry(app.kind).or_default().insert((at, *item));
            }
        }
        let mut by_kind: Vec<(&Shape, BTreeMap<AppKind, Pairs>)> = found
            .iter()
            .map(|(shape, pairs)| (shape, self.by_kind(pairs)))
            .collect();
        by_kind.sort_by_key(|(shape, _)| *shape);
        let mut accepted = Accepted {
            shapes: BTreeMap::new(),
            ruled_out: Vec::new(),
        };
        for (kind, wanted) in &expected {
            let holding = by_kind
                .iter()
                .filter(|(_, of)| of.get(kind) == Some(wanted));
            let places = places(holding.map(|(shape, _)| *shape));
            match &places[..] {
                [] => {
                    return Err(CalibrateError::NoPlace {
                        kind: kind.to_string(),
                        holds: self.holds,
                        closest: closest(&by_kind, *kind, wanted),
                        new: Vec::new(),
                    });
                }
                [shape] => {
                    self.by_name(shape)?;
                    accepted.shapes.insert(*kind, shape);
                }
                several => {
                    return Err(CalibrateError::SeveralPlaces {
                        kind: kind.to_string(),
                        holds: self.holds,
                        places: several.iter().map(|shape| shown(shape)).collect(),
                    });
                }
            }
            accepted.ruled_out.extend(closest(&by_kind, *kind, wanted));
        }
        self.weigh(&accepted.shapes, &expected)?;
        Ok(accepted)
    }

    fn by_kind(&self, pairs: &Pairs) -> BTreeMap<AppKind, Pairs> {
        let mut by_kind: BTreeMap<AppKind, Pairs> = BTreeMap::new();
        for (app, item) in pairs {
            if let Some(known) = self.known.apps.get(*app) {
                by_kind.entry(known.kind).or_default().insert((*app, *item));
            }
        }
        by_kind
    }

    /// Where apps go by name, a name that a Connection bears too tells nothing.
    fn by_name(&self, shape: &Shape) -> Result<(), CalibrateError> {
        if !shape.app.pattern.is(Variable::AppName) {
            return Ok(());
        }
        let apps: HashSet<String> = self
            .known
            .apps
            .iter()
            .filter(|app| !app.expected.is_empty())
            .map(|app| app.name.to_lowercase())
            .collect();
        let mut items = self.known.items.iter();
        if items.any(|item| apps.contains(&item.to_lowercase())) {
            return Err(CalibrateError::OneName {
                place: shown(shape),
            });
        }
        Ok(())
    }

    /// Whether there is enough of everything; what several kinds have in one place counts together.
    fn weigh(
        &self,
        shapes: &BTreeMap<AppKind, &Shape>,
        expected: &BTreeMap<AppKind, Pairs>,
    ) -> Result<(), CalibrateError> {
        if self.strength == Strength::Weak {
            return Ok(());
        }
        let distinct: BTreeSet<&Shape> = shapes.values().copied().collect();
        for shape in distinct {
            let kinds = shapes.iter().filter(|(_, of)| **of == shape);
            let pairs = kinds.flat_map(|(kind, _)| expected.get(kind).into_iter().flatten());
            let mut by_app: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
            let mut connections = BTreeSet::new();
            for (app, item) in pairs {
                by_app.entry(*app).or_default().insert(*item);
                connections.insert(*item);
            }
            let sets: BTreeSet<_> = by_app.values().collect();
            if sets.len() < 2 || connections.len() < 2 {
                return Err(CalibrateError::Weak {
                    apps: by_app.len(),
                    sets: sets.len(),
                    holds: self.holds,
                    items: connections.len(),
                });
            }
        }
        Ok(())
    }
}

/// One shape for each place: of those that end in the same items the one that says most directly whose
/// they are; and none that only lies below another.
fn places<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Vec<&'a Shape> {
    let mut by_way: BTreeMap<Way, &Shape> = BTreeMap::new();
    for shape in shapes {
        let best = by_way.entry(unlinked(&shape.way)).or_insert(shape);
        if directness(shape) < directness(best) {
            *best = shape;
        }
    }
    let is_below = |way: &Way| {
        let mut ways = by_way.keys();
        ways.any(|other| other.len() < way.len() && way.get(..other.len()) == Some(&other[..]))
    };
    let kept = by_way.iter().filter(|(way, _)| !is_below(way));
    kept.map(|(_, shape)| *shape).collect()
}

/// How directly a shape says whose something is; the lower, the more so.
fn directness(shape: &Shape) -> (bool, bool, bool, usize) {
    let pattern = &shape.app.pattern;
    (
        pattern.has(Variable::Link),
        !pattern.has(Variable::AppKey),
        shape.app.field.is_some(),
        shape.item.pattern.0.len(),
    )
}

/// A UUID that ties an item to an app in that same item is nothing but one made for it.
fn unlinked(way: &Way) -> Way {
    let fresh = |item: &Pattern| {
        if item.is(Variable::Link) {
            Pattern::variable(Variable::Fresh)
        } else {
            item.clone()
        }
    };
    way.iter()
        .map(|(list, item)| (list.clone(), fresh(item)))
        .collect()
}

/// The shapes that come closest to what the tokens held, and what is wrong with each.
fn closest(
    by_kind: &[(&Shape, BTreeMap<AppKind, Pairs>)],
    kind: AppKind,
    wanted: &Pairs,
) -> Vec<String> {
    let empty = Pairs::new();
    let mut close: Vec<_> = by_kind
        .iter()
        .map(|(shape, of)| {
            let has = of.get(&kind).unwrap_or(&empty);
            let right = has.intersection(wanted).count();
            (right, has.len() - right, *shape)
        })
        .filter(|(right, more, _)| *right > 0 && (*more > 0 || *right < wanted.len()))
        .collect();
    close.sort_by_cached_key(|(right, more, shape)| {
        (
            std::cmp::Reverse(*right),
            *more,
            unlinked(&shape.way),
            directness(shape),
        )
    });
    close.dedup_by(|(.., other), (.., one)| unlinked(&one.way) == unlinked(&other.way));
    close
        .into_iter()
        .take(SHOWN)
        .map(|(right, more, shape)| {
            let all = wanted.len();
            format!(
                "{}: {right} of {all} pairs, and {more} others",
                shown(shape)
            )
        })
        .collect()
}

/// A shape as it is shown: nothing in it is a name of an app, an item or an owner.
fn shown(shape: &Shape) -> String {
    let levels = shape.way.iter().map(|(list, item)| PathLevel {
        list: list.clone(),
        item: item.clone(),
        attributes: Vec::new(),
    });
    let mut text = way(&levels.collect::<Vec<_>>());
    for side in [&shape.app, &shape.item] {
        if let Some(field) = &side.field {
            text += &format!(" {field}={}", side.pattern);
        }
    }
    sanitize(&text).into_owned()
}

/// What was learned of the accepted shapes.
pub(super) struct LearnedPlaces {
    pub(super) places: Vec<PermissionLocation>,
    /// The UUIDs that tie apps to items of the places.
    pub(super) links: HashMap<String, usize>,
}

/// What the accepted shapes are learned with.
pub(super) struct Lessons<'a> {
    pub(super) known: &'a Known,
    pub(super) opened: &'a AttributeSeparators,
    pub(super) holds: Holds,
    /// Ways to meetings that were there before.
    pub(super) was: &'a HashSet<u64>,
    pub(super) ties: &'a Ties,
    pub(super) names: &'a HashSet<String>,
}

impl Lessons<'_> {
    /// A place for each of `shapes`. `after` and `before` open the documents.
    pub(super) fn places<A: Read + Send, B: Read + Send>(
        &self,
        shapes: &BTreeMap<AppKind, &Shape>,
        after: &mut dyn FnMut() -> Result<A, Error>,
        before: &mut dyn FnMut() -> Result<B, Error>,
    ) -> Result<LearnedPlaces, Error> {
        let distinct: BTreeSet<&Shape> = shapes.values().copied().collect();
        let mut places = Vec::new();
        let mut links = HashMap::new();
        for shape in distinct {
            let kinds: Vec<_> = shapes
                .iter()
                .filter(|(_, of)| **of == shape)
                .map(|(kind, _)| *kind)
                .collect();
            let mut instances = self.instances(InstanceKind::Meeting(shape), after)?;
            instances.retain(|it| {
                let app = self.known.apps.get(it.app);
                app.is_some_and(|app| kinds.contains(&app.kind))
            });
            let used: BTreeSet<(String, usize)> = instances
                .iter()
                .filter(|_| shape.app.pattern.is(Variable::Link))
                .filter_map(|it| Some((it.link.clone()?, it.app)))
                .collect();
            links.extend(used.iter().cloned());
            let mut linked = Vec::new();
            for tie in self.ties(&used) {
                let instances = self.instances(InstanceKind::Link(tie, &used), after)?;
                linked.push((tie.clone(), instances));
            }
            linked.extend(self.companions(shape, &linked, &used, after)?);
            let all = instances.iter().chain(linked.iter().flat_map(|(_, it)| it));
            let wanted: HashSet<u64> = all.flat_map(|it| it.hashes.iter().copied()).collect();
            let mut ways = Ways {
                wanted: &wanted,
                found: HashSet::new(),
            };
            frames(before()?, &mut ways)?;
            let lesson = Lesson {
                known: self.known,
                holds: self.holds,
                names: self.names,
                before: &ways.found,
            };
            match lesson.place(shape, &instances, &linked) {
                Ok(place) => places.push(PermissionLocation { kinds, ..place }),
                // What differs may be what kind of app it is.
                Err(why) => {
                    for kind in &kinds {
                        let is_own = |it: &Instance| {
                            let app = self.known.apps.get(it.app);
                            app.is_some_and(|app| app.kind == *kind)
                        };
                        let own = |all: &[Instance]| -> Vec<Instance> {
                            all.iter().filter(|it| is_own(it)).cloned().collect()
                        };
                        let linked: Vec<_> = linked
                            .iter()
                            .map(|(tie, instances)| (tie.clone(), own(instances)))
                            .collect();
                        let learned = lesson.place(shape, &own(&instances), &linked);
                        let place = learned.map_err(|_| CalibrateError::Unlearned {
                            place: shown(shape),
                            why: why.clone(),
                        })?;
                        let kinds = vec![*kind];
                        places.push(PermissionLocation { kinds, ..place });
                    }
                }
            }
        }
        Ok(LearnedPlaces { places, links })
    }

    /// Items that are called by the UUIDs of `used` and name no app: a role that an app is registered on.
    fn companions<A: Read + Send>(
        &self,
        shape: &Shape,
        ties: &[(Shape, Vec<Instance>)],
        used: &BTreeSet<(String, usize)>,
        after: &mut dyn FnMut() -> Result<A, Error>,
    ) -> Result<Vec<(Shape, Vec<Instance>)>, Error> {
        if used.is_empty() {
            return Ok(Vec::new());
        }
        let links = used.iter().map(|(link, app)| (&**link, *app)).collect();
        let mut by_shape: BTreeMap<Shape, Vec<Instance>> = BTreeMap::new();
        for instance in self.instances(InstanceKind::Named(&links), after)? {
            let Some(app) = self.known.apps.get(instance.app) else {
                continue;
            };
            let of = Shape::of_link(&instance.way, app, &self.known.permissions);
            by_shape.entry(of).or_default().push(instance);
        }
        // What leads to the permissions, or to an app, is known already.
        by_shape.retain(|of, instances| {
            let is_on_way = shape.way.get(..of.way.len()) == Some(&of.way[..]);
            let is_tie = ties.iter().any(|(tie, _)| tie.way == of.way);
            !is_on_way && !is_tie && instances.len() == used.len()
        });
        Ok(by_shape.into_iter().collect())
    }

    /// The shapes that tie exactly these UUIDs to exactly these apps.
    fn ties(&self, used: &BTreeSet<(String, usize)>) -> Vec<&Shape> {
        if used.is_empty() {
            return Vec::new();
        }
        let all = self.ties.iter().filter(|(_, of)| {
            used.iter().all(|(link, app)| {
                of.get(link)
                    .is_some_and(|apps| apps.len() == 1 && apps.contains(app))
            })
        });
        let mut by_way: BTreeMap<&Way, &Shape> = BTreeMap::new();
        for (shape, _) in all {
            let best = by_way.entry(&shape.way).or_insert(shape);
            if shape < *best {
                *best = shape;
            }
        }
        by_way.into_values().collect()
    }

    fn instances<A: Read + Send>(
        &self,
        wanted: InstanceKind<'_>,
        document: &mut dyn FnMut() -> Result<A, Error>,
    ) -> Result<Vec<Instance>, Error> {
        let mut instances = Instances::new(self.known, self.opened, wanted, self.was);
        frames(document()?, &mut instances)?;
        Ok(instances.found)
    }
}
