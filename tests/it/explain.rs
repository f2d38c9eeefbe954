//! What a finding means, as whoever meets its code or its number is told.

use std::path::Path;

use super::support::run::run;

#[test]
fn a_code_and_its_number_lead_to_the_same_page() {
    let outcome = run(Path::new("."), &["explain", "owner-lacks-connection"]);
    insta::assert_snapshot!("explain", outcome.text());
    assert!(
        outcome
            .stdout
            .lines()
            .all(|line| line.chars().count() <= 100)
    );
    assert_eq!(run(Path::new("."), &["explain", "926131"]), outcome);
    let shouted = run(Path::new("."), &["explain", "OWNER-LACKS-CONNECTION"]);
    assert_eq!(shouted, outcome);
}

#[test]
fn a_misspelt_code_is_a_mistake_that_names_the_one_that_was_meant() {
    let outcome = run(Path::new("."), &["explain", "owner-lack-conection"]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome
            .stderr
            .contains("did you mean owner-lacks-connection?")
    );
    let stranger = run(Path::new("."), &["explain", "xyz"]);
    assert_eq!(stranger.code, 2);
    assert!(
        stranger.stderr.contains("token-missing, "),
        "{}",
        stranger.stderr
    );
}
