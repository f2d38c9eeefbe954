//! The ways to tamper with an upgraded archive.

mod archive;
mod documents;

use flowlift::verify::DifferenceKind;

use super::super::support::surgery::Parts;

/// What is done, what must be noticed, and how it is done to the upgraded archive; the source is at
/// hand.
pub(super) type Tamper = (
    &'static str,
    DifferenceKind,
    fn(&mut Parts, source: &mut Parts),
);

/// Every way to tamper with the upgraded `parks-2.99`.
pub(super) fn tampers() -> impl Iterator<Item = &'static Tamper> {
    archive::TAMPERS.iter().chain(documents::TAMPERS)
}
