//! The chart of a page: for each kind of app what is carried, what is dropped, and how many apps
//! need action, as bars of one scale.

use std::collections::BTreeMap;

use super::{AuditedApp, Fate, Impact};
use crate::flow::AppKind;

/// Length of the longest bar; the chart is 400 wide and a number stands after each bar.
const LONGEST: usize = 340;
/// Height of a kind's heading and three bars, and the blank after them.
const KIND: usize = 84;
/// From one bar to the next.
const BAR: usize = 17;

/// Bars by kind of app, in the units of an SVG that is 400 wide.
pub(super) struct Chart {
    pub(super) height: usize,
    pub(super) kinds: Vec<KindOfApp>,
}

/// The bars of a kind.
pub(super) struct KindOfApp {
    pub(super) name: &'static str,
    /// Base line of the heading.
    pub(super) y: usize,
    pub(super) bars: Vec<Bar>,
}

/// One bar.
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) label: &'static str,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) value: usize,
}

pub(super) fn chart(apps: &[&AuditedApp]) -> Chart {
    let mut counts: BTreeMap<AppKind, (&'static str, [usize; 3])> = BTreeMap::new();
    for app in apps {
        let name = app.kind.titles();
        let (_, [carried, dropped, action]) = counts.entry(app.kind).or_insert((name, [0; 3]));
        *carried += app.count(Fate::Carried);
        *dropped += app.count(Fate::Dropped);
        *action += usize::from(app.impact == Impact::Action);
    }
    let values = counts.values().flat_map(|(_, values)| values);
    let most = values.copied().max().unwrap_or_default().max(1);
    let kinds = counts.into_values().zip((14..).step_by(KIND));
    let kinds: Vec<_> = kinds
        .map(|((name, values), y)| KindOfApp {
            name,
            y,
            bars: bars(values, y, most),
        })
        .collect();
    Chart {
        height: kinds.len() * KIND,
        kinds,
    }
}

fn bars(values: [usize; 3], y: usize, most: usize) -> Vec<Bar> {
    let meaning = [
        ("carried", "connections carried over"),
        ("dropped", "resources dropped"),
        ("action", "apps with action needed"),
    ];
    let places = (y + 8..).step_by(BAR);
    let bars = meaning.into_iter().zip(values).zip(places);
    bars.map(|(((class, label), value), y)| Bar {
        class,
        label,
        y,
        width: (value * LONGEST).div_ceil(most),
        value,
    })
    .collect()
}
