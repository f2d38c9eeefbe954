//! A whole archive, made from a model: users, tokens, roles, grants, apps and what else names them,
//! under names that are easily mixed up. It is refused, or planned, written and verified; no app gains,
//! and nobody's token goes but those of apps.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/support/small.rs"]
mod small;
#[allow(dead_code)]
#[path = "../../tests/support/surgery.rs"]
mod surgery;
#[allow(dead_code)]
#[path = "../../tests/support/tree.rs"]
mod tree;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flowlift::archive::{Digesting, Rewrite, Sink, Source, upgrade};
use flowlift::clock::Clock;
use flowlift::exit::Exit;
use flowlift::limits::Limits;
use flowlift::migrate::prepare;
use flowlift::package::{Budget, Data, Document, WANTED, data};
use flowlift::plan::{Options, Outcome, Plan};
use flowlift::target::Form;
use flowlift::verify::{AsOf, verify};
use flowlift::watch::Unwatched;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use small::{grant, item, list, package, properties, small};
use surgery::Part;

/// Names of tokens, apps and users that are alike, and some that are odd.
const NAMES: [&str; 14] = [
    "a",
    "b",
    "a/b",
    "b/a",
    "a.b",
    "A",
    "token:a.b",
    "user:a",
    "Workspace App - a",
    "a b",
    "a+b",
    "&lt;a&amp;",
    "a&#13;b",
    "",
];
const KEYS: [&str; 8] = [
    "aaaaaaaa-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
    "AAAAAAAA-0000-4000-8000-000000000001",
    "bbbbbbbb-0000-4000-8000-000000000001",
    "bbbbbbbb-0000-4000-8000-000000000002",
    "cccccccc-0000-4000-8000-000000000001",
    "a",
    "token:a.b",
];
const WORDS: [&str; 6] = [
    "NAMEDCONNECTIONS_RUN",
    "NAMEDCONNECTIONS_WRITE",
    "NAMEDCONNECTIONS_ALL",
    "SHAREDRESOURCE_READ",
    "SERVER_ALL",
    "ADMIN_NAMEDCONNECTIONS",
];
const CATEGORIES: [&str; 5] = [
    "NamedConnections",
    "SharedResources",
    "Services",
    "Repositories",
    "Anything",
];
const APPS: [(&str, &str); 5] = [
    ("server_app", "server_apps"),
    ("server_automation_app", "server_automation_apps"),
    ("server_app_suite", "server_app_suites"),
    ("server_ar_app", "server_ar_apps"),
    ("server_thing", "things"),
];
const DATES: [&str; 4] = [
    "Sat-13-Oct-2035 11:00:00 PM",
    "Sat-13-Oct-2015 11:00:00 PM",
    "2035-10-13T23:00:00",
    "soon",
];

/// What the fuzzer's bytes choose.
struct Chooser<'a>(Unstructured<'a>);

