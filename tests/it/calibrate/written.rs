//! What is written through a profile.

use std::collections::BTreeSet;

use super::*;

#[test]
fn what_is_written_through_a_profile_gives_every_app_exactly_what_its_token_had() {
    let folder = tempfile::tempdir().unwrap();
    for place in Place::LEARNABLE {
        profile_in(folder.path(), place);
        for seed in 0..2 {
            let random = |at: usize| number(seed, at as u64) as usize;
            let server = Server::new((2, 5, 1 + random(0) % 8), |app| {
                let some = (0..5).filter(|at| random(100 + app * 10 + at) % 3 == 0);
                let words = |at| {
                    if random(200 + app * 10 + at) % 2 == 0 {
                        "RUN"
                    } else {
                        "RUN,WRITE"
                    }
                };
                some.map(|at| (at, words(at))).collect()
            });
            fs_err::write(folder.path().join("before.fsproject"), server.old_project()).unwrap();
            let words = [
                "migrate",
                "-q",
                "--force",
                "--profile",
                "server.toml",
                "-o",
                "written.fsproject",
            ];
            done(folder.path(), &[&words[..], &["before.fsproject"]].concat());
            let verify = [
                "verify",
                "--profile",
                "server.toml",
                "before.fsproject",
                "written.fsproject",
            ];
            done(folder.path(), &verify);
            let written = fs_err::read(folder.path().join("written.fsproject")).unwrap();
            assert_eq!(
                held(&Server::import(&written, place)),
                held(&server),
                "{place:?} {seed}"
            );
            let again = run(
                folder.path(),
                &["migrate", "--profile", "server.toml", "written.fsproject"],
            );
            assert!(again.stdout.contains("nothing to do"), "{}", again.text());
        }
    }
}

#[test]
fn what_was_never_seen_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for place in Place::LEARNABLE {
        profile_in(folder.path(), place);
        let mut server = Server::usual();
        let odd = BTreeSet::from(["NAMEDCONNECTIONS_TEST".to_owned()]);
        server.apps[0].held.insert("Connection 2".to_owned(), odd);
        fs_err::write(folder.path().join("before.fsproject"), server.old_project()).unwrap();
        let words = ["migrate", "--profile", "server.toml", "before.fsproject"];
        let outcome = run(folder.path(), &words);
        assert_eq!(outcome.code, 3, "{place:?}: {}", outcome.text());
        assert!(outcome.stderr.contains("not seen"), "{}", outcome.stderr);
    }
}

#[test]
fn a_staged_source_becomes_the_same_bytes_as_the_source_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let migrate = |source: &str, target: &str, more: &str| {
        let words = format!("migrate -q --no-history --force {more} -o {target} {source}");
        done(folder.path(), &words.split_whitespace().collect::<Vec<_>>());
        fs_err::read(path(target)).unwrap()
    };
    for place in Place::LEARNABLE.into_iter().chain([Place::Own]) {
        profile_in(folder.path(), place);
        fs_err::write(path("source.fsproject"), Server::usual().old_project()).unwrap();
        let staged = migrate("source.fsproject", "staged.fsproject", "");
        for form in ["--form final", "--profile server.toml"] {
            let of_source = migrate("source.fsproject", "one.fsproject", form);
            let of_staged = migrate("staged.fsproject", "two.fsproject", form);
            assert!(of_source == of_staged, "{place:?} {form}");
            assert!(of_source != staged);
        }
        let verify = "verify --profile server.toml staged.fsproject two.fsproject";
        done(folder.path(), &verify.split(' ').collect::<Vec<_>>());
    }
}
