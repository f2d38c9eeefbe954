//! SHA-256 of whole archives, so that months later a file can be told to be the one of a task.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::error::ArchiveError;

/// Bytes read at once.
const CHUNK: usize = 1 << 20;

/// The SHA-256 of an archive and of what became of it, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Of the source.
    pub source: Arc<str>,
    /// Of the upgraded archive.
    pub target: Arc<str>,
}

/// The SHA-256 of the file at `path` in hexadecimal.
///
/// # Errors
/// [`ArchiveError::Read`].
pub fn sha256(path: &Path) -> Result<Arc<str>, ArchiveError> {
    let read = || {
        let mut file = File::open(path)?;
        let mut hasher = Sha256::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(hasher.finalize()),
                count => hasher.update(chunk.get(..count).unwrap_or_default()),
            }
        }
    };
    let digest = read().map_err(|source| ArchiveError::Read {
        path: path.into(),
        source,
    })?;
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(digest.into())
}
