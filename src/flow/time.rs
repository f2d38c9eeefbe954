//! Dates as FME Flow writes them in `data.xml` and in its logs: `Sat-13-Oct-2035 11:00:00 PM`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use serde::{Serialize, Serializer};

/// A point in the server's own local time, to the second; archives do not say which zone (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerTime(pub DateTime);

impl FromStr for ServerTime {
    type Err = jiff::Error;

    /// Reads `Sat-13-Oct-2035 11:00:00 PM`. The name of the weekday is not believed: only the date
    /// counts.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = text.split_once('-').map_or(text, |(_, date)| date);
        DateTime::strptime("%d-%b-%Y %I:%M:%S %p", date).map(Self)
    }
}

impl fmt::Display for ServerTime {
    /// ISO 8601 without a zone: `2035-10-13T23:00:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ServerTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<ServerTime>()
            .map_or_else(|e| e.to_string(), |time| time.to_string())
    }

    #[test]
    fn a_date_with_a_twelve_hour_clock_is_read() {
        assert_eq!(read("Sat-13-Oct-2035 11:00:00 PM"), "2035-10-13T23:00:00");
        assert_eq!(read("Mon-01-Jan-2024 12:00:00 AM"), "2024-01-01T00:00:00");
        assert_eq!(read("Mon-01-Jan-2024 12:30:00 PM"), "2024-01-01T12:30:00");
    }

    #[test]
    fn what_is_no_date_is_an_error() {
        assert!("never".parse::<ServerTime>().is_err());
        assert!("Sat-31-Feb-2035 11:00:00 PM".parse::<ServerTime>().is_err());
    }
}
