//! Archives that were damaged at random, in ways that keep them readable more often than not: the
//! plan refuses whatever migrating would, and what was migrated is verified.

use std::path::{Path, PathBuf};

use flowlift::archive::Digesting;
use flowlift::clock::Clock;
use flowlift::exit::Exit;
use flowlift::history::{Asked, TaskRecord};
use flowlift::migrate::{Checking, MigrateOptions, Unchanged, migrate, prepare};
use flowlift::output::{Files, Overwrite};
use flowlift::plan::{Options, Outcome};
use flowlift::target::Form;
use flowlift::verify::{AsOf, verify};
use flowlift::watch::Unwatched;

use super::counts;
use super::support::corpus;
use super::support::fixtures::{FIXTURES, Fixture};
use super::support::run::NOW;
use super::support::small::small;
use super::support::surgery::{Descriptor, Part, Parts};
use super::support::xml::element;

/// Numbers that are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// Where one of the places is at which `text` holds `mark`.
    fn place(&mut self, text: &str, mark: &str) -> Option<usize> {
        let from = self.below(text.len());
        let from = (from..text.len()).find(|at| text.is_char_boundary(*at))?;
        let after = text[from..].find(mark).map(|at| from + at);
        after.or_else(|| text.find(mark))
    }
}

/// What a value may become; the first ones mean something to the program.
const VALUES: [&str; 24] = [
    "true",
    "false",
    "",
    "NAMEDCONNECTIONS_ALL",
    "NAMEDCONNECTIONS_RUN",
    "SHAREDRESOURCE_READ",
    "SERVER_ALL",
    "NamedConnections",
    "SharedResources",
    "token:admin.Workspace App - x",
    "user:admin",
    "admin",
    "server_app",
    "connectionPermissions",
    "fb2dd313-e5cf-432e-a24a-814e46929ab7",
    "FB2DD313-E5CF-432E-A24A-814E46929AB7",
    "Sat-13-Oct-2035 11:00:00 PM",
    "Sat-13-Oct-2015 11:00:00 PM",
    "soon",
    "a,b;c",
    " a ",
    "a&#13;b",
    "a/b/c",
    "&lt;&#x3164;",
];

/// The value that begins at `at`, behind its tag.
fn value(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + text.get(at..)?.find('>')? + 1;
    let end = start + text.get(start..)?.find('<')?;
    Some((start, end))
}

fn data(text: &str, random: &mut Random) -> Option<String> {
    let mut out = text.to_owned();
    match random.below(9) {
        // A value becomes another, one that is known or one from elsewhere in the document.
        0..=2 => {
            let tag = *random.of(&["<value>", "<name>", "<type>"])?;
            let at = random.place(text, tag)?;
            let (start, end) = value(text, at)?;
            let new = if random.below(2) == 0 {
                (*random.of(&VALUES)?).to_owned()
            } else {
                let other = random.place(text, tag)?;
                let (start, end) = value(text, other)?;
                text[start..end].to_owned()
            };
            out.replace_range(start..end, &new);
        }
        // An item, an attribute or a list is there twice, gone, or somewhere else.
        kind @ 3..=6 => {
            let name = *random.of(&["item", "attribute", "itemtype"])?;
            let at = random.place(text, &format!("<{name}>"))?;
            let taken = element(&text[at..], name);
            let to = random.place(text, &format!("<{name}>"))?;
            match kind {
                3 => out.insert_str(at, &taken),
                4 => out.replace_range(at..at + taken.len(), ""),
                5 => out.insert_str(to, &taken),
                _ if (at..at + taken.len()).contains(&to) => return None,
                _ => {
                    out.replace_range(at..at + taken.len(), "");
                    let moved = if to > at { to - taken.len() } else { to };
                    out.insert_str(moved, &taken);
                }
            }
        }
        // Between two tags stands something that means nothing.
        7 => {
            let at = random.place(text, "><")? + 1;
            out.insert_str(at, random.of(&["<!-- x -->", "\n  ", "<?x y?>", "text"])?);
        }
        // A byte is another.
        _ => {
            let at = random.below(text.len());
            let at = (at..text.len()).find(|at| text.as_bytes()[*at].is_ascii_alphanumeric())?;
            out.replace_range(at..=at, random.of(&["x", "<", "&", "0", "\r"])?);
        }
    }
    Some(out)
}

fn lines(text: &str, random: &mut Random) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (at, other) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(6) {
        0 => {
            lines.remove(at);
        }
        1 => {
            let line = lines.get(at)?.clone();
            lines.insert(other, line);
        }
        2 => lines.swap(at, other),
        3 => {
            let line = lines.get_mut(at)?;
            line.push_str(random.of(&[" ", " # x", "x", ": y", "'", " |", "\r"])?);
        }
        4 => {
            let line = lines.get_mut(at)?;
            let end = line.len() - line.trim_start_matches([' ', '-']).len();
            line.insert_str(
                end,
                random.of(&["&a ", "'", "\"", "!!str ", "*a", "[", "- ", "|\n    "])?,
            );
        }
        _ => {
            let line = lines.get_mut(at)?;
            line.insert_str(0, random.of(&[" ", "  ", "- ", "? ", "#"])?);
        }
    }
    Some(lines.join("\n") + "\n")
}

/// The content of one document becomes another.
fn document(parts: &mut Parts, random: &mut Random) -> Option<()> {
    let name = *random.of(&[
        "data.xml",
        "data.xml",
        "data.xml",
        "data.xml",
        "project.yml",
        "project.yml",
        "files.map",
        "properties.xml",
    ])?;
    let part = parts
        .entries
        .iter_mut()
        .find(|part| part.name == name.as_bytes())?;
    let text = part.text();
    let text = match name {
        "project.yml" | "files.map" => lines(&text, random)?,
        _ => data(&text, random)?,
    };
    part.fill(text.as_bytes());
    Some(())
}

