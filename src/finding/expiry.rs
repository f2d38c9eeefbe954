//! What is told of the date on which an app's token expires.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::ENABLE;
use super::{Actor, Level};
use crate::flow::ServerTime;

/// It has passed.
pub(super) fn past(words: Wording, token: &Arc<str>, expires: ServerTime) -> Description<'_> {
    words
        .warn("token-expired", 926_114)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| format!("token \"{token}\" expired on {expires}, so the app is disabled"))
        .help(|| ENABLE.to_owned())
}

/// It is not written; a day that someone chose is a warning.
pub(super) fn lost(words: Wording, token: &Arc<str>, expires: ServerTime) -> Description<'_> {
    let is_chosen = expires.is_deliberate();
    let level = if is_chosen {
        Level::Warn
    } else {
        Level::Inform
    };
    Description::new(words, level, "token-expiry-lost", 926_115)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| {
            let chosen = if is_chosen {
                ", sooner than the ten years that FME Flow gives, so someone meant it"
            } else {
                ""
            };
            format!(
                "token \"{token}\" expires on {expires}{chosen}; apps have an expiration of their own \
                 in 2026.1, which is not written"
            )
        })
        .help(|| {
            let matters = if is_chosen { "" } else { " if it matters" };
            format!("set the day again after the restore{matters}: Change Expiration of the app")
        })
}

/// It goes where the profile says.
pub(super) fn carried(words: Wording, token: &Arc<str>, expires: ServerTime) -> Description<'_> {
    words.inform("expiry-carried", 926_123)
        .token(token)
        .message(|| {
            format!(
                "token \"{token}\" expires on {expires}; the app gets that date where the profile says"
            )
        })
}

/// It is no date.
pub(super) fn unreadable<'a>(words: Wording, token: &'a Arc<str>, date: &str) -> Description<'a> {
    words
        .warn("token-expiry-unreadable", 926_116)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "the expiration date of token \"{token}\" cannot be read: \"{date}\"; \
                 whether the app ran is not known, so it is disabled"
            )
        })
        .help(|| {
            "look up whether the app runs today, and enable it after the restore if so".to_owned()
        })
}
