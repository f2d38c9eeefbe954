//! Every app is there in its new form, and none runs that did not run before.

use std::collections::BTreeMap;

use super::difference::{DifferenceKind, Differences};
use super::migrated::Migrated;
use super::sides::Sides;
use crate::flow::AppKind;
use crate::package::data::App;

pub(super) fn compare(apps: &[Migrated<'_>], sides: &Sides<'_>, found: &mut Differences) {
    let after: BTreeMap<(AppKind, &str), &App> = sides
        .upgraded
        .1
        .data
        .apps
        .iter()
        .map(|app| ((app.kind, &*app.key), app))
        .collect();
    for Migrated { app, token } in apps {
        // Of another kind than known ones only those with a token are told from other items.
        let Some(new) = after.get(&(app.kind, &*app.key)) else {
            if app.kind != AppKind::Other {
                found.add(DifferenceKind::AppForm, place(app), "it is gone");
            }
            continue;
        };
        if new.token.is_some() {
            found.add(
                DifferenceKind::TraceLeft,
                place(app),
                "it still names its token",
            );
        }
        // FME Flow disables an app whose owner is changed (documented).
        let could_run =
            token.is_some_and(|token| token.enabled == Some(true) && token.user == app.owner);
        match new.form.enabled {
            None => found.add(
                DifferenceKind::AppForm,
                place(app),
                "it does not say whether it runs",
            ),
            Some(true) if !could_run => {
                let what = "it runs, but its token was disabled, missing or another user's";
                found.add(DifferenceKind::AppForm, place(app), what);
            }
            Some(_) => {}
        }
    }
}

fn place(app: &App) -> String {
    format!("app {}", app.name)
}
