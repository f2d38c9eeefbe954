//! How much was tried: every test that tries many cases says how many, so that `cargo test --test
//! it -- --nocapture 2>&1 | grep ^tried` is the record that `docs/security.md` keeps.

/// Says that `count` cases of `what` were tried.
#[expect(clippy::disallowed_macros, reason = "the record is what it is for")]
pub(crate) fn say(what: &str, count: usize) {
    assert!(count > 0, "no {what}");
    eprintln!("tried {count:>7} {what}");
}

/// Whether there is time for the long runs: the environment variable `FLOWLIFT_LONG` is set.
pub(crate) fn long() -> bool {
    std::env::var_os("FLOWLIFT_LONG").is_some()
}
