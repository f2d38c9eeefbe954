//! What is told of an archive's readiness for 2026.1: what `audit --readiness` finds.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::{counted, quoted};
use super::{Actor, Concern, Occurrence, Outside};

/// The REST API of version 1, 2 or 3 is called.
pub(super) fn old_api_called(words: Wording, found: &Occurrence) -> Description<'_> {
    words
        .warn("old-api-called", 926_161)
        .readiness(Some(&found.place))
        .message(|| {
            found.told(
                "the REST API of version 3 or older is called, whose removal Safe announces for \
                 2026.1",
            )
        })
        .help(|| "call version 4 instead: FME Flow's help has a page on migrating".to_owned())
}

/// The REST API of version 4 is called at an address that ends in a slash.
pub(super) fn slash_at_end(words: Wording, found: &Occurrence) -> Description<'_> {
    words
        .warn("slash-at-end", 926_162)
        .readiness(Some(&found.place))
        .message(|| {
            found.told("the REST API of version 4 is called at an address that ends in a slash")
        })
        .help(|| "take the slash away, and try the call on a test server".to_owned())
}

/// A workspace has a transformer that calls the server.
pub(super) fn transformer_deprecated<'a>(
    words: Wording,
    transformer: &str,
    found: &'a Occurrence,
) -> Description<'a> {
    words
        .warn("transformer-deprecated", 926_163)
        .readiness(Some(&found.place))
        .message(|| found.told(&format!("the workspace has {transformer}")))
        .help(|| {
            "replace it by an HTTPCaller that calls version 4 of the REST API, or try the \
             workspace on a test server"
                .to_owned()
        })
}

/// A token stands in a text.
pub(super) fn token_in_text(
    words: Wording,
    in_address: bool,
    found: &Occurrence,
) -> Description<'_> {
    words
        .warn("token-in-text", 926_164)
        .readiness(Some(&found.place))
        .message(|| {
            found.told(if in_address {
                "a token stands in an address, where it is visible to everyone on the way"
            } else {
                "a token stands in plain text"
            })
        })
        .help(|| {
            "find out whether it is the token of an app, which 2026.1 does not have any more; \
             keep tokens in a Web Connection and send them in a header"
                .to_owned()
        })
}

/// The token service is asked for a token.
pub(super) fn token_service_called(words: Wording, found: &Occurrence) -> Description<'_> {
    words
        .warn("token-service-called", 926_165)
        .readiness(Some(&found.place))
        .message(|| {
            found.told("the token service is asked for a token, which lasts two years at most")
        })
        .help(|| "look up what it asks for, and MAX_EXPIRATION of the token service".to_owned())
}

/// A user has tokens that no app uses; some of them are disabled, expired, may do all that the user
/// may, or last longer than two years.
pub(super) fn tokens_without_app<'a>(
    words: Wording,
    user: &'a Arc<str>,
    tokens: &[Arc<str>],
    [disabled, expired, unrestricted, beyond_cap]: [u32; 4],
) -> Description<'a> {
    words
        .inform("tokens-without-app", 926_166)
        .readiness(Some(user))
        .message(|| {
            let of_them = [
                (disabled, "disabled"),
                (expired, "expired"),
                (unrestricted, "with all permissions"),
                (beyond_cap, "longer than two years"),
            ];
            let some = of_them.iter().filter(|(count, _)| *count > 0);
            let some: Vec<_> = some
                .map(|(count, what)| format!("{count} {what}"))
                .collect();
            let more = match &some[..] {
                [] => String::new(),
                some => format!(" ({})", some.join(", ")),
            };
            let shown = tokens.get(..MOST_NAMED).unwrap_or(tokens);
            let rest = if shown.len() < tokens.len() {
                ", …"
            } else {
                ""
            };
            let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
            format!(
                "\"{user}\" has {} that no app of the archive uses{more}: {}{rest}",
                counted(count, "token"),
                quoted(shown)
            )
        })
        .help(|| "they are kept; take away those that nobody needs before the upgrade".to_owned())
}

