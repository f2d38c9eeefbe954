//! How many apps, permissions, tokens and warnings a plan has, in one line for people.

use std::fmt;

use super::PlannedApp;
use crate::finding::{Concern, Fact, Finding, Level, counted};

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Apps of all kinds.
    pub apps: usize,
    /// Connections carried, counted for each app.
    pub carried: usize,
    /// Resources dropped, counted for each app.
    pub dropped: usize,
    /// Tokens removed.
    pub retired: usize,
    /// Findings that someone should look at, without those of readiness: they are of the archive, not of
    /// its upgrade, and there only where somebody asked.
    pub warnings: usize,
    /// Those of readiness.
    pub readiness: usize,
}

impl Counts {
    /// Counts what a plan says.
    pub fn of(apps: &[PlannedApp], findings: &[Finding]) -> Self {
        let warnings = findings.iter().filter(|it| it.level() >= Level::Warn);
        let (readiness, warnings): (Vec<_>, Vec<_>) =
            warnings.partition(|it| it.description().concern == Concern::Readiness);
        Self {
            apps: apps.len(),
            carried: apps.iter().map(|app| app.carried.len()).sum(),
            dropped: apps.iter().map(|app| app.dropped.len()).sum(),
            retired: findings
                .iter()
                .filter(|f| matches!(f.fact, Fact::TokenRetired { .. }))
                .count(),
            warnings: warnings.len(),
            readiness: readiness.len(),
        }
    }
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            apps: self.apps + other.apps,
            carried: self.carried + other.carried,
            dropped: self.dropped + other.dropped,
            retired: self.retired + other.retired,
            warnings: self.warnings + other.warnings,
            readiness: self.readiness + other.readiness,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            apps,
            carried,
            dropped,
            retired,
            warnings,
            readiness,
        } = *self;
        write!(
            f,
            "{}, {} carried, {} dropped, {}",
            counted(apps, "app"),
            counted(carried, "connection"),
            counted(dropped, "resource"),
            counted(warnings, "warning")
        )?;
        if readiness > 0 {
            write!(f, " and {readiness} of readiness")?;
        }
        // Only the final form retires tokens.
        if retired > 0 {
            write!(f, ", {} retired", counted(retired, "token"))?;
        }
        Ok(())
    }
}
