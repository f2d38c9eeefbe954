//! How a server spells permissions.

use serde::{Deserialize, Serialize};

use super::Holds;

/// How permissions are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// `NAMEDCONNECTIONS_RUN`.
    Full,
    /// `RUN`.
    Short,
    /// `run`.
    ShortLower,
    /// `Run`.
    ShortTitle,
    /// `namedconnections_run`.
    Lower,
}

impl Style {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 5] = [
        Self::Full,
        Self::Short,
        Self::ShortLower,
        Self::ShortTitle,
        Self::Lower,
    ];

    /// `word`, a permission on what `holds` says, as it is spelled; none where it does not begin as all
    /// of these do.
    pub fn spelled(self, word: &str, holds: Holds) -> Option<String> {
        let short = || word.strip_prefix(holds.prefix());
        Some(match self {
            Self::Full => word.to_owned(),
            Self::Short => short()?.to_owned(),
            Self::ShortLower => short()?.to_lowercase(),
            Self::ShortTitle => {
                let lower = short()?.to_lowercase();
                let mut letters = lower.chars();
                let first = letters.next()?;
                first.to_uppercase().chain(letters).collect()
            }
            Self::Lower => word.to_lowercase(),
        })
    }

    /// The permission that is spelled so. What is spelled otherwise is taken as it stands, so that it
    /// counts as something else than what was planned.
    pub fn read(self, text: &str, holds: Holds) -> String {
        let word = match self {
            Self::Full => text.to_owned(),
            Self::Lower => text.to_uppercase(),
            Self::Short | Self::ShortLower | Self::ShortTitle => {
                format!("{}{}", holds.prefix(), text.to_uppercase())
            }
        };
        if self.spelled(&word, holds).as_deref() == Some(text) {
            word
        } else {
            text.to_owned()
        }
    }
}

impl Holds {
    /// What all permissions on items of the category begin with (seen).
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Connections => "NAMEDCONNECTIONS_",
            Self::Resources => "SHAREDRESOURCE_",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_as_it_was_written() {
        for style in Style::ALL {
            for word in ["NAMEDCONNECTIONS_RUN", "NAMEDCONNECTIONS_WRITE"] {
                let spelled = style.spelled(word, Holds::Connections).unwrap();
                assert_eq!(style.read(&spelled, Holds::Connections), word, "{style:?}");
            }
        }
    }

    #[test]
    fn what_is_spelled_otherwise_is_something_else() {
        assert_eq!(Style::ShortLower.read("RUN", Holds::Connections), "RUN");
    }
}
