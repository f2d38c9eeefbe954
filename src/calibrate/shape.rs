//! The shape of a meeting: the way to it, with everything in it that an app or an item decides as
//! variables.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use uuid::Uuid;

use super::known::{Field, KnownApp, Mark};
use crate::profile::frames::Frame;
use crate::profile::{Pattern, Variable};

/// Where one of both stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ShapeSide {
    /// Position of the frame on the way.
    pub(super) depth: usize,
    pub(super) field: Field,
    pub(super) pattern: Pattern,
}

/// The way to a frame: list and name of each.
pub(super) type Way = Vec<(Pattern, Pattern)>;

/// How an app meets an item, or a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Shape {
    pub(super) way: Way,
    pub(super) app: ShapeSide,
    pub(super) item: ShapeSide,
}

/// A frame's mark, and where the frame is.
pub(super) type Placed<'a> = (usize, &'a Mark);

impl Shape {
    /// The shape of a meeting of `app` and `item` at the end of `stack`.
    pub(super) fn of(
        stack: &[Frame],
        (app_depth, app_mark): Placed<'_>,
        (item_depth, item_mark): Placed<'_>,
        app: &KnownApp,
        item: &str,
        permissions: &HashSet<String>,
    ) -> Self {
        let pattern = |mark: &Mark| mark.who.pattern().clone();
        let side = |depth, mark: &Mark| ShapeSide {
            depth,
            field: mark.field.clone(),
            pattern: pattern(mark),
        };
        let way = stack.iter().enumerate().map(|(depth, frame)| {
            let named = |(at, mark): Placed<'_>| at == depth && mark.field.is_none();
            let name = if named((app_depth, app_mark)) {
                pattern(app_mark)
            } else if named((item_depth, item_mark)) {
                pattern(item_mark)
            } else {
                general(&frame.name, app, item, permissions)
            };
            (list(&frame.list, app), name)
        });
        let mut way: Way = way.collect();
        if let (Some((_, name)), Some(category)) = (way.first_mut(), app.kind.category())
            && name.as_text() == Some(category)
        {
            *name = Pattern::variable(Variable::AppCategory);
        }
        Self {
            way,
            app: side(app_depth, app_mark),
            item: side(item_depth, item_mark),
        }
    }
}

impl Shape {
    /// The shape of the way to an item that is called by a UUID of `app`.
    pub(super) fn of_link(stack: &[Frame], app: &KnownApp, permissions: &HashSet<String>) -> Self {
        let last = stack.len().saturating_sub(1);
        let way = stack.iter().enumerate().map(|(depth, frame)| {
            let name = if depth == last {
                Pattern::variable(Variable::Link)
            } else {
                general(&frame.name, app, "", permissions)
            };
            (list(&frame.list, app), name)
        });
        Self {
            way: way.collect(),
            // No app is named.
            app: ShapeSide {
                depth: usize::MAX,
                field: None,
                pattern: Pattern::default(),
            },
            item: ShapeSide {
                depth: last,
                field: None,
                pattern: Pattern::variable(Variable::Link),
            },
        }
    }
}

fn list(name: &str, app: &KnownApp) -> Pattern {
    if app.kind.items() == Some(name) {
        Pattern::variable(Variable::AppItems)
    } else {
        Pattern::text(name)
    }
}

/// A name with what an app or an item decides as a variable.
fn general(name: &str, app: &KnownApp, item: &str, permissions: &HashSet<String>) -> Pattern {
    let known = [
        (&*app.key, Variable::AppKey),
        (&*app.name, Variable::AppName),
        (item, Variable::Item),
        (&*app.owner_key, Variable::OwnerKey),
        (&*app.owner_name, Variable::OwnerName),
    ];
    if name.is_empty() {
        return Pattern::default();
    }
    if let Some((_, variable)) = known.into_iter().find(|(text, _)| *text == name) {
        return Pattern::variable(variable);
    }
    if is_uuid(name) {
        return Pattern::variable(Variable::Fresh);
    }
    if permissions.contains(name) {
        return Pattern::variable(Variable::Permission);
    }
    Pattern::text(name)
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// A number for the way to the end of `stack`, as it is named.
pub(super) fn hash_of(stack: &[Frame]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for frame in stack {
        (&frame.list, &frame.name).hash(&mut hasher);
    }
    hasher.finish()
}
