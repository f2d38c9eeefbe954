//! Waiting for other processes that hold the history: in short steps, and not in silence.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

/// A step of waiting.
const STEP: Duration = Duration::from_millis(20);
/// Who waits longer than this wants to know for what.
const SILENCE: Duration = Duration::from_secs(1);

/// What SQLite calls whenever it finds the history at `path` locked, with the number of times it did
/// so for the same lock; as long as it answers yes, SQLite tries again. Nobody is waited for longer
/// than `patience`, and that it waits is said once.
pub(super) fn patiently(
    path: PathBuf,
    patience: Duration,
) -> impl FnMut(i32) -> bool + Send + 'static {
    let mut is_said = false;
    move |tries| {
        let waited = STEP.saturating_mul(tries.unsigned_abs());
        if waited >= patience {
            return false;
        }
        if waited >= SILENCE && !is_said {
            is_said = true;
            tracing::warn!(
                "the history {} is locked by another process: waiting for it, up to {} seconds",
                path.display(),
                patience.as_secs()
            );
        }
        sleep(STEP);
        true
    }
}
