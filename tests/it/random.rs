//! Random packages: what the plan decides is what a few lines with maps decide, an app never gets
//! what it did not have, everything else stays, and a second migration finds nothing to do.

use std::collections::{BTreeMap, BTreeSet};

use flowlift::archive::{Digesting, Rewrite, Sink, Source, upgrade};
use flowlift::clock::Clock;
use flowlift::migrate::prepare;
use flowlift::plan::{Options, Plan};
use flowlift::target::Form;
use flowlift::verify::{AsOf, verify};
use flowlift::watch::Unwatched;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::counts;
use super::support::run::NOW;
use super::support::small::{grant, item, list, package, properties, small};
use super::support::surgery::Part;

const WORDS: [&str; 4] = [
    "NAMEDCONNECTIONS_RUN",
    "NAMEDCONNECTIONS_WRITE",
    "NAMEDCONNECTIONS_ALL",
    "SOMETHING_ELSE",
];

/// A token: name, user, whether it is enabled and restricted, in which year it expires, its roles.
#[derive(Debug, Clone)]
struct Token {
    name: u8,
    user: u8,
    enabled: bool,
    restricted: bool,
    year: Option<u16>,
    roles: BTreeSet<u8>,
}

/// Users, tokens, roles, apps and who was granted what, as small numbers.
#[derive(Debug, Clone)]
struct Model {
    tokens: Vec<Token>,
    /// Whether a role is internal.
    roles: Vec<bool>,
    /// Roles of each user.
    users: Vec<BTreeSet<u8>>,
    /// Kind, owner and token of each app.
    apps: Vec<(bool, u8, Option<u8>)>,
    /// (is a connection, item, role) → words.
    grants: BTreeMap<(bool, u8, u8), BTreeSet<usize>>,
    payload: Vec<Vec<u8>>,
}

fn model() -> impl Strategy<Value = Model> {
    let roles = || prop::collection::btree_set(0_u8..6, 0..4);
    let token = (
        0_u8..4,
        0_u8..3,
        any::<bool>(),
        prop::bool::weighted(0.8),
        roles(),
    );
    let token = (token, prop::option::of(2020_u16..2032)).prop_map(
        |((name, user, enabled, restricted, roles), year)| Token {
            name,
            user,
            enabled,
            restricted,
            year,
            roles,
        },
    );
    let words = prop::collection::btree_set(0..WORDS.len(), 0..4);
    (
        prop::collection::vec(token, 0..8),
        prop::collection::vec(prop::bool::weighted(0.8), 6),
        prop::collection::vec(roles(), 3),
        prop::collection::vec((any::<bool>(), 0_u8..4, prop::option::of(0_u8..5)), 0..8),
        prop::collection::btree_map((any::<bool>(), 0_u8..4, 0_u8..6), words, 8..40),
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..5),
    )
        .prop_map(|(mut tokens, roles, users, apps, grants, payload)| {
            // A name twice with one user cannot be told apart; that is refused, not decided.
            let mut seen = BTreeSet::new();
            tokens.retain(|token| seen.insert((token.user, token.name)));
            Model {
                tokens,
                roles,
                users,
                apps,
                grants,
                payload,
            }
        })
}

fn uuid(kind: char, number: usize) -> String {
    format!("{}-0000-4000-8000-{number:012}", kind.to_string().repeat(8))
}

