//! What the package itself tells: its tokens, its webhooks, and how its secrets are kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::finding::Fact;
use crate::flow::ServerTime;
use crate::package::data::Token;
use crate::package::{Package, PackageError};
use crate::plan::tokens_without_app;

/// Two years, the most that the token service gives (documented).
const CAP: SignedDuration = SignedDuration::from_hours(24 * 366 * 2);

/// Everything that is found in it.
pub(super) fn look(package: &Package, now: Timestamp) -> Result<Vec<Fact>, PackageError> {
    let mut facts = tokens(package, now)?;
    let data = &package.data;
    for automation in data.automations.values() {
        let name = || Arc::from(automation.name.as_str());
        facts.extend((automation.open_webhooks > 0).then(|| Fact::WebhookOpen {
            automation: name(),
            webhooks: automation.open_webhooks,
        }));
    }
    let project = package.project.as_ref();
    let encryption = project.and_then(|project| project.encryption.as_deref());
    if encryption == Some("RESTRICTED") {
        facts.push(Fact::EncryptionRestricted);
    }
    if package.stamps.excludes_sensitive == Some(true) && !data.connections.is_empty() {
        let connections = u32::try_from(data.connections.len()).unwrap_or(u32::MAX);
        facts.push(Fact::SensitiveLeftOut { connections });
    }
    Ok(facts)
}

/// The tokens that no app uses, by user.
fn tokens(package: &Package, now: Timestamp) -> Result<Vec<Fact>, PackageError> {
    let data = &package.data;
    let mut by_user: BTreeMap<&str, Vec<&Token>> = BTreeMap::new();
    for token in tokens_without_app(package)? {
        let user = token.user.map_or("", |user| data.user_name(user));
        by_user.entry(user).or_default().push(token);
    }
    let told = by_user.into_iter().map(|(user, tokens)| {
        let count = |is: &dyn Fn(&Token) -> bool| {
            let count = tokens.iter().filter(|token| is(token)).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let expires = |token: &Token| token.expires.as_deref()?.parse::<ServerTime>().ok();
        let has_come = |token: &Token| expires(token).is_some_and(|it| it.has_come_somewhere(now));
        let is_long = |token: &Token| expires(token).is_some_and(|it| it.comes_first() > now + CAP);
        Fact::TokensWithoutApp {
            user: user.into(),
            tokens: tokens.iter().map(|token| Arc::clone(&token.name)).collect(),
            disabled: count(&|token| token.enabled == Some(false)),
            expired: count(&has_come),
            unrestricted: count(&|token| token.restricted == Some(false)),
            beyond_cap: count(&is_long),
        }
    });
    Ok(told.collect())
}
