//! An upgraded archive is tampered with in every way a verification claims to notice.

mod tampers;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flowlift::clock::Clock;
use flowlift::flow::ServerTime;
use flowlift::plan::Options;
use flowlift::verify::{AsOf, Verdict, verify};
use flowlift::watch::Unwatched;
use tempfile::TempDir;

use self::tampers::tampers;
use super::support::run::{NOW, run};
use super::support::surgery::Parts;
use super::support::{corpus, fixtures};

#[test]
fn every_kind_of_tampering_is_noticed_for_what_it_is() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", FINAL);
    let verdict = upgraded.verdict();
    assert!(verdict.is_good(), "{verdict:#?}");
    let mut kinds = BTreeSet::new();
    let [source, good] = [&upgraded.source, &upgraded.target].map(|p| parts(p));
    let tampered = upgraded.folder.path().join("tampered.fsproject");
    for (what, kind, tamper) in tampers() {
        let mut archive = good.clone();
        tamper(&mut archive, &mut source.clone());
        let bytes = archive.build();
        assert!(bytes != good.build(), "{what}: nothing was tampered with");
        fs_err::write(&tampered, bytes).unwrap();
        let verdict = judge(&upgraded.source, &tampered);
        assert!(!verdict.is_good(), "{what}: not noticed");
        let noticed = verdict.differences.iter().any(|it| it.kind == *kind);
        assert!(noticed, "{what}: no {} in {verdict:#?}", kind.as_str());
        kinds.insert(*kind);
    }
    assert_eq!(
        kinds.len(),
        13,
        "a kind of difference that no tampering shows"
    );
    super::counts::say("ways of tampering, all noticed", tampers().count());
}

#[test]
fn a_byte_changed_anywhere_is_noticed_or_refused() {
    let upgraded = Upgraded::of("harbour-2.57.fsproject", &[]);
    let good = fs_err::read(&upgraded.target).unwrap();
    let tampered = upgraded.folder.path().join("tampered.fsproject");
    // A prime, so that every kind of place is met.
    let step = if super::counts::long() { 13 } else { 499 };
    let mut tried = 0;
    for at in (0..good.len()).step_by(step) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fs_err::write(&tampered, bytes).unwrap();
        let judged = verdict(&upgraded.source, &tampered, AsOf::Derived);
        assert!(
            !judged.is_ok_and(|verdict| verdict.is_good()),
            "byte {at} is not judged"
        );
        tried += 1;
    }
    super::counts::say("single bytes changed, all noticed", tried);
}

#[test]
fn every_archive_that_was_migrated_is_verified_whatever_the_options() {
    for options in [
        &[][..],
        &["--expand-unrestricted"],
        &["--form", "final"],
        &[
            "--form",
            "final",
            "--target-build",
            "26200",
            "--expand-unrestricted",
        ],
    ] {
        let fixtures = fixtures::FIXTURES.iter().map(fixtures::Fixture::archive);
        let corpus = corpus::archives().into_iter().flatten();
        let corpus = corpus.filter(|_| options.is_empty());
        for archive in fixtures.chain(corpus) {
            let folder = tempfile::tempdir().unwrap();
            let source = archive.to_str().unwrap();
            let migrate = [
                &["migrate", "-q", "-o", "up", "--verify", "full"],
                options,
                &[source],
            ];
            let outcome = run(folder.path(), &migrate.concat());
            let is_refused = outcome.code == 3 && options.contains(&"final");
            assert!(
                outcome.code == 0 || is_refused,
                "{source} {options:?}: {outcome:?}"
            );
            if !folder.path().join("up").exists() {
                continue; // there is nothing to do, or no final form
            }
            let outcome = run(
                folder.path(),
                &[&["verify"], options, &[source, "up"]].concat(),
            );
            assert_eq!(outcome.code, 0, "{source} {options:?}: {}", outcome.text());
            assert!(outcome.stdout.starts_with("verified in the form "));
        }
    }
}

#[test]
fn a_verdict_is_signed_off_with_both_digests_in_either_format() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", FINAL);
    let words = ["verify", upgraded.source.to_str().unwrap(), "up.fsproject"];
    let outcome = run(upgraded.folder.path(), &words);
    assert_eq!(outcome.code, 0);
    let digests = [&upgraded.source, &upgraded.target].map(|path| digest(path));
    for digest in &digests {
        assert!(
            outcome.stdout.contains(&format!("sha256:{digest}")),
            "{}",
            outcome.stdout
        );
    }
    let outcome = run(
        upgraded.folder.path(),
        &[&words[..], &["--format", "json"]].concat(),
    );
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["verified"], true);
    assert_eq!(json["source"]["sha256"], digests[0]);
    assert_eq!(json["upgraded"]["sha256"], digests[1]);
    assert_eq!(json["entries"], 15);
    assert_eq!(json["untouched"], 12);
    assert_eq!(json["differences"], serde_json::json!([]));
}

