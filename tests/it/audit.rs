//! Who loses what, does it matter, what to do: the audit as its readers get it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::corpus;
use flowlift::clock::Clock;
use flowlift::migrate::prepare;
use flowlift::plan::Options;
use flowlift::report::audit::table;
use flowlift::report::{Answer, ArchiveReport, Detail};
use flowlift::watch::Unwatched;

use super::support::fixtures::{FIXTURES, Fixture};
use super::support::run::{NOW, Outcome, run};

const FOLDERS: [(&str, &str); 3] = [
    ("parks-2.99", "parks.fsproject"),
    ("city", "backups/city.fsconfig"),
    ("next-2.111", "backups/old/next.FSPROJECT"),
];

/// A folder with fixtures in it and below, and files that are no archives.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(folder.path().join("backups/old")).unwrap();
    for (name, path) in FOLDERS {
        let fixture = FIXTURES.iter().find(|it| it.name == name);
        let archive = fixture.map(Fixture::archive).unwrap();
        fs_err::copy(archive, folder.path().join(path)).unwrap();
    }
    fs_err::write(folder.path().join("backups/notes.txt"), "no archive").unwrap();
    folder
}

fn audit(folder: &Path, words: &[&str]) -> Outcome {
    run(folder, &[&["audit"], words].concat())
}

#[test]
fn the_table_shows_what_needs_action_first() {
    let folder = folder();
    let outcome = audit(folder.path(), &["."]);
    insta::assert_snapshot!("audit_table", outcome.text());
}

/// What a plan comes to and who has to act, as a terminal has it.
fn figures(outcome: &Outcome) -> Vec<String> {
    let figure = ["Ready ", "to do by ", "to share by "];
    let lines = outcome.stdout.lines().map(str::trim);
    let figures = lines.filter(|line| {
        let is_counts = line.contains(" carried, ") && line.contains(" warning");
        is_counts || figure.iter().any(|it| line.starts_with(it))
    });
    figures.map(str::to_owned).collect()
}

#[test]
fn every_figure_that_two_commands_show_is_the_same() {
    for fixture in FIXTURES {
        let path = fixture.archive();
        let path = path.to_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let planned = run(folder.path(), &["plan", path]);
        let told = figures(&planned);
        assert!(!told.is_empty(), "{path}");
        assert_eq!(told, figures(&audit(folder.path(), &[path])), "{path}");
        let migrate = ["migrate", "-o", "upgraded", path];
        assert_eq!(told, figures(&run(folder.path(), &migrate)), "{path}");
        let recalled = audit(folder.path(), &["--from-history"]);
        assert_eq!(told, figures(&recalled), "{path}: history");

        let json = run(folder.path(), &["plan", "--format", "json", path]).archive();
        let apps = json["apps"].as_array().unwrap();
        let sum = |name: &str| -> usize {
            let lists = apps.iter().map(|app| app[name].as_array().unwrap().len());
            lists.sum()
        };
        let (carried, dropped) = (sum("carried"), sum("dropped"));
        let findings = json["findings"].as_array().unwrap().iter();
        let warnings = findings.filter(|it| it["level"] == "WARN").count();
        let plural = |count: usize, thing: &str| match count {
            1 => format!("1 {thing}"),
            _ => format!("{count} {thing}s"),
        };
        let counts = format!(
            "{}, {} carried, {} dropped, {}",
            plural(apps.len(), "app"),
            plural(carried, "connection"),
            plural(dropped, "resource"),
            plural(warnings, "warning")
        );
        assert_eq!(told[0], counts, "{path}: JSON");
        let groups = planned.stdout.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let impact = words
                .next()
                .filter(|word| ["action", "check", "none"].contains(word));
            impact.and(words.next())?.parse::<usize>().ok()
        });
        assert_eq!(groups.sum::<usize>(), warnings, "{path}: groups");

        let page = audit(folder.path(), &["--format", "html", path]).stdout;
        for (what, count) in [
            ("connections carried over", carried),
            ("resources dropped", dropped),
        ] {
            let figure = format!("<dt>{what}</dt><dd>{count}</dd>");
            assert!(page.contains(&figure), "{path}: {figure}");
        }
        for line in told.iter().filter(|line| line.starts_with("Ready ")) {
            assert!(page.contains(line), "{path}: {line}");
        }
    }
}

