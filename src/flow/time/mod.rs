//! Dates as FME Flow writes them in `data.xml` and in its logs: `Sat-13-Oct-2035 11:00:00 PM`.
//!
//! Java writes such a date in the language of the server's system, and an archive does not say which
//! language or which time zone that was. So a date is read in every writing that leaves no doubt, and
//! counts as come once it has come anywhere.

mod names;
mod read;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How far ahead of UTC a day begins first (Kiritimati).
const FIRST_ZONE: SignedDuration = SignedDuration::from_hours(14);

/// No app's token of the ten years that FME Flow gives it expires before: apps with tokens exist since
/// 2021 (seen from build 21600 on, whose token expires in July 2031).
const TEN_YEARS_AFTER_THE_FIRST: DateTime = date(2031, 1, 1).at(0, 0, 0, 0);

/// A point in the server's own local time, to the second; archives do not say which zone (seen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerTime(pub DateTime);

impl ServerTime {
    /// Whether it has come at `now` in at least one time zone: what must not have passed is safe only
    /// when this is false.
    pub fn has_come_somewhere(self, now: Timestamp) -> bool {
        self.comes_first() <= now
    }

    /// Whether someone chose it as the end of an app's token: it comes sooner than FME Flow's own choice
    /// ever did. Of a later one nobody can tell.
    pub fn is_deliberate(self) -> bool {
        self.0 < TEN_YEARS_AFTER_THE_FIRST
    }

    /// When it comes first, in the time zone where a day begins first.
    pub fn comes_first(self) -> Timestamp {
        let first = Offset::UTC.to_timestamp(self.0.saturating_sub(FIRST_ZONE));
        first.unwrap_or(Timestamp::MAX)
    }
}

/// A text is no date, or could be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date that can be read for certain")]
pub struct NotADate;

impl FromStr for ServerTime {
    type Err = NotADate;

    /// Reads what Java's `EEE-dd-MMM-yyyy hh:mm:ss a` makes in the languages of [`names`], with twelve
    /// or 24 hours and any kind of blank, and ISO 8601 with date and time. The name of the weekday is
    /// not believed: only the date counts.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read::iso(text)
            .or_else(|| read::java(text))
            .map(Self)
            .ok_or(NotADate)
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

impl<'de> Deserialize<'de> for ServerTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_sooner_than_ten_years_after_the_first_app_was_chosen_by_someone() {
        let is_deliberate = |date: &str| date.parse::<ServerTime>().unwrap().is_deliberate();
        assert!(is_deliberate("Tue-31-Dec-2030 11:59:59 PM"));
        assert!(!is_deliberate("Sat-26-Jul-2031 12:00:00 AM"));
    }

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
    fn a_date_is_read_in_the_languages_that_java_writes() {
        for text in [
            "Sat-13-Oct-2035 11:00:00 pm",
            "Sat.-13-Oct.-2035 11:00:00 p.m.",
            "Sa.-13-Okt.-2035 11:00:00 PM",
            "Sa-13-Okt-2035 11:00:00 nachm.",
            "sam.-13-oct.-2035 11:00:00 PM",
            "sáb-13-oct-2035 11:00:00 p.\u{a0}m.",
            "sáb.-13-oct.-2035 11:00:00 p. m.",
            "土-13-10月-2035 11:00:00 午後",
            "土-13-10-2035 11:00:00 午後",
            "sab-13-ott-2035 11:00:00 PM",
            "sábado-13-out.-2035 11:00:00 da tarde",
            "za-13-okt.-2035 11:00:00 p.m.",
            "lör-13-okt.-2035 11:00:00 em",
            "la-13-lokak.-2035 11:00:00 ip.",
            "周六-13-10月-2035 11:00:00 下午",
            "星期六-13-十月-2035 11:00:00 下午",
            "토-13-10월-2035 11:00:00 오후",
        ] {
            assert_eq!(read(text), "2035-10-13T23:00:00", "{text}");
        }
        assert_eq!(read("Do.-13-März-2031 12:05:06 AM"), "2031-03-13T00:05:06");
        assert_eq!(read("jeu.-13-août-2026 01:00:00 AM"), "2026-08-13T01:00:00");
    }

    #[test]
    fn a_date_is_read_with_24_hours_and_any_blank_and_in_iso_8601() {
        for text in [
            "Sat-13-Oct-2035 23:00:00",
            "Sat-13-Oct-2035 23:00:00 PM",
            "13-Oct-2035 23:00:00",
            "Sat-13-Oct-2035 11:00:00\u{202f}PM",
            "Sat-13-Oct-2035\u{a0}11:00:00\u{2009}PM",
            " Sat-13-OCT-2035  11:00:00.000 PM ",
            "Sat-13-Oct-2035 11:00 PM",
            "2035-10-13 23:00:00.0",
            "2035-10-13 23:00:00",
            "2035-10-13T23:00",
            "2035-10-13T23:00:00Z",
            "2035-10-14T01:00:00+02:00",
            "2035-10-13T18:30:00.000-0430",
            "20351013T230000Z",
        ] {
            assert_eq!(read(text), "2035-10-13T23:00:00", "{text}");
        }
    }

    #[test]
    fn the_end_of_time_is_read() {
        assert_eq!(read("9999-12-31T23:59:59Z"), "9999-12-31T23:59:59");
        assert_eq!(read("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59");
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_an_error() {
        for text in [
            "",
            "never",
            "-1",
            "2075929200000",
            "Sat-31-Feb-2035 11:00:00 PM",
            "Sat-13-Lis-2035 11:00:00 PM",
            "Sat-13-Oct-35 11:00:00 PM",
            "Sat-13-Oct-2035 11:00:00 XM",
            "Sat-13-Oct-2035 13:00:00 AM",
            "Sat-13-Oct-2035 00:00:00 PM",
            "Sat-13-Oct-2035 24:00:00",
            "Sat-13-Oct-2035",
            "2035-10-13",
            "10-11-2035 11:00:00 PM",
            "10/11/2035 11:00 PM",
            "Sat-11-10-2035 11:00:00 PM",
            "Sat-+13-Oct-2035 11:00:00 PM",
            "Sat-13-Oct-2035 11:00:00 PM x",
            "Sat-13-Oct-2035 11:00:00:00 PM",
        ] {
            assert_eq!(text.parse::<ServerTime>(), Err(NotADate), "{text}");
        }
    }

    #[test]
    fn a_date_has_come_once_it_has_come_in_the_first_zone() {
        let date: ServerTime = "2026-11-21T12:00:00".parse().unwrap();
        let has_come = |now: &str| date.has_come_somewhere(now.parse().unwrap());
        assert!(!has_come("2026-11-20T21:59:59Z"));
        assert!(has_come("2026-11-20T22:00:00Z"));
    }
}
