//! What a comparison can find. The words are stable.

use std::fmt;

use serde::{Serialize, Serializer};

/// Words that programs and people read.
pub trait StableWord: Copy {
    /// The stable word.
    fn as_str(self) -> &'static str;
    /// Whether the server has what was planned.
    fn is_as_planned(self) -> bool;
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal, $planned:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
        }

        impl StableWord for $name {
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            fn is_as_planned(self) -> bool {
                match self { $(Self::$variant => $planned,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

words! {
    /// What became of an app.
    AppOutcome {
        /// It is there, as planned.
        Same = "same", true;
        /// It is not there.
        Missing = "missing", false;
        /// It is there and was not in the archive.
        Extra = "extra", false;
        /// Extra, but what was imported was one project of many: no difference.
        Elsewhere = "not-in-project", true;
        /// Several apps may be it, so that nothing more is said.
        Ambiguous = "ambiguous", false;
        /// It should run and does not.
        Disabled = "disabled", false;
        /// It should not run and does.
        EnabledUnexpectedly = "enabled-unexpectedly", false;
        /// The export does not say whether it runs.
        EnabledUnknown = "enabled-not-observable", false;
        /// It belongs to another user.
        OwnerChanged = "owner-changed", false;
        /// It takes uploads and should not, or the reverse.
        UploadsChanged = "uploads-changed", false;
    }
}

words! {
    /// What became of a permission on a Connection.
    ConnectionOutcome {
        /// It is there, with the planned permissions.
        Present = "present", true;
        /// It is not there.
        Missing = "missing", false;
        /// It is there and was never granted.
        Extra = "extra", false;
        /// It is there with other permissions.
        LevelDiffers = "level-differs", false;
        /// It is there; with which permissions is not told.
        LevelUnknown = "level-not-observable", false;
        /// Nobody knows where to look for it.
        NotObservable = "not-observable", false;
    }
}

words! {
    /// What became of a permission on a Resource.
    ResourceOutcome {
        /// It is gone, as planned.
        Dropped = "dropped", true;
        /// It is there again: somebody gave it back by hand, or it was carried.
        AddedAgain = "added-again", true;
    }
}

words! {
    /// What became of a token.
    TokenOutcome {
        /// It is gone.
        Gone = "gone", true;
        /// It is still there.
        Alive = "still-alive", false;
        /// It is still there, and other things use it.
        Kept = "kept", true;
    }
}
