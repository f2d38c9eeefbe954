//! What ten times as much of one thing costs: memory within the bounds that are promised, and
//! nothing that grows faster than what it is made for. It is counted, not timed, so that a busy
//! machine changes nothing.
//!
//! A binary of its own, since counting replaces the allocator. What the thread takes that reads a large
//! `data.xml` ahead is not counted, but how a document is read is, by itself.
#![cfg(not(windows))]
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a ratio needs no more digits"
)]

mod axes;
mod histories;
#[path = "../support/java_zip.rs"]
mod java_zip;
#[path = "../support/scale/mod.rs"]
mod scale;
#[path = "../support/tree.rs"]
mod tree;

use std::path::{Path, PathBuf};

use allocation_counter::{AllocationInfo, measure};
use clap::Parser;

use axes::{AXES, FINAL_AXES};
use flowlift::archive::Digesting;
use flowlift::clock::Clock;
use flowlift::history::{Asked, History, TaskRecord};
use flowlift::migrate::{Checking, MigrateOptions, Prepared, Unchanged, migrate, prepare};
use flowlift::output::{Files, Overwrite};
use flowlift::package::xml::Reader;
use flowlift::plan::Options;
use flowlift::report::audit::{self, AuditedArchive, Handouts, write_csv, write_html};
use flowlift::report::{ArchiveReport, Detail, table, write_json};
use flowlift::target::Form;
use flowlift::verify::{AsOf, verify};
use flowlift::watch::Unwatched;
use scale::Scale;

/// What has nothing to do with size, in bytes.
const NOISE: f64 = 64.0 * 1024.0;
/// So many allocations are as good as none.
const FEW: f64 = 100.0;
/// So many bytes are, for buffers double; of what SQLite reads it is [`NOISE`], sixteen pages.
const FEW_BYTES: f64 = 16.0 * 1024.0;
/// Ten times as much may cost ten times as much, and a little, for a tree is deeper. A list doubles when it
/// is full, so that 115 apps and 1150 take 128 places and 2048: counts are such that they fill their lists
/// alike.
const LINEAR: f64 = 11.5;
/// Fills every buffer, so that they are as large in a small archive as in a large one.
const FILLER: [&str; 4] = ["--workspaces", "3", "--thumbnail", "600k"];

#[test]
fn an_entry_costs_what_its_name_is_known_by_and_its_size_is_not_read() {
    planned("--entries", 1000, &["--payload", "100k"]).grow_by_at_most(16.0);
    let payload = planned("--payload", 8_000_000, &["--entries", "10"]);
    payload.grow_by_at_most(0.0);
    if let [_, Some(small), Some(large)] = payload.costs.map(|cost| cost.read) {
        assert!(small < 8_000_000, "{small} bytes were read");
        assert!(large.abs_diff(small) < 4096, "{small} and {large} bytes");
    }
}

#[test]
fn a_document_is_taken_apart_in_the_same_memory_however_long_it_is() {
    let read = |tags: usize| {
        let document = format!("<a>{}</a>", "<b><c>x</c></b>".repeat(tags));
        let mut xml = Reader::new(document.as_bytes());
        let allocated = measure(|| while xml.next_tag().unwrap().is_some() {});
        allocated.bytes_max
    };
    assert_eq!(read(20_000), read(200_000));
}

#[test]
fn a_long_value_of_data_xml_costs_no_memory() {
    planned("--thumbnail", 600_000, &["--workspaces", "3"]).grow_by_at_most(0.0);
}

#[test]
fn a_grant_costs_at_most_a_hundred_bytes() {
    let grants = planned("--grants", 1600, &["--users", "50", "--connections", "20"]);
    grants.grow_by_at_most(100.0);
    grants.grow_linearly();
}

#[test]
fn ten_times_the_users_with_a_role_each_cost_at_most_ten_times_as_much() {
    let users = planned("--users", 200, &[]);
    users.grow_by_at_most(400.0);
    users.grow_linearly();
}

#[test]
fn ten_times_the_tokens_cost_at_most_ten_times_as_much() {
    let tokens = planned("--tokens", 200, &[]);
    tokens.grow_by_at_most(800.0);
    tokens.grow_linearly();
}

#[test]
fn ten_times_the_apps_cost_at_most_ten_times_as_much() {
    let apps = planned("--apps", 88, &["--connections", "30", "--users", "30"]);
    assert_eq!(apps.costs.each_ref().map(|it| it.apps), [8, 100, 1012]);
    apps.grow_by_at_most(6000.0);
    apps.grow_linearly();
}

#[test]
fn ten_times_the_workspaces_that_are_run_cost_at_most_ten_times_as_much() {
    let others = ["--apps", "500", "--thumbnail", "0"];
    let workspaces = planned("--workspaces", 50, &others);
    workspaces.grow_by_at_most(2000.0);
    workspaces.grow_linearly();
}

#[test]
fn a_migration_with_its_history_of_ten_times_the_apps_costs_at_most_ten_times_as_much() {
    let others = ["--connections", "30", "--users", "30"];
    let apps = Growth::of("--apps", 44, &others, migrated);
    apps.grow_by_at_most(6000.0);
    apps.grow_linearly();
}

