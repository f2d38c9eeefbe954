//! How a name or a value is made: text with variables in braces, such as `app:{owner.name}.{app.name}`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::flow::{AppRef, ServerTime};

/// What stands in for a part of a name or value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// The app's category, such as `server_app`.
    AppCategory,
    /// The itemtype that apps of its kind are items of, such as `server_apps`.
    AppItems,
    /// The app's key: its Flow App Identifier.
    AppKey,
    /// Its name.
    AppName,
    /// Key of its owner.
    OwnerKey,
    /// Login name of its owner.
    OwnerName,
    /// The Connection, or the Resource.
    Item,
    /// A UUID made for each app, which names another item.
    Link,
    /// A UUID made for each use.
    Fresh,
    /// The time of writing, as `lastsavedate` has it: `2026-05-14 14:10:32.973`.
    Now,
    /// The same in the server's own form: `Thu-14-May-2026 02:10:32 PM`.
    NowServer,
    /// The same in ISO 8601: `2026-05-14T14:10:32`, with whatever follows.
    NowIso,
    /// The same in milliseconds since 1970.
    NowMillis,
    /// One permission.
    Permission,
    /// What follows from the set of permissions; see the levels of the place.
    Level,
}

impl Variable {
    const NAMES: [(Self, &'static str); 15] = [
        (Self::AppCategory, "app.category"),
        (Self::AppItems, "app.items"),
        (Self::AppKey, "app.key"),
        (Self::AppName, "app.name"),
        (Self::OwnerKey, "owner.key"),
        (Self::OwnerName, "owner.name"),
        (Self::Item, "item"),
        (Self::Link, "link"),
        (Self::Fresh, "fresh"),
        (Self::Now, "now"),
        (Self::NowServer, "now.server"),
        (Self::NowIso, "now.iso"),
        (Self::NowMillis, "now.milliseconds"),
        (Self::Permission, "permission"),
        (Self::Level, "level"),
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        let known = Self::NAMES.iter().find(|(it, _)| *it == self);
        known.map_or("", |(_, name)| name)
    }

    /// What it stands for where an app decides it.
    pub fn of<'a>(self, app: &AppRef<'a>) -> Option<&'a str> {
        Some(match self {
            Self::AppCategory => app.kind.category()?,
            Self::AppItems => app.kind.items()?,
            Self::AppKey => app.key,
            Self::AppName => app.name,
            Self::OwnerKey => app.owner_key,
            Self::OwnerName => app.owner_name,
            _ => return None,
        })
    }

    /// The forms in which a time is written.
    pub const TIMES: [Self; 4] = [Self::Now, Self::NowServer, Self::NowIso, Self::NowMillis];

    /// Whether `text` is a time in this form.
    pub fn is_time(self, text: &str) -> bool {
        let is = |form: &str| DateTime::strptime(form, text).is_ok();
        match self {
            Self::Now => text.len() == 23 && is("%Y-%m-%d %H:%M:%S%.f"),
            Self::NowServer => text.parse::<ServerTime>().is_ok() && text.matches('-').count() == 3,
            Self::NowIso => text
                .get(..19)
                .is_some_and(|it| DateTime::strptime("%Y-%m-%dT%H:%M:%S", it).is_ok()),
            Self::NowMillis => {
                text.len() == 13
                    && text.starts_with('1')
                    && text.bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        }
    }

    /// The time `now` in this form.
    pub fn time(self, now: DateTime) -> Option<String> {
        Some(match self {
            Self::Now => now.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string(),
            Self::NowServer => now.strftime("%a-%d-%b-%Y %I:%M:%S %p").to_string(),
            Self::NowIso => now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            Self::NowMillis => {
                let stamp = now.to_zoned(TimeZone::UTC).ok()?.timestamp();
                stamp.as_millisecond().to_string()
            }
            _ => return None,
        })
    }

    /// Whether an app alone decides it.
    pub const fn is_of_app(self) -> bool {
        matches!(
            self,
            Self::AppCategory
                | Self::AppItems
                | Self::AppKey
                | Self::AppName
                | Self::OwnerKey
                | Self::OwnerName
        )
    }
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// Something in its place.
    Variable(Variable),
}

/// How a name or a value is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pattern(pub Vec<Part>);

impl Pattern {
    /// Always `text`.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        Self(vec![Part::Text(text.to_owned())])
    }

    /// Nothing but a variable.
    pub fn variable(variable: Variable) -> Self {
        Self(vec![Part::Variable(variable)])
    }

    /// Its variables.
    pub fn variables(&self) -> impl Iterator<Item = Variable> {
        self.0.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(*variable),
            Part::Text(_) => None,
        })
    }

    /// Whether `variable` is in it.
    pub fn has(&self, variable: Variable) -> bool {
        self.variables().any(|it| it == variable)
    }

    /// Whether it is nothing but `variable`.
    pub fn is(&self, variable: Variable) -> bool {
        matches!(&self.0[..], [Part::Variable(it)] if *it == variable)
    }

    /// Whether an app decides all of it, and it is more than text.
    pub fn is_of_app(&self) -> bool {
        !self.0.is_empty()
            && self.variables().count() > 0
            && self.variables().all(Variable::is_of_app)
    }

    /// The text, where there are no variables.
    pub fn as_text(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Its texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(text) => Some(&**text),
            Part::Variable(_) => None,
        })
    }

    /// What it is for `app`, with `other` for what no app decides.
    pub fn of(&self, app: &AppRef<'_>, other: impl Fn(Variable) -> String) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Variable(variable) => variable
                .of(app)
                .map_or_else(|| other(*variable), str::to_owned),
        });
        parts.collect()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Variable(variable) => write!(f, "{{{}}}", variable.as_str()),
        })
    }
}

/// A pattern that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no pattern: a variable it names is not known")]
pub struct PatternError(String);

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| PatternError(text.to_owned()))?;
            let known = Variable::NAMES.iter().find(|(_, it)| *it == name);
            let (variable, _) = known.ok_or_else(|| PatternError(text.to_owned()))?;
            parts.push(Part::Variable(*variable));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_written_as_it_was_read() {
        for text in [
            "",
            "app:{owner.name}.{app.name}",
            "{link}",
            "plain",
            "{item} x",
        ] {
            assert_eq!(text.parse::<Pattern>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_variable_is_an_error() {
        for text in ["{", "{app}", "a {app.key", "{}"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
