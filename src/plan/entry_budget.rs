//! How much text the identifier entries of a plan are. What is written has to be read again, by `verify`
//! and by the next run, with the same budget: a plan whose result would be refused is refused.

use std::collections::HashSet;
use std::sync::Arc;

use super::Options;
use super::app::Planned;
use crate::flow::Permissions;
use crate::package::{Budget, Document, Package, PackageError};

/// How many bytes an identifier is.
const IDENTIFIER: usize = 36;

/// What is left for the entries of more apps.
pub(super) struct EntryBudget {
    /// For the names of Connections, each as often as it is written.
    written: Budget,
    /// Beside all that the archive holds already, for what is kept once for all entries; none where a
    /// profile says what is written.
    read: Option<Budget>,
    connections: HashSet<Arc<str>>,
    permissions: HashSet<Permissions>,
}

impl EntryBudget {
    pub(super) fn of(package: &Package, options: Options) -> Self {
        Self {
            written: Budget::new(options.limits),
            read: options.profile.is_none().then(|| package.budget.clone()),
            connections: HashSet::new(),
            permissions: HashSet::new(),
        }
    }

    /// Takes what the entries of an app are.
    ///
    /// # Errors
    /// [`PackageError::TooLong`] once that is more than the limit.
    pub(super) fn take(&mut self, planned: &Planned<'_>) -> Result<(), PackageError> {
        let carried = &planned.app.carried;
        let names = carried.iter().map(|it| it.connection.len());
        self.written.take(Document::Data, names.sum())?;
        let is_new = planned.stored.form.entries.is_empty() && !carried.is_empty();
        let Some(read) = self.read.as_mut().filter(|_| is_new) else {
            return Ok(());
        };
        read.take(Document::Data, IDENTIFIER)?;
        for it in carried.iter() {
            if self.connections.insert(Arc::clone(&it.connection)) {
                read.take(Document::Data, it.connection.len())?;
            }
            if self.permissions.insert(it.permissions.clone()) {
                let bytes = it.permissions.iter().map(|word| 2 * word.len() + 1);
                read.take(Document::Data, bytes.sum())?;
            }
        }
        Ok(())
    }
}
