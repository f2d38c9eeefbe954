//! What is compared.

use crate::archive::Source;
use crate::package::Package;
use crate::plan::{Options, Plan};

/// Both archives, opened and read, with the plan that leads from one to the other.
pub(super) struct Sides<'a> {
    pub(super) source: (&'a Source, &'a Package),
    pub(super) upgraded: (&'a Source, &'a Package),
    pub(super) plan: &'a Plan,
    pub(super) options: Options,
}
