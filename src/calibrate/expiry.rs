//! Where an app says when it expires: an attribute of its own item that it did not have before, and that
//! for every app is the date of its token.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::known::Known;
use super::strength::Strength;
use crate::flow::AppKind;
use crate::profile::frames::{Attribute, Frame, Separators, Visitor};
use crate::profile::{
    ExpiryLocation, LevelAttribute, Moment, PathLevel, Pattern, PatternPart, Variable,
};

/// Values of the attributes of apps: by kind and attribute, the app with its value.
#[derive(Default)]
pub(super) struct OwnAttributes<'a> {
    known: Option<&'a Known>,
    by_key: HashMap<&'a str, Vec<usize>>,
    found: BTreeMap<(AppKind, String, String), Vec<(usize, String)>>,
    /// Names of all attributes that items have which lie where apps do.
    names: BTreeSet<String>,
}

impl<'a> OwnAttributes<'a> {
    pub(super) fn new(known: &'a Known) -> Self {
        let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, app) in known.apps.iter().enumerate() {
            by_key.entry(&app.key).or_default().push(at);
        }
        Self {
            known: Some(known),
            by_key,
            ..Self::default()
        }
    }

    /// The places of expiry, and why there are none where there are none; `old` are the attributes of
    /// before.
    pub(super) fn places(
        &self,
        old: &OwnAttributes<'_>,
        strength: Strength,
    ) -> Result<Vec<ExpiryLocation>, &'static str> {
        let mut by_form: BTreeMap<(String, String, Pattern), Vec<AppKind>> = BTreeMap::new();
        let mut dates = BTreeSet::new();
        for ((kind, name, type_name), values) in &self.found {
            if old.names.contains(name) {
                continue;
            }
            let Some(pattern) = self.pattern(*kind, values, &mut dates) else {
                continue;
            };
            let key = (name.clone(), type_name.clone(), pattern);
            by_form.entry(key).or_default().push(*kind);
        }
        if by_form.is_empty() {
            return Err("no new attribute of the apps is the date on which their tokens expire");
        }
        if dates.len() < 2 && strength == Strength::Strong {
            return Err("all tokens expire on one day, so that it may be chance");
        }
        let kinds: Vec<AppKind> = by_form.values().flatten().copied().collect();
        if kinds.iter().collect::<BTreeSet<_>>().len() != kinds.len() {
            return Err("several attributes of the apps are that date");
        }
        let places = by_form.into_iter().map(|((name, kind, value), kinds)| {
            let level = |list: Pattern, item, attributes| PathLevel {
                list,
                item: Pattern::variable(item),
                attributes,
            };
            let attribute = LevelAttribute { name, kind, value };
            let items = Pattern::variable(Variable::AppItems);
            ExpiryLocation {
                kinds,
                levels: vec![
                    level(Pattern::text("categories"), Variable::AppCategory, vec![]),
                    level(items, Variable::AppKey, vec![attribute]),
                ],
            }
        });
        Ok(places.collect())
    }

    /// How the value of every app of a kind is made of its date; none where it is not.
    fn pattern(
        &self,
        kind: AppKind,
        values: &[(usize, String)],
        dates: &mut BTreeSet<jiff::civil::DateTime>,
    ) -> Option<Pattern> {
        let apps = &self.known?.apps;
        let expiring = apps.iter().filter(|app| app.kind == kind);
        let expiring = expiring.filter(|app| app.expires.is_some()).count();
        let mut known = Vec::new();
        for (app, value) in values {
            known.push((apps.get(*app)?.expires?.0, value));
        }
        if known.len() != expiring {
            return None;
        }
        let (_, first) = known.first()?;
        let found = Moment::ALL.into_iter().find_map(|form| {
            let (_, rest) = form.read(first)?;
            let is_zone = rest.len() <= 6 && !rest.contains(['{', '}']);
            let mut all = known.iter();
            let is_date = all.all(|(date, value)| form.read(value) == Some((*date, rest)));
            let mut pattern = vec![PatternPart::Variable(Variable::Expires(form))];
            pattern.extend(Pattern::text(rest).0);
            (is_zone && is_date).then_some(Pattern(pattern))
        })?;
        dates.extend(known.iter().map(|(date, _)| *date));
        Some(found)
    }
}

impl Visitor for OwnAttributes<'_> {
    fn enter(&mut self, stack: &[Frame]) {
        let [_, frame] = stack else { return };
        let names = frame.attributes.iter().map(|it| it.name.clone());
        if frame.list.starts_with("server_") {
            self.names.extend(names);
        }
        for app in self.by_key.get(&*frame.name).into_iter().flatten() {
            let kind = self
                .known
                .and_then(|known| Some(known.apps.get(*app)?.kind));
            let Some(kind) = kind.filter(|kind| kind.items() == Some(&*frame.list)) else {
                continue;
            };
            for Attribute {
                name,
                kind: type_name,
                value,
            } in &frame.attributes
            {
                if !value.is_empty() {
                    let key = (kind, name.clone(), type_name.clone());
                    self.found
                        .entry(key)
                        .or_default()
                        .push((*app, value.clone()));
                }
            }
        }
    }

    fn leave(&mut self, _: &[Frame]) {}

    fn separators(&self, _: &[Frame], _: &Attribute) -> Option<Separators> {
        None
    }

    fn is_keyed(&self, _: &[Frame], _: &str, _: &Map<String, Value>) -> bool {
        false
    }
}
