//! Names of 60 kB, as many as the budget for text just allows, and a few more: every command gets
//! through with little memory, or says the limit.

use std::path::Path;

use super::counts;
use super::hostile::limited;
use super::support::small::{self, OWNER, grant, item, list, small};
use flowlift::limits::Limits;

/// How long a name is, in bytes: nearly as long as a value may be.
const LONG: usize = 60_000;

/// How much is tried: the budget in bytes, and the memory that has to do, in KiB of address space.
/// That is five times the budget beside what hostile archives have to do with.
fn scale() -> (u64, u64) {
    let full = Limits::default().text;
    let budget = if std::env::var_os("FLOWLIFT_LONG").is_some() {
        full
    } else {
        full / 8
    };
    (budget, (budget * 5 + (96 << 20)) >> 10)
}

/// A long name, different for each number.
fn long(number: usize) -> String {
    format!("{number:05}{}", "x".repeat(LONG))
}

/// A key, different for each number.
fn key(number: usize) -> String {
    format!("eeeeeeee-0000-4000-8000-{number:012}")
}

/// So many items more in the list that begins with `mark`.
fn more(mark: &str, count: usize, made: impl Fn(usize) -> String) -> String {
    let data = small::data();
    assert!(data.contains(mark), "no {mark}");
    let items: String = (0..count).map(made).collect();
    data.replacen(mark, &format!("{mark}{items}"), 1)
}

fn items_of(list: &str) -> String {
    format!("<itemtype><name>{list}</name><items>")
}

fn app(number: usize, attributes: &[(&str, &str)]) -> String {
    let known = [("ownerid", OWNER), ("repo", "R"), ("workspace", "w.fmw")];
    item(
        &key(number),
        "server_apps",
        &[attributes, &known].concat(),
        "",
    )
}

