//! How a name or a value is looked at where a profile has a pattern.

use std::collections::{BTreeSet, HashMap};

use super::{AppRef, Pattern, PatternPart, Variable};
use crate::flow::AppKind;

/// How a name or value is looked at.
pub(super) enum Match {
    Text(String),
    /// The apps for which it is so.
    Apps(HashMap<String, Vec<usize>>),
    /// To be checked once the app is known.
    Later(Pattern),
    Item(String, String),
    /// App and item in one text.
    Both(Both),
    Link,
    Permission,
    Level,
    Any,
}

/// An app and an item in one text: what stands before, the app's text or the item, what stands between,
/// the other of both, what stands behind.
pub(super) struct Both {
    apps: HashMap<String, Vec<usize>>,
    is_app_first: bool,
    texts: [String; 3],
}

impl Both {
    /// The apps and the item that a text names; the first where it can be read in several ways.
    pub(super) fn read<'a>(
        &self,
        text: &'a str,
        items: &BTreeSet<&str>,
    ) -> Option<(&[usize], &'a str)> {
        let [before, between, after] = &self.texts;
        let text = text.strip_prefix(&**before)?.strip_suffix(&**after)?;
        let ways = text.match_indices(&**between).filter_map(|(at, _)| {
            let (one, other) = (text.get(..at)?, text.get(at + between.len()..)?);
            let (app, item) = if self.is_app_first {
                (one, other)
            } else {
                (other, one)
            };
            Some((&**self.apps.get(app)?, item))
        });
        let mut ways: Vec<_> = ways.collect();
        ways.sort_by_key(|(_, item)| !items.contains(item));
        ways.first().copied()
    }
}

impl Match {
    pub(super) const fn has_item(&self) -> bool {
        matches!(self, Self::Item(..) | Self::Both(_))
    }
}

/// How the names or values of a pattern are looked at; what an app alone decides is made for every app of
/// `kinds`.
pub(super) fn matched(pattern: &Pattern, apps: &[AppRef<'_>], kinds: &[AppKind]) -> Match {
    let is = |variable| pattern.is(variable);
    if let Some(text) = pattern.as_text() {
        return Match::Text(text.to_owned());
    }
    if is(Variable::Link) {
        return Match::Link;
    }
    if is(Variable::Permission) {
        return Match::Permission;
    }
    if is(Variable::Level) {
        return Match::Level;
    }
    if pattern.is_of_app() {
        if !pattern.has(Variable::AppKey) && !pattern.has(Variable::AppName) {
            return Match::Later(pattern.clone());
        }
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        let covered = apps.iter().enumerate();
        for (at, app) in covered.filter(|(_, app)| kinds.contains(&app.kind)) {
            let text = pattern.of(app, |_| String::new());
            known.entry(text).or_default().push(at);
        }
        return Match::Apps(known);
    }
    match &pattern.0[..] {
        [PatternPart::Variable(Variable::Item)] => Match::Item(String::new(), String::new()),
        [
            PatternPart::Text(before),
            PatternPart::Variable(Variable::Item),
        ] => Match::Item(before.clone(), String::new()),
        [
            PatternPart::Variable(Variable::Item),
            PatternPart::Text(after),
        ] => Match::Item(String::new(), after.clone()),
        [
            PatternPart::Text(before),
            PatternPart::Variable(Variable::Item),
            PatternPart::Text(after),
        ] => Match::Item(before.clone(), after.clone()),
        _ if pattern.has(Variable::Item) => match both(pattern, apps, kinds) {
            Some(both) => Match::Both(both),
            None => Match::Level,
        },
        _ => Match::Any,
    }
}

/// A pattern of an app and an item with text between; none where there is no such text.
fn both(pattern: &Pattern, apps: &[AppRef<'_>], kinds: &[AppKind]) -> Option<Both> {
    let parts: Vec<&PatternPart> = pattern.0.iter().collect();
    let (before, parts) = leading_text(&parts);
    let at = parts
        .iter()
        .position(|it| **it == PatternPart::Variable(Variable::Item))?;
    let (one, other) = (parts.get(..at)?, parts.get(at + 1..)?);
    let is_app_first = !one.is_empty();
    let (app, between, after) = if is_app_first {
        let (between, app) = trailing_text(one);
        let (after, rest) = leading_text(other);
        (app, between, rest.is_empty().then_some(after)?)
    } else {
        let (between, app) = leading_text(other);
        let (after, app) = trailing_text(app);
        (app, between, after)
    };
    let app = Pattern(app.iter().map(|part| (*part).clone()).collect());
    if between.is_empty() || !app.is_of_app() {
        return None;
    }
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, it) in apps.iter().enumerate() {
        if kinds.contains(&it.kind) {
            let text = app.of(it, |_| String::new());
            known.entry(text).or_default().push(at);
        }
    }
    Some(Both {
        apps: known,
        is_app_first,
        texts: [before, between, after].map(str::to_owned),
    })
}

fn leading_text<'a, 'b>(parts: &'b [&'a PatternPart]) -> (&'a str, &'b [&'a PatternPart]) {
    match parts {
        [PatternPart::Text(text), rest @ ..] => (text, rest),
        _ => ("", parts),
    }
}

fn trailing_text<'a, 'b>(parts: &'b [&'a PatternPart]) -> (&'a str, &'b [&'a PatternPart]) {
    match parts {
        [rest @ .., PatternPart::Text(text)] => (text, rest),
        _ => ("", parts),
    }
}
