//! How a name or a value is made: text with variables in braces, such as `app:{owner.name}.{app.name}`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::moment::Moment;
use crate::flow::AppRef;

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
    /// When the server transferred it.
    Now(Moment),
    /// When the app expires.
    Expires(Moment),
    /// One permission.
    Permission,
    /// What follows from the set of permissions; see the levels of the place.
    Level,
}

impl Variable {
    const NAMES: [(Self, &'static str); 21] = [
        (Self::AppCategory, "app.category"),
        (Self::AppItems, "app.items"),
        (Self::AppKey, "app.key"),
        (Self::AppName, "app.name"),
        (Self::OwnerKey, "owner.key"),
        (Self::OwnerName, "owner.name"),
        (Self::Item, "item"),
        (Self::Link, "link"),
        (Self::Fresh, "fresh"),
        (Self::Now(Moment::Stored), "now"),
        (Self::Now(Moment::Server), "now.server"),
        (Self::Now(Moment::IsoMilliseconds), "now.iso.milliseconds"),
        (Self::Now(Moment::Iso), "now.iso"),
        (Self::Now(Moment::Milliseconds), "now.milliseconds"),
        (Self::Expires(Moment::Stored), "expires"),
        (Self::Expires(Moment::Server), "expires.server"),
        (
            Self::Expires(Moment::IsoMilliseconds),
            "expires.iso.milliseconds",
        ),
        (Self::Expires(Moment::Iso), "expires.iso"),
        (Self::Expires(Moment::Milliseconds), "expires.milliseconds"),
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

    /// What it is where it is a time: of writing, or of the app's expiry.
    pub fn time(self, app: &AppRef<'_>, now: DateTime) -> Option<String> {
        match self {
            Self::Now(form) => form.written(now),
            Self::Expires(form) => form.written(app.expires?.0),
            _ => None,
        }
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
pub enum PatternPart {
    /// As it stands.
    Text(String),
    /// Something in its place.
    Variable(Variable),
}

/// How a name or a value is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pattern(pub Vec<PatternPart>);

impl Pattern {
    /// Always `text`.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        Self(vec![PatternPart::Text(text.to_owned())])
    }

    /// Nothing but a variable.
    pub fn variable(variable: Variable) -> Self {
        Self(vec![PatternPart::Variable(variable)])
    }

    /// Its variables.
    pub fn variables(&self) -> impl Iterator<Item = Variable> {
        self.0.iter().filter_map(|part| match part {
            PatternPart::Variable(variable) => Some(*variable),
            PatternPart::Text(_) => None,
        })
    }

    /// Whether `variable` is in it.
    pub fn has(&self, variable: Variable) -> bool {
        self.variables().any(|it| it == variable)
    }

    /// Whether it is nothing but `variable`.
    pub fn is(&self, variable: Variable) -> bool {
        matches!(&self.0[..], [PatternPart::Variable(it)] if *it == variable)
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
            [PatternPart::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Its texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            PatternPart::Text(text) => Some(&**text),
            PatternPart::Variable(_) => None,
        })
    }

    /// What it is for `app`, with `other` for what no app decides.
    pub fn of(&self, app: &AppRef<'_>, other: impl Fn(Variable) -> String) -> String {
        let parts = self.0.iter().map(|part| match part {
            PatternPart::Text(text) => text.clone(),
            PatternPart::Variable(variable) => variable
                .of(app)
                .map_or_else(|| other(*variable), str::to_owned),
        });
        parts.collect()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            PatternPart::Text(text) => f.write_str(text),
            PatternPart::Variable(variable) => write!(f, "{{{}}}", variable.as_str()),
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
                parts.push(PatternPart::Text(before.to_owned()));
            }
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| PatternError(text.to_owned()))?;
            let known = Variable::NAMES.iter().find(|(_, it)| *it == name);
            let (variable, _) = known.ok_or_else(|| PatternError(text.to_owned()))?;
            parts.push(PatternPart::Variable(*variable));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(PatternPart::Text(rest.to_owned()));
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
