//! Every fact is told, documented and stored: there is an example of each, which all these tests go through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::description::{Description, Wording};
use super::{Fact, Lacking, Occurrence, Outside, page, pages};
use crate::flow::{AppKind, Permissions};
use crate::workspace::Usage;

fn name() -> Arc<str> {
    Arc::from("x")
}

/// One of each.
fn all() -> Vec<Fact> {
    [of_items(), of_tokens(), of_apps(), of_the_server()].concat()
}

/// Of Connections, Resources and automations.
fn of_items() -> Vec<Fact> {
    let permissions = Permissions::run;
    let lacking = Lacking {
        owner: name(),
        connection_owners: Arc::new([name()]),
    };
    vec![
        Fact::ConnectionCarried {
            connection: name(),
            permissions: permissions(),
        },
        Fact::ConnectionNotInArchive { connection: name() },
        Fact::OwnerLacksConnection {
            connection: name(),
            lacking: lacking.clone(),
        },
        Fact::ConnectionNeededNotGranted {
            connection: name(),
            workspace: name(),
            usage: Usage::Other("odd".to_owned()),
            lacking: Some(Box::new(lacking)),
        },
        Fact::ConnectionUnused { connection: name() },
        Fact::GeneralConnectionDropped {
            permissions: permissions(),
        },
        Fact::ResourceDropped {
            resource: name(),
            permissions: permissions(),
            judged: false,
        },
        Fact::ResourceCarried {
            resource: name(),
            permissions: permissions(),
        },
        Fact::ResourceActionNeeded {
            resource: name(),
            permissions: permissions(),
            parameters: Arc::new([name()]),
        },
        Fact::ResourceNamed {
            resource: name(),
            workspace: Some(name()),
        },
        Fact::ConnectionByExpression {
            expression: name(),
            workspace: name(),
        },
        Fact::AutomationMissing { automation: name() },
        Fact::AutomationStopped { automation: name() },
        Fact::ResourceWithoutFileParameter {
            resource: name(),
            kind: AppKind::Ar,
        },
        Fact::GeneralResourceDropped {
            permissions: permissions(),
        },
    ]
}

/// Of tokens and their roles.
fn of_tokens() -> Vec<Fact> {
    let expires = "Sat-13-Oct-2035 11:00:00 PM".parse().unwrap();
    vec![
        Fact::TokenMissing { token: None },
        Fact::TokenUnrestricted {
            token: name(),
            expanded: false,
        },
        Fact::TokenDisabled { token: name() },
        Fact::TokenExpired {
            token: name(),
            expires,
        },
        Fact::TokenExpiryLost {
            token: name(),
            expires,
        },
        Fact::ExpiryCarried {
            token: name(),
            expires,
        },
        Fact::TokenExpiryUnreadable {
            token: name(),
            date: name(),
        },
        Fact::TokenShared {
            token: name(),
            apps: 2,
        },
        Fact::TokenOwnerDiffers {
            token: name(),
            owner: name(),
            user: name(),
        },
        Fact::TokenRetired {
            token: name(),
            user: name(),
            roles: 1,
            grants: 2,
        },
        Fact::RoleKept { role: name() },
        Fact::TokenAmbiguous {
            token: name(),
            users: [name()].into(),
        },
        Fact::TokenHeldMore {
            token: name(),
            user: name(),
            grants: 2,
        },
        Fact::TokenUsedElsewhere {
            token: name(),
            by: Arc::from(["webhooks".into(), "automation".into()]),
        },
    ]
}

/// Of apps, their owners and what they run.
fn of_apps() -> Vec<Fact> {
    vec![
        Fact::WorkspaceMissing { workspace: name() },
        Fact::WorkspaceUnreadable {
            workspace: name(),
            why: name(),
            limit: Some(crate::limits::Limit::Value),
        },
        Fact::EntriesMissing {
            count: 4,
            first: [name()].into(),
            backslashes: true,
        },
        Fact::AppKindUnverified { kind: AppKind::Ar },
        Fact::OwnerRightsUnknown {
            owner: name(),
            connections: [name()].into(),
            roles_unknown: 1,
        },
        Fact::OwnerNotInArchive { owner: name() },
        Fact::OwnerDisabled { owner: name() },
        Fact::LinkMissing { app: name() },
        Fact::LinkDisabled { app: name() },
    ]
}

