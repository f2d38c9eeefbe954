//! What a profile has to be like before it is used: people may write one by hand, and none may give an app
//! more than its token had.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    Encoding, Holds, LinkLocation, PathLevel, Pattern, PermissionLocation, Profile, Variable,
};
use crate::flow::AppKind;
use crate::target::REPLACED;

/// The longest text that is always the same, in bytes.
const CONSTANT: usize = 64;

impl Profile {
    /// What is wrong with it, if anything is.
    pub(super) fn nonsense(&self) -> Result<(), String> {
        for place in &self.places {
            place.nonsense()?;
            for kind in &place.kinds {
                self.one_place(place.holds, *kind)?;
            }
        }
        for place in &self.expiry {
            if !is_of_app(&place.levels) {
                return Err("an expiry is no attribute of the app".to_owned());
            }
            levels(&place.levels)?;
        }
        Ok(())
    }

    /// Where a kind has several places, each is for one permission.
    fn one_place(&self, holds: Holds, kind: AppKind) -> Result<(), String> {
        let places: Vec<_> = self.places(holds, kind).collect();
        let is_for_one = |place: &&PermissionLocation| {
            let seen = place.seen.iter().flat_map(|set| set.split(','));
            place.permissions == Encoding::Presence && seen.count() == 1
        };
        if places.len() == 1 || places.iter().all(is_for_one) {
            return Ok(());
        }
        Err(format!("{kind} apps have several places"))
    }
}

/// Whether a way leads to the app's own item, with one attribute that is its expiry.
fn is_of_app(levels: &[PathLevel]) -> bool {
    let [category, app] = levels else {
        return false;
    };
    let is_date = |it: Variable| matches!(it, Variable::Expires(_));
    category.item.is(Variable::AppCategory)
        && app.list.is(Variable::AppItems)
        && app.attributes.len() == 1
        && app
            .attributes
            .iter()
            .all(|it| it.value.variables().all(is_date))
}

impl PermissionLocation {
    fn nonsense(&self) -> Result<(), String> {
        if self.kinds.is_empty() || self.seen.is_empty() {
            return Err("a place says nothing of kinds or of what was seen".to_owned());
        }
        for word in self.seen.iter().flat_map(|set| set.split(',')) {
            let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if !word.starts_with(self.holds.prefix()) || !word.chars().all(is_plain) {
                let holds = self.holds.as_str();
                return Err(format!("{word:?} is no permission on {holds}"));
            }
        }
        levels(&self.levels)?;
        for link in &self.links {
            levels(&link.levels)?;
            if !has(&link.levels, Variable::Link) {
                return Err("a link that has no {link}".to_owned());
            }
        }
        let links = self.links.iter().any(LinkLocation::names_app);
        let by_app = [Variable::AppKey, Variable::AppName];
        let by_app = by_app.into_iter().any(|it| has(&self.levels, it));
        let by_link = links && has(&self.levels, Variable::Link);
        if !by_app && !by_link {
            return Err("a place that does not say which app".to_owned());
        }
        if !has(&self.levels, Variable::Item) {
            return Err("a place without {item}".to_owned());
        }
        let is_distinct = match &self.permissions {
            Encoding::Levels { level } => is_distinct(level.values()),
            Encoding::ItemSets { level, .. } => {
                is_distinct(level.values()) && level.values().all(|names| !names.is_empty())
            }
            _ => true,
        };
        if is_distinct {
            Ok(())
        } else {
            Err("several sets of permissions are written alike".to_owned())
        }
    }
}

fn is_distinct<T: Ord>(all: impl Iterator<Item = T>) -> bool {
    let mut known = BTreeSet::new();
    all.into_iter().all(|it| known.insert(it))
}

fn has(levels: &[PathLevel], variable: Variable) -> bool {
    patterns(levels).any(|it| it.has(variable))
}

fn patterns(levels: &[PathLevel]) -> impl Iterator<Item = &Pattern> {
    levels.iter().flat_map(|level| {
        let values = level.attributes.iter().map(|it| &it.value);
        values.chain([&level.list, &level.item])
    })
}

/// A way begins at a category, leads to no app but the one that has the permission, and nothing on it that
/// is always the same can be a key of anything.
fn levels(levels: &[PathLevel]) -> Result<(), String> {
    let Some(first) = levels.first() else {
        return Err("a way without levels".to_owned());
    };
    let is_named = first.item.as_text().is_some_and(|it| !it.is_empty());
    let is_category = is_named || first.item.is(Variable::AppCategory);
    if first.list.as_text() != Some("categories") || !is_category || !first.attributes.is_empty() {
        return Err("a way that does not begin at a category".to_owned());
    }
    for text in patterns(levels).flat_map(Pattern::texts) {
        let is_key = text.len() >= 32 && Uuid::try_parse(text.trim()).is_ok();
        if is_key || text.len() > CONSTANT || text.chars().any(char::is_control) {
            return Err(format!("{text:?} may be a key of something"));
        }
    }
    for level in levels {
        let list = level.list.as_text();
        let mut known = AppKind::ALL.iter().filter_map(|kind| kind.items());
        let is_app = level.list.is(Variable::AppItems) || known.any(|it| list == Some(it));
        if is_app && !level.item.is(Variable::AppKey) {
            return Err("an app that is not the one that has the permission".to_owned());
        }
        let mut own = level
            .attributes
            .iter()
            .filter(|it| REPLACED.contains(&&*it.name));
        if let Some(own) = own.next().filter(|_| is_app) {
            let name = &own.name;
            return Err(format!(
                "the attribute {name:?} of an app is none of a profile's"
            ));
        }
    }
    Ok(())
}
