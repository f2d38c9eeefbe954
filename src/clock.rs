//! The one place that reads the clock, so that a test can stop it.

use jiff::Zoned;

use crate::flow::ServerTime;

/// Tells the time.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The system's, in the system's time zone.
    #[default]
    System,
    /// Always the same.
    Stopped(Zoned),
}

impl Clock {
    /// The time now.
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> Zoned {
        match self {
            Self::System => Zoned::now(),
            Self::Stopped(time) => time.clone(),
        }
    }

    /// The time now as FME Flow writes it: archives do not say in which zone their server was, so
    /// this machine's is taken.
    pub fn server_time(&self) -> ServerTime {
        ServerTime(self.now().datetime())
    }
}
