//! How many apps will work as they did, may not, or will not.

use std::fmt;

use serde::Serialize;

use crate::finding::Impact;

/// How many apps have which impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Impacts {
    /// Will not work as they did until someone has acted.
    pub action: usize,
    /// May not.
    pub check: usize,
    /// Work as they did, as far as the archive tells.
    pub none: usize,
}

impl Impacts {
    /// The greatest of them.
    pub const fn greatest(self) -> Impact {
        match self {
            Self { action: 1.., .. } => Impact::Action,
            Self { check: 1.., .. } => Impact::Check,
            _ => Impact::None,
        }
    }
}

impl FromIterator<Impact> for Impacts {
    fn from_iter<T: IntoIterator<Item = Impact>>(impacts: T) -> Self {
        let mut counted = Self::default();
        for impact in impacts {
            match impact {
                Impact::Action => counted.action += 1,
                Impact::Check => counted.check += 1,
                Impact::None => counted.none += 1,
            }
        }
        counted
    }
}

impl std::ops::Add for Impacts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            action: self.action + other.action,
            check: self.check + other.check,
            none: self.none + other.none,
        }
    }
}

impl fmt::Display for Impacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            action,
            check,
            none,
        } = self;
        write!(
            f,
            "Ready {none} · ask someone {check} · will break {action}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_one_line() {
        let apps = [Impact::None, Impact::Action, Impact::Check, Impact::None];
        let figures: Impacts = apps.into_iter().collect();
        assert_eq!(
            (figures + Impacts::default()).to_string(),
            "Ready 2 · ask someone 1 · will break 1"
        );
    }
}
