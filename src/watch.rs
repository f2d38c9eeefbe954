//! Lets whoever started a long piece of work see how far it is, and stop it.
//!
//! The rooms that move bytes know nothing of terminals or signals: they report to a [`Watch`] and
//! give up when it says so.

/// The work was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// What a stretch of work is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading `data.xml`; the total is its size in bytes.
    Read,
    /// Writing the upgraded archive; the total is the source's size in bytes.
    Write,
    /// Reading the upgraded archive back; the total is in bytes.
    Check,
}

/// Receives progress; may ask the work to stop.
pub trait Watch: Sync {
    /// A stretch of work begins that will take `total` bytes.
    fn begin(&self, stage: Stage, total: u64);
    /// `bytes` more are done.
    ///
    /// # Errors
    /// [`Interrupted`] when the work should stop; the caller cleans up and passes it on.
    fn advance(&self, bytes: u64) -> Result<(), Interrupted>;
    /// The stretch of work is over.
    fn end(&self);
}

/// Watches nothing and never stops anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64) -> Result<(), Interrupted> {
        Ok(())
    }
    fn end(&self) {}
}
