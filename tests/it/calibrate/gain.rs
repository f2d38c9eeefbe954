//! No profile makes an app, or anybody else, gain: neither one that was learned and then changed, nor any
//! nonsense that somebody writes by hand. What was written is judged here by a reading that knows nothing
//! of profiles.

use std::collections::BTreeSet;

use super::super::counts;
use super::super::support::dom::{self, Item};
use super::super::support::server::granted;
use super::*;

/// Random numbers, the same in every run.
struct Random(u64, u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.1 += 1;
        number(self.0, self.1) as usize % limit
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const LISTS: [&str; 17] = [
    "security",
    "roles",
    "users",
    "user_tokens",
    "user_role_registrations",
    "app_resource_categories",
    "app_resources",
    "role_permissions",
    "permissions",
    "category_permissions",
    "{app.items}",
    "server_apps",
    "connectionPermissions",
    "namedConnections",
    "@access[]",
    "@access;=",
    "named_connections",
];

const NAMES: [&str; 19] = [
    "{app.key}",
    "{app.name}",
    "{owner.key}",
    "{owner.name}",
    "{item}",
    "{link}",
    "{fresh}",
    "{permission}",
    "{level}",
    "NamedConnections",
    "fmesuperuser",
    "app-0",
    "user1",
    "Connection 0",
    "{app.key}/{item}",
    "user:{owner.name}",
    "",
    "NAMEDCONNECTIONS_WRITE",
    "default",
];

const ATTRIBUTES: [&str; 10] = [
    "name",
    "token",
    "ownerid",
    "enabled",
    "isinternal",
    "appIdentifier",
    "permissions",
    "connection",
    "username",
    "access",
];

/// Ways that are nearly sensible, so that some of what is made of them is written.
const WAYS: [&str; 9] = [
    "{app.category} {app.items}={app.key} connectionPermissions={item}",
    "{app.category} {app.items}={app.key} namedConnections={item}",
    "{app.category} {app.items}={app.key} user_role_registrations={link}",
    "security app_resource_categories=NamedConnections app_resources={item} role_permissions={link}",
    "security app_resource_categories=NamedConnections app_resources={item} role_permissions={owner.key}",
    "security users={owner.key} user_role_registrations={link}",
    "security roles={link}",
    "security app_permissions={fresh}",
    "security server_app_access={app.key} named_connections={item}",
];

fn level(random: &mut Random, list: &str, item: &str, attributes: usize) -> String {
    let mut text = format!("list = \"{list}\"\nitem = \"{item}\"\n");
    if attributes > 0 {
        let all = (0..attributes).map(|_| {
            let (name, value) = (random.of(&ATTRIBUTES), random.of(&NAMES));
            format!("{{ name = \"{name}\", kind = \"string\", value = \"{value}\" }}")
        });
        let all: Vec<_> = all.collect();
        text += &format!("attribute = [{}]\n", all.join(", "));
    }
    text
}

/// A way: one of the nearly sensible ones with something changed, or none at all.
fn way(random: &mut Random, table: &str) -> String {
    let mut text = String::new();
    let known = random.of(&WAYS);
    let mut words: Vec<(String, String)> = known
        .split(' ')
        .enumerate()
        .map(|(at, word)| match (at, word.split_once('=')) {
            (_, Some((list, item))) => (list.to_owned(), item.to_owned()),
            (_, None) => ("categories".to_owned(), word.to_owned()),
        })
        .collect();
    // `NamedConnections app_resources` has a blank in no name.
    for change in 0..random.below(3) {
        let at = random.below(words.len());
        match (change + random.below(4)) % 4 {
            0 => random.of(&NAMES).clone_into(&mut words[at].1),
            1 => random.of(&LISTS).clone_into(&mut words[at].0),
            2 => words.push((random.of(&LISTS).to_owned(), random.of(&NAMES).to_owned())),
            _ => drop(words.remove(at)),
        }
        if words.is_empty() {
            words.push(("categories".to_owned(), "security".to_owned()));
        }
    }
    for (at, (list, item)) in words.iter().enumerate() {
        let attributes = if at > 0 {
            random.below(4).saturating_sub(1)
        } else {
            0
        };
        text += &format!("[[{table}]]\n{}", level(random, list, item, attributes));
    }
    text
}

fn profile(random: &mut Random) -> String {
    let mut text = "version = 1\nstatus = \"confirmed\"\nschema = \"2.111\"\nbuild = 26121\n\
                    container = \"project\"\n[evidence]\nbefore = \"\"\nafter = \"\"\napps = 2\n\
                    connections = 2\npairs = 4\n"
        .to_owned();
    for _ in 0..=random.below(2) {
        let encoding = random.of(&[
            "as = \"items\"\nlist = \"permissions\"\nstyle = \"full\"",
            "as = \"words\"\nseparator = \",\"\nstyle = \"full\"",
            "as = \"records\"\nstyle = \"short-lower\"",
            "as = \"presence\"",
            "as = \"levels\"\n[place.permissions.level.NAMEDCONNECTIONS_RUN]\npermissions = \
             \"NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE\"",
        ]);
        let kinds = random.of(&[
            "\"workspace\", \"automation\"",
            "\"workspace\"",
            "\"automation\"",
        ]);
        let seen = random.of(&[
            "\"NAMEDCONNECTIONS_RUN\", \"NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE\"",
            "\"NAMEDCONNECTIONS_RUN\"",
        ]);
        text += &format!(
            "[[place]]\nholds = \"connections\"\nkinds = [{kinds}]\nseen = [{seen}]\n\
             [place.permissions]\n{encoding}\n"
        );
        text += &way(random, "place.level");
        for _ in 0..random.below(3) {
            text += "[[place.link]]\n";
            text += &way(random, "place.link.level");
        }
    }
    text
}

/// A small random server.
fn random_server(random: &mut Random) -> Server {
    let (connections, apps) = (2 + random.below(3), 1 + random.below(4));
    let held: Vec<Vec<(usize, &str)>> = (0..apps)
        .map(|_| {
            let some = (0..connections).filter(|_| random.below(2) == 0);
            let some: Vec<_> = some.collect();
            let words = some
                .into_iter()
                .map(|at| (at, ["RUN", "RUN,WRITE"][random.below(2)]));
            words.collect()
        })
        .collect();
    Server::new((2, connections, apps), |at| held[at].clone())
}

fn document(archive: &[u8]) -> Item {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let entry = archive.by_name("data.xml").unwrap();
    dom::read(&std::io::read_to_string(entry).unwrap())
}

fn category<'a>(document: &'a Item, name: &str) -> Vec<&'a Item> {
    let all = document.children("categories");
    all.filter(|it| it.name == name).collect()
}

