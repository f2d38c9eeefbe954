//! When an app expires: as an attribute of the app, if at all.

use flowlift::flow::ServerTime;

use super::App;
use crate::support::dom::Item;

/// How the date is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// Not at all.
    #[default]
    Hidden,
    /// As 2025.2 writes it.
    Server,
    /// `2035-10-13T23:00:00.000Z`.
    Iso,
    /// Milliseconds since 1970.
    Milliseconds,
}

const NAME: &str = "expirationDate";

impl Expiry {
    pub(super) fn written(self, app: &App) -> Option<(&'static str, String)> {
        let time = app.expires.parse::<ServerTime>().ok()?.0;
        let value = match self {
            Self::Hidden => return None,
            Self::Server => app.expires.clone(),
            Self::Iso => time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string(),
            Self::Milliseconds => {
                let zoned = time.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
                zoned.timestamp().as_millisecond().to_string()
            }
        };
        Some((NAME, value))
    }

    /// As 2025.2 writes it, whatever form it is in.
    pub(super) fn read(stored: &Item) -> String {
        let text = stored.value(NAME);
        let form =
            |time: jiff::civil::DateTime| time.strftime("%a-%d-%b-%Y %I:%M:%S %p").to_string();
        if let Ok(stamp) = text.parse::<i64>() {
            let stamp = jiff::Timestamp::from_millisecond(stamp).unwrap();
            return form(stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime());
        }
        match text.strip_suffix(".000Z") {
            Some(iso) => form(iso.parse().unwrap()),
            None => text.to_owned(),
        }
    }
}
