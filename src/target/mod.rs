//! The forms of an upgraded archive, and how they are written: attributes and itemtypes of 2026.1.
//!
//! Restoring what is written here must never leave an app worse off than restoring the untouched
//! archive. FME Flow 2026.1 upgrades an older package itself when it is restored (log 409504, seen)
//! and then moves Connection permissions from an app's token to the app (documented). So there are two
//! forms: **staged** adds to the archive and takes away nothing that this transfer reads; **final** is
//! what 2026.1 itself exports, as far as that was seen, and switches the transfer off by its stamps.
//!
//! Seen in three exports of builds 26121 and 26124: an app has no token but `enabled` and, as a
//! Workspace App, `allowTemporaryUploads`; its parameters have
//! `dynamicParameterQueryConfigurationEnabled`. **Unknown** is where 2026.1 keeps the Connection
//! permissions of an app: the identifier entries under the app are flowlift's own. What changes when more
//! is known is listed in docs/architecture.md.

mod app;
mod entries;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::flow::{Build, Schema};
pub use app::{AppForm, FormWriter, StoredForm};
pub use entries::{IdentifierEntry, same_entries};

/// The build that final archives are stamped with, FME Flow 2026.1 (seen).
pub const BUILD: Build = Build(26121);

/// The itemtype under an app that holds its identifier entries (flowlift's own).
pub const ENTRIES: &str = "connectionPermissions";
/// The attribute of an identifier entry that names its Flow App Identifier (flowlift's own).
pub const ENTRY_IDENTIFIER: &str = "appIdentifier";
/// The attribute of an identifier entry that lists permissions between commas (flowlift's own).
pub const ENTRY_PERMISSIONS: &str = "permissions";

/// Whether an app runs (seen).
pub const ENABLED: &str = "enabled";
/// Whether a Workspace App takes uploads (seen).
pub const UPLOADS: &str = "allowTemporaryUploads";
/// What every parameter of a Workspace App says (seen).
pub const PARAMETER: &str = "dynamicParameterQueryConfigurationEnabled";
/// The name of an app's token and its encrypted value, both gone in 2026.1's own exports (seen).
pub const OF_TOKEN: [&str; 2] = ["token", "tokenvalue"];
/// The attributes that the final form of an app replaces.
pub const REPLACED: [&str; 4] = [OF_TOKEN[0], OF_TOKEN[1], ENABLED, UPLOADS];

/// The schema that final archives are stamped with (seen with [`BUILD`]).
pub fn schema() -> Schema {
    Schema::first_without_tokens()
}

/// The form of an upgraded archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Form {
    /// Identifier entries are added, Resource permissions of app tokens are dropped; tokens and stamps
    /// stay, so that FME Flow runs its own upgrade and transfer.
    #[default]
    Staged,
    /// As 2026.1's own exports: no app tokens, stamped as 2026.1.
    Final,
}

impl Form {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Final => "final",
        }
    }

    /// What is known of a restore, in one line for everyone who reads of the archive.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Staged => "staged: on restore FME Flow 2026.1 itself transfers the Connections",
            Self::Final => {
                "final: where 2026.1 keeps Connections is unpublished; compare on a test server"
            }
        }
    }

    /// Whether archives of `schema` can be written in this form: final differs from schema 2.99 only in
    /// what is written here, as far as is known; anything older needs FME Flow's own upgrade, which
    /// final's stamps would switch off.
    pub fn takes(self, schema: &Schema) -> bool {
        match self {
            Self::Staged => true,
            Self::Final => *schema == Schema::last_with_tokens(),
        }
    }

    /// The form that an archive of these stamps has, whoever wrote it.
    pub fn of(build: Build) -> Self {
        if build.has_app_tokens() {
            Self::Staged
        } else {
            Self::Final
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Form {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Staged, Self::Final]
            .into_iter()
            .find(|form| form.as_str() == word)
            .ok_or(())
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

fn attribute(name: &str, kind: &str, value: &str) -> String {
    let value = escape(value);
    format!("<attribute><name>{name}</name><type>{kind}</type><value>{value}</value></attribute>")
}

/// Writes `text` as FME Flow does: only `<`, `>` and `&` are escaped (seen), and a carriage return,
/// which would be read back as a line end.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::xml::Reader;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["a < b & \"c\" > 'd' ü", "two\rlines\n"] {
            let document = format!("<a>{}</a>", escape(text));
            let mut xml = Reader::new(document.as_bytes());
            xml.next_tag().unwrap();
            assert_eq!(xml.text(100).unwrap().kept, text);
        }
        assert!(!escape("a\rb").contains('\r'));
    }

    #[test]
    fn only_the_last_schema_with_tokens_can_be_final() {
        for schema in ["2.16", "2.57", "2.98", "2.104", "2.111"] {
            let schema = schema.parse().unwrap();
            assert!(Form::Staged.takes(&schema));
            assert!(!Form::Final.takes(&schema), "{schema}");
        }
        assert!(Form::Final.takes(&Schema::last_with_tokens()));
    }
}
