//! Reads what apps may do where a profile says it is.
//!
//! What an app alone decides is made for every app beforehand and looked up, so that the time follows
//! the document and the number of apps, not their product.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::frames::{Attribute, Frame, Separators, Visitor, frames, separated};
use super::matched::{Match, matched};
use super::{AppRef, Encoding, Holds, PathLevel, Pattern, PermissionLocation, Profile};
use crate::flow::{ItemPermissions, Permissions};
use crate::package::PackageError;
use crate::package::data::Data;

/// What apps may do, in the order of the apps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// On Connections; none for apps of kinds that the profile does not know.
    pub connections: Vec<Option<ItemPermissions>>,
    /// On Resources, alike.
    pub resources: Vec<Option<ItemPermissions>>,
}

/// Reads what the apps of a package may do. `document` opens its `data.xml` anew.
///
/// # Errors
/// When the document is not well-formed or cannot be read.
pub fn read<R: Read + Send, E: From<PackageError>>(
    profile: &Profile,
    data: &Data,
    mut document: impl FnMut() -> Result<R, E>,
) -> Result<Reading, E> {
    let apps: Vec<AppRef<'_>> = data.apps.iter().map(|app| data.app_ref(app)).collect();
    let apps = &*apps;
    let covered = |holds: Holds| -> Vec<Option<ItemPermissions>> {
        let held = apps.iter();
        let held = held.map(|app| profile.places(holds, app.kind).next());
        held.map(|place| place.map(|_| ItemPermissions::new()))
            .collect()
    };
    let mut reading = Reading {
        connections: covered(Holds::Connections),
        resources: covered(Holds::Resources),
    };
    for place in &profile.places {
        let items = data.items(place.holds.category());
        let mut linked: Option<HashMap<String, Vec<usize>>> = None;
        // Whoever is linked in one way is linked in all of them.
        for link in place.links.iter().filter(|link| link.names_app()) {
            let mut finder = Finder::new(&link.levels, place, apps, &items);
            frames(document()?, &mut finder)?;
            linked = Some(match linked {
                None => finder.linked,
                Some(known) => linked_in_both(&known, &finder.linked),
            });
        }
        let mut finder = Finder::new(&place.levels, place, apps, &items);
        finder.links = linked.unwrap_or_default();
        frames(document()?, &mut finder)?;
        let into = match place.holds {
            Holds::Connections => &mut reading.connections,
            Holds::Resources => &mut reading.resources,
        };
        for ((app, item), found) in finder.found {
            if let Some(Some(held)) = into.get_mut(app) {
                add(held, item, found);
            }
        }
    }
    Ok(reading)
}

/// Adds what one place says to what others do; what one of them does not tell is not known.
fn add(held: &mut ItemPermissions, item: Arc<str>, found: Option<Permissions>) {
    let found = found.unwrap_or_default();
    match held.entry(item) {
        Entry::Vacant(none) => drop(none.insert(found)),
        Entry::Occupied(mut known) => {
            let sets = [known.get(), &found];
            let is_known = sets.iter().all(|set| !set.is_empty());
            let all = sets.into_iter().filter(|_| is_known);
            let all = Permissions::new(all.flat_map(Permissions::iter));
            known.insert(all);
        }
    }
}

fn linked_in_both(
    one: &HashMap<String, Vec<usize>>,
    other: &HashMap<String, Vec<usize>>,
) -> HashMap<String, Vec<usize>> {
    let shared = one.iter().filter_map(|(link, apps)| {
        let others: HashSet<_> = other.get(link)?.iter().collect();
        let apps: Vec<_> = apps
            .iter()
            .filter(|app| others.contains(app))
            .copied()
            .collect();
        (!apps.is_empty()).then(|| (link.clone(), apps))
    });
    shared.collect()
}

struct Step {
    list: Match,
    item: Match,
    attributes: Vec<(String, Match)>,
}

/// What is known of the frames down to one.
#[derive(Clone, Default)]
struct Bound {
    apps: Option<Vec<usize>>,
    item: Option<String>,
    link: Option<String>,
    /// Texts that an app's patterns have to give.
    later: Vec<(usize, PartOfStep, String)>,
    words: Vec<String>,
    levels: BTreeMap<String, String>,
    /// Whether something that is always the same is something else here.
    is_odd: bool,
}

/// Where in a step a pattern stands.
#[derive(Clone, Copy)]
enum PartOfStep {
    List,
    Item,
    Attribute(usize),
}

struct Finder<'a> {
    place: &'a PermissionLocation,
    apps: &'a [AppRef<'a>],
    items: &'a BTreeSet<&'a str>,
    steps: Vec<Step>,
    keyed: HashSet<String>,
    separated: HashMap<String, Separators>,
    links: HashMap<String, Vec<usize>>,
    /// For each frame that is open, what is known down to it; none where it is not on the way.
    bound: Vec<Option<Bound>>,
    linked: HashMap<String, Vec<usize>>,
    /// None where the permissions could not be told.
    found: BTreeMap<(usize, Arc<str>), Option<Permissions>>,
}