/// Pairs of an app and a Connection with a permission, wherever the document has both together: entries
/// under the app, and grants of every role that stands under the app or names it.
fn relation(document: &Item, server: &Server) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    let security = category(document, "security");
    for app in &server.apps {
        let stored = ["server_app", "server_automation_app"]
            .into_iter()
            .flat_map(|it| {
                let lists = category(document, it).into_iter();
                lists.flat_map(|it| {
                    ["server_apps", "server_automation_apps"].map(|list| it.children(list))
                })
            });
        let stored: Vec<&Item> = stored.flatten().filter(|it| it.name == app.key).collect();
        let mut add = |held: Held| {
            for (on, words) in held {
                found.extend(
                    words
                        .into_iter()
                        .map(|word| (app.name.clone(), on.clone(), word)),
                );
            }
        };
        let mut roles = BTreeSet::new();
        for stored in &stored {
            for entry in stored.children("connectionPermissions") {
                let words = entry.value("permissions").split(',').map(str::to_owned);
                add(Held::from([(entry.name.clone(), words.collect())]));
            }
            let registered = stored.children("user_role_registrations");
            roles.extend(registered.map(|it| it.name.as_str()));
        }
        for role in security.iter().flat_map(|it| it.children("roles")) {
            let values = role.attributes.values().map(|(_, value)| value);
            let names = |text: &String| text.contains(&app.key) || text.contains(&app.name);
            if values.clone().any(names) {
                roles.insert(&*role.name);
            }
        }
        add(granted(document, "NamedConnections", &roles));
    }
    found
}

/// What everybody but apps may do: users with their roles, and grants of all that is not new.
fn bystanders(document: &Item, known: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for security in category(document, "security") {
        for list in ["users", "user_tokens", "roles"] {
            for it in security
                .children(list)
                .filter(|it| known.contains(&it.name))
            {
                let roles = it
                    .children("user_role_registrations")
                    .map(|role| &role.name);
                let roles: Vec<_> = roles.collect();
                found.insert(format!("{list} {} {:?} {roles:?}", it.name, it.attributes));
            }
        }
        for secured in security.children("app_resource_categories") {
            let on = secured.children("app_resources").chain([secured]);
            for on in on {
                for grant in on
                    .children("role_permissions")
                    .filter(|it| known.contains(&it.name))
                {
                    let words = grant.children("permissions");
                    found.extend(words.map(|word| {
                        format!("{} {} {} {}", secured.name, on.name, grant.name, word.name)
                    }));
                }
            }
        }
    }
    found
}

/// Keys of all users, tokens and roles.
fn principals(document: &Item) -> BTreeSet<String> {
    let security = category(document, "security").into_iter();
    let lists = security.flat_map(|it| {
        ["users", "user_tokens", "roles"].map(|list| it.children(list).map(|it| it.name.clone()))
    });
    lists.flatten().collect()
}