#[test]
fn a_report_has_one_of_the_formats_there_are() {
    let folder = folder();
    for (name, code) in [
        ("a.pdf", 2),
        ("a.htm", 0),
        ("a.TXT", 0),
        ("a", 0),
        ("a.xlsx", 2),
    ] {
        let outcome = audit(folder.path(), &["parks.fsproject", "-o", name]);
        assert_eq!(outcome.code, code, "{name}: {}", outcome.stderr);
        assert_eq!(folder.path().join(name).exists(), code == 0, "{name}");
    }
    let outcome = audit(folder.path(), &["parks.fsproject", "-o", "a.pdf"]);
    assert!(
        outcome.stderr.contains(".txt, .json, .csv, .html"),
        "{}",
        outcome.stderr
    );
    let words = ["parks.fsproject", "-o", "b.pdf", "--format", "csv"];
    assert_eq!(audit(folder.path(), &words).code, 0);
}

fn planned(fixture: &Fixture) -> ArchiveReport {
    let path = fixture.archive();
    let clock = Clock::Stopped(NOW.parse().unwrap());
    let prepared = prepare(&path, Options::default(), &clock, &Unwatched).unwrap();
    let name = Path::new(path.file_name().unwrap());
    ArchiveReport::planned(name, prepared.plan, name)
}

#[test]
fn archives_come_to_the_same_one_after_the_other_and_each_by_itself() {
    let (mut all, mut each) = (Answer::default(), Answer::default());
    for report in FIXTURES.iter().map(planned) {
        all.add(&report);
        each = each.with(&Answer::of(&report));
    }
    assert_eq!(all, each);
}

#[test]
fn eighty_columns_are_enough_for_the_table() {
    for fixture in FIXTURES {
        let report = planned(&fixture);
        let text = table(&[(&report).into()], Detail::Full, 80);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn the_csv_has_a_row_for_each_permission() {
    let folder = folder();
    let outcome = audit(folder.path(), &["--format", "csv", "parks.fsproject"]);
    insta::assert_snapshot!("audit_csv", outcome.text().replace('\r', ""));
}

#[test]
fn the_json_is_that_of_a_plan() {
    let folder = folder();
    let words = ["--format", "json", "parks.fsproject"];
    let audited = audit(folder.path(), &words);
    let planned = run(folder.path(), &[&["plan"][..], &words].concat());
    assert_eq!(audited.stdout, planned.stdout);
    assert_eq!((audited.code, audited.stderr.as_str()), (0, ""));
}

#[test]
fn folders_are_searched_in_order_whatever_the_case_of_the_extension() {
    let folder = folder();
    let outcome = audit(folder.path(), &["--format", "json", "."]);
    let document: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let found = document["archives"].as_array().unwrap().iter();
    let found: Vec<PathBuf> = found
        .map(|archive| archive["path"].as_str().unwrap().into())
        .collect();
    let expected = FOLDERS.map(|(_, path)| Path::new(".").join(path));
    let sorted: BTreeSet<_> = expected.into_iter().collect();
    assert_eq!(found, Vec::from_iter(sorted));
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let folder = folder();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("backups/again")).unwrap();
    let with = audit(folder.path(), &["--format", "csv", "."]);
    fs_err::remove_file(folder.path().join("backups/again")).unwrap();
    assert_eq!(with, audit(folder.path(), &["--format", "csv", "."]));
}

#[test]
fn a_folder_without_archives_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = audit(folder.path(), &["."]);
    insta::assert_snapshot!("audit_empty_folder", outcome.text());
}

#[test]
fn one_refused_archive_does_not_stop_the_others() {
    let folder = folder();
    fs_err::write(folder.path().join("broken.fsproject"), "no archive").unwrap();
    let outcome = audit(folder.path(), &["--format", "json", "."]);
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    let document: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let archives = document["archives"].as_array().unwrap().iter();
    let outcomes: Vec<_> = archives.map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["planned", "current", "refused", "planned"]);
}

#[test]
fn a_pipeline_can_fail_on_the_impact_on_apps() {
    let folder = folder();
    let code = |words: &[&str]| audit(folder.path(), words).code;
    assert_eq!(code(&["--fail-on", "action", "parks.fsproject"]), 1);
    assert_eq!(code(&["--fail-on", "check", "parks.fsproject"]), 1);
    assert_eq!(code(&["--fail-on", "check", "backups/old"]), 0);
}