#[test]
fn ten_times_of_anything_costs_at_most_ten_times_as_much_to_plan() {
    for (what, axes) in AXES {
        let growth = Growth::made(
            80,
            |archive, count| axes(count).write(archive),
            |archive| plan(archive).plan.apps.len(),
        );
        growth.grow_linearly_with(what);
    }
}

#[test]
fn ten_times_of_anything_costs_at_most_ten_times_as_much_to_migrate() {
    for (what, axes) in AXES {
        let write = |archive: &Path, count| axes(count).write(archive);
        Growth::made(80, write, migrated).grow_linearly_with(what);
    }
}

#[test]
fn ten_times_the_pairs_cost_at_most_ten_times_as_much_to_verify() {
    for (what, axes) in AXES.iter().filter(|(what, _)| what.contains(" by ")) {
        let write = |archive: &Path, count| axes(count).write(archive);
        Growth::made(80, write, verified).grow_linearly_with(what);
    }
}

#[test]
fn ten_times_of_anything_costs_at_most_ten_times_as_much_to_retire() {
    for (what, axes) in FINAL_AXES {
        let write = |archive: &Path, count| axes(count).write(archive);
        Growth::made(80, write, migrated_to_final).grow_linearly_with(what);
    }
}

#[test]
fn ten_times_of_anything_costs_at_most_ten_times_as_much_to_report() {
    for (what, axes) in AXES {
        let write = |archive: &Path, count| axes(count).write(archive);
        Growth::made(80, write, reported).grow_linearly_with(what);
    }
}

#[test]
fn ten_times_the_entries_workspaces_and_connections_at_once_cost_at_most_ten_times_as_much() {
    let write = |archive: &Path, count: u32| {
        let count = count.to_string();
        let things = ["--entries", "--workspaces", "--connections", "--apps"];
        let things = things.iter().flat_map(|thing| [*thing, &count]);
        let words = ["scale", archive.to_str().unwrap(), "--thumbnail", "0"];
        let words = words.into_iter().chain(things);
        Scale::try_parse_from(words).unwrap().write().unwrap();
    };
    for (what, work) in [
        ("migrated", migrated as fn(&Path) -> usize),
        ("reported", reported),
    ] {
        Growth::made(80, write, work).grow_linearly_with(what);
    }
}

#[test]
fn ten_times_the_tasks_or_grants_of_a_history_cost_at_most_ten_times_as_much_to_recall() {
    let tasks = Growth::made(40, histories::with_tasks, histories::recalled);
    tasks.grow_linearly_with("tasks");
    let grants = Growth::made(80, histories::with_grants, histories::recalled);
    grants.grow_linearly_with("grants");
}

#[test]
fn what_grows_with_the_square_is_noticed() {
    let cost = |count: usize| Cost {
        allocated: measure(|| (0..count).for_each(|n| drop(vec![0_u8; n + 1]))),
        read: None,
        apps: 0,
    };
    let growth = Growth {
        costs: [cost(30), cost(300), cost(3000)],
        more: 2700,
    };
    assert!(growth.ratios()[1] > 90.0, "{growth:?}");
}

/// What it cost to work on an archive.
#[derive(Debug)]
struct Cost {
    allocated: AllocationInfo,
    /// Bytes that were read, where this system counts them.
    read: Option<u64>,
    apps: usize,
}

/// What it cost to work on archives with a tenth of some count of one thing, that count, and ten
/// times of it.
#[derive(Debug)]
struct Growth {
    costs: [Cost; 3],
    /// How many more the last one has than the one before.
    more: u32,
}

impl Growth {
    /// Of archives that `scale` writes.
    fn of(thing: &str, count: u32, others: &[&str], work: fn(&Path) -> usize) -> Self {
        let write = |archive: &Path, count: u32| {
            let count = count.to_string();
            let words = ["scale", archive.to_str().unwrap(), thing, &count];
            let given =
                |option: &&[&str]| words.contains(&option[0]) || others.contains(&option[0]);
            let filler = FILLER.chunks(2).filter(|option| !given(option)).flatten();
            let words = words.iter().chain(others).chain(filler);
            Scale::try_parse_from(words).unwrap().write().unwrap();
        };
        Self::made(count, write, work)
    }

    /// Of archives that `write` writes, with a tenth of `count`, that, and ten times of it.
    fn made(count: u32, write: impl Fn(&Path, u32), work: fn(&Path) -> usize) -> Self {
        // The first one is worked on twice: what is made once for all is made by then.
        let counts = [count / 10, count / 10, count, count * 10];
        let [_, costs @ ..] = counts.map(|count| {
            let folder = tempfile::tempdir().unwrap();
            let archive = folder.path().join("scale.fsconfig");
            write(&archive, count);
            let (mut apps, before) = (0, bytes_read());
            let allocated = measure(|| apps = work(&archive));
            let read = bytes_read()
                .zip(before)
                .map(|(after, before)| after - before);
            assert!(apps > 0, "nothing was planned");
            Cost {
                allocated,
                read,
                apps,
            }
        });
        Self {
            costs,
            more: count * 9,
        }
    }

