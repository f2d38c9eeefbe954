//! The two stamps that say which FME Flow wrote an archive.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A build number such as `25609`; the first two digits are the year of the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Build(pub u32);

impl Build {
    /// The first build of 2026.x, where apps have no tokens any more (documented: Safe's own
    /// command line draws the line here).
    pub const FIRST_WITHOUT_TOKENS: Self = Self(26000);

    /// The release a build stands for, as far as that is known: the first two digits are its year
    /// (inferred from all builds seen), 25600 on is 2025.1 or 2025.2 and 26121 is 2026.1 (seen).
    /// FME Flow was called FME Server before 2023 (documented).
    pub fn release(self) -> Option<String> {
        let year = 2000 + self.0 / 1000;
        Some(match (year, self.0) {
            (2025, 25600..) => "FME Flow 2025.1 or 2025.2".to_owned(),
            (2026, 26121 | 26124) => "FME Flow 2026.1".to_owned(),
            (2017..2023, _) => format!("FME Server {year}"),
            (2023..2100, _) => format!("FME Flow {year}"),
            _ => return None,
        })
    }

    /// Whether apps of this build reach Connections and Resources through tokens.
    pub fn has_app_tokens(self) -> bool {
        self < Self::FIRST_WITHOUT_TOKENS
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Build {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A schema version: integers between dots, so that `2.111` is later than `2.99`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schema(Vec<u32>);

impl Schema {
    /// The schema `major.minor`.
    pub fn new(major: u32, minor: u32) -> Self {
        Self(vec![major, minor])
    }

    /// The last schema with `NAMEDCONNECTIONS_ALL` (seen: build 24612).
    pub fn last_with_all() -> Self {
        Self::new(2, 81)
    }

    /// The last schema with app tokens (seen: builds 25609 to 25645).
    pub fn last_with_tokens() -> Self {
        Self::new(2, 99)
    }

    /// The first schema without app tokens (seen: builds 26121 and 26124).
    pub fn first_without_tokens() -> Self {
        Self::new(2, 111)
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, number) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            write!(f, "{dot}{number}")?;
        }
        Ok(())
    }
}

impl FromStr for Schema {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_ordered_by_their_numbers_not_their_letters() {
        let old: Schema = "2.99".parse().unwrap();
        assert!(old < Schema::first_without_tokens());
        assert_eq!(old, Schema::last_with_tokens());
        assert!("2.16".parse::<Schema>().unwrap() < old);
    }

    #[test]
    fn a_schema_is_written_as_it_was_read() {
        assert_eq!("2.111".parse::<Schema>().unwrap().to_string(), "2.111");
        assert!("2.x".parse::<Schema>().is_err());
        assert!("".parse::<Schema>().is_err());
    }

    #[test]
    fn a_build_says_only_what_is_known_of_its_release() {
        let release = |build| Build(build).release().unwrap_or_default();
        assert_eq!(release(17259), "FME Server 2017");
        assert_eq!(release(24612), "FME Flow 2024");
        assert_eq!(release(25220), "FME Flow 2025");
        assert_eq!(release(25609), "FME Flow 2025.1 or 2025.2");
        assert_eq!(release(26121), "FME Flow 2026.1");
        assert_eq!(release(99), "");
    }

    #[test]
    fn tokens_end_with_build_26000() {
        assert!(Build(25999).has_app_tokens());
        assert!(!Build(26000).has_app_tokens());
    }
}
