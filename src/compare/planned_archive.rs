//! An archive, read for a comparison.

use std::path::Path;

use super::ComparedArchive;
use crate::archive::{Source, sha256};
use crate::clock::Clock;
use crate::error::Error;
use crate::load::{kind_of, load};
use crate::package::{Package, WANTED};
use crate::plan::{Options, Plan, plan};
use crate::watch::Watch;

/// An archive that was read and planned.
pub(crate) struct PlannedArchive {
    pub(crate) source: Source,
    pub(crate) package: Package,
    pub(crate) plan: Plan,
}

impl PlannedArchive {
    pub(crate) fn open(
        path: &Path,
        options: Options,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Self, Error> {
        let read = || -> Result<Self, Error> {
            let source = Source::open(path, WANTED)?;
            let package = load(&source, kind_of(&source), options.limits, watch)?;
            let plan = plan(&package, options, clock.timestamp())?;
            Ok(Self {
                source,
                package,
                plan,
            })
        };
        read().map_err(|error| error.of(path))
    }

    pub(super) fn side(&self) -> Result<ComparedArchive, Error> {
        let path = self.source.path();
        Ok(ComparedArchive {
            path: path.to_string_lossy().into_owned(),
            sha256: Some(sha256(path)?),
            kind: Some(self.plan.kind),
            build: Some(self.plan.source.build),
            schema: Some(self.plan.source.schema.clone()),
        })
    }
}
