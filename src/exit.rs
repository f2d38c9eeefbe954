//! How a run ended, as its exit code says. The codes are stable.

use std::process::ExitCode;

/// How a run ended; of several archives the highest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Exit {
    /// Done, or nothing to do.
    #[default]
    Done,
    /// The answer is no.
    No,
    /// Some targets were there already, and nothing else went wrong.
    Exists,
    /// The command line does not make sense.
    Usage,
    /// An archive was refused.
    Refused,
    /// Reading or writing failed.
    Failed,
    /// Stopped by the user, as shells expect it.
    Interrupted,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::Exists => 5,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Failed => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
