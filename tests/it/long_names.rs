//! Names of 60 kB, as many as the budget for text just allows, of every kind that is kept: every command
//! gets through with little memory, or says the limit.

use std::path::Path;

use super::counts;
use super::hostile::limited;
use super::support::small::{self, OWNER, ROLE, grant, item, list, small};
use flowlift::limits::Limits;

/// How long a name is, in bytes: nearly as long as a value may be.
const LONG: usize = 60_000;

/// How much is tried: the budget in bytes, and the memory that has to do, in KiB of address space: five
/// times the budget beside what hostile archives have to do with.
fn scale() -> (u64, u64) {
    let full = Limits::default().text;
    let budget = if is_thorough() { full } else { full / 16 };
    (budget, (budget * 5 + (96 << 20)) >> 10)
}

fn is_thorough() -> bool {
    std::env::var_os("FLOWLIFT_LONG").is_some()
}

/// A long name, different for each kind and number.
fn long(kind: &str, number: usize) -> String {
    format!("{kind}{number:05}{}", "x".repeat(LONG))
}

/// A key, different for each number.
fn key(number: usize) -> String {
    format!("eeeeeeee-0000-4000-8000-{number:012}")
}

/// `data` with so many items more in the list that begins with `mark`.
fn more(data: &str, mark: &str, count: usize, made: impl Fn(usize) -> String) -> String {
    assert!(data.contains(mark), "no {mark}");
    let items: String = (0..count).map(made).collect();
    data.replacen(mark, &format!("{mark}{items}"), 1)
}

fn items_of(list: &str) -> String {
    format!("<itemtype><name>{list}</name><items>")
}

fn app(number: usize, attributes: &[(&str, &str)]) -> String {
    item(&key(number), "server_apps", attributes, "")
}