fn flag(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

/// A list that is written only where it has items.
fn some(name: &str, items: &str) -> String {
    match items {
        "" => String::new(),
        some => list(name, some),
    }
}

fn registered(roles: &BTreeSet<u8>) -> String {
    let kind = "user_role_registrations";
    let roles = roles
        .iter()
        .map(|role| item(&uuid('b', (*role).into()), kind, &[], ""));
    some(kind, &roles.collect::<String>())
}

impl Model {
    /// The archive that holds it.
    fn archive(&self) -> Vec<u8> {
        let categories = [
            item("security", "categories", &[], &self.security()),
            item("server_app", "categories", &[], &self.apps(false)),
            item("server_automation_app", "categories", &[], &self.apps(true)),
        ];
        let mut archive = small();
        let entries = &mut archive.entries;
        entries.retain(|part| part.name.starts_with(b"files"));
        entries.insert(0, Part::new("properties.xml", properties()));
        entries.insert(1, Part::new("data.xml", package(&categories.concat())));
        for (number, bytes) in self.payload.iter().enumerate() {
            entries.push(Part::new(format!("files/{}_x", number + 5), bytes));
        }
        archive.build()
    }

    fn security(&self) -> String {
        let roles = self.roles.iter().enumerate().map(|(number, internal)| {
            let name = format!("role {number}");
            let attributes = [("name", name.as_str()), ("isinternal", flag(*internal))];
            item(&uuid('b', number), "roles", &attributes, "")
        });
        let users = self.users.iter().enumerate().map(|(number, roles)| {
            let name = format!("u{number}");
            let key = uuid('a', number);
            item(&key, "users", &[("username", &name)], &registered(roles))
        });
        [
            some("user_tokens", &self.user_tokens()),
            some("roles", &roles.collect::<String>()),
            some("users", &users.collect::<String>()),
            list(
                "app_resource_categories",
                &(self.secured(true, "NamedConnections") + &self.secured(false, "SharedResources")),
            ),
        ]
        .concat()
    }

    fn user_tokens(&self) -> String {
        let tokens = self.tokens.iter().enumerate().map(|(number, token)| {
            let name = format!("t{}", token.name);
            let user = uuid('a', token.user.into());
            let date = token
                .year
                .map(|year| format!("Thu-01-Jan-{year} 11:00:00 PM"));
            let mut attributes = vec![
                ("name", name.as_str()),
                ("userid", &user),
                ("is_enabled", flag(token.enabled)),
                ("is_restricted", flag(token.restricted)),
            ];
            attributes.extend(date.as_deref().map(|date| ("expirationdate", date)));
            let roles = registered(&token.roles);
            item(&uuid('c', number), "user_tokens", &attributes, &roles)
        });
        tokens.collect()
    }

    /// What roles may do to Connections, or to Resources.
    fn secured(&self, connections: bool, category: &str) -> String {
        let mut items: BTreeMap<u8, String> = BTreeMap::new();
        for ((is_connection, on, role), words) in &self.grants {
            if *is_connection == connections {
                let words: Vec<_> = words.iter().map(|word| WORDS[*word]).collect();
                let role = uuid('b', usize::from(*role));
                let text = match words[..] {
                    [] => item(&role, "role_permissions", &[], ""),
                    _ => grant(&role, &words),
                };
                *items.entry(*on).or_default() += &text;
            }
        }
        let items = items.into_iter().map(|(on, grants)| {
            let grants = list("role_permissions", &grants);
            item(&format!("i{on}"), "app_resources", &[], &grants)
        });
        let items = some("app_resources", &items.collect::<String>());
        item(category, "app_resource_categories", &[], &items)
    }

    fn apps(&self, automation: bool) -> String {
        let apps = self.apps.iter().enumerate();
        let apps = apps.filter(|(_, app)| app.0 == automation);
        let kind = if automation {
            "server_automation_apps"
        } else {
            "server_apps"
        };
        let apps = apps.map(|(number, (_, owner, token))| {
            let (name, owner) = (format!("app {number}"), uuid('a', (*owner).into()));
            let token = token.map(|token| format!("t{token}"));
            let mut attributes = vec![("name", name.as_str()), ("ownerid", &owner)];
            attributes.extend(token.as_deref().map(|token| ("token", token)));
            attributes.push(("tokenvalue", "secret"));
            item(&uuid('d', number), kind, &attributes, "")
        });
        some(kind, &apps.collect::<String>())
    }

    /// The token of an app, by rule 4.
    fn token(&self, app: (bool, u8, Option<u8>)) -> Option<&Token> {
        let named: Vec<_> = self
            .tokens
            .iter()
            .filter(|it| Some(it.name) == app.2)
            .collect();
        let owned = named.iter().find(|token| token.user == app.1);
        owned
            .or(if named.len() == 1 {
                named.first()
            } else {
                None
            })
            .copied()
    }

    /// Connection → words that a token's roles hold, by rule 5.
    fn held(&self, token: &Token, connections: bool) -> BTreeMap<String, BTreeSet<String>> {
        let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for ((is_connection, on, role), words) in &self.grants {
            if *is_connection == connections && token.roles.contains(role) && !words.is_empty() {
                // Of schema 2.99, in which nothing stands for both.
                let words = words.iter().map(|word| WORDS[*word]);
                held.entry(format!("i{on}"))
                    .or_default()
                    .extend(words.map(str::to_owned));
            }
        }
        held
    }
}

/// What the plan says of each app, by name: whether it runs, what it keeps and what it loses.
type Fates = BTreeMap<String, (bool, Held, Held)>;
type Held = BTreeMap<String, BTreeSet<String>>;

fn fates(plan: &Plan) -> Fates {
    let words = |it: &flowlift::flow::Permissions| it.iter().map(str::to_owned).collect();
    plan.apps
        .iter()
        .map(|app| {
            let carried = app.carried.iter();
            let carried = carried.map(|it| (it.connection.to_string(), words(&it.permissions)));
            let dropped = app.dropped.iter();
            let dropped = dropped.map(|it| (it.resource.to_string(), words(&it.permissions)));
            let fate = (
                app.enabled == Some(true),
                carried.collect(),
                dropped.collect(),
            );
            (app.name.to_string(), fate)
        })
        .collect()
}

fn expected(model: &Model) -> Fates {
    let apps = model.apps.iter().enumerate().map(|(number, app)| {
        let token = model.token(*app);
        let runs = token.is_some_and(|it| {
            it.user == app.1 && it.enabled && it.year.is_none_or(|year| year > 2026)
        });
        let held = |connections| {
            token
                .map(|it| model.held(it, connections))
                .unwrap_or_default()
        };
        (format!("app {number}"), (runs, held(true), held(false)))
    });
    apps.collect()
}

#[test]
fn random_packages_are_migrated_as_a_simple_model_says_and_verified() {
    let cases = if counts::long() { 5000 } else { 150 };
    let clock = Clock::Stopped(NOW.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("source"), folder.path().join("target"));
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let carrying = std::cell::Cell::new((0_usize, 0_usize));
    TestRunner::new(config)
        .run(&(model(), any::<bool>()), |(model, is_final)| {
            fs_err::write(&source, model.archive()).unwrap();
            let form = if is_final { Form::Final } else { Form::Staged };
            let options = Options {
                form,
                ..Options::default()
            };
            let prepared = prepare(&source, options, &clock, &Unwatched).unwrap();
            let planned = fates(&prepared.plan);
            prop_assert_eq!(&planned, &expected(&model));

            write(&prepared.source, &prepared.plan, &target);
            let verdict = verify(
                &source,
                &target,
                options,
                Some(form),
                AsOf::Derived,
                &clock,
                &Unwatched,
            );
            let verdict = verdict.unwrap();
            prop_assert!(verdict.is_good(), "{:#?}", verdict);
            prop_assert_eq!(verdict.entries as usize, 5 + model.payload.len());

            let again = prepare(&target, options, &clock, &Unwatched).unwrap();
            prop_assert!(again.plan.is_empty());
            let (apps, carried) = carrying.get();
            let more: usize = planned.values().map(|(_, carried, _)| carried.len()).sum();
            carrying.set((apps + planned.len(), carried + more));
            Ok(())
        })
        .unwrap();
    let (apps, carried) = carrying.get();
    counts::say(
        "random packages, planned as a simple model says and verified",
        cases as usize,
    );
    counts::say("apps in them", apps);
    counts::say("connections that they kept", carried);
}

fn write(source: &Source, plan: &Plan, target: &std::path::Path) {
    let edits = plan.edits.iter();
    let edits: Vec<_> = edits
        .map(|(it, edits)| (source.document(*it).unwrap(), edits))
        .collect();
    let rewrites: Vec<_> = edits
        .iter()
        .map(|(entry, edits)| Rewrite { entry, edits })
        .collect();
    let out = fs_err::File::create(target).unwrap();
    let sink = Sink::new(target, out);
    upgrade(source, &rewrites, sink, Digesting::Neither, &Unwatched).unwrap();
}
