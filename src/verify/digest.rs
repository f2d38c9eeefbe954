//! SHA-256 of the two files, so that a verdict says which bytes it is about.

use std::fmt;
use std::io::Read;
use std::path::Path;

use fs_err::File;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::zip::{failed, interrupted};
use crate::error::Error;
use crate::watch::Watch;

/// A file as it was when it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// As given on the command line.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sha256:{}", self.path, self.sha256)
    }
}

/// Reads a whole file.
pub(super) fn judged(path: &Path, watch: &dyn Watch) -> Result<Judged, Error> {
    let mut file = File::open(path).map_err(failed(path))?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        let count = match file.read(&mut buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other.map_err(failed(path))?,
        };
        if count == 0 {
            break;
        }
        sum.update(buffer.get(..count).unwrap_or_default());
        bytes += count as u64;
        watch.advance(0).map_err(interrupted)?;
    }
    Ok(Judged {
        path: path.to_string_lossy().into_owned(),
        bytes,
        sha256: sum
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    })
}