/// What of an archive is long, and so many of it.
type Kind = (&'static str, fn(usize) -> String);

const KINDS: [Kind; 9] = [
    ("app", |count| {
        more(&items_of("server_apps"), count, |it| {
            let token = ("token", "Workspace App - tree");
            app(it, &[("name", &long(it)), token])
        })
    }),
    ("token of an app", |count| {
        more(&items_of("server_apps"), count, |it| {
            app(it, &[("name", "a"), ("token", &long(it))])
        })
    }),
    ("workspace", |count| {
        more(&items_of("server_apps"), count, |it| {
            let attributes = [("name", "a"), ("ownerid", OWNER), ("repo", "R")];
            let workspace = [("workspace", &*long(it))];
            item(
                &key(it),
                "server_apps",
                &[&attributes[..], &workspace].concat(),
                "",
            )
        })
    }),
    ("token", |count| {
        more(&items_of("user_tokens"), count, |it| {
            let attributes = [("name", &*long(it)), ("userid", OWNER)];
            item(&key(it), "user_tokens", &attributes, "")
        })
    }),
    ("user who owns an app", |count| {
        let data = more(&items_of("server_apps"), count, |it| {
            let owner = key(it + 90_000);
            let attributes = [("name", "a"), ("ownerid", &*owner)];
            item(&key(it), "server_apps", &attributes, "")
        });
        let mark = items_of("users");
        let user = |it| item(&key(it + 90_000), "users", &[("username", &long(it))], "");
        let users: String = (0..count).map(user).collect();
        data.replacen(&mark, &(mark.clone() + &users), 1)
    }),
    ("role", |count| {
        more(&items_of("roles"), count, |it| {
            item(&key(it), "roles", &[("name", &long(it))], "")
        })
    }),
    ("connection that an app may use", |count| {
        secured("Parks", count, "NAMEDCONNECTIONS_RUN")
    }),
    ("resource that an app may use", |count| {
        secured("FME_SHAREDRESOURCE_DATA", count, "SHAREDRESOURCE_READ")
    }),
    ("category", |count| {
        more(&items_of("categories"), count, |it| {
            item(&long(it), "categories", &[], "")
        })
    }),
];

/// So many connections or resources on which the app's token has a permission.
fn secured(beside: &str, count: usize, permission: &str) -> String {
    let mark = format!("<item><name>{beside}</name>");
    let data = small::data();
    assert!(data.contains(&mark), "no {mark}");
    let grants = list("role_permissions", &grant(small::ROLE, &[permission]));
    let made = |it| item(&long(it), "app_resources", &[("ownerid", OWNER)], &grants);
    let items: String = (0..count).map(made).collect();
    data.replacen(&mark, &(items + &mark), 1)
}

/// Runs a command with the memory that has to do; its exit code and what it said.
fn run(folder: &Path, words: &[&str]) -> (i32, String) {
    let (budget, memory) = scale();
    let command = words.first().copied().unwrap_or_default();
    let budget = format!("text={budget}");
    let limit = ["--limit", &budget];
    let limit = if command == "history" || words.contains(&"--from-history") {
        &[][..]
    } else {
        &limit
    };
    let output = limited(folder, &[words, limit].concat(), memory)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

const COMMANDS: [&[&str]; 18] = [
    &["plan", "a.fsproject", "--format", "json"],
    &["plan", "a.fsproject", "--format", "csv"],
    &["plan", "-v", "a.fsproject"],
    &["plan", "--diff", "a.fsproject"],
    &["audit", "a.fsproject"],
    &["audit", "a.fsproject", "--format", "json"],
    &["audit", "a.fsproject", "--format", "csv"],
    &["audit", "a.fsproject", "--format", "html"],
    &["audit", "a.fsproject", "--readiness"],
    &["inspect", "a.fsproject", "--format", "json"],
    &[
        "inspect",
        "a.fsproject",
        "--apps",
        "--tokens",
        "--connections",
    ],
    &[
        "migrate",
        "a.fsproject",
        "--verify",
        "full",
        "-o",
        "staged.fsproject",
    ],
    &[
        "migrate",
        "a.fsproject",
        "--verify",
        "full",
        "--form",
        "final",
        "-o",
        "final.fsproject",
    ],
    &["verify", "a.fsproject", "final.fsproject"],
    &["history", "list"],
    &["history", "export"],
    &["audit", "--from-history", "--format", "html"],
    &["compare", "a.fsproject", "final.fsproject"],
];

fn try_kind((name, data): &Kind) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |count| {
        let mut parts = small();
        parts.part("data.xml").fill(data(count).as_bytes());
        fs_err::write(folder.join("a.fsproject"), parts.build()).unwrap();
    };
    // Of some a name is kept more than once.
    let mut count = usize::try_from(scale().0).unwrap() / LONG + 1;
    loop {
        write(count);
        let (code, said) = run(folder, &["plan", "a.fsproject"]);
        if code == 0 {
            break;
        }
        assert_eq!(code, 3, "{name}: {said}");
        assert!(said.contains(", the limit text"), "{name}: {said}");
        count -= count.div_ceil(10);
        // A category is only counted.
        assert!(count > 0, "{name}");
    }
    for words in COMMANDS {
        let (code, said) = run(folder, words);
        let said: String = said.chars().take(300).collect();
        let right = match words.first() {
            Some(&"compare") => &[0, 1][..],
            // What is only counted costs nothing but when it is counted.
            Some(&"inspect") if *name == "category" => &[3],
            _ => &[0],
        };
        assert!(
            right.contains(&code),
            "{name}, {words:?}: exit {code}: {said}"
        );
    }
}

#[test]
fn names_that_just_fit_the_budget_fit_into_memory_whatever_they_are_names_of() {
    if !cfg!(target_os = "linux") {
        return;
    }
    KINDS.iter().for_each(try_kind);
    counts::say(
        "commands over names of 60 kB just below the budget for text, in 96 MiB of address space and five times as much",
        KINDS.len() * COMMANDS.len(),
    );
}