/// Of what else changes with 2026.1.
fn of_the_server() -> Vec<Fact> {
    let found = || Occurrence {
        place: name(),
        line: 1,
        count: 2,
    };
    vec![
        Fact::OldApiCalled { found: found() },
        Fact::SlashAtEnd { found: found() },
        Fact::TransformerDeprecated {
            transformer: name(),
            found: found(),
        },
        Fact::TokenInText {
            in_address: true,
            found: found(),
        },
        Fact::TokenServiceCalled { found: found() },
        Fact::TokensWithoutApp {
            user: name(),
            tokens: [name()].into(),
            disabled: 1,
            expired: 0,
            unrestricted: 2,
            beyond_cap: 0,
        },
        Fact::WebhookOpen {
            automation: name(),
            webhooks: 1,
        },
        Fact::EncryptionRestricted,
        Fact::SensitiveLeftOut { connections: 3 },
        Fact::TextsRead {
            headers: 1,
            texts: 2,
            large: 0,
            binary: 3,
            unreadable: 0,
        },
        Fact::OutsideTheArchive {
            what: Outside::Pages,
        },
        Fact::FormUnconfirmed { learned: true },
    ]
}

/// The codes of all facts, as their names have it.
fn codes() -> BTreeSet<String> {
    let unknown = serde_json::from_str::<Fact>(r#"{"code": "no such"}"#);
    let error = unknown.unwrap_err().to_string();
    let (_, known) = error.split_once("expected one of ").unwrap();
    let known = known.split('`').skip(1).step_by(2);
    known.map(str::to_owned).collect()
}

#[test]
fn every_code_is_that_of_its_fact_and_has_a_number_of_its_own() {
    let all = all();
    let described = all.iter().map(|fact| fact.describe(Wording::Unmade));
    let numbers: BTreeMap<_, _> = described.map(|it| (it.number, it.code)).collect();
    let told: BTreeSet<_> = numbers.values().map(|&code| code.to_owned()).collect();
    assert_eq!((numbers.len(), told), (all.len(), codes()));
    for fact in all {
        let stored = serde_json::to_value(&fact).unwrap();
        assert_eq!(stored["code"], fact.describe(Wording::Unmade).code);
    }
}

#[test]
fn a_fact_is_read_as_it_was_stored() {
    for fact in all() {
        let stored = serde_json::to_string(&fact).unwrap();
        assert_eq!(serde_json::from_str::<Fact>(&stored).unwrap(), fact);
    }
}

#[test]
fn every_code_has_a_heading_with_its_number_and_every_heading_is_a_code() {
    let headings: BTreeSet<_> = pages().map(|page| page.code.to_owned()).collect();
    assert_eq!(headings, codes());
    for fact in all() {
        let Description { code, number, .. } = fact.describe(Wording::Unmade);
        let found = page(&number.to_string()).map(|page| page.code);
        assert_eq!(found, Some(code), "{number}");
    }
}

#[test]
fn words_are_made_only_where_they_are_wanted() {
    for fact in all() {
        let told = fact.describe(Wording::Made);
        assert!(!told.message.is_empty());
        let counted = fact.describe(Wording::Unmade);
        assert_eq!(
            (&*counted.message, counted.help, counted.task),
            ("", None, None)
        );
        // Whoever has to act is told what to do.
        assert!(told.actor.is_none() || told.help.is_some(), "{}", told.code);
    }
}

#[test]
fn a_fact_takes_no_more_room_than_it_has_to() {
    assert!(size_of::<Fact>() <= 72, "{}", size_of::<Fact>());
}