impl Chooser<'_> {
    fn of(&mut self, words: &[&'static str]) -> Result<&'static str> {
        Ok(words[self.0.choose_index(words.len())?])
    }

    fn flag(&mut self) -> Result<&'static str> {
        self.of(&["true", "true", "false", "TRUE"])
    }

    /// At most `most` of something, joined; each is told its number.
    fn some(
        &mut self,
        most: usize,
        make: impl Fn(&mut Self, usize) -> Result<String>,
    ) -> Result<String> {
        let count = self.0.int_in_range(0..=most)?;
        (0..count).map(|number| make(self, number)).collect()
    }

    /// The key of an item, as a rule its own.
    fn key(&mut self, kind: char, number: usize) -> Result<String> {
        Ok(match self.0.ratio(1, 32)? {
            true => self.of(&KEYS)?.to_owned(),
            false => format!("{}-0000-4000-8000-{number:012}", kind.to_string().repeat(8)),
        })
    }

    /// The key of some other item.
    fn other_key(&mut self, kind: char) -> Result<String> {
        let number = self.0.int_in_range(0..=3)?;
        self.key(kind, number)
    }

    fn registrations(&mut self) -> Result<String> {
        let name = "user_role_registrations";
        let roles = self.some(3, |it, _| Ok(item(&it.other_key('b')?, name, &[], "")))?;
        Ok(listed(name, &roles))
    }

    fn token(&mut self, number: usize) -> Result<String> {
        let user = self.other_key('a')?;
        let attributes = [
            ("name", self.of(&NAMES)?),
            ("userid", &user),
            ("is_enabled", self.flag()?),
            ("is_restricted", self.flag()?),
            ("expirationdate", self.of(&DATES)?),
        ];
        let attributes = &attributes[..self.0.int_in_range(1..=attributes.len())?];
        let roles = self.registrations()?;
        Ok(item(
            &self.key('c', number)?,
            "user_tokens",
            attributes,
            &roles,
        ))
    }

    fn role(&mut self, number: usize) -> Result<String> {
        let (user, token) = (self.of(&NAMES)?, self.of(&NAMES)?);
        let name = match self.0.int_in_range(0..=3)? {
            0 => format!("user:{user}"),
            1 => token.to_owned(),
            _ => format!("token:{user}.{token}"),
        };
        let attributes = [("name", &*name), ("isinternal", self.flag()?)];
        let within = match self.0.ratio(1, 8)? {
            true => self.registrations()?,
            false => String::new(),
        };
        Ok(item(&self.key('b', number)?, "roles", &attributes, &within))
    }

    fn user(&mut self, number: usize) -> Result<String> {
        let roles = self.registrations()?;
        let key = self.key('a', number)?;
        Ok(item(
            &key,
            "users",
            &[("username", self.of(&NAMES)?)],
            &roles,
        ))
    }

    fn secured(&mut self) -> Result<String> {
        let words = |it: &mut Self, _| -> Result<String> {
            let count = it.0.int_in_range(0..=3)?;
            let words: Result<Vec<_>> = (0..count).map(|_| it.of(&WORDS)).collect();
            Ok(grant(&it.other_key('b')?, &words?).replace("<itemtypes><itemtype><name>permissions</name><items></items></itemtype></itemtypes>", ""))
        };
        let on = |it: &mut Self, _| -> Result<String> {
            let grants = listed("role_permissions", &it.some(3, words)?);
            let owner = it.other_key('a')?;
            let owner = [("ownerid", &*owner)];
            Ok(item(it.of(&NAMES)?, "app_resources", &owner, &grants))
        };
        let general = listed("role_permissions", &self.some(1, words)?);
        let items = listed("app_resources", &self.some(3, on)?);
        let category = self.of(&CATEGORIES)?;
        Ok(item(
            category,
            "app_resource_categories",
            &[],
            &(general + &items),
        ))
    }

    fn app(&mut self, kind: &str, number: usize) -> Result<String> {
        let owner = self.other_key('a')?;
        let attributes = [
            ("name", self.of(&NAMES)?),
            ("token", self.of(&NAMES)?),
            ("ownerid", &owner),
            ("tokenvalue", "SECRET"),
            ("enabled", self.flag()?),
        ];
        let attributes = &attributes[..self.0.int_in_range(1..=attributes.len())?];
        let entry = |it: &mut Self, _| -> Result<String> {
            let attributes = [
                ("appIdentifier", it.of(&KEYS)?),
                ("permissions", it.of(&WORDS)?),
            ];
            Ok(item(
                it.of(&NAMES)?,
                "connectionPermissions",
                &attributes,
                "",
            ))
        };
        let entries = match self.0.ratio(1, 16)? {
            true => listed("connectionPermissions", &self.some(2, entry)?),
            false => String::new(),
        };
        Ok(item(&self.key('d', number)?, kind, attributes, &entries))
    }

    fn apps(&mut self, _: usize) -> Result<String> {
        let (category, kind) = APPS[self.0.choose_index(APPS.len())?];
        let apps = self.some(4, |it, number| it.app(kind, number))?;
        Ok(item(category, "categories", &[], &listed(kind, &apps)))
    }

    /// What is no app and may name a token all the same.
    fn other(&mut self, _: usize) -> Result<String> {
        let name = ["token", "apiToken", "ownerid", "note", "name"];
        let value = match self.0.int_in_range(0..=2)? {
            0 => self.of(&NAMES)?.to_owned(),
            1 => self.other_key('b')?,
            _ => self.other_key('c')?,
        };
        let attributes = [(self.of(&name)?, &*value)];
        let one = item("1", "hooks", &attributes, "");
        Ok(item("webhook", "categories", &[], &list("hooks", &one)))
    }

    fn project(&mut self) -> Result<String> {
        let listed = |it: &mut Self, _| -> Result<String> {
            let (scope, name) = (it.of(&NAMES)?, it.of(&NAMES)?);
            let attributes = [
                ("itemtype", "USERTOKEN"),
                ("itemscope", scope),
                ("itemname", name),
            ];
            Ok(item("1", "project_items", &attributes, ""))
        };
        let items = self::listed("project_items", &self.some(3, listed)?);
        let project = item(KEYS[7], "projects", &[("name", "p")], &items);
        Ok(item(
            "project",
            "categories",
            &[],
            &list("projects", &project),
        ))
    }

    fn data(&mut self) -> Result<String> {
        let security = [
            listed("users", &self.some(3, Self::user)?),
            listed("roles", &self.some(5, Self::role)?),
            listed("user_tokens", &self.some(4, Self::token)?),
            listed(
                "app_resource_categories",
                &self.some(4, |it, _| it.secured())?,
            ),
        ];
        let mut categories = [
            item("security", "categories", &[], &security.concat()),
            self.some(3, Self::apps)?,
            self.some(2, Self::other)?,
            self.project()?,
        ];
        if self.0.arbitrary()? {
            categories.reverse();
        }
        Ok(package(&categories.concat()))
    }

    fn yaml(&mut self) -> Result<String> {
        let line = |it: &mut Self, _| -> Result<String> {
            let (user, token) = (it.of(&NAMES)?, it.of(&NAMES)?);
            let quote = it.of(&["", "", "'", "\""])?;
            let dot = it.of(&["/", "."])?;
            let begin = it.of(&["  - ", "  - ", "    - ", "  -\n    ", "  - &x "])?;
            let token_of = it.of(&["", "token:"])?;
            Ok(format!(
                "{begin}{quote}{token_of}{user}{dot}{token}{quote}\n"
            ))
        };
        let (roles, tokens) = (self.some(4, line)?, self.some(4, line)?);
        let build = self.of(&["25609", "'25609'", "25609 # x", "~", "|\n  25609"])?;
        Ok(format!(
            "name: p\nminimum_fme_build: {build}\nproject_content:\n  roles:\n{roles}  tokens:\n{tokens}version: 1\n"
        ))
    }

    /// The archive's bytes, and its `data.xml`.
    fn archive(&mut self) -> Result<(Vec<u8>, String)> {
        let (data, yaml) = (self.data()?, self.yaml()?);
        let mut archive = small();
        archive.entries.truncate(1);
        archive.part("properties.xml").fill(properties().as_bytes());
        archive.entries.push(Part::new("data.xml", &data));
        archive.entries.push(Part::new("project.yml", yaml));
        archive.entries.push(Part::new("files.map", ""));
        Ok((archive.build(), data))
    }
}

