//! One budget for all text that is kept of a package: sixteen thousand names of sixty kilobytes fit
//! into an archive of five megabytes.

use super::{Document, PackageError};
use crate::limits::{Limit, Limits};

/// How much text may still be kept.
#[derive(Debug, Clone)]
pub struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    /// All that [`Limits::text`] allows.
    pub const fn new(limits: Limits) -> Self {
        Self {
            left: limits.text,
            limit: limits.text,
        }
    }

    /// So many bytes more of `document` are kept.
    ///
    /// # Errors
    /// [`PackageError::TooLong`] once that is more than the budget.
    pub fn take(&mut self, document: Document, bytes: usize) -> Result<(), PackageError> {
        match self.left.checked_sub(bytes as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(PackageError::TooLong {
                document,
                what: "all text that matters, together,",
                limit: Limit::Text,
                bytes: self.limit,
            }),
        }
    }
}