/// What of an archive is long; adds so many of it to a `data.xml`.
type Kind = (&'static str, fn(&str, usize) -> String);

const KINDS: [Kind; 11] = [
    ("app", |data, count| {
        more(data, &items_of("server_apps"), count, |it| {
            let token = ("token", "Workspace App - tree");
            app(it, &[("name", &long("a", it)), ("ownerid", OWNER), token])
        })
    }),
    ("token of an app", |data, count| {
        more(data, &items_of("server_apps"), count, |it| {
            app(it + 10_000, &[("name", "a"), ("token", &long("t", it))])
        })
    }),
    ("workspace", |data, count| {
        more(data, &items_of("server_apps"), count, |it| {
            let workspace = long("w", it);
            let runs = [("repo", "R"), ("workspace", &*workspace)];
            app(it + 20_000, &[&[("name", "a")], &runs[..]].concat())
        })
    }),
    ("token", |data, count| {
        more(data, &items_of("user_tokens"), count, |it| {
            let attributes = [("name", &*long("o", it)), ("userid", OWNER)];
            item(&key(it), "user_tokens", &attributes, "")
        })
    }),
    ("user who owns an app", |data, count| {
        let data = more(data, &items_of("server_apps"), count, |it| {
            app(
                it + 30_000,
                &[("name", "a"), ("ownerid", &key(it + 90_000))],
            )
        });
        more(&data, &items_of("users"), count, |it| {
            item(
                &key(it + 90_000),
                "users",
                &[("username", &long("u", it))],
                "",
            )
        })
    }),
    ("role", |data, count| {
        more(data, &items_of("roles"), count, |it| {
            item(&key(it), "roles", &[("name", &long("r", it))], "")
        })
    }),
    ("connection that an app may use", |data, count| {
        secured(data, "NamedConnections", count, "NAMEDCONNECTIONS_RUN")
    }),
    ("resource that an app may use", |data, count| {
        secured(data, "SharedResources", count, "SHAREDRESOURCE_READ")
    }),
    ("permission", |data, count| {
        let mark = format!("{}<item><name>", items_of("app_resources"));
        let grants = |it| {
            let name = format!("P{it:05}{}", "X".repeat(LONG));
            list("role_permissions", &grant(ROLE, &[&name]))
        };
        let made = |it| item(&format!("p{it}"), "app_resources", &[], &grants(it));
        let items: String = (0..count).map(made).collect();
        assert!(data.contains(&mark), "no {mark}");
        let begin = mark.trim_end_matches("<item><name>");
        data.replacen(&mark, &format!("{begin}{items}<item><name>"), 1)
    }),
    ("automation", |data, count| {
        let automation = |it| {
            item(
                &long("n", it),
                "automations",
                &[("name", &long("m", it))],
                "",
            )
        };
        let automations: String = (0..count.div_ceil(2)).map(automation).collect();
        let category = item(
            "automation",
            "categories",
            &[],
            &list("automations", &automations),
        );
        more(data, &items_of("categories"), 1, |_| category.clone())
    }),
    ("category", |data, count| {
        more(data, &items_of("categories"), count, |it| {
            item(&long("c", it), "categories", &[], "")
        })
    }),
];

/// So many connections or resources on which the app's token has a permission.
fn secured(data: &str, category: &str, count: usize, permission: &str) -> String {
    let (before, rest) = data
        .split_once(&format!("<name>{category}</name>"))
        .unwrap();
    let grants = list("role_permissions", &grant(ROLE, &[permission]));
    let rest = more(rest, &items_of("app_resources"), count, |it| {
        item(
            &long(category, it),
            "app_resources",
            &[("ownerid", OWNER)],
            &grants,
        )
    });
    format!("{before}<name>{category}</name>{rest}")
}

/// Runs a command with the memory that has to do; its exit code and what it said.
fn run(folder: &Path, words: &[&str]) -> (i32, String) {
    let (budget, memory) = scale();
    let budget = format!("text={budget}");
    let takes_limits = words.first() != Some(&"history") && !words.contains(&"--from-history");
    let limit: &[&str] = if takes_limits {
        &["--limit", &budget]
    } else {
        &[]
    };
    let output = limited(folder, &[words, limit].concat(), memory).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

/// Every command, and the exit codes that are right.
const COMMANDS: [(&[&str], &[i32]); 18] = [
    (&["plan", "a.fsproject", "--format", "json"], &[0]),
    (&["plan", "a.fsproject", "--format", "csv"], &[0]),
    (&["plan", "-v", "--diff", "a.fsproject"], &[0]),
    (&["audit", "a.fsproject"], &[0]),
    (&["audit", "a.fsproject", "--format", "json"], &[0]),
    (&["audit", "a.fsproject", "--format", "csv"], &[0]),
    (&["audit", "a.fsproject", "--format", "html"], &[0]),
    (&["audit", "a.fsproject", "--readiness"], &[0]),
    (&["audit", "a.fsproject", "--out-dir", "."], &[0]),
    // What is only counted costs nothing but where it is counted.
    (&["inspect", "a.fsproject", "--format", "json"], &[0, 3]),
    (
        &[
            "inspect",
            "a.fsproject",
            "--apps",
            "--tokens",
            "--connections",
        ],
        &[0, 3],
    ),
    (
        &["migrate", "a.fsproject", "--verify", "full", "-o", "staged"],
        &[0],
    ),
    (
        &[
            "migrate",
            "a.fsproject",
            "--verify",
            "full",
            "--form",
            "final",
            "-o",
            "final",
        ],
        &[0],
    ),
    (&["verify", "a.fsproject", "final"], &[0]),
    (&["history", "export"], &[0]),
    (&["audit", "--from-history", "--format", "html"], &[0]),
    (&["compare", "a.fsproject", "final"], &[0, 1]),
    (
        &["calibrate", "a.fsproject", "final", "-o", "profile.toml"],
        &[0, 3],
    ),
];

/// Names of all these kinds, so many that one more would be refused.
fn try_kinds(name: &str, kinds: &[Kind]) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut count = usize::try_from(scale().0).unwrap() / LONG / kinds.len() + 1;
    // Of some a name is kept more than once.
    loop {
        let data = kinds
            .iter()
            .fold(small::data(), |data, kind| kind.1(&data, count));
        let mut parts = small();
        parts.part("data.xml").fill(data.as_bytes());
        fs_err::write(folder.join("a.fsproject"), parts.build()).unwrap();
        let (code, said) = run(folder, &["plan", "a.fsproject"]);
        if code == 0 {
            break;
        }
        assert_eq!(code, 3, "{name}: {said}");
        assert!(said.contains(", the limit text"), "{name}: {said}");
        count -= count.div_ceil(20);
        assert!(count > 0, "{name}");
    }
    for (words, right) in COMMANDS {
        let (code, said) = run(folder, words);
        let said: String = said.chars().take(300).collect();
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
    try_kinds("all kinds", &KINDS);
    let mut tried = COMMANDS.len();
    for kind in KINDS.iter().filter(|_| is_thorough()) {
        try_kinds(kind.0, std::slice::from_ref(kind));
        tried += COMMANDS.len();
    }
    counts::say(
        "commands over names of 60 kB just below the budget for text, in 96 MiB of address space and five times the budget",
        tried,
    );
}
