//! How much there has to be to learn from.

/// How little evidence is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strength {
    /// At least two apps with different sets of at least two Connections.
    #[default]
    Strong,
    /// Any.
    Weak,
}
