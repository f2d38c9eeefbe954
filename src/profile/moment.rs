//! The forms in which a server may write a time.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::flow::ServerTime;

/// A form of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// As `lastsavedate` has it (seen): `2026-05-14 14:10:32.973`.
    Stored,
    /// As `expirationdate` has it (seen): `Thu-14-May-2026 02:10:32 PM`.
    Server,
    /// ISO 8601 to the millisecond: `2026-05-14T14:10:32.973`.
    IsoMilliseconds,
    /// ISO 8601 to the second: `2026-05-14T14:10:32`.
    Iso,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl Moment {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Stored,
        Self::Server,
        Self::IsoMilliseconds,
        Self::Iso,
        Self::Milliseconds,
    ];

    /// What a time in this form begins `text` with, and what follows it, such as a zone.
    pub fn read(self, text: &str) -> Option<(DateTime, &str)> {
        let at = |length: usize, form: &str| {
            let (time, rest) = text.split_at_checked(length)?;
            Some((DateTime::strptime(form, time).ok()?, rest))
        };
        match self {
            Self::Stored => at(23, "%Y-%m-%d %H:%M:%S%.f"),
            Self::IsoMilliseconds => at(23, "%Y-%m-%dT%H:%M:%S%.f"),
            Self::Iso => at(19, "%Y-%m-%dT%H:%M:%S").filter(|(_, rest)| !rest.starts_with('.')),
            Self::Server => {
                let time = text.parse::<ServerTime>().ok()?.0;
                (self.written(time)? == text).then_some((time, ""))
            }
            Self::Milliseconds => {
                let is_plain = text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit());
                let stamp = text.parse().ok().filter(|_| is_plain)?;
                let stamp = jiff::Timestamp::from_millisecond(stamp).ok()?;
                Some((stamp.to_zoned(TimeZone::UTC).datetime(), ""))
            }
        }
    }

    /// `time` in this form.
    pub fn written(self, time: DateTime) -> Option<String> {
        Some(match self {
            Self::Stored => time.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string(),
            Self::Server => time.strftime("%a-%d-%b-%Y %I:%M:%S %p").to_string(),
            Self::IsoMilliseconds => time.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string(),
            Self::Iso => time.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            Self::Milliseconds => {
                let stamp = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
                stamp.as_millisecond().to_string()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_form_is_read_as_it_was_written() {
        let time = date(2035, 10, 13).at(23, 5, 9, 0);
        for form in Moment::ALL {
            let text = form.written(time).unwrap();
            assert_eq!(form.read(&text), Some((time, "")), "{text}");
        }
        let zoned = "2035-10-13T23:05:09Z";
        assert_eq!(Moment::Iso.read(zoned), Some((time, "Z")));
        assert_eq!(Moment::Iso.read("2035-10-13T23:05:09.000Z"), None);
    }
}
