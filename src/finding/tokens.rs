//! What is told of the tokens of apps and of their roles; of when they expire, see [`mod@super::expiry`].

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::{ENABLE, counted, quoted};
use super::{Actor, Concern};

/// The app names one that is not in the archive, or none at all.
pub(super) fn missing(words: Wording, token: Option<&Arc<str>>) -> Description<'_> {
    words
        .warn("token-missing", 926_111)
        .about(Concern::Token, token)
        .acts(Actor::AppOwner)
        .message(|| match token {
            Some(token) => {
                format!("token \"{token}\" is not in the archive, so the app is disabled")
            }
            None => "the app names no token, so it is disabled".to_owned(),
        })
        .help(|| ENABLE.to_owned())
}

/// Several users have one of that name, and none of them is the app's owner.
pub(super) fn ambiguous<'a>(
    words: Wording,
    token: &'a Arc<str>,
    users: &[Arc<str>],
) -> Description<'a> {
    words
        .warn("token-ambiguous", 926_122)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "token \"{token}\" could be that of {}: none of them owns the app, so it is \
                 disabled and gets nothing",
                quoted(users)
            )
        })
        .help(|| {
            "after the restore, give the app its Connections on its Edit page, and enable it \
             if it should run"
                .to_owned()
        })
}

/// It may do all that its user may, and nothing of that is carried.
pub(super) fn unrestricted(words: Wording, token: &Arc<str>) -> Description<'_> {
    words
        .warn("token-unrestricted", 926_112)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "token \"{token}\" is unrestricted and names no connection, so none is \
                 carried"
            )
        })
        .help(|| {
            "run again with --expand-unrestricted, or add the connections after the \
             restore: the app's Edit page, Connection Permissions"
                .to_owned()
        })
        .task(|| {
            "after the restore, add the connections that the app needs: the app's Edit \
             page, Connection Permissions"
                .to_owned()
        })
}

/// It may do all that its user may, and what the app declares of that is carried.
pub(super) fn expanded(words: Wording, token: &Arc<str>) -> Description<'_> {
    words
        .warn("token-unrestricted", 926_112)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "token \"{token}\" is unrestricted; only connections that a workspace \
                 declares and the owner may run are carried"
            )
        })
        .help(|| "compare the carried connections with what the app needs".to_owned())
}

/// It is switched off.
pub(super) fn disabled(words: Wording, token: &Arc<str>) -> Description<'_> {
    words
        .warn("token-disabled", 926_113)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| format!("token \"{token}\" is disabled, so the app is disabled"))
        .help(|| ENABLE.to_owned())
}

/// Several apps use it.
pub(super) fn shared(words: Wording, token: &Arc<str>, apps: u32) -> Description<'_> {
    words
        .inform("token-shared", 926_117)
        .token(token)
        .message(|| {
            format!("token \"{token}\" is shared by {apps} apps; each gets its permissions")
        })
}

/// It belongs to someone other than the app.
pub(super) fn owner_differs<'a>(
    words: Wording,
    token: &'a Arc<str>,
    owner: &str,
    user: &str,
) -> Description<'a> {
    words
        .warn("token-owner-differs", 926_118)
        .token(token)
        .acts(Actor::AppOwner)
        .message(|| {
            format!(
                "token \"{token}\" belongs to \"{user}\" but the app to \"{owner}\": FME Flow \
                 disables an app whose owner is changed, so the app is disabled"
            )
        })
        .help(|| "check that the app's owner may do what the token's user may".to_owned())
        .task(|| format!("check that you may use all that \"{user}\" may use in this app"))
}

/// It goes, with those of its roles that nothing else needs.
pub(super) fn retired<'a>(
    words: Wording,
    token: &'a Arc<str>,
    user: &str,
    roles: u32,
    grants: u32,
) -> Description<'a> {
    words
        .inform("token-retired", 926_119)
        .token(token)
        .message(|| {
            let gone = match roles {
                0 => "; no role went with it".to_owned(),
                1 => format!(", with its role and {}", counted(grants, "grant")),
                _ => format!(", with {roles} roles and {}", counted(grants, "grant")),
            };
            format!("token \"{token}\" of \"{user}\" retired{gone}")
        })
}

/// It goes, and could do more than its apps need.
pub(super) fn held_more<'a>(
    words: Wording,
    token: &'a Arc<str>,
    user: &str,
    grants: u32,
) -> Description<'a> {
    words
        .warn("token-held-more", 926_155)
        .token(token)
        .acts(Actor::UpgradeEngineer)
        .message(|| {
            format!(
                "token \"{token}\" of \"{user}\" could do more than its apps need ({}), so \
                 others may use it, and it is retired",
                counted(grants, "grant")
            )
        })
        .help(|| {
            format!(
                "ask \"{user}\" whether a script or a service uses it, and make that a token \
                 of its own"
            )
        })
}

/// The role of one that goes stays.
pub(super) fn role_kept(words: Wording, role: &Arc<str>) -> Description<'_> {
    words
        .inform("role-kept", 926_120)
        .about(Concern::Archive, Some(role))
        .message(|| format!("role \"{role}\" kept, because it is not only this token's"))
}

/// Something that is no app names it too.
pub(super) fn used_elsewhere<'a>(
    words: Wording,
    token: &'a Arc<str>,
    by: &[Arc<str>],
) -> Description<'a> {
    words
        .inform("token-used-elsewhere", 926_121)
        .token(token)
        .message(|| {
            let by = match by {
                [] => "something other than an app uses".to_owned(),
                [one] => format!("{one} names"),
                several => format!("{} name", several.join(" and ")),
            };
            format!("{by} token \"{token}\" too, so the token and its role stay")
        })
}