/// An entry says something else about itself.
fn entry(parts: &mut Parts, random: &mut Random) -> Option<()> {
    let at = random.below(parts.entries.len());
    let part: &mut Part = parts.entries.get_mut(at)?;
    match random.below(14) {
        0 => {
            part.descriptor = Descriptor::Sums {
                signed: true,
                zip64: true,
            }
        }
        1 => {
            part.descriptor = Descriptor::Sums {
                signed: false,
                zip64: false,
            }
        }
        2 => part.descriptor = Descriptor::Raw(vec![7; 16]),
        3 => {
            part.descriptor = Descriptor::None;
            part.flags &= !8;
        }
        4 => part.local_flags = Some(0),
        5 => part.local_sums = Some((part.crc, 7, 9)),
        6 => part.claimed_crc = Some(7),
        7 => part.claimed_size = Some(7),
        8 => part.gap = b"PK\x03\x04 nobody's".to_vec(),
        9 => part.local_extra = vec![1, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
        10 => part.extra = vec![7, 0, 1, 0, 9],
        11 => part.name = [b"./", &*part.name].concat(),
        12 => part.name.make_ascii_uppercase(),
        _ => part.comment = b"comment".to_vec(),
    }
    Some(())
}

fn mutated(parts: &Parts, random: &mut Random) -> Parts {
    let mut parts = parts.clone();
    for _ in 0..=random.below(3) {
        // Some change nothing, for lack of what they would change.
        let _ = match random.below(8) {
            0 => entry(&mut parts, random),
            _ => document(&mut parts, random),
        };
    }
    parts
}

/// What was tried, and what came of it.
#[derive(Debug, Default)]
struct Tried {
    refused: usize,
    verified: usize,
    current: usize,
}

/// Plans, migrates and verifies an archive.
fn attempt(source: &Path, target: &Path, options: Options, tried: &mut Tried) {
    let clock = Clock::Stopped(NOW.parse().unwrap());
    let prepared = match prepare(source, options, &clock, &Unwatched) {
        Ok(prepared) => prepared,
        Err(error) => {
            assert_eq!(error.exit(), Exit::Refused, "{}", error.line());
            tried.refused += 1;
            return;
        }
    };
    if prepared.plan.outcome == Outcome::Current {
        tried.current += 1;
        return;
    }
    let manner = MigrateOptions {
        options,
        overwrite: Overwrite::Allowed,
        checking: Checking::Quick,
        digesting: Digesting::Neither,
        unchanged: Unchanged::Copied,
    };
    let asked = Asked {
        source,
        options,
        overwrite: manner.overwrite,
    };
    let mut record = TaskRecord::submit(None, asked, &clock).unwrap();
    let files = Files::default();
    let written = migrate(
        &prepared,
        target,
        &files,
        manner,
        &clock,
        &Unwatched,
        &mut record,
    );
    if let Err(error) = written {
        panic!("planned, but not migrated: {}", error.line());
    }
    let verdict = verify(
        source,
        target,
        options,
        Some(options.form),
        AsOf::Derived,
        &clock,
        &Unwatched,
    );
    let verdict = verdict.unwrap_or_else(|error| panic!("not verified: {}", error.line()));
    assert!(verdict.is_good(), "{verdict:#?}");
    tried.verified += 1;
}

/// The archives that are damaged.
fn originals() -> Vec<(PathBuf, Parts)> {
    let own = FIXTURES.iter().map(Fixture::archive);
    let real = corpus::archives().unwrap_or_default();
    let real = real.into_iter().filter(|path| {
        // What is large takes long and shows no more.
        path.metadata().is_ok_and(|it| it.len() < 1 << 20)
    });
    let paths = own.chain(real);
    let mut all: Vec<_> = paths
        .map(|path| {
            let parts = Parts::parse(&fs_err::read(&path).unwrap());
            (path, parts)
        })
        .collect();
    all.push(("small.fsproject".into(), small()));
    all
}

#[test]
fn the_plan_refuses_what_migrating_would_and_what_was_migrated_is_verified() {
    let count = std::env::var("FLOWLIFT_MUTATIONS").ok();
    let count: u64 = count.map_or(300, |count| count.parse().unwrap());
    let originals = originals();
    let folder = tempfile::tempdir().unwrap();
    let mut tried = Tried::default();
    for seed in 1..=count {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.below(1);
        let (path, parts) = random.of(&originals).unwrap();
        let extension = path.extension().unwrap().to_str().unwrap();
        let source = folder.path().join(format!("source.{extension}"));
        fs_err::write(&source, mutated(parts, &mut random).build()).unwrap();
        let target = folder.path().join(format!("target.{extension}"));
        let before = fs_err::read(&source).unwrap();
        let run = std::panic::AssertUnwindSafe(|| {
            for form in [Form::Staged, Form::Final] {
                let options = Options {
                    form,
                    ..Options::default()
                };
                attempt(&source, &target, options, &mut tried);
            }
        });
        if let Err(panic) = std::panic::catch_unwind(run) {
            let kept = std::env::temp_dir().join(format!("flowlift-mutation-{seed}.{extension}"));
            fs_err::write(&kept, &before).unwrap();
            let what = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            panic!(
                "mutation {seed} of {}, kept at {}: {what}",
                path.display(),
                kept.display()
            );
        }
        assert!(
            fs_err::read(&source).unwrap() == before,
            "mutation {seed}: the source is another"
        );
    }
    assert!(tried.verified > tried.refused / 10, "{tried:?}");
    counts::say(
        "mutations of real archives and fixtures that the plan refused",
        tried.refused,
    );
    counts::say("mutations that were migrated and verified", tried.verified);
}
