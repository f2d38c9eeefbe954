//! Whether UUIDs occur in a document, whatever it is.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read};

use uuid::Uuid;

use crate::package::uuids::Uuids;

/// Which of `wanted` UUIDs occur in a document, wherever and in whatever spelling.
pub(crate) fn occurring(
    mut document: impl Read,
    wanted: &BTreeSet<Uuid>,
) -> io::Result<BTreeSet<Uuid>> {
    let mut found = BTreeSet::new();
    let mut uuids = Uuids::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match document.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        if count == 0 {
            return Ok(found);
        }
        let piece = buffer.get(..count).unwrap_or_default();
        uuids.read(piece, &mut |_, key| {
            found.extend(wanted.contains(&key).then_some(key));
        });
    }
}
