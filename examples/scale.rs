//! Writes archives of any size in FME Flow's shape, to measure with:
//! `cargo run --release --example scale -- --entries 20000 --payload 2G /tmp/large.fsconfig`.
//!
//! Real backups of this size hold somebody's secrets and cannot be handed around. The same options
//! give the same bytes, so that a figure in `docs/performance.md` can be measured again. It is an
//! example and not part of the program, so that nobody who installs flowlift gets it.
#![allow(
    clippy::disallowed_methods,
    reason = "it is not the program that writes here"
)]

#[path = "../tests/support/java_zip.rs"]
mod java_zip;
#[path = "../tests/support/scale/mod.rs"]
mod scale;
#[path = "../tests/support/tree.rs"]
mod tree;

use clap::Parser;

use scale::Scale;

fn main() -> std::io::Result<()> {
    Scale::parse().write()
}