/// How many tokens are named at most.
const MOST_NAMED: usize = 5;

/// Webhooks of an automation require no authentication.
pub(super) fn webhook_open(
    words: Wording,
    automation: &Arc<str>,
    webhooks: u32,
) -> Description<'_> {
    words
        .warn("webhook-open", 926_167)
        .readiness(Some(automation))
        .message(|| {
            format!(
                "automation \"{automation}\" is started by {} without authentication",
                counted(webhooks, "webhook")
            )
        })
        .help(|| "require authentication, unless everyone may start it".to_owned())
}

/// Secrets are encrypted with a key of the server's own.
pub(super) fn encryption_restricted<'a>(words: Wording) -> Description<'a> {
    words
        .warn("encryption-restricted", 926_168)
        .readiness(None)
        .message(|| {
            "secrets are encrypted with the source server's own key (RESTRICTED)".to_owned()
        })
        .help(|| {
            "the server you import into needs the same key file, else enter the secrets of \
             all Connections anew"
                .to_owned()
        })
}

/// Secrets were left out, and there are Connections.
pub(super) fn sensitive_left_out<'a>(words: Wording, connections: u32) -> Description<'a> {
    words
        .warn("sensitive-left-out", 926_169)
        .readiness(None)
        .message(|| {
            format!(
                "sensitive information was left out of the export: {} without secrets",
                counted(connections, "Connection")
            )
        })
        .help(|| {
            "enter the secrets of all Connections after the import, or export again with \
             sensitive information"
                .to_owned()
        })
}

/// How many files were searched, and how many were not.
pub(super) fn texts_read<'a>(
    words: Wording,
    [headers, texts]: [u32; 2],
    [large, binary, unreadable]: [u32; 3],
) -> Description<'a> {
    words
        .inform("texts-read", 926_170)
        .about(Concern::Readiness, None)
        .message(|| {
            format!(
                "searched: {} and {}; not searched: {}, {}, {}",
                counted(headers, "workspace header"),
                counted(texts, "text"),
                counted(large, "file") + " above 4 MiB",
                counted(binary, "binary file"),
                counted(unreadable, "unreadable file"),
            )
        })
}

/// What no archive can show.
pub(super) fn outside<'a>(words: Wording, what: Outside) -> Description<'a> {
    words
        .inform("outside-the-archive", 926_171)
        .readiness(None)
        .message(|| what.question().to_owned())
        .help(|| what.help().to_owned())
}

impl<'a> Description<'a> {
    /// It is about something in this place, and for the upgrade engineer to look at.
    fn readiness(self, place: Option<&'a Arc<str>>) -> Self {
        self.about(Concern::Readiness, place)
            .acts(Actor::UpgradeEngineer)
    }
}

impl Occurrence {
    /// What is the case, and where.
    fn told(&self, what: &str) -> String {
        let Self { place, line, count } = self;
        let times = match count {
            1 => String::new(),
            count => format!(", {count} times"),
        };
        format!("{what}: {place}, line {line}{times}")
    }
}

impl Outside {
    const fn question(self) -> &'static str {
        match self {
            Self::LoadBalancers => {
                "not in any archive: do load balancers or monitors ask for health checks of version 3 \
                 (fmerest/v3/healthcheck)?"
            }
            Self::Pipelines => {
                "not in any archive: do pipelines or scripts elsewhere call the REST API of version 3?"
            }
            Self::Pages => "not in any archive: are there web pages built on FMEServer.js?",
            Self::CommandLine => "not in any archive: is fmeflow-cli older than 1.4 in use?",
        }
    }

    const fn help(self) -> &'static str {
        match self {
            Self::LoadBalancers => "let them ask version 4 before the upgrade",
            Self::Pipelines => "search them for fmerest, and move them to version 4",
            Self::Pages => "search their source for FMEServer.js, and move them to version 4",
            Self::CommandLine => "install fmeflow-cli 1.4 or later, which calls version 4",
        }
    }
}
