//! Why nothing was learned, with the evidence.

use crate::error::Problem;
use crate::flow::Build;
use crate::profile::{Holds, UnwritableError};

/// Why what stands at a place cannot be made again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unlearned {
    /// An attribute is not always there.
    #[error("the attribute {attribute:?} is there for some permissions only")]
    Sometimes {
        /// Its name.
        attribute: String,
    },
    /// A value is neither the same everywhere nor decided by app, Connection or permissions.
    #[error(
        "the attribute {attribute:?} follows neither from the app nor from the Connection nor from the permissions"
    )]
    Unexplained {
        /// Its name.
        attribute: String,
    },
    /// A value that is the same everywhere may be a name or a secret.
    #[error("a value of {of:?} that is always the same may be a name or a secret")]
    NotHarmless {
        /// What it is a value of.
        of: String,
    },
    /// There is more than permissions.
    #[error("there is more below it than permissions")]
    MoreBelow,
    /// There are other permissions than the tokens had.
    #[error("its permissions are not those that the tokens had, in no spelling known")]
    OtherPermissions,
    /// The same app and item are there several times.
    #[error("an app and a Connection are there several times, and not once for each permission")]
    Repeated,
}

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError {
    /// The first archive has no app tokens.
    #[error("BEFORE is made by build {build}, which has no app tokens")]
    NoTokens {
        /// Its build.
        build: Build,
    },
    /// The second archive is not from the new server.
    #[error("AFTER is made by build {build}, before 2026.1")]
    NotExported {
        /// Its build.
        build: Build,
    },
    /// Nothing was granted, so nothing can be found.
    #[error("no app of BEFORE that is in AFTER has permissions on a Connection that is in AFTER")]
    NothingGranted,
    /// Too little to tell a place from chance.
    #[error("weak evidence: {apps} apps with {sets} different sets of {items} {}", .holds.as_str())]
    Weak {
        /// Apps with permissions.
        apps: usize,
        /// Different sets of Connections among them.
        sets: usize,
        /// What of.
        holds: Holds,
        /// How many Connections or Resources.
        items: usize,
    },
    /// No place holds what the tokens held.
    #[error("no place in AFTER holds what {kind} apps have on {}{}", .holds.as_str(), nearly(.closest, .new))]
    NoPlace {
        /// The kind of app.
        kind: String,
        /// What of.
        holds: Holds,
        /// The closest candidates.
        closest: Vec<String>,
        /// Lists that are new in AFTER.
        new: Vec<String>,
    },
    /// Several places hold it.
    #[error("several places in AFTER hold what {kind} apps have on {}, and nothing tells which counts{}", .holds.as_str(), listed(.places))]
    SeveralPlaces {
        /// The kind of app.
        kind: String,
        /// What of.
        holds: Holds,
        /// The places.
        places: Vec<String>,
    },
    /// A name is both an app's and a Connection's, and the place goes by names.
    #[error("an app and a Connection have one name, and the place goes by names: {place}")]
    OneName {
        /// The place.
        place: String,
    },
    /// The place is known, but not how it is made.
    #[error("found {place}, but {why}")]
    Unlearned {
        /// The place.
        place: String,
        /// What is not understood.
        why: Unlearned,
    },
    /// What was found cannot be made again for the apps of the export themselves.
    #[error("found a place, but what stands there cannot be made again: {0}")]
    NotMadeAgain(UnwritableError),
    /// A Resource that is said to have been given back was not, as far as is known.
    #[error("--resource {app:?}={resource:?}: {why}")]
    NotGivenBack {
        /// The app, as named.
        app: String,
        /// The Resource, as named.
        resource: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The server has not taken what was written.
    #[error("{apps} apps of AFTER have other permissions than WRITTEN gives them")]
    Unconfirmed {
        /// How many.
        apps: usize,
    },
    /// Both are one archive.
    #[error("WRITTEN and AFTER are the same archive, byte for byte")]
    SameArchive,
    /// What is read through the profile is not what the tokens held.
    #[error("read through the profile, {apps} apps have other permissions than their tokens had")]
    Replay {
        /// How many.
        apps: usize,
    },
}

fn listed(all: &[String]) -> String {
    if all.is_empty() {
        return String::new();
    }
    format!(": {}", all.join("; "))
}

fn nearly(closest: &[String], new: &[String]) -> String {
    let told = |what: &str, all: &[String]| match all {
        [] => String::new(),
        all => format!("; {what} {}", all.join("; ")),
    };
    told("the closest are", closest) + &told("new in AFTER are the lists", new)
}

impl Problem for CalibrateError {
    fn help(&self) -> &'static str {
        match self {
            Self::NoTokens { .. } => "give the archive of 2025.2 or earlier that was imported",
            Self::NotExported { .. } => {
                "give what FME Flow 2026.1 or later exported after BEFORE was imported"
            }
            Self::NothingGranted => {
                "import apps whose tokens have Connection permissions; flowlift calibrate probe writes \
                 a project that does"
            }
            Self::Weak { .. } => {
                "import at least two apps with different Connections (flowlift calibrate probe), or take \
                 it as it is with --accept-weak-evidence"
            }
            Self::NoPlace { .. } => {
                "export with everything included; if the permissions are in AFTER and encrypted or \
                 hashed, they cannot be learned"
            }
            Self::SeveralPlaces { .. } => {
                "change one app's Connections by hand in the test server, export again, and see which \
                 place changes"
            }
            Self::OneName { .. } => "rename the app in the test server before the import",
            Self::Unlearned { .. } | Self::NotMadeAgain(_) => {
                "try other apps and Connections (flowlift calibrate probe); if that is no help, please \
                 report the place"
            }
            Self::NotGivenBack { .. } => {
                "give back what the token had, on the app's Edit page of the test server, and name app \
                 and Resource as in flowlift audit"
            }
            Self::Unconfirmed { .. } => {
                "this server does not take what is written there: use the staged form, and keep the \
                 profile for compare"
            }
            Self::SameArchive => "AFTER is what the server exported after WRITTEN was imported",
            Self::Replay { .. } => {
                "export again right after the import, before anybody changes an app"
            }
        }
    }
}
