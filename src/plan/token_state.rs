//! What there is to say of the token that an app has.

use std::sync::Arc;

use super::app::{Planned, Planning};
use crate::finding::Fact;
use crate::flow::ServerTime;
use crate::package::data::Token;

/// How much of a date is quoted that cannot be read, in characters.
const QUOTED_DATE: usize = 64;

impl Planning<'_> {
    /// Says why the app cannot run, and until when it can.
    pub(super) fn state(&self, planned: &mut Planned<'_>, token: &Token, name: &Arc<str>) {
        let name = || Arc::clone(name);
        if token.enabled != Some(true) {
            planned.facts.push(Fact::TokenDisabled { token: name() });
        }
        match token.expires.as_deref().map(str::parse::<ServerTime>) {
            None => {}
            Some(Ok(expires)) if expires.has_come_somewhere(self.now) => {
                planned.facts.push(Fact::TokenExpired {
                    token: name(),
                    expires,
                });
            }
            Some(Ok(expires)) => planned.facts.push(Fact::TokenExpiryLost {
                token: name(),
                expires,
            }),
            Some(Err(_)) => {
                let date = token.expires.as_deref().unwrap_or_default();
                planned.facts.push(Fact::TokenExpiryUnreadable {
                    token: name(),
                    date: date.chars().take(QUOTED_DATE).collect::<String>().into(),
                });
            }
        }
    }

    /// Says who else has to do with the token.
    pub(super) fn ownership(&self, planned: &mut Planned<'_>, token: &Token, name: &Arc<str>) {
        let apps = self.tokens.shared_by(planned.stored);
        if apps > 1 {
            planned.facts.push(Fact::TokenShared {
                token: Arc::clone(name),
                apps,
            });
        }
        let absent = planned.stored.owner;
        if absent.is_some_and(|owner| !self.package.data.has_user(owner)) {
            planned.facts.push(Fact::OwnerNotInArchive {
                owner: Arc::clone(&planned.app.owner.name),
            });
        }
        if self.tokens.is_used_elsewhere(planned.stored) {
            planned.facts.push(Fact::TokenUsedElsewhere {
                token: Arc::clone(name),
                by: self.tokens.named_by(planned.stored),
            });
        }
        if token.user != planned.stored.owner {
            planned.facts.push(Fact::TokenOwnerDiffers {
                token: Arc::clone(name),
                owner: Arc::clone(&planned.app.owner.name),
                user: self.user(token.user).name,
            });
        }
    }
}
