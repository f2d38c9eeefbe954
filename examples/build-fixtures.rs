//! Rebuilds the committed archives in `fixtures/` from the trees beside them:
//! `cargo run --example build-fixtures`.
//!
//! It is an example and not part of the program, so that nobody who installs flowlift gets it.
#![allow(
    clippy::disallowed_methods,
    reason = "it is not the program that writes here"
)]

#[path = "../tests/support/fixtures.rs"]
mod fixtures;
#[path = "../tests/support/java_zip.rs"]
mod java_zip;

fn main() -> std::io::Result<()> {
    for fixture in fixtures::FIXTURES {
        fs_err::write(fixture.archive(), fixture.build()?)?;
    }
    Ok(())
}