impl<'a> Finder<'a> {
    fn new(
        levels: &[PathLevel],
        place: &'a PermissionLocation,
        apps: &'a [AppRef<'a>],
        items: &'a BTreeSet<&'a str>,
    ) -> Self {
        let of = |pattern: &Pattern| matched(pattern, apps, &place.kinds);
        let steps = levels.iter().map(|level| Step {
            list: of(&level.list),
            item: of(&level.item),
            attributes: level
                .attributes
                .iter()
                .map(|it| (it.name.clone(), of(&it.value)))
                .collect(),
        });
        let lists = levels.iter().filter_map(|level| level.list.as_text());
        Self {
            place,
            apps,
            items,
            steps: steps.collect(),
            keyed: lists
                .clone()
                .filter_map(|list| list.strip_suffix('*'))
                .map(str::to_owned)
                .collect(),
            separated: lists.filter_map(separated).collect(),
            links: HashMap::new(),
            bound: Vec::new(),
            linked: HashMap::new(),
            found: BTreeMap::new(),
        }
    }

    fn step(&self, depth: usize, above: &Bound, frame: &Frame) -> Option<Bound> {
        let step = self.steps.get(depth)?;
        let mut bound = above.clone();
        let is_last = depth + 1 == self.steps.len();
        self.bind(
            &mut bound,
            (depth, PartOfStep::List),
            &step.list,
            &frame.list,
        )?;
        self.bind(
            &mut bound,
            (depth, PartOfStep::Item),
            &step.item,
            &frame.name,
        )?;
        for (at, (name, wanted)) in step.attributes.iter().enumerate() {
            let found = frame.attributes.iter().find(|it| it.name == *name);
            match (found, wanted) {
                (Some(found), Match::Text(text)) => bound.is_odd |= found.value != *text,
                (Some(found), Match::Level) => {
                    bound.levels.insert(name.clone(), found.value.clone());
                }
                (Some(found), Match::Permission) => bound.words.extend(self.words(&found.value)),
                (Some(found), _) => {
                    let place = (depth, PartOfStep::Attribute(at));
                    self.bind(&mut bound, place, wanted, &found.value)?;
                }
                (None, _) => bound.is_odd = true,
            }
        }
        // Above the last item, what is odd is something else.
        (is_last || !bound.is_odd).then_some(bound)
    }

    /// Takes what `text` says; none where it is not on the way.
    fn bind(
        &self,
        bound: &mut Bound,
        (depth, place): (usize, PartOfStep),
        wanted: &Match,
        text: &str,
    ) -> Option<()> {
        match wanted {
            Match::Text(wanted) => (wanted == text).then_some(()),
            Match::Any => Some(()),
            Match::Level => None,
            Match::Permission => {
                bound.words.extend(self.words(text));
                Some(())
            }
            Match::Apps(known) => bound.narrow(known.get(text)?),
            Match::Later(_) => {
                bound.later.push((depth, place, text.to_owned()));
                Some(())
            }
            Match::Item(before, after) => {
                let item = text.strip_prefix(&**before)?.strip_suffix(&**after)?;
                let known = bound.item.get_or_insert_with(|| item.to_owned());
                (known == item).then_some(())
            }
            Match::Both(both) => {
                let (apps, item) = both.read(text, self.items)?;
                bound.narrow(apps)?;
                let known = bound.item.get_or_insert_with(|| item.to_owned());
                (known == item).then_some(())
            }
            Match::Link => {
                bound.link = Some(text.to_owned());
                match self.links.get(text) {
                    Some(apps) => bound.narrow(apps),
                    None if self.links.is_empty() && self.is_linking() => Some(()),
                    None => None,
                }
            }
        }
    }

    /// Whether this is the way to what links, not to what is linked.
    fn is_linking(&self) -> bool {
        !self
            .steps
            .iter()
            .any(|step| step.item.has_item() || step.has_item())
    }

    fn words(&self, text: &str) -> Vec<String> {
        let (parts, style): (Vec<&str>, _) = match &self.place.permissions {
            Encoding::Words { separator, style } => {
                (text.split(*separator).map(str::trim).collect(), *style)
            }
            Encoding::Records { style } | Encoding::Items { style, .. } => (vec![text], *style),
            Encoding::ItemSets { .. } => return vec![text.to_owned()],
            Encoding::Levels { .. } | Encoding::Presence => return Vec::new(),
        };
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts
            .map(|part| style.read(part, self.place.holds))
            .collect()
    }

    /// The apps for which everything that was put off is so.
    fn settled(&self, bound: &Bound) -> Vec<usize> {
        let holds = |app: &AppRef<'_>| {
            bound.later.iter().all(|(depth, place, text)| {
                let step = self.steps.get(*depth);
                let wanted = step.and_then(|step| match place {
                    PartOfStep::List => Some(&step.list),
                    PartOfStep::Item => Some(&step.item),
                    PartOfStep::Attribute(at) => step.attributes.get(*at).map(|(_, it)| it),
                });
                match wanted {
                    Some(Match::Later(pattern)) => pattern.of(app, |_| String::new()) == *text,
                    _ => true,
                }
            })
        };
        let apps = bound.apps.iter().flatten().copied();
        apps.filter(|at| {
            let app = self.apps.get(*at);
            app.is_some_and(|app| self.place.kinds.contains(&app.kind) && holds(app))
        })
        .collect()
    }

    /// The item that stands for app and item is over.
    fn record(&mut self, bound: &Bound) {
        let apps = self.settled(bound);
        match (&bound.item, &bound.link) {
            (Some(item), _) => {
                let permissions = self.permissions(bound);
                if bound.is_odd && !self.items.contains(&**item) {
                    return;
                }
                let item: Arc<str> = item.as_str().into();
                for app in apps {
                    let found = self.found.entry((app, Arc::clone(&item)));
                    let found = found.or_insert_with(|| Some(Permissions::default()));
                    *found = match (found.take(), &permissions) {
                        (Some(known), Some(more)) => {
                            Some(Permissions::new(known.iter().chain(more.iter())))
                        }
                        _ => None,
                    };
                }
            }
            (None, Some(link)) if !bound.is_odd && !apps.is_empty() => {
                self.linked.entry(link.clone()).or_default().extend(apps);
            }
            _ => {}
        }
    }

    /// What is granted; none where that cannot be told.
    fn permissions(&self, bound: &Bound) -> Option<Permissions> {
        if bound.is_odd {
            return None;
        }
        let of = |set: &str| Permissions::new(set.split(','));
        match &self.place.permissions {
            Encoding::Presence => match &self.place.seen[..] {
                [only] => Some(of(only)),
                _ => None,
            },
            Encoding::Levels { level } => {
                let mut known = level.iter();
                known
                    .find(|(_, values)| **values == bound.levels)
                    .map(|(set, _)| of(set))
            }
            Encoding::ItemSets { level, .. } => {
                let words: BTreeSet<&str> = bound.words.iter().map(|word| &**word).collect();
                let mut known = level.iter();
                known
                    .find(|(_, names)| names.iter().map(|it| &**it).eq(words.iter().copied()))
                    .map(|(set, _)| of(set))
            }
            _ if bound.words.is_empty() => None,
            _ => Some(Permissions::new(bound.words.iter().map(|word| &**word))),
        }
    }
}

