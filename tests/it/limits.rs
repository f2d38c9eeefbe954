//! Limits that a good archive may exceed: what stops at one says how it is raised, and goes on when
//! it is.

use std::path::Path;

use super::support::run::{Outcome, run};
use super::support::small::small;
use flowlift::limits::{Limit, Limits};

/// The small project with something too long in one of its entries, or as it is.
fn exceeding(limit: Limit) -> tempfile::TempDir {
    let long = |bytes: u64| "x".repeat(usize::try_from(bytes).unwrap() + 1);
    let limits = Limits::default();
    let mut parts = small();
    match limit {
        // A parser that is not optimised takes half a minute for more than the default.
        // Nor should a small test hold so many names; both limits are lowered instead.
        Limit::ProjectYml | Limit::Text => {}
        Limit::Value => parts.part("data.xml").edit(|data| {
            let (before, after) = ("<value>R</value>", long(limits.value));
            assert!(data.contains(before));
            data.replacen(before, &format!("<value>{after}</value>"), 1)
        }),
        Limit::WorkspaceLine => parts.part("files/0_w.fmw").edit(|text| {
            let line = format!(
                "#!   DESCRIPTION=\"{}\"\n#! >\n",
                long(limits.workspace_line)
            );
            text.replacen("#! >\n", &line, 1)
        }),
    }
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a.fsproject"), parts.build()).unwrap();
    folder
}

fn plan(folder: &Path, words: &[&str]) -> Outcome {
    let plan = ["plan", "--format", "json", "a.fsproject"];
    run(folder, &[&plan, words].concat())
}

/// The option that a help line says, such as `--limit value=1M`.
fn said(help: &str, limit: Limit) -> [String; 2] {
    let (_, option) = help.split_once("--limit ").unwrap();
    let (option, _) = option.split_once(',').unwrap();
    assert!(option.starts_with(limit.as_str()), "{help}");
    ["--limit".to_owned(), option.to_owned()]
}

/// An archive that is refused, and the option that raises the limit, as the refusal says it.
fn refused(limit: Limit, bytes: u64, words: &[&str]) -> (tempfile::TempDir, [String; 2]) {
    let folder = exceeding(limit);
    let refused = plan(folder.path(), words);
    assert_eq!(refused.code, 3, "{refused:?}");
    let evidence = format!("is longer than {bytes} bytes, the limit {limit}");
    assert!(refused.stderr.contains(&evidence), "{}", refused.stderr);
    let (_, help) = refused.stderr.split_once("help: ").unwrap();
    (folder, said(help, limit))
}

#[test]
fn a_project_yml_beyond_its_limit_is_refused_until_that_is_raised() {
    let (folder, [option, raised]) =
        refused(Limit::ProjectYml, 100, &["--limit", "project-yml=100"]);
    let outcome = plan(folder.path(), &[&option, &raised]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

#[test]
fn names_that_together_are_beyond_the_limit_are_refused_until_that_is_raised() {
    let (folder, [option, raised]) = refused(Limit::Text, 100, &["--limit", "text=100"]);
    let outcome = plan(folder.path(), &[&option, &raised]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

#[test]
fn a_value_beyond_its_limit_is_refused_by_every_command_until_that_is_raised() {
    let (folder, [option, raised]) = refused(Limit::Value, 65_536, &[]);
    for command in ["plan", "migrate", "audit", "inspect", "verify"] {
        let words = match command {
            "verify" => &[command, "a.fsproject", "a-2026.1.fsproject"][..],
            _ => &[command, "a.fsproject"],
        };
        let outcome = run(folder.path(), words);
        assert_eq!(outcome.code, 3, "{command}: {}", outcome.stderr);
        let outcome = run(folder.path(), &[words, &[&option, &raised]].concat());
        assert_eq!(outcome.code, 0, "{command}: {}", outcome.stderr);
    }
}

#[test]
fn a_workspace_with_a_line_beyond_its_limit_is_a_finding_until_that_is_raised() {
    let folder = exceeding(Limit::WorkspaceLine);
    let finding = |words: &[&str]| {
        let archive = plan(folder.path(), words).archive();
        let findings = archive["findings"].as_array().unwrap();
        let unreadable = |it: &&serde_json::Value| it["code"] == "workspace-unreadable";
        findings.iter().find(unreadable).cloned()
    };
    let found = finding(&[]).unwrap();
    let message = found["message"].as_str().unwrap();
    let evidence = "is longer than 16777216 bytes, the limit workspace-line";
    assert!(message.ends_with(evidence), "{message}");
    let [option, raised] = said(found["help"].as_str().unwrap(), Limit::WorkspaceLine);
    assert_eq!(finding(&[&option, &raised]), None);
}

#[test]
fn a_limit_that_is_not_known_is_a_mistake_that_lists_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = plan(folder.path(), &["--limit", "depth=1M"]);
    assert_eq!(outcome.code, 2);
    for limit in Limit::ALL {
        assert!(outcome.stderr.contains(limit.as_str()), "{outcome:?}");
    }
    let outcome = plan(folder.path(), &["--limit", "value=much"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}
