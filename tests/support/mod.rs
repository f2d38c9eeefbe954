//! What several tests need: archives in FME Flow's shape, made from trees or in code, and real ones.

use std::path::PathBuf;

pub(crate) mod altered;
pub(crate) mod corpus;
pub(crate) mod dom;
pub(crate) mod fixtures;
pub(crate) mod java_zip;
pub(crate) mod outcomes;
pub(crate) mod run;
pub(crate) mod scale;
pub(crate) mod server;
pub(crate) mod small;
pub(crate) mod surgery;
pub(crate) mod tree;
pub(crate) mod xml;

/// The fixtures' archives, then the real ones where they are at hand.
pub(crate) fn archives() -> impl Iterator<Item = PathBuf> {
    let fixtures = fixtures::FIXTURES.iter().map(fixtures::Fixture::archive);
    fixtures.chain(corpus::archives().into_iter().flatten())
}
