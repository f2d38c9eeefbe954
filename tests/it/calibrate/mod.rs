//! Learns from simulated servers where they keep what their apps may do.

mod carried;
mod gain;
mod learned;
mod refused;
mod round;
mod written;

use std::collections::BTreeMap;
use std::path::Path;

use flowlift::calibrate::{CalibrateError, CalibrateOptions, Learned, Strength, calibrate};
use flowlift::clock::Clock;
use flowlift::error::Error;
use flowlift::limits::Limits;
use flowlift::watch::Unwatched;

use super::support::run::{NOW, run};
use super::support::server::{Held, Noise, Place, Server};

pub(super) fn learn(before: &[u8], after: &[u8], strength: Strength) -> Result<Learned, Error> {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (
        folder.path().join("a.fsproject"),
        folder.path().join("b.fsproject"),
    );
    fs_err::write(&one, before).unwrap();
    fs_err::write(&other, after).unwrap();
    let clock = Clock::Stopped(NOW.parse().unwrap());
    calibrate(
        &one,
        &other,
        &CalibrateOptions {
            strength,
            ..CalibrateOptions::default()
        },
        Limits::default(),
        &clock,
        &Unwatched,
    )
}

/// What is learned from a server and its restore.
pub(super) fn learned(server: &Server, place: Place, noise: Noise) -> Result<Learned, Error> {
    let before = server.old_project();
    let restored = Server::import(&before, place);
    learn(&before, &restored.export(place, noise), Strength::Strong)
}

pub(super) fn refused(result: Result<Learned, Error>) -> CalibrateError {
    match result {
        Err(Error::Other(error)) => error.downcast().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Runs the program in `folder`, which has to succeed.
pub(super) fn done(folder: &Path, words: &[&str]) -> String {
    let outcome = run(folder, words);
    assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.text());
    outcome.stdout
}

/// What every app holds, by name.
pub(super) fn held(server: &Server) -> BTreeMap<String, Held> {
    let apps = server
        .apps
        .iter()
        .map(|app| (app.name.clone(), app.held.clone()));
    apps.collect()
}

/// A profile of `place` in `folder`, as `server.toml`.
pub(super) fn profile_in(folder: &Path, place: Place) {
    let server = Server::usual();
    let restored = Server::import(&server.old_project(), place);
    fs_err::write(folder.join("probe.fsproject"), server.old_project()).unwrap();
    let after = restored.export(place, Noise::default());
    fs_err::write(folder.join("probed.fsproject"), after).unwrap();
    let words = [
        "calibrate",
        "probe.fsproject",
        "probed.fsproject",
        "-o",
        "server.toml",
        "--force",
    ];
    done(folder, &words);
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(super) const fn number(seed: u64, position: u64) -> u64 {
    let mut z = seed.wrapping_add(position.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