#[test]
fn a_report_is_replaced_only_by_force_and_an_audited_archive_never() {
    let folder = folder();
    let base = ["parks.fsproject", "-o"];
    let to =
        |target: &str, more: &[&str]| audit(folder.path(), &[&base[..], &[target], more].concat());
    let report = folder.path().join("report.csv");
    assert_eq!(to("report.csv", &[]).code, 0);
    let first = fs_err::read(&report).unwrap();
    assert!(first.starts_with(b"\xef\xbb\xbfarchive,app,"));
    fs_err::write(&report, "precious").unwrap();
    assert_eq!(to("report.csv", &[]).code, 5);
    assert_eq!(fs_err::read(&report).unwrap(), b"precious");
    assert_eq!(to("report.csv", &["--force"]).code, 0);
    assert_eq!(fs_err::read(&report).unwrap(), first);
    let source = folder.path().join("parks.fsproject");
    let before = fs_err::read(&source).unwrap();
    assert_eq!(to("./parks.fsproject", &["--force"]).code, 2);
    assert!(before == fs_err::read(&source).unwrap());
    assert_eq!(to("missing/report.csv", &[]).code, 4);
}

#[test]
fn no_cell_of_any_archive_starts_a_formula() {
    let folder = folder();
    let outcome = audit(folder.path(), &["--format", "csv", "."]);
    let mut cells = 0;
    let text = outcome.stdout.strip_prefix('\u{feff}').unwrap();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        for cell in &record.unwrap() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
            cells += 1;
        }
    }
    assert!(cells > 100, "{cells}");
}

