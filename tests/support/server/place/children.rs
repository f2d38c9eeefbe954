//! In lists of the app's own item.

use std::collections::BTreeSet;

use super::super::tree::{some_list, typed, uuid};
use super::super::{App, Held};
use super::{Keeps, Of, OnApp, joined, split};
use crate::support::dom::Item;
use crate::support::small::{item, list};

/// An item for each Connection in a list of the app.
fn listed(name: &str, app: &App, of: Of, one: impl Fn(&str, &BTreeSet<String>) -> String) -> OnApp {
    let items = of.held(app).iter().map(|(on, words)| one(on, words));
    OnApp {
        lists: some_list(name, &items.collect::<String>()),
        ..OnApp::default()
    }
}

fn words_below(list_name: &str, words: &[&str]) -> String {
    let words = words.iter().map(|word| item(word, list_name, &[], ""));
    list(list_name, &words.collect::<String>())
}

/// Where flowlift writes them.
pub(super) struct Own;

impl Keeps for Own {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        if of == Of::Resources {
            return OnApp::default();
        }
        listed("connectionPermissions", app, of, |on, words| {
            let attributes = [
                ("appIdentifier", "uuid", app.key.as_str()),
                ("permissions", "string", &joined(words)),
            ];
            typed(on, "connectionPermissions", &attributes, "")
        })
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let entries = stored.children("connectionPermissions");
        let entries = entries.filter(|_| of == Of::Connections);
        let held = entries.map(|it| (it.name.clone(), split(it.value("permissions"))));
        held.collect()
    }
}

const fn child_list(of: Of) -> &'static str {
    match of {
        Of::Connections => "namedConnections",
        Of::Resources => "sharedResources",
    }
}

pub(super) struct Children;

impl Keeps for Children {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        let name = child_list(of);
        listed(name, app, of, |on, words| {
            let words: Vec<&str> = words.iter().map(|word| &**word).collect();
            typed(on, name, &[], &words_below("permissions", &words))
        })
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let words = |it: &Item| {
            it.children("permissions")
                .map(|it| it.name.clone())
                .collect()
        };
        let items = stored.children(child_list(of));
        items.map(|it| (it.name.clone(), words(it))).collect()
    }
}

pub(super) struct OtherWords;

impl Keeps for OtherWords {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        listed(child_list(of), app, of, |on, words| {
            let words = words.iter().map(|word| match &**word {
                "NAMEDCONNECTIONS_RUN" => "use",
                "NAMEDCONNECTIONS_WRITE" => "manage",
                other => other,
            });
            let words: Vec<&str> = words.collect();
            typed(on, child_list(of), &[], &words_below("rights", &words))
        })
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let words = |it: &Item| {
            let words = it.children("rights").map(|it| match &*it.name {
                "use" => "NAMEDCONNECTIONS_RUN".to_owned(),
                "manage" => "NAMEDCONNECTIONS_WRITE".to_owned(),
                other => other.to_owned(),
            });
            words.collect()
        };
        let items = stored.children(child_list(of));
        items.map(|it| (it.name.clone(), words(it))).collect()
    }
}

pub(super) struct ByUuid;

impl Keeps for ByUuid {
    fn on_app(&self, app: &App, of: Of, salt: u64) -> OnApp {
        let since = format!("2026-07-0{} 10:00:00.000", salt % 9 + 1);
        let name = match of {
            Of::Connections => "connectionAccess",
            Of::Resources => "resourceAccess",
        };
        listed(name, app, of, |on, words| {
            typed(
                &uuid(&format!("{salt} {} {on}", app.key)),
                name,
                &[
                    ("item", "string", on),
                    ("level", "string", &joined(words)),
                    ("since", "string", &since),
                    ("appid", "uuid", &app.key),
                ],
                "",
            )
        })
    }

    fn read(&self, _: &Item, stored: &Item, app: &App, of: Of) -> Held {
        let items = stored.children(match of {
            Of::Connections => "connectionAccess",
            Of::Resources => "resourceAccess",
        });
        let own = items.filter(|it| it.value("appid") == app.key);
        own.map(|it| (it.value("item").to_owned(), split(it.value("level"))))
            .collect()
    }
}

/// The bits of permissions.
fn flags(of: Of, words: &BTreeSet<String>) -> String {
    let bit = |word: &str| match word {
        "RUN" | "READ" => 1,
        "WRITE" => 2,
        _ => 4,
    };
    let bits: u32 = of.short(words).into_iter().map(bit).sum();
    bits.to_string()
}

fn words_of(of: Of, flags: &str) -> BTreeSet<String> {
    let bits: u32 = flags.parse().unwrap();
    let first = match of {
        Of::Connections => "RUN",
        Of::Resources => "READ",
    };
    let all = [(1, first), (2, "WRITE"), (4, "DELETE")];
    let set = all.into_iter().filter(|(bit, _)| bits & bit != 0);
    set.map(|(_, word)| of.full(word)).collect()
}

pub(super) struct ByFlags;

impl Keeps for ByFlags {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        listed(child_list(of), app, of, |on, words| {
            let flags = flags(of, words);
            typed(on, child_list(of), &[("mask", "integer", &flags)], "")
        })
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let items = stored.children(child_list(of));
        items
            .map(|it| (it.name.clone(), words_of(of, it.value("mask"))))
            .collect()
    }
}

pub(super) struct ByPath;

impl Keeps for ByPath {
    fn on_app(&self, app: &App, of: Of, salt: u64) -> OnApp {
        listed("dependencies", app, of, |on, words| {
            typed(
                &uuid(&format!("{salt} {} {on}", app.key)),
                "dependencies",
                &[
                    ("path", "string", &format!("{}/{on}", of.category())),
                    (
                        "access",
                        "string",
                        &of.short(words).join(" ").to_lowercase(),
                    ),
                ],
                "",
            )
        })
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let items = stored.children("dependencies").filter_map(|it| {
            let on = it.value("path").strip_prefix(of.category())?;
            let words = it.value("access").split(' ').map(|word| of.full(word));
            Some((on[1..].to_owned(), words.collect()))
        });
        items.collect()
    }
}

pub(super) struct RunAndWrite;

impl RunAndWrite {
    const LISTS: [(&'static str, &'static str); 2] =
        [("runConnections", "RUN"), ("writeConnections", "WRITE")];
}

impl Keeps for RunAndWrite {
    fn on_app(&self, app: &App, of: Of, _: u64) -> OnApp {
        let lists = Self::LISTS.map(|(name, word)| {
            let held = of.held(app).iter();
            let held = held.filter(|(_, words)| of.short(words).contains(&word));
            let items = held.map(|(on, _)| typed(on, name, &[], ""));
            some_list(name, &items.collect::<String>())
        });
        match of {
            Of::Connections => OnApp {
                lists: lists.concat(),
                ..OnApp::default()
            },
            Of::Resources => OnApp::default(),
        }
    }

    fn read(&self, _: &Item, stored: &Item, _: &App, of: Of) -> Held {
        let mut held = Held::new();
        for (name, word) in Self::LISTS.into_iter().filter(|_| of == Of::Connections) {
            for it in stored.children(name) {
                held.entry(it.name.clone())
                    .or_default()
                    .insert(of.full(word));
            }
        }
        held
    }
}