    /// Each one more takes at most so many bytes when most of them are taken.
    fn grow_by_at_most(&self, bytes: f64) {
        let [_, before, after] = self
            .costs
            .each_ref()
            .map(|it| it.allocated.bytes_max as f64);
        let each = (after - before) / f64::from(self.more);
        assert!(
            after - before <= bytes * f64::from(self.more) + NOISE,
            "{before} bytes became {after}, {each:.0} for each one more"
        );
    }

    /// Neither allocations nor what is read grow faster than what they are made for.
    fn grow_linearly(&self) {
        self.grow_linearly_with("it");
    }

    /// The same with more of `what`.
    fn grow_linearly_with(&self, what: &str) {
        for ratio in self.ratios() {
            assert!(ratio <= LINEAR, "{what}: {ratio:.1} times: {self:?}");
        }
    }

    /// How many times as many allocations, bytes in all of them, and bytes read the second step
    /// takes, compared with the first.
    fn ratios(&self) -> [f64; 3] {
        let ratio = |few: f64, count: fn(&Cost) -> u64| {
            let [first, second, third] = self.costs.each_ref().map(|cost| count(cost) as f64);
            (third - second) / (second - first).max(few)
        };
        [
            ratio(FEW, |cost| cost.allocated.count_total),
            ratio(FEW_BYTES, |cost| cost.allocated.bytes_total),
            ratio(NOISE, |cost| cost.read.unwrap_or_default()),
        ]
    }
}

/// What planning costs.
fn planned(thing: &str, count: u32, others: &[&str]) -> Growth {
    Growth::of(thing, count, others, |archive| {
        plan(archive).plan.apps.len()
    })
}

fn plan(archive: &Path) -> Prepared {
    prepare(archive, Options::default(), &clock(), &Unwatched).unwrap()
}

/// Migrates an archive, and says how many apps it has.
fn migrated(archive: &Path) -> usize {
    migrated_as(archive, Options::default())
}

/// The same, and verifies what was made of it.
fn verified(archive: &Path) -> usize {
    let (apps, target) = (migrated(archive), upgraded(archive));
    // Where no byte changes none is written.
    if !target.exists() {
        return apps;
    }
    let verdict = verify(
        archive,
        &target,
        Options::default(),
        None,
        AsOf::Derived,
        &clock(),
        &Unwatched,
    );
    assert!(verdict.unwrap().is_good());
    apps
}

/// Where what is made of an archive goes.
fn upgraded(archive: &Path) -> PathBuf {
    PathBuf::from(format!("{}.upgraded", archive.display()))
}

/// The same in the form in which tokens go.
fn migrated_to_final(archive: &Path) -> usize {
    let options = Options {
        form: Form::Final,
        ..Options::default()
    };
    migrated_as(archive, options)
}

fn migrated_as(archive: &Path, options: Options) -> usize {
    let target = upgraded(archive);
    let manner = MigrateOptions {
        options,
        overwrite: Overwrite::Refused,
        checking: Checking::Quick,
        digesting: Digesting::Both,
        unchanged: Unchanged::Left,
    };
    let asked = Asked {
        source: archive,
        options: manner.options,
        overwrite: manner.overwrite,
    };
    let history = History::open(&archive.with_file_name("history.sqlite")).unwrap();
    let clock = clock();
    let mut record = TaskRecord::submit(Some(&history), asked, &clock).unwrap();
    let prepared = prepare(archive, options, &clock, &Unwatched).unwrap();
    migrate(
        &prepared,
        &target,
        &Files::default(),
        manner,
        &clock,
        &Unwatched,
        &mut record,
    )
    .unwrap();
    prepared.plan.apps.len()
}

/// Plans an archive, shows the plan in every format, and says how many apps it has.
fn reported(archive: &Path) -> usize {
    let report = ArchiveReport::planned_beside(archive, plan(archive).plan);
    let audited = [AuditedArchive::from(&report)];
    let out = &mut std::io::sink();
    drop(table(&report, Detail::Full, 100));
    drop(audit::table(&audited, Detail::Full, 100));
    write_csv(out, &audited).unwrap();
    write_html(out, &audited, &clock().now()).unwrap();
    write_json(&mut *out, std::slice::from_ref(&report)).unwrap();
    let now = clock().now();
    let handouts = Handouts::new(&audited, &now);
    for file in handouts.files() {
        handouts.write(&file, out).unwrap();
    }
    report.apps.len()
}

fn clock() -> Clock {
    Clock::Stopped("2026-11-21T12:00:00[UTC]".parse().unwrap())
}

/// Bytes that this thread has read, where the system counts them.
fn bytes_read() -> Option<u64> {
    let counts = fs_err::read_to_string("/proc/thread-self/io").ok()?;
    let read = counts.lines().find_map(|line| line.strip_prefix("rchar: "));
    read?.parse().ok()
}