#[test]
#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
fn python_reads_the_csv_as_a_table_without_a_ragged_row() {
    let folder = folder();
    let outcome = audit(folder.path(), &["--format", "csv", ".", "-o", "report.csv"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let script = "import csv
rows = list(csv.reader(open('report.csv', encoding='utf-8-sig', newline='')))
assert rows[0][:2] == ['archive', 'app'], rows[0]
assert {len(row) for row in rows} == {13}
assert any('公園マップ' in row for row in rows)
print(len(rows))";
    let mut python = Command::new("python3");
    let Ok(output) = python
        .args(["-c", script])
        .current_dir(folder.path())
        .output()
    else {
        eprintln!("skipped: no python3");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let rows: usize = String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!(rows > 50, "{rows}");
}

#[test]
fn every_real_archive_is_audited() {
    for archive in corpus::archives().into_iter().flatten() {
        for format in ["table", "csv", "html"] {
            let folder = tempfile::tempdir().unwrap();
            let words = ["--format", format, archive.to_str().unwrap()];
            let outcome = audit(folder.path(), &words);
            assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
            assert!(!outcome.stdout.is_empty());
        }
    }
}

/// Migrates two archives into a history and takes the archives away.
fn migrated() -> tempfile::TempDir {
    let folder = folder();
    let archives = ["parks.fsproject", "backups/city.fsconfig"];
    let words = ["migrate", "-q", "--history", "history.sqlite"];
    let outcome = run(folder.path(), &[&words[..], &archives].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for archive in archives {
        fs_err::remove_file(folder.path().join(archive)).unwrap();
    }
    folder
}

fn recall(folder: &Path, words: &[&str]) -> Outcome {
    let from = ["--from-history", "--history", "history.sqlite"];
    audit(folder, &[&from, words].concat())
}

/// App, category, item, permission, fate and impact of every row of CSV about an item of an app.
fn facts(outcome: &Outcome) -> BTreeSet<Vec<String>> {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let text = outcome.stdout.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        record.iter().skip(1).take(8).map(str::to_owned).collect()
    });
    rows.filter(|row: &Vec<String>| !row[0].is_empty() && !row[4].is_empty() && row[3] != "token")
        .filter(|row| row[6] != "not-carried")
        .collect()
}

#[test]
fn the_history_tells_the_same_of_every_grant_without_the_archives() {
    let before = folder();
    let csv = ["--format", "csv"];
    let archives = ["parks.fsproject", "backups/city.fsconfig"];
    let audited = facts(&audit(before.path(), &[&csv[..], &archives].concat()));
    assert!(audited.len() > 20, "{audited:?}");
    let folder = migrated();
    assert_eq!(facts(&recall(folder.path(), &csv)), audited);
}

#[test]
fn the_history_tells_what_needs_action_of_the_archives_that_are_named() {
    let folder = migrated();
    let outcome = recall(folder.path(), &["parks.fsproject"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("ACTION NEEDED\n\nBench & bin"));
    assert!(!outcome.stdout.contains("city.fsconfig"));
    assert!(outcome.stdout.contains("go to Resource"));
    let page = recall(folder.path(), &["--format", "html"]);
    assert!(page.stdout.contains("公園マップ"));
    let failing = recall(folder.path(), &["--fail-on", "action"]);
    assert_eq!(failing.code, 1);
}

#[test]
fn what_the_history_does_not_have_is_said() {
    let folder = migrated();
    let unknown = recall(folder.path(), &["unknown.fsproject"]);
    insta::assert_snapshot!("audit_not_in_history", unknown.text());
}

#[test]
fn the_history_tells_programs_what_the_migration_told_them() {
    let folder = folder();
    let json = ["--format", "json", "parks.fsproject"];
    let migrate = ["migrate", "-q", "--history", "history.sqlite"];
    let migrated = run(folder.path(), &[&migrate[..], &json].concat());
    fs_err::remove_file(folder.path().join("parks.fsproject")).unwrap();
    let recalled = recall(folder.path(), &json);
    let place = serde_json::json!(folder.path()).to_string();
    let document = |outcome: &Outcome| {
        let text = outcome.stdout.replace(place.trim_matches('"'), "");
        let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let archive = &mut document["archives"][0];
        // The history keeps whole paths.
        for path in ["/path", "/output/path"] {
            let path = archive.pointer_mut(path).unwrap();
            *path = path
                .as_str()
                .unwrap()
                .trim_start_matches(['/', '\\'])
                .into();
        }
        document
    };
    assert_eq!(document(&recalled), document(&migrated));
}

#[test]
fn an_owner_is_asked_for_what_others_can_do_and_never_told_to_do_it_himself() {
    let folder = folder();
    let page = audit(
        folder.path(),
        &["--format", "html", "backups/city.fsconfig"],
    )
    .stdout;
    let (before, checklists) = page.split_once("Checklists for app owners").unwrap();
    let (checklists, _) = checklists.split_once("Every app").unwrap();
    let (_, fixes) = before.split_once("Fix list by connection").unwrap();
    let ask = "ask admin, who owns &#34;Sensor Hub&#34;, to share it with you (Run)";
    assert!(checklists.contains(ask));
    for command in ["--expand-unrestricted", "flowlift"] {
        assert!(!checklists.contains(command), "{command}");
    }
    let fix = "<strong>admin</strong>: share Sensor Hub with anna.berg (Run)";
    assert!(fixes.contains(fix));
}

#[test]
fn the_same_figures_stand_in_every_format() {
    let folder = folder();
    let in_format = |format| {
        audit(
            folder.path(),
            &["--format", format, "backups/city.fsconfig"],
        )
    };
    let json: serde_json::Value = serde_json::from_str(&in_format("json").stdout).unwrap();
    let archive = &json["archives"][0];
    let impacts = archive["apps"].as_array().unwrap().iter();
    let impacts: Vec<_> = impacts.map(|app| app["impact"].as_str().unwrap()).collect();
    let count = |word| impacts.iter().filter(|impact| **impact == word).count();
    for word in ["action", "check", "none"] {
        assert_eq!(archive["impacts"][word], count(word));
    }
    let (ready, ask, breaks) = (count("none"), count("check"), count("action"));
    let figures = format!("Ready {ready} · ask someone {ask} · will break {breaks}");
    for format in ["table", "html"] {
        assert!(in_format(format).stdout.contains(&figures), "{format}");
    }
    let planned = run(folder.path(), &["plan", "backups/city.fsconfig"]);
    assert!(planned.stdout.contains(&figures));
    let csv = in_format("csv").stdout;
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let mut greatest = std::collections::BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        if row[1].is_empty() {
            continue;
        }
        let weight = ["none", "check", "action"]
            .iter()
            .position(|it| *it == &row[8]);
        let known = greatest.entry(row[1].to_owned()).or_insert(weight);
        *known = weight.max(*known);
    }
    for (weight, word) in ["none", "check", "action"].into_iter().enumerate() {
        let apps = greatest.values().filter(|it| **it == Some(weight));
        assert_eq!(apps.count(), count(word), "{word}");
    }
}
