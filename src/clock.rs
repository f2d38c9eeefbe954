//! The one place that reads the clock, so that a test can stop it.

use jiff::civil::DateTime;
use jiff::{Timestamp, Zoned};

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

    /// The instant that it is now.
    pub fn timestamp(&self) -> Timestamp {
        self.now().timestamp()
    }

    /// An instant as this machine's clock shows it.
    pub fn local(&self, time: Timestamp) -> DateTime {
        time.to_zoned(self.now().time_zone().clone()).datetime()
    }

    /// The instant at which this machine's clock shows `time`; where it does so twice, the earlier one.
    pub fn instant(&self, time: DateTime) -> Timestamp {
        let zoned = time.to_zoned(self.now().time_zone().clone());
        zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }
}
