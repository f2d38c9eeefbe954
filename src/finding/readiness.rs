//! What each fact of an archive's readiness for 2026.1 means.

use std::sync::Arc;

use super::description::{Description, Wording};
use super::phrases::{counted, quoted};
use super::{Actor, Concern, Fact, Found, Level, Outside};

impl Fact {
    #[allow(
        clippy::too_many_lines,
        reason = "one arm a fact, nothing to take apart"
    )]
    /// Describes what `audit --readiness` finds; of all other facts nothing is told here.
    pub(super) fn describe_readiness(&self, wording: Wording) -> Description<'_> {
        let inform = |code, number| Description::new(wording, Level::Inform, code, number);
        let warn = |code, number| Description::new(wording, Level::Warn, code, number);
        let described = match self {
            Self::OldApiCalled { found } => warn("old-api-called", 926_161)
                .at(&found.place)
                .message(|| {
                    found.told("the REST API of version 3 or older is called, whose removal Safe announces for 2026.1")
                })
                .help(|| "call version 4 instead: FME Flow's help has a page on migrating".to_owned()),
            Self::SlashAtEnd { found } => warn("slash-at-end", 926_162)
                .at(&found.place)
                .message(|| {
                    found.told("the REST API of version 4 is called at an address that ends in a slash")
                })
                .help(|| "take the slash away, and try the call on a test server".to_owned()),
            Self::TransformerDeprecated { transformer, found } => {
                warn("transformer-deprecated", 926_163)
                    .at(&found.place)
                    .message(|| found.told(&format!("the workspace has {transformer}")))
                    .help(|| {
                        "replace it by an HTTPCaller that calls version 4 of the REST API, or try the \
                         workspace on a test server"
                            .to_owned()
                    })
            }
            Self::TokenInText { in_address, found } => warn("token-in-text", 926_164)
                .at(&found.place)
                .message(|| match in_address {
                    true => found.told(
                        "a token stands in an address, where it is visible to everyone on the way",
                    ),
                    false => found.told("a token stands in plain text"),
                })
                .help(|| {
                    "find out whether it is the token of an app, which 2026.1 does not have any more; \
                     keep tokens in a Web Connection and send them in a header"
                        .to_owned()
                }),
            Self::TokenServiceCalled { found } => warn("token-service-called", 926_165)
                .at(&found.place)
                .message(|| {
                    found.told("the token service is asked for a token, which lasts two years at most")
                })
                .help(|| {
                    "look up what it asks for, and MAX_EXPIRATION of the token service".to_owned()
                }),
            Self::TokensWithoutApp { user, tokens, .. } => inform("tokens-without-app", 926_166)
                .at(user)
                .message(|| self.tokens_told(user, tokens))
                .help(|| {
                    "they are kept; take away those that nobody needs before the upgrade".to_owned()
                }),
            Self::WebhookOpen {
                automation,
                webhooks,
            } => warn("webhook-open", 926_167)
                .at(automation)
                .message(|| {
                    format!(
                        "automation \"{automation}\" is started by {} without authentication",
                        counted(*webhooks, "webhook")
                    )
                })
                .help(|| "require authentication, unless everyone may start it".to_owned()),
            Self::EncryptionRestricted => warn("encryption-restricted", 926_168)
                .message(|| {
                    "secrets are encrypted with the source server's own key (RESTRICTED)".to_owned()
                })
                .help(|| {
                    "the server you import into needs the same key file, else enter the secrets of \
                     all Connections anew"
                        .to_owned()
                }),
            Self::SensitiveLeftOut { connections } => warn("sensitive-left-out", 926_169)
                .message(|| {
                    format!(
                        "sensitive information was left out of the export: {} without secrets",
                        counted(*connections, "Connection")
                    )
                })
                .help(|| {
                    "enter the secrets of all Connections after the import, or export again with \
                     sensitive information"
                        .to_owned()
                }),
            Self::TextsRead {
                headers,
                texts,
                large,
                binary,
                unreadable,
            } => inform("texts-read", 926_170).message(|| {
                format!(
                    "searched: {} and {}; not searched: {}, {}, {}",
                    counted(*headers, "workspace header"),
                    counted(*texts, "text"),
                    counted(*large, "file") + " above 4 MiB",
                    counted(*binary, "binary file"),
                    counted(*unreadable, "unreadable file"),
                )
            }),
            Self::OutsideTheArchive { what } => inform("outside-the-archive", 926_171)
                .message(|| what.question().to_owned())
                .help(|| what.help().to_owned()),
            // Everything else is described where it belongs.
            _ => inform("", 0),
        };
        let described = match described.item {
            Some(_) => described,
            None => described.about(Concern::Readiness, None),
        };
        let acts = !matches!(self, Self::TextsRead { .. });
        if acts {
            described.acts(Actor::UpgradeEngineer)
        } else {
            described
        }
    }

    fn tokens_told(&self, user: &str, tokens: &[Arc<str>]) -> String {
        let Self::TokensWithoutApp {
            disabled,
            expired,
            unrestricted,
            beyond_cap,
            ..
        } = self
        else {
            return String::new();
        };
        let of_them = [
            (*disabled, "disabled"),
            (*expired, "expired"),
            (*unrestricted, "with all permissions"),
            (*beyond_cap, "longer than two years"),
        ];
        let of_them = of_them.iter().filter(|(count, _)| *count > 0);
        let of_them: Vec<_> = of_them
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let more = match &of_them[..] {
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
    }
}

/// How many tokens are named at most.
const MOST_NAMED: usize = 5;

impl<'a> Description<'a> {
    /// It is about what stands in this place.
    fn at(self, place: &'a Arc<str>) -> Self {
        self.about(Concern::Readiness, Some(place))
    }
}

impl Found {
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
