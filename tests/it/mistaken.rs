//! Files and folders that people give by mistake: each is said as what it is, with the way out.

use std::path::Path;

use super::support::run::{run, slashes};
use super::support::small::small;

/// What the program says about the file `name`.
fn said(folder: &Path, name: &str) -> String {
    let outcome = run(folder, &["plan", name]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    outcome.stderr
}

#[test]
fn a_file_that_is_no_archive_is_said_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, what, help) in [
        (
            "._x.fsproject",
            &b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02"[..],
            "AppleDouble",
            "without ._",
        ),
        (
            "lfs.fsproject",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "a pointer of Git LFS",
            "git lfs pull",
        ),
        (
            "page.fsconfig",
            b"<!DOCTYPE html>\n<html><head><title>Log in</title>",
            "a web page (HTML)",
            "sign in",
        ),
        (
            "error.fsconfig",
            b"{\"message\":\"Authentication failed\"}",
            "a message for a program (JSON)",
            "as a rule an error",
        ),
        ("packed.fsproject", b"\x1f\x8b\x08\0", "(gzip)", "unpack it"),
        (
            "empty.fsproject",
            b"",
            "the file is empty",
            "not transferred",
        ),
    ] {
        fs_err::write(folder.path().join(name), content).unwrap();
        let said = said(folder.path(), name);
        assert!(said.contains(&format!("{name}: not a ZIP: ")), "{said}");
        assert!(said.contains(what) && said.contains(help), "{said}");
    }
}

#[test]
fn an_unpacked_archive_is_said_and_what_lies_in_it_is_not_taken_for_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let unpacked = folder.path().join("exports/x.fsproject");
    fs_err::create_dir_all(unpacked.join("files")).unwrap();
    fs_err::write(unpacked.join("files/0_payload.fsproject"), small().build()).unwrap();
    fs_err::write(folder.path().join("exports/y.fsproject"), small().build()).unwrap();
    let bare = folder.path().join("unzipped");
    fs_err::create_dir(&bare).unwrap();
    for name in ["properties.xml", "data.xml"] {
        fs_err::write(bare.join(name), "").unwrap();
    }
    for name in ["exports/x.fsproject", "exports/x.fsproject/", "unzipped"] {
        let said = said(folder.path(), name);
        assert!(said.contains("a folder, and not the archive"), "{said}");
        assert!(said.contains("zip what is in the folder"), "{said}");
    }
    let outcome = run(folder.path(), &["plan", "--format", "json", "exports"]);
    let document: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let archives = document["archives"].as_array().unwrap();
    let outcomes: Vec<_> = archives
        .iter()
        .map(|archive| {
            let path = slashes(archive["path"].as_str().unwrap());
            (path, archive["outcome"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("exports/x.fsproject".to_owned(), "refused"),
        ("exports/y.fsproject".to_owned(), "planned"),
    ];
    assert_eq!(outcomes, expected);
}

#[test]
fn an_archive_in_a_zip_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut outer = small();
    outer.entries.truncate(1);
    outer.entries[0].name = b"x.fsproject".to_vec();
    fs_err::write(folder.path().join("x.fsproject.zip"), outer.build()).unwrap();
    let said = said(folder.path(), "x.fsproject.zip");
    assert!(said.contains("x.fsproject is in it instead"), "{said}");
    assert!(said.contains("unzip it"), "{said}");
}

#[test]
fn entries_that_files_map_names_in_vain_are_counted_and_backslashes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |archive: &[u8]| {
        fs_err::write(folder.path().join("x.fsproject"), archive).unwrap();
        run(folder.path(), &["plan", "--format", "json", "x.fsproject"]).archive()
    };
    let finding = |archive: serde_json::Value| {
        let findings = archive["findings"].as_array().unwrap().clone();
        let mut findings = findings.into_iter();
        findings.find(|finding| finding["code"] == "entries-missing")
    };
    assert_eq!(finding(plan(&small().build())), None);
    let mut powershell = small();
    for part in &mut powershell.entries {
        let name = String::from_utf8(part.name.clone()).unwrap();
        part.name = name.replace('/', "\\").into_bytes();
    }
    let found = finding(plan(&powershell.build())).unwrap();
    let message = found["message"].as_str().unwrap();
    assert!(
        message.ends_with("names 1 entry that the archive does not have: \"files/0_w.fmw\""),
        "{message}"
    );
    assert!(found["help"].as_str().unwrap().contains("PowerShell 5"));
    let mut scanned = small();
    scanned.entries.remove(3);
    let found = finding(plan(&scanned.build())).unwrap();
    assert!(found["help"].as_str().unwrap().contains("virus scanner"));
}

#[test]
fn of_several_archives_the_one_that_is_wrong_is_named_and_once() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("good"), small().build()).unwrap();
    fs_err::write(folder.path().join("wrong"), "no archive").unwrap();
    let mut twice = small();
    let value = "<type>string</type><value>";
    let data = twice.part("data.xml").text();
    let data = data.replacen(value, &format!("{value}a</value><value>"), 1);
    twice.part("data.xml").fill(data.as_bytes());
    fs_err::write(folder.path().join("twice"), twice.build()).unwrap();
    for bad in ["wrong", "twice", "gone"] {
        for words in [
            &["verify", bad, "good"][..],
            &["compare", bad, "good"],
            &["compare", "good", bad],
            &["calibrate", "-o", "profile", bad, "good"],
            &["calibrate", "-o", "profile", "good", bad],
            &["plan", bad],
            &["audit", bad],
            &["inspect", bad],
            &["migrate", bad],
        ] {
            let outcome = run(folder.path(), words);
            let said = outcome.text();
            assert_ne!(outcome.code, 0, "{words:?}: {said}");
            let named = said.matches(bad).count();
            assert_eq!(
                (named, said.contains("good")),
                (1, false),
                "{words:?}: {said}"
            );
        }
    }
}

#[test]
fn a_link_to_nothing_is_not_taken_for_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.fsproject");
    if cfg!(unix) {
        assert!(
            std::process::Command::new("ln")
                .arg("-s")
                .arg("gone")
                .arg(&link)
                .status()
                .unwrap()
                .success()
        );
    }
    let outcome = run(folder.path(), &["plan", "link.fsproject"]);
    assert!(
        !outcome.stderr.contains("did you mean"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_file_that_is_no_profile_is_said_in_one_line_and_not_quoted() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a"), small().build()).unwrap();
    for text in [
        "version = 1\npassword: S3CR3T\n",
        "\nversion = \"S3CR3T\"\n",
        "version = 1\nS3CR3T = 1\n",
    ] {
        fs_err::write(folder.path().join("p"), text).unwrap();
        let said = run(folder.path(), &["migrate", "--profile", "p", "a"]).stderr;
        assert!(
            said.contains("p: no profile: line ") && !said.contains("S3CR3T"),
            "{said}"
        );
        assert!(!said.contains("u{a}"), "{said}");
    }
}