/// A list, which FME Flow never writes without items.
fn listed(name: &str, items: &str) -> String {
    match items {
        "" => String::new(),
        some => list(name, some),
    }
}

fn read(text: &str) -> Option<Data> {
    let limits = Limits::default();
    data::read(text.as_bytes(), limits, &mut Budget::new(limits)).ok()
}

fn write(source: &Source, plan: &Plan, target: &Path) {
    let edits = plan.edits.iter();
    let edits: Vec<_> = edits
        .map(|(it, edits)| (source.document(*it).unwrap(), edits))
        .collect();
    let rewrites = edits.iter().map(|(entry, edits)| Rewrite { entry, edits });
    let rewrites: Vec<_> = rewrites.collect();
    let mut out = Vec::new();
    upgrade(
        source,
        &rewrites,
        Sink::new(target, &mut out),
        Digesting::Neither,
        &Unwatched,
    )
    .unwrap();
    std::fs::write(target, out).unwrap();
}

/// No app gets a word on a connection that no token of its token's name was granted.
fn no_app_gains(plan: &Plan, before: &Data) {
    for app in &plan.apps {
        let name = app.token.as_ref().map(|token| &*token.name);
        let tokens = before
            .tokens
            .iter()
            .filter(|token| Some(&*token.name) == name);
        let roles: BTreeSet<_> = tokens.flat_map(|token| &token.roles).collect();
        for carried in &*app.carried {
            let held = roles
                .iter()
                .flat_map(|role| before.grants_of(**role))
                .filter(|grant| {
                    let on = grant.item.and_then(|item| before.secured(item));
                    on.is_some_and(|on| on.name == carried.connection)
                });
            let held: BTreeSet<&str> = held.flat_map(|grant| grant.permissions.iter()).collect();
            assert!(
                carried.permissions.iter().all(|word| held.contains(word)),
                "{} gains",
                app.name
            );
        }
    }
}