#[test]
fn no_profile_that_somebody_writes_by_hand_makes_anybody_gain() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (mut written, mut refused) = (0, 0);
    for seed in 0..150 {
        let mut random = Random(seed, 0);
        let text = profile(&mut random);
        fs_err::write(path("p.toml"), &text).unwrap();
        let server = random_server(&mut random);
        fs_err::write(path("before.fsproject"), server.old_project()).unwrap();
        let words = "migrate -q --no-history --force --profile p.toml -o written.fsproject before.fsproject";
        let outcome = run(folder.path(), &words.split(' ').collect::<Vec<_>>());
        if outcome.code != 0 {
            assert!(matches!(outcome.code, 3 | 4), "{seed}: {}", outcome.text());
            refused += 1;
            continue;
        }
        written += 1;
        let after = document(&fs_err::read(path("written.fsproject")).unwrap());
        let allowed: BTreeSet<(String, String, String)> = server
            .apps
            .iter()
            .flat_map(|app| {
                app.held.iter().flat_map(move |(on, words)| {
                    let words = words.iter();
                    words.map(move |word| (app.name.clone(), on.clone(), word.clone()))
                })
            })
            .collect();
        let more: Vec<_> = relation(&after, &server)
            .difference(&allowed)
            .cloned()
            .collect();
        assert!(more.is_empty(), "{seed}: {more:?}\n{text}");
        let words =
            "migrate -q --no-history --force --form final -o plain.fsproject before.fsproject";
        done(folder.path(), &words.split(' ').collect::<Vec<_>>());
        let plain = document(&fs_err::read(path("plain.fsproject")).unwrap());
        let known = principals(&document(&server.old_project()));
        let more: Vec<_> = bystanders(&after, &known)
            .difference(&bystanders(&plain, &known))
            .cloned()
            .collect();
        assert!(more.is_empty(), "{seed}: {more:?}\n{text}");
    }
    assert!(refused > 50, "{written} written, {refused} refused");
    counts::say("profiles by hand refused", refused);
}

#[test]
fn a_learned_profile_with_a_line_changed_gives_no_app_more_than_its_token_had() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut written = 0;
    for (at, place) in Place::LEARNABLE.into_iter().enumerate() {
        profile_in(folder.path(), place);
        let text = fs_err::read_to_string(path("server.toml")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for seed in 0..4 {
            let mut random = Random(1000 + at as u64, seed * 100);
            let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            let own: Vec<usize> = (0..lines.len())
                .filter(|at| {
                    ["list =", "item =", "value ="]
                        .iter()
                        .any(|it| lines[*at].contains(it))
                })
                .collect();
            let one = own[random.below(own.len())];
            let (name, _) = lines[one].split_once('=').unwrap();
            changed[one] = format!("{name}= \"{}\"", random.of(&NAMES));
            fs_err::write(path("changed.toml"), changed.join("\n")).unwrap();
            let server = random_server(&mut random);
            fs_err::write(path("before.fsproject"), server.old_project()).unwrap();
            let words = "migrate -q --no-history --force --profile changed.toml -o w.fsproject before.fsproject";
            let outcome = run(folder.path(), &words.split(' ').collect::<Vec<_>>());
            if outcome.code != 0 {
                assert!(
                    matches!(outcome.code, 3 | 4),
                    "{place:?}: {}",
                    outcome.text()
                );
                continue;
            }
            written += 1;
            let bytes = fs_err::read(path("w.fsproject")).unwrap();
            let imported = Server::import(&bytes, place);
            let exists = |on: &String| server.connections.iter().any(|(name, _)| name == on);
            for app in &imported.apps {
                let before = server.apps.iter().find(|it| it.key == app.key).unwrap();
                for (on, words) in app.held.iter().filter(|(on, _)| exists(on)) {
                    let had = before.held.get(on).cloned().unwrap_or_default();
                    assert!(
                        words.is_subset(&had),
                        "{place:?} {on} {}",
                        changed.join("\n")
                    );
                }
            }
            let words =
                "migrate -q --no-history --force --form final -o plain.fsproject before.fsproject";
            done(folder.path(), &words.split(' ').collect::<Vec<_>>());
            let plain = document(&fs_err::read(path("plain.fsproject")).unwrap());
            let known = principals(&document(&server.old_project()));
            let after = bystanders(&document(&bytes), &known);
            let more: Vec<_> = after
                .difference(&bystanders(&plain, &known))
                .cloned()
                .collect();
            assert!(more.is_empty(), "{place:?} {more:?} {}", changed.join("\n"));
        }
    }
    assert!(written > 10, "{written}");
    counts::say("changed profiles written through", written);
}
