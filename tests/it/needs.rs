//! What an app needs, from everything that it asks with: in small archives that each show one odd
//! situation. They lie outside the repository, like the corpus.

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
