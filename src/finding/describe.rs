//! What each fact means: told once, in one place, or in the place that stands here.
//!
//! What else a new one takes: "Adding a finding" in `docs/architecture.md`.

use super::description::{Description, Wording};
use super::phrases::{counted, listed, quoted};
use super::{Actor, Concern, Fact, Fate, Impact, Level, connections, expiry, resources};

impl Fact {
    #[allow(
        clippy::too_many_lines,
        reason = "one arm a fact, nothing to take apart"
    )]
    pub(super) fn describe(&self, words: Wording) -> Description<'_> {
        let inform = |code, number| Description::new(words, Level::Inform, code, number);
        let warn = |code, number| Description::new(words, Level::Warn, code, number);
        match self {
            Self::ConnectionCarried {
                connection,
                permissions,
            } => inform("connection-carried", 926_101)
                .connection(connection)
                .fate(Fate::Carried, Some(permissions))
                .message(|| {
                    let permissions = listed(permissions);
                    format!("connection \"{connection}\" carried with {permissions}")
                }),
            Self::ConnectionNotInArchive { connection } => {
                warn("connection-not-in-archive", 926_132)
                    .connection(connection)
                    .fate(Fate::Carried, None)
                    .acts(Actor::UpgradeEngineer)
                    .message(|| format!("connection \"{connection}\" is not in the archive"))
                    .help(|| {
                        "make sure the server you restore to has a connection of that name"
                            .to_owned()
                    })
            }
            Self::OwnerLacksConnection {
                connection,
                lacking,
            } => warn("owner-lacks-connection", 926_131)
                .connection(connection)
                .fate(Fate::Carried, None)
                .matters(Impact::Action)
                .shares(lacking)
                .acts(Actor::ConnectionOwner)
                .message(|| lacking.may_not_run(&format!("connection \"{connection}\"")))
                .help(|| lacking.ask_for_owner(connection))
                .task(|| lacking.ask_for_me(connection)),
            Self::ConnectionNeededNotGranted {
                connection,
                workspace,
                usage,
                lacking,
            } => connections::needed(words, connection, workspace, usage, lacking.as_deref()),
            Self::ConnectionUnused { connection } => inform("connection-unused", 926_134)
                .connection(connection)
                .fate(Fate::Carried, None)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!(
                        "connection \"{connection}\" is carried, but no workspace of the app \
                         declares it"
                    )
                })
                .help(|| {
                    "remove it after the restore if the app does not need it: the app's Edit page, \
                     Connection Permissions"
                        .to_owned()
                }),
            Self::ConnectionByExpression {
                expression,
                workspace,
            } => inform("connection-by-expression", 926_137)
                .about(Concern::Workspace, Some(workspace))
                .acts(Actor::AppOwner)
                .message(|| {
                    format!(
                        "workspace \"{workspace}\" names a connection by an expression, \
                         \"{expression}\": which connections it needs is not known"
                    )
                })
                .help(|| {
                    "after the restore, compare the app's Connection Permissions with what the \
                     workspace may use"
                        .to_owned()
                }),
            Self::GeneralConnectionDropped { permissions } => {
                warn("general-connection-dropped", 926_103)
                    .about(Concern::Connection, None)
                    .fate(Fate::Dropped, Some(permissions))
                    // They have no place in an app, before or after.
                    .matters(Impact::None)
                    .message(|| {
                        format!(
                            "general connection permission {} dropped, apps have none in 2026.1",
                            listed(permissions)
                        )
                    })
            }
            Self::ResourceDropped { resource, permissions, judged } => resources::dropped(words, resource, permissions, *judged),
            Self::ResourceCarried { resource, permissions } => resources::carried(words, resource, permissions),
            Self::ResourceActionNeeded { resource, permissions, parameters } => resources::action_needed(words, resource, permissions, parameters),
            Self::ResourceNamed { resource, workspace } => resources::named(words, resource, workspace.as_ref()),
            Self::ResourceWithoutFileParameter { resource, kind } => resources::without_file_parameter(words, resource, *kind),
            Self::GeneralResourceDropped { permissions } => {
                warn("general-resource-dropped", 926_104)
                    .about(Concern::Resource, None)
                    .fate(Fate::Dropped, Some(permissions))
                    .matters(Impact::None)
                    .message(|| {
                        format!(
                            "general resource permission {} dropped, apps have none in 2026.1",
                            listed(permissions)
                        )
                    })
            }
            Self::TokenMissing { token } => warn("token-missing", 926_111)
                .about(Concern::Token, token.as_ref())
                .acts(Actor::AppOwner)
                .message(|| match token {
                    Some(token) => {
                        format!("token \"{token}\" is not in the archive, so the app is disabled")
                    }
                    None => "the app names no token, so it is disabled".to_owned(),
                })
                .help(enable),
            Self::TokenAmbiguous { token, users } => warn("token-ambiguous", 926_122)
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
                }),
            Self::TokenUnrestricted {
                token,
                expanded: false,
            } => warn("token-unrestricted", 926_112)
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
                }),
            Self::TokenUnrestricted {
                token,
                expanded: true,
            } => warn("token-unrestricted", 926_112)
                .token(token)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!(
                        "token \"{token}\" is unrestricted; only connections that a workspace \
                         declares and the owner may run are carried"
                    )
                })
                .help(|| "compare the carried connections with what the app needs".to_owned()),
            Self::TokenDisabled { token } => warn("token-disabled", 926_113)
                .token(token)
                .acts(Actor::AppOwner)
                .message(|| format!("token \"{token}\" is disabled, so the app is disabled"))
                .help(enable),
            Self::TokenExpired { token, expires } => warn("token-expired", 926_114)
                .token(token)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!("token \"{token}\" expired on {expires}, so the app is disabled")
                })
                .help(enable),
            Self::TokenExpiryLost { token, expires } => expiry::lost(words, token, *expires),
            Self::ExpiryCarried { token, expires } => expiry::carried(words, token, *expires),
            Self::TokenExpiryUnreadable { token, date } => warn("token-expiry-unreadable", 926_116)
                .token(token)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!(
                        "the expiration date of token \"{token}\" cannot be read: \"{date}\"; \
                         whether the app ran is not known, so it is disabled"
                    )
                })
                .help(|| {
                    "look up whether the app runs today, and enable it after the restore if so"
                        .to_owned()
                }),
            Self::TokenShared { token, apps } => {
                inform("token-shared", 926_117).token(token).message(|| {
                    format!("token \"{token}\" is shared by {apps} apps; each gets its permissions")
                })
            }
            Self::TokenOwnerDiffers { token, owner, user } => warn("token-owner-differs", 926_118)
                .token(token)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!(
                        "token \"{token}\" belongs to \"{user}\" but the app to \"{owner}\": FME Flow \
                         disables an app whose owner is changed, so the app is disabled"
                    )
                })
                .help(|| {
                    "check that the app's owner may do what the token's user may".to_owned()
                })
                .task(|| format!("check that you may use all that \"{user}\" may use in this app")),
            Self::TokenRetired {
                token,
                user,
                roles,
                grants,
            } => inform("token-retired", 926_119)
                .token(token)
                .message(|| {
                    let gone = match roles {
                        0 => "; no role went with it".to_owned(),
                        1 => format!(", with its role and {}", counted(*grants, "grant")),
                        _ => format!(", with {roles} roles and {}", counted(*grants, "grant")),
                    };
                    format!("token \"{token}\" of \"{user}\" retired{gone}")
                }),
            Self::TokenHeldMore {
                token,
                user,
                grants,
            } => warn("token-held-more", 926_155)
                .token(token)
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    format!(
                        "token \"{token}\" of \"{user}\" could do more than its apps need ({}), so \
                         others may use it, and it is retired",
                        counted(*grants, "grant")
                    )
                })
                .help(|| {
                    format!(
                        "ask \"{user}\" whether a script or a service uses it, and make that a token \
                         of its own"
                    )
                }),
            Self::RoleKept { role } => inform("role-kept", 926_120)
                .about(Concern::Archive, Some(role))
                .message(|| {
                    format!("role \"{role}\" kept, because it is not only this token's")
                }),
            Self::TokenUsedElsewhere { token, by } => inform("token-used-elsewhere", 926_121)
                .token(token)
                .message(|| {
                    let by = match &**by {
                        [] => "something other than an app uses".to_owned(),
                        [one] => format!("{one} names"),
                        several => format!("{} name", several.join(" and ")),
                    };
                    format!("{by} token \"{token}\" too, so the token and its role stay")
                }),
            Self::WorkspaceMissing { workspace } => warn("workspace-missing", 926_143)
                .about(Concern::Workspace, Some(workspace))
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    format!(
                        "workspace \"{workspace}\" is not in the archive, so what it needs is \
                         unknown"
                    )
                })
                .help(|| {
                    "make sure the server you restore to has the workspace, and look up there \
                     which connections and files it asks for"
                        .to_owned()
                }),
            Self::WorkspaceUnreadable {
                workspace,
                why,
                limit,
            } => warn("workspace-unreadable", 926_144)
                .about(Concern::Workspace, Some(workspace))
                .acts(Actor::UpgradeEngineer)
                .message(|| format!("what workspace \"{workspace}\" needs is unknown: {why}"))
                .help(|| match limit {
                    Some(limit) => limit.help().to_owned(),
                    None => "open it in FME Workbench and look up which connections and files it \
                             asks for"
                        .to_owned(),
                }),
            Self::AutomationMissing { automation } => warn("automation-missing", 926_146)
                .about(Concern::App, None)
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    format!(
                        "automation \"{automation}\" of the app is not in the archive, so what the app \
                         needs is unknown"
                    )
                })
                .help(|| {
                    "make sure the server you restore to has the automation, or export it along \
                     with the app"
                        .to_owned()
                }),
            Self::AutomationStopped { automation } => inform("automation-stopped", 926_147)
                .about(Concern::App, None)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!("automation \"{automation}\" of the app is stopped, so the app starts nothing")
                })
                .help(|| "start the automation after the restore if the app should work".to_owned()),
            Self::EntriesMissing {
                count,
                first,
                backslashes,
            } => warn("entries-missing", 926_145)
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    let more = if *count > first.len() as u64 { ", …" } else { "" };
                    let entries = if *count == 1 { "entry" } else { "entries" };
                    format!(
                        "files.map names {count} {entries} that the archive does not have: {}{more}",
                        quoted(first)
                    )
                })
                .help(|| match backslashes {
                    true => "names in the archive have backslashes, as Compress-Archive of Windows \
                             PowerShell 5 writes them; zip it again with PowerShell 7 or 7-Zip"
                        .to_owned(),
                    false => "export the archive again, and look whether something took the files \
                              out, such as a virus scanner"
                        .to_owned(),
                }),
            Self::AppKindUnverified { kind } => warn("app-kind-unverified", 926_141)
                .about(Concern::App, None)
                .acts(Actor::AppOwner)
                .message(|| {
                    format!(
                        "apps of the kind {kind} were not seen in any archive; this one is migrated \
                         like the others"
                    )
                })
                .help(|| "try this app first after the restore".to_owned()),
            Self::OwnerRightsUnknown {
                owner,
                connections,
                roles_unknown,
            } => inform("owner-rights-unknown", 926_135)
                .about(Concern::App, None)
                .acts(Actor::AppOwner)
                .message(|| {
                    let why = match roles_unknown {
                        0 => "the owner is not in the archive".to_owned(),
                        1 => "1 role of the owner is not in it".to_owned(),
                        count => format!("{count} roles of the owner are not in it"),
                    };
                    format!(
                        "whether owner \"{owner}\" may run {} cannot be told from the archive: {why}",
                        quoted(connections)
                    )
                })
                .help(|| {
                    "after the restore, see on the app's Edit page whether its Connections can be \
                     used; if not, their owners share them with the app's owner (Run)"
                        .to_owned()
                }),
            Self::OwnerNotInArchive { owner } => inform("owner-not-in-archive", 926_136)
                .about(Concern::App, None)
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    format!(
                        "owner \"{owner}\" is not in the archive; where the server you import into has \
                         no such user, whoever imports becomes the owner"
                    )
                })
                .help(|| {
                    "import as the user who shall own the apps, or export again with the users"
                        .to_owned()
                }),
            Self::OwnerDisabled { owner } => warn("owner-disabled", 926_138)
                .about(Concern::App, None)
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    format!(
                        "owner \"{owner}\" is disabled, and the app's permissions are tied to the \
                         owner in 2026.1"
                    )
                })
                .help(|| {
                    "find out whether the app runs today; if it has to, someone else should build it \
                     anew, for changing the owner disables it"
                        .to_owned()
                }),
            Self::LinkMissing { app } => warn("link-missing", 926_148)
                .about(Concern::App, Some(app))
                .acts(Actor::AppOwner)
                .message(|| format!("the gallery links to app \"{app}\", which is not in the archive"))
                .help(|| {
                    "make sure the server you restore to has that app, or take the link out".to_owned()
                })
                .task(|| {
                    "after the restore, try the link, and take it out if the app is gone".to_owned()
                }),
            Self::LinkDisabled { app } => warn("link-disabled", 926_149)
                .about(Concern::App, Some(app))
                .acts(Actor::AppOwner)
                .message(|| format!("the gallery links to app \"{app}\", which will not run"))
                .help(|| {
                    "ask that app's owner to enable it after the restore, or take the link out"
                        .to_owned()
                }),
            Self::FormUnconfirmed { learned } => warn("form-unconfirmed", 926_153)
                .acts(Actor::UpgradeEngineer)
                .message(|| {
                    let place = if *learned {
                        "where the profile says, and no round trip has confirmed it"
                    } else {
                        "in flowlift's own place"
                    };
                    format!(
                        "where FME Flow 2026.1 keeps an app's Connection permissions is not published; \
                         the final form has them {place}"
                    )
                })
                .help(|| {
                    let first = if *learned {
                        "import what is written into a test server, export it again, and give both to \
                         flowlift calibrate confirm"
                    } else {
                        "import one project into a test server first and compare the apps' Connection \
                         Permissions with the log"
                    };
                    format!("{first}; --form staged leaves the transfer to FME Flow")
                }),
            Self::OldApiCalled { .. }
            | Self::SlashAtEnd { .. }
            | Self::TransformerDeprecated { .. }
            | Self::TokenInText { .. }
            | Self::TokenServiceCalled { .. }
            | Self::TokensWithoutApp { .. }
            | Self::WebhookOpen { .. }
            | Self::EncryptionRestricted
            | Self::SensitiveLeftOut { .. }
            | Self::TextsRead { .. }
            | Self::OutsideTheArchive { .. } => self.describe_readiness(words),
            Self::Recorded {
                code,
                number,
                level,
                message,
            } => Description::recorded(code, *number, *level, message, words),
        }
    }
}

/// What can be done about an app that is disabled for its token.
fn enable() -> String {
    "enable the app after the restore if it should run".to_owned()
}
