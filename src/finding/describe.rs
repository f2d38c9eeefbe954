//! What each fact means is told once, in the file of what it is about; here is which file that is.
//!
//! What else a new one takes: "Adding a finding" in `docs/architecture.md`.

use super::description::{Description, Wording};
use super::{
    Fact, apps, archive, connections, expiry, owners, readiness, resources, tokens, workspaces,
};

impl Fact {
    #[rustfmt::skip] // A line for each fact.
    pub(super) fn describe(&self, words: Wording) -> Description<'_> {
        match self {
            Self::ConnectionCarried { connection, permissions } => connections::carried(words, connection, permissions),
            Self::ConnectionNotInArchive { connection } => connections::not_in_archive(words, connection),
            Self::OwnerLacksConnection { connection, lacking } => connections::owner_lacks(words, connection, lacking),
            Self::ConnectionNeededNotGranted { connection, workspace, usage, lacking } =>
                connections::needed(words, connection, workspace, usage, lacking.as_deref()),
            Self::ConnectionUnused { connection } => connections::unused(words, connection),
            Self::ConnectionByExpression { expression, workspace } =>
                connections::by_expression(words, expression, workspace),
            Self::GeneralConnectionDropped { permissions } => connections::general_dropped(words, permissions),

            Self::ResourceDropped { resource, permissions, judged } =>
                resources::dropped(words, resource, permissions, *judged),
            Self::ResourceCarried { resource, permissions } => resources::carried(words, resource, permissions),
            Self::ResourceActionNeeded { resource, permissions, parameters } =>
                resources::action_needed(words, resource, permissions, parameters),
            Self::ResourceNamed { resource, workspace } => resources::named(words, resource, workspace.as_ref()),
            Self::ResourceWithoutFileParameter { resource, kind } =>
                resources::without_file_parameter(words, resource, *kind),
            Self::GeneralResourceDropped { permissions } => resources::general_dropped(words, permissions),

            Self::TokenMissing { token } => tokens::missing(words, token.as_ref()),
            Self::TokenAmbiguous { token, users } => tokens::ambiguous(words, token, users),
            Self::TokenUnrestricted { token, expanded: false } => tokens::unrestricted(words, token),
            Self::TokenUnrestricted { token, expanded: true } => tokens::expanded(words, token),
            Self::TokenDisabled { token } => tokens::disabled(words, token),
            Self::TokenShared { token, apps } => tokens::shared(words, token, *apps),
            Self::TokenOwnerDiffers { token, owner, user } => tokens::owner_differs(words, token, owner, user),
            Self::TokenRetired { token, user, roles, grants } => tokens::retired(words, token, user, *roles, *grants),
            Self::TokenHeldMore { token, user, grants } => tokens::held_more(words, token, user, *grants),
            Self::RoleKept { role } => tokens::role_kept(words, role),
            Self::TokenUsedElsewhere { token, by } => tokens::used_elsewhere(words, token, by),

            Self::TokenExpired { token, expires } => expiry::past(words, token, *expires),
            Self::TokenExpiryLost { token, expires } => expiry::lost(words, token, *expires),
            Self::ExpiryCarried { token, expires } => expiry::carried(words, token, *expires),
            Self::TokenExpiryUnreadable { token, date } => expiry::unreadable(words, token, date),

            Self::WorkspaceMissing { workspace } => workspaces::missing(words, workspace),
            Self::WorkspaceUnreadable { workspace, why, limit } =>
                workspaces::unreadable(words, workspace, why, *limit),

            Self::AutomationMissing { automation } => apps::automation_missing(words, automation),
            Self::AutomationStopped { automation } => apps::automation_stopped(words, automation),
            Self::AppKindUnverified { kind } => apps::kind_unverified(words, *kind),
            Self::LinkMissing { app } => apps::link_missing(words, app),
            Self::LinkDisabled { app } => apps::link_disabled(words, app),

            Self::OwnerRightsUnknown { owner, connections, roles_unknown } =>
                owners::rights_unknown(words, owner, connections, *roles_unknown),
            Self::OwnerNotInArchive { owner } => owners::not_in_archive(words, owner),
            Self::OwnerDisabled { owner } => owners::disabled(words, owner),

            Self::EntriesMissing { count, first, backslashes } =>
                archive::entries_missing(words, *count, first, *backslashes),
            Self::FormUnconfirmed { learned } => archive::form_unconfirmed(words, *learned),
            Self::Recorded { code, number, level, message } =>
                Description::recorded(code, *number, *level, message, words),

            Self::OldApiCalled { found } => readiness::old_api_called(words, found),
            Self::SlashAtEnd { found } => readiness::slash_at_end(words, found),
            Self::TransformerDeprecated { transformer, found } =>
                readiness::transformer_deprecated(words, transformer, found),
            Self::TokenInText { in_address, found } => readiness::token_in_text(words, *in_address, found),
            Self::TokenServiceCalled { found } => readiness::token_service_called(words, found),
            Self::TokensWithoutApp { user, tokens, disabled, expired, unrestricted, beyond_cap } =>
                readiness::tokens_without_app(words, user, tokens, [*disabled, *expired, *unrestricted, *beyond_cap]),
            Self::WebhookOpen { automation, webhooks } => readiness::webhook_open(words, automation, *webhooks),
            Self::EncryptionRestricted => readiness::encryption_restricted(words),
            Self::SensitiveLeftOut { connections } => readiness::sensitive_left_out(words, *connections),
            Self::TextsRead { headers, texts, large, binary, unreadable } =>
                readiness::texts_read(words, [*headers, *texts], [*large, *binary, *unreadable]),
            Self::OutsideTheArchive { what } => readiness::outside(words, *what),
        }
    }
}