#[test]
fn a_difference_is_said_with_its_place_and_exits_with_one() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", &[]);
    let source = upgraded.source.to_str().unwrap();
    let words = ["verify", "--form", "final", source, "up.fsproject"];
    let outcome = run(upgraded.folder.path(), &words);
    assert_eq!(outcome.code, 1);
    let first = "stamp-wrong: properties.xml: build 25645 with schema 2.99, declared are build \
                 26121 with schema 2.111";
    let hint = "hint: its stamps are those of the other form: --form staged";
    for said in [first, hint, "NOT verified: "] {
        assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
    }
    let built = Upgraded::of(
        "parks-2.99.fsproject",
        &["--form", "final", "--target-build", "26300"],
    )
    .verdict();
    assert!(
        built
            .hints
            .iter()
            .any(|hint| hint.contains("--target-build 26300")),
        "{built:#?}"
    );
}

#[test]
fn archives_that_cannot_be_read_are_refused_and_not_judged() {
    let upgraded = Upgraded::of("parks-2.99.fsproject", FINAL);
    let folder = upgraded.folder.path();
    fs_err::write(folder.join("junk"), "junk").unwrap();
    let source = upgraded.source.to_str().unwrap();
    assert_eq!(run(folder, &["verify", source, "junk"]).code, 3);
    assert_eq!(run(folder, &["verify", "junk", "up.fsproject"]).code, 3);
    assert_eq!(run(folder, &["verify", source, "absent"]).code, 4);
    assert_eq!(run(folder, &["verify", source]).code, 2);
}

#[test]
fn the_time_of_the_migration_is_derived_from_the_apps() {
    // Until 2026-03-01 begins anywhere the token of `expired-permit` has not expired.
    let folder = tempfile::tempdir().unwrap();
    let source = fixtures::folder().join("city.fsconfig");
    let words = [
        "migrate",
        "-q",
        "--form",
        "final",
        "-o",
        "up",
        source.to_str().unwrap(),
    ];
    let early = ServerTime("2026-02-28T08:00:00".parse().unwrap());
    let mut migrate = super::support::run::command(folder.path(), &words);
    let status = migrate
        .env("FLOWLIFT_NOW", "2026-02-28T08:00:00[UTC]")
        .output();
    assert!(status.unwrap().status.success());
    let up = folder.path().join("up");
    let derived = verdict(&source, &up, AsOf::Derived).unwrap();
    assert!(derived.is_good(), "{derived:#?}");
    assert!(derived.as_of.0 < "2026-03-01T00:00:00".parse().unwrap());
    assert!(verdict(&source, &up, AsOf::Time(early)).unwrap().is_good());
    let late = ServerTime("2026-11-21T12:00:00".parse().unwrap());
    assert!(!verdict(&source, &up, AsOf::Time(late)).unwrap().is_good());
}

/// The options of a migration to the final form.
const FINAL: &[&str] = &["--form", "final"];

/// A fixture that was migrated.
struct Upgraded {
    folder: TempDir,
    source: PathBuf,
    target: PathBuf,
}

impl Upgraded {
    fn of(name: &str, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = fixtures::folder().join(name);
        let target = folder.path().join("up.fsproject");
        let words = [
            "migrate",
            "-q",
            "-o",
            "up.fsproject",
            source.to_str().unwrap(),
        ];
        let outcome = run(folder.path(), &[&words[..], options].concat());
        assert_eq!(outcome.code, 0, "{outcome:?}");
        Self {
            folder,
            source,
            target,
        }
    }

    fn verdict(&self) -> Verdict {
        judge(&self.source, &self.target)
    }
}

fn judge(source: &Path, upgraded: &Path) -> Verdict {
    verdict(source, upgraded, AsOf::Derived).unwrap()
}

fn verdict(source: &Path, upgraded: &Path, as_of: AsOf) -> Result<Verdict, flowlift::error::Error> {
    let clock = Clock::Stopped(NOW.parse().unwrap());
    verify(
        source,
        upgraded,
        Options::default(),
        None,
        as_of,
        &clock,
        &Unwatched,
    )
}

fn parts(path: &Path) -> Parts {
    Parts::parse(&fs_err::read(path).unwrap())
}

fn digest(path: &Path) -> String {
    use sha2::Digest;
    let sum = sha2::Sha256::digest(fs_err::read(path).unwrap());
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