impl Step {
    fn has_item(&self) -> bool {
        let mut attributes = self.attributes.iter();
        attributes.any(|(_, it)| it.has_item())
    }
}

impl Bound {
    fn narrow(&mut self, to: &[usize]) -> Option<()> {
        let narrowed: Vec<usize> = match &self.apps {
            None => to.to_vec(),
            Some(known) => known.iter().filter(|at| to.contains(at)).copied().collect(),
        };
        let is_some = !narrowed.is_empty();
        self.apps = Some(narrowed);
        is_some.then_some(())
    }
}

impl Visitor for Finder<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        let Some((frame, above)) = stack.split_last() else {
            return;
        };
        let depth = above.len();
        self.bound.truncate(depth);
        let nothing = Bound::default();
        let known = match depth.checked_sub(1) {
            None => Some(&nothing),
            Some(above) => self.bound.get(above).and_then(Option::as_ref),
        };
        let bound = known.and_then(|known| self.step(depth, known, frame));
        // Below the last item: its permissions.
        if depth == self.steps.len()
            && let Encoding::Items { list, .. } | Encoding::ItemSets { list, .. } =
                &self.place.permissions
            && frame.list == *list
        {
            let words = self.words(&frame.name);
            if let Some(Some(record)) = depth.checked_sub(1).and_then(|at| self.bound.get_mut(at)) {
                record.words.extend(words);
            }
        }
        self.bound.push(bound);
    }

    fn leave(&mut self, stack: &[Frame]) {
        let depth = stack.len().saturating_sub(1);
        if stack.len() == self.steps.len()
            && let Some(Some(bound)) = self.bound.get(depth).cloned()
        {
            self.record(&bound);
        }
        self.bound.truncate(depth);
    }

    fn separators(&self, _: &[Frame], attribute: &Attribute) -> Option<Separators> {
        self.separated.get(&attribute.name).copied()
    }

    fn is_keyed(&self, _: &[Frame], list: &str, _: &Map<String, Value>) -> bool {
        self.keyed.contains(list)
    }
}
