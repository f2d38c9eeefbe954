//! Takes dates apart.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::names::{is_afternoon, month};

/// ISO 8601 with date and time, as `java.sql.Timestamp` writes it too: `2035-10-13 23:00:00.0`. What
/// says its distance from UTC is taken there.
pub(super) fn iso(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.starts_with(char::is_alphabetic) {
        return None; // a weekday, with which nearly every date begins (seen)
    }
    if !text.contains([':', 'T']) {
        return None; // a date alone does not say whether its day is meant to be over
    }
    let read = match text.parse::<Timestamp>() {
        Ok(time) => Offset::UTC.to_datetime(time),
        // The last day of the year 9999, which stands for never, is beyond what a timestamp holds.
        Err(_) => text.strip_suffix(['Z', 'z']).unwrap_or(text).parse().ok()?,
    };
    whole_seconds(read)
}

/// `Sat-13-Oct-2035 11:00:00 PM`, in any language that is known.
pub(super) fn java(text: &str) -> Option<DateTime> {
    let mut words = text.split_whitespace();
    let date = self::date(words.next()?)?;
    let clock = words.next()?;
    let half: String = words.collect();
    let time = time(clock, &half)?;
    Some(date.to_datetime(time))
}

/// `Sat-13-Oct-2035`, with or without the weekday.
fn date(text: &str) -> Option<Date> {
    let mut parts = text.rsplit('-');
    let (year, name, day) = (parts.next()?, parts.next()?, parts.next()?);
    let weekday = parts.next();
    if parts.next().is_some() {
        return None;
    }
    // Japanese months were numbers up to Java 8; elsewhere a number could be the day as well.
    let is_numbered = weekday.is_some_and(|name| name.chars().all(|it| !it.is_ascii()));
    let month = month(name).or_else(|| number(name, 2).filter(|_| is_numbered))?;
    let year = Some(year).filter(|year| year.len() == 4)?;
    Date::new(number(year, 4)?, month, number(day, 2)?).ok()
}

/// `11:00:00` in the given half of the day, or of 24 hours where that is empty.
fn time(clock: &str, half: &str) -> Option<Time> {
    let clock = match clock.split_once('.') {
        Some((clock, fraction)) if is_digits(fraction) => clock,
        Some(_) => return None,
        None => clock,
    };
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |text| number(text, 2))?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match (half, hour) {
        ("", 0..24) => hour,
        (half, 0..24) => match (is_afternoon(half)?, hour) {
            (false, 12) => 0,
            (false, 0..12) | (true, 12..) => hour,
            (true, 1..12) => hour + 12,
            _ => return None,
        },
        _ => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

fn whole_seconds(time: DateTime) -> Option<DateTime> {
    time.with().subsec_nanosecond(0).build().ok()
}

/// A number of at most so many plain digits.
fn number<T: std::str::FromStr>(text: &str, digits: usize) -> Option<T> {
    let text = Some(text).filter(|text| is_digits(text) && text.len() <= digits)?;
    text.parse().ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