/// What was taken out are tokens that apps name, and roles of theirs.
fn nobody_else_loses(before: &Data, after: &Data) {
    let names: BTreeSet<_> = before
        .apps
        .iter()
        .filter_map(|app| app.token.as_deref())
        .collect();
    let keys: BTreeSet<&str> = after.tokens.iter().map(|token| &*token.key).collect();
    let (gone, stay): (Vec<_>, Vec<_>) = before
        .tokens
        .iter()
        .partition(|token| !keys.contains(&*token.key));
    assert!(
        gone.iter().all(|token| names.contains(&*token.name)),
        "a token of no app is gone"
    );
    let roles: BTreeSet<&str> = after
        .roles
        .iter()
        .map(|role| after.keys.text(role.key))
        .collect();
    let held = |tokens: &[&data::Token]| -> BTreeSet<_> {
        tokens
            .iter()
            .flat_map(|token| token.roles.iter().copied())
            .collect()
    };
    let (of_gone, of_others) = (held(&gone), held(&stay));
    for role in &before.roles {
        if !roles.contains(before.keys.text(role.key)) {
            assert!(
                of_gone.contains(&role.key),
                "a role of no retired token is gone"
            );
            assert!(
                !of_others.contains(&role.key),
                "a role of a token that stays is gone"
            );
            assert!(role.internal && before.keys.text(role.name).starts_with("token:"));
        }
    }
}

fn try_one(form: Form, bytes: &[u8], text: &str, folder: &Path) {
    let paths = ["source.fsproject", "target.fsproject"].map(|name| folder.join(name));
    let [source, target]: [PathBuf; 2] = paths;
    std::fs::write(&source, bytes).unwrap();
    let clock = Clock::Stopped("2026-11-21T12:00:00[UTC]".parse().unwrap());
    let options = Options {
        form,
        ..Options::default()
    };
    let prepared = match prepare(&source, options, &clock, &Unwatched) {
        Ok(prepared) => prepared,
        Err(error) => return assert_eq!(error.exit(), Exit::Refused, "{}", error.line()),
    };
    let plan = &prepared.plan;
    let before = read(text).expect("it was planned");
    no_app_gains(plan, &before);
    if plan.outcome != Outcome::Planned {
        return;
    }
    write(&prepared.source, plan, &target);
    let form = Some(form);
    let verdict = verify(
        &source,
        &target,
        options,
        form,
        AsOf::Derived,
        &clock,
        &Unwatched,
    );
    let verdict = verdict.expect("what was written can be read");
    assert!(verdict.is_good(), "{verdict:#?}");
    let again = prepare(&target, options, &clock, &Unwatched).expect("it is planned again");
    assert!(
        again.plan.is_empty(),
        "a second migration would change something"
    );
    let upgraded = Source::open(&target, WANTED).unwrap();
    let mut after = upgraded
        .read(upgraded.document(Document::Data).unwrap())
        .unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut after, &mut text).unwrap();
    assert!(
        !plan
            .findings
            .iter()
            .any(|it| it.message().contains("SECRET"))
    );
    nobody_else_loses(&before, &read(&text).unwrap());
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Where there is one, a file system in memory.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    let folder = folder.unwrap();
    let mut chooser = Chooser(Unstructured::new(bytes));
    let Ok((archive, text)) = chooser.archive() else {
        return;
    };
    for form in [Form::Staged, Form::Final] {
        try_one(form, &archive, &text, folder.path());
    }
});
