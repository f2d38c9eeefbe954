//! The judgement that an administrator would give, in small archives that each show one odd situation.
//! They lie outside the repository, like the corpus.

use serde_json::Value;

use super::support::corpus;
use super::support::run::run;

/// What is told of an archive.
struct Told(Value);

impl Told {
    /// None where the cases are not there.
    fn of(case: &str) -> Option<Self> {
        let cases = corpus::cases()?.into_iter();
        let mut cases = cases.filter(|path| path.file_stem().is_some_and(|stem| stem == case));
        let path = cases.next().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let words = ["audit", "--format", "json", path.to_str().unwrap()];
        Some(Self(run(folder.path(), &words).archive()))
    }

    /// The findings of a code, in order.
    fn all(&self, code: &str) -> Vec<&Value> {
        let findings = self.0["findings"].as_array().unwrap().iter();
        findings.filter(|it| it["code"] == code).collect()
    }

    fn has(&self, code: &str) -> bool {
        !self.all(code).is_empty()
    }

    fn one(&self, code: &str) -> &Value {
        let all = self.all(code);
        assert_eq!(all.len(), 1, "{code}: {:?}", self.codes());
        all[0]
    }

    fn codes(&self) -> Vec<&str> {
        let findings = self.0["findings"].as_array().unwrap().iter();
        findings.map(|it| it["code"].as_str().unwrap()).collect()
    }

    fn impact(&self, app: &str) -> &str {
        let apps = self.0["apps"].as_array().unwrap().iter();
        let mut apps = apps.filter(|it| it["name"] == app);
        apps.next().unwrap()["impact"].as_str().unwrap()
    }
}

#[test]
fn a_file_that_an_automation_app_asks_for_makes_its_resource_needed() {
    let Some(told) = Told::of("manual-file-parameter") else {
        return;
    };
    let needed = told.one("resource-action-needed");
    assert_eq!(needed["impact"], "action");
    let message = needed["message"].as_str().unwrap();
    assert!(message.contains("\"SourceFile\""), "{message}");
    assert!(!told.has("resource-without-file-parameter"));
}

#[test]
fn an_automation_that_was_not_exported_is_said() {
    let Some(told) = Told::of("automation-not-exported") else {
        return;
    };
    assert_eq!(told.one("automation-missing")["actor"], "upgrade-engineer");
    assert_eq!(told.impact("earthquake-automation-app"), "check");
}

#[test]
fn a_connection_named_by_an_expression_is_neither_needed_nor_unused() {
    let Some(told) = Told::of("connection-by-expression") else {
        return;
    };
    let unknown = told.one("connection-by-expression");
    assert_eq!(unknown["level"], "INFORM");
    assert!(!told.has("connection-unused"), "{:?}", told.codes());
    for needed in told.all("connection-needed-not-granted") {
        assert!(!needed["item"].as_str().unwrap().contains("@Value"));
    }
}

#[test]
fn an_owner_who_is_disabled_is_said() {
    let Some(told) = Told::of("owner-disabled") else {
        return;
    };
    let disabled = told.one("owner-disabled");
    assert_eq!(disabled["actor"], "upgrade-engineer");
    assert!(disabled["message"].as_str().unwrap().contains("\"alice\""));
}

#[test]
fn a_token_that_could_be_that_of_several_names_their_users() {
    let Some(told) = Told::of("two-tokens-of-one-name") else {
        return;
    };
    let ambiguous = told.one("token-ambiguous");
    assert!(!told.has("token-missing"));
    let message = ambiguous["message"].as_str().unwrap();
    assert_eq!(message.matches('"').count(), 6, "{message}");
}

#[test]
fn an_administrator_may_run_every_connection_and_in_a_project_that_is_unknown() {
    let Some(backup) = Told::of("superuser-owns-the-app") else {
        return;
    };
    for code in ["owner-lacks-connection", "owner-rights-unknown"] {
        assert!(!backup.has(code), "{code}");
    }
    let project = Told::of("superuser-in-a-project").unwrap();
    assert!(!project.has("owner-lacks-connection"));
    assert_eq!(project.one("owner-rights-unknown")["level"], "INFORM");
}

#[test]
fn an_owner_who_is_not_in_the_archive_is_unknown() {
    let Some(told) = Told::of("owner-not-in-the-archive") else {
        return;
    };
    assert!(!told.has("owner-lacks-connection"));
    let message = told.one("owner-not-in-archive")["message"].as_str();
    assert!(message.unwrap().contains("becomes the owner"));
}

#[test]
fn an_app_whose_owner_was_changed_does_not_run_and_says_why() {
    let Some(told) = Told::of("owner-changed") else {
        return;
    };
    assert_eq!(told.0["apps"][0]["enabled"], false);
    let message = told.one("token-owner-differs")["message"].as_str();
    assert!(message.unwrap().contains("disables an app whose owner"));
}

#[test]
fn who_may_run_one_of_two_connections_of_one_name_lacks_none() {
    let Some(told) = Told::of("same-connection-two-owners") else {
        return;
    };
    assert!(!told.has("owner-lacks-connection"), "{:?}", told.codes());
}
