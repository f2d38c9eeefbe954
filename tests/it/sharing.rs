//! Blocks that source and target really share, on the file system that `FLOWLIFT_REFLINK_DIR` names:
//! `.ci/reflink` makes such ones and sets it.
#![cfg(target_os = "linux")]

use std::path::PathBuf;

use flowlift::watch::Unwatched;

use super::counts;
use super::faults::into_sink;
use super::support::run::{Outcome, run};
use super::support::small::small;
use super::support::surgery::Part;
use super::syscalls::{failing, injects};

const PAYLOAD: usize = 9_000_000;

/// A folder on a disk that shares, if there is one.
fn place() -> Option<PathBuf> {
    let place = std::env::var_os("FLOWLIFT_REFLINK_DIR").map(PathBuf::from);
    if place.is_none() {
        skipped();
    }
    place
}

/// The small project with a large file in it.
fn large() -> Vec<u8> {
    let mut parts = small();
    let payload: Vec<u8> = (0..PAYLOAD).map(|n| (n * n % 251) as u8).collect();
    let at = parts.entries.len() - 1;
    parts
        .entries
        .insert(at, Part::new("files/2_large", payload));
    parts.build()
}

/// How many bytes a run says were shared.
fn shared(outcome: &Outcome) -> Option<u64> {
    let (_, behind) = outcome.stderr.split_once(": it shares ")?;
    behind.split(' ').next()?.parse().ok()
}

#[test]
fn an_archive_that_shares_blocks_with_its_source_is_the_one_that_is_copied() {
    let Some(place) = place() else { return };
    let folder = tempfile::tempdir_in(place).unwrap();
    let source = folder.path().join("source.fsproject");
    fs_err::write(&source, large()).unwrap();
    let mut copied = Vec::new();
    into_sink(&source, &mut copied, &Unwatched).unwrap();
    let target = folder.path().join("target");
    let digest = flowlift::archive::sha256(&source).unwrap();
    for digests in [None, Some("--no-digest")] {
        let words = "migrate -v --force --format json -o target source.fsproject";
        let words: Vec<_> = words.split(' ').chain(digests).collect();
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        // All but the blocks that its ends lie in.
        let shared = shared(&outcome).unwrap();
        assert!(shared > PAYLOAD as u64 - 2 * 4096, "{shared}");
        assert!(fs_err::read(&target).unwrap() == copied);
        let said = &outcome.archive()["output"]["sha256"];
        let digest = flowlift::archive::sha256(&target).unwrap();
        assert_eq!(said.as_str(), digests.is_none().then_some(&*digest));
    }
    assert_eq!(flowlift::archive::sha256(&source).unwrap(), digest);
}

#[test]
fn a_disk_that_will_not_share_after_all_makes_no_difference() {
    let Some(place) = place() else { return };
    if !injects() {
        return skipped();
    }
    let bytes = large();
    let mut copied = Vec::new();
    let mut failed = 0;
    for number in 1.. {
        let folder = tempfile::tempdir_in(&place).unwrap();
        let source = folder.path().join("source.fsproject");
        fs_err::write(&source, &bytes).unwrap();
        if copied.is_empty() {
            into_sink(&source, &mut copied, &Unwatched).unwrap();
        }
        let Some(code) = failing(folder.path(), "ioctl", number) else {
            break;
        };
        failed += 1;
        assert_eq!(code, 0, "ioctl {number}");
        assert!(fs_err::read(folder.path().join("target")).unwrap() == copied);
    }
    counts::say(
        "control calls that the system failed on a disk that shares",
        failed,
    );
}

#[expect(clippy::disallowed_macros, reason = "a skipped test says so")]
fn skipped() {
    eprintln!("skipped: no FLOWLIFT_REFLINK_DIR on a disk that shares blocks, or no strace");
}
